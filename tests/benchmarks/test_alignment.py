"""The copies that alignment is timed on."""

import random

from benchmarks.alignment import CHANGED, LEFT_OUT, edited, rates


def test_a_copy_loses_its_beginning_and_some_words() -> None:
    words = [f"w{i}" for i in range(200)]
    copy = edited(" ".join(words), random.Random(1)).split()
    assert len(copy) == 200 - LEFT_OUT
    assert 0 < sum(a != b for a, b in zip(copy, words[LEFT_OUT:], strict=True)) <= CHANGED


def test_both_kinds_of_pairs_are_timed_both_ways() -> None:
    texts = [" ".join(f"w{i * j % 97}" for i in range(80)) for j in range(1, 7)]
    measured = rates(texts, 1)
    assert list(measured) == ["different articles", "edited copies"]
    assert all(rate > 0 for both in measured.values() for rate in both)
