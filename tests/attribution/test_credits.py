"""What credits promise whatever the text: spans quote, reading is repeatable, and hostile text costs linear time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.attribution.agencies import load_agencies
from dedup.attribution.credits import find_credits
from dedup.attribution.mentions import HEAD, TAIL
from dedup.attribution.origin import attribute
from dedup.model import Article

SPELLINGS = sorted(load_agencies().forms)
PIECES = [
    "OSLO (", ") — ", "/", " told ", "told the ", " said ", "By ", "Anna Berg", ", ", " | ", "\n", "© 2019 ",
    "Source: ", "(Photo: ", ")", "an ", " journalist said ", " contributed to this report.", "May 3", "[x_y]",
    "<p>", " via ", "Agencies", "(Reporting by A; Editing by B)", "ab/cd", ".", "  ", "\ud800", "\0", "新",
    "Æ",
]  # fmt: skip
texts = st.lists(
    st.one_of(st.sampled_from(SPELLINGS), st.sampled_from(PIECES), st.text(max_size=8)), max_size=14
)


@given(texts.map("".join))
@settings(max_examples=400, deadline=None)
def test_every_credit_of_the_text_quotes_its_span(text: str) -> None:
    for credit in find_credits(Article("a", text)):
        assert 0 <= credit.start < credit.end <= len(text)
        assert credit.text == text[credit.start : credit.end]
        assert (credit.agency is None) == (credit.role == "unnamed")


@given(texts.map("".join), texts.map("".join))
@settings(max_examples=100, deadline=None)
def test_reading_one_text_leaves_no_trace_in_the_next(text: str, other: str) -> None:
    first = find_credits(Article("a", text))
    find_credits(Article("b", other))
    assert find_credits(Article("c", text)) == first


@given(texts.map("".join))
@settings(max_examples=200, deadline=None)
def test_a_score_and_its_status_agree(text: str) -> None:
    origin = attribute(Article("a", text)).origin
    if origin.issuer is None and origin.agency is not None:
        assert origin.agencies[0] == origin.agency
        assert origin.status != "unknown"
        assert origin.score >= 1


def test_neutral_text_far_behind_a_dateline_changes_nothing() -> None:
    text = "OSLO (AP) — Ferries stopped on Monday.\n"
    more = text + "The harbour master said that nobody was hurt and that all would be well.\n" * 40
    assert find_credits(Article("a", more)) == find_credits(Article("a", text))


BAIT = {
    "brackets": "(",
    "commas": "A, ",
    "open tags": '"(AP',
    "tags": "AP ",
    "a chain": "AP/",
    "lines": "AP\n",
    "bylines": "By AP ",
    "sign-offs": "(Reporting by ",
    "copyrights": "© 2019 ",
    "tellings": "told ",
    "witnesses": "an AFP journalist ",
    "agencies": "agencies from ",
    "initials": "ab/cd ",
    "blanks": "  ",
    "shortcodes": "[x_y]AP[/x_y]",
    "dates": "May 3, 2019 ",
    "photographers": "Anna Berg/AP ",
}


@pytest.mark.parametrize("bait", BAIT.values(), ids=BAIT.keys())
def test_bait_costs_linear_time(bait: str) -> None:
    def seconds(text: str) -> float:
        begun = time.perf_counter()
        find_credits(Article("a", text))
        return time.perf_counter() - begun

    short = bait * (2_000 // len(bait))
    find_credits(Article("a", short))
    # Eight times the text may cost eight times as much, not sixty-four; the rest is the machine's noise.
    assert seconds(short * 8) < 24 * max(min(seconds(short) for _ in range(3)), 0.002)


def test_ten_megabytes_on_one_line_are_ordinary() -> None:
    line = "The quick fox crossed the (old) bridge, and nobody told anyone. " * 160_000
    text = "OSLO (AP) — " + line + " (AP)"
    assert [c.kind for c in find_credits(Article("a", text))] == ["dateline", "tail"]


@pytest.mark.parametrize(
    "bait", ["(AP) ", "(AP)\n", "He told Reuters. ", "AP style ", "Photo: Anna Berg/AP\n"]
)
def test_ten_megabytes_of_names_cost_what_a_long_article_costs(bait: str) -> None:
    text = bait * (10_000_000 // len(bait))
    captions = [(at, at + len(bait) - 1) for at in range(0, len(text), len(bait))] if "Photo" in bait else []
    begun = time.perf_counter()
    find_credits(Article("a", text), captions)
    assert time.perf_counter() - begun < 5


def test_of_many_names_the_first_and_the_last_are_read() -> None:
    between = "He told Reuters that all was well. " * 2_000
    text = f"OSLO (AP) — {between}\n(AFP)"
    credits = find_credits(Article("a", text))
    assert (credits[0].kind, credits[-1].kind) == ("dateline", "tail")
    assert len(credits) == HEAD + TAIL
    assert find_credits(Article("a", text.replace(between, between[: len(between) // 2])))[-1].text == "(AFP)"


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"infosource": [{"name": "Reuters", "role": "originator"}]}, ("Reuters", "origin")),
        ({"infosources": [{"name": "AP", "role": "distributor"}]}, ("AP", "carrier")),
        ({"jsonld": {"author": {"@type": "Organization", "name": "AFP"}}}, ("AFP", "origin")),
        ({"sourceOrganization": {"name": "Agence France-Presse"}}, ("AFP", "origin")),
        ({"canonical": "https://apnews.com/article/x"}, ("AP", "origin")),
        ({"syndication-source": "https://www.reuters.com/x"}, ("Reuters", "origin")),
        ({"dc:creator": "Anna Berg, Associated Press"}, ("AP", "origin")),
    ],
)
def test_fields_that_say_who_supplied_the_text_count(
    metadata: dict[str, object], expected: tuple[str, str]
) -> None:
    article = Article("a", "Ferries stopped.", url="https://fjord.example/x", metadata=metadata)
    (credit,) = find_credits(article)
    assert (credit.agency, credit.role) == expected
    assert credit.kind in ("metadata", "byline")
    assert (credit.start, credit.end) == (0, 0)


@pytest.mark.parametrize(
    "metadata", [{"publisher": "Reuters"}, {"og:site_name": "AP"}, {"author": "Anna Berg"}, {"author": 3}]
)
def test_fields_that_say_who_printed_it_do_not(metadata: dict[str, object]) -> None:
    assert find_credits(Article("a", "Ferries stopped.", metadata=metadata)) == ()


def test_captions_of_the_text_stage_are_believed() -> None:
    text = "A ferry in the fog seen on Monday by Reuters\nThe council met."
    article = Article("a", text)
    assert [c.role for c in find_credits(article, [(0, 44)])] == ["photo"]


def test_a_conflict_between_field_and_text_shows_both() -> None:
    article = Article("a", "OSLO (AP) — Ferries stopped on Monday.", byline="Reuters")
    found = attribute(article)
    assert {c.agency for c in found.credits} == {"AP", "Reuters"}
    assert (found.origin.agency, found.origin.status) == ("Reuters", "probable")
    assert found.origin.conflicts == ("AP",)
