"""`dedup explain`: the story of one article of a run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
GOLDEN = Path(__file__).parent / "golden" / "stories"
TOLD = (
    "ferry-plain",  # a copy without a credit
    "ferry-observer",  # stitched of two agencies' copy under a byline of its own
    "minister-ledger",  # its own text hints at what the copy says
    "release-local",
    "volcano-pti",
    "tunnel-follow",  # shares a part of somebody's own report
    "trawler-own",  # a picture credit only
    "truce-agencies",  # prints a block twice
    "comet-a",  # undated
)
TEXT = (
    "Ferries on the Hesk fjord stopped on Monday after the crews rejected a new roster. Some four thousand "
    "commuters were left to find a bus, and the council asked both sides to meet before the weekend. Nobody "
    "at the quay believed that they would, and the kiosk sold out of rolls before the second bus had come."
)
Call = Callable[..., Any]


@pytest.fixture
def run_of(call: Call, tmp_path: Path) -> Callable[..., Path]:
    """The results of a run over these records, whose texts are in `news.jsonl`."""

    def run_of(*records: dict[str, Any], options: tuple[str, ...] = ()) -> Path:
        (tmp_path / "news.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
        told = call("run", "news.jsonl", "--out", "result", "--force", "-q", *options)
        assert told.status in (0, 3), told.err
        return tmp_path / "result"

    return run_of


@pytest.fixture
def ferry(run_of: Callable[..., Path]) -> Path:
    return run_of(
        {
            "id": "wire",
            "text": f"OSLO (AP) — {TEXT}",
            "outlet": "Hesk Wire",
            "published": "2031-03-04T06:00:00Z",
        },
        {"id": "wire-copy", "text": TEXT, "published": "2031-03-04T09:00:00Z"},
        {"id": "chess", "text": "The draw took nine hours and two thermos flasks."},
        {"id": "void"},
    )


@pytest.mark.parametrize("id", TOLD)
def test_a_story_is_the_golden_one(id: str, call: Call, seeds_run: Path, is_golden: Call) -> None:
    told = call("explain", seeds_run, id)
    assert (told.status, told.err) == (0, "")
    is_golden(told.out, GOLDEN / f"explain-{id}.txt")
    assert len(told.out.splitlines()) <= 13


def test_an_inferred_origin_is_told_with_the_passage_and_what_credits_it(call: Call, ferry: Path) -> None:
    told = call("explain", ferry, "wire-copy").out.splitlines()
    assert told[0] == "wire-copy: 2031-03-04T09:00:00Z"
    assert told[1] == (
        "AP wrote this (confirmed): the text itself does not say so, but all of it is AP's copy, as in wire."
    )
    assert told[2].startswith("  passage      the same stands in wire: [[Ferries on the Hesk fjord stopped")
    assert told[3].startswith("  dateline     in wire: [[OSLO (AP) —]] Ferries on the Hesk fjord")
    assert "  seen first   wire (Hesk Wire, 2031-03-04T06:00:00Z)" in told


def test_the_beginning_of_an_id_will_do_where_only_one_begins_so(call: Call, ferry: Path) -> None:
    told = call("explain", ferry, "ch")
    assert told.status == 0
    assert told.out.startswith("chess\n")
    assert told.err == "dedup: this is chess, the only article whose id begins so\n"
    assert call("explain", ferry, "wire").out.startswith("wire: ")  # whole, though another begins so
    assert "there is no article 'wir'; 2 begin so; do you mean 'wire' or 'wire-copy'?" in call(
        "explain", ferry, "wir"
    ).err  # fmt: skip


@pytest.mark.parametrize(
    ("id", "message"),
    [
        ("wire_copy", "there is no article 'wire_copy'; do you mean 'wire-copy' or 'wire'?"),
        ("", "there is no article ''"),
        ("ЖЖ", "there is no article 'ЖЖ'"),
        ("void", "article 'void' was rejected: news.jsonl:4: "),
        ("\x1b[2J", r"there is no article '\x1b[2J'"),
        ("z" * 10_000, f"there is no article '{'z' * 80}…'"),
    ],
)
def test_an_id_that_nobody_has_is_told_with_those_that_are_near(
    id: str, message: str, call: Call, ferry: Path
) -> None:
    told = call("explain", ferry, id)
    assert (told.status, told.out) == (1, "")
    assert message in told.err
    assert told.err.count("\n") == 1
    assert len(told.err) < 400


def test_what_is_no_folder_of_results_is_told(call: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for folder, reason in (
        ("nowhere", "there is no such"),
        ("file", "is no folder"),
        ("empty", "holds no results"),
    ):
        told = call("explain", folder, "x")
        assert (told.status, told.out) == (1, "")
        assert told.err.startswith(f"dedup: {folder}: {reason}")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("articles.jsonl", '{"id": "chess", "origin"', "articles.jsonl: a line of it is damaged"),
        ("articles.jsonl", '{"id": "chess"}', "articles.jsonl: a line of it lacks 'origin'"),
        ("articles.jsonl", "[]", "articles.jsonl: a line of it lacks 'id'"),
        (
            "articles.jsonl",
            '{"id": "chess", "origin": 1, "credits": []}',
            "articles.jsonl: a line of it has a 'origin'",
        ),
        (
            "articles.jsonl",
            '{"id": "chess", "origin": {"status": "sure"}, "credits": []}',
            "articles.jsonl: a line of it has a 'origin' that dedup does not write; run it again",
        ),
        (
            "articles.jsonl",
            '{"id": "chess", "origin": {}, "credits": [{"agency": "AP"}]}',
            "a line of it has a 'credits' that",
        ),
        ("matches.jsonl", '{"a": "chess"}', "matches.jsonl: a line of it lacks 'b'"),
        ("matches.jsonl", None, "matches.jsonl: cannot be read: No such file or directory"),
        ("summary.json", "{", "summary.json: cannot be read: "),
        ("summary.json", "[]", "summary.json: is no summary"),
    ],
)
def test_a_damaged_folder_is_told(
    name: str, content: str | None, message: str, call: Call, ferry: Path
) -> None:
    if content is None:
        (ferry / name).unlink()
    else:
        (ferry / name).write_text(content)
    told = call("explain", ferry, "chess")
    assert (told.status, told.out) == (1, "")
    assert message in told.err


def test_where_the_texts_have_gone_the_story_is_told_without_and_input_finds_them(
    call: Call, ferry: Path, tmp_path: Path
) -> None:
    whole = call("explain", ferry, "wire-copy").out
    (tmp_path / "news.jsonl").rename(tmp_path / "moved.jsonl")
    told = call("explain", ferry, "wire-copy")
    assert told.status == 0
    assert told.out.splitlines()[:2] == whole.splitlines()[:2]
    assert "  dateline     in wire: OSLO (AP) —\n" in told.out
    assert "[[" not in told.out
    assert "the text of wire-copy is not where the run read it, and is not quoted; --input" in told.err
    found = call("explain", ferry, "wire-copy", "--input", "moved.jsonl")
    assert (found.out, found.err) == (whole, "")
    wrong = call("explain", ferry, "wire-copy", "--input", "news.jsonl")
    assert (wrong.status, wrong.err) == (1, "dedup: news.jsonl: no such file or folder; check the path\n")


def test_a_text_that_has_changed_is_not_quoted(call: Call, ferry: Path, tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(news.read_text().replace("OSLO (AP)", "Quay. OSLO (AP)"))
    told = call("explain", ferry, "wire")
    assert told.err.startswith("dedup: the text of wire has changed since the run, and is not quoted")
    assert "  dateline     OSLO (AP) —\n" in told.out


def test_columns_that_the_run_was_told_of_need_not_be_told_again(call: Call, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(f'nr,story\n7,"OSLO (AP) — {TEXT}"\n')
    assert call("run", "rows.csv", "--field", "text=story", "--field", "id=nr", "--out", "result").status == 0
    assert "[[OSLO (AP) —]] Ferries" in call("explain", "result", "7").out


def test_a_run_that_read_standard_input_tells_what_it_kept(process: Call, tmp_path: Path) -> None:
    line = json.dumps({"id": "one", "text": f"OSLO (AP) — {TEXT}"}).encode()
    assert process("run", "-", "--out", "result", stdin=line).status == 0
    told = process("explain", "result", "one")
    assert told.status == 0
    assert "  dateline     OSLO (AP) —\n" in told.out
    assert "--input" in told.err


def test_a_run_with_agencies_of_ones_own_is_explained_with_them_or_without(
    call: Call, tmp_path: Path
) -> None:
    (tmp_path / "my.toml").write_text(
        '[[agency]]\nname = "Fjord"\ncode = "FJP"\nkind = "agency"\nnames = ["Fjord Press"]\n'
    )
    (tmp_path / "story.txt").write_text("By Fjord Press\n\nThe old pier of Port Hesk closed on Monday.\n")
    call("run", tmp_path / "story.txt", "--out", tmp_path / "out", "--agencies", tmp_path / "my.toml")
    for option in ((), ("--agencies", tmp_path / "my.toml")):
        told = call("explain", tmp_path / "out", "story.txt", *option)
        assert (told.status, told.err) == (0, "")
        assert "Fjord probably wrote this: the byline names it." in told.out


def test_a_run_that_asked_for_no_origin_says_so(call: Call, run_of: Callable[..., Path]) -> None:
    result = run_of({"id": "one", "text": f"OSLO (AP) — {TEXT}"}, options=("--no-origin",))
    assert "This run did not ask whose text it is" in call("explain", result, "one").out


def test_what_a_terminal_would_obey_is_not_printed(call: Call, run_of: Callable[..., Path]) -> None:
    evil = "\x1b]0;owned\x07[bold red]\x9b2J\ud800"
    one = {
        "id": f"one{evil}",
        "text": f"OSLO (AP) — {TEXT}{evil}",
        "outlet": evil,
        "title": evil,
        "published": evil,
    }
    result = run_of(one, {"id": f"two{evil}" + "y" * 10_000, "text": f"{TEXT}{evil}", "byline": evil})
    for id in "one", "two":
        told = call("explain", result, id)
        assert told.status == 0
        assert not {"\x1b", "\x07", "\x9b", "\ud800"} & set(told.out + told.err)
        assert len(told.out) < 6_000
        record = json.loads(call("explain", result, id, "--json").out)
        assert record["id"].startswith(f"{id}{evil}")


def test_json_is_one_object_with_all_of_it(call: Call, ferry: Path) -> None:
    told = call("explain", ferry, "wire-copy", "--json")
    record = json.loads(told.out)
    assert " ".join(record) == "id verdict evidence against facts first shares article cluster texts"
    assert list(record["facts"]) == ["what it is", "seen first", "shares"]
    assert record["first"] == {
        "article": "wire", "says": "wire (Hesk Wire, 2031-03-04T06:00:00Z)",
        "outlet": "Hesk Wire", "published": "2031-03-04T06:00:00Z", "url": None,
    }  # fmt: skip
    (partner,) = record["shares"]
    assert " ".join(partner) == "article outlet published url characters passages earlier longest"
    assert " ".join(partner["longest"]) == "start end there kind"
    assert (record["cluster"]["size"], record["article"]["relation"]) == (2, "duplicate")
    assert record["texts"] == ["wire", "wire-copy"]


def test_every_quotation_stands_in_its_article_as_it_is_quoted(call: Call, seeds_run: Path) -> None:
    from dedup.readers import read

    texts = {a.id: a.text for a in read([str(SEEDS)], on_reject=lambda _: None, on_notice=lambda _: None)}
    quoted = 0
    for id in TOLD:
        record = json.loads(call("explain", seeds_run, id, "--json").out)
        for piece in record["evidence"] + record["against"]:
            if piece["end"]:
                text = texts[piece["article"]]
                assert text[piece["start"] : piece["end"]] == piece["text"]
                start = piece["start"] - len(piece["before"])
                whole = piece["before"] + piece["text"] + piece["after"]
                assert text[start : start + len(whole)] == whole
                quoted += 1
    assert quoted > 10


def test_on_every_article_of_the_seeds_the_verdicts_agree(
    call: Call, seeds_run: Path, tmp_path: Path
) -> None:
    # A folder of results stands for itself: nothing is read but its files.
    result = shutil.copytree(seeds_run, tmp_path / "copy")
    for line in (result / "articles.jsonl").read_text("utf-8").splitlines()[::4]:
        record = json.loads(line)
        told = json.loads(call("explain", result, record["id"], "--json").out)
        status, agency = record["origin"]["status"], record["origin"]["agency"]
        likely = {"confirmed": "(confirmed)", "probable": "probably", "possible": "possibly"}.get(status)
        assert (likely or "") in told["verdict"]
        assert likely or told["verdict"].startswith(("Nobody can tell", "The outlet's own"))
        assert not agency or told["verdict"].startswith(agency)
