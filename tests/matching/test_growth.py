"""Growth: a foothold reaches as far as the sharing does, in any order of words, and never past its walls."""

from collections.abc import Callable
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.matching.growth import TABLE, _corner, grow
from dedup.matching.vocabulary import NOWHERE, Words

WordsOf = Callable[[str, str], Words]

OWN_A, OWN_B = (" ".join(f"{side}{k}" for k in range(20)) for side in "ab")
SHARED = "one two three four five six seven eight nine ten"
TURNED = "two one four three six five eight seven ten nine"


def grown(words: Words, span: list[int], walls: list[int] | None = None) -> list[int]:
    found = np.array(span, np.int32)
    within = np.array(walls or [0, len(words.a), 0, len(words.b)], np.int32)
    grow(words, found, False, within, np.empty(TABLE))
    assert not words.bag.any()
    assert np.all(words.first == NOWHERE), "scratch is given back clean"
    return [int(edge) for edge in found]


def test_a_span_takes_in_shared_words_in_another_order(words_of: WordsOf) -> None:
    words = words_of(f"{OWN_A} {SHARED} {OWN_A}", f"{OWN_B} {TURNED} {OWN_B}")
    assert grown(words, [24, 26, 24, 26]) == [20, 30, 20, 30]


def test_a_span_stays_inside_its_walls(words_of: WordsOf) -> None:
    words = words_of(SHARED, SHARED)
    assert grown(words, [4, 6, 4, 6], [2, 8, 2, 8]) == [2, 8, 2, 8]
    assert grown(words, [4, 6, 4, 6], [4, 6, 4, 6]) == [4, 6, 4, 6]


def test_a_span_beside_nothing_shared_keeps_its_edges(words_of: WordsOf) -> None:
    words = words_of(f"{OWN_A} {SHARED} {OWN_A}", f"{OWN_B} {SHARED} {OWN_B}")
    assert grown(words, [20, 30, 20, 30]) == [20, 30, 20, 30]


def test_texts_of_one_word(words_of: WordsOf) -> None:
    assert grown(words_of("one", "one"), [0, 1, 0, 1]) == [0, 1, 0, 1]


def best_corner(words: Words, at: int, unsure: bool) -> tuple[int, int, float]:
    """What a look at every corner of the table finds, to the right of the same place in both texts."""
    a, b = words.a[at:].tolist(), words.b[at:].tolist()
    near = slice(max(0, at - 12) if unsure else at, at)
    best, chosen = 0.0, (0, 0, 0.0)
    if not ({*a} & {*b, *words.b[near].tolist()} or {*b} & {*words.a[near].tolist()}):
        return chosen  # where no word is met there is nothing to grow for, not even a sentence's end
    for x in range(len(a) + 1):
        for y in range(len(b) + 1):
            met_a, met_b = {*a[:x], *words.a[near].tolist()}, {*b[:y], *words.b[near].tolist()}
            gain = sum(float(words.weights[w]) * (1 if w in met_b else -0.5) for w in a[:x])
            gain += sum(float(words.weights[w]) * (1 if w in met_a else -0.5) for w in b[:y])
            value = gain + 2.5 * words.breaks_a[at + x] + 2.5 * words.breaks_b[at + y]
            if value > best + 1e-9:
                best, chosen = value, (x, y, gain)
    return chosen


text = st.lists(st.integers(0, 15), min_size=4, max_size=14)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(text, text, st.integers(0, 4), st.booleans(), st.randoms(use_true_random=False))
def test_the_best_corner_is_the_one_that_a_look_at_all_finds(
    a: list[int], b: list[int], at: int, unsure: bool, dice: Random
) -> None:
    # Weights in steps of an eighth, so that sums are exact in any order.
    weights = np.array([dice.randint(1, 8) / 8 for _ in range(16)])
    breaks_a, breaks_b = (np.array([dice.random() < 0.2 for _ in range(len(one) + 1)]) for one in (a, b))
    flags_a, flags_b = (np.zeros(len(one), np.uint8) for one in (a, b))
    numbers_a, numbers_b = np.array(a, np.int32), np.array(b, np.int32)
    bag, first = np.zeros(16, np.int32), np.full(16, NOWHERE, np.int32)
    words = Words(
        numbers_a, numbers_b, flags_a, flags_b, breaks_a, breaks_b, weights, weights, 0.0, 0.0, bag, first
    )
    walls = np.array([0, len(a), 0, len(b)], np.int32)
    x, y, gain = _corner(words, at, at, 1, walls, unsure, np.empty(TABLE))
    expected = best_corner(words, at, unsure)
    if unsure or expected[2] >= 2.0:  # a chain grows for no less
        assert (x, y, gain) == expected
    else:
        assert gain < 2.0
