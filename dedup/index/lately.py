"""`Lately`: a store with what was asked of it lately kept in memory, ready to be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
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
    return _in_order(sorted(pairs, key=lambda pair: (pair.a, pair.b)))


def _in_order(listed: Sequence[Pair]) -> Ties:
    if not listed:
        return _no_ties()
    return Ties(
        joined(*(pair.aligned for pair in listed)),
        np.array([pair.relation for pair in listed], np.uint8),
        np.concatenate([pair.reason for pair in listed]),
        np.array([pair.countable for pair in listed], np.bool_),
    )


@lru_cache(maxsize=1)
def _no_ties() -> Ties:
    none = np.zeros(0, np.uint8)
    return Ties(joined(), none, none, none.astype(np.bool_))


def together(parts: Sequence[Ties]) -> Ties:
    """Several batches as one, one after another."""
    relation, reason, countable = (np.concatenate([part[i] for part in parts]) for i in (1, 2, 3))
    return Ties(joined(*(part.aligned for part in parts)), relation, reason, countable)


def crowd_of(head: Head, others: Iterable[Head]) -> Crowd:
    """The crowd that these make around an article."""
    listed = list(others)
    return Crowd(
        frozenset(other.home for other in listed) - {head.home},
        sum(_are_kin(head, other) for other in listed),
        frozenset(other.number for other in listed),
    )


def joined_by(crowd: Crowd, head: Head, other: Head) -> Crowd:
    """The crowd around an article when one more is in it."""
    homes = crowd.homes if other.home == head.home else crowd.homes | {other.home}
    return Crowd(homes, crowd.kin + _are_kin(head, other), crowd.others | {other.number})


def _are_kin(one: Head, other: Head) -> bool:
    return one.sign.outlet == other.sign.outlet != ""


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
        self._ties: Remembered[_Growing] = Remembered(_TIES)
        self._countable: Remembered[_Growing] = Remembered(_TIES)
        self._crowds: Remembered[Crowd] = Remembered(_CROWDS)

    def refresh(self) -> None:
        """Forget everything if the store is not what it was: others changed it, or a change was taken back."""
        if self._epoch != self._store.epoch:
            self._epoch = self._store.epoch
            self.untied()

    def tied(self, later: Head, pairs: Iterable[Pair]) -> None:
        """An article that is later than all before has these pairs."""
        for pair in pairs:
            _grow(self._ties, pair, _FIRST)
            if pair.countable:
                _grow(self._countable, pair, MOST_LOOKED_AT)
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
        return self._ties.one(number, self._load).ties()

    def countable_ties(self, number: int) -> Ties:
        """Its first pairs whose `Pair.countable` is true, as many as are looked at."""
        return self._countable.one(number, self._load_countable).ties()

    def crowd(self, number: int) -> Crowd:
        """Who is in these."""
        return self._crowds.one(number, self._gather)

    def _load(self, number: int) -> _Growing:
        return _Growing(self._store.pairs([number], most=_FIRST))

    def _load_countable(self, number: int) -> _Growing:
        return _Growing(self._store.pairs([number], countable=True, most=MOST_LOOKED_AT))

    def _gather(self, number: int) -> Crowd:
        heads = self.heads({number, *self._store.countable_others(number, MOST_LOOKED_AT)})
        return crowd_of(heads.pop(number), heads.values())


class _Growing:
    """An article's ties, to which those with later articles are joined when they are next asked for."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self._ties = ties_of(pairs)
        self._further: list[Pair] = []

    def __len__(self) -> int:
        return len(self._ties.countable) + len(self._further)

    def append(self, pair: Pair) -> None:
        """One more, with an article later than all before."""
        self._further.append(pair)

    def ties(self) -> Ties:
        """All of them."""
        if self._further:
            self._ties, self._further = together([self._ties, _in_order(self._further)]), []
        return self._ties


def _grow(remembered: Remembered[_Growing], pair: Pair, most: int) -> None:
    """Add a pair to the ties of its earlier article, where they are remembered and there is room."""
    ties = remembered.peek(pair.a)
    if ties is not None and len(ties) < most:
        ties.append(pair)
