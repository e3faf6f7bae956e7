"""Stretches: copied words within a match, quoted on both sides."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.matching.align import align
from dedup.matching.columns import A0, A1, B0, B1, COLUMNS, LONGEST, PAIR
from dedup.matching.copied import copies
from dedup.settings import Settings
from dedup.text.tokens import tokenise

PAIRS = np.array([[0, 1]], np.int64)
ONE = "the ferry to the outer islands stayed at its pier on monday because of the storm in the sound "
TWO = "engineers looked for cracks in the hull and found none before the evening tide came in again "
OWN = "our reporter stood on the quay all day with a flask of tea and a broken green umbrella in hand "


def whole(a: str, b: str) -> list[list[int]]:
    """Of two texts that match from end to end."""
    tokens = tokenise([a, b])
    rows = np.zeros((1, len(COLUMNS)), np.int32)
    rows[0, [PAIR, A0, A1, B0, B1]] = 0, 0, tokens.bounds[1], 0, tokens.bounds[2] - tokens.bounds[1]
    return [list(found) for found in copies(tokens, PAIRS, rows).stretches.tolist()]


def quoted(a: str, b: str) -> list[tuple[str, str]]:
    return [(a[s[1] : s[2]], b[s[3] : s[4]]) for s in whole(a, b)]


def test_what_is_put_between_copied_words_is_no_part_of_them() -> None:
    assert quoted(ONE + TWO, ONE + OWN + TWO) == [(ONE.strip(), ONE.strip()), (TWO.strip(), TWO.strip())]


def test_an_edited_word_breaks_no_stretch() -> None:
    edited = ONE.replace("monday", "late tuesday night")
    assert quoted(ONE, edited) == [(ONE.strip(), edited.strip())]


def test_order_does_not_matter_and_what_is_not_copied_is_left_out() -> None:
    assert quoted(ONE + TWO, TWO + ONE) == [(ONE.strip(), ONE.strip()), (TWO.strip(), TWO.strip())]
    assert quoted(ONE, OWN) == []


def test_a_short_run_says_nothing_beside_a_longer_match() -> None:
    assert quoted("the ferry to the outer islands " + OWN, "the ferry to the outer islands " + TWO) == []


def test_words_outside_quotation_marks_are_counted() -> None:
    ((*_, copied, told),) = whole(f"“{ONE}” she said of it", f"“{ONE}” she said of it")
    assert (copied, told) == (23, 4)


def test_a_word_over_and_over_costs_no_squares() -> None:
    a = "ferry " * 20_000
    (found,) = whole(a, a + "tram")
    assert found[5] >= 19_999


words = st.lists(st.sampled_from([ONE, TWO, OWN, "storm ", "the pier "]), min_size=1, max_size=6).map("".join)


@settings(deadline=None)  # the first call may compile kernels
@given(words, words)
def test_stretches_lie_in_their_match_and_are_copied(a: str, b: str) -> None:
    tokens = tokenise([a, b])
    rows, _ = align(tokens, PAIRS, Settings().match_tokens)
    found = copies(tokens, PAIRS, rows).stretches
    for row, a_start, a_end, b_start, b_end, copied, told in found.tolist():
        first = tokens.bounds[1]
        assert tokens.starts[rows[row, A0]] <= a_start < a_end <= tokens.ends[rows[row, A1] - 1]
        assert (
            tokens.starts[first + rows[row, B0]] <= b_start < b_end <= tokens.ends[first + rows[row, B1] - 1]
        )
        assert 0 <= told <= copied <= len(a[a_start:a_end].split())
        if rows[row, LONGEST] == rows[row, A1] - rows[row, A0] == rows[row, B1] - rows[row, B0]:
            assert a[a_start:a_end].split() == b[b_start:b_end].split()
    spans = sorted((row, start, end) for row, start, end, *_ in found.tolist())
    assert all(one[2] <= other[1] for one, other in itertools.pairwise(spans) if one[0] == other[0])


@pytest.mark.parametrize("text", ["", "one two three four", "\ud800\x00"])
def test_nothing_in_next_to_nothing(text: str) -> None:
    tokens = tokenise([text, text])
    rows, _ = align(tokens, PAIRS, Settings().match_tokens)
    assert copies(tokens, PAIRS, rows).stretches.shape == (0, 7)
