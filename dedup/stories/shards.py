"""Shards: whole stories at a time, so that what is concluded of one needs nothing of another.

Articles that are linked, directly or through others, stay together; what a shard concludes is what the whole would.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel

Ints = npt.NDArray[np.int64]


def shards(count: int, links: Ints, size: int) -> list[Ints]:
    """All articles, divided so that linked ones are together.

    Args:
        count: Articles, by number.
        links: int64 (m, 2), articles that have to be together.
        size: Articles that a shard has, about; a group of more stays whole.

    Returns:
        The numbers of each shard, ascending; int64 each.
    """
    if not count:
        return []
    root = _roots(count, np.ascontiguousarray(links, np.int64))
    order = np.argsort(root, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(root[order]) != 0))
    begun = np.flatnonzero(np.append(True, np.diff(first // size) != 0))
    return [np.sort(part) for part in np.split(order, first[begun][1:])]


@kernel
def _roots(count: int, links: Ints) -> Ints:
    """The least number of each one's group (union-find with path halving)."""
    parent = np.arange(count)
    for k in range(len(links)):
        a, b = links[k, 0], links[k, 1]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a < b:
            parent[b] = a
        else:
            parent[a] = b
    for i in range(count):
        parent[i] = parent[parent[i]]
    return parent
