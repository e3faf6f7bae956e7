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

_TIES = 2_000  # articles whose pairs are kept ready


class Ties(NamedTuple):
    """The pairs that an article is part of, as one batch.

    Attributes:
        aligned: What they share, with ``pairs`` by number, ascending.
        countable: bool (m,), of each pair.
    """

    aligned: Aligned
    countable: npt.NDArray[np.bool_]


def ties_of(pairs: Iterable[Pair]) -> Ties:
    """Pairs as one batch, ascending by ``(a, b)``."""
    listed = sorted(pairs, key=lambda pair: (pair.a, pair.b))
    return Ties(joined(*(pair.aligned for pair in listed)), np.array([p.countable for p in listed], np.bool_))


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

    def countable_ties(self, number: int) -> Ties:
        """Its first pairs whose `Pair.countable` is true, as many as are looked at."""


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

    def refresh(self) -> None:
        """Forget everything if the store is not what it was: others changed it, or a change was taken back."""
        if self._epoch != self._store.epoch:
            self._epoch = self._store.epoch
            self._ties.clear()
            self._countable.clear()

    def tied(self, numbers: Iterable[int]) -> None:
        """Whom these articles are tied to has changed."""
        listed = list(numbers)
        self._ties.forget(listed)
        self._countable.forget(listed)

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
        return self._ties.get([number], self._load)[number]

    def countable_ties(self, number: int) -> Ties:
        """Its first pairs whose `Pair.countable` is true, as many as are looked at."""
        return self._countable.get([number], self._load_countable)[number]

    def _load(self, numbers: list[int]) -> dict[int, Ties]:
        return {number: ties_of(self._store.pairs([number])) for number in numbers}

    def _load_countable(self, numbers: list[int]) -> dict[int, Ties]:
        first = partial(self._store.pairs, countable=True, most=MOST_LOOKED_AT)
        return {number: ties_of(first([number])) for number in numbers}
