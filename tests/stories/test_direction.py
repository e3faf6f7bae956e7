"""Direction and first publication: told where the evidence allows, else unknown. All outlets are invented."""

from itertools import permutations

import pytest

from dedup.attribution.origin import attribute
from dedup.model import Article, Attribution, Credit, Match, MatchWeight, Origin, PairRelation
from dedup.stories.direction import MIRRORED, Judgement, directed, first, judge
from dedup.stories.evidence import Pair, Span, trace

BODY = " ".join(f"The harbour master of Velm counted {n} barges at the lock." for n in range(40))
UNKNOWN = Attribution(Origin(), ())


def by(*agencies: str, share: str = "whole", host: bool = False) -> Attribution:
    """What attribution says of these agencies' text, printed at the first one's own host or elsewhere."""
    kind, role = ("host", "origin") if host else ("dateline", "origin")
    credits = Credit(agencies[0], role, kind, 0, 0, "", 5.0)  # type: ignore[arg-type]
    return Attribution(Origin(agencies[0], share, "confirmed", 6.0, agencies=agencies), (credits,))  # type: ignore[arg-type]


def article(id: str, published: str | None = None, text: str = BODY, **fields: str) -> Article:
    return Article(id, text, published=published, **{"outlet": f"{id}-courier.example", **fields})  # type: ignore[arg-type]


def told(
    a: Article,
    b: Article,
    known: tuple[Attribution, Attribution] = (UNKNOWN, UNKNOWN),
    relation: PairRelation = "partial",
    spans: list[Span] | None = None,
) -> Judgement:
    """The verdict, which must be the same whichever comes first."""
    shared = spans or [(0, len(a.text), 0, len(b.text))]
    pair = Pair(trace(a, known[0]), trace(b, known[1]), relation, shared)
    judged, back = judge(pair), judge(pair.mirrored())
    assert back == Judgement(MIRRORED[judged.direction], judged.reason)
    return judged


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2019-04-07T10:00:00Z", "2019-04-08T11:00:00Z", "a->b"),
        ("2019-04-06", "2019-04-08", "a->b"),
        ("2019-04-07T10:00:00Z", "2019-04-08T10:00:00-05:00", "a->b"),
        ("2019-04-08T10:00:00Z", "2019-04-08T15:00:00Z", "unknown"),  # both may print one wire's copy
        ("2019-04-07", "2019-04-08", "unknown"),
        ("2019-04-08", "2019-04-08", "unknown"),
        ("2019-04-08", "2019-04-08T23:00:00Z", "unknown"),
        ("2019-04-08T10:00Z", "2019-04-08T10:00:30Z", "unknown"),
        ("2019-04-08T10:00:00", "2019-04-09T18:00:00", "unknown"),  # two zones nobody wrote down
        ("2019-04-08T10:00:00", "2019-04-11T18:00:00", "a->b"),
        ("2019-04-08T10:00:00Z", None, "unknown"),
        ("2019-04-08T10:00:00Z", "soon", "unknown"),
        (None, None, "unknown"),
    ],
)
def test_a_single_clock_decides_beyond_a_day(a: str | None, b: str | None, expected: str) -> None:
    assert told(article("a", a), article("b", b)).direction == expected


def test_two_clocks_that_agree_decide_within_a_day() -> None:
    early = article("a", "2019-04-08T10:30:00Z", f"Posted: April 8, 2019 9:10 a.m. GMT\n{BODY}")
    late = article("b", "2019-04-08T15:00:00Z", f"Updated 13:40 GMT, 8 April 2019\n{BODY}")
    judged = told(early, late)
    assert judged.direction == "a->b"
    assert judged.reason == "a was published 4 hours before; the page of a prints an earlier time"


def test_a_record_that_the_pages_contradict_decides_nothing() -> None:
    crawled_early = article("a", "2019-04-08T10:30:00Z", f"Updated April 8, 2019 9:10 p.m. GMT\n{BODY}")
    crawled_late = article("b", "2019-04-08T15:00:00Z", f"Updated April 8, 2019 1:40 p.m. GMT\n{BODY}")
    assert told(crawled_early, crawled_late) == Judgement("unknown", "the evidence conflicts")


@pytest.mark.parametrize(
    ("of_a", "of_b"),
    [(by("AP"), by("AP")), (by("AP", "AFP"), by("AFP")), (by("AP"), by("AP", share="partial"))],
)
@pytest.mark.parametrize("relation", ["duplicate", "partial"])
def test_of_two_copies_of_one_agency_neither_is_the_source(
    of_a: Attribution, of_b: Attribution, relation: PairRelation
) -> None:
    judged = told(
        article("a", "2019-04-01T10:00:00Z"), article("b", "2019-04-08T10:00:00Z"), (of_a, of_b), relation
    )
    assert judged.direction == "unknown"
    assert "at neither's own host" in judged.reason


