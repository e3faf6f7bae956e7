"""Digests: a stretch in the words of the whole of a longer text is told, and nothing else is."""

from collections.abc import Callable

import numpy as np

from dedup.matching.columns import A0, B1, MATCHED, WIDTH
from dedup.matching.digests import add_digests
from dedup.matching.vocabulary import Words

WordsOf = Callable[[str, str], Words]

SENTENCES = [" ".join(f"s{i}w{k}" for k in range(12)) + "." for i in range(20)]
SOURCE = " ".join(SENTENCES)
SUMMARY = " ".join(f"s{i}w{k}" for i in range(0, 20, 2) for k in (1, 5, 9)) + "."
OWN = " ".join(f"own{k}" for k in range(150)) + "."


def digests(words_of: WordsOf, a: str, b: str) -> list[list[int]]:
    words = words_of(a, b)
    kept = np.zeros((3, WIDTH), np.int32)
    n = add_digests(words, 0, kept, 0, np.zeros(max(len(words.a), len(words.b)) + 1, np.bool_))
    assert not words.bag.any(), "scratch is given back clean"
    assert np.all(kept[:n, MATCHED] > 0)
    return [[int(edge) for edge in row] for row in kept[:n, A0 : B1 + 1]]


def test_a_summary_is_told_with_all_that_it_draws_from(words_of: WordsOf) -> None:
    drawn_from = [0, 19 * 12]
    assert digests(words_of, f"{OWN} {SUMMARY} {OWN}", SOURCE) == [[150, 180, *drawn_from]]
    assert digests(words_of, SOURCE, f"{OWN} {SUMMARY} {OWN}") == [[*drawn_from, 150, 180]]


def test_texts_without_a_word_in_common_have_none(words_of: WordsOf) -> None:
    assert digests(words_of, OWN, SOURCE) == []
    assert digests(words_of, "one", "two") == []
