"""Growth: a foothold reaches as far as the sharing does, in any order of words, and never past its walls."""

from collections.abc import Callable

import numpy as np

from dedup.matching.growth import TABLE, grow
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
