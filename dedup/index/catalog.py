"""The segments of one kind of key that a file has, and what of them is in memory."""

from __future__ import annotations

import sqlite3

import numpy as np

from dedup.index import filters
from dedup.index.segments import Rows, Segment, Words

SCHEMA = """\
CREATE TABLE segments (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, level INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, articles INTEGER NOT NULL, entries INTEGER NOT NULL,
    keys INTEGER NOT NULL, size INTEGER NOT NULL, low INTEGER NOT NULL, reached INTEGER NOT NULL,
    finished INTEGER NOT NULL, heir INTEGER, chunks INTEGER NOT NULL);
"""

_FIXED = "level, first, last, size"
_MOVING = "articles, entries, keys, low, reached, finished, heir, chunks"

_SIGN = 1 << 63
"""SQLite's integers have a sign, entries have none."""


class Catalog:
    """The segments of one kind.

    Attributes:
        segments: By id.
        rows: What they are made of.
    """

    def __init__(self, connection: sqlite3.Connection, kind: int, row: int) -> None:
        self._connection = connection
        self._kind = kind
        self.rows = Rows(connection, row)
        self.segments: dict[int, Segment] = {}

    def in_order(self) -> list[Segment]:
        """All segments, those of the first articles first, and an heir before those that it is made of."""
        return sorted(self.segments.values(), key=lambda segment: (segment.first, -segment.id))

    def load(self) -> None:
        """Take up what the file has and memory has not.

        Raises:
            StoreError: Something is damaged.
        """
        known, self.segments = self.segments, {}
        found = self._connection.execute(
            f"SELECT id, {_FIXED}, {_MOVING} FROM segments WHERE kind = ? ORDER BY id", (self._kind,)
        ).fetchall()
        for id, level, first, last, size, articles, entries, keys, low, reached, *state in found:
            segment = known.get(id) or _blank(id, level, first, last, size)
            complete = id in known and segment.finished
            since = max(low + _SIGN, segment.reached)
            segment.articles, segment.entries, segment.keys = articles, entries, keys
            segment.low, segment.reached = low + _SIGN, reached + _SIGN
            finished, segment.heir, chunks = state
            segment.finished = bool(finished)
            begun = segment.finished or segment.reached
            if begun and not complete:
                self._load_words(segment, since, chunks)
            self.segments[id] = segment

    def make(self, level: int, first: int, last: int, articles: int, size: int) -> Segment:
        """A segment that is to be filled, with so many words for its filter."""
        cursor = self._connection.execute(
            f"INSERT INTO segments (kind, {_FIXED}, {_MOVING}) VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, 0, NULL, 0)",
            (self._kind, level, first, last, size, articles, -_SIGN, -_SIGN),
        )
        assert cursor.lastrowid is not None
        segment = _blank(cursor.lastrowid, level, first, last, size)
        segment.articles, segment.finished = articles, False
        self.segments[segment.id] = segment
        return segment

    def save(self, segment: Segment) -> None:
        """Write down what may have changed of a segment beside its rows."""
        s = segment
        self._connection.execute(
            f"UPDATE segments SET ({_MOVING}) = (?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?",
            (
                *(s.articles, s.entries, s.keys, s.low - _SIGN, s.reached - _SIGN),
                *(s.finished, s.heir, len(s.fences), s.id),
            ),
        )

    def erase(self, segment: Segment) -> None:
        """Delete a segment."""
        self._connection.execute("DELETE FROM segments WHERE id = ?", (segment.id,))
        self.rows.erase(segment.id)
        del self.segments[segment.id]

    def append(self, segment: Segment, entries: Words, boundary: int | None) -> None:
        """Add sorted entries, which are all that there are up to a boundary, or None for the end."""
        row, count = self.rows.size, len(segment.fences)
        filters.fill(segment.filter, entries)
        self._write_filter(segment, segment.reached, boundary)
        self.rows.write("chunks", segment.id, count, entries)
        segment.fences = np.concatenate([segment.fences, entries[::row]])
        self.rows.write("fences", segment.id, count // row, segment.fences[count // row * row :])
        segment.entries += len(entries)
        segment.keys += filters.distinct(entries)
        segment.reached = segment.reached if boundary is None else boundary
        segment.finished = boundary is None
        self.save(segment)

    def close(self, segment: Segment) -> None:
        """Fill a segment no further than it is filled."""
        if not segment.finished:
            self.append(segment, np.empty(0, np.uint64), None)

    def taken(self, segment: Segment, boundary: int | None) -> Words:
        """The entries of a segment from its `low` up to a boundary, or None for the end.

        Raises:
            StoreError: A chunk is damaged.
        """
        start, stop = segment.begin, len(segment.fences)
        if boundary is not None:
            stop = int(np.searchsorted(segment.fences, np.uint64(boundary)))
        if stop <= start:
            return np.empty(0, np.uint64)
        entries = np.concatenate(list(self.rows.read("chunks", segment.id, start, stop)))
        end = len(entries) if boundary is None else np.searchsorted(entries, np.uint64(boundary))
        return entries[np.searchsorted(entries, np.uint64(segment.low)) : end]

    def give_up(self, segment: Segment, boundary: int) -> None:
        """Its heir has all entries up to a boundary: delete what is not needed any more."""
        chunk, (row, _) = segment.begin, self._filter_rows(segment, segment.low, None)
        segment.low = max(segment.low, boundary)
        self.save(segment)
        self.rows.delete("chunks", segment.id, chunk, segment.begin)
        self.rows.delete("filters", segment.id, row, self._filter_rows(segment, segment.low, None)[0])

    def _load_words(self, segment: Segment, since: int, chunks: int) -> None:
        row = self.rows.size
        first = len(segment.fences) // row
        fences = [segment.fences[: first * row]]
        fences += self.rows.read("fences", segment.id, first, -(-chunks // row))
        segment.fences = np.concatenate(fences)
        if len(segment.fences) != chunks:
            raise self.rows.damage(f"segment {segment.id} has {len(segment.fences)} of {chunks} fences")
        start, stop = self._filter_rows(segment, since, None if segment.finished else segment.reached)
        for i, words in enumerate(self.rows.read("filters", segment.id, start, stop), start):
            if len(words) != len(segment.filter[i * row : (i + 1) * row]):
                raise self.rows.damage(f"row {i} of the filter of segment {segment.id} is cut")
            segment.filter[i * row : (i + 1) * row] = words

    def _filter_rows(self, segment: Segment, start: int, stop: int | None) -> tuple[int, int]:
        """The rows of a filter that have the keys of the entries from `start` up to `stop`."""

        def row(entry: int) -> int:
            return filters.block_of(segment.size, entry >> 32) * filters.BLOCK // self.rows.size

        return row(start), (-(-segment.size // self.rows.size) if stop is None else row(stop) + 1)

    def _write_filter(self, segment: Segment, start: int, stop: int | None) -> None:
        row = self.rows.size
        first, end = self._filter_rows(segment, start, stop)
        self.rows.write("filters", segment.id, first, segment.filter[first * row : end * row])


def _blank(id: int, level: int, first: int, last: int, size: int) -> Segment:
    return Segment(id, level, first, last, size, np.zeros(size, np.uint64))
