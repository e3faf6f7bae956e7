"""House style: weak, bounded, never alone."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.attribution.agencies import load_agencies
from dedup.attribution.credits import find_credits
from dedup.attribution.origin import attribute
from dedup.attribution.style import MOST, find_style, load_style, parse_style
from dedup.errors import AgenciesError
from dedup.model import Article

ALL = ("AP", "Reuters", "AFP", "PA")
SIGNOFF = "\n(Reporting by Jan Olsen; Editing by Anna Berg)"


def points(text: str) -> dict[str, float]:
    return {name: reading.weight for name, reading in find_style(text, ALL)}


def test_names_only_listed_agencies() -> None:
    listed = {agency.name for agency in load_agencies().agencies}
    assert {name for by in load_style().habits for name in by} <= listed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The al Qaeda cell was small.", {"Reuters": 0.5, "AP": -0.5, "AFP": -0.5}),
        ("The U.N. envoy left.", {"AP": 0.25, "Reuters": 0.25, "AFP": -0.25}),
        ("The envoy of the UN left.", {"AFP": 0.25, "AP": -0.25, "Reuters": -0.25}),
        ("The envoy said on Monday that he would stay.", {"Reuters": 0.25}),
        ("The envoy said Monday that he would stay.", {"Reuters": -0.25}),
        ("Hifter met the U.N. and the UN.", {"AP": 0.5, "Reuters": -0.5, "AFP": -0.5}),
        ("Nothing here chooses.", {}),
        ("A bUS, a UNit and U.S.S.R. are other words.", {}),
        ("", {}),
    ],
)
def test_a_spelling_speaks_for_those_who_use_it_and_against_the_rest(
    text: str, expected: dict[str, float]
) -> None:
    found = points(text)
    assert {name: found[name] for name in expected} == expected
    assert set(found) <= {*expected, "PA"}


def test_a_capital_that_the_sentence_asks_for_is_no_choice() -> None:
    assert "AFP" not in points("It rained. Al-Qaeda was silent.")
    assert points("The rebels of Al-Qaeda were silent.")["AFP"] == 0.5


def test_all_features_together_are_worth_a_point_at_most() -> None:
    text = "Gadhafi and Hifter saw al-Qaida in Deir el-Zour while Bashar Assad met U.N. and U.S. envoys of el-Sissi."
    assert points(text) == {"AP": MOST, "Reuters": -MOST, "AFP": -MOST, "PA": -0.5}


@given(st.text(), st.sampled_from(sorted(load_style().spellings)), st.text())
def test_the_reading_quotes_a_feature_and_stays_in_bounds(before: str, spelling: str, after: str) -> None:
    text = f"{before} {spelling} {after}"
    for _, reading in find_style(text, ALL):
        assert text[reading.start : reading.end] in load_style().spellings
        assert 0 < abs(reading.weight) <= MOST


def test_alone_it_names_nobody() -> None:
    text = "Hifter and Moammar Gadhafi appear; nothing else."
    found = attribute(Article("a", text))
    assert (found.credits, found.origin.status) == ((), "unknown")
    told = attribute(Article("a", text + " An official told AFP so."))
    assert [c.kind for c in told.credits] == ["told"]


def test_it_supports_or_shakes_a_hint() -> None:
    plain = attribute(Article("a", "Ferries stopped." + SIGNOFF)).origin
    fits = attribute(Article("a", "Ferries of al Qaeda stopped." + SIGNOFF))
    departs = attribute(
        Article("a", "Ferries of al-Qaida stopped in Deir el-Zour, Hifter said." + SIGNOFF)
    ).origin
    assert (plain.status, plain.score) == ("possible", 2.5)
    assert (fits.origin.status, fits.origin.score) == ("probable", 3.0)
    assert (departs.status, departs.score) == ("possible", 1.5)
    (style,) = (c for c in fits.credits if c.kind == "style")
    assert (style.agency, style.role, style.text, style.weight) == ("Reuters", "cited", "al Qaeda", 0.5)
    assert style.rule == "its house style: al Qaeda"


def test_a_claim_needs_none_and_no_origin_is_confirmed_by_it() -> None:
    text = "OSLO (AP) — Gadhafi and Hifter met the U.N. envoy."
    assert [c.kind for c in find_credits(Article("a", text))] == ["dateline"]
    hints = (
        "The harbour master told Reuters so. Ferries of al Qaeda stopped in Deir al-Zor, near Raqqa."
        + SIGNOFF
    )
    origin = attribute(Article("a", hints)).origin
    assert (origin.status, origin.score) == ("probable", 4.5)


def test_long_text_costs_no_more_than_its_beginning() -> None:
    begun = time.perf_counter()
    list(find_style("said Mon " * 1_000_000, ALL))
    assert time.perf_counter() - begun < 0.2


ROW = '[[choice]]\npoints = 0.5\nspelled = [{ by = ["AP"], as = ["fiord"] }, { by = [], as = ["fjord"] }]\n'


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("[[choice", "not valid TOML"),
        (ROW.replace("0.5", "2"), "points must be"),
        (ROW.replace("0.5", "true"), "points must be"),
        (ROW.replace("spelled", "spelt"), "spelled must be"),
        (ROW.replace("as = ", "of = "), "needs `by` and `as`"),
        (ROW + ROW, "stands twice"),
    ],
)
def test_a_damaged_table_is_refused_with_the_reason(source: str, reason: str) -> None:
    with pytest.raises(AgenciesError, match=reason):
        parse_style(source, "mine.toml")


def test_a_table_of_ones_own_reads() -> None:
    assert parse_style(ROW).habits == (frozenset({"AP"}),)
    assert parse_style("").pattern.search("fjord") is None


def test_other_languages_have_none_of_these_habits() -> None:
    assert not list(find_style("Les centres de la ville ont été fermés, selon la mairie.", ["AFP", "AP"]))
