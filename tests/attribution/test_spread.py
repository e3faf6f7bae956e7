"""Origins spread along shared passages: from credited text, one hop, whatever the order."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Literal

from dedup import run
from dedup.attribution.composition import compose
from dedup.attribution.inherit import Attributed
from dedup.attribution.origin import attribute
from dedup.attribution.spread import spread
from dedup.model import Article, Match, Repeat

BODY = "".join(
    f"Ferry number {n} left the harbour late, and the harbour master gave no reason. " for n in range(20)
)
OTHER = "".join(
    f"Tram number {n} left the depot early, and the depot's keeper was seen to smile. " for n in range(20)
)

WORDS = """ferry harbour master storm pier rope crew captain deck cargo buoy gull lantern anchor tide chart
engine mast sail winch fog signal bridge lock quay timber salt barrel crane dock hull keel
""".split()


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
    assert [(p.whose, p.start, p.source_id) for p in copy.inherited] == [("AP", 7, "credited")]


def test_told_reuters_is_reuters_when_credited_copy_says_so() -> None:
    source = Article("source", "OSLO, May 3 (Reuters) - " + BODY + "“We wait,” the master told Reuters.")
    copy = Article("copy", BODY + "“We wait,” the master told Reuters. Rain is due.")
    origin = spread_over([source, copy], [match(source, copy, BODY)])["copy"].origin
    assert (origin.agency, origin.status, origin.inferred_from) == ("Reuters", "confirmed", "source")


def test_told_reuters_is_reuters_in_a_whole_run() -> None:
    told = "“We are ready,” the minister told Reuters.\n"
    report = " ".join(WORDS[n * 7 % len(WORDS)] + ("." if n % 13 == 12 else "") for n in range(260))
    source = Article("source", f"OSLO, May 3 (Reuters) - {told}{report}", outlet="fjord.example")
    copy = Article("copy", f"{told}{report} Rain is due over the hills.", outlet="fell.example")
    alone = run([copy]).articles[0].origin
    assert (alone.agency, alone.status, alone.inferred_from) == ("Reuters", "possible", None)
    origin = run([copy, source]).articles[0].origin
    assert (origin.agency, origin.status, origin.share) == ("Reuters", "confirmed", "whole")
    assert origin.inferred_from == "source"


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
    assert [p.whose for p in found.inherited] == ["AP"]


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


RELEASE = Article("release", "OSLO--(BUSINESS WIRE)--Acme Kettles Inc. today announced a kettle. " + BODY)


def test_a_press_release_stays_its_issuers_in_an_unsigned_copy() -> None:
    found = spread_over([RELEASE, COPY], [match(RELEASE, COPY, BODY)])["copy"]
    assert (found.origin.agency, found.origin.agencies, found.origin.issuer) == (
        None,
        (),
        "Acme Kettles Inc.",
    )
    assert (found.origin.inferred_from, found.origin.status) == ("release", "confirmed")
    shares = compose(COPY, found.origin, (), found.inherited, (), ())
    assert next(iter(shares)) == "Acme Kettles Inc."


def test_captions_and_boilerplate_carry_no_origin() -> None:
    gallery = Article("gallery", "Ferries in pictures\n" + BODY + "\n" + OTHER)
    matches = [match(CREDITED, gallery, BODY)]
    articles = [CREDITED, gallery]
    own = [attribute(a) for a in articles]
    assert spread(articles, own, matches)[1].origin.agency == "AP"
    start = gallery.text.index(BODY)
    apart = [[], [(start, start + len(BODY))]]
    assert spread(articles, own, matches, apart)[1].origin.agency is None


def test_snippets_do_not_add_up_to_a_passage() -> None:
    lines = BODY.split(". ")[:5]
    page = Article("page", "".join(f"{OTHER[230 * n :][:225]}\n{line}.\n" for n, line in enumerate(lines)))
    matches = [match(CREDITED, page, line + ".") for line in lines]
    found = spread_over([CREDITED, page], matches)["page"]
    assert found.origin.status in ("possible", "unknown")
    assert len(found.inherited) == 5


def test_a_digest_of_many_stories_is_nobodys() -> None:
    stories = [
        Article(f"story{n}", f"OSLO (AP) — {item}And so on, at some length. ")
        for n, item in enumerate(
            f"Port number {n} {BODY[:300].replace('Ferry', f'Boat {n}')}\n" for n in range(6)
        )
    ]
    digest = Article("digest", "".join(s.text[12 : s.text.index("And so")] for s in stories))
    matches = [match(s, digest, s.text[12 : s.text.index("And so")]) for s in stories]
    found = spread_over([*stories, digest], matches)["digest"]
    assert (found.origin.status, found.origin.share) == ("possible", "partial")
    assert len(found.inherited) == len(stories)


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


def test_a_loose_likeness_does_not_say_whose_text_it_is() -> None:
    exact = match(CREDITED, COPY, BODY)
    assert spread_over([CREDITED, COPY], [replace(exact, similarity=0.5, kind="edited")])["copy"].inherited
    assert not spread_over([CREDITED, COPY], [replace(exact, similarity=0.4, kind="rewritten")])[
        "copy"
    ].inherited
