"""Weights: which shared passages are copied reporting, and which are merely common.

Common is not copied. Captions, quoted speech and single background sentences are shared by articles that owe each
other nothing (`incidental`); one outlet prints its boilerplate under unrelated stories (`boilerplate`). Both stay in
the results, with the reason, but carry no origin and join no cluster.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.columns import (
    A0,
    A1,
    B0,
    B1,
    CAPTIONS,
    FRESH_A,
    FRESH_B,
    MATCHED,
    PAIR,
    QUOTES,
    SENTENCES,
)
from dedup.model import MatchWeight
from dedup.text.pages import INDEX

_SCRAP = 12  # tokens of narrative: fewer are names, offices and turns of phrase
_NARRATIVE = 40  # tokens of shared narrative from which a pair shares reporting: two sentences or more
_TWO_SENTENCES = 30  # tokens of one run, all narrative, that spans two sentences: shared reporting as well
_COPIED_RUN = 12  # tokens: reports of one event share shorter runs by chance, a copy has a longer one
_LOOSE = 0.5  # similarity below which a match is told in other words, whatever short runs it holds
_MOSTLY = 0.7  # of a passage copied: it shows that the other text carries it; the same subject in other words does not
_MOSTLY_COPY = 0.7  # of the shorter text shared: even a short brief, quotations and all, is copied then
_LEAST_NARRATIVE = 8  # tokens of a single match, in a pair that shares reporting
_LITTLE_BESIDE = 25  # tokens outside the caption: more, and body text was copied along with it
_QUOTED = 0.6  # of a match inside quotation marks: quoted speech
_OUTLET_USES = 3  # articles of one outlet that print a passage of its furniture at the edge of the page;
_INNER_USES = 6  # or inside it, where a background paragraph may be re-used a few times too
_EDGE_STORIES = 4  # unrelated stories that print a passage there, whoever prints them
_EDGE = 40  # tokens from the beginning or the end of a text: its edge
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
MOST_LOOKED_AT = (
    400  # others, the earliest, whose matches with an article are looked at to find its boilerplate
)

REASONS: tuple[tuple[MatchWeight, str], ...] = (
    ("substantial", "shared reporting"),
    ("incidental", "photo caption"),
    ("incidental", "quoted speech"),
    ("incidental", "a short passage, no more than background"),
    ("boilerplate", "printed by this outlet under unrelated stories"),
    ("incidental", "carried by many unrelated stories"),
    ("incidental", "a caption, credit or standing line at the edge of unrelated pages"),
    ("boilerplate", "a list of teasers for other pages"),
    ("incidental", "told in other words, without a run that was copied"),
)
SUBSTANTIAL, CAPTION, QUOTATION, BACKGROUND, BOILERPLATE, COMMON, STANDING, TEASERS, REWORDED = range(9)


class Weights(NamedTuple):
    """What the matches of a batch of pairs weigh, and what each pair shares.

    Attributes:
        reason: uint8 (k,), index into `REASONS` for every match.
        narrative: float64 (m,), tokens of narrative (no captions, quotations or boilerplate) that a pair shares.
        coverage: float64 (m, 2), share of each body in copied words; captions, boilerplate and what many unrelated
            stories carry are left out of both.
        countable: bool (m,), how many others carry what a pair shares may change what it weighs.
    """

    reason: npt.NDArray[np.uint8]
    narrative: npt.NDArray[np.float64]
    coverage: npt.NDArray[np.float64]
    countable: npt.NDArray[np.bool_]


def may_be_common(stories: int, kin: int) -> bool:
    """Whether some passage of a text may be boilerplate, or common to many stories.

    Args:
        stories: Other stories that share something with the text that may be counted.
        kin: Other articles of its outlet that do.
    """
    return stories + 1 >= min(_EDGE_STORIES, _STORIES) or kin + 1 >= min(_OUTLET_USES, _INNER_USES)


def weigh(
    rows: npt.NDArray[np.int32],
    copied: npt.NDArray[np.int32],
    pairs: npt.NDArray[np.int64],
    body: npt.NDArray[np.int64],
    outlet: npt.NDArray[np.int64],
    story: npt.NDArray[np.int64] | None,
    pages: npt.NDArray[np.uint8],
    asked: npt.NDArray[np.bool_] | None = None,
) -> Weights:
    """Weigh every match.

    Args:
        rows: Matches as `align` gives them, for all pairs of the run.
        copied: int32 (k, 4), their words in exact runs, as `Copies` counts them.
        pairs: int64 (m, 2), indices of texts.
        body: int64 (n,), tokens of each text outside captions; what has next to none shares no reporting.
        outlet: int64 (n,), a number for each outlet, -1 where it is not known.
        story: int64 (n,), a number for each family of versions of one text, as far as it is known by now; None to
            weigh each pair alone, as if nothing else were known.
        pages: uint8 (n,), what sort of page each text is, as `dedup.text.pages.page_kind` tells it.
        asked: bool (m,), the pairs that are asked about, by default all; of the others it is not told what is common.
    """
    if not len(rows):
        none = np.zeros(len(pairs))
        return Weights(np.zeros(0, np.uint8), none, np.zeros((len(pairs), 2)), none.astype(np.bool_))
    row_pair = rows[:, PAIR].astype(np.int64)
    words, narrative_row = copied[:, :2].astype(np.float64), copied[:, 2].astype(np.float64)
    longest_copied = copied[:, 3]
    length = _larger(words)
    widths, unheld = rows[:, (A1, B1)] - rows[:, (A0, B0)], rows[:, (FRESH_A, FRESH_B)]
    fresh = _smaller(unheld / widths)
    # Of the words in each match, those that no stronger one covers on either side.
    tokens = words * unheld / widths
    caption = (rows[:, CAPTIONS] > 0) & (2 * rows[:, CAPTIONS] >= rows[:, MATCHED])
    caption &= length < _LITTLE_BESIDE
    different, nothing_else = _apart(row_pair, tokens * ~caption[:, None], pairs, body)
    a, b = pairs[row_pair].T
    one_outlet = ~caption & (outlet[a] >= 0) & (outlet[a] == outlet[b])
    loose = 2 * rows[:, MATCHED] < _LOOSE * (widths[:, 0] + widths[:, 1])
    exact = length >= _MOSTLY * _smaller(widths)
    edge = _at_edge(rows, body[a], body[b])
    short = ~caption & different & (length <= _LONG) & ~loose
    alone_at_edge = one_outlet & nothing_else & edge
    countable = np.bincount(row_pair[short | alone_at_edge], minlength=len(pairs)) > 0
    boilerplate = (pages[pairs] == INDEX).any(axis=1)[row_pair]
    listed, standing, common = boilerplate.copy(), np.zeros_like(short), np.zeros_like(short)
    if story is not None and countable.any():
        seen = _Seen(rows, pairs, _early(pairs, countable), asked)
        strangers, single = story[a] != story[b], np.arange(len(body))
        boilerplate |= seen.carried(length, one_outlet & short & edge, single, _OUTLET_USES, _LONG)
        boilerplate |= seen.carried(length, one_outlet & short, single, _INNER_USES, _LONG)
        boilerplate |= seen.carried(length, alone_at_edge, single, _OUTLET_USES, _LENGTH_A_USE)
        standing = seen.carried(length, strangers & short & edge, story, _EDGE_STORIES, _LONG)
        common = standing | seen.carried(length, strangers & short, story, _STORIES, _LONG, exact)
    counted = ~(caption | boilerplate | common)

    told = narrative_row * fresh * (counted & (narrative_row >= _SCRAP))
    narrative = np.bincount(row_pair, told, len(pairs)).astype(np.float64)
    left_out = tokens * (boilerplate | common)[:, None]
    coverage = _coverage(row_pair, tokens * counted[:, None], left_out, pairs, body)
    enough_body = _smaller(body[pairs]) >= _LEAST_NARRATIVE
    mostly_copy = (_larger(coverage) >= _MOSTLY_COPY) & enough_body
    two_sentences = (
        counted
        & (rows[:, SENTENCES] >= 2)
        & (np.minimum(longest_copied, narrative_row * fresh) >= _TWO_SENTENCES)
    )
    shares = (narrative >= _NARRATIVE) | mostly_copy | (np.bincount(row_pair, two_sentences, len(pairs)) > 0)
    shares &= np.bincount(row_pair, counted & (longest_copied >= _COPIED_RUN), len(pairs)) > 0
    shares &= enough_body

    reason = np.full(len(rows), SUBSTANTIAL, np.uint8)
    in_passing = (
        ~shares[row_pair] | (length == 0) | ((narrative_row < _LEAST_NARRATIVE) & ~mostly_copy[row_pair])
    )
    reason[in_passing] = BACKGROUND
    quoted = (rows[:, QUOTES] > 0) & (rows[:, QUOTES] >= _QUOTED * rows[:, MATCHED])
    reason[in_passing & quoted] = QUOTATION
    reason[(length == 0) | (in_passing & loose)] = REWORDED
    reason[caption] = CAPTION
    reason[common] = COMMON
    reason[standing] = STANDING
    reason[boilerplate] = BOILERPLATE
    reason[listed] = TEASERS
    return Weights(reason, narrative, coverage, countable)


def _at_edge(
    rows: npt.NDArray[np.int32], body_a: npt.NDArray[np.int64], body_b: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Matches that begin near the top of both texts, or end near the bottom of both: bool (k,)."""
    top = np.maximum(rows[:, A0], rows[:, B0]) <= _EDGE
    bottom = (rows[:, A1] >= body_a - _EDGE) & (rows[:, B1] >= body_b - _EDGE)
    return np.asarray(top | bottom)


