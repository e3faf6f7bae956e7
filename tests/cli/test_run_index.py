"""`dedup run --index F`: the files of a run, by what the index held before as well."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
Call = Callable[..., Any]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_with_an_empty_index_the_files_are_those_of_a_run(call: Call, tmp_path: Path) -> None:
    assert call("run", SEEDS / "ferry-strike", "--out", "plain", "-q") == (0, "", "")
    assert call("run", SEEDS / "ferry-strike", "--out", "result", "--index", "news.db", "-q") == (0, "", "")
    for name in ("articles", "clusters", "matches", "rejects"):
        found, plain = (tmp_path / out / f"{name}.jsonl" for out in ("result", "plain"))
        assert found.read_bytes() == plain.read_bytes(), name
    summary = json.loads((tmp_path / "result" / "summary.json").read_text())
    assert summary["index"] == {"path": "news.db", "articles": summary["articles"]}


@pytest.fixture
def days(tmp_path: Path) -> tuple[Path, Path]:
    """A story's first article, and the rest of it."""
    first, rest = tmp_path / "first", tmp_path / "rest"
    shutil.copytree(SEEDS / "ferry-strike", rest)
    first.mkdir()
    (rest / "ap-original.txt").rename(first / "ap-original.txt")
    return first, rest


def test_articles_of_earlier_runs_are_known(call: Call, days: tuple[Path, Path], tmp_path: Path) -> None:
    first, rest = days
    assert call("run", first, "--index", "news.db", "--out", "one").status == 0
    assert call("run", rest, "--index", "news.db", "--out", "two").status == 0
    articles = read_jsonl(tmp_path / "two" / "articles.jsonl")
    assert "ferry-ap" not in {article["id"] for article in articles}
    assert {article["canonical"] for article in articles if article["relation"] == "duplicate"} == {
        "ferry-ap"
    }
    (cluster,) = read_jsonl(tmp_path / "two" / "clusters.jsonl")
    assert (cluster["canonical"], cluster["members"][0]) == ("ferry-ap", "ferry-ap")
    assert cluster["size"] == len(cluster["members"]) == len(set(cluster["members"]))
    pairs = [(match["a"], match["b"]) for match in read_jsonl(tmp_path / "two" / "matches.jsonl")]
    assert any(pair[0] == "ferry-ap" for pair in pairs)
    told = call("explain", "two", "ferry-herald")
    assert told.status == 0
    assert "the same text as ferry-ap" in told.out
    whole = call("run", first, rest, "--index", "other.db", "--out", "three")
    assert whole.status == 0
    assert json.loads(call("index", "query", "news.db", "ferry-ap").out)["relation"] == "original"


def test_a_run_again_changes_nothing(call: Call, tmp_path: Path) -> None:
    for out in ("one", "two"):
        assert call("run", SEEDS / "ferry-strike", "--index", "news.db", "--out", out).status == 0
    for name in ("articles.jsonl", "clusters.jsonl", "matches.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_another_text_under_an_id_is_a_new_version(
    call: Call, days: tuple[Path, Path], tmp_path: Path
) -> None:
    first, _ = days
    assert call("run", first, "--index", "news.db", "--out", "one").status == 0
    path = first / "ap-original.txt"
    path.write_text(
        path.read_text() + "\n\nThe union said late in the evening that it would vote again on Friday.\n"
    )
    assert call("run", first, "--index", "news.db", "--out", "two").status == 0
    (article,) = read_jsonl(tmp_path / "two" / "articles.jsonl")
    assert article["id"] == "ferry-ap"
    assert article["canonical"] == article["previous"] != "ferry-ap"


def test_settings_come_from_the_index_where_the_user_names_none(
    call: Call, days: tuple[Path, Path], tmp_path: Path
) -> None:
    first, rest = days
    assert call("run", first, "--index", "news.db", "--out", "one", "--no-origin").status == 0
    assert call("run", rest, "--index", "news.db", "--out", "two").status == 0
    assert json.loads((tmp_path / "two" / "summary.json").read_text())["settings"]["origin"] is False
    told = call("run", rest, "--index", "news.db", "--out", "three", "--threshold", "0.7")
    assert (told.status, told.out) == (1, "")
    assert "news.db" in told.err
    assert not (tmp_path / "three").exists()


def test_an_index_that_cannot_be_opened_writes_nothing(call: Call, tmp_path: Path) -> None:
    told = call("run", SEEDS / "ferry-strike", "--index", tmp_path, "--out", "result")
    assert (told.status, told.out) == (1, "")
    assert told.err.startswith(f"dedup: {tmp_path} is a folder; ")
    assert not (tmp_path / "result").exists()


def test_metadata_that_no_index_can_keep_is_rejected(call: Call, tmp_path: Path) -> None:
    deep = f'{{"id":"deep","text":"A pier was closed.","m":{"[" * 400}{"]" * 400}}}'
    (tmp_path / "news.jsonl").write_text(f'{{"id":"plain","text":"Divers found it."}}\n{deep}\n')
    assert call("run", "news.jsonl", "--index", "news.db", "--out", "result").status == 3
    (reject,) = read_jsonl(tmp_path / "result" / "rejects.jsonl")
    assert reject["id"] == "deep"
    assert "nested" in reject["reason"]
    assert call("run", "news.jsonl", "--index", "other.db", "--out", "strict", "--strict").status == 1
