"""Neighbourhood: articles judged from the pairs that a store has, exactly as a batch run over all its articles would.

What a match weighs depends on how many others carry the same passage, and an article's canonical on that of the earlier
ones which it is a version of. Both are told by the pairs close by: those of the article, those of its partners that
share what is countable, and, where a partner's canonical is not settled, that one's in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.index.base import Head
from dedup.index.lately import Ties, View, together
from dedup.matching.columns import PAIR
from dedup.matching.relations import PARTIAL, VERSION
from dedup.matching.weights import BOILERPLATE, STANDING, may_be_common
from dedup.settings import Settings
from dedup.stages import Aligned, Judged, related, selected, strength_of
from dedup.stories.clusters import settle
from dedup.stories.filing import gathered

_HALF = np.int64(32)
_FEW = (
    12  # partners that are counted at once; of more only those by whom the article's own pairs can be outdone
)


class Neighbourhood(NamedTuple):
    """Articles and what they are to each other; all arrays count by position in `numbers`.

    Attributes:
        numbers: Of the articles, ascending.
        at: The position of each number.
        heads: Of each.
        asked: Numbers of the articles that this is about: all their pairs are here.
        certain: Numbers of the articles of which all pairs with earlier ones are here, and as many with later ones as
            matter, all judged: of the others some may be missing.
        counted: Numbers of those of which all countable pairs are here, as far as they are looked at.
        aligned: The pairs.
        countable: bool (m,), how many others carry what they share may change their relation.
        judged: Relations, reasons of the pairs' matches, and canonicals; both hold for the pairs of `certain` articles.
    """

    numbers: list[int]
    at: dict[int, int]
    heads: list[Head]
    asked: frozenset[int]
    certain: frozenset[int]
    counted: frozenset[int]
    aligned: Aligned
    countable: np.ndarray[tuple[int], np.dtype[np.bool_]]
    judged: Judged

    def home(self, number: int) -> int:
        """The number of an article's canonical; only of `certain` and settled articles."""
        return self.numbers[int(self.judged.home[self.at[number]])]

    def known(self, number: int) -> bool:
        """Whether `home` can be told."""
        return number in self.certain or self.heads[self.at[number]].settled


def around(
    view: View,
    wanted: Iterable[int],
    settings: Settings,
    beside: Iterable[int] = (),
    counted: frozenset[int] = frozenset(),
) -> Neighbourhood:
    """Judge articles, and whatever has to be judged for that.

    Args:
        beside: Others that are to be `certain`.
        counted: Articles that are known to have to be counted.
    """
    asked = frozenset(wanted)
    certain = asked.union(beside)
    while True:
        beside_them = frozenset[int]().union(*(view.crowd(number).others for number in certain))
        partners = frozenset(other for other in beside_them if _is_crowded(view, other))
        if not partners and not any(_is_crowded(view, number) for number in certain):
            found = _as_stored(view, asked, certain)
        else:
            if len(partners) <= _FEW:
                counted |= partners
            found = _judged(view, asked, certain, counted - certain, settings)
            undecided = _undecided(found) & partners
            if undecided:
                counted |= undecided
                found = _judged(view, asked, certain, counted - certain, settings)
        unsettled = _unsettled(found)
        if not unsettled:
            return found
        certain |= unsettled


def _is_crowded(view: View, number: int) -> bool:
    """Whether something that an article shares may be common, by its own pairs."""
    crowd = view.crowd(number)
    return may_be_common(len(crowd.homes), crowd.kin)


def _as_stored(view: View, asked: frozenset[int], certain: frozenset[int]) -> Neighbourhood:
    """The neighbourhood of plain articles."""
    ties, numbers, of_each, aligned = _gathered(view, asked, certain, frozenset())
    story = np.searchsorted(np.array(numbers, np.int64), [head.home for head in of_each])
    relation = ties.relation.copy()
    relation[(relation == PARTIAL) & (story[aligned.pairs[:, 1]] == aligned.pairs[:, 0])] = VERSION
    judged = Judged(ties.reason, relation, story, np.zeros((len(relation), 2)))
    at = {number: i for i, number in enumerate(numbers)}
    return Neighbourhood(numbers, at, of_each, asked, certain, certain, aligned, ties.countable, judged)


