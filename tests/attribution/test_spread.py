"""Origins spread along shared passages: from credited text, one hop, whatever the order."""

from __future__ import annotations

import itertools
from typing import Literal

from dedup.attribution.composition import compose
from dedup.attribution.origin import attribute
from dedup.attribution.spread import Attributed, spread
from dedup.model import Article, Match, Repeat

BODY = "".join(
    f"Ferry number {n} left the harbour late, and the harbour master gave no reason. " for n in range(20)
)
OTHER = "".join(
    f"Tram number {n} left the depot early, and the depot's keeper was seen to smile. " for n in range(20)
)


def match(
    a: Article, b: Article, passage: str, weight: Literal["substantial", "incidental"] = "substantial"
) -> Match:
    i, j = a.text.index(passage), b.text.index(passage)
    return Match(a.id, b.id, i, i + len(passage), j, j + len(passage), 1.0, "verbatim", weight)


def spread_over(articles: list[Article], matches: list[Match]) -> dict[str, Attributed]:
    found = spread(articles, [attribute(a) for a in articles], matches)
    return {article.id: attributed for article, attributed in zip(articles, found, strict=True)}


CREDITED = Article("credited", "OSLO (AP) — " + BODY)
RIVAL = Article("rival", "OSLO, May 3 (Reuters) - " + OTHER)
COPY = Article("copy", "OSLO - " + BODY)


def test_an_uncredited_copy_inherits() -> None:
    copy = spread_over([CREDITED, COPY], [match(CREDITED, COPY, BODY)])["copy"]
    assert (copy.origin.agency, copy.origin.share, copy.origin.status) == ("AP", "whole", "confirmed")
    assert copy.origin.inferred_from == "credited"
    assert [(p.agency, p.start, p.source_id) for p in copy.inherited] == [("AP", 7, "credited")]


def test_told_reuters_is_reuters_when_credited_copy_says_so() -> None:
    source = Article("source", "OSLO, May 3 (Reuters) - " + BODY + "“We wait,” the master told Reuters.")
    copy = Article("copy", BODY + "“We wait,” the master told Reuters. Rain is due.")
    origin = spread_over([source, copy], [match(source, copy, BODY)])["copy"].origin
    assert (origin.agency, origin.status, origin.inferred_from) == ("Reuters", "confirmed", "source")


def test_what_is_not_substantial_spreads_nothing() -> None:
    found = spread_over([CREDITED, COPY], [match(CREDITED, COPY, BODY, "incidental")])["copy"]
    assert found == Attributed(attribute(COPY).origin)


def test_an_inferred_origin_spreads_no_further() -> None:
    third = Article("third", "BERGEN - " + BODY)
    found = spread_over([CREDITED, COPY, third], [match(CREDITED, COPY, BODY), match(COPY, third, BODY)])
    assert found["copy"].origin.agency == "AP"
    assert found["third"].origin.agency is None


def test_a_credited_article_keeps_its_verdict_and_shows_the_conflict() -> None:
    mixed = Article("mixed", "BERGEN, May 4 (AFP) - " + BODY)
    found = spread_over([CREDITED, mixed], [match(CREDITED, mixed, BODY)])["mixed"]
    assert (found.origin.agency, found.origin.inferred_from) == ("AFP", None)
    assert [p.agency for p in found.inherited] == ["AP"]


def test_a_contributor_line_vouches_for_nothing() -> None:
    own = Article("own", BODY + "\nThe Associated Press contributed to this report.")
    assert spread_over([own, COPY], [match(own, COPY, BODY)])["copy"].origin.agency is None


def test_two_agencies_stitched_each_have_their_passages() -> None:
    stitched = Article("stitched", BODY + OTHER)
    matches = [match(CREDITED, stitched, BODY), match(RIVAL, stitched, OTHER)]
    found = spread_over([CREDITED, RIVAL, stitched], matches)["stitched"]
    assert set(found.origin.agencies) == {"AP", "Reuters"}
    assert found.origin.share == "partial"
    shares = compose(stitched, found.origin, (), found.inherited, (), ())
    assert set(shares) == {"AP", "Reuters"}
    assert abs(shares["AP"] - 0.5) < 0.05


def test_order_does_not_matter() -> None:
    stitched = Article("stitched", BODY + OTHER)
    articles = [CREDITED, RIVAL, COPY, stitched]
    matches = [match(CREDITED, stitched, BODY), match(RIVAL, stitched, OTHER), match(COPY, CREDITED, BODY)]
    expected = spread_over(articles, matches)
    for ordered in itertools.permutations(articles):
        assert spread_over(list(ordered), matches[::-1]) == expected


def test_composition_sums_to_one_and_never_calls_silence_own() -> None:
    unsigned = Article("unsigned", BODY)
    assert compose(unsigned, attribute(unsigned).origin, (), (), (), ()) == {"unknown": 1.0}
    signed = Article("signed", BODY, byline="Anna Berg, Staff writer")
    repeats = [Repeat(79, 158, (0, 79), "repeat")]
    shares = compose(signed, attribute(signed).origin, (), (), repeats, [(0, 79)])
    assert list(shares) == ["own", "boilerplate", "repeated"]
    assert abs(sum(shares.values()) - 1) < 1e-9


def test_composition_of_credited_joint_empty_and_released_texts() -> None:
    for article, expected in [
        (CREDITED, {"AP": 1.0}),
        (Article("joint", "PARIS (AFP/AP) - " + BODY), {"AFP/AP": 1.0}),
        (Article("empty", " \n"), {}),
        (Article("lone", "\ud800"), {"unknown": 1.0}),
        (Article("release", "OSLO--(BUSINESS WIRE)--Acme today announced a kettle."), {"Acme": 1.0}),
    ]:
        found = attribute(article)
        assert compose(article, found.origin, found.credits, (), (), ()) == expected
