"""Neighbourhood: articles judged from the pairs that a store has, exactly as a batch run over all its articles would.

What a match weighs depends on how many others carry the same passage, and an article's canonical on that of the earlier
ones which it is a version of. Both are told by the pairs close by: those of the article, those of its partners that
share what is countable, and, where a partner's canonical is not settled, that one's in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from dedup.index.base import Head, Ints, Pair, View
from dedup.matching.columns import PAIR
from dedup.matching.relations import PARTIAL, VERSION
from dedup.matching.weights import BOILERPLATE, COMMON, MOST_LOOKED_AT, STANDING
from dedup.settings import Settings
from dedup.stages import Aligned, Judged, joined, related, strength_of
from dedup.stories.clusters import settle
from dedup.stories.filing import Signs, gathered


class Neighbourhood(NamedTuple):
    """Articles and what they are to each other; all arrays count by position in `numbers`.

    Attributes:
        numbers: Of the articles, ascending.
        at: The position of each number.
        heads: Of each.
        certain: Numbers of the articles of which all pairs are here and judged: of the others some may be missing.
        aligned: The pairs.
        judged: Relations, reasons of the pairs' matches, and canonicals; both hold for the pairs of `certain` articles.
        signs: Of each article.
    """

    numbers: list[int]
    at: dict[int, int]
    heads: list[Head]
    certain: frozenset[int]
    aligned: Aligned
    judged: Judged
    signs: Signs

    def pairs_of(self, number: int) -> Ints:
        """Which pairs an article is part of: indices, ascending by ``(a, b)``."""
        return np.flatnonzero((self.aligned.pairs == self.at[number]).any(axis=1))

    def home(self, number: int) -> int:
        """The number of an article's canonical; only of `certain` and settled articles."""
        return self.numbers[int(self.judged.home[self.at[number]])]

    def known(self, number: int) -> bool:
        """Whether `home` can be told."""
        return number in self.certain or self.heads[self.at[number]].settled


def around(view: View, wanted: Iterable[int], settings: Settings) -> Neighbourhood:
    """Judge articles, and whatever has to be judged for that."""
    pairs: dict[tuple[int, int], Pair] = {}
    certain: set[int] = set()
    counted: set[int] = set()
    asked = set(wanted)
    while True:
        certain |= asked
        pairs.update(((pair.a, pair.b), pair) for pair in view.pairs(asked))
        found = _judged(view, pairs, certain, settings)
        asked = _undecided(found, pairs, certain) - counted
        if asked:
            counted |= asked
            more = view.pairs(asked, countable=True, most=MOST_LOOKED_AT)
            pairs.update(((pair.a, pair.b), pair) for pair in more)
            found = _judged(view, pairs, certain, settings)
        asked = _unsettled(found, certain)
        if not asked:
            return found


def _judged(
    view: View, pairs: dict[tuple[int, int], Pair], certain: set[int], settings: Settings
) -> Neighbourhood:
    listed = [pairs[key] for key in sorted(pairs)]
    heads = view.heads(certain.union(*((pair.a, pair.b) for pair in listed)))
    heads |= view.heads({head.home for head in heads.values()} - heads.keys())
    numbers = sorted(heads)
    at = {number: i for i, number in enumerate(numbers)}
    of_each = [heads[number] for number in numbers]
    aligned = joined(*(pair.aligned for pair in listed))
    aligned = aligned._replace(pairs=_local(listed, at))
    signs = gathered([head.sign for head in of_each])
    body = np.array([head.body for head in of_each], np.int64)
    story = np.array([at[head.home] for head in of_each], np.int64)
    weights, relation = related(aligned, body, signs, settings.threshold, story)
    told = np.isin(aligned.pairs[:, 1], [at[number] for number in certain])
    home = settle(
        len(numbers),
        aligned.pairs[told],
        relation[told],
        strength_of(aligned, relation)[told],
        known=story,
    ).home
    relation[(relation == PARTIAL) & (home[aligned.pairs[:, 1]] == aligned.pairs[:, 0])] = VERSION
    judged = Judged(weights.reason, relation, home, weights.coverage)
    return Neighbourhood(numbers, at, of_each, frozenset(certain), aligned, judged, signs)


def _local(pairs: Sequence[Pair], at: dict[int, int]) -> Ints:
    return np.array([(at[pair.a], at[pair.b]) for pair in pairs], np.int64).reshape(-1, 2)


def _undecided(found: Neighbourhood, pairs: dict[tuple[int, int], Pair], certain: set[int]) -> set[int]:
    """The partners of certain articles that may know better how common is what they share.

    A partner's pairs can only make a passage more common than the article's own pairs show.
    """
    reason, rows = found.judged.reason, found.aligned.rows
    a, b = found.aligned.pairs.T
    outlet = found.signs.outlet
    one_outlet = (outlet[a] >= 0) & (outlet[a] == outlet[b])
    told = (reason == BOILERPLATE) | (np.isin(reason, (COMMON, STANDING)) & ~one_outlet[rows[:, PAIR]])
    open_pairs = np.bincount(rows[~told, PAIR], minlength=len(a)) > 0
    countable = np.array([pairs[key].countable for key in sorted(pairs)], np.bool_)
    partners: set[int] = set()
    for pair in np.flatnonzero(open_pairs & countable).tolist():
        ends = found.numbers[int(a[pair])], found.numbers[int(b[pair])]
        if not certain.isdisjoint(ends):
            partners.update(ends)
    return partners - certain


def _unsettled(found: Neighbourhood, certain: set[int]) -> set[int]:
    """The earlier articles whose own canonical decides about that of a certain one, and is not known."""
    versions = found.aligned.pairs[found.judged.relation >= VERSION].tolist()
    return {
        found.numbers[a]
        for a, b in versions
        if found.numbers[b] in certain and not found.known(found.numbers[a])
    }
