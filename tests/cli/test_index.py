"""`dedup index`: what it tells, what it changes, and what it says when it cannot."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dedup.cli import cli

Call = Callable[..., Any]

PIER = (
    "The council of Port Hesk voted on Tuesday to close the old grain pier before winter, after engineers found cracks "
    "in all but two of its forty piles and said that nobody could vouch for it. The harbour master asked fishermen to "
    "move their boats to the northern basin by the end of the month, and promised them berths for a year."
)
CHESS = "A girl of twelve won the open chess tournament in Varna on Sunday without losing a single game."
COMMANDS = ("info", "query", "remove", "expire", "verify", "compact")
NEEDS = {"query": ["x"], "remove": ["x"], "expire": ["--keep", "1d"]}


@pytest.fixture
def news(call: Call, tmp_path: Path) -> Path:
    """An index of three articles: of long ago, of yesterday, and without a date."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    lines = [
        {"id": "old", "text": PIER, "published": "2024-05-01T08:00:00Z", "outlet": "wire.example"},
        {"id": "new", "text": PIER + " It did.", "published": yesterday, "outlet": "echo.example"},
        {"id": "undated", "text": CHESS},
    ]
    feed = tmp_path / "feed.jsonl"
    feed.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert call("filter", feed, "--index", "news.db", "--plain", "--drop", "unique,duplicate") == (0, "", "")
    return tmp_path / "news.db"


def test_info_tells_counts_size_and_settings(call: Call, news: Path) -> None:
    told = call("index", "info", news)
    assert (told.status, told.err) == (0, "")
    facts = {line[:16].strip(): line[16:].strip() for line in told.out.splitlines()}
    assert (facts["path"], facts["articles"], facts["settings"]) == (str(news), "3", "those of the program")
    assert facts["size"].split()[1] in ("bytes", "kB")
    record = json.loads(call("index", "info", news, "--json").out)
    assert (record["articles"], record["settings"]["threshold"]) == (3, 0.7)
    assert record["bytes"] > 0


def test_query_prints_what_is_known_now(call: Call, news: Path) -> None:
    told = call("index", "query", news, "old", "new")
    old, new = map(json.loads, told.out.splitlines())
    assert (old["relation"], new["relation"], new["canonical"]) == ("original", "duplicate", "old")
    assert old["outlet"] == "wire.example"
    # What has changed since it came is told beside; what has not is not told twice.
    assert (old["decided"]["relation"], old["decided"]["as_of"], old["as_of"]) == ("unique", 1, 3)
    assert "decided" not in new
    assert [(match["a"], match["b"]) for match in new["matches"]] == [("old", "new")]
    some = call("index", "query", news, "absent\x1b[2J", "undated")
    assert (some.status, json.loads(some.out)["relation"]) == (1, "unique")
    assert some.err == f"dedup: {news}: no article has the id 'absent\\x1b[2J'\n"


def test_query_judges_a_text_and_forgets_it(call: Call, news: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(PIER)
    for _ in range(2):
        told = call("index", "query", news, "--text", draft)
        assert (told.status, told.err) == (0, "")
        record = json.loads(told.out)
        assert (record["id"], record["relation"], record["canonical"]) == ("draft.txt", "duplicate", "old")
        assert "again" not in record
    assert json.loads(call("index", "info", news, "--json").out)["articles"] == 3
    assert call("index", "query", news).status == 2
    assert call("index", "query", news, "--text", "absent.txt").status == 1


def test_remove_forgets_articles(call: Call, news: Path) -> None:
    assert call("index", "remove", news, "old") == (0, "1 article removed, 2 left\n", "")
    assert json.loads(call("index", "query", news, "new").out)["relation"] == "unique"
    told = call("index", "remove", news, "old", "new", "undated")
    assert told == (1, "2 articles removed, 0 left\n", f"dedup: {news}: no article has the id 'old'\n")
    assert call("index", "verify", news) == (0, "", "")


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--keep", "30d"], {"new", "undated"}),
        (["--keep", "23h"], {"undated"}),
        (["--keep", "10000w"], {"old", "new", "undated"}),
        (["--before", "2024-05-02"], {"new", "undated"}),
        (["--before", "2024-05-01"], {"old", "new", "undated"}),
        (["--keep", "1h", "--by", "seen"], {"old", "new", "undated"}),
        (["--before", "2999-01-01", "--by", "seen"], set()),
    ],
    ids=str,
)
def test_expire_forgets_what_is_older(options: list[str], left: set[str], call: Call, news: Path) -> None:
    gone = 3 - len(left)
    counted = f"{gone} article{'' if gone == 1 else 's'}"
    dry = call("index", "expire", news, *options, "--dry-run")
    assert dry == (0, f"{counted} would be forgotten of 3\n", "")
    assert call("index", "expire", news, *options) == (0, f"{counted} forgotten, {len(left)} left\n", "")
    kept = {id for id in ("old", "new", "undated") if call("index", "query", news, id).status == 0}
    assert kept == left
    assert call("index", "verify", news) == (0, "", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "say either --keep TIME or --before DATE"),
        (["--keep", "1d", "--before", "2024-01-01"], "say either --keep TIME or --before DATE"),
        (["--keep", "30"], "'30' is no duration such as 36h, 30d or 8w"),
        (["--keep", "-3d"], "'-3d' is no duration"),
        (["--before", "yesterday"], "'yesterday' is no date such as 2024-05-31"),
    ],
    ids=str,
)
def test_a_time_that_is_none_is_wrong_use(options: list[str], message: str, call: Call, news: Path) -> None:
    told = call("index", "expire", news, *options)
    assert (told.status, told.out) == (2, "")
    assert message in told.err


def test_compact_tells_what_it_gave_back(call: Call, news: Path) -> None:
    told = call("index", "compact", news)
    assert (told.status, told.err) == (0, "")
    assert " before, " in told.out
    assert told.out.endswith(" after\n")


def test_every_command_is_tried() -> None:
    index: Any = cli.commands["index"]
    assert tuple(index.commands) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_no_index_is_told_and_left_as_it_is(command: str, call: Call, tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    told = call("index", command, absent, *NEEDS.get(command, ()))
    assert (told.status, told.out) == (1, "")
    assert (
        told.err
        == f"dedup: {absent}: no such index; check the path, or make one with dedup filter --index F\n"
    )
    assert not absent.exists()
    text = tmp_path / "news.txt"
    text.write_text(PIER)
    for wrong in (tmp_path, text):
        told = call("index", command, wrong, *NEEDS.get(command, ()))
        assert (told.status, told.out) == (1, ""), wrong
        assert told.err.startswith(f"dedup: {wrong} is ")
        assert len(told.err.splitlines()) == 1
    assert text.read_text() == PIER


def test_a_moment_is_counted_from_now(call: Call, tmp_path: Path) -> None:
    line = json.dumps({"id": "future", "text": CHESS, "published": str(int(time.time()) + 86_400)})
    (tmp_path / "feed.jsonl").write_text(line)
    assert call("filter", "feed.jsonl", "--index", "news.db").status == 0
    assert call("index", "expire", "news.db", "--keep", "0h").out == "0 articles forgotten, 1 left\n"
