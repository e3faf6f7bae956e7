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
    place,
    prevailing,
    settle,
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
    names = [(piece.claim.whose, piece.claim.source_id) if piece.claim else None for piece in pieces]
    assert all(left != right for left, right in itertools.pairwise(names))
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert settle(shuffled, LENGTH) == pieces


@given(st.lists(claims, max_size=12))
def test_at_every_place_the_strongest_of_the_claims_there_prevails(found: list[Claim]) -> None:
    for piece in settle(found, LENGTH):
        for at in (piece.start, piece.end - 1):
            best = prevailing([claim for claim in found if claim.start <= at < claim.end])
            assert best == (piece.claim.whose if piece.claim else None)


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


def of_source(start: int, end: int, source: str, there: int, whose: str = "AP") -> Claim:
    return Claim(start, end, whose, source_id=source, of=(there, there + end - start))


def told(found: list[Claim]) -> list[tuple[int, int, str | None, tuple[int, int] | None]]:
    return [(p.start, p.end, p.claim.source_id, place(p)) for p in settle(found, LENGTH) if p.claim]


def test_each_source_bears_its_text_as_far_as_it_reaches() -> None:
    found = [of_source(0, 10, "a", 100), of_source(5, 50, "b", 0), of_source(12, 20, "c", 7)]
    assert told(found) == [(0, 10, "a", (100, 110)), (10, 50, "b", (5, 45))]


def test_a_piece_stands_at_its_source_where_its_own_words_do() -> None:
    # Where a stronger name takes the middle, what is left on either side answers its own part of the source.
    found = [of_source(0, 50, "a", 200), Claim(20, 30, "boilerplate", BOILERPLATE)]
    assert told(found) == [(0, 20, "a", (200, 220)), (20, 30, None, None), (30, 50, "a", (230, 250))]


def test_what_stands_side_by_side_at_the_source_too_is_one_piece() -> None:
    assert told([of_source(0, 20, "a", 5), of_source(20, 50, "a", 27)]) == [(0, 50, "a", (5, 57))]
    # Two copies of one source's parts in another order, or far apart there, are two passages.
    for there in (0, 300):
        parts = [of_source(0, 20, "a", 100), of_source(20, 50, "a", there)]
        assert told(parts) == [(0, 20, "a", (100, 120)), (20, 50, "a", (there, there + 30))]


@given(
    st.lists(
        st.builds(
            of_source,
            st.integers(0, 29),
            st.integers(30, LENGTH),
            st.sampled_from("abc"),
            st.integers(0, 200),
            st.sampled_from(["AP", "AFP"]),
        ),
        max_size=8,
    )
)
def test_the_place_of_a_piece_lies_within_its_sources_claims(found: list[Claim]) -> None:
    for _, _, source, there in told(found):
        spans = [claim.of for claim in found if claim.source_id == source and claim.of]
        assert there is not None
        assert min(span[0] for span in spans) <= there[0] < there[1] <= max(span[1] for span in spans)


def test_an_article_s_own_word_stands_before_that_of_a_copy_that_says_the_same() -> None:
    own, copy = Claim(0, LENGTH, "AP", score=6.0), Claim(0, LENGTH, "AP", score=5.0, source_id="a")
    assert settle([own, copy], LENGTH) == [(0, LENGTH, own)]


@given(st.lists(spans), st.lists(spans))
def test_lengths_count_each_place_once(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> None:
    places = {at for start, end in some for at in range(start, end)}
    apart = {at for start, end in others for at in range(start, end)}
    assert length_of(some) == len(places)
    assert length_outside(some, others) == len(places - apart)
    assert all(left[1] < right[0] for left, right in zip(joined(some), joined(some)[1:], strict=False))
