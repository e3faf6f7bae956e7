"""`dedup origin`: what it prints, for people and as JSON.

    RENEW_GOLDEN=1 pytest tests/cli/test_origin.py tests/cli/test_explain.py

writes the golden stories anew; read the difference before you commit it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
FERRY = SEEDS / "ferry-strike"
GOLDEN = Path(__file__).parent / "golden" / "stories"
TOLD = {
    "dateline": "ferry-strike/reuters-independent",
    "byline": "ferry-strike/herald-full-reprint",
    "joint": "credits/slash-dateline",
    "relayed": "volcano/pti",
    "release": "press-release/wire",
    "witness": "tarsim-truce/afp-correspondent-uncredited",
    "told-twice": "tarsim-truce/agencies-dropcap-repeat",
    "cited": "minister-resigns/sentinel-staff-citing",
    "picture": "trawler-raised/photo-credit-only",
    "contributed": "credits/ap-contributed-own-text",
    "unnamed": "credits/staff-and-agencies",
    "nobody": "unrelated/chess",
}
Call = Callable[..., Any]


@pytest.mark.parametrize("name", TOLD)
def test_a_story_is_the_golden_one(name: str, call: Call, is_golden: Call) -> None:
    paths = sorted(SEEDS.glob(f"{TOLD[name]}*.txt"))
    told = call("origin", *paths[:1])
    assert (told.status, told.err) == (0, "")
    is_golden(told.out, GOLDEN / f"origin-{name}.txt")
    assert len(told.out.splitlines()) <= 7


def test_what_a_terminal_would_obey_is_not_printed(call: Call, tmp_path: Path) -> None:
    evil = tmp_path / "evil.jsonl"
    text = "\x1b]0;owned\x07[bold red] The pier closed on Tuesday. (AP) \x1b[2J \ud800"
    evil.write_text(json.dumps({"id": "\x1b[31m[link=x]", "text": text, "byline": "\x9b2J Jo Hale"}) + "\n")
    for options in (), ("-v",):
        told = call("origin", evil, *options)
        assert told.status == 0
        assert not {"\x1b", "\x07", "\x9b"} & set(told.out)
        assert "[31m[link=x]" in told.out


def test_an_id_of_ten_thousand_letters_is_cut(call: Call, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(json.dumps({"id": "x" * 10_000, "text": "OSLO (AP) — The pier closed."}))
    told = call("origin", news)
    assert "…: AP wrote this (confirmed)" in told.out
    assert len(told.out) < 1_000


def test_the_verdict_says_who_how_certainly_and_why(call: Call) -> None:
    verdict, dateline, signoff = call("origin", FERRY / "reuters-independent.txt").out.splitlines()
    assert verdict == "ferry-reuters: Reuters wrote this (confirmed): its dateline opens the text."
    assert dateline.split()[0] == "dateline"
    assert "[[PORT ASKER, March 4 (Reuters) -]] A strike" in dateline
    assert signoff.endswith("[[(Reporting by Ilse Quarmby; Editing by Tobin Hale)]]")


def test_verbose_shows_every_credit_with_its_weight(call: Call) -> None:
    told = call("origin", SEEDS / "minister-resigns" / "reuters-original.txt", "-v").out.splitlines()
    table = [line.split()[:4] for line in told if line.startswith("  Reuters ")]
    assert table == [
        ["Reuters", "origin", "dateline", "+5.0"],
        ["Reuters", "cited", "told", "+1.0"],
        ["Reuters", "origin", "signoff", "+2.5"],
        ["Reuters", "origin", "tail", "+5.0"],
    ]


def test_whom_a_text_cites_and_whose_picture_it_prints_wrote_it_not(call: Call) -> None:
    cited = call("origin", SEEDS / "minister-resigns" / "sentinel-staff-citing.txt").out
    assert (
        "minister-sentinel: The outlet's own, says its byline: Reuters is quoted, which makes nobody" in cited
    )
    pictured = call("origin", SEEDS / "trawler-raised" / "photo-credit-only.txt").out
    assert "Nobody can tell from the text alone: Reuters took a picture, which makes nobody" in pictured


def test_origin_of_a_press_release_is_its_issuer(call: Call) -> None:
    told = call("origin", SEEDS / "press-release" / "wire.txt").out
    assert (
        "Halvorsen Tidal Inc. issued this as a press release (confirmed), sent through Business Wire" in told
    )


def test_origin_as_json_is_one_object_a_line(call: Call) -> None:
    told = call("origin", FERRY, "--json")
    records = [json.loads(line) for line in told.out.splitlines()]
    assert len(records) == len(list(FERRY.glob("*.txt")))
    assert {" ".join(record) for record in records} == {"id origin credits verdict evidence against"}
    original = next(record for record in records if record["id"] == "ferry-ap")
    assert (original["origin"]["agency"], original["origin"]["status"]) == ("AP", "confirmed")
    assert original["verdict"] == "AP wrote this (confirmed): its dateline opens the text."
    (piece,) = original["evidence"]
    assert piece == {
        "says": "its dateline opens the text", "article": "ferry-ap", "start": 0, "end": 17,
        "text": "PORT ASKER (AP) —", "before": "",
        "after": " Ferry crews across the Velmora islands walked off the job ",
    }  # fmt: skip


def test_every_quotation_stands_in_its_article_as_it_is_quoted(call: Call) -> None:
    from dedup.readers import read

    texts = {a.id: a.text for a in read([str(SEEDS)], on_reject=lambda _: None, on_notice=lambda _: None)}
    quoted = 0
    for line in call("origin", SEEDS, "--json").out.splitlines():
        record = json.loads(line)
        for piece in record["evidence"] + record["against"]:
            if piece["end"]:
                text = texts[piece["article"]]
                assert text[piece["start"] : piece["end"]] == piece["text"]
                start = piece["start"] - len(piece["before"])
                whole = piece["before"] + piece["text"] + piece["after"]
                assert text[start : start + len(whole)] == whole
                quoted += 1
    assert quoted > 20


def test_origin_tells_rejects_and_exits_with_3(call: Call, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text('{"id": "a", "text": "The pier closed."}\nbroken\n')
    told = call("origin", news)
    assert told.status == 3
    assert told.out == "a: Nobody can tell from the text alone: it names no agency.\n"
    assert told.err == f"dedup: {news}:2: not JSON: Expecting value at column 1\n"


MINE = '[[agency]]\nname = "Fjord"\ncode = "FJ"\nkind = "agency"\ntags = ["FJP"]\n'


def test_agencies_of_ones_own_are_read(call: Call, tmp_path: Path) -> None:
    story, mine = tmp_path / "story.txt", tmp_path / "mine.toml"
    story.write_text("OSLO, Oct 3 (FJP) - The pier closed on Tuesday.\n")
    mine.write_text("\ufeff" + MINE, encoding="utf-8")
    assert call("origin", story).out.endswith(": it names no agency.\n")
    assert ": Fjord wrote this (confirmed): " in call("origin", story, "--agencies", mine).out


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
