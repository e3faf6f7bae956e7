"""The segments of one kind of key: new ones at level 0, and so many of a level merged into one of the next.

A merge goes by key from the lowest to the highest, a little whenever entries come in, so that it never takes long at
once and needs next to no space: what its heir has got is deleted from those that it is made of. At every moment each
entry is in one place, and the file says which. Segments stand for disjoint ranges of article numbers (a segment and its
heir together for one), which makes the oldest carriers of a key those of the first segment that has it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import numpy as np

from dedup.index import filters
from dedup.index.catalog import Catalog
from dedup.index.lookup import Keys32, without
from dedup.index.segments import Segment, Words

SCHEMA = """\
CREATE TABLE dropped (
    kind INTEGER NOT NULL, number INTEGER NOT NULL, newest INTEGER NOT NULL,
    PRIMARY KEY (kind, number)) WITHOUT ROWID;
"""

BITS = (16, 16, 11)
"""Of the filters, on each key, by level: where there are many segments, few may be asked in vain."""


class Sizes(NamedTuple):
    """How segments are cut and merged.

    Attributes:
        articles: So many make a segment;
        entries: so many of either kind do as well.
        stride: Entries that come in between two pieces of merging.
        fan_in: So many segments of a level make one of the next.
        row: Words in a row of the file, a multiple of 8.
    """

    articles: int = 4096
    entries: int = 1 << 20
    stride: int = 1 << 16
    fan_in: int = 8
    row: int = 504


class Tiers:
    """The segments of one kind, and which articles in them were dropped.

    Attributes:
        catalog: The segments.
        dead: Numbers of dropped articles that may still be in segments, ascending.
    """

    def __init__(self, connection: sqlite3.Connection, kind: int, sizes: Sizes) -> None:
        self._connection = connection
        self._kind = kind
        self._sizes = sizes
        self.clear()

    def clear(self) -> None:
        """Forget what is in memory."""
        self.catalog = Catalog(self._connection, self._kind, self._sizes.row)
        self.dead: Keys32 = np.zeros(0, np.uint32)

    def load(self) -> None:
        """Take up what the file has and memory has not.

        Raises:
            StoreError: Something is damaged.
        """
        self.catalog.load()
        dropped = "SELECT number FROM dropped WHERE kind = ? ORDER BY number"
        numbers = (number for (number,) in self._connection.execute(dropped, (self._kind,)))
        self.dead = np.fromiter(numbers, np.uint32)

    def add(self, entries: Words, first: int, last: int, articles: int) -> None:
        """Add a segment of new articles, all of them above those that are there."""
        if len(entries):
            segment = self._make(0, first, last, articles, filters.distinct(entries))
            self.catalog.append(segment, entries, None)

    def drop(self, numbers: Keys32) -> None:
        """Leave the entries of these articles out from now on."""
        inside = np.zeros(len(numbers), bool)
        for segment in self.catalog.segments.values():
            inside |= (numbers >= segment.first) & (numbers <= segment.last)
        numbers = numbers[inside]
        newest = max(self.catalog.segments, default=0)
        self._connection.executemany(
            "INSERT OR IGNORE INTO dropped VALUES (?, ?, ?)",
            ((self._kind, number, newest) for number in numbers.tolist()),
        )
        self.dead = np.union1d(self.dead, numbers)

    def tend(self, entries: int) -> None:
        """Merge what is to be merged, of every level about so many entries."""
        for run in list(self._mergeable()):
            self._begin(run, run[0].level + (len(run) > 1))
        levels = set()
        for segment in self.catalog.in_order():
            if not segment.finished and segment.level not in levels:
                levels.add(segment.level)
                self._advance(segment, entries)

    def compact(self) -> Iterator[None]:
        """Make one segment of all, without what was dropped; between two steps everything is in order."""
        while len(self.catalog.segments) > 1 or len(self.dead):
            everything = self.catalog.in_order()
            heir = everything[0]
            if heir.finished or any(segment.heir != heir.id for segment in everything[1:]):
                heir = self._begin(everything, max(segment.level for segment in everything))
            while not heir.finished:
                self._advance(heir, self._sizes.entries)
                yield

    # Merging.

    def _mergeable(self) -> Iterator[list[Segment]]:
        standing = [segment for segment in self.catalog.in_order() if segment.heir is None]
        for (_, finished), group in groupby(standing, lambda s: (s.level, s.finished)):
            run = list(group)
            if not finished:
                continue
            if len(run) >= self._sizes.fan_in:
                yield run[: self._sizes.fan_in]
                run = run[self._sizes.fan_in :]
            yield from ([segment] for segment in run if 2 * self._dead_in(segment) > segment.articles)

    def _dead_in(self, segment: Segment) -> int:
        start, stop = np.searchsorted(self.dead, np.array([segment.first, segment.last + 1], np.uint64))
        return int(stop - start)

    def _make(self, level: int, first: int, last: int, articles: int, keys: int) -> Segment:
        size = filters.words(keys, BITS[min(level, len(BITS) - 1)])
        return self.catalog.make(level, first, last, articles, size)

    def _begin(self, inputs: list[Segment], level: int) -> Segment:
        keys = sum(self._keys_left(segment) for segment in inputs)
        articles = sum(segment.articles for segment in inputs)
        first, last = min(s.first for s in inputs), max(s.last for s in inputs)
        heir = self._make(level, first, last, articles, keys)
        for segment in inputs:
            self.catalog.close(segment)
            segment.heir = heir.id
            self.catalog.save(segment)
        return heir

    def _keys_left(self, segment: Segment) -> int:
        return min(segment.keys, (len(segment.fences) - segment.begin) * self._sizes.row)

    def _advance(self, heir: Segment, entries: int) -> None:
        inputs = [segment for segment in self.catalog.segments.values() if segment.heir == heir.id]
        boundary = self._boundary(inputs, max(1, entries // self._sizes.row))
        merged = np.concatenate([self.catalog.taken(segment, boundary) for segment in inputs])
        merged.sort(kind="stable")
        kept = np.empty(len(merged), np.uint64)
        self.catalog.append(heir, kept[: without(merged, self.dead, kept)], boundary)
        if boundary is None:
            self._finish(heir, inputs)
        else:
            for segment in inputs:
                self.catalog.give_up(segment, boundary)

    def _boundary(self, inputs: list[Segment], chunks: int) -> int | None:
        """An entry below which there is about as much as fits in so many chunks; None for all that is left."""
        fences = [segment.fences[segment.begin + 1 :][: chunks + 1] for segment in inputs]
        ahead = np.sort(np.concatenate(fences))
        return int(ahead[chunks]) if len(ahead) > chunks else None

    def _finish(self, heir: Segment, inputs: list[Segment]) -> None:
        for segment in inputs:
            self.catalog.erase(segment)
        # What was dropped meanwhile, or moved before it was dropped, may still be in the heir.
        before = heir.id if heir.entries else 1 << 62
        done = "FROM dropped WHERE kind = ? AND number BETWEEN ? AND ? AND newest < ?"
        of_these = self._kind, heir.first, heir.last, before
        gone = self._connection.execute(f"SELECT number {done}", of_these).fetchall()
        self._connection.execute(f"DELETE {done}", of_these)
        self.dead = np.setdiff1d(self.dead, np.array(gone, np.uint32).ravel(), assume_unique=True)
        heir.articles = max(0, heir.articles - len(gone))
        if heir.entries:
            self.catalog.save(heir)
        else:
            self.catalog.erase(heir)
