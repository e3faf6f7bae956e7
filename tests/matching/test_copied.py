"""Copied words: those in exact runs, whatever else alignment takes for the same."""

import numpy as np
import pytest

from dedup.matching.columns import A0, A1, B0, B1, COLUMNS, PAIR
from dedup.matching.copied import copies
from dedup.text.tokens import tokenise


def copied(a: str, b: str) -> list[int]:
    """Of two texts that match from end to end."""
    tokens = tokenise([a, b])
    rows = np.zeros((1, len(COLUMNS)), np.int32)
    rows[0, [PAIR, A0, A1, B0, B1]] = 0, 0, tokens.bounds[1], 0, tokens.bounds[2] - tokens.bounds[1]
    (counts,) = copies(tokens, np.array([[0, 1]], np.int64), rows).words.tolist()
    return list(counts)


@pytest.mark.parametrize(
    ("a", "b", "counts"),
    [
        ("the ferry left the quay at noon", "the ferry left the quay at noon", [7, 7, 7, 7]),
        ("The ferry left — the quay!", "the FERRY left the quay", [5, 5, 5, 5]),
        ("the ferry left the quay", "the ferry left a quay", [0, 0, 0, 0]),
        ("the ferry left the", "the ferry left the", [0, 0, 0, 0]),
        # Two runs with an edited word between them, in another order.
        (
            "one two three four five SIX a b c d e",
            "a b c d e six other one two three four five",
            [10, 10, 10, 5],
        ),
        # A run that one text has twice.
        ("one two three four five and one two three four five", "one two three four five", [10, 5, 5, 5]),
        # What either text has inside quotation marks is copied, but not told.
        ("one two three four five six", "one two “three four five six”", [6, 6, 2, 6]),
        ("", "one two three four five", [0, 0, 0, 0]),
    ],
)
def test_words_in_exact_runs_are_copied(a: str, b: str, counts: list[int]) -> None:
    assert copied(a, b) == counts
    assert copied(b, a) == [counts[1], counts[0], *counts[2:]]


def test_captions_are_not_copied() -> None:
    caption = "A ferry leaves the quay at Osen on Monday. (AP Photo/Ilse Varga)"
    assert copied(caption, caption)[:3] == [0, 0, 0]


def test_only_the_span_counts() -> None:
    tokens = tokenise(["one two three four five six seven"] * 2)
    rows = np.zeros((1, len(COLUMNS)), np.int32)
    rows[0, [PAIR, A0, A1, B0, B1]] = 0, 1, 7, 0, 6
    assert copies(tokens, np.array([[0, 1]], np.int64), rows).words.tolist() == [[5, 5, 5, 5]]
