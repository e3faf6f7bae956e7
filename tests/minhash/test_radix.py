"""Sorting words by some of their bits: as a stable sort by these bits alone."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.minhash.radix import distinct_pairs, order_of, sorted_by, sorted_pairs, unpacked

laws = settings(deadline=None, derandomize=True)

words = st.lists(st.one_of(st.integers(0, 2**64 - 1), st.sampled_from([0, 1, 2**32, 2**63])), max_size=40)


@laws
@given(words, st.integers(0, 63), st.integers(0, 64))
def test_words_are_sorted_by_the_bits_asked_for_and_otherwise_stay_in_order(
    given_words: list[int], low: int, bits: int
) -> None:
    bits = min(bits, 64 - low)
    expected = sorted(given_words, key=lambda word: word >> low & ((1 << bits) - 1))
    assert sorted_by(np.array(given_words, np.uint64), low, bits).tolist() == expected


@laws
@given(st.integers(1, 2**32).flatmap(lambda n: st.tuples(st.just(n), st.lists(st.integers(0, n - 1)))))
def test_pairs_are_sorted_by_the_first_then_by_the_second(drawn: tuple[int, list[int]]) -> None:
    count, numbers = drawn
    pairs = list(zip(numbers, reversed(numbers), strict=True))
    packed = np.array([first << 32 | second for first, second in pairs], np.uint64)
    assert unpacked(distinct_pairs(packed.copy(), count)).tolist() == [
        list(pair) for pair in sorted({*pairs})
    ]
    first, second = np.array(pairs, np.int64).reshape(-1, 2).T
    assert order_of(first, second, count).tolist() == np.lexsort((second, first)).tolist()
    assert unpacked(sorted_pairs(packed, count)).tolist() == [list(pair) for pair in sorted(pairs)]