def test_an_uncredited_print_beside_credited_copy_may_be_of_the_same_agency() -> None:
    a, b = article("a", "2019-04-01T10:00:00Z"), article("b", "2019-04-08T10:00:00Z")
    for known in ((by("AP"), UNKNOWN), (UNKNOWN, by("AP")), (by("AP"), by("Reuters"))):
        assert told(a, b, known, "duplicate").direction == "unknown"


def test_an_agency_is_the_source_of_its_copies_whatever_the_clocks_say() -> None:
    host, copy = article("a", "2019-04-08T15:00:00Z"), article("b", "2019-04-08T10:00:00Z")
    assert told(host, copy, (by("AP", host=True), by("AP")), "duplicate").direction == "a->b"
    # What credits nobody may still be another's that the agency took up: then the clocks have a say.
    assert told(host, copy, (by("AP", host=True), UNKNOWN), "duplicate").direction == "unknown"
    assert told(host, article("b"), (by("AP", host=True), UNKNOWN), "duplicate").direction == "a->b"
    assert told(host, copy, (by("AP", host=True), by("Reuters")), "duplicate").direction == "unknown"
    two_pages = told(host, copy, (by("AP", host=True), by("AP", host=True)), "duplicate")
    assert two_pages.direction == "unknown"


def test_of_two_stories_of_one_agency_either_may_borrow_from_the_other() -> None:
    host, other = article("a"), article("b")
    assert told(host, other, (by("AP", host=True), by("AP"))).direction == "unknown"
    passage = told(host, other, (by("AP", host=True), by("AP", share="partial")))
    assert passage.direction == "a->b"


def test_a_release_gives_no_direction() -> None:
    issued = Attribution(Origin(None, "whole", "confirmed", 5.0, issuer="Halden Tidal Inc."), ())
    a, b = article("a", "2019-04-01T10:00:00Z"), article("b", "2019-04-08T10:00:00Z")
    assert told(a, b, (issued, issued), "duplicate").direction == "unknown"


def test_who_names_the_other_outlet_took_from_it() -> None:
    source = article("a", outlet="The Velm Intelligencer")
    copy = article("b", text=f"Velm Intelligencer •\n{BODY}")
    assert told(source, copy, relation="duplicate") == Judgement(
        "a->b", "b names The Velm Intelligencer as its source"
    )
    # Against a clock that says otherwise, for crawlers come late.
    late = article("a", "2019-04-08T15:00:00Z", outlet="The Velm Intelligencer")
    early = article("b", "2019-04-08T10:00:00Z", text=f"{BODY}\nVia the Velm Intelligencer")
    assert told(late, early, relation="duplicate").direction == "a->b"


def test_a_canonical_url_points_to_the_source() -> None:
    source = Article("a", BODY, url="https://www.velm-news.example/2019/lock")
    copy = Article(
        "b", BODY, outlet="Sund Post", metadata={"canonical": "https://velm-news.example/2019/lock"}
    )
    assert told(source, copy, relation="duplicate").direction == "a->b"


def test_who_name_each_other_leave_it_open() -> None:
    a = article("a", text=f"Source: Sund Chronicle\n{BODY}", outlet="Velm Intelligencer")
    b = article("b", text=f"Source: Velm Intelligencer\n{BODY}", outlet="Sund Chronicle")
    assert told(a, b) == Judgement("unknown", "the evidence conflicts")


def test_what_ends_where_the_other_goes_on_was_cut() -> None:
    whole, cut = article("a", "2019-04-08T10:00:00Z"), article("b", "2019-04-08T15:00:00Z", BODY[:800])
    shared = [(0, 800, 0, 800)]
    judged = told(whole, cut, relation="duplicate", spans=shared)
    assert judged.direction == "a->b"
    assert judged.reason == "a was published 5 hours before; b ends where a goes on"
    assert told(article("a"), article("b", None, BODY[:800]), spans=shared).direction == "unknown"


def test_one_outlet_that_prints_a_text_twice_is_its_own_source() -> None:
    a = article("a", "2019-04-01T10:00:00Z", outlet="velm.example")
    b = article("b", "2019-04-08T10:00:00Z", outlet="www.velm.example")
    assert told(a, b, relation="duplicate") == Judgement("unknown", "one outlet printed both")


def version(id: str, when: str | None, title: str, outlet: str, body: str = BODY) -> Article:
    return article(id, when, body, title=title, outlet=outlet)


