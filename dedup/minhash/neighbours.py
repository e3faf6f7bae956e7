"""Neighbours: pairs of articles that have fingerprints in common, by counting through an inverted index.

Whatever the corpus, an article proposes no more than a set number of earlier ones, those that it has most in common
with; so the pairs grow as the articles do. A fingerprint that many earlier articles carry is furniture, a stock phrase
or a big story's: it links with the first of them only. What an article proposes depends on the earlier ones alone:
articles that come one at a time propose the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]

_ROOM = 1 << 20  # pairs that are proposed between two sweeps for duplicates
_HALF = 32
_LOW = (1 << _HALF) - 1


def neighbour_pairs(keys: npt.NDArray[np.uint32], owner: Int32s, least: int, most: int, cap: int) -> Ints:
    """Pairs of articles with `least` distinct fingerprints in common; with all that the later one has, if it has fewer.

    Args:
        keys: uint32 (f,), fingerprints.
        owner: int32 (f,), the article of each, ascending and in order of precedence.
        most: Earlier articles that one article proposes at most: those that share most with it, the earlier of two
            that share as much.
        cap: Carriers of a fingerprint, the earliest, that it links with each other; further ones with the first only.

    Returns:
        int64 (m, 2), first < second, in ascending order; ``m <= most * articles``.
    """
    buckets, bounds, first, carriers = _index(keys, owner)
    count = len(bounds) - 1
    held = np.bincount(carriers, minlength=count)
    shared, touched = np.zeros(count, np.int32), np.empty(count, np.int64)
    step = max(1, _ROOM // max(1, min(most, count)))
    room = np.empty(step * min(most, count), np.int64)
    found = [np.zeros(0, np.int64)]
    for low in range(0, count, step):
        high = min(low + step, count)
        filled = _propose(
            low, high, buckets, bounds, first, carriers, held, least, most, cap, shared, touched, room
        )
        found.append(room[:filled].copy())
    packed = np.sort(np.concatenate(found))
    return np.column_stack((packed >> _HALF, packed & _LOW))


def _index(keys: npt.NDArray[np.uint32], owner: Int32s) -> tuple[Int32s, Ints, Ints, Int32s]:
    """Who carries what: ``(buckets, bounds, first, carriers)``.

    Article i has the fingerprints of the buckets ``buckets[bounds[i]:bounds[i + 1]]``, those that nobody else has left
    out; bucket j lists the articles ``carriers[first[j]:first[j + 1]]``, ascending.
    """
    ordered = np.sort(keys.astype(np.uint64) << np.uint64(_HALF) | np.arange(len(keys), dtype=np.uint64))
    at = ordered.astype(np.uint32)
    carriers = owner[at]
    fresh = _changes(ordered >> np.uint64(_HALF))
    distinct = fresh | _changes(carriers)
    at, carriers, fresh = at[distinct], carriers[distinct], fresh[distinct]
    first = np.append(np.flatnonzero(fresh), len(carriers))
    bucket = np.cumsum(fresh, dtype=np.int32) - np.int32(1)
    common = (np.diff(first) > 1)[bucket]
    buckets = np.full(len(keys), -1, np.int32)
    buckets[at[common]] = bucket[common]
    held = buckets >= 0
    count = int(owner[-1]) + 1 if len(owner) else 0
    return buckets[held], np.searchsorted(owner[held], np.arange(count + 1)), first, carriers


def _changes(column: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Where a column has another value than the row before."""
    return np.append(True, column[1:] != column[:-1])[: len(column)]


@kernel
def _propose(
    low: int,
    high: int,
    buckets: Int32s,
    bounds: Ints,
    first: Ints,
    carriers: Int32s,
    held: Ints,
    least: int,
    most: int,
    cap: int,
    shared: Int32s,
    touched: Ints,
    room: Ints,
) -> int:
    """Fill `room` with the packed pairs that articles ``low`` to ``high`` propose; return how many.

    `shared` is all zero before and after.
    """
    filled = 0
    for a in range(low, high):
        met = 0
        for k in range(bounds[a], bounds[a + 1]):
            start = first[buckets[k]]
            end = first[buckets[k] + 1]
            if end - start > cap and carriers[start + cap - 1] < a:
                end = start + 1
            for q in range(start, end):
                b = np.int64(carriers[q])
                if b >= a:
                    break
                if shared[b] == 0:
                    touched[met] = b
                    met += 1
                shared[b] += 1
        kept = 0
        for k in range(met):
            b = touched[k]
            if shared[b] >= min(least, held[a]):
                # Sorted, the strongest come first, of equals the earliest.
                touched[kept] = b - (np.int64(shared[b]) << _HALF)
                kept += 1
            shared[b] = 0
        if kept > most:
            touched[:kept].sort()
            kept = most
        for k in range(kept):
            b = touched[k] & _LOW
            room[filled] = (b << _HALF) | a
            filled += 1
    return filled
