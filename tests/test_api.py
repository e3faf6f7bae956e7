"""The Python API as its docstrings promise it: `run`, `compare`, `attribute`, and the names of what they give."""

from __future__ import annotations

import dataclasses
import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dedup
from dedup import Article, InputError, Match, Settings, SettingsError, attribute, compare, run
from dedup.writers import dumps, to_record

ROOT = Path(__file__).parents[1]

WIRE = (
    "PORT HESK, March 4 (Reuters) - The council of Port Hesk voted on Tuesday to close the old grain pier before "
    "winter, after divers found eleven of its oak piles eaten through below the low-water line. "
    "Engineers had given the pier two more years in their last survey, which the harbour master called optimistic. "
    "Boats that land there now will share the fish quay until a floating stage arrives from the yard at Tarn. "
    "(Reporting by Ilse Quarmby; Editing by Tobin Hale)"
)
REPRINT = (
    "Anglers are up in arms this week. The council of Port Hesk voted on Tuesday to close the old grain pier before "
    "winter, after divers found eleven of its oak piles eaten through below the low-water line. "
    "Engineers had given the pier two more years in their last survey, which the harbour master called optimistic. "
    "Boats that land there now will share the fish quay until a floating stage arrives from the yard at Tarn. "
    "Our reporter met three of them at the quay, none of whom had been asked."
)


def mirrored(match: Match) -> Match:
    return dataclasses.replace(
        match, a=match.b, b=match.a,
        a_start=match.b_start, a_end=match.b_end, b_start=match.a_start, b_end=match.a_end,
    )  # fmt: skip


