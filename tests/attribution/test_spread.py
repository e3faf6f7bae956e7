"""Origins spread along shared passages: from credited text, and once more through a story's canonical; in any order."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from dedup import run
from dedup.attribution.composition import compose
from dedup.attribution.inherit import Attributed
from dedup.attribution.origin import attribute
from dedup.attribution.spread import PASSED_ON, Link, spread
from dedup.model import Article, Repeat

BODY = "".join(
    f"Ferry number {n} left the harbour late, and the harbour master gave no reason. " for n in range(20)
)
OTHER = "".join(
    f"Tram number {n} left the depot early, and the depot's keeper was seen to smile. " for n in range(20)
)

WORDS = """ferry harbour master storm pier rope crew captain deck cargo buoy gull lantern anchor tide chart
engine mast sail winch fog signal bridge lock quay timber salt barrel crane dock hull keel
""".split()


Passage = tuple[Article, Article, str]


def spread_over(
    articles: list[Article],
    passages: Iterable[Passage],
    *,
    same_text: bool = False,
    families: list[int] | None = None,
    apart: list[list[tuple[int, int]]] | None = None,
) -> dict[str, Attributed]:
    """Origins where two articles at a time share a passage."""
    number = {article.id: i for i, article in enumerate(articles)}
    links = [
        Link(number[a.id], number[b.id], place(passage, a), place(passage, b), same_text)
        for a, b, passage in passages
    ]
    found = spread(articles, [attribute(a) for a in articles], links, families=families, apart=apart)
    return {article.id: attributed for article, attributed in zip(articles, found, strict=True)}


def place(passage: str, article: Article) -> tuple[int, int]:
    start = article.text.index(passage)
    return start, start + len(passage)


def shares_of(article: Article, found: Attributed | None = None) -> dict[str, float]:
    own = attribute(article)
    return compose(article, found or Attributed(own.origin), own.credits, (), ())[1]


CREDITED = Article("credited", "OSLO (AP) — " + BODY)
RIVAL = Article("rival", "OSLO, May 3 (Reuters) - " + OTHER)
COPY = Article("copy", "OSLO - " + BODY)


def test_an_uncredited_copy_inherits() -> None:
    copy = spread_over([CREDITED, COPY], [(CREDITED, COPY, BODY)])["copy"]
    assert (copy.origin.agency, copy.origin.share, copy.origin.status) == ("AP", "whole", "confirmed")
    assert copy.origin.inferred_from == "credited"
    assert [(p.whose, p.start, p.source_id) for p in copy.heard] == [("AP", 7, "credited")]


def test_told_reuters_is_reuters_when_credited_copy_says_so() -> None:
    source = Article("source", "OSLO, May 3 (Reuters) - " + BODY + "“We wait,” the master told Reuters.")
    copy = Article("copy", BODY + "“We wait,” the master told Reuters. Rain is due.")
    origin = spread_over([source, copy], [(source, copy, BODY)])["copy"].origin
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


def test_no_links_no_news() -> None:
    found = spread_over([CREDITED, COPY], [])["copy"]
    assert found == Attributed(attribute(COPY).origin)


def test_a_canonical_passes_on_no_more_than_it_heard() -> None:
    third = Article("third", "BERGEN - " + BODY + OTHER)
    middle = Article("middle", "OSLO - " + BODY[:800] + OTHER)
    words = [(CREDITED, middle, BODY[:800]), (middle, third, BODY[:800]), (middle, third, OTHER)]
    found = spread_over([CREDITED, middle, third], words, same_text=True, families=[0, 1, 1])["third"]
    assert [(c.whose, c.start, c.end, c.source_id) for c in found.heard] == [("AP", 9, 809, "credited")]
    assert (found.origin.status, found.origin.share) == ("probable", "partial")
    # Its words at the first source, although the two were not compared.
    (claim,) = found.heard
    assert claim.of is not None
    assert CREDITED.text[slice(*claim.of)] == third.text[claim.start : claim.end]


def test_second_hand_word_comes_from_the_canonical_of_ones_story_only_and_confirms_nothing() -> None:
    chain = [CREDITED, *(Article(name, f"{name} - " + BODY) for name in ("one", "two", "three"))]
    words = [(a, b, BODY) for a, b in itertools.pairwise(chain)]

    def told(families: list[int], same_text: bool = True) -> list[str]:
        found = spread_over(chain, words, same_text=same_text, families=families)
        return [found[article.id].origin.status for article in chain]

    assert told([0, 1, 1, 1]) == ["confirmed", "confirmed", "probable", "unknown"]
    assert told([0, 1, 1, 2]) == ["confirmed", "confirmed", "probable", "unknown"]
    # A neighbour is not the canonical, and one with whom only a passage is shared is no copy.
    assert told([0, 1, 2, 3]) == ["confirmed", "confirmed", "unknown", "unknown"]
    assert told([0, 1, 1, 1], same_text=False) == ["confirmed", "confirmed", "unknown", "unknown"]


def test_a_credited_article_keeps_its_verdict_and_shows_the_conflict() -> None:
    mixed = Article("mixed", "BERGEN, May 4 (AFP) - " + BODY)
    found = spread_over([CREDITED, mixed], [(CREDITED, mixed, BODY)])["mixed"]
    assert (found.origin.agency, found.origin.inferred_from) == ("AFP", None)
    assert [p.whose for p in found.heard] == ["AP"]


def test_a_contributor_line_vouches_for_nothing() -> None:
    own = Article("own", BODY + "\nThe Associated Press contributed to this report.")
    assert spread_over([own, COPY], [(own, COPY, BODY)])["copy"].origin.agency is None


def test_two_agencies_stitched_each_have_their_passages() -> None:
    stitched = Article("stitched", BODY + OTHER)
    matches = [(CREDITED, stitched, BODY), (RIVAL, stitched, OTHER)]
    found = spread_over([CREDITED, RIVAL, stitched], matches)["stitched"]
    assert set(found.origin.agencies) == {"AP", "Reuters"}
    assert found.origin.share == "partial"
    shares = shares_of(stitched, found)
    assert set(shares) == {"AP", "Reuters"}
    assert abs(shares["AP"] - 0.5) < 0.05


def test_order_does_not_matter() -> None:
    stitched = Article("stitched", BODY + OTHER)
    articles = [CREDITED, RIVAL, COPY, stitched]
    matches = [(CREDITED, stitched, BODY), (RIVAL, stitched, OTHER), (COPY, CREDITED, BODY)]
    story = {article.id: n for n, article in enumerate(articles)}
    expected = spread_over(articles, matches, families=list(story.values()))
    for ordered in itertools.permutations(articles):
        families = [story[article.id] for article in ordered]
        assert spread_over(list(ordered), matches[::-1], families=families) == expected


RELEASE = Article("release", "OSLO--(BUSINESS WIRE)--Acme Kettles Inc. today announced a kettle. " + BODY)


def test_a_press_release_stays_its_issuers_in_an_unsigned_copy() -> None:
    found = spread_over([RELEASE, COPY], [(RELEASE, COPY, BODY)])["copy"]
    assert (found.origin.agency, found.origin.agencies, found.origin.issuer) == (
        None,
        (),
        "Acme Kettles Inc.",
    )
    assert (found.origin.inferred_from, found.origin.status) == ("release", "confirmed")
    shares = shares_of(COPY, found)
    assert next(iter(shares)) == "Acme Kettles Inc."


def test_captions_and_boilerplate_carry_no_origin() -> None:
    gallery = Article("gallery", "Ferries in pictures\n" + BODY + "\n" + OTHER)
    shared = [(CREDITED, gallery, BODY)]
    assert spread_over([CREDITED, gallery], shared)["gallery"].origin.agency == "AP"
    apart = [[], [place(BODY, gallery)]]
    assert spread_over([CREDITED, gallery], shared, apart=apart)["gallery"].origin.agency is None


def test_snippets_do_not_add_up_to_a_passage() -> None:
    lines = BODY.split(". ")[:5]
    page = Article("page", "".join(f"{OTHER[230 * n :][:225]}\n{line}.\n" for n, line in enumerate(lines)))
    matches = [(CREDITED, page, line + ".") for line in lines]
    found = spread_over([CREDITED, page], matches)["page"]
    assert found.origin.status in ("possible", "unknown")
    assert len(found.heard) == 5


def test_a_digest_of_many_stories_is_nobodys() -> None:
    stories = [
        Article(f"story{n}", f"OSLO (AP) — {item}And so on, at some length. ")
        for n, item in enumerate(
            f"Port number {n} {BODY[:300].replace('Ferry', f'Boat {n}')}\n" for n in range(6)
        )
    ]
    digest = Article("digest", "".join(s.text[12 : s.text.index("And so")] for s in stories))
    matches = [(s, digest, s.text[12 : s.text.index("And so")]) for s in stories]
    found = spread_over([*stories, digest], matches)["digest"]
    assert (found.origin.status, found.origin.share) == ("possible", "partial")
    assert len(found.heard) == len(stories)


def test_composition_sums_to_one_and_never_calls_silence_own() -> None:
    unsigned = Article("unsigned", BODY)
    assert shares_of(unsigned) == {"unknown": 1.0}
    signed = Article("signed", BODY, byline="Anna Berg, Staff writer")
    repeats = [Repeat(79, 158, (0, 79), "repeat")]
    _, shares = compose(signed, Attributed(attribute(signed).origin), (), repeats, [(0, 79)])
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
        assert shares_of(article) == expected


def test_of_two_credits_over_one_text_the_one_that_more_stories_carry_prevails() -> None:
    others = [Article(f"ap{n}", f"BERGEN, May {n + 1} (AP) — " + BODY) for n in range(3)]
    stray = Article("stray", "OSLO, May 3 (Reuters) - " + BODY)
    articles = [stray, *others, COPY]
    words = [(source, COPY, BODY) for source in (stray, *others)]
    origin = spread_over(articles, words)["copy"].origin
    assert (origin.agency, origin.status, origin.conflicts) == ("AP", "confirmed", ("Reuters",))
    # Versions of one text say one thing once; as many articles as stories: nobody knows, and the conflict shows.
    tied = spread_over([stray, others[0], COPY], [(stray, COPY, BODY), (others[0], COPY, BODY)])[
        "copy"
    ].origin
    assert (tied.status, tied.conflicts) == ("possible", ("Reuters",))


def test_the_versions_of_one_story_do_not_outvote_two_stories() -> None:
    versions = [Article(f"v{n}", f"OSLO, May {n + 1} (Reuters) - " + BODY) for n in range(3)]
    two = [Article("one", "BERGEN (AP) — " + BODY), Article("other", "TRONDHEIM (AP) — " + BODY)]
    articles = [*versions, *two, COPY]
    words = [(source, COPY, BODY) for source in articles[:-1]]
    assert spread_over(articles, words, families=[0, 0, 0, 3, 4, 5])["copy"].origin.agency == "AP"
    assert spread_over(articles, words)["copy"].origin.agency == "Reuters"


def test_a_host_alone_gives_way_to_credited_copy() -> None:
    printed = Article("printed", BODY, url="https://edition.cnn.com/2031/ferries")
    alone = spread_over([printed], [])["printed"].origin
    assert (alone.agency, alone.inferred_from) == ("CNN", None)
    origin = spread_over([CREDITED, printed], [(CREDITED, printed, BODY)])["printed"].origin
    assert (origin.agency, origin.share, origin.inferred_from) == ("AP", "whole", "credited")


def test_an_unsigned_page_of_a_broadcaster_vouches_for_little() -> None:
    unsigned = Article("unsigned", BODY, url="https://edition.cnn.com/2031/ferries")
    signed = Article("signed", BODY, url="https://edition.cnn.com/2031/ferries", byline="Ada Holm, CNN")
    for source, status in ((unsigned, "possible"), (signed, "confirmed")):
        origin = spread_over([source, COPY], [(source, COPY, BODY)])["copy"].origin
        assert (origin.agency, origin.status) == ("CNN", status)


def test_own_credit_and_copies_add_up() -> None:
    line = "\n© 2031 Reuters. All rights reserved."
    copied = Article("copied", BODY + line)
    assert attribute(copied).origin.status == "probable"
    source = Article("source", "OSLO, May 3 (Reuters) - " + BODY)
    origin = spread_over([source, copied], [(source, copied, BODY)])["copied"].origin
    assert (origin.agency, origin.status, origin.inferred_from) == ("Reuters", "confirmed", None)


def test_matched_text_outranks_a_copyright_line() -> None:
    printed = Article("printed", BODY + "\n© 2031 Reuters. All rights reserved.")
    origin = spread_over([CREDITED, printed], [(CREDITED, printed, BODY)])["printed"].origin
    assert (origin.agency, origin.status, origin.conflicts) == ("AP", "probable", ("Reuters",))
    assert origin.inferred_from == "credited"


def test_a_witness_speaks_for_one_paragraph() -> None:
    told = (
        "Shells fell at dusk, an AFP journalist at the scene said, and the harbour burnt until the morning. "
    )
    source = Article("source", f"{BODY}\n{told}\n{OTHER}")
    copy = Article("copy", f"{told}\n{OTHER}")
    found = spread_over([source, copy], [(source, copy, told), (source, copy, OTHER)])["copy"]
    assert [(c.whose, c.start, c.end) for c in found.heard] == [("AFP", 0, len(told))]


def test_two_that_sign_together_stay_together() -> None:
    source = Article("source", "PARIS (AFP/AP) - " + BODY)
    found = spread_over([source, COPY], [(source, COPY, BODY)])["copy"]
    assert (found.origin.agency, found.origin.agencies) == ("AFP", ("AFP", "AP"))
    assert set(shares_of(COPY, found)) == {"AFP/AP", "unknown"}


def test_a_big_story_is_attributed_through_its_canonical() -> None:
    # Of so many copies each is compared with the first one only, which credits nobody.
    report = " ".join(WORDS[n * n % 31 % len(WORDS)] + ("." if n % 13 == 12 else "") for n in range(180))
    copies = [
        Article(
            f"copy{n:02}",
            f"Page {n}. {report} Print {n}.",
            outlet=f"o{n}.example",
            published=f"2031-05-{n % 20 + 2:02}",
        )
        for n in range(55)
    ]
    first = Article("first", report, outlet="first.example", published="2031-05-01")
    credited = Article("zz", f"OSLO (AP) — {report}", outlet="zz.example", published="2031-05-28")
    verdicts = run([*copies, first, credited]).articles
    assert {v.origin.agency for v in verdicts} == {"AP"}
    assert {v.origin.inferred_from for v in verdicts} == {"zz", None}


def test_of_thousands_of_credits_an_article_hears_a_fair_part() -> None:
    hub, copy = Article("0", BODY), Article("copy", BODY + "Rain is due.")
    credited = [
        Article(f"rtr-{i}", "OSLO (Reuters) - " + BODY)
        if i % 5 == 0
        else Article(f"ap-{i}", "OSLO (AP) — " + BODY)
        for i in range(750)
    ]
    last = Article("tass", "OSLO (TASS) - " + BODY)
    articles = [hub, copy, *credited, last]
    passages = [(hub, each, BODY) for each in articles[1:]]
    families = [0, 0, *range(2, len(articles))]
    found = spread_over(articles, passages, same_text=True, families=families)
    assert len(found["0"].heard) <= 310
    # A canonical passes on what its first copies say.
    assert {claim.source_id for claim in found["copy"].heard} == {a.id for a in articles[2 : PASSED_ON + 1]}
    for id, conflicts in ("0", ("Reuters", "TASS")), ("copy", ("Reuters",)):
        names = [claim.whose for claim in found[id].heard]
        assert 3 <= names.count("AP") / names.count("Reuters") <= 5
        assert (found[id].origin.agency, found[id].origin.conflicts) == ("AP", conflicts)
