"""`dedup compare` and `dedup origin`: what they print, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
FERRY = SEEDS / "ferry-strike"
Call = Callable[..., Any]

SHARED = (
    "Divers found eleven of the pier's oak piles eaten through below the low-water line, the council said on Tuesday. "
    "Engineers had given the pier two more years in their last survey, which the harbour master called optimistic. "
    "Boats that land there now will share the fish quay until a floating stage arrives from the yard at Tarn."
)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text(f"The pier at Port Hesk will not see the spring. {SHARED} A hearing is set for January.")
    two.write_text(f"Anglers are up in arms this week. {SHARED} None of them was asked.")
    return one, two


def test_compare_shows_each_passage_in_both_texts(pair: tuple[Path, Path], call: Call) -> None:
    told = call("compare", *pair)
    assert (told.status, told.err) == (0, "")
    lines = told.out.splitlines()
    assert lines[:2] == ["A one.txt", "B two.txt"]
    assert lines[2].startswith("1 shared passage; ")
    assert lines[4] == "1  verbatim, similarity 1.00, substantial: shared reporting"
    for name, line, path in zip("AB", lines[5:], pair, strict=True):
        text = path.read_text()
        piece = line[line.index("[[") + 2 : line.index("]]")]
        start = text.index(piece)
        assert piece.strip() == SHARED
        assert line.startswith(f"{name} [{start}, {start + len(piece)})  ")


def test_compare_as_json_is_one_object_with_the_names_of_matches(pair: tuple[Path, Path], call: Call) -> None:
    told = call("compare", *pair, "--json")
    assert (told.status, told.err) == (0, "")
    record = json.loads(told.out)
    assert list(record) == ["a", "b", "similarity", "coverage", "matches"]
    assert (record["a"], record["b"]) == ("one.txt", "two.txt")
    (match,) = record["matches"]
    assert list(match)[:6] == ["a", "b", "a_start", "a_end", "b_start", "b_end"]
    assert pair[0].read_text()[match["a_start"] : match["a_end"]].strip() == SHARED


def test_compare_shows_as_much_context_as_is_asked_for(pair: tuple[Path, Path], call: Call) -> None:
    bare = call("compare", *pair, "--context", "0").out
    assert "Anglers" not in bare
    assert "Anglers are up in arms" in call("compare", *pair, "--context", "200").out
    assert call("compare", *pair, "--context", "-1").status == 2


def test_compare_says_so_when_nothing_is_shared(call: Call) -> None:
    told = call("compare", SEEDS / "unrelated" / "chess.txt", SEEDS / "unrelated" / "roof.txt")
    assert told.status == 0
    assert "no shared passage; 0% of A, 0% of B" in told.out


def test_compare_reads_one_article_from_standard_input(pair: tuple[Path, Path], process: Call) -> None:
    record = json.dumps({"id": "piped", "text": pair[1].read_text()})
    told = process("compare", pair[0], "-", stdin=record.encode())
    assert (told.status, told.err) == (0, "")
    assert "\nB piped\n1 shared passage" in told.out


def test_what_a_terminal_would_obey_is_not_printed(call: Call, tmp_path: Path) -> None:
    evil = tmp_path / "evil.jsonl"
    text = f"\x1b]0;owned\x07[bold red] {SHARED} (AP) \x1b[2J \ud800"
    evil.write_text(json.dumps({"id": "\x1b[31m[link=x]", "text": text}) + "\n")
    for command in (("compare", evil, evil), ("origin", evil)):
        told = call(*command)
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
