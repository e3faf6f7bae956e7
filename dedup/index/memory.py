"""`MemoryStore`: dicts, gone when the process ends. Says most plainly what every store must do."""

from __future__ import annotations

import math
import threading
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.errors import StoreError
from dedup.index.base import By, Carriers, Decision, Head, Keys, Pair, Reading
from dedup.model import Article
from dedup.settings import Settings

Numbers = list[int]


class MemoryStore:
    """A store in memory; threads may share it, one block at a time.

    Attributes:
        settings: How the articles are compared.
        epoch: See `Store.epoch`.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.epoch = 0
        self._heads: dict[int, Head] = {}
        self._numbers: dict[str, int] = {}
        self._articles: dict[int, Article] = {}
        self._readings: dict[int, Reading] = {}
        self._keys: dict[int, Keys] = {}
        self._decisions: dict[int, Decision] = {}
        self._pairs: dict[tuple[int, int], Pair] = {}
        # Ascending article numbers: by band key, by fingerprint, by group, by canonical, by the other one of a pair.
        self._bands: dict[int, Numbers] = {}
        self._fingerprints: dict[int, Numbers] = {}
        self._near: dict[int, Numbers] = {}
        self._others: dict[int, Numbers] = {}
        self._next: dict[str, int] = {}

        self._undo: list[Callable[[], object]] = []
        self._lock = threading.RLock()
        self._blocks: list[str] = []
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A block that nobody changes anything beside."""
        with self._lock:
            self._open()
            self._blocks.append("reading")
            try:
                yield
            finally:
                self._blocks.pop()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A block that may change the store; an error that leaves it undoes what was changed inside.

        Raises:
            StoreError: It stands in a block that only reads.
        """
        with self._lock:
            self._open()
            if self._blocks and "writing" not in self._blocks:
                raise StoreError(
                    "an index cannot be changed inside a block that reads it; open one that writes"
                )
            start = len(self._undo)
            self._blocks.append("writing")
            try:
                yield
            except BaseException:
                for undo in reversed(self._undo[start:]):
                    undo()
                del self._undo[start:]
                self.epoch += 1
                raise
            finally:
                self._blocks.pop()
            if "writing" not in self._blocks:
                self._undo.clear()

    def commit(self) -> None:
        """Nothing is durable here.

        Raises:
            StoreError: It stands in a block.
        """
        with self._lock:
            if self._blocks:
                raise StoreError("an index cannot be committed inside a block; end it first")

    def close(self) -> None:
        """Refuse every call from now on."""
        self._closed = True

    def count(self) -> int:
        """Articles that are there."""
        return len(self._heads)

    def next_number(self) -> int:
        """A number that was never given to an article."""
        return self._next.get("number", 1)

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The articles of these ids."""
        return {id: self._numbers[id] for id in ids if id in self._numbers}

    def all_numbers(self) -> list[int]:
        """Every article, ascending."""
        return sorted(self._heads)

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles, ascending by number."""
        return {number: self._heads[number] for number in sorted(set(numbers)) if number in self._heads}

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles as they were given, under the ids that they have now, ascending by number."""
        return {n: replace(self._articles[n], id=head.id) for n, head in self.heads(numbers).items()}

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be, ascending by number."""
        return {number: self._readings[number] for number in self.heads(numbers)}

    def put(self, head: Head, article: Article, reading: Reading, keys: Keys) -> None:
        """Add an article.

        Raises:
            StoreError: Its number or its id is taken.
        """
        number = head.number
        if number in self._heads:
            raise StoreError(f"the index has an article of the number {number} already")
        self._name(head)
        self._set(self._heads, number, head)
        self._set(self._articles, number, article)
        self._set(self._readings, number, reading)
        self._set(self._keys, number, keys)
        self._file(head)
        for key in keys.bands.tolist():
            self._insert(self._bands, key, number)
        for key in keys.fingerprints.tolist():
            self._insert(self._fingerprints, key, number)
        self._set(self._next, "number", max(self.next_number(), number + 1))

    def change(self, heads: Iterable[Head]) -> None:
        """Put new heads in the place of those with the same numbers; ids may be exchanged.

        Raises:
            StoreError: An id is taken.
        """
        changed = {head.number: head for head in heads if head.number in self._heads}
        for number in changed:
            self._unfile(self._heads[number])
        for number, head in changed.items():
            self._name(head)
            self._set(self._heads, number, head)
            self._file(head)

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget articles, their keys, pairs and decisions."""
        for number in self.heads(numbers):
            self._unfile(self._heads[number])
            keys = self._keys[number]
            for key in keys.bands.tolist():
                self._remove(self._bands, key, number)
            for key in keys.fingerprints.tolist():
                self._remove(self._fingerprints, key, number)
            self.drop_pairs([_ordered(number, other) for other in self._others.get(number, ())])
            for table in (self._heads, self._articles, self._readings, self._keys, self._decisions):
                self._set(table, number, None)

    def near_size(self, canonical: int, most: int) -> int:
        """How many articles have ``near == canonical``, counted up to `most`."""
        return min(most, len(self._near.get(canonical, ())))

    def band_carriers(self, keys: npt.NDArray[np.uint64], most: int) -> Carriers:
        """Who has these keys of bands: of each key the first `most` articles."""
        return _carriers(self._bands, keys, most)

    def fingerprint_carriers(self, keys: npt.NDArray[np.uint32], most: int) -> Carriers:
        """Who has these fingerprints: of each the first `most` articles."""
        return _carriers(self._fingerprints, keys, most)

    def pairs(
        self, numbers: Iterable[int], *, countable: bool = False, most: int | None = None
    ) -> list[Pair]:
        """The pairs that these articles are part of, each once, ascending by ``(a, b)``.

        Args:
            countable: Only those whose ``countable`` is true.
            most: Of each article no more than the pairs with the first so many others, of those that are asked for.
        """
        found: dict[tuple[int, int], Pair] = {}
        for number in set(numbers):
            pairs = (self._pairs[_ordered(number, other)] for other in self._others.get(number, ()))
            asked = (pair for pair in pairs if pair.countable or not countable)
            found.update(((pair.a, pair.b), pair) for pair in islice(asked, most))
        return [found[key] for key in sorted(found)]

    def countable_others(self, number: int, most: int) -> list[int]:
        """The first `most` articles that this one has a pair with whose ``countable`` is true, ascending."""
        others = self._others.get(number, ())
        tied = (other for other in others if self._pairs[_ordered(number, other)].countable)
        return list(islice(tied, most))

    def put_pairs(self, pairs: Sequence[Pair]) -> None:
        """Add pairs that are not there, or put them in the place of those that are."""
        for pair in pairs:
            self._set(self._pairs, (pair.a, pair.b), pair)
            self._insert(self._others, pair.a, pair.b)
            self._insert(self._others, pair.b, pair.a)

    def drop_pairs(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Forget pairs."""
        for a, b in pairs:
            if (a, b) in self._pairs:
                self._set(self._pairs, (a, b), None)
                self._remove(self._others, a, b)
                self._remove(self._others, b, a)

    def decide(self, number: int, decision: Decision) -> None:
        """Keep what was concluded about an article."""
        self._set(self._decisions, number, decision)

    def decision(self, number: int) -> Decision | None:
        """What was concluded about an article when it was added."""
        return self._decisions.get(number)

    def before(self, moment: float, by: By) -> list[int]:
        """The articles published, or seen, before a moment (seconds since 1970), ascending."""
        return [number for number in sorted(self._heads) if _moment(self._heads[number], by) < moment]

    def problems(self) -> list[str]:
        """Nothing breaks here."""
        return []

    def compact(self) -> None:
        """Nothing is kept of what was dropped."""

    def stats(self) -> dict[str, Any]:
        """``articles``, ``pairs`` and ``bytes``, which is 0."""
        return {"articles": len(self._heads), "pairs": len(self._pairs), "bytes": 0}

    def _open(self) -> None:
        if self._closed:
            raise StoreError("this index is closed; open it again")

    def _changes(self, undo: Callable[[], object]) -> None:
        """Note what undoes the change that follows."""
        if "writing" not in self._blocks:
            raise StoreError("an index is changed only inside a block that writes")
        self._undo.append(undo)

    def _set(self, table: dict[Any, Any], key: Any, value: Any) -> None:
        """Change one entry; None removes it."""
        self._changes(partial(_put, table, key, table.get(key)))
        _put(table, key, value)

    def _insert(self, table: dict[int, Numbers], key: int, number: int) -> None:
        listed = table.get(key, ())
        at = bisect_left(listed, number)
        if at == len(listed) or listed[at] != number:
            self._changes(partial(_take, table, key, number))
            table.setdefault(key, []).insert(at, number)

    def _remove(self, table: dict[int, Numbers], key: int, number: int) -> None:
        self._changes(partial(_add, table, key, number))
        _take(table, key, number)

    def _name(self, head: Head) -> None:
        if head.id in self._numbers:
            raise StoreError(f"the index has an article of the id {head.id[:100]!r} already")
        self._set(self._numbers, head.id, head.number)

    def _file(self, head: Head) -> None:
        self._insert(self._near, head.near, head.number)

    def _unfile(self, head: Head) -> None:
        self._set(self._numbers, head.id, None)
        self._remove(self._near, head.near, head.number)


def _put(table: dict[Any, Any], key: Any, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _add(table: dict[int, Numbers], key: int, number: int) -> None:
    insort(table.setdefault(key, []), number)


def _take(table: dict[int, Numbers], key: int, number: int) -> None:
    listed = table[key]
    listed.pop(bisect_left(listed, number))
    if not listed:
        del table[key]


def _ordered(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)


def _moment(head: Head, by: By) -> float:
    return head.seen if by == "seen" or math.isnan(head.sign.published) else head.sign.published


def _carriers(table: dict[int, Numbers], keys: npt.NDArray[Any], most: int) -> Carriers:
    listed = [table.get(key, ())[:most] for key in keys.tolist()]
    sizes = np.fromiter(map(len, listed), np.int64, len(listed))
    numbers = [number for each in listed for number in each]
    return Carriers(np.repeat(np.arange(len(listed)), sizes), np.array(numbers, np.int64))
