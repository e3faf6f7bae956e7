"""RESULTS.md is made from what benchmarks wrote."""

from pathlib import Path

import orjson
import pytest

from benchmarks.results import DOCUMENT, filled, publish

BLOCK = "Before.\n\n<!-- table: some -->\nold\n<!-- end -->\n\nAfter.\n"


def test_results_hold_what_the_json_give() -> None:
    document = DOCUMENT.read_text("utf-8")
    assert filled(document) == document, "run `python -m benchmarks results`"


def test_what_is_published_is_printed_written_and_filled_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["benchmarks", "quality", "pan13", "--data", str(tmp_path)])
    publish(tmp_path / "new", "some", "figures", {"figures": {"what": {"edited": {"recall": "1 of 2"}}}})
    assert "edited  1 of 2" in capsys.readouterr().out
    record = orjson.loads((tmp_path / "new" / "some.json").read_bytes())
    assert record["command"] == "python -m benchmarks quality pan13 --data FOLDER"
    assert str(tmp_path) not in str(record)
    once = filled(BLOCK, tmp_path / "new")
    assert "| edited | 1 of 2 |" in once
    assert once.startswith("Before.")
    assert once.endswith("After.\n")
    assert "old" not in once
    assert filled(once, tmp_path / "new") == once


def test_a_block_without_its_json_says_so(tmp_path: Path) -> None:
    assert "Not measured yet." in filled(BLOCK, tmp_path)