def _gathered(
    view: View, asked: frozenset[int], certain: frozenset[int], counted: frozenset[int]
) -> tuple[Ties, list[int], list[Head], Aligned]:
    """What is known of the pairs of articles; the numbers of all in them; their heads; and the pairs by position."""
    parts = [view.ties(number) if number in asked else view.first_ties(number) for number in sorted(certain)]
    parts += [view.countable_ties(number) for number in sorted(counted)]
    ties = parts[0] if len(parts) == 1 else _once(parts)
    heads = view.heads({*certain, *ties.aligned.pairs.ravel().tolist()})
    heads |= view.heads({head.home for head in heads.values()} - heads.keys())
    numbers = sorted(heads)
    local = np.searchsorted(np.array(numbers, np.int64), ties.aligned.pairs)
    return ties, numbers, [heads[number] for number in numbers], ties.aligned._replace(pairs=local)


def _once(parts: Sequence[Ties]) -> Ties:
    """Several batches as one, without the pairs that another one has already."""
    aligned, relation, reason, countable = together(parts)
    kept = np.zeros(len(countable), np.bool_)
    kept[np.unique(aligned.pairs @ np.array([1 << _HALF, 1]), return_index=True)[1]] = True
    return Ties(selected(aligned, kept), relation[kept], reason[kept[aligned.rows[:, PAIR]]], countable[kept])


def _judged(
    view: View, asked: frozenset[int], certain: frozenset[int], counted: frozenset[int], settings: Settings
) -> Neighbourhood:
    ties, numbers, of_each, aligned = _gathered(view, asked, certain, counted)
    every = np.array(numbers, np.int64)
    body = np.array([head.body for head in of_each], np.int64)
    story = np.searchsorted(every, [head.home for head in of_each])
    signs = gathered([head.sign for head in of_each])
    inside = _among(numbers, certain)[aligned.pairs]
    weights, relation = related(
        aligned, body, signs, settings.threshold, story, np.asarray(inside.any(axis=1))
    )
    told = inside[:, 1]
    strength = strength_of(aligned, relation)[told]
    home = settle(len(numbers), aligned.pairs[told], relation[told], strength, known=story).home
    relation[(relation == PARTIAL) & (home[aligned.pairs[:, 1]] == aligned.pairs[:, 0])] = VERSION
    judged = Judged(weights.reason, relation, home, weights.coverage)
    at = {number: i for i, number in enumerate(numbers)}
    return Neighbourhood(numbers, at, of_each, asked, certain, counted, aligned, ties.countable, judged)


def _undecided(found: Neighbourhood) -> frozenset[int]:
    """The partners of certain articles that may know better how common is what they share.

    A partner's pairs can only make a passage more common than the article's own pairs show.
    """
    if not found.countable.any():
        return frozenset()
    reason, rows = found.judged.reason, found.aligned.rows
    a, b = found.aligned.pairs.T
    outlet = np.array([head.sign.outlet for head in found.heads])
    one_outlet = (outlet[a] != "") & (outlet[a] == outlet[b])
    # Nothing outranks either, but boilerplate what two articles of one outlet have.
    told = (reason == BOILERPLATE) | ((reason == STANDING) & ~one_outlet[rows[:, PAIR]])
    open_pairs = np.bincount(rows[~told, PAIR], minlength=len(a)) > 0
    every = np.array(found.numbers, np.int64)
    certain = _among(found.numbers, found.certain)
    asked = open_pairs & found.countable & (certain[a] | certain[b])
    return frozenset(every[np.unique(found.aligned.pairs[asked])].tolist()) - found.certain - found.counted


def _unsettled(found: Neighbourhood) -> frozenset[int]:
    """The earlier articles whose own canonical decides about that of a certain one, and is not known."""
    certain = _among(found.numbers, found.certain)
    known = certain | np.array([head.settled for head in found.heads], np.bool_)
    a, b = found.aligned.pairs[found.judged.relation >= VERSION].T
    return frozenset(found.numbers[each] for each in np.unique(a[certain[b] & ~known[a]]).tolist())


def _among(numbers: Sequence[int], some: frozenset[int]) -> npt.NDArray[np.bool_]:
    """Which of the numbers are among some."""
    return np.array([number in some for number in numbers], np.bool_)
