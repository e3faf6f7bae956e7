"""The plain shingles that the program's own are checked against."""

import numpy as np

from benchmarks.reuters import Agreement, plain_shingles


def test_shingles_are_runs_of_words_without_case() -> None:
    shingles, bounds = plain_shingles(["One, two three FOUR.", "one two three four", "one two three five"], 3)
    first, second, third = (set(shingles[bounds[i] : bounds[i + 1]].tolist()) for i in range(3))
    assert first == second
    assert len(first) == 2
    assert len(first & third) == 1


def test_a_short_text_is_one_shingle_and_an_empty_one_none() -> None:
    _, bounds = plain_shingles(["one two", "", "..."], 5)
    assert np.diff(bounds).tolist() == [1, 0, 0]


def test_agreement_counts_what_is_missed_and_what_is_too_much() -> None:
    agreement = Agreement(exact={(0, 1): 0.9, (0, 2): 0.8}, found={(0, 1): 0.9, (3, 4): 1.0})
    assert agreement.recall == 0.5
    assert agreement.missed == {(0, 2): 0.8}
    assert agreement.unknown == {(3, 4): 1.0}
