"""Candidates: pairs of rows that share a band key, found by sorting.

A big story must not cost squares. The first ``cap`` rows of a bucket are paired with each other, every further one with
the first only, so rows should come in order of precedence (the would-be canonical article first). What a row is paired
with depends on the rows before it alone: rows that come one at a time give the same pairs.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel


def candidate_pairs(keys: npt.NDArray[np.uint64], cap: int) -> npt.NDArray[np.int64]:
    """Distinct pairs of rows that share a key in the same band.

    Args:
        keys: uint64 (n, bands) from `band_keys`; key 0 is nobody's.
        cap: Rows of a bucket that are compared in full.

    Returns:
        int64 (m, 2), first < second, in ascending order.
    """
    found: list[npt.NDArray[np.uint64]] = []
    for band in range(keys.shape[1]):
        column = keys[:, band]
        rows = np.flatnonzero(column)
        order = rows[np.argsort(column[rows], kind="stable")]
        found.append(_distinct(_link(column[order], order, cap)))
    packed = _distinct(np.concatenate(found)) if found else np.zeros(0, np.uint64)
    pairs = np.empty((len(packed), 2), np.int64)
    pairs[:, 0] = packed >> np.uint64(32)
    pairs[:, 1] = packed & np.uint64(0xFFFFFFFF)
    return pairs


def _distinct(packed: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    ordered = np.sort(packed)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


def _link(keys: npt.NDArray[np.uint64], rows: npt.NDArray[np.int64], cap: int) -> npt.NDArray[np.uint64]:
    room = np.empty(_count_links(keys, cap), np.uint64)
    _fill_links(keys, rows, cap, room)
    return room


@kernel
def _bucket_end(keys: npt.NDArray[np.uint64], start: int) -> int:
    end = start + 1
    while end < len(keys) and keys[end] == keys[start]:
        end += 1
    return end


@kernel
def _count_links(keys: npt.NDArray[np.uint64], cap: int) -> int:
    total = 0
    start = 0
    while start < len(keys):
        end = _bucket_end(keys, start)
        size = min(end - start, cap)
        total += size * (size - 1) // 2 + end - start - size
        start = end
    return total


@kernel
def _fill_links(
    keys: npt.NDArray[np.uint64], rows: npt.NDArray[np.int64], cap: int, room: npt.NDArray[np.uint64]
) -> None:
    at = 0
    start = 0
    while start < len(keys):
        end = _bucket_end(keys, start)
        for j in range(start + 1, end):
            for i in range(start, j if j - start < cap else start + 1):
                room[at] = (np.uint64(rows[i]) << np.uint64(32)) | np.uint64(rows[j])
                at += 1
        start = end
