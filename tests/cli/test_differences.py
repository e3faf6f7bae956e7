"""Changed words and moved passages: what two sequences have in common, in order."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from dedup.cli.differences import in_common, rising

TOKENS = st.lists(st.integers(0, 6), max_size=120)


@given(TOKENS, TOKENS)
def test_what_is_common_is_equal_and_in_order_on_both_sides(a: list[int], b: list[int]) -> None:
    found = in_common(a, b)
    assert all(a[i] == b[j] for i, j in found)
    assert all(one[0] < two[0] and one[1] < two[1] for one, two in pairwise(found))


@given(TOKENS)
def test_a_sequence_has_all_in_common_with_itself(a: list[int]) -> None:
    assert in_common(a, a) == [(i, i) for i in range(len(a))]


def test_one_word_exchanged_in_a_long_text_is_the_only_difference() -> None:
    for vocabulary in (20, 3_000):  # with and without words that stand once
        a = random.Random(vocabulary).choices(range(vocabulary), k=20_000)
        b = [*a]
        for at in range(500, 20_000, 1_000):
            b[at] = -1
        lacking = set(range(len(a))) - {i for i, _ in in_common(a, b)}
        assert lacking == set(range(500, 20_000, 1_000))


def test_hostile_sequences_take_no_square_of_time() -> None:
    shuffled = random.Random(1).choices(range(3), k=40_000)
    for a, b in (
        ([1] * 100_000, [1] * 50_000 + [2]),
        (shuffled, shuffled[::-1]),
        ([1, 2] * 40_000, [2, 1, 1] * 30_000),
    ):
        began = time.process_time()
        in_common([0, *a, 9], [8, *b, 0])
        assert time.process_time() - began < 20


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=9))
def test_the_heaviest_rising_subsequence_is_found(items: list[tuple[int, int]]) -> None:
    values, weights = [value for value, _ in items], [weight for _, weight in items]
    found = rising(values, weights)
    assert climbs([values[k] for k in found])
    assert found == sorted(set(found))
    heaviest = max(
        sum(weights[k] for k in some)
        for size in range(len(items) + 1)
        for some in combinations(range(len(items)), size)
        if climbs([values[k] for k in some])
    )
    assert sum(weights[k] for k in found) == heaviest


def climbs(values: Sequence[int]) -> bool:
    return list(values) == sorted(values)
