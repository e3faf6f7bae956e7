"""Chains: runs that follow each other are one passage, and each run stands in one chain at most."""

import numpy as np

from dedup.matching.chains import GAP, chains
from dedup.matching.columns import A0, B1, LONGEST, MATCHED, MOVED
from dedup.matching.runs import common_runs
from dedup.text.tokens import tokenise

PAIR = np.array([[0, 1]], np.int64)
FIRST = " ".join(f"first{k}x" for k in range(12))
SECOND = " ".join(f"second{k}x" for k in range(12))


def chained(a: str, b: str) -> list[tuple[list[int], int, int, int]]:
    tokens = tokenise([a, b])
    rows, bounds = chains(tokens, PAIR, common_runs(tokens.hashes, tokens.bounds, PAIR), 8)
    assert bounds.tolist() == [0, len(rows)]
    return [
        (row[A0 : B1 + 1].tolist(), int(row[MATCHED]), int(row[LONGEST]), int(row[MOVED])) for row in rows
    ]


def test_a_changed_word_splits_no_chain() -> None:
    found = chained(f"{FIRST} here {SECOND}", f"{FIRST} there {SECOND}")
    assert found == [([0, 25, 0, 25], 24, 12, 0)]


def test_a_changed_number_is_counted() -> None:
    assert [row[3] for row in chained(f"{FIRST} 12 {SECOND}", f"{FIRST} 13 {SECOND}")] == [1]


def test_blocks_that_changed_places_are_two_chains() -> None:
    found = chained(f"{FIRST} {SECOND}", f"{SECOND} {FIRST}")
    assert sorted(span for span, *_ in found) == [[0, 12, 12, 24], [12, 24, 0, 12]]


def test_a_long_insertion_divides_a_chain() -> None:
    inserted = " ".join(f"own{k}x" for k in range(GAP + 1))
    assert len(chained(f"{FIRST} {SECOND}", f"{FIRST} {inserted} {SECOND}")) == 2


def test_texts_of_no_token_or_one_have_no_chain() -> None:
    for a, b in (("", ""), ("word", ""), ("word", "word"), ("two words", "two words")):
        assert chained(a, b) == []
