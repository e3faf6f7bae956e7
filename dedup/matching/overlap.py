"""Overlap: exact Jaccard and containment on shingle sets. LSH proposes, this disposes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel


def overlaps(
    sets: npt.NDArray[np.uint64], bounds: npt.NDArray[np.int64], pairs: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Exact similarity of every pair of sets.

    Args:
        sets: Distinct shingle hashes, one set after another, as `shingle_sets` gives them.
        bounds: int64 (n + 1,); set i is ``sets[bounds[i]:bounds[i + 1]]``.
        pairs: int64 (m, 2), indices of sets.

    Returns:
        Jaccard ``|A ∩ B| / |A ∪ B|`` and containment ``|A ∩ B| / min(|A|, |B|)``, float64 (m,). Both are 0 where a set
        is empty: two texts without tokens are not alike, they are nothing.
    """
    jaccard = np.zeros(len(pairs))
    containment = np.zeros(len(pairs))
    _overlaps(sets, bounds, pairs, jaccard, containment)
    return jaccard, containment


@kernel
def _overlaps(
    sets: npt.NDArray[np.uint64],
    bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    jaccard: npt.NDArray[np.float64],
    containment: npt.NDArray[np.float64],
) -> None:
    longest = 0
    for p in range(len(pairs)):
        longest = max(longest, bounds[pairs[p, 0] + 1] - bounds[pairs[p, 0]])
    slots = 16
    while slots < 2 * longest:
        slots *= 2
    table = np.full(slots, -1, np.int64)  # where each shingle of the pair's first set is
    mask = np.uint64(slots - 1)
    for p in range(len(pairs)):
        i, i_end = bounds[pairs[p, 0]], bounds[pairs[p, 0] + 1]
        j, j_end = bounds[pairs[p, 1]], bounds[pairs[p, 1] + 1]
        # The table is kept for the next pair if that has the same first text.
        if p == 0 or pairs[p, 0] != pairs[p - 1, 0]:
            for k in range(i, i_end):
                slot = sets[k] & mask
                while table[slot] >= 0:
                    slot = (slot + np.uint64(1)) & mask
                table[slot] = k
        shared = 0
        for k in range(j, j_end):
            slot = sets[k] & mask
            while table[slot] >= 0 and sets[table[slot]] != sets[k]:
                slot = (slot + np.uint64(1)) & mask
            shared += table[slot] >= 0
        if p + 1 == len(pairs) or pairs[p, 0] != pairs[p + 1, 0]:
            for k in range(i, i_end):
                slot = sets[k] & mask
                while table[slot] >= 0:
                    table[slot] = -1
                    slot = (slot + np.uint64(1)) & mask
        size_a, size_b = i_end - i, j_end - j
        if size_a and size_b:
            jaccard[p] = shared / (size_a + size_b - shared)
            containment[p] = shared / min(size_a, size_b)
