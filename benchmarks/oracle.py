"""Every pair of sets above a Jaccard threshold, found without MinHash: what LSH is measured against."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import orjson

ROWS_AT_ONCE = 256

Pairs = dict[tuple[int, int], float]


def exact_pairs(sets: npt.NDArray[np.uint64], bounds: npt.NDArray[np.int64], threshold: float) -> Pairs:
    """All pairs ``i < j`` with ``|A ∩ B| / |A ∪ B| >= threshold``, with that Jaccard similarity.

    The intersections are counted through an inverted index over all elements: the product of the membership
    matrix with its transpose, some rows at a time.

    Args:
        sets: Distinct elements of one set after another.
        bounds: int64 (n + 1,); set i is ``sets[bounds[i]:bounds[i + 1]]``.
    """
    from scipy.sparse import csr_array

    elements, columns = np.unique(sets, return_inverse=True)
    size = np.diff(bounds)
    shape = (len(size), len(elements))
    members = csr_array((np.ones(len(sets), np.int32), columns.astype(np.int32), bounds), shape=shape)
    index = members.T.tocsr()
    pairs: Pairs = {}
    for low in range(0, len(size), ROWS_AT_ONCE):
        common = (members[low : low + ROWS_AT_ONCE] @ index).tocoo()
        first, second = common.coords[0] + low, common.coords[1]
        jaccard = common.data / (size[first] + size[second] - common.data)
        kept = (first < second) & (jaccard >= threshold)
        for i, j, value in zip(first[kept], second[kept], jaccard[kept], strict=True):
            pairs[int(i), int(j)] = float(value)
    return pairs


def cached_pairs(
    sets: npt.NDArray[np.uint64], bounds: npt.NDArray[np.int64], threshold: float, cache: Path
) -> Pairs:
    """`exact_pairs`, kept in a file whose name says which sets and threshold it answers."""
    stamp = hashlib.sha256(sets.tobytes() + bounds.tobytes() + str(threshold).encode()).hexdigest()[:16]
    path = cache / f"exact-pairs-{stamp}.json"
    if path.exists():
        return {(i, j): jaccard for i, j, jaccard in orjson.loads(path.read_bytes())}
    pairs = exact_pairs(sets, bounds, threshold)
    cache.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps([[i, j, jaccard] for (i, j), jaccard in pairs.items()]))
    return pairs
