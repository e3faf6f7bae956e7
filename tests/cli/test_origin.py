"""`dedup origin`: what it prints, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[2] / "seeds"
FERRY = SEEDS / "ferry-strike"
Call = Callable[..., Any]


def test_what_a_terminal_would_obey_is_not_printed(call: Call, tmp_path: Path) -> None:
    evil = tmp_path / "evil.jsonl"
    text = "\x1b]0;owned\x07[bold red] The pier closed on Tuesday. (AP) \x1b[2J \ud800"
    evil.write_text(json.dumps({"id": "\x1b[31m[link=x]", "text": text}) + "\n")
    told = call("origin", evil)
    assert told.status == 0
    assert "\x1b" not in told.out
    assert "\x07" not in told.out
    assert "[31m[link=x]" in told.out


def test_origin_shows_the_verdict_and_each_credit_in_context(call: Call) -> None:
    told = call("origin", FERRY / "reuters-independent.txt")
    assert (told.status, told.err) == (0, "")
    verdict, *credits = told.out.splitlines()
    assert verdict.startswith("ferry-reuters: Reuters, confirmed, whole text, score +")
    agency, role, kind, weight, *_ = credits[0].split()
    assert (agency, role, kind, weight) == ("Reuters", "origin", "dateline", "+5.0")
    assert "[[PORT ASKER, March 4 (Reuters) -]] A strike" in credits[0]


def test_origin_names_the_role_of_what_is_no_origin(call: Call) -> None:
    told = call("origin", SEEDS / "minister-resigns" / "sentinel-staff-citing.txt")
    assert "minister-sentinel: " in told.out
    assert " cited " in told.out


def test_origin_of_a_press_release_is_its_issuer(call: Call) -> None:
    assert ": a press release of " in call("origin", SEEDS / "press-release" / "wire.txt").out


def test_origin_as_json_is_one_object_a_line(call: Call) -> None:
    told = call("origin", FERRY, "--json")
    records = [json.loads(line) for line in told.out.splitlines()]
    assert len(records) == len(list(FERRY.glob("*.txt")))
    assert {" ".join(record) for record in records} == {"id origin credits"}
    original = next(record for record in records if record["id"] == "ferry-ap")
    assert (original["origin"]["agency"], original["origin"]["status"]) == ("AP", "confirmed")


def test_origin_tells_rejects_and_exits_with_3(call: Call, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text('{"id": "a", "text": "The pier closed."}\nbroken\n')
    told = call("origin", news)
    assert (told.status, told.out) == (3, "a: origin unknown\n")
    assert told.err == f"dedup: {news}:2: not JSON: Expecting value at column 1\n"


MINE = '[[agency]]\nname = "Fjord"\ncode = "FJ"\nkind = "agency"\ntags = ["FJP"]\n'


def test_agencies_of_ones_own_are_read(call: Call, tmp_path: Path) -> None:
    story, mine = tmp_path / "story.txt", tmp_path / "mine.toml"
    story.write_text("OSLO, Oct 3 (FJP) - The pier closed on Tuesday.\n")
    mine.write_text("\ufeff" + MINE, encoding="utf-8")
    assert call("origin", story).out.endswith(": origin unknown\n")
    assert ": Fjord, confirmed, whole text" in call("origin", story, "--agencies", mine).out


def test_a_fault_in_ones_own_agencies_is_told_with_file_agency_and_field(call: Call, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(MINE.replace("tags =", "tag ="))
    for command in "origin", "run":
        told = call(command, FERRY, "--agencies", mine)
        assert (told.status, told.out) == (2, "")
        assert told.err == f"dedup: {mine}: agency 1 (Fjord): unknown field 'tag'; did you mean 'tags'?\n"


def test_ones_own_agencies_must_be_a_file_in_utf_8(call: Call, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    told = call("origin", FERRY, "--agencies", mine)
    assert told.status == 2
    assert "does not exist" in told.err
    mine.write_bytes(b'name = "\xff"')
    told = call("origin", FERRY, "--agencies", mine)
    assert (told.status, told.err) == (2, f"dedup: {mine}: not UTF-8 at byte 8; save it as UTF-8\n")
