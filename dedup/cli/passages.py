"""What there is to show of each match: its changed words, what stands around it, whether it was moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dedup.cli.differences import in_common, rising
from dedup.matching.spans import OPENING
from dedup.model import Match
from dedup.pairwise import Comparison
from dedup.text.tokens import BREAK, Tokens, tokenise

_SAME_AT_MOST = 480  # code points of equal words that are shown whole
_SAME_SHOWN = 200  # of longer ones, before and after what is folded
_BESIDE = 240  # code points from which the next sentence that both sides have starts beside its like
_PARAGRAPH = 60  # the same for a paragraph

Span = tuple[int, int]


class Piece(NamedTuple):
    """A part of one side of a match, with the words in it that the other side lacks; spans in code points."""

    start: int
    end: int
    changed: tuple[Span, ...] = ()


class Gap(NamedTuple):
    """Unmatched text of one side; ``between`` two matches, or before the first or after the last."""

    start: int
    end: int
    between: bool


class Passage(NamedTuple):
    """One match as it is to be shown.

    Attributes:
        match: The match.
        hunks: Its text on both sides, divided where both begin a sentence and where both say the same at length,
            which is left out.
        before: Unmatched text up to it, on both sides.
        after: Unmatched text behind it, up to the next match on the same side.
        moved: Where B has it against the order of A: -1 nearer the top, 1 nearer the end, 0 in its place.
    """

    match: Match
    hunks: tuple[tuple[Piece, Piece], ...]
    before: tuple[Gap, Gap]
    after: tuple[Gap, Gap]
    moved: int


def passages(found: Comparison, *, whole: bool) -> list[Passage]:
    """What to show of each match, in order.

    Args:
        whole: Fold nothing, however much is the same.
    """
    if not found.matches:
        return []
    tokens = tokenise([found.a.text, found.b.text])
    sides = tokens.one(0), tokens.one(1)
    gaps_a = _gaps([(match.a_start, match.a_end) for match in found.matches], len(found.a.text))
    gaps_b = _gaps([(match.b_start, match.b_end) for match in found.matches], len(found.b.text))
    return [
        Passage(match, _hunks(found, match, sides, whole=whole), (a[0], b[0]), (a[1], b[1]), moved)
        for match, a, b, moved in zip(found.matches, gaps_a, gaps_b, _moved(found.matches), strict=True)
    ]


def _gaps(spans: Sequence[Span], length: int) -> list[tuple[Gap, Gap]]:
    """Unmatched text before and after each span; what overlaps its neighbour has none there."""
    order = sorted(range(len(spans)), key=spans.__getitem__)
    starts = [spans[k][0] for k in order] + [length]
    gaps: list[tuple[Gap, Gap]] = [(Gap(0, 0, False), Gap(0, 0, False))] * len(spans)
    covered = 0
    for at, k in enumerate(order):
        start, end = spans[k]
        before = Gap(min(covered, start), start, at > 0)
        covered = max(covered, end)
        gaps[k] = before, Gap(covered, max(covered, starts[at + 1]), at + 1 < len(order))
    return gaps


def _moved(matches: Sequence[Match]) -> list[int]:
    """Which way each match was moved: what weighs most of all that is in the same order counts as in its place."""
    starts = [match.b_start for match in matches]
    in_place = rising(starts, [match.b_end - match.b_start for match in matches])
    moved = [0] * len(matches)
    for k in set(range(len(matches))) - set(in_place):
        at = bisect_left(in_place, k)
        moved[k] = -1 if at and starts[in_place[at - 1]] > starts[k] else 1
    return moved


def _hunks(
    found: Comparison, match: Match, tokens: tuple[Tokens, Tokens], *, whole: bool
) -> tuple[tuple[Piece, Piece], ...]:
    spans = (match.a_start, match.a_end), (match.b_start, match.b_end)
    a, b = (_words(side, *span) for side, span in zip(tokens, spans, strict=True))
    if match.kind == "rewritten":
        # Its words may stand in any order: those are changed that the other side has nowhere.
        pieces = []
        for span, side, other in zip(spans, (a, b), (b, a), strict=True):
            known = set(other.hashes)
            pieces.append(Piece(*span, _merged(side.spans, [word not in known for word in side.hashes])))
        return ((pieces[0], pieces[1]),)
    common = in_common(a.hashes, b.hashes)
    folds = [] if whole else _folds(common, a.spans, b.spans)
    divisions = _divisions(found, match.a_start, common, a, b, folds)
    sides = (
        _pieces(span, [division[k] for division in divisions], _changed(side, [pair[k] for pair in common]))
        for k, (span, side) in enumerate(zip(spans, (a, b), strict=True))
    )
    return tuple(zip(*sides, strict=True))


class _Words(NamedTuple):
    """The tokens of one side of a match: what they are, where, and which of them begin a sentence."""

    hashes: list[int]
    spans: list[Span]
    begins: list[bool]


def _words(tokens: Tokens, start: int, end: int) -> _Words:
    some = slice(*np.searchsorted(tokens.starts, (start, end)).tolist())
    spans = zip(tokens.starts[some].tolist(), np.minimum(tokens.ends[some], end).tolist(), strict=True)
    return _Words(tokens.hashes[some].tolist(), list(spans), (tokens.flags[some] & BREAK > 0).tolist())


def _changed(words: _Words, common: Sequence[int]) -> tuple[Span, ...]:
    lacking = [True] * len(words.spans)
    for i in common:
        lacking[i] = False
    return _merged(words.spans, lacking)


def _merged(spans: Sequence[Span], chosen: Sequence[bool]) -> tuple[Span, ...]:
    """The chosen spans, neighbours as one."""
    merged: list[Span] = []
    joins = False
    for span, yes in zip(spans, chosen, strict=True):
        if yes and joins:
            merged[-1] = merged[-1][0], span[1]
        elif yes:
            merged.append(span)
        joins = yes
    return tuple(merged)


def _folds(
    common: Sequence[tuple[int, int]], a: Sequence[Span], b: Sequence[Span]
) -> list[tuple[Span, Span]]:
    """What is folded: in long runs of equal words all but the first and the last, the same ones on both sides."""
    breaks = [k for k in range(1, len(common)) if common[k] != (common[k - 1][0] + 1, common[k - 1][1] + 1)]
    folds = []
    for lo, hi in pairwise([0, *breaks, len(common)]):
        if lo == hi:
            continue
        start, end = a[common[lo][0]][0], a[common[hi - 1][0]][1]
        if end - start <= _SAME_AT_MOST:
            continue
        head = [k for k in range(lo, hi) if a[common[k][0]][1] - start <= _SAME_SHOWN]
        tail = [k for k in range(lo, hi) if end - a[common[k][0]][0] <= _SAME_SHOWN]
        if head and tail and head[-1] + 1 < tail[0]:
            (head_a, head_b), (tail_a, tail_b) = common[head[-1]], common[tail[0]]
            folds.append(((a[head_a][1], a[tail_a][0]), (b[head_b][1], b[tail_b][0])))
    return folds


def _divisions(
    found: Comparison, start: int, common: Sequence[tuple[int, int]], a: _Words, b: _Words,
    folds: list[tuple[Span, Span]],
) -> list[tuple[Span, Span]]:  # fmt: skip
    """The folds, and between them empty divisions where both sides begin the same sentence."""
    divisions: list[tuple[Span, Span]] = []
    ahead = iter([*folds, None])
    fold = next(ahead)
    for i, j in common:
        at = a.spans[i][0]
        if fold is not None and at >= fold[0][1]:
            divisions.append(fold)
            start, fold = fold[0][1], next(ahead)
        if fold is not None and at >= fold[0][0]:
            continue
        if not (a.begins[i] and b.begins[j] and at - start >= _PARAGRAPH):
            continue
        cut_a, cut_b = _opened(found.a.text, at), _opened(found.b.text, b.spans[j][0])
        if at - start >= _BESIDE or _on_new_line(found.a.text, cut_a) or _on_new_line(found.b.text, cut_b):
            start = at
            divisions.append(((cut_a, cut_a), (cut_b, cut_b)))
    return divisions


def _opened(text: str, start: int) -> int:
    """Where the sentence whose first word starts here begins: with the marks that open it."""
    while start and text[start - 1] in OPENING:
        start -= 1
    return start


def _on_new_line(text: str, start: int) -> bool:
    """Whether a line break stands before, behind any blanks that people put there."""
    return "\n" in text[max(0, start - 4) : start]


def _pieces(span: Span, divisions: Sequence[Span], changed: Sequence[Span]) -> list[Piece]:
    """The parts of the span between its divisions."""
    edges = [span[0], *(edge for division in divisions for edge in division), span[1]]
    pieces = []
    at = 0
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        until = at
        while until < len(changed) and changed[until][0] < end:
            until += 1
        pieces.append(Piece(start, end, tuple(changed[at:until])))
        at = until
    return pieces
