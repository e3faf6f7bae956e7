"""Two texts as numbered words, for the tests of what works on one pair."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from dedup.matching.vocabulary import NOWHERE, Words

WordsOf = Callable[[str, str], Words]


@pytest.fixture
def words_of() -> WordsOf:
    """Words of two texts, each of weight 1; a passage ends behind a full stop."""

    def number(a: str, b: str) -> Words:
        known = {word: k for k, word in enumerate(dict.fromkeys(f"{a} {b}".replace(".", "").split()))}
        (words_a, flags_a, breaks_a), (words_b, flags_b, breaks_b) = (
            (
                np.array([known[word] for word in text.replace(".", "").split()], np.int32),
                np.zeros(len(text.split()), np.uint8),
                np.array([True, *(word.endswith(".") for word in text.split())], np.bool_),
            )
            for text in (a, b)
        )
        bag, first = np.zeros(len(known), np.int32), np.full(len(known), NOWHERE, np.int32)
        met_a, met_b = float(np.isin(words_a, words_b).sum()), float(np.isin(words_b, words_a).sum())
        weights, both = np.ones(len(known)), np.isin(np.arange(len(known)), np.intersect1d(words_a, words_b))
        signed = np.where(both, weights, -weights)
        return Words(
            words_a, words_b, flags_a, flags_b, breaks_a, breaks_b, weights, signed, met_a, met_b, bag, first
        )

    return number
