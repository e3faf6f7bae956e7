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
from dedup.index.lookup import Keys32, without
from dedup.index.segments import Rows, Segment, Words

SCHEMA = """\
CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, level INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, articles INTEGER NOT NULL, entries INTEGER NOT NULL,
    size INTEGER NOT NULL, low INTEGER NOT NULL, reached INTEGER NOT NULL, finished INTEGER NOT NULL,
    heir INTEGER, chunks INTEGER NOT NULL);
CREATE TABLE dropped (
    kind INTEGER NOT NULL, number INTEGER NOT NULL, newest INTEGER NOT NULL,
    PRIMARY KEY (kind, number)) WITHOUT ROWID;
"""

BITS = (16, 12, 10)
"""Of the filters, on each entry, by level: where there are many segments, few may be asked in vain."""

_SIGN = 1 << 63
_LAST_KEY = 0xFFFFFFFF


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
        segments: By id.
        dead: Numbers of dropped articles that may still be in segments, ascending.
    """

    def __init__(self, connection: sqlite3.Connection, kind: int, sizes: Sizes) -> None:
        self._connection = connection
        self._kind = kind
        self._sizes = sizes
        self.rows = Rows(connection, sizes.row)
        self.clear()

    def clear(self) -> None:
        """Forget what is in memory."""
        self.segments: dict[int, Segment] = {}
        self.dead: Keys32 = np.zeros(0, np.uint32)

    def in_order(self) -> list[Segment]:
        """All segments, those of the first articles first, and an heir before those that it is made of."""
        return sorted(self.segments.values(), key=lambda segment: (segment.first, -segment.id))

    # What the file says.

    def load(self) -> None:
        """Take up what the file has and memory has not."""
        known, self.segments = self.segments, {}
        for id, level, first, last, articles, entries, size, low, reached, finished, heir, chunks in list(
            self._connection.execute(
                "SELECT id, level, first, last, articles, entries, size, low, reached, finished, heir, chunks"
                " FROM segments WHERE kind = ? ORDER BY id",
                (self._kind,),
            )
        ):
            segment = known.get(id) or Segment(id, level, first, last, articles, entries, size)
            since = max(low + _SIGN, segment.reached)
            segment.articles, segment.entries = articles, entries
            segment.low, segment.reached = low + _SIGN, reached + _SIGN
            complete = id in known and segment.finished
            segment.finished, segment.heir = bool(finished), heir
            if not complete:
                self._load_words(segment, since, chunks)
            self.segments[id] = segment
        numbers = self._connection.execute(
            "SELECT number FROM dropped WHERE kind = ? ORDER BY number", (self._kind,)
        )
        self.dead = np.fromiter((number for (number,) in numbers), np.uint32)

    def _load_words(self, segment: Segment, since: int, chunks: int) -> None:
        row = self._sizes.row
        first = len(segment.fences) // row
        fences = [segment.fences[: first * row]]
        fences += self.rows.read("fences", segment.id, first, -(-chunks // row))
        segment.fences = np.concatenate(fences)
        if len(segment.fences) != chunks:
            raise self.rows.damage(f"segment {segment.id} has {len(segment.fences)} of {chunks} fences")
        if not len(segment.filter):
            segment.filter = np.zeros(segment.size, np.uint64)
        start, stop = self._filter_rows(segment, since, None if segment.finished else segment.reached)
        for i, words in enumerate(self.rows.read("filters", segment.id, start, stop), start):
            if len(words) != len(segment.filter[i * row : (i + 1) * row]):
                raise self.rows.damage(f"row {i} of the filter of segment {segment.id} is cut")
            segment.filter[i * row : (i + 1) * row] = words

    def _filter_rows(self, segment: Segment, start: int, stop: int | None) -> tuple[int, int]:
        """The rows of a filter that have the keys of the entries from `start` up to `stop`."""

        def row(entry: int) -> int:
            return filters.block_of(segment.size, entry >> 32) * filters.BLOCK // self._sizes.row

        return row(start), (-(-segment.size // self._sizes.row) if stop is None else row(stop) + 1)

    def _save(self, segment: Segment) -> None:
        self._connection.execute(
            "UPDATE segments SET articles = ?, entries = ?, low = ?, reached = ?, finished = ?, heir = ?, chunks = ?"
            " WHERE id = ?",
            (
                segment.articles,
                segment.entries,
                segment.low - _SIGN,
                segment.reached - _SIGN,
                segment.finished,
                segment.heir,
                len(segment.fences),
                segment.id,
            ),
        )

    # Coming and going.

    def add(self, entries: Words, first: int, last: int, articles: int) -> None:
        """Add a segment of new articles, all of them above those that are there."""
        if len(entries):
            segment = self._make(0, first, last, articles, len(entries))
            self._append(segment, entries, None)
            segment.finished = True
            self._save(segment)

    def drop(self, numbers: Keys32) -> None:
        """Leave the entries of these articles out from now on."""
        inside = np.zeros(len(numbers), bool)
        for segment in self.segments.values():
            inside |= (numbers >= segment.first) & (numbers <= segment.last)
        numbers = numbers[inside]
        newest = max(self.segments, default=0)
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
        for segment in self.in_order():
            if not segment.finished and segment.level not in levels:
                levels.add(segment.level)
                self._advance(segment, entries)

    def compact(self) -> Iterator[None]:
        """Make one segment of all, without what was dropped; between two steps everything is in order."""
        while len(self.segments) > 1 or len(self.dead):
            everything = self.in_order()
            heir = everything[0]
            if heir.finished or any(segment.heir != heir.id for segment in everything[1:]):
                heir = self._begin(everything, max(segment.level for segment in everything))
            while not heir.finished:
                self._advance(heir, self._sizes.entries)
                yield

    # Merging.

    def _mergeable(self) -> Iterator[list[Segment]]:
        standing = [segment for segment in self.in_order() if segment.heir is None]
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

    def _make(self, level: int, first: int, last: int, articles: int, entries: int) -> Segment:
        size = filters.words(entries, BITS[min(level, len(BITS) - 1)])
        cursor = self._connection.execute(
            "INSERT INTO segments VALUES (NULL, ?, ?, ?, ?, ?, 0, ?, ?, ?, 0, NULL, 0)",
            (self._kind, level, first, last, articles, size, -_SIGN, -_SIGN),
        )
        assert cursor.lastrowid is not None
        segment = Segment(cursor.lastrowid, level, first, last, articles, 0, size, finished=False)
        segment.filter = np.zeros(size, np.uint64)
        self.segments[segment.id] = segment
        return segment

    def _begin(self, inputs: list[Segment], level: int) -> Segment:
        entries = sum(self._left(segment) for segment in inputs)
        articles = sum(segment.articles for segment in inputs)
        first, last = min(s.first for s in inputs), max(s.last for s in inputs)
        heir = self._make(level, first, last, articles, entries)
        for segment in inputs:
            if not segment.finished:
                self._write_filter(segment, segment.reached, None)
                segment.finished = True
            segment.heir = heir.id
            self._save(segment)
        return heir

    def _left(self, segment: Segment) -> int:
        return min(segment.entries, (len(segment.fences) - segment.begin) * self._sizes.row)

    def _advance(self, heir: Segment, entries: int) -> None:
        inputs = [segment for segment in self.segments.values() if segment.heir == heir.id]
        boundary = self._boundary(inputs, max(1, entries // self._sizes.row))
        merged = np.concatenate([self._taken(segment, boundary) for segment in inputs])
        merged.sort(kind="stable")
        kept = np.empty(len(merged), np.uint64)
        self._append(heir, kept[: without(merged, self.dead, kept)], boundary)
        if boundary is None:
            self._finish(heir, inputs)
            return
        self._save(heir)
        for segment in inputs:
            before = segment.begin, self._filter_rows(segment, segment.low, None)[0]
            segment.low = max(segment.low, boundary)
            self._save(segment)
            self.rows.delete("chunks", segment.id, before[0], segment.begin)
            self.rows.delete(
                "filters", segment.id, before[1], self._filter_rows(segment, segment.low, None)[0]
            )

    def _boundary(self, inputs: list[Segment], chunks: int) -> int | None:
        """An entry below which there is about as much as fits in so many chunks; None for all that is left."""
        fences = [segment.fences[segment.begin + 1 :][: chunks + 1] for segment in inputs]
        ahead = np.sort(np.concatenate(fences))
        return int(ahead[chunks]) if len(ahead) > chunks else None

    def _taken(self, segment: Segment, boundary: int | None) -> Words:
        """The entries from `low` up to the boundary."""
        stop = None if boundary is None else int(np.searchsorted(segment.fences, np.uint64(boundary)))
        begin = segment.begin
        end = len(segment.fences) if stop is None else stop
        if end <= begin:
            return np.zeros(0, np.uint64)
        entries = np.concatenate(list(self.rows.read("chunks", segment.id, begin, end)))
        start = np.searchsorted(entries, np.uint64(segment.low))
        return (
            entries[start:]
            if boundary is None
            else entries[start : np.searchsorted(entries, np.uint64(boundary))]
        )

    def _append(self, segment: Segment, entries: Words, boundary: int | None) -> None:
        """Add sorted entries, which are all that there are up to a boundary, or None for the end."""
        row, count = self._sizes.row, len(segment.fences)
        filters.fill(segment.filter, entries)
        self._write_filter(segment, segment.reached, boundary)
        self.rows.write("chunks", segment.id, count, entries)
        segment.fences = np.concatenate([segment.fences, entries[::row]])
        self.rows.write("fences", segment.id, count // row, segment.fences[count // row * row :])
        segment.entries += len(entries)
        segment.reached = segment.reached if boundary is None else boundary

    def _write_filter(self, segment: Segment, start: int, stop: int | None) -> None:
        row = self._sizes.row
        first, end = self._filter_rows(segment, start, stop)
        self.rows.write("filters", segment.id, first, segment.filter[first * row : end * row])

    def _finish(self, heir: Segment, inputs: list[Segment]) -> None:
        heir.finished = True
        for segment in inputs:
            self._erase(segment)
        # What was dropped meanwhile, or moved before it was dropped, may still be in the heir.
        before = heir.id if heir.entries else 1 << 62
        done = "FROM dropped WHERE kind = ? AND number BETWEEN ? AND ? AND newest < ?"
        of_these = self._kind, heir.first, heir.last, before
        gone = self._connection.execute(f"SELECT number {done}", of_these).fetchall()
        self._connection.execute(f"DELETE {done}", of_these)
        self.dead = np.setdiff1d(self.dead, np.array(gone, np.uint32).ravel(), assume_unique=True)
        heir.articles = max(0, heir.articles - len(gone))
        if heir.entries:
            self._save(heir)
        else:
            self._erase(heir)

    def _erase(self, segment: Segment) -> None:
        self._connection.execute("DELETE FROM segments WHERE id = ?", (segment.id,))
        self.rows.erase(segment.id)
        del self.segments[segment.id]
