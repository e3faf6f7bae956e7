"""`Overlay`: a view with an article that is not in it yet, so that `add` and `check` judge it by one code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from dedup.index.base import Head, Pair, Reading
from dedup.index.lately import Crowd, Ties, View, crowd_of, joined_by, ties_of
from dedup.model import Article


class Overlay:
    """What a view has, one more article, its pairs, and heads that it changes.

    Args:
        below: What the article is laid over.
        head: Of the article; its number is above all others.
        changed: Heads, by number, in the place of those below.
        pairs: Of the article, each with an earlier one; that they are the earlier one's as well is not told again.
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
        self._head = head
        self._article = article
        self._reading = reading
        self._changed = changed
        self._ties = ties_of(pairs)

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles."""
        asked = set(numbers)
        found = self._below.heads(asked - {self._head.number})
        if self._changed:
            found.update((number, self._changed[number]) for number in self._changed.keys() & found.keys())
        if self._head.number in asked:
            found[self._head.number] = self._head
        return found

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles exactly as they were given, under the ids of their heads; the one laid over under its number."""
        asked = set(numbers)
        found = self._below.articles(asked - {self._head.number})
        for number in self._changed.keys() & found.keys():
            found[number] = replace(found[number], id=self._changed[number].id)
        if self._head.number in asked:
            found[self._head.number] = self._article
        return found

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be."""
        asked = set(numbers)
        found = self._below.readings(asked - {self._head.number})
        if self._head.number in asked:
            found[self._head.number] = self._reading
        return found

    def ties(self, number: int) -> Ties:
        """All pairs that an article is part of."""
        return self._ties if number == self._head.number else self._below.ties(number)

    def first_ties(self, number: int) -> Ties:
        """Those with the first other articles."""
        return self._ties if number == self._head.number else self._below.first_ties(number)

    def countable_ties(self, number: int) -> Ties:
        """Its first pairs whose `Pair.countable` is true."""
        return self._below.countable_ties(number)

    def crowd(self, number: int) -> Crowd:
        """Who is in these, and the article that is laid over where it is one more."""
        if number == self._head.number:
            others = self._ties.aligned.pairs[self._ties.countable, 0].tolist()
            return crowd_of(self._head, self.heads(others).values())
        head = self._changed.get(number) or self._below.heads([number])[number]
        return joined_by(self._below.crowd(number), head, self._head)
