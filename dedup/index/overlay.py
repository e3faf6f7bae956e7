"""`Overlay`: a store together with an article that is not in it, so that `add` and `check` judge it by one code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dedup.index.base import Head, Pair, Reading, View
from dedup.model import Article


class Overlay:
    """A store, one more article, its pairs, and heads that it changes.

    Args:
        below: What the article is laid over.
        head: Of the article; its number is above all others.
        changed: Heads, by number, in the place of those below.
        pairs: Of the article, each with an earlier one.
    """

    def __init__(
        self,
        below: View,
        head: Head,
        article: Article,
        reading: Reading,
        changed: Mapping[int, Head],
        pairs: Iterable[Pair] = (),
    ) -> None:
        self._below = below
        self.head = head
        self._article = article
        self._reading = reading
        self._changed = changed
        self._pairs = {pair.a: pair for pair in pairs}

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles."""
        asked = set(numbers)
        found = self._below.heads(asked - {self.head.number})
        found.update((number, self._changed[number]) for number in self._changed.keys() & found.keys())
        if self.head.number in asked:
            found[self.head.number] = self.head
        return found

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles exactly as they were given, under the ids of their heads; the one laid over under its number."""
        asked = set(numbers)
        found = self._below.articles(asked - {self.head.number})
        for number in self._changed.keys() & found.keys():
            found[number] = replace(found[number], id=self._changed[number].id)
        if self.head.number in asked:
            found[self.head.number] = self._article
        return found

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be."""
        asked = set(numbers)
        found = self._below.readings(asked - {self.head.number})
        if self.head.number in asked:
            found[self.head.number] = self._reading
        return found

    def pairs(
        self, numbers: Iterable[int], *, countable: bool = False, most: int | None = None
    ) -> list[Pair]:
        """The pairs that these articles are part of; see `View.pairs`.

        Those of the article that is laid over are all there, whatever `most` says of the others: it is the last.
        """
        asked = set(numbers)
        found = self._below.pairs(asked - {self.head.number}, countable=countable, most=most)
        own = self.head.number in asked
        mine = (
            pair
            for pair in self._pairs.values()
            if (own or pair.a in asked) and (pair.countable or not countable)
        )
        return sorted([*found, *mine], key=lambda pair: (pair.a, pair.b))
