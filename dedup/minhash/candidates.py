"""Candidates: pairs of rows that share a band key, found by sorting.

A big story must not cost squares. The first ``cap`` rows of a bucket are paired with each other, every further one with
the first only, so rows should come in order of precedence (the would-be canonical article first). What a row is paired
with depends on the rows before it alone: rows that come one at a time give the same pairs.

Sorted are half a key and its row in one word. Two rows that are alike in many bands are found as often, so pairs are
freed of repetitions again and again on the way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.minhash.radix import Words, distinct_pairs, sorted_by, unpacked

_LEAST_ROOM = 1 << 20  # pairs found between two sweeps for repetitions, by default at least
_HALF = 32
_HIGH = np.uint64(_HALF)
_LOW = np.uint64(0xFFFFFFFF)


def candidate_pairs(keys: Words, cap: int, memory: int | None = None) -> npt.NDArray[np.int64]:
    """Distinct pairs of rows that share a key in the same band.

    Args:
        keys: uint64 (n, bands) from `band_keys`; key 0 is nobody's.
        cap: Rows of a bucket that are compared in full.
        memory: Bytes to work in at most, beside the keys, 30 for a row and 40 for a pair of the answer, which it takes
            in any case. Less of it takes longer, and never changes the answer. More than 64 for a row are of no use.

    Returns:
        int64 (m, 2), first < second, in ascending order.
    """
    rows, bands = keys.shape
    room = max(_LEAST_ROOM, 4 * rows)
    if memory is not None:
        room = min(room, max(memory // 16, rows // 4))
    found, count = np.empty(room, np.uint64), 0
    for band in range(bands):
        column = np.ascontiguousarray(keys[:, band])
        ordered = sorted_by(_halves(column), _HALF, _HALF)
        start = 0
        while start < len(ordered):
            end, more = _extent(ordered, column, start, cap, room)
            if count + more > len(found):
                distinct = distinct_pairs(found[:count], rows)
                count = len(distinct)
                found = np.empty(count + max(count, room, more), np.uint64)
                found[:count] = distinct
            _link(ordered[start:end], column, cap, found[count : count + more])
            count += more
            start = end
    return unpacked(distinct_pairs(found[:count], rows))


@kernel
def _halves(column: Words) -> Words:
    """Of every key that is somebody's the high half, and the row below it."""
    halves = np.empty(len(column), np.uint64)
    count = 0
    for row in range(len(column)):
        if column[row]:
            halves[count] = (column[row] >> _HIGH << _HIGH) | np.uint64(row)
            count += 1
    return halves[:count]


@kernel
def _bucket_end(ordered: Words, column: Words, start: int) -> int:
    """Where the rows end that share the key of the one at ``start``.

    Those whose key is another one, but begins alike, are moved behind them.
    """
    high = ordered[start] >> _HIGH
    key = column[ordered[start] & _LOW]
    others = 0
    end = start + 1
    while end < len(ordered) and ordered[end] >> _HIGH == high:
        others += column[ordered[end] & _LOW] != key
        end += 1
    if others:
        aside = np.empty(others, np.uint64)
        others = 0
        kept = start
        for k in range(start, end):
            if column[ordered[k] & _LOW] == key:
                ordered[kept] = ordered[k]
                kept += 1
            else:
                aside[others] = ordered[k]
                others += 1
        ordered[kept:end] = aside
        end = kept
    return end


@kernel
def _extent(ordered: Words, column: Words, start: int, cap: int, room: int) -> tuple[int, int]:
    """Where as many buckets end as give `room` pairs, one bucket at least; and how many pairs they give."""
    total = 0
    first = start
    while start < len(ordered):
        end = _bucket_end(ordered, column, start)
        size = min(end - start, cap)
        links = size * (size - 1) // 2 + end - start - size
        if start > first and total + links > room:
            break
        total += links
        start = end
    return start, total


@kernel
def _link(ordered: Words, column: Words, cap: int, found: Words) -> None:
    at = 0
    start = 0
    while start < len(ordered):
        end = _bucket_end(ordered, column, start)
        for j in range(start + 1, end):
            for i in range(start, j if j - start < cap else start + 1):
                found[at] = (ordered[i] << _HIGH) | (ordered[j] & _LOW)
                at += 1
        start = end
