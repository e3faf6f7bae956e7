"""What may be wrong with the lists of keys in a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dedup.errors import StoreError
from dedup.index import filters
from dedup.index.lookup import is_dead
from dedup.index.segments import TABLES, Segment, Words
from dedup.index.tiers import Tiers
from dedup.jit import kernel

Ints = npt.NDArray[np.int64]

_ANEW = "make the index anew from its articles"
_HIGH = np.uint64(32)
_NUMBER = np.uint64(0xFFFFFFFF)


def problems(
    connection: sqlite3.Connection, kinds: tuple[Tiers, Tiers], live: Ints, held: Ints | None
) -> list[str]:
    """What is broken, one line each with its remedy.

    Args:
        kinds: Those of bands and of fingerprints, with nothing loaded.
        live: int64 (n,), the articles of the index, ascending.
        held: int64 (n,), how many fingerprints each of them has; None to leave that unchecked.
    """
    counts = np.zeros(len(live), np.int64)
    found = list(_in_pending(connection, live, counts))
    found += _in_segments(kinds[0], live, np.zeros(len(live), np.int64))
    found += _in_segments(kinds[1], live, counts)
    found += _beside_segments(connection)
    if held is not None and not found:
        short = live[counts != held]
        if len(short):
            found.append(f"{len(short)} articles, the first number {short[0]}, lack keys; {_ANEW}")
    return found


def _in_pending(connection: sqlite3.Connection, live: Ints, counts: Ints) -> Iterator[str]:
    for number, bands, fingerprints, checksum in connection.execute("SELECT * FROM pending"):
        if crc32(fingerprints, crc32(bands, number & 0xFFFFFFFF)) != checksum:
            yield f"the keys of article number {number} are not as they were written; {_ANEW}"
            continue
        at = int(np.searchsorted(live, number))
        if at == len(live) or live[at] != number:
            yield f"keys lead to article number {number}, which is not there; {_ANEW}"
        else:
            counts[at] = len(fingerprints) // 4


def _in_segments(kind: Tiers, live: Ints, counts: Ints) -> Iterator[str]:
    try:
        kind.load()
    except StoreError as error:
        yield str(error)
        return
    for segment in kind.catalog.in_order():
        try:
            yield from _in_segment(kind, segment, live, counts)
        except StoreError as error:
            yield str(error)


def _in_segment(kind: Tiers, segment: Segment, live: Ints, counts: Ints) -> Iterator[str]:
    entries, orphans = 0, 0
    last = np.uint64(0)
    begin, fences = segment.begin, segment.fences
    for i, words in enumerate(kind.catalog.rows.read("chunks", segment.id, begin, len(fences)), begin):
        entries += len(words)
        what = ""
        if not len(words) or words[0] != fences[i] or words[0] < last or not np.all(words[1:] > words[:-1]):
            what = "is out of order"
        elif not np.all((words & _NUMBER >= segment.first) & (words & _NUMBER <= segment.last)):
            what = "has articles of another segment"
        words = words[np.searchsorted(words, np.uint64(segment.low)) :]
        if not what and filters.first_missing(segment.filter, words) >= 0:
            what = "has keys that its filter denies"
        if what:
            yield f"chunk {i} of segment {segment.id} {what}; {_ANEW}"
            continue
        last = words[-1] if len(words) else last
        orphans += _count(words, live, kind.dead, counts)
    if not begin and entries != segment.entries:
        yield f"segment {segment.id} has {entries} entries instead of {segment.entries}; {_ANEW}"
    if orphans:
        yield f"{orphans} keys in segment {segment.id} lead to articles that are not there; {_ANEW}"


def _beside_segments(connection: sqlite3.Connection) -> Iterator[str]:
    for table in TABLES:
        for (id,) in connection.execute(
            f"SELECT DISTINCT id >> 32 FROM {table} WHERE id >> 32 NOT IN (SELECT id FROM segments)"
        ):
            yield f"{table} has rows of segment {id}, which is not there; {_ANEW}"


@kernel
def _count(entries: Words, live: Ints, dead: npt.NDArray[np.uint32], counts: Ints) -> int:
    """Count the entries of each live article; return those of articles that are neither live nor dropped."""
    orphans = 0
    for entry in entries:
        number = np.int64(entry & _NUMBER)
        # Distinct and ascending: no number stands further up than it is above the first.
        low, high = 0, len(live)
        if high and live[0] <= number:
            high = min(high, number - live[0] + 1)
            if live[high - 1] <= number:
                low = high - 1
        while low < high:
            middle = (low + high) >> 1
            if live[middle] < number:
                low = middle + 1
            else:
                high = middle
        if low < len(live) and live[low] == number:
            counts[low] += 1
        elif not is_dead(dead, entry & _NUMBER):
            orphans += 1
    return orphans
