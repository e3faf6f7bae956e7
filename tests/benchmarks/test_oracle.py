"""The oracle agrees with comparing every pair."""

import random
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from benchmarks.oracle import cached_pairs, exact_pairs

THRESHOLD = 0.5


def families(seed: int) -> list[set[int]]:
    rng = random.Random(seed)
    sets: list[set[int]] = [set()]
    for _ in range(60):
        parent = {rng.randrange(10_000) for _ in range(rng.randint(1, 40))}
        sets.append(parent)
        sets.append({x for x in parent if rng.random() < 0.8} | {rng.randrange(10_000) for _ in range(5)})
    return sets


def packed(
    sets: list[set[int]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.uint64]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    bounds = np.zeros(len(sets) + 1, np.int64)
    bounds[1:] = np.cumsum([len(s) for s in sets])
    return np.array([x for s in sets for x in sorted(s)], np.uint64), bounds


@pytest.mark.parametrize("seed", range(3))
def test_every_pair_above_the_threshold_and_no_other(seed: int) -> None:
    sets = families(seed)
    expected = {
        (i, j): len(a & b) / len(a | b)
        for (i, a), (j, b) in combinations(enumerate(sets), 2)
        if a | b and len(a & b) / len(a | b) >= THRESHOLD
    }
    assert expected
    assert exact_pairs(*packed(sets), THRESHOLD) == pytest.approx(expected)


def test_the_cache_answers_the_same_and_only_for_the_same_sets(tmp_path: Path) -> None:
    some, others = packed(families(1)), packed(families(2))
    first = cached_pairs(*some, THRESHOLD, tmp_path)
    assert cached_pairs(*some, THRESHOLD, tmp_path) == first
    assert cached_pairs(*others, THRESHOLD, tmp_path) != first
    assert len(list(tmp_path.iterdir())) == 2