def _apart(
    row_pair: npt.NDArray[np.int64],
    tokens: npt.NDArray[np.float64],
    pairs: npt.NDArray[np.int64],
    body: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Matches of articles that differ as a whole, and of such as have nothing in common but the match.

    Both bool (k,). The second sees through a footer that makes up half of two short briefs.
    """
    total = _total(row_pair, tokens, len(pairs))
    size = np.maximum(body[pairs], 1)
    different = _larger(total / size) < _UNRELATED
    rest = size[row_pair] - tokens
    elsewhere = (total[row_pair] - tokens) / np.maximum(rest, 1)
    nothing_else = (rest >= _REST) & (rest >= _REST_SHARE * size[row_pair]) & (elsewhere < _NOTHING_ELSE)
    return np.asarray(different[row_pair]), np.asarray(nothing_else[:, 0] & nothing_else[:, 1])


def _coverage(
    row_pair: npt.NDArray[np.int64],
    tokens: npt.NDArray[np.float64],
    left_out: npt.NDArray[np.float64],
    pairs: npt.NDArray[np.int64],
    body: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """Share of each text of a pair in the words that count, of those not left out: float64 (m, 2), at most 1."""
    size = body[pairs] - _total(row_pair, left_out, len(pairs))
    return np.minimum(_total(row_pair, tokens, len(pairs)) / np.maximum(size, 1), 1.0)


def _total(
    row_pair: npt.NDArray[np.int64], tokens: npt.NDArray[np.float64], count: int
) -> npt.NDArray[np.float64]:
    """The tokens of each of `count` pairs' matches, on either side: float64 (count, 2)."""
    total = np.empty((count, 2))
    for side in range(2):
        total[:, side] = np.bincount(row_pair, tokens[:, side], count)
    return total


def _larger(sides: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Of two columns the larger value: ``max(axis=1)`` takes much longer where there are few rows."""
    return np.asarray(np.maximum(sides[:, 0], sides[:, 1]))


def _smaller(sides: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.asarray(np.minimum(sides[:, 0], sides[:, 1]))


def _early(pairs: npt.NDArray[np.int64], countable: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Of each text of the countable pairs, those with the first other texts that it has such a pair with.

    What a text that very many share something with prints is known from the first of them.

    Returns:
        bool (m, 2): whether a pair is among the first ones of its first text, and of its second.
    """
    early = np.zeros((len(pairs), 2), np.bool_)
    index = np.flatnonzero(countable)
    for side in range(2):
        # Of an article all pairs with earlier ones come before all with later ones.
        text, partner = pairs[index, side], pairs[index, 1 - side]
        order = np.lexsort((partner, text))
        begin = np.searchsorted(text[order], text[order])
        before = 0 if side else np.bincount(pairs[index, 1], minlength=int(pairs.max()) + 1)[text[order]]
        early[index[order], side] = np.arange(len(order)) - begin + before < MOST_LOOKED_AT
    return early


class _Seen(NamedTuple):
    """The matches of all pairs, to count in how many texts a passage stands.

    Attributes:
        rows: Matches.
        pairs: int64 (m, 2).
        early: bool (m, 2), as `_early` gives it.
        asked: bool (m,), the pairs for whose matches that is wanted; None for all.
    """

    rows: npt.NDArray[np.int32]
    pairs: npt.NDArray[np.int64]
    early: npt.NDArray[np.bool_]
    asked: npt.NDArray[np.bool_] | None

    def carried(
        self,
        words: npt.NDArray[np.float64],
        looked_at: npt.NDArray[np.bool_],
        group: npt.NDArray[np.int64],
        least: int,
        length: int,
        exact: npt.NDArray[np.bool_] | None = None,
    ) -> npt.NDArray[np.bool_]:
        """Which of the matches looked at share a passage that texts of many groups have: bool (k,).

        Args:
            words: float64 (k,), copied words of each.
            looked_at: bool (k,).
            group: int64 (n,), of each text.
            least: Groups that must have the passage, the text's own included.
            length: Tokens that the passage may have for each of these groups.
            exact: bool (k,), those that show that the other text has the passage; by default all.
        """
        rows, found = self.rows, np.zeros(len(self.rows), np.bool_)
        index = np.flatnonzero(looked_at)
        if not len(index):
            return found
        # Each match is seen from both its texts.
        a, b = self.pairs[rows[index, PAIR]].T
        match = np.concatenate((index, index))
        text = np.concatenate((a, b))
        other = group[np.concatenate((b, a))]
        start = np.concatenate((rows[index, A0], rows[index, B0])).astype(np.int64)
        end = np.concatenate((rows[index, A1], rows[index, B1])).astype(np.int64)
        shows = self.early[rows[index, PAIR]].T.ravel()
        if exact is not None:
            shows &= np.concatenate((exact[index], exact[index]))
        order = np.lexsort((end, start, other, text))
        text, start, end, showing = text[order], start[order], end[order], np.flatnonzero(shows[order])
        uses = np.zeros(len(order), np.int64)
        wanted = np.arange(len(order))
        if self.asked is not None:
            wanted = np.flatnonzero(self.asked[rows[match[order], PAIR]])
        _count_uses(
            wanted, text, start, end, text[showing], other[order][showing], start[showing], end[showing], uses
        )
        groups = uses + 1
        many = (groups >= least) & (words[match[order]] <= length * groups)
        found[match[order[many]]] = True
        return found


@kernel
def _count_uses(
    wanted: npt.NDArray[np.int64],
    text: npt.NDArray[np.int64],
    start: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
    shown_text: npt.NDArray[np.int64],
    group: npt.NDArray[np.int64],
    shown_start: npt.NDArray[np.int64],
    shown_end: npt.NDArray[np.int64],
    uses: npt.NDArray[np.int64],
) -> None:
    """For each wanted span, in how many groups of other texts, as far as they are shown, most of it stands too."""
    low = 0
    for i in wanted:
        while low < len(shown_text) and shown_text[low] < text[i]:
            low += 1
        count = 0
        counted = np.int64(-1)
        j = low
        while j < len(shown_text) and shown_text[j] == text[i]:
            shared = min(end[i], shown_end[j]) - max(start[i], shown_start[j])
            if group[j] != counted and 2 * shared > end[i] - start[i]:
                count += 1
                counted = group[j]
            j += 1
        uses[i] = count
