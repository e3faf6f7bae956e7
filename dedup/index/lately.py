"""`Lately`: a store with what was asked of it lately kept in memory, ready to be judged."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from dedup.index.base import Head, Pair, Reading, Store
from dedup.matching.weights import MOST_LOOKED_AT
from dedup.model import Article
from dedup.stages import Aligned, joined

V = TypeVar("V")

_HEADS = 50_000
_ARTICLES = 4_000
_TIES = 2_000
_LONG = 1 << 20  # code points: texts that are longer are not kept


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


class _Kept(Generic[V]):
    """The values of the keys that were asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[int, V] = OrderedDict()

    def of(self, keys: Iterable[int], load: Callable[[list[int]], dict[int, V]]) -> dict[int, V]:
        found, missing = {}, []
        for key in keys:
            value = self._values.get(key)
            if value is None:
                missing.append(key)
            else:
                self._values.move_to_end(key)
                found[key] = value
        if missing:
            loaded = load(missing)
            for key, value in loaded.items():
                self.keep(key, value)
            found |= loaded
        return found

    def keep(self, key: int, value: V) -> None:
        self._values[key] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def forget(self, key: int) -> None:
        self._values.pop(key, None)

    def clear(self) -> None:
        self._values.clear()


class Lately:
    """What judging looks at, of a store that one index reads and changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._epoch = store.epoch
        self._heads: _Kept[Head] = _Kept(_HEADS)
        self._articles: _Kept[Article] = _Kept(_ARTICLES)
        self._readings: _Kept[Reading] = _Kept(_ARTICLES)
        self._ties: _Kept[Ties] = _Kept(_TIES)
        self._countable: _Kept[Ties] = _Kept(_TIES)

    def refresh(self) -> None:
        """Forget everything if the store is not what it was: others changed it, or a change was taken back."""
        if self._epoch != self._store.epoch:
            self._epoch = self._store.epoch
            for kept in (self._heads, self._articles, self._readings, self._ties, self._countable):
                kept.clear()

    def changed(self, numbers: Iterable[int]) -> None:
        """Forget what is known of articles: their heads, and whom they are tied to."""
        for number in numbers:
            for kept in (self._heads, self._articles, self._readings, self._ties, self._countable):
                kept.forget(number)

    def tied(self, pairs: Iterable[Pair]) -> None:
        """Take up that articles have further pairs, each with a later article than all before."""
        for pair in pairs:
            self._ties.forget(pair.a)
            if pair.countable:
                self._countable.forget(pair.a)

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles."""
        return self._heads.of(numbers, self._store.heads)

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles exactly as they were given, under the ids that they have now."""
        return self._articles.of(numbers, self._load_articles)

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be."""
        return self._readings.of(numbers, self._store.readings)

    def ties(self, number: int) -> Ties:
        """All pairs that an article is part of."""
        return self._ties.of([number], lambda _: {number: ties_of(self._store.pairs([number]))})[number]

    def countable_ties(self, number: int) -> Ties:
        """Its first pairs whose `Pair.countable` is true, as many as are looked at."""
        return self._countable.of([number], self._load_countable)[number]

    def _load_articles(self, numbers: list[int]) -> dict[int, Article]:
        return self._store.articles(numbers)

    def _load_countable(self, numbers: list[int]) -> dict[int, Ties]:
        (number,) = numbers
        pairs = self._store.pairs([number], countable=True, most=MOST_LOOKED_AT)
        return {number: ties_of(pairs)}
