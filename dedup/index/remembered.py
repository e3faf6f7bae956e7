"""What was asked for last, kept so that the articles of a running story are unpacked once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """The things that were asked for last, by number.

    Whoever changes a thing forgets it here, and forgets all where it is not known what has changed.
    """

    def __init__(self, most: int, worth: Callable[[T], bool] = lambda thing: True) -> None:
        self._most = most
        self._worth = worth
        self._kept: dict[int, T] = {}

    def get(self, numbers: Iterable[int], load: Callable[[list[int]], Mapping[int, T]]) -> dict[int, T]:
        """Things by number, ascending; `load` is asked for those that are not remembered, in ascending order."""
        kept = self._kept
        found, missing = dict[int, T](), list[int]()
        for number in sorted(set(numbers)):
            thing = kept.pop(number, None)
            if thing is None:
                missing.append(number)
            else:
                found[number] = kept[number] = thing
        if not missing:
            return found
        loaded = load(missing)
        for number, thing in loaded.items():
            if self._worth(thing):
                kept[number] = thing
        for number in list(islice(kept, max(len(kept) - self._most, 0))):
            del kept[number]
        found.update(loaded)
        return {number: found[number] for number in sorted(found)}

    def one(self, number: int, load: Callable[[int], T]) -> T:
        """The thing of this number; `load` is asked for it where it is not remembered."""
        thing = self._kept.pop(number, None)
        if thing is None:
            return self.get([number], lambda _: {number: load(number)})[number]
        self._kept[number] = thing
        return thing

    def peek(self, number: int) -> T | None:
        """The thing of this number, if it is remembered; that is no asking."""
        return self._kept.get(number)

    def put(self, number: int, thing: T) -> None:
        """Another thing in the place of one that is remembered."""
        self._kept[number] = thing

    def forget(self, numbers: Iterable[int]) -> None:
        """These may have changed."""
        for number in numbers:
            self._kept.pop(number, None)

    def clear(self) -> None:
        """Any may have changed."""
        self._kept.clear()
