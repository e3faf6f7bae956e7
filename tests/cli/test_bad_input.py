"""Bad input: a clear message with source, line and remedy, the contract's exit status, and nothing lost."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]

GOOD = "The council of Port Hesk voted on Tuesday to close the old grain pier before winter."


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def articles(out: Path) -> list[dict[str, Any]]:
    return read_jsonl(out / "articles.jsonl")


def rejects(out: Path) -> list[dict[str, Any]]:
    return read_jsonl(out / "rejects.jsonl")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "result"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.txt"
    path.write_text(GOOD)
    return path


def test_an_empty_file_is_rejected_by_name(call: Call, tmp_path: Path, good: Path, out: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    told = call("run", empty, good, "--out", out)
    assert (told.status, told.out) == (3, "")
    assert told.err.splitlines()[0] == f"dedup: {empty}: empty file"
    assert [article["id"] for article in articles(out)] == ["good.txt"]
    assert rejects(out) == [{"source": str(empty), "line": None, "reason": "empty file"}]


def test_a_file_of_no_line_holds_no_article_and_that_is_told(call: Call, tmp_path: Path, out: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    told = call("run", empty, "--out", out)
    assert (told.status, told.err) == (0, f"dedup: {empty}: no article in it\n")
    assert articles(out) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "word",
        "\0",
        "a\0b " * 50,
        "\ud800 lone \udfff surrogates",
        "<script>alert(1)</script>",
        "(" * 5000,
    ],
    ids=["empty", "blank", "word", "nul", "nuls", "surrogates", "script", "brackets"],
)
def test_any_text_is_an_article(text: str, call: Call, tmp_path: Path, out: Path) -> None:
    news = tmp_path / "news.jsonl"
    lines = [{"id": "odd", "title": text, "text": text}, {"id": "good", "text": GOOD}]
    news.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert call("run", news, "--out", out) == (0, "", "")
    assert [(article["id"], article["relation"]) for article in articles(out)] == [
        ("odd", "unique"),
        ("good", "unique"),
    ]
    assert articles(out)[0]["title"] == (text or None)
    told = call("origin", news)
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("odd: Nobody can tell from the text alone: it names no agency.\n")
    assert call("origin", news, "--json").status == 0


@pytest.mark.parametrize("piece", ["word ", "x", "[su_label", "“", "新聞。"], ids=ascii)
def test_ten_megabytes_on_one_line_are_read(piece: str, call: Call, tmp_path: Path, out: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text((piece * (10_000_000 // len(piece.encode()) + 1)), encoding="utf-8")
    assert call("run", long, "--out", out) == (0, "", "")
    assert [article["id"] for article in articles(out)] == ["long.txt"]


def test_bytes_that_are_no_utf8_are_read_and_told(call: Call, tmp_path: Path, out: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_bytes(
        b'{"id": "a", "text": "plain"}\n{"id": "b", "title": "Caf\xe9 \x93closed\x94", "text": "x"}\n'
    )
    told = call("run", news, "--out", out)
    assert (told.status, told.out) == (0, "")
    assert told.err == f"dedup: {news}: line 2 is not UTF-8; its stray bytes were read as Windows-1252\n"
    assert articles(out)[1]["title"] == "Café “closed”"


def test_a_gzip_that_is_cut_off_gives_what_came_before(call: Call, tmp_path: Path, out: Path) -> None:
    news = tmp_path / "news.jsonl.gz"
    lines = b"".join(
        json.dumps({"id": str(i), "text": os.urandom(40).hex()}).encode() + b"\n" for i in range(500)
    )
    whole = gzip.compress(lines)
    news.write_bytes(whole[: len(whole) // 2])
    told = call("run", news, "--out", out)
    kept = articles(out)
    (reject,) = rejects(out)
    assert told.status == 3
    assert 0 < len(kept) < 500
    assert [article["id"] for article in kept] == [str(i) for i in range(len(kept))]
    assert (reject["source"], reject["line"]) == (str(news), len(kept) + 1)
    assert "the gzip data is cut off" in reject["reason"]
    assert f"{news}:{len(kept) + 1}: the gzip data is cut off" in told.err


def test_a_csv_with_a_broken_quote_loses_no_other_row(call: Call, tmp_path: Path, out: Path) -> None:
    news = tmp_path / "news.csv"
    news.write_text(f'id,text\n1,"{GOOD}"\n2,"never closed\n3,"{GOOD} Again."\n4,plain\n')
    told = call("run", news, "--out", out)
    assert told.status == 3
    assert [article["id"] for article in articles(out)] == ["1", "3", "4"]
    assert [reject["line"] for reject in rejects(out)] == [3]
    assert f"dedup: {news}:3: " in told.err


def test_lines_that_are_no_json_are_rejected_one_by_one(call: Call, tmp_path: Path, out: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(
        '{"id": "a", "text": "one"}\n{"id": "b", "text\n[1]\n{"id": "c"}\n\n{"id": "d", "text": "two"}\n'
    )
    told = call("run", news, "--out", out)
    assert told.status == 3
    assert [article["id"] for article in articles(out)] == ["a", "d"]
    assert [(reject["line"], reject.get("id")) for reject in rejects(out)] == [(2, None), (3, None), (4, "c")]
    assert f"dedup: 3 rejected; the reasons are in {out}/rejects.jsonl\n" in told.err


def test_many_rejects_are_counted_not_all_listed(call: Call, tmp_path: Path, out: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text("broken\n" * 1500)
    told = call("run", news, "--out", out)
    assert told.status == 3
    assert len(rejects(out)) == 1500
    assert len(told.err.splitlines()) <= 7
    assert "1,500 rejected" in told.err


def test_an_id_given_twice_names_both_places(call: Call, tmp_path: Path, out: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text('{"id": "same", "text": "A text."}\n')
    told = call("run", tmp_path / "one.jsonl", tmp_path / "two.jsonl", "--out", out)
    assert told.status == 3
    (reject,) = rejects(out)
    assert (reject["source"], reject["line"], reject["id"]) == (str(tmp_path / "two.jsonl"), 1, "same")
    assert reject["reason"] == f"id 'same' already stands at {tmp_path / 'one.jsonl'} line 1"


def test_strict_stops_at_the_first(call: Call, tmp_path: Path, out: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text('{"id": "a", "text": "one"}\nbroken\n')
    for command in (("run", "--out", out), ("origin",)):
        told = call(*command, news, "--strict")
        assert told.status == 1
        assert told.err == f"dedup: {news}:2: not JSON: Expecting value at column 1\n"
    assert not out.exists()


def test_a_folder_without_articles_fails_and_says_what_is_known(
    call: Call, tmp_path: Path, out: Path
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "pier.jpg").touch()
    told = call("run", tmp_path / "photos", "--out", out)
    assert told.status == 1
    assert "no article in this folder; known are .jsonl" in told.err
    assert not out.exists()


@pytest.mark.parametrize("command", ["run", "origin"])
def test_an_input_that_is_not_there_fails(command: str, call: Call, tmp_path: Path) -> None:
    told = call(command, tmp_path / "nowhere.jsonl")
    assert (told.status, told.out) == (1, "")
    assert told.err == f"dedup: {tmp_path}/nowhere.jsonl: no such file or folder; check the path\n"


def test_an_out_below_a_file_fails_before_anything_is_read(call: Call, tmp_path: Path, good: Path) -> None:
    told = call("run", tmp_path / "nowhere.jsonl", "--out", good / "result")
    assert told.status == 1
    assert (
        told.err == f"dedup: {good}/result cannot be made: {good} is a file; name another folder with --out\n"
    )


def test_an_out_that_is_a_file_fails(call: Call, good: Path) -> None:
    told = call("run", good, "--out", good, "--force")
    assert (told.status, told.err) == (1, f"dedup: {good} is a file; name a folder with --out\n")
    assert good.read_text() == GOOD


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_an_out_without_permission_fails(call: Call, tmp_path: Path, good: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    told = call("run", good, "--out", locked / "result")
    assert told.status == 1
    assert f"no permission to write in {locked}; name another folder with --out" in told.err


def test_an_out_that_the_system_cannot_make_fails(call: Call, tmp_path: Path, good: Path) -> None:
    told = call("run", good, "--out", tmp_path / ("x" * 300))
    assert told.status == 1
    assert told.err.startswith("dedup: ")
    assert "File name too long" in told.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.txt"]


def test_an_existing_out_is_kept_without_force(call: Call, good: Path, out: Path) -> None:
    assert call("run", good, "--out", out).status == 0
    before = (out / "summary.json").read_bytes()
    told = call("run", good, "--out", out)
    assert told.status == 1
    assert (
        told.err
        == f"dedup: {out} exists already; name another folder with --out, or replace it with --force\n"
    )
    assert (out / "summary.json").read_bytes() == before
    assert call("run", good, "--out", out, "--force") == (0, "", "")


def test_force_leaves_alone_what_is_no_result(call: Call, tmp_path: Path, good: Path) -> None:
    told = call("run", good, "--out", tmp_path, "--force")
    assert told.status == 1
    assert "holds something else than results ('good.txt'), so --force leaves it alone" in told.err
    assert good.exists()


def test_a_field_that_names_no_column_rejects_and_says_what_there_is(
    call: Call, tmp_path: Path, out: Path
) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text('{"id": "a", "content": "one"}\n')
    told = call("run", news, "--out", out, "--field", "text=boddy")
    assert told.status == 3
    assert f"{news}:1: no field 'boddy' (--field text=boddy); there is id, content" in told.err
    assert articles(out) == []


@pytest.mark.parametrize("field", ["txt=body", "text", "text=", "=body"])
def test_a_field_that_no_article_has_is_a_wrong_use(field: str, call: Call, good: Path, out: Path) -> None:
    told = call("run", good, "--out", out, "--field", field)
    assert told.status == 2
    assert repr(field.partition("=")[0]) in told.err or repr(field) in told.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--threshold", "0", "must be above 0 and at most 1"),
        ("--threshold", "2", "must be above 0 and at most 1"),
        ("--threshold", "nan", "must be above 0 and at most 1"),
        ("--threshold", "abc", "'abc' is not a valid float"),
        ("--jobs", "-1", "must be 0 (every core) or a number of threads"),
        ("--jobs", "two", "'two' is not a valid integer"),
    ],
)
def test_a_value_that_cannot_work_is_a_wrong_use(
    option: str, value: str, reason: str, call: Call, good: Path, out: Path
) -> None:
    told = call("run", good, "--out", out, option, value)
    assert (told.status, told.out) == (2, "")
    assert reason in told.err
    assert not out.exists()


def test_no_input_is_a_wrong_use(call: Call) -> None:
    for command in ("run", "origin", "compare"):
        told = call(command)
        assert told.status == 2
        assert "Missing argument" in told.err
        assert f"Try 'dedup {command} --help' for help." in told.err


def test_compare_wants_two_files_of_one_article(call: Call, tmp_path: Path, good: Path) -> None:
    two = tmp_path / "two.jsonl"
    two.write_text('{"text": "one"}\n{"text": "two"}\n')
    told = call("compare", two, good)
    assert told.status == 1
    assert told.err == f"dedup: {two}: holds more than one article; compare takes files of one article each\n"
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert call("compare", good, empty).err.endswith(f"dedup: {empty}: holds no article\n")
    broken = tmp_path / "broken.jsonl"
    broken.write_text("broken\n")
    told = call("compare", good, broken)
    assert (told.status, told.err) == (1, f"dedup: {broken}:1: not JSON: Expecting value at column 1\n")


def test_compare_cannot_read_standard_input_twice(call: Call) -> None:
    told = call("compare", "-", "-")
    assert told.status == 2
    assert "standard input can be read only once: name a file for A or B" in told.err


def test_compare_names_the_file_that_is_missing(call: Call, tmp_path: Path, good: Path) -> None:
    told = call("compare", good, tmp_path / "nowhere.txt")
    assert (told.status, told.out) == (1, "")
    assert told.err == f"dedup: {tmp_path}/nowhere.txt: no such file or folder; check the path\n"


def test_origin_of_nothing_says_so(call: Call, tmp_path: Path) -> None:
    for name, status, reason in (("a.txt", 3, "empty file"), ("a.jsonl", 0, "no article in it")):
        (tmp_path / name).touch()
        assert call("origin", tmp_path / name) == (status, "", f"dedup: {tmp_path}/{name}: {reason}\n")


@pytest.mark.parametrize("command", ["run", "origin"])
def test_a_lack_of_memory_is_told_with_a_way_out(
    command: str, call: Call, good: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(*arguments: object, **named: object) -> None:
        raise MemoryError

    monkeypatch.setattr("dedup.readers.read", greedy)
    told = call(command, good, *(["--out", out] if command == "run" else []))
    assert (told.status, told.out) == (1, "")
    assert told.err.startswith("dedup: out of memory")
    assert "split the input" in told.err
    assert ("--no-passages" in told.err) == (command == "run")
    assert not out.exists()
