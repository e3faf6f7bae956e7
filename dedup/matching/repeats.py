"""Repeats: what an article says twice, told by form.

Body text printed twice is rare and an error; far more often a sentence is set again as a pull-quote or deck, a post
is quoted and then embedded, or a caption takes its words from the story. Formulas, lists, buttons and notes that a
page repeats by its making are no repeats.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.matching.blocks import Block, Copies, block_of, find_copies, told_once
from dedup.matching.forms import FILLS, Page, Span
from dedup.matching.spans import char_spans
from dedup.model import Repeat, RepeatKind
from dedup.text.tokens import BREAK, CAPTION, NUMBER, QUOTED, Tokens

Ints = npt.NDArray[np.int64]

_PULLQUOTE = 70  # tokens: longer blocks are not set as pull-quotes,
_DECK = 40  # nor longer ones, both copies of which fill their lines, as decks
_WHOLE = 0.6  # of the sentences that a block touches, in one of its copies: else a phrase
_WORDS = 0.5  # of its tokens: different words, no figures; fewer, and it is a row of a table
_VARIANTS = 2  # other places that share a good part of a block, in other company: a formula
_CORE = 0.4  # of its longest run: a good part
_SAME = 0.8  # of the longer of two spans: they are the same place
_VERBATIM = 0.95  # similarity from which two captions of different pictures are one


def find_repeats(texts: Sequence[str], tokens: Tokens, shortest: int) -> list[tuple[Repeat, ...]]:
    """The repeated blocks of every text of a batch, in order of position; no two overlap.

    Args:
        texts: The texts that `tokens` were made from.
        shortest: Fewest equal tokens in a row of a block; one with small edits throughout has twice as many.
    """
    repeats: list[tuple[Repeat, ...]] = [()] * len(texts)
    for i, copies in find_copies(tokens, shortest):
        page = Page(texts[i])
        if page.lists:
            continue
        judge = _Judge(page, tokens.one(i), copies)
        repeats[i] = tuple(map(judge.repeat, told_once(copies, shortest, judge.accepts)))
    return repeats


class _Judge:
    """What the blocks of one page are."""

    def __init__(self, page: Page, tokens: Tokens, copies: Copies) -> None:
        self.page = page
        self.tokens = tokens
        # Every long run, seen from both its places; and both places of every candidate, with what answers each.
        a, b, length = copies.anchors.astype(np.int64).T
        self.anchors = np.stack(
            (np.concatenate((a, b)), np.concatenate((b, a)), np.concatenate((length, length)))
        )
        candidates = np.array([block_of(chain)[:4] for chain in copies.chains], np.int64)
        self.places = np.concatenate((candidates[:, :2], candidates[:, 2:]))
        self.twins = np.concatenate((candidates[:, 2:], candidates[:, :2]))

    def repeat(self, block: Block) -> Repeat:
        of, again = self._spans(block)
        return Repeat(*again, of, self._kind(block, of, again), block.similarity)

    def accepts(self, block: Block) -> bool:
        """Whether a block repeats what was said, not what a page says twice by its making."""
        page = self.page
        of, again = self._spans(block)
        fills = page.fills(of), page.fills(again)
        if self._table(block) or not (any(fills) or self._whole(block, of, again)):
            return False
        same_line = FILLS in fills and page.begins(of) and page.begins(again)
        if not same_line and self._formula(block):
            return False
        pictures = all(page.under_picture(side) or page.credited(side) for side in (of, again))
        if pictures and not self._one_picture(block, of, again):
            return False
        furniture = (
            page.shared(of)
            or page.shared(again)
            or page.after_the_end(of, again)
            or page.about_author(of, again)
            or (page.headline(of, again) and not self._mostly(CAPTION, block.a0, block.a1))
        )
        return not furniture

    def _kind(self, block: Block, of: Span, again: Span) -> RepeatKind:
        page, tokens = self.page, block.b1 - block.b0
        fills, deck = (page.fills(of), page.fills(again)), page.in_head(of)
        short = tokens <= _PULLQUOTE
        if page.spoken(of) or page.spoken(again):
            return "repeat"
        if any(self._captions(block, of, again)):
            return "caption"
        if short and any(page.embedded(side) or page.attributed(side) for side in (of, again)):
            return "pullquote"
        quoted = self._quoted(block)
        if not any(quoted) and (_unstopped(page, again, of) or (not deck and _unstopped(page, of, again))):
            return "caption"
        if min(fills) == FILLS and not (page.stops(of) or page.stops(again)):
            return "caption"
        if short and ((FILLS in fills and fills[0] != fills[1]) or quoted[0] != quoted[1]):
            return "pullquote"
        if page.first_of_all(of, again) or (
            deck and fills[0] and not (fills[1] and page.together(of, again))
        ):
            return "pullquote" if tokens <= (_DECK if fills[1] else _PULLQUOTE) else "repeat"
        return "repeat"

    def _captions(self, block: Block, of: Span, again: Span) -> tuple[bool, bool]:
        return (
            self._mostly(CAPTION, block.a0, block.a1) or self.page.credited(of),
            self._mostly(CAPTION, block.b0, block.b1) or self.page.credited(again),
        )

    def _quoted(self, block: Block) -> tuple[bool, bool]:
        """Which of the two copies stand inside quotation marks."""
        return self._mostly(QUOTED, block.a0, block.a1), self._mostly(QUOTED, block.b0, block.b1)

    def _mostly(self, flag: int, start: int, end: int) -> bool:
        return 2 * int(np.count_nonzero(self.tokens.flags[start:end] & flag)) >= end - start

    def _one_picture(self, block: Block, of: Span, again: Span) -> bool:
        """Whether two captions are the same; agencies put one sentence under many pictures."""
        one, other = self.page.credit_line(of), self.page.credit_line(again)
        alike = block.similarity >= _VERBATIM and not (one and other and one != other)
        return alike and self.page.begins(of) and self.page.begins(again)

    def _table(self, block: Block) -> bool:
        """Whether a block is short and mostly figures, or the same words over again."""
        words = slice(block.a0, block.a1)
        different = set(self.tokens.hashes[words][self.tokens.flags[words] & NUMBER == 0].tolist())
        return block.matched <= _PULLQUOTE and len(different) < _WORDS * (block.a1 - block.a0)

    def _whole(self, block: Block, of: Span, again: Span) -> bool:
        """Whether a block is long, or in one of its copies a quotation or most of the sentences that it touches."""
        if block.b1 - block.b0 > _PULLQUOTE or self.page.quoted(of) or self.page.quoted(again):
            return True
        begins = np.flatnonzero(self.tokens.flags & BREAK)
        size = len(self.tokens.flags)
        # Where no full stop stands between two copies, either ends where the other begins.
        for start, end, least, most in (
            (block.a0, block.a1, 0, block.b0),
            (block.b0, block.b1, block.a1, size),
        ):
            first = max(least, begins[max(0, int(np.searchsorted(begins, start, side="right")) - 1)])
            behind = int(np.searchsorted(begins, end))
            last = min(most, begins[behind] if behind < len(begins) else size)
            if end - start >= _WHOLE * (last - first):
                return True
        return False

    def _formula(self, block: Block) -> bool:
        """Whether the words come again elsewhere in other company, as in lists and stock phrases."""
        sides = np.array([[block.a0, block.a1], [block.b0, block.b1]])
        core = _CORE * (block.longest if block.b1 - block.b0 <= _PULLQUOTE else block.matched)
        away = self.anchors[1] - self.anchors[0]
        places = []
        for start, end in sides:
            low, high = np.maximum(self.anchors[0], start), np.minimum(self.anchors[0] + self.anchors[2], end)
            places.append((np.stack((low, high)) + away)[:, high - low >= core].T)
        elsewhere = np.concatenate(places)
        known = np.concatenate((sides, self.twins[_same_places(self.places, sides).any(axis=1)]))
        elsewhere = np.sort(elsewhere[(_overlaps(elsewhere, known) <= 0).all(axis=1), 0])
        apart = np.diff(elsewhere) > (block.b1 - block.b0) // 2
        return bool(len(elsewhere)) and 1 + int(np.count_nonzero(apart)) >= _VARIANTS

    def _spans(self, block: Block) -> tuple[Span, Span]:
        row = np.array([[0, block.a0, block.a1, block.b0, block.b1]], np.int32)
        (spans,) = char_spans([self.page.text], self.tokens, np.zeros((1, 2), np.int64), row).tolist()
        a_start, a_end, b_start, b_end = spans
        return (a_start, min(a_end, b_start)), (b_start, b_end)


def _unstopped(page: Page, display: Span, other: Span) -> bool:
    """Whether a block is a line that ends without the full stop of its copy, as captions do that bear no credit."""
    return (
        page.fills(display) > 0
        and not page.stops(display)
        and not page.quoted(display)
        and (page.stops(other) or not page.fills(other))
    )


def _overlaps(one: Ints, other: Ints) -> Ints:
    """Tokens that each span of `one`, int (n, 2), shares with each of `other`, (m, 2): (n, m), not above 0 if none."""
    low = np.maximum(one[:, None, 0], other[None, :, 0])
    shared: Ints = np.minimum(one[:, None, 1], other[None, :, 1]) - low
    return shared


def _same_places(one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    longer = np.maximum(np.diff(one), np.diff(other).T)
    return np.asarray(_overlaps(one, other) >= _SAME * longer)
