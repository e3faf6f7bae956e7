"""Claims to a text: settled position by position, whatever their order."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.attribution.claims import (
    BOILERPLATE,
    HOSTED,
    SIGNED,
    VOUCHED,
    Claim,
    joined,
    length_of,
    length_outside,
    settle,
    strongest,
)

LENGTH = 60
spans = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(lambda ends: (min(ends), max(ends) + 1))
claims = st.builds(
    lambda span, whose, rank, score, source, family: Claim(
        span[0], span[1], whose, rank, score, source, None, family
    ),
    spans,
    st.sampled_from(["AP", "Reuters", "AFP", "own"]),
    st.sampled_from([BOILERPLATE, VOUCHED, HOSTED, SIGNED]),
    st.sampled_from([1.0, 4.0, 5.0]),
    st.sampled_from([None, "a", "b", "c"]),
    st.integers(0, 2),
)


@given(st.lists(claims, max_size=12), st.randoms())
def test_pieces_divide_the_text_and_order_does_not_matter(found: list[Claim], random: st.DrawFn) -> None:
    pieces = settle(found, LENGTH)
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])]
    assert pieces[-1].end == LENGTH
    names = [piece.claim.whose if piece.claim else None for piece in pieces]
    assert all(left != right for left, right in itertools.pairwise(names))
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert settle(shuffled, LENGTH) == pieces


@given(st.lists(claims, max_size=12))
def test_at_every_place_the_strongest_of_the_claims_there_prevails(found: list[Claim]) -> None:
    for piece in settle(found, LENGTH):
        for at in (piece.start, piece.end - 1):
            best = strongest([claim for claim in found if claim.start <= at < claim.end])
            assert (best.whose if best else None) == (piece.claim.whose if piece.claim else None)


@pytest.mark.parametrize(
    ("held", "prevails"),
    [
        # Boilerplate first, then credited text, then a host, then a signature.
        ([("own", SIGNED, None, 0), ("CNN", HOSTED, None, 0), ("AP", VOUCHED, "a", 1)], "AP"),
        ([("AP", VOUCHED, "a", 1), ("boilerplate", BOILERPLATE, None, 0)], "boilerplate"),
        # Two stories before three articles of one story, then more articles, then the article's own word.
        ([("AP", VOUCHED, "a", 1), ("AP", VOUCHED, "b", 2), *[("AFP", VOUCHED, c, 3) for c in "def"]], "AP"),
        ([("AP", VOUCHED, "a", 1), ("AFP", VOUCHED, "b", 2), ("AFP", VOUCHED, "c", 2)], "AFP"),
        ([("AP", VOUCHED, "a", 1), ("Reuters", VOUCHED, None, 2)], "Reuters"),
    ],
)
def test_who_prevails(held: list[tuple[str, int, str | None, int]], prevails: str) -> None:
    found = [Claim(0, 9, whose, rank, 5.0, source, None, family) for whose, rank, source, family in held]
    (piece,) = settle(found, 9)
    assert piece.claim is not None
    assert piece.claim.whose == prevails


def test_a_piece_names_the_claim_that_bears_most_of_it() -> None:
    pieces = settle([Claim(0, 10, "AP", source_id="a"), Claim(10, 50, "AP", source_id="b")], LENGTH)
    assert [(p.start, p.end, p.claim.source_id if p.claim else None) for p in pieces] == [
        (0, 50, "b"),
        (50, 60, None),
    ]


@given(st.lists(spans), st.lists(spans))
def test_lengths_count_each_place_once(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    places = {at for start, end in some for at in range(start, end)}
    apart = {at for start, end in others for at in range(start, end)}
    assert length_of(some) == len(places)
    assert length_outside(some, others) == len(places - apart)
    assert all(left[1] < right[0] for left, right in zip(joined(some), joined(some)[1:], strict=False))
