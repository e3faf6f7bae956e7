"""Direction and first publication: told where the clocks allow, else unknown."""

from itertools import permutations

import pytest

from dedup.model import Article, Origin
from dedup.stories.dates import moment
from dedup.stories.direction import direction, first

MIRROR = {"a->b": "b->a", "b->a": "a->b", "unknown": "unknown"}


def at(published: str | None, name: str = "x") -> Article:
    return Article(name, "text", published=published)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2019-04-08T10:00:00Z", "2019-04-08T11:00:00Z", "a->b"),
        ("2019-04-08T10:00:00+02:00", "2019-04-08T09:00:00Z", "a->b"),
        ("2019-04-07", "2019-04-08", "a->b"),
        ("2019-04-07", "2019-04-08T00:00:00Z", "a->b"),
        ("2019-04-08", "2019-04-08", "unknown"),
        ("2019-04-08", "2019-04-08T23:00:00Z", "unknown"),
        ("2019-04-08T10:00Z", "2019-04-08T10:00:30Z", "unknown"),
        ("2019-04-08T10:00:00", "2019-04-08T18:00:00", "unknown"),  # two zones nobody wrote down
        ("2019-04-08T10:00:00", "2019-04-09T18:00:00", "a->b"),
        ("2019-04-08T10:00:00Z", None, "unknown"),
        ("2019-04-08T10:00:00Z", "soon", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_the_clocks_decide_where_they_are_precise_enough(a: str | None, b: str | None, expected: str) -> None:
    assert direction(moment(a), Origin(), moment(b), Origin()) == expected
    assert direction(moment(b), Origin(), moment(a), Origin()) == MIRROR[expected]


@pytest.mark.parametrize(
    ("of_a", "of_b"),
    [
        (Origin("AP"), Origin("AP")),
        (Origin("AP", agencies=("AP", "AFP")), Origin("AFP")),
    ],
)
def test_of_two_copies_of_one_agency_neither_is_the_source(of_a: Origin, of_b: Origin) -> None:
    early, late = moment("2019-04-08T10:00:00Z"), moment("2019-04-08T11:00:00Z")
    assert direction(early, of_a, late, of_b) == "unknown"
    assert direction(early, of_a, late, Origin("Reuters")) == "a->b"


def test_the_first_publication_does_not_depend_on_the_order() -> None:
    articles = [at("2019-04-08T10:00:00Z", "a"), at("2019-04-07", "b"), at("2019-04-08T09:00:00Z", "c")]
    for order in permutations(articles):
        found = first(order)
        assert found is not None
        assert found.id == "b"


@pytest.mark.parametrize(
    "published",
    [
        [],
        ["2019-04-08", "2019-04-08"],
        ["2019-04-08", "2019-04-08T10:00:00Z", "2019-04-09"],
        ["2019-04-07", None],
        ["2019-04-08T10:00:00Z", "2019-04-08T10:00:00Z"],
    ],
)
def test_nobody_is_first_where_the_clocks_cannot_tell(published: list[str | None]) -> None:
    assert first([at(when) for when in published]) is None


def test_a_single_dated_article_is_first() -> None:
    only = at("2019-04-08")
    assert first([only]) == only
