"""Shards: linked articles are together, all are there once, and no shard is larger than it must be."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.stories.shards import shards

COUNT = 40
LINKS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=30)


@settings(deadline=None)  # the first example compiles
@given(links=LINKS, size=st.integers(1, 50))
def test_linked_articles_are_together_and_everyone_is_somewhere(
    links: list[tuple[int, int]], size: int
) -> None:
    found = shards(COUNT, np.array(links, np.int64).reshape(-1, 2), size)
    assert sorted(np.concatenate(found).tolist()) == list(range(COUNT))
    assert all((np.diff(part) > 0).all() for part in found)
    where = {i: number for number, part in enumerate(found) for i in part.tolist()}
    assert all(where[a] == where[b] for a, b in links)


def test_a_shard_has_about_the_size_that_is_wanted() -> None:
    pairs = np.array([(i, i + 1) for i in range(0, 1000, 2)], np.int64)
    sizes = [len(part) for part in shards(1000, pairs, 100)]
    assert sum(sizes) == 1000
    assert max(sizes) <= 102
    one_story = np.column_stack((np.zeros(999, np.int64), np.arange(1, 1000)))
    assert [len(part) for part in shards(1000, one_story, 100)] == [1000]
    assert shards(0, pairs[:0], 100) == []
