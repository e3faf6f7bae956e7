"""Neighbours: those that share fingerprints, the strongest first, and never more than a set number an article."""

import tracemalloc
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.minhash import neighbours
from dedup.minhash.neighbours import neighbour_pairs

laws = settings(deadline=None, derandomize=True)

articles = st.lists(st.lists(st.integers(0, 12), max_size=6), max_size=10)


def carried(held: list[list[int]]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    keys = np.array([key for row in held for key in row], np.uint32)
    return keys, np.cumsum([0, *map(len, held)])


def pairs_of(held: list[list[int]], least: int, most: int, cap: int = 10**6) -> list[tuple[int, int]]:
    keys, bounds = carried(held)
    return [(a, b) for a, b in neighbour_pairs(keys, bounds, least, most, cap).tolist()]


@laws
@given(articles, st.integers(1, 3))
def test_where_nothing_is_common_all_that_share_enough_are_neighbours(
    held: list[list[int]], least: int
) -> None:
    expected = [
        (i, j)
        for i, j in combinations(range(len(held)), 2)
        if len(set(held[i]) & set(held[j])) >= max(1, min(least, len(set(held[j]))))
    ]
    assert pairs_of(held, least, 100) == expected


@laws
@given(articles, st.integers(1, 3), st.integers(1, 4))
def test_the_order_of_fingerprints_does_not_matter(held: list[list[int]], least: int, most: int) -> None:
    once = pairs_of(held, least, most)
    assert pairs_of([sorted(row, reverse=True) for row in held], least, most) == once


@laws
@given(
    st.lists(st.lists(st.integers(0, 12).map(lambda key: key * 331_000_000), max_size=6), max_size=10),
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 500),
)
def test_little_memory_and_a_file_give_the_same_pairs(
    held: list[list[int]], least: int, most: int, cap: int, memory: int
) -> None:
    keys, bounds = carried(held)
    everything = neighbour_pairs(keys, bounds, least, most, cap)
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        # However little memory, no more than so many passes are made.
        patch.setattr(neighbours, "_PASSES", 1 << 20)
        some = neighbour_pairs(keys, bounds, least, most, cap, memory, Path(folder))
        assert np.array_equal(some, everything)
        assert not list(Path(folder).iterdir())


def test_memory_bounds_what_is_sorted_and_counted_at_once() -> None:
    rng = np.random.default_rng(4)
    count, each, memory = 20_000, 100, 1 << 20
    keys = rng.integers(0, 1 << 32, count * each, dtype=np.uint32)
    # Ten and ten articles in a row have a fifth of theirs in common.
    by_ten = keys.reshape(-1, 10, each)
    by_ten[:, :, :20] = by_ten[:, :1, :20]
    bounds = np.arange(count + 1) * each
    tracemalloc.start()
    with TemporaryDirectory() as folder:
        pairs = neighbour_pairs(keys, bounds, 2, 5, 48, memory, Path(folder))
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(pairs) == 35 * count // 10
    assert peak <= memory + 40 * count + 25 * len(pairs) + (1 << 20) < keys.nbytes


def test_a_fingerprint_that_many_carry_links_further_ones_with_the_first_only() -> None:
    four = list(combinations(range(4), 2))
    assert pairs_of([[7, 8]] * 4, 2, 100, 4) == four
    assert pairs_of([[7, 8]] * 6, 2, 100, 4) == sorted([*four, (0, 4), (0, 5)])
    assert len(pairs_of([[7, 8]] * 3000, 2, 100, 48)) == 48 * 47 // 2 + 2952


@laws
@given(articles, st.integers(1, 3), st.integers(1, 4), st.integers(1, 4))
def test_later_articles_take_no_pair_away_and_add_only_their_own(
    held: list[list[int]], least: int, most: int, cap: int
) -> None:
    everything = pairs_of(held, least, most, cap)
    for count in range(len(held)):
        assert pairs_of(held[:count], least, most, cap) == [pair for pair in everything if pair[1] < count]


def test_an_article_proposes_the_earlier_ones_that_share_most_then_the_earliest() -> None:
    held = [[1, 2, 3], [4, 5], [6, 7], [8, 9, 10], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]
    assert pairs_of(held, 2, 2) == [(0, 4), (3, 4)]
    assert pairs_of(held, 2, 3) == [(0, 4), (1, 4), (3, 4)]


def test_what_is_not_proposed_by_the_later_one_is_no_pair() -> None:
    # The second shares all that it has with the first, but the third, which came later, has more in common.
    held = [[1, 2], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5]]
    assert pairs_of(held, 2, 1) == [(0, 1), (1, 2)]


def test_pairs_grow_as_the_articles_do_whatever_they_share() -> None:
    rng = np.random.default_rng(6)
    for count in (1000, 2000):
        # Every passage stands in 20 articles, and every article holds 30 of them.
        held = [list[int]() for _ in range(count)]
        for passage in range(count * 30 // 20):
            for i in rng.choice(count, 20, replace=False).tolist():
                held[i] += [2 * passage, 2 * passage + 1]
        assert len(pairs_of(held, 2, 1000)) > 150 * count
        assert len(pairs_of(held, 2, 25)) <= 25 * count


def test_nobody_is_a_neighbour_of_itself_and_nothing_of_nothing() -> None:
    assert pairs_of([[5, 5, 6, 6]], 1, 10) == []
    assert pairs_of([[5, 5], [5]], 2, 10) == [(0, 1)]
    assert pairs_of([[5, 5, 9], [5, 8]], 2, 10) == []
    assert pairs_of([], 2, 10) == []
    assert pairs_of([[], [3], [], [3]], 1, 10) == [(1, 3)]
