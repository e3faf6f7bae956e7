"""Candidates: all pairs of a bucket's first rows, a star beyond; and the same pairs whenever the rows come."""

import random
import tracemalloc
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.minhash.bands import band_keys
from dedup.minhash.candidates import candidate_pairs
from dedup.minhash.signatures import sign_articles
from dedup.text.tokens import tokenise

laws = settings(deadline=None, derandomize=True)

tables = st.integers(1, 3).flatmap(
    lambda bands: st.lists(
        st.lists(st.integers(0, 4), min_size=bands, max_size=bands), min_size=1, max_size=14
    )
)


def pairs_of(keys: list[list[int]], cap: int) -> list[tuple[int, int]]:
    return [(a, b) for a, b in candidate_pairs(np.array(keys, np.uint64), cap).tolist()]


@laws
@given(tables)
def test_small_buckets_give_all_pairs(keys: list[list[int]]) -> None:
    expected = {
        (i, j)
        for i, j in combinations(range(len(keys)), 2)
        if any(a == b != 0 for a, b in zip(keys[i], keys[j], strict=True))
    }
    assert pairs_of(keys, len(keys) + 2) == sorted(expected)


def test_beyond_the_cap_a_bucket_is_a_star() -> None:
    four = list(combinations(range(4), 2))
    assert pairs_of([[9]] * 4, 4) == four
    assert pairs_of([[9]] * 6, 4) == sorted([*four, (0, 4), (0, 5)])


def test_a_star_does_not_stand_in_the_way_of_another_band() -> None:
    keys = [[9, 1], [9, 2], [9, 3], [9, 3]]
    assert pairs_of(keys, 2) == [(0, 1), (0, 2), (0, 3), (2, 3)]


@laws
@given(tables, st.integers(1, 5))
def test_later_rows_take_no_pair_away_and_add_only_their_own(keys: list[list[int]], cap: int) -> None:
    everything = pairs_of(keys, cap)
    for count in range(1, len(keys)):
        assert pairs_of(keys[:count], cap) == [pair for pair in everything if pair[1] < count]


@laws
@given(tables, st.integers(1, 5), st.integers(0, 200), st.booleans())
def test_little_memory_gives_the_same_pairs(keys: list[list[int]], cap: int, memory: int, high: bool) -> None:
    table = np.array(keys, np.uint64) << np.uint64(32 * high)
    expected = candidate_pairs(table, cap)
    assert np.array_equal(candidate_pairs(table, cap, memory), expected)
    assert expected.tolist() == [list(pair) for pair in pairs_of(keys, cap)]


def test_keys_that_begin_alike_are_not_the_same() -> None:
    alike = [(7 << 32) + low for low in (5, 6, 5, 8, 6, 5)]
    assert pairs_of([[key] for key in alike], 2) == [(0, 2), (0, 5), (1, 4)]


def test_memory_bounds_what_is_found_at_once() -> None:
    # All in one bucket of every band: the same pairs again and again.
    count, memory = 100_000, 1 << 20
    keys = np.full((count, 16), 9 << 40, np.uint64)
    candidate_pairs(keys[:2], 48, memory)
    tracemalloc.start()
    pairs = candidate_pairs(keys, 48, memory)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak <= memory + 30 * count + 40 * len(pairs) + (1 << 16)


def test_a_thousand_copies_cost_a_thousand_pairs_beside_those_of_the_first() -> None:
    assert len(pairs_of([[7, 8]] * 1000, 48)) == 48 * 47 // 2 + 952


def test_nobody_pairs_through_key_0() -> None:
    assert pairs_of([[0], [0], [0]], 48) == []
    assert candidate_pairs(np.zeros((0, 4), np.uint64), 48).shape == (0, 2)


def corpus(seed: int) -> list[str]:
    rng = random.Random(seed)
    words = [f"w{i}" for i in range(400)]
    batch = ["", "", "..."]
    for _ in range(80):
        parent = rng.choices(words, k=rng.randint(1, 60))
        batch.append(" ".join(parent))
        for change in (0.02, 0.1, 0.3):
            batch.append(" ".join(w if rng.random() > change else rng.choice(words) for w in parent))
    return batch


@pytest.mark.parametrize(("bands", "rows"), [(32, 4), (8, 2), (16, 8)])
def test_the_candidates_are_those_of_datasketchs_lsh(bands: int, rows: int) -> None:
    batch = corpus(bands)
    signed = sign_articles(tokenise(batch), 5, 128, 1)
    ours = {(a, b) for a, b in candidate_pairs(band_keys(signed, bands, rows), 10**6).tolist()}
    assert ours == lsh_pairs(signed, bands, rows)


def lsh_pairs(signed: npt.NDArray[np.uint32], bands: int, rows: int) -> set[tuple[int, int]]:
    lsh = MinHashLSH(num_perm=128, params=(bands, rows))
    sketches = [MinHash(num_perm=128, seed=1, hashvalues=row, scheme="affine32") for row in signed]
    # datasketch pairs all empty sets with each other; we none.
    filled = [i for i, sketch in enumerate(sketches) if not sketch.is_empty()]
    for i in filled:
        lsh.insert(i, sketches[i])
    return {(i, j) for i in filled for j in lsh.query(sketches[i]) if i < j}
