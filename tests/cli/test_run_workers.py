"""The bytes of a run depend neither on who does the work, nor on the order of its files."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.newswire import generate
from dedup import Result, Settings, run
from dedup.writers import dumps, to_record

FILES = ("articles.jsonl", "clusters.jsonl", "matches.jsonl", "rejects.jsonl")
COUNT = 2100  # some batches for each of two processes
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def articles() -> list[dict[str, str]]:
    return list(generate(COUNT, words=60, seed=3))


@pytest.fixture
def corpus(articles: list[dict[str, str]], tmp_path: Path) -> Path:
    place = tmp_path / "news.jsonl"
    place.write_text("".join(json.dumps(article) + "\n" for article in articles))
    return place


def written(out: str) -> dict[str, bytes]:
    return {name: (Path(out) / name).read_bytes() for name in FILES}


def test_one_worker_and_two_write_the_same_bytes_as_the_library_tells(
    corpus: Path, articles: list[dict[str, str]], call: Call
) -> None:
    for jobs in (1, 2):
        assert call("run", corpus, "--out", f"by-{jobs}", "--jobs", jobs, "-q").status == 0
    assert call("run", corpus, "--out", "by-little", "--memory", "1M", "-q").status == 0
    assert written("by-1") == written("by-2") == written("by-little")
    result: Result = run(articles, Settings(jobs=2))
    parts = {
        "articles.jsonl": result.articles,
        "clusters.jsonl": result.clusters,
        "matches.jsonl": result.matches,
    }
    for name, part in parts.items():
        told = b"".join(dumps(to_record(each)) + b"\n" for each in part)
        assert told == written("by-2")[name], name
    summary = json.loads((Path("by-2") / "summary.json").read_text())
    for name in ("articles", "relations", "clusters", "matches", "origins", "compared_pairs", "fingerprint"):
        assert summary[name] == result.summary[name], name


def test_the_order_of_the_files_changes_the_order_of_the_articles_only(
    articles: list[dict[str, str]], call: Call, tmp_path: Path
) -> None:
    shuffled = random.Random(5).sample(articles, len(articles))
    for name, records in (("usual", articles), ("shuffled", shuffled)):
        folder = tmp_path / name
        folder.mkdir()
        for part in range(4):
            lines = (json.dumps(record) + "\n" for record in records[part::4])
            (folder / f"{part}.jsonl").write_text("".join(lines))
        assert call("run", folder, "--out", f"of-{name}", "-q").status == 0
    usual, other = written("of-usual"), written("of-shuffled")
    assert usual["articles.jsonl"] != other["articles.jsonl"]
    assert sorted(usual["articles.jsonl"].splitlines()) == sorted(other["articles.jsonl"].splitlines())
    assert usual["clusters.jsonl"] == other["clusters.jsonl"]
    assert usual["matches.jsonl"] == other["matches.jsonl"]
    ids = [json.loads(line)["id"] for line in other["articles.jsonl"].splitlines()]
    assert ids == [record["id"] for part in range(4) for record in shuffled[part::4]]


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_stop_no_worker(
    closed: str, corpus: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    command = f"exec {sys.executable} -m dedup run {corpus} --out result --jobs 2 --no-passages --no-origin {closed}"
    done = subprocess.run(["sh", "-c", command], env=environment, cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert (tmp_path / "result" / "summary.json").exists()
