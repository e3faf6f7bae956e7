from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from benchmarks.agnews import measure, show, without_prefix, without_tag

ROWS: list[dict[str, str | None]] = [
    {"id": "a", "title": "Ferry stops (AP)", "text": "AP - The ferry stopped.", "label": "AP"},
    {
        "id": "b",
        "title": "Ferry sails (HeskNews)",
        "text": "HeskNews - The ferry sailed.",
        "label": "HeskNews",
    },
    {"id": "c", "title": "Ferry sinks", "text": "The ferry sank.", "label": None},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    lines = [
        orjson.dumps({**row, "label_title": row["label"], "label_prefix": row["label"]}) + b"\n"
        for row in ROWS
    ]
    (tmp_path / "agnews").mkdir()
    (tmp_path / "agnews" / "articles.jsonl").write_bytes(b"".join(lines))
    return tmp_path


def test_each_credit_is_hidden_in_turn() -> None:
    row = {
        "title": "Ferry stops (AP) ",
        "text": "AP - It stopped.",
        "label_title": "AP",
        "label_prefix": "AP",
    }
    assert without_tag(row) == "Ferry stops"
    assert without_prefix(row) == "It stopped."


def test_only_labels_of_the_list_count(data: Path) -> None:
    for read in (measure(data).from_text, measure(data).from_title):
        assert [one.row["id"] for one in read.right] == ["a"]
        assert (read.precision, read.recall) == (1.0, 1.0)
        assert dict(read.others) == {"HeskNews": 1}
        assert read.beyond == []


def test_both_readings_are_shown(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show(measure(data), listed=True)
    told = capsys.readouterr().out
    assert told.count("precision 100.00%, recall 100.00%; 0 wrong, 0 missed") == 2
