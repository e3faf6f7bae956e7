"""Segments: sorted entries that never change, in the file as rows of one database page each.

An entry is a uint64, a key of 32 bits above the number of an article that has it. A segment is cut into chunks of
entries; in memory are only its fences, the first entry of every chunk, and its filter. All three are kept alike: words
of 8 bytes, in rows with a checksum, under the segment's id and the place in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dedup.errors import StoreError
from dedup.index import filters
from dedup.jit import kernel

Words = npt.NDArray[np.uint64]
Table = Literal["chunks", "fences", "filters"]

TABLES: tuple[Table, ...] = ("chunks", "fences", "filters")
SCHEMA = "".join(
    f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, words BLOB NOT NULL);\n"
    for table in TABLES
)

WORDS = 504
"""Words in a row: with its header it just fits in a page of 4096 bytes, and is a whole number of filter blocks."""

_HIGH = np.uint64(32)
_NUMBER = np.uint64(0xFFFFFFFF)


@dataclass(slots=True)
class Segment:
    """What is known of a segment without reading its chunks.

    Attributes:
        level: How often its entries were merged, at most.
        first: The least number of an article in it; `last` is the greatest.
        size: Words in its filter.
        filter: uint64 (size,); blocks below that of `low` may be blank.
        articles: How many it has.
        entries: How many are in its chunks, those below `low` included.
        keys: How many of these have a key of their own; where a merge paused within a key, it counts twice.
        low: Entries below this one have moved to its heir.
        reached: Of a segment that is being filled: it holds whatever those that it is made of had below this entry.
        finished: It is not being filled.
        heir: The segment that is being filled with its entries.
        fences: uint64 (chunks,).
    """

    id: int
    level: int
    first: int
    last: int
    size: int
    filter: Words
    articles: int = 0
    entries: int = 0
    keys: int = 0
    low: int = 0
    reached: int = 0
    finished: bool = True
    heir: int | None = None
    fences: Words = field(default_factory=lambda: np.zeros(0, np.uint64))

    @property
    def begin(self) -> int:
        """The first chunk that has entries not below `low`."""
        return max(0, int(np.searchsorted(self.fences, np.uint64(self.low), "right")) - 1)


class Rows:
    """The rows of segments in an open database.

    Args:
        size: Words in a row, a multiple of 8.
    """

    def __init__(self, connection: sqlite3.Connection, size: int = WORDS) -> None:
        self._connection = connection
        self.size = size

    def damage(self, what: str) -> StoreError:
        """The error to raise for what is broken."""
        file = self._connection.execute("PRAGMA database_list").fetchone()[2] or "the index"
        return StoreError(
            f"{file}: the lists of keys are damaged ({what}); make the index anew from its articles"
        )

    def write(self, table: Table, segment: int, first: int, words: Words) -> None:
        """Put words into the rows from `first` on, the last of which may be shorter."""
        rows = (
            (place(segment, first + i), words[start : start + self.size])
            for i, start in enumerate(range(0, len(words), self.size))
        )
        self._connection.executemany(
            f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)",
            ((id, _checksum(id, row.data), row) for id, row in rows),
        )

    def delete(self, table: Table, segment: int, start: int, stop: int) -> None:
        """Delete the rows from `start` up to `stop`."""
        self._connection.execute(
            f"DELETE FROM {table} WHERE id >= ? AND id < ?", (place(segment, start), place(segment, stop))
        )

    def erase(self, segment: int) -> None:
        """Delete all rows of a segment."""
        for table in TABLES:
            self._connection.execute(
                f"DELETE FROM {table} WHERE id >= ? AND id < ?", (place(segment, 0), place(segment + 1, 0))
            )

    def read(self, table: Table, segment: int, start: int, stop: int | None) -> Iterator[Words]:
        """The rows from `start` up to `stop`, or to the last.

        Raises:
            StoreError: One is missing, or is not as it was written.
        """
        end = place(segment + 1, 0) if stop is None else place(segment, stop)
        expected = place(segment, start)
        for id, checksum, data in self._connection.execute(
            f"SELECT id, sum, words FROM {table} WHERE id >= ? AND id < ? ORDER BY id", (expected, end)
        ):
            if id != expected:
                break
            if not isinstance(data, bytes) or len(data) % 8 or _checksum(id, data) != checksum:
                raise self.damage(f"row {id} of {table} is not as it was written")
            yield np.frombuffer(data, "<u8")
            expected += 1
        if stop is not None and expected != end:
            raise self.damage(f"row {expected} of {table} is missing")

    def chunks(self, ids: Iterable[int]) -> dict[int, bytes]:
        """Chunks by their ids (`place`), unchecked.

        Raises:
            StoreError: One is missing.
        """
        wanted = set(ids)
        found = {
            id: data
            for id, data in self._connection.execute(
                "SELECT chunks.id, chunks.words FROM json_each(?) JOIN chunks ON chunks.id = value",
                (str(list(wanted)),),
            )
            if isinstance(data, bytes) and len(data) % 8 == 0
        }
        for id in wanted - found.keys():
            raise self.damage(f"row {id} of chunks is missing or cut")
        return found


def place(segment: int, row: int) -> int:
    """The id of a row of a segment."""
    return segment << 32 | row


def _checksum(id: int, data: bytes | memoryview) -> int:
    return crc32(data, id & 0xFFFFFFFF)


@kernel
def after(entries: Words, entry: np.uint64) -> int:
    """How many of sorted entries are not above this one."""
    low, high = 0, len(entries)
    while low < high:
        middle = (low + high) >> 1
        if entries[middle] <= entry:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def seek(
    filter: Words,
    fences: Words,
    low: np.uint64,
    keys: npt.NDArray[np.uint32],
    segment: int,
    count: int,
    runs: npt.NDArray[np.int64],
) -> int:
    """Where the entries of keys are, if they are in a segment.

    Args:
        segment: What the segment is called in `runs`.
        count: Rows of `runs` that are filled already.
        runs: int64 (room, 4): receives the index of the key, the segment, the first and the last chunk to look into.

    Returns:
        The rows that are filled now.
    """
    for k in range(len(keys)):
        key = np.uint64(keys[k])
        if not filters.may_hold(filter, key):
            continue
        last = (key << _HIGH) | _NUMBER
        stop = after(fences, last)
        if last >= low and stop > 0:
            runs[count, 0] = k
            runs[count, 1] = segment
            runs[count, 2] = max(0, after(fences, max(low, key << _HIGH)) - 1)
            runs[count, 3] = stop - 1
            count += 1
    return count