@pytest.mark.parametrize("name", dedup.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert inspect.getdoc(getattr(dedup, name)), name


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = "{'numpy', 'scipy', 'numba', 'sklearn', 'datasketch', 'pyarrow', 'rich', 'click', 'orjson'}"
    code = f"import sys, dedup; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_compare_takes_strings_mappings_and_articles() -> None:
    by_text = compare(WIRE, REPRINT)
    assert [(match.a, match.b) for match in by_text] == [("a", "b")] * len(by_text)
    (match,) = by_text
    assert WIRE[match.a_start : match.a_end] == REPRINT[match.b_start : match.b_end]
    assert WIRE[match.a_start : match.a_end].startswith("The council of Port Hesk")
    assert WIRE[match.a_start : match.a_end].rstrip().endswith("Tarn.")
    assert (match.kind, match.weight, match.similarity) == ("verbatim", "substantial", 1.0)
    named = dataclasses.replace(match, a="wire", b="reprint")
    assert compare(Article("wire", WIRE), {"id": "reprint", "content": REPRINT}) == [named]


def test_compare_the_other_way_round_gives_the_mirror_image() -> None:
    one, two = Article("one", WIRE), Article("two", REPRINT)
    assert compare(two, one) == [mirrored(match) for match in compare(one, two)]


def test_compare_gives_positions_in_order_and_nothing_for_strangers() -> None:
    stranger = (
        "Beekeepers in the Lowen valley lost a third of their colonies to a wet spring, their guild reported."
    )
    assert compare(WIRE, stranger) == []
    apart = REPRINT.replace("Engineers had", f"{stranger} Engineers had")
    starts = [match.a_start for match in compare(WIRE, apart)]
    assert starts == sorted(starts)


@pytest.mark.parametrize("text", ["", "word", "\0", "\ud800", " \n "], ids=ascii)
def test_compare_takes_any_text(text: str) -> None:
    assert compare(text, WIRE) == []
    assert compare(text, text) == []


def test_a_comparison_heeds_its_settings() -> None:
    shared = compare(WIRE, REPRINT)
    assert compare(WIRE, REPRINT, Settings(match_tokens=500)) == []
    # Passages are what a comparison is for, whatever a run is told.
    assert compare(WIRE, REPRINT, Settings(passages=False)) == shared


def test_attribute_takes_strings_mappings_and_articles() -> None:
    found = attribute(WIRE)
    assert (found.origin.agency, found.origin.status, found.origin.share) == ("Reuters", "confirmed", "whole")
    assert all(WIRE[credit.start : credit.end] == credit.text for credit in found.credits if credit.end)
    assert attribute(Article("wire", WIRE)) == found
    assert attribute({"maintext": WIRE}) == found


def test_attribute_reads_the_byline_too() -> None:
    text = "The council of Port Hesk voted on Tuesday to close the old grain pier before winter."
    assert attribute(text).origin.status == "unknown"
    found = attribute(Article("a", text, byline="Associated Press"))
    assert found.origin.agency == "AP"
    assert [(c.start, c.end, c.text) for c in found.credits] == [(0, 0, "Associated Press")]


@pytest.mark.parametrize(
    "text", ["", "word", "\0", "\ud800", "(AP) " * 1000], ids=["empty", "word", "nul", "lone", "many"]
)
def test_attribute_takes_any_text(text: str) -> None:
    attribute(text)


@pytest.mark.parametrize("function", [lambda x: compare(x, WIRE), attribute], ids=["compare", "attribute"])
@pytest.mark.parametrize("nothing", [{"id": "a"}, {"text": None}, 7, None], ids=str)
def test_what_is_no_article_is_an_input_error(function: Any, nothing: Any) -> None:
    with pytest.raises(InputError, match=r"text|an article is"):
        function(nothing)


@pytest.mark.parametrize(
    "wrong",
    [{"threshold": 0}, {"threshold": 1.1}, {"jobs": -1}, {"bands": 64}, {"shingle": 0}, {"bucket_cap": 1}],
    ids=str,
)
def test_a_setting_that_cannot_work_is_refused_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        Settings(**wrong)


def test_the_fingerprint_tells_settings_apart_unless_they_change_nothing() -> None:
    assert Settings(jobs=3).fingerprint == Settings().fingerprint
    prints = {Settings().fingerprint, Settings(threshold=0.8).fingerprint, Settings(origin=False).fingerprint}
    assert len(prints) == 3


def test_results_are_frozen() -> None:
    result = run([Article("a", WIRE)])
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.articles[0].relation = "duplicate"  # type: ignore[misc]


def test_attributes_are_the_names_of_the_json() -> None:
    result = run(
        [Article("wire", WIRE * 2, published="2024-03-04"), Article("copy", WIRE * 2, published="2024-03-05")]
    )
    things = [*result.articles, *result.clusters, *result.matches, result.articles[1].similarity,
              result.articles[0].origin, *result.articles[0].credits, *result.articles[0].repeats]  # fmt: skip
    assert {type(thing).__name__ for thing in things} == {
        "Verdict", "Cluster", "Match", "Similarity", "Origin", "Credit", "Repeat",
    }  # fmt: skip
    for thing in things:
        record = json.loads(dumps(to_record(thing)))
        names = [field.name for field in dataclasses.fields(thing)]  # type: ignore[arg-type]
        assert set(record) <= set(names)
        # Extensions of the contract may be left out where they say nothing.
        assert set(names) - set(record) <= {
            "agencies",
            "issuer",
            "conflicts",
            "rule",
            "reason",
            "direction_reason",
            # What only an index tells.
            "matches",
            "as_of",
            "previous",
        }
        for name, value in record.items():
            if isinstance(value, str | int | None):
                assert getattr(thing, name) == value


def test_arguments_are_left_as_they_were() -> None:
    record = {"id": "a", "text": WIRE, "tags": ["harbour"]}
    before = json.dumps(record)
    run([record])
    compare(record, record)
    attribute(record)
    assert json.dumps(record) == before


def test_articles_may_come_from_a_generator() -> None:
    result = run(Article(str(i), f"{WIRE} Number {i}.") for i in range(3))
    assert [verdict.id for verdict in result.articles] == ["0", "1", "2"]
