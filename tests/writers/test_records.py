from __future__ import annotations

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import model
from dedup.model import (
    Article,
    Attribution,
    Credit,
    Match,
    Origin,
    Passage,
    Reject,
    Repeat,
    Result,
    Similarity,
    Verdict,
)
from dedup.writers import dumps, records, to_record

CREDIT = Credit("AP", "origin", "dateline", 0, 10, "CAIRO (AP)", 5.0)
VERDICT = Verdict(
    "1", "Example Times", "T", "https://example.org", "2024", None, "unique", None, None, Origin(), (), {}, ()
)


def names(record: dict[str, object]) -> str:
    return " ".join(record)


def test_an_article_line_has_the_names_of_the_contract_in_their_order() -> None:
    assert names(to_record(VERDICT)) == (
        "id outlet title url published cluster relation canonical similarity origin credits "
        "composition repeats page passages"
    )
    assert names(to_record(Origin())) == "agency share status score inferred_from"
    assert names(to_record(CREDIT)) == "agency role kind start end text weight"
    assert names(to_record(Similarity(1, 1))) == "jaccard containment"
    repeat = to_record(Repeat(10, 20, (0, 10), "repeat"))
    assert repeat == {"start": 10, "end": 20, "of": [0, 10], "kind": "repeat", "similarity": 1.0}


def test_a_passage_names_its_source_where_it_has_one() -> None:
    assert to_record(Passage(0, 9, "own")) == {"start": 0, "end": 9, "whose": "own"}
    inferred = to_record(Passage(0, 9, "AP", "x", (3, 12)))
    assert inferred == {"start": 0, "end": 9, "whose": "AP", "inferred_from": "x", "of": [3, 12]}


def test_the_other_lines_have_the_names_of_the_contract_in_their_order() -> None:
    match = to_record(Match("1", "2", 0, 5, 7, 12, 1.0, "verbatim", "substantial"))
    assert names(match) == "a b a_start a_end b_start b_end similarity kind weight direction relation"
    cluster = to_record(model.Cluster("c1", 2, ("1", "2"), ("A", "B"), "1", None, Origin(), 1))
    assert names(cluster) == "id size members outlets canonical first origin independent_sources"
    assert to_record(Reject("a.jsonl", 3, "why")) == {"source": "a.jsonl", "line": 3, "reason": "why"}


def test_extensions_stand_only_where_they_say_something() -> None:
    origin = to_record(Origin("AFP", agencies=("AFP", "AP"), issuer="Example Corp"))
    assert (origin["agencies"], origin["issuer"]) == (["AFP", "AP"], "Example Corp")
    assert to_record(dataclasses.replace(CREDIT, rule="dateline.tag"))["rule"] == "dateline.tag"
    match = Match("1", "2", 0, 5, 7, 12, 1.0, "verbatim", "incidental", reason="a quotation")
    assert to_record(match)["reason"] == "a quotation"
    assert to_record(Reject("a.jsonl", 3, "why", "x"))["id"] == "x"


def test_numbers_are_rounded_and_finite() -> None:
    assert to_record(Similarity(0.123456, math.nan)) == {"jaccard": 0.1235, "containment": None}
    assert to_record(Origin(score=5.126))["score"] == 5.13
    assert dumps(to_record(Origin(score=-0.001))).count(b'"score":0.0') == 1
    assert to_record(dataclasses.replace(CREDIT, weight=5))["weight"] == 5.0
    shares = to_record(dataclasses.replace(VERDICT, composition={"AP": 2 / 3, "own": math.inf}))
    assert shares["composition"] == {"AP": 0.667, "own": None}


def test_everything_that_a_run_finds_has_a_record_and_what_it_is_given_has_none() -> None:
    classes = {each for each in vars(model).values() if dataclasses.is_dataclass(each)}
    assert set(records._RECORDS) == classes - {Article, Result}
    told = to_record(Attribution(Origin(), (CREDIT,)))
    assert told == {"origin": to_record(Origin()), "credits": [to_record(CREDIT)]}
    for thing in ("text", Article("1", "Text.")):
        with pytest.raises(TypeError, match=f"{type(thing).__name__} has no record"):
            to_record(thing)


def test_a_lone_surrogate_is_written_as_its_escape_and_nothing_else_is() -> None:
    line = dumps({"text": "Grüße \ud800 東京 <script> \0", "n": 1.5})
    assert line == '{"text":"Grüße \\ud800 東京 <script> \\u0000","n":1.5}'.encode()


@given(st.text(st.characters(exclude_categories=())), st.booleans())
def test_any_text_comes_back_from_its_line(text: str, indent: bool) -> None:
    line = dumps({"text": text, "list": (1, None, True)}, indent=indent)
    # Two escapes beside each other read as the one character that they encode, from any writer.
    assert json.loads(line)["text"] == json.loads(json.dumps(text))
    assert indent or b"\n" not in line


def test_both_ways_of_writing_agree() -> None:
    record = {"a": [1, (2.5, None)], "b": {"c": 'é\n\t"\\/\x7f', "d": math.nan}, "e": True, "f": [], "g": {}}
    for indent in (False, True):
        plain = dumps(record, indent=indent)
        assert dumps(record | {"z": "\ud800"}, indent=indent).startswith(plain.rstrip(b"\n}"))


def test_what_json_does_not_know_is_told_as_text() -> None:
    assert dumps({"big": 1 << 70, "set": {4}}) == b'{"big":1180591620717411303424,"set":"{4}"}'
