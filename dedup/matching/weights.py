"""Weights: which shared passages are copied reporting, and which are merely common.

Common is not copied. Captions, quoted speech and single background sentences are shared by articles that owe each
other nothing (`incidental`); one outlet prints its boilerplate under unrelated stories (`boilerplate`). Both stay in
the results, with the reason, but carry no origin and join no cluster.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.columns import (
    A0,
    A1,
    B0,
    B1,
    CAPTIONS,
    COPIED,
    FRESH_A,
    FRESH_B,
    LONGEST,
    MATCHED,
    PAIR,
    QUOTES,
    SENTENCES,
)
from dedup.model import MatchWeight

_NARRATIVE = 50  # tokens of shared narrative from which a pair shares reporting: two sentences or more
_TWO_SENTENCES = 30  # tokens of one run, all narrative, that spans two sentences: shared reporting as well
_MOSTLY_COPY = 0.7  # of the shorter text shared: even a short brief, quotations and all, is copied then
_LEAST_NARRATIVE = 8  # tokens of a single match, in a pair that shares reporting
_LITTLE_BESIDE = 25  # tokens outside the caption: more, and body text was copied along with it
_QUOTED = 0.6  # of a match inside quotation marks: quoted speech
_OUTLET_USES = 3  # articles of one outlet that print a passage of its furniture
# Stories, different otherwise, that carry a passage of a tweet, a statement or stock background. Fewer would do for
# most, but the write-throughs of one big story may count as that many before they are known to be one.
_STORIES = 8
_LONG = 120  # tokens: a longer passage is re-used reporting, unless
# one outlet prints it so often (in an article for every so many tokens) under texts with nothing else in common.
_LENGTH_A_USE = 10
_UNRELATED = 0.5  # coverage below which two articles count as different stories
_NOTHING_ELSE = 0.1  # coverage below which two articles have nothing else in common beside a match
_REST = 30  # tokens that have to stand beside it for that,
_REST_SHARE = 0.3  # and share of the body
_MOST_LOOKED_AT = 400  # matches of one article that are compared to find its boilerplate

REASONS: tuple[tuple[MatchWeight, str], ...] = (
    ("substantial", "shared reporting"),
    ("incidental", "photo caption"),
    ("incidental", "quoted speech"),
    ("incidental", "a short passage, no more than background"),
    ("boilerplate", "printed by this outlet under unrelated stories"),
    ("incidental", "carried by many unrelated stories"),
)
SUBSTANTIAL, CAPTION, QUOTATION, BACKGROUND, BOILERPLATE, COMMON = range(6)


class Weights(NamedTuple):
    """What the matches of a batch of pairs weigh, and what each pair shares.

    Attributes:
        reason: uint8 (k,), index into `REASONS` for every match.
        narrative: float64 (m,), tokens of narrative (no captions, quotations or boilerplate) that a pair shares.
        coverage: float64 (m, 2), share of each body that stands in matches, captions and boilerplate left out.
    """

    reason: npt.NDArray[np.uint8]
    narrative: npt.NDArray[np.float64]
    coverage: npt.NDArray[np.float64]


def weigh(
    rows: npt.NDArray[np.int32],
    pairs: npt.NDArray[np.int64],
    body: npt.NDArray[np.int64],
    outlet: npt.NDArray[np.int64],
    story: npt.NDArray[np.int64],
) -> Weights:
    """Weigh every match.

    Args:
        rows: Matches as `align` gives them, for all pairs of the run.
        pairs: int64 (m, 2), indices of texts.
        body: int64 (n,), tokens of each text outside captions.
        outlet: int64 (n,), a number for each outlet, -1 where it is not known.
        story: int64 (n,), a number for each family of versions of one text, as far as it is known by now.
    """
    row_pair = rows[:, PAIR]
    own_words = (rows[:, COPIED] - rows[:, CAPTIONS]).astype(np.float64)
    fresh = np.minimum(
        rows[:, FRESH_A] / (rows[:, A1] - rows[:, A0]), rows[:, FRESH_B] / (rows[:, B1] - rows[:, B0])
    )
    caption = (2 * rows[:, CAPTIONS] >= rows[:, COPIED]) & (own_words < _LITTLE_BESIDE)
    different, nothing_else = _apart(rows, ~caption, pairs, body)
    a, b = pairs[row_pair].T
    one_outlet = ~caption & (outlet[a] >= 0) & (outlet[a] == outlet[b])
    short = different & (rows[:, COPIED] <= _LONG)
    single = np.arange(len(body))
    boilerplate = _carried_by(rows, pairs, one_outlet & short, single, _OUTLET_USES, _LONG)
    boilerplate |= _carried_by(rows, pairs, one_outlet & nothing_else, single, _OUTLET_USES, _LENGTH_A_USE)
    common = _carried_by(rows, pairs, ~caption & short & (story[a] != story[b]), story, _STORIES, _LONG)
    counted = ~(caption | boilerplate | common)

    narrative_row = np.maximum(own_words - rows[:, QUOTES], 0)
    narrative = np.bincount(row_pair, narrative_row * fresh * counted, len(pairs)).astype(np.float64)
    copied = _coverage(rows, COPIED, counted, pairs, body)
    mostly_copy = (copied.max(axis=1) >= _MOSTLY_COPY) & (body[pairs].min(axis=1) >= _LEAST_NARRATIVE)
    two_sentences = (
        counted
        & (rows[:, SENTENCES] >= 2)
        & (np.minimum(rows[:, LONGEST], narrative_row * fresh) >= _TWO_SENTENCES)
    )
    shares = (narrative >= _NARRATIVE) | mostly_copy | (np.bincount(row_pair, two_sentences, len(pairs)) > 0)

    reason = np.full(len(rows), SUBSTANTIAL, np.uint8)
    in_passing = ~shares[row_pair] | ((narrative_row < _LEAST_NARRATIVE) & ~mostly_copy[row_pair])
    reason[in_passing] = BACKGROUND
    reason[in_passing & (rows[:, QUOTES] >= _QUOTED * rows[:, COPIED])] = QUOTATION
    reason[caption] = CAPTION
    reason[common] = COMMON
    reason[boilerplate] = BOILERPLATE
    return Weights(reason, narrative, _coverage(rows, MATCHED, counted, pairs, body))


def _apart(
    rows: npt.NDArray[np.int32],
    counted: npt.NDArray[np.bool_],
    pairs: npt.NDArray[np.int64],
    body: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Matches of articles that differ as a whole, and of such as have nothing in common but the match.

    Both bool (k,). The second sees through a footer that makes up half of two short briefs.
    """
    row_pair = rows[:, PAIR]
    tokens = _tokens(rows, COPIED, counted)
    total = np.column_stack([np.bincount(row_pair, tokens[:, side], len(pairs)) for side in range(2)])
    size = np.maximum(body[pairs], 1)
    different = (total / size).max(axis=1) < _UNRELATED
    rest = size[row_pair] - tokens
    elsewhere = (total[row_pair] - tokens) / np.maximum(rest, 1)
    nothing_else = (rest >= _REST) & (rest >= _REST_SHARE * size[row_pair]) & (elsewhere < _NOTHING_ELSE)
    return np.asarray(different[row_pair]), np.asarray(nothing_else.all(axis=1))


