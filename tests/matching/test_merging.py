"""Merging: each passage is told once, and what is not followed up is owned to."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from dedup.matching.columns import A0, B1, LONGEST, MATCHED, WIDTH
from dedup.matching.growth import TABLE
from dedup.matching.merging import merge
from dedup.matching.vocabulary import Words

WordsOf = Callable[[str, str], Words]

BLOCK = " ".join(f"s{k}" for k in range(40))
OWN_A, OWN_B = (" ".join(f"{side}{k}" for k in range(100)) for side in "ab")

NO_PASSAGES = np.zeros((0, 4), np.int32)


def merged(
    words: Words, spans: list[tuple[int, int, int, int]], passages: npt.NDArray[np.int32] = NO_PASSAGES
) -> tuple[list[tuple[int, ...]], bool]:
    """Spans kept of chains that are equal word for word, and whether some were not followed up."""
    chained = np.zeros((len(spans), WIDTH), np.int32)
    chained[:, A0 : B1 + 1] = np.array(spans, np.int32).reshape(-1, 4)
    chained[:, [MATCHED, LONGEST]] = (chained[:, A0 + 1] - chained[:, A0])[:, None]
    room = len(spans) + len(passages) + 2
    kept, exact = np.zeros((room, WIDTH), np.int32), np.zeros(room, np.bool_)
    n, bounded = merge(words, 0, chained, passages, kept, exact, np.empty(TABLE))
    return [tuple(row) for row in kept[:n, A0 : B1 + 1].tolist()], bounded


def test_a_chain_and_what_lies_within_it_are_one_match(words_of: WordsOf) -> None:
    words = words_of(f"{OWN_A} {BLOCK}", f"{BLOCK} {OWN_B}")
    assert merged(words, [(100, 140, 0, 40), (110, 130, 10, 30)]) == ([(100, 140, 0, 40)], False)


def test_alike_passages_within_a_chain_say_nothing_new(words_of: WordsOf) -> None:
    words = words_of(f"{OWN_A} {BLOCK}", f"{BLOCK} {OWN_B}")
    alike = np.array([[105, 125, 5, 25]], np.int32)
    assert merged(words, [(100, 140, 0, 40)], alike) == ([(100, 140, 0, 40)], False)


def test_nothing_is_merged_of_nothing(words_of: WordsOf) -> None:
    assert merged(words_of("one", "two"), []) == ([], False)


def test_more_chains_than_may_grow_are_kept_and_said_to_be_cut_short(words_of: WordsOf) -> None:
    words = words_of(*(" ".join(f"{side}{k}" for k in range(24_000)) for side in "ab"))
    for count, bounded in ((400, False), (500, True)):
        chains = [(48 * k, 48 * k + 8, 48 * k, 48 * k + 8) for k in range(count)]
        assert merged(words, chains) == (chains, bounded)
