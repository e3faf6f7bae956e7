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
        sets: Sorted distinct shingle hashes, one set after another, as `shingle_sets` gives them.
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
    for p in range(len(pairs)):
        i = bounds[pairs[p, 0]]
        j = bounds[pairs[p, 1]]
        i_end = bounds[pairs[p, 0] + 1]
        j_end = bounds[pairs[p, 1] + 1]
        size_a = i_end - i
        size_b = j_end - j
        if size_a == 0 or size_b == 0:
            continue
        shared = 0
        while i < i_end and j < j_end:
            if sets[i] == sets[j]:
                shared += 1
                i += 1
                j += 1
            elif sets[i] < sets[j]:
                i += 1
            else:
                j += 1
        jaccard[p] = shared / (size_a + size_b - shared)
        containment[p] = shared / min(size_a, size_b)