def test_versions_of_one_file_are_in_order_where_slugs_pages_or_an_outlet_s_own_clock_tell() -> None:
    both = by("Reuters"), by("Reuters")
    a = version("a", None, "UPDATE 1-Lock at Velm jammed", "one.example")
    b = version("b", None, "UPDATE 2-Lock at Velm opens again", "two.example")
    assert told(a, b, both, "version").direction == "a->b"
    # An outlet's copy of a later version is not slugged as such as often as it is.
    plain = version("a", "2019-04-08T10:00:00Z", "Lock at Velm jammed", "one.example")
    assert told(plain, b, both, "version").direction == "unknown"
    hour = version("c", "2019-04-08T13:00:00Z", "Lock opens", "two.example")
    assert told(plain, hour, both, "version").direction == "unknown"
    there = version("c", "2019-04-08T13:00:00Z", "Lock opens", "one.example", BODY + BODY)
    assert told(plain, there, both, "version", [(0, 900, 0, 900)]).direction == "a->b"


def test_a_page_s_own_time_orders_versions_against_the_crawler_s() -> None:
    both = by("AP"), by("AP")
    first_print = article("a", "2019-04-08T20:00:00Z", f"Updated 7:30 a.m. ET April 8, 2019\n{BODY}")
    later_print = article("b", "2019-04-08T15:00:00Z", f"Updated 10:45 a.m. ET April 8, 2019\n{BODY}")
    assert told(first_print, later_print, both, "version").direction == "a->b"
    # Minutes are the time that it takes to put a text up; days are another story's.
    for minutes in ("7:45 a.m. ET April 8", "7:30 a.m. ET April 12"):
        other = article("b", None, f"Updated {minutes}, 2019\n{BODY}")
        assert told(first_print, other, both, "version").direction == "unknown"


def test_a_later_version_holds_the_earlier_one_below_a_new_top() -> None:
    both = by("AP"), by("AP")
    grown = article("b", "2019-04-08T11:00:00Z", BODY + BODY)
    spans: list[Span] = [(0, len(BODY), len(BODY), 2 * len(BODY))]
    assert told(article("a", "2019-04-08T10:00:00Z"), grown, both, "version", spans).direction == "a->b"


def test_a_run_gives_all_substantial_matches_of_a_pair_one_direction() -> None:
    texts = [article("a", "2019-04-01T10:00:00Z"), article("b", "2019-04-08T10:00:00Z")]

    def match(start: int, weight: MatchWeight) -> Match:
        return Match(
            "b", "a", start, start + 9, start, start + 9, 1.0, "verbatim", weight, relation="partial"
        )

    matches = [match(0, "substantial"), match(20, "incidental"), match(40, "substantial")]
    found = directed(texts, matches, [UNKNOWN, UNKNOWN])
    assert [m.direction for m in found] == ["b->a", "unknown", "b->a"]
    assert found[0].direction_reason == "a was published 7 days before"
    assert found[1] == matches[1]


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800 10:00 \ud800", "1:" * 200_000, "By " * 200_000, "http://" * 99_999]
)
def test_hostile_text_is_ordinary(text: str) -> None:
    judged = told(article("a", text=text or " "), article("b"), spans=[(0, 1, 0, 1)])
    assert judged.direction == "unknown"


def test_what_attribution_says_of_one_article_is_enough() -> None:
    text = f"VELM (AP) — {BODY}"
    host = Article("a", text, url="https://apnews.com/article/lock")
    copy = Article("b", text, outlet="velm.example")
    assert told(host, copy, (attribute(host), attribute(copy)), "duplicate").direction == "a->b"


def test_the_first_publication_does_not_depend_on_the_order() -> None:
    articles = [
        article("a", "2019-04-08T10:00:00Z"),
        article("b", "2019-04-07"),
        article("c", "2019-04-08T09:00:00Z"),
    ]
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
    assert first([article(str(i), when) for i, when in enumerate(published)]) is None


def test_a_single_dated_article_is_first() -> None:
    only = article("a", "2019-04-08")
    assert first([only]) == only


def test_the_first_publication_took_its_text_from_nobody() -> None:
    early, late = article("a", "2019-04-08T09:00:00Z"), article("b", "2019-04-08T10:00:00Z")
    assert first([early, late], [("a", "b")]) == early
    assert first([early, late], [("b", "a")]) == late
    later = article("c", "2019-04-08T11:00:00Z")
    assert first([early, late, later], [("b", "a")]) is None


def test_without_clocks_that_is_first_from_which_all_others_took_it() -> None:
    articles = [article(name) for name in "abc"]
    assert first(articles, [("c", "a"), ("a", "b")]) == articles[2]
    assert first(articles, [("c", "a")]) is None
    assert first(articles, [("c", "a"), ("b", "a")]) is None
    assert first(articles, [("c", "a"), ("a", "c"), ("a", "b")]) is None
