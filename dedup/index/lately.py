"""`Lately`: a store with what was asked of it lately kept in memory, ready to be judged."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dedup.index.base import Head, Pair, Reading, Store
from dedup.index.remembered import Remembered
from dedup.matching.weights import MOST_LOOKED_AT
from dedup.model import Article
from dedup.stages import Aligned, joined

_TIES, _CROWDS = 2_000, 20_000  # articles of which they are kept ready
_FIRST = 256  # others of an article: more than are earlier (neighbours and copies), and as many later as pass on words


class Ties(NamedTuple):
    """Pairs that an article is part of, as one batch.

    Attributes:
        aligned: What they share, with ``pairs`` by number, ascending.
        relation: uint8 (m,), of each pair judged alone.
        reason: uint8 (k,), of each match judged alone.
        countable: bool (m,), how many others carry what they share may change either.
    """

    aligned: Aligned
    relation: npt.NDArray[np.uint8]
    reason: npt.NDArray[np.uint8]
    countable: npt.NDArray[np.bool_]


class Crowd(NamedTuple):
    """Who shares with an article what may be common, as far as that is looked at.

    Attributes:
        homes: The canonicals of their stories, without that of the article's own.
        kin: How many are of its outlet.
        others: Their numbers.
    """

    homes: frozenset[int]
    kin: int
    others: frozenset[int]


def ties_of(pairs: Iterable[Pair]) -> Ties:
    """Pairs as one batch, ascending by ``(a, b)``."""
    listed = sorted(pairs, key=lambda pair: (pair.a, pair.b))
    return Ties(
        joined(*(pair.aligned for pair in listed)),
        np.array([pair.relation for pair in listed], np.uint8),
        np.concatenate([pair.reason for pair in listed] or [np.zeros(0, np.uint8)]),
        np.array([pair.countable for pair in listed], np.bool_),
    )


def crowd_of(head: Head, others: Iterable[Head]) -> Crowd:
    """The crowd that these make around an article."""
    listed = list(others)
    return Crowd(
        frozenset(other.home for other in listed) - {head.home},
        sum(bool(head.sign.outlet) and other.sign.outlet == head.sign.outlet for other in listed),
        frozenset(other.number for other in listed),
    )


def joined_by(crowd: Crowd, head: Head, other: Head) -> Crowd:
    """The crowd around an article when one more is in it."""
    one = crowd_of(head, [other])
    return Crowd(crowd.homes | one.homes, crowd.kin + one.kin, crowd.others | one.others)


class View(Protocol):
    """What judging an article looks at."""

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles."""

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles exactly as they were given, under the ids that they have now."""

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be."""

    def ties(self, number: int) -> Ties:
        """All pairs that an article is part of."""

    def first_ties(self, number: int) -> Ties:
        """Those with the first other articles: with all earlier ones, and with some later ones."""

    def countable_ties(self, number: int) -> Ties:
        """Its first pairs whose `Pair.countable` is true, as many as are looked at."""

    def crowd(self, number: int) -> Crowd:
        """Who is in these."""


class Lately:
    """What judging looks at, of a store that one index reads and changes.

    Args:
        store: Remembers itself what was asked of it lately, where that costs something.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._epoch = store.epoch
        self._ties: Remembered[Ties] = Remembered(_TIES)
        self._countable: Remembered[Ties] = Remembered(_TIES)
        self._crowds: Remembered[Crowd] = Remembered(_CROWDS)

    def refresh(self) -> None:
        """Forget everything if the store is not what it was: others changed it, or a change was taken back."""
        if self._epoch != self._store.epoch:
            self._epoch = self._store.epoch
            self.untied()

    def tied(self, later: Head, pairs: Iterable[Pair]) -> None:
        """An article that is later than all before has these pairs."""
        for pair in pairs:
            _grow(self._ties, pair.a, _FIRST)
            if pair.countable:
                _grow(self._countable, pair.a, MOST_LOOKED_AT)
                crowd = self._crowds.peek(pair.a)
                if crowd is not None and len(crowd.others) < MOST_LOOKED_AT:
                    self._crowds.put(pair.a, joined_by(crowd, self.heads([pair.a])[pair.a], later))

    def untied(self) -> None:
        """Articles were removed, or settled anew."""
        for remembered in (self._ties, self._countable, self._crowds):
            remembered.clear()

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles."""
        return self._store.heads(numbers)

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles exactly as they were given, under the ids that they have now."""
        return self._store.articles(numbers)

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be."""
        return self._store.readings(numbers)

    def ties(self, number: int) -> Ties:
        """All pairs that an article is part of."""
        return ties_of(self._store.pairs([number]))

    def first_ties(self, number: int) -> Ties:
        """Those with the first other articles: with all earlier ones, and with some later ones."""
        return self._ties.get([number], self._load)[number]

    def countable_ties(self, number: int) -> Ties:
        """Its first pairs whose `Pair.countable` is true, as many as are looked at."""
        return self._countable.get([number], self._load_countable)[number]

    def crowd(self, number: int) -> Crowd:
        """Who is in these."""
        return self._crowds.get([number], self._gather)[number]

    def _load(self, numbers: list[int]) -> dict[int, Ties]:
        return {number: ties_of(self._store.pairs([number], most=_FIRST)) for number in numbers}

    def _load_countable(self, numbers: list[int]) -> dict[int, Ties]:
        first = partial(self._store.pairs, countable=True, most=MOST_LOOKED_AT)
        return {number: ties_of(first([number])) for number in numbers}

    def _gather(self, numbers: list[int]) -> dict[int, Crowd]:
        (number,) = numbers
        heads = self.heads({number, *self._store.countable_others(number, MOST_LOOKED_AT)})
        return {number: crowd_of(heads.pop(number), heads.values())}


def _grow(remembered: Remembered[Ties], number: int, most: int) -> None:
    """Forget an article's ties, unless a further one would not be among them."""
    ties = remembered.peek(number)
    if ties is not None and len(ties.countable) < most:
        remembered.forget([number])
