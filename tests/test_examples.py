"""The examples, run as their first lines say."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
PIER = (
    "PORT HESK (AP) — The council of Port Hesk voted on Tuesday to close the old grain pier before winter, after "
    "engineers found cracks in all but two of its forty piles and said that nobody could vouch for it. The harbour "
    "master asked fishermen to move their boats to the northern basin by the end of the month."
)
FEED = [
    {"id": "wire", "body": PIER, "outlet": "wire.example"},
    {"id": "echo", "body": PIER.removeprefix("PORT HESK (AP) — "), "outlet": "echo.example"},
    {"id": "bare", "headline": "A page without a text"},
    {"id": "chess", "body": "A girl of twelve won the open chess tournament in Varna without losing a game."},
]
LINES = "".join(json.dumps(article) + "\n" for article in FEED)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of a process that finds the package, and `dedup` as a command."""
    command = tmp_path / "bin" / "dedup"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n')
    command.chmod(0o755)
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return os.environ | {"PYTHONPATH": path, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"}


def test_the_loop_prints_what_is_new_and_remembers_it(tmp_path: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, str(EXAMPLES / "loop.py"), "news.db"]

    def told() -> tuple[list[dict[str, Any]], str]:
        done = subprocess.run(
            command, input=LINES, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    new, said = told()
    assert [(article["id"], article["agency"]) for article in new] == [("wire", "AP"), ("chess", None)]
    assert "echo: duplicate of wire" in said
    assert "left out: no text" in said
    assert (tmp_path / "news.db").exists()


def test_the_pipe_keeps_what_is_new_once(tmp_path: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["sh", str(EXAMPLES / "pipe.sh"), "news.db", "fresh.jsonl.gz"],
        input=LINES + LINES, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    new = [
        json.loads(line) for line in gzip.decompress((tmp_path / "fresh.jsonl.gz").read_bytes()).splitlines()
    ]
    assert [(article["id"], article["dedup"]["origin"]["agency"]) for article in new] == [
        ("wire", "AP"),
        ("chess", None),
    ]
    rejects = [json.loads(line) for line in (tmp_path / "fresh.jsonl.gz.rejects").read_text().splitlines()]
    assert [reject["id"] for reject in rejects] == ["bare", "bare"]
    assert "0 articles forgotten, 3 left" in done.stdout
    assert "3 again" in done.stderr


@pytest.fixture
def pipeline() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scrapy_pipeline", EXAMPLES / "scrapy_pipeline.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Settings(dict[str, Any]):
    """As much of Scrapy's as the pipeline asks for."""

    getlist = dict.get


def test_the_scrapy_pipeline_drops_and_annotates(pipeline: ModuleType, tmp_path: Path) -> None:
    settings = Settings(DEDUP_INDEX=str(tmp_path / "news.db"))
    stage = pipeline.DedupPipeline.from_crawler(SimpleNamespace(settings=settings))
    stage.open_spider(None)
    kept, dropped = [], []
    for item in (dict(each) for each in FEED):
        try:
            kept.append(stage.process_item(item, None))
        except pipeline.DropItem as reason:
            dropped.append(str(reason))
    stage.close_spider(None)
    assert [(item["id"], item["dedup"]["relation"], item["dedup"]["agency"]) for item in kept] == [
        ("wire", "unique", "AP"),
        ("chess", "unique", None),
    ]
    assert dropped[0] == "duplicate of wire"
    assert dropped[1].startswith("no article: no text")


def test_the_scrapy_pipeline_drops_nothing_where_nothing_is_to_be_dropped(
    pipeline: ModuleType, tmp_path: Path
) -> None:
    stage = pipeline.DedupPipeline(str(tmp_path / "news.db"), drop=[])
    stage.open_spider()
    relations = [stage.process_item(dict(FEED[i]))["dedup"]["relation"] for i in (0, 1)]
    stage.close_spider()
    assert relations == ["unique", "duplicate"]