def _coverage(
    rows: npt.NDArray[np.int32],
    column: int,
    counted: npt.NDArray[np.bool_],
    pairs: npt.NDArray[np.int64],
    body: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """Share of each text of a pair in the counted matches: float64 (m, 2), at most 1."""
    tokens = _tokens(rows, column, counted)
    total = np.column_stack([np.bincount(rows[:, PAIR], tokens[:, side], len(pairs)) for side in range(2)])
    return np.minimum(total / np.maximum(body[pairs], 1), 1.0)


def _tokens(
    rows: npt.NDArray[np.int32], column: int, counted: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """Tokens of body that each counted match covers on either side and no stronger one does: float64 (k, 2)."""
    tokens = np.empty((len(rows), 2))
    for side, (start, end, fresh) in enumerate(((A0, A1, FRESH_A), (B0, B1, FRESH_B))):
        width = rows[:, end] - rows[:, start]
        matched = np.clip(rows[:, column] - rows[:, CAPTIONS], 0, width)
        tokens[:, side] = matched * (rows[:, fresh] / width) * counted
    return tokens


def _carried_by(
    rows: npt.NDArray[np.int32],
    pairs: npt.NDArray[np.int64],
    looked_at: npt.NDArray[np.bool_],
    group: npt.NDArray[np.int64],
    least: int,
    length: int,
) -> npt.NDArray[np.bool_]:
    """Which of the matches looked at share a passage that texts of many groups have.

    Args:
        looked_at: bool (k,).
        group: int64 (n,), of each text.
        least: Groups that must have the passage, the text's own included.
        length: Tokens that the passage may have for each of these groups.
    """
    found = np.zeros(len(rows), np.bool_)
    index = np.flatnonzero(looked_at)
    if not len(index):
        return found
    # Each match is seen from both its texts.
    a, b = pairs[rows[index, PAIR]].T
    seen = np.concatenate((index, index))
    text = np.concatenate((a, b))
    partner = group[np.concatenate((b, a))]
    start = np.concatenate((rows[index, A0], rows[index, B0])).astype(np.int64)
    end = np.concatenate((rows[index, A1], rows[index, B1])).astype(np.int64)
    order = np.lexsort((end, start, partner, text))
    uses = np.zeros(len(order), np.int64)
    _count_uses(text[order], partner[order], start[order], end[order], uses)
    groups = uses + 1
    many = (groups >= least) & (rows[seen[order], COPIED] <= length * groups)
    found[seen[order[many]]] = True
    return found


@kernel
def _count_uses(
    text: npt.NDArray[np.int64],
    partner: npt.NDArray[np.int64],
    start: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
    uses: npt.NDArray[np.int64],
) -> None:
    """For each span of a text, in how many groups of other texts most of it stands too."""
    lo = 0
    while lo < len(text):
        hi = lo
        while hi < len(text) and text[hi] == text[lo]:
            hi += 1
        last = min(hi, lo + _MOST_LOOKED_AT)
        for i in range(lo, hi):
            count = 0
            counted = np.int64(-1)
            for j in range(lo, last):
                shared = min(end[i], end[j]) - max(start[i], start[j])
                if partner[j] != counted and 2 * shared > end[i] - start[i]:
                    count += 1
                    counted = partner[j]
            uses[i] = count
        lo = hi
