"""Agencies as old type and OCR spell them: what is found, what is not, and in what time."""

from __future__ import annotations

import time

import pytest

from dedup.attribution.agencies import fold, load_agencies
from dedup.attribution.credits import find_credits
from dedup.attribution.mentions import find_mentions
from dedup.attribution.noise import add_noisy
from dedup.model import Article

AGENCIES = load_agencies()


def named(text: str) -> list[tuple[str, str]]:
    mentions = add_noisy(text, find_mentions(text, AGENCIES), AGENCIES)
    return [(m.agencies[0].name, text[m.start : m.end]) for m in mentions]


@pytest.mark.parametrize("spelling", ["A. F. P.", "( a f p )", "Àfp", "AFP", " A.F.P . "])
def test_folding_leaves_letters_only(spelling: str) -> None:
    assert fold(spelling) == "afp"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rome, 3. (Renter.) — Le roi part.", ("Reuters", "Renter")),
        ("Rome, 3. (Reutcr.) — Le roi part.", ("Reuters", "Reutcr")),
        ("Rome, 3. (Reuer.) — Le roi part.", ("Reuters", "Reuer")),
        ("Rome, 3. (Reuuter.) — Le roi part.", ("Reuters", "Reuuter")),
        ("Rome, 3. (Stcfani.) — Le roi part.", ("Stefani", "Stcfani")),
    ],
)
def test_a_long_name_is_known_with_one_letter_wrong(text: str, found: tuple[str, str]) -> None:
    assert named(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Rome, 3. (Rentier.) — Le roi part.",  # two letters away
        "Le roi (Renter) part demain.",  # no date, no dash
        "Renter part demain.",  # no brackets
        "Rome, 3. (AFX) — Le roi part.",  # too short to be guessed
        "Le président (up) a parlé, la loi (spa) aussi.",  # words of their own
    ],
)
def test_nothing_else_is_guessed(text: str) -> None:
    assert named(text) == []


def test_a_name_broken_by_a_lines_end_is_one_name() -> None:
    text = "Laut Deutsche Pres-\nse-Agentur bleibt der Hafen zu."
    assert named(text) == [("dpa", "Deutsche Pres-\nse-Agentur")]


def test_credits_quote_the_text_as_it_is_spelt() -> None:
    text = (
        "Rom, 3. Juni. ( R e u t e r . ) Der König reist ab.\nSellin, 4. (Hav\u00e0s.) — La mer monte. (ag.)"
    )
    credits = find_credits(Article("a", text))
    assert {c.agency for c in credits} == {"Reuters", "Havas", None}
    assert all(c.text == text[c.start : c.end] for c in credits)


@pytest.mark.parametrize(
    "bait",
    [
        ")",
        "(Reuler) - ",
        "( R e u t e r ) ",
        "a\u00ad\n",
        ". / ats-afp\n",
        "12 (Havas.) — ",
        "a déclaré à l'",
        "sagte der sagte der dpa ",
        "avec ",
        "(ag ",
        "\ud800(Havas.) — ",
    ],
)
def test_time_grows_with_the_text_and_no_faster(bait: str) -> None:
    def seconds(length: int) -> float:
        article = Article("a", bait * (length // len(bait)) + "AFP")
        start = time.process_time()
        find_credits(article)
        return time.process_time() - start

    seconds(1_000)
    assert seconds(800_000) < 16 * max(seconds(100_000), 0.02)
