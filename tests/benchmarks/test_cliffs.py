"""Hard corpora are what they are called."""

import json
from pathlib import Path

import pytest

from benchmarks.cliffs import CLIFFS, SIGNS


def written(name: str, size: int, folder: Path) -> list[dict[str, str]]:
    CLIFFS[name].write(size, folder / name)
    records = [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]
    assert len({record["id"] for record in records}) == len(records)
    return records


@pytest.mark.parametrize(
    ("name", "texts", "outlets"), [("copies", 1, 40), ("edited", 40, 40), ("same", 1, 1)]
)
def test_copies_are_of_one_story(name: str, texts: int, outlets: int, tmp_path: Path) -> None:
    records = written(name, 40, tmp_path)
    assert len(records) == 40
    assert len({record["text"] for record in records}) == texts
    assert len({record["outlet"] for record in records}) == outlets
    first = set(records[0]["text"].split())
    assert all(len(first & set(record["text"].split())) > 0.8 * len(first) for record in records)


def test_boilerplate_stands_under_different_articles_of_one_outlet(tmp_path: Path) -> None:
    records = written("boilerplate", 20, tmp_path)
    heads, feet = zip(*(record["text"].rsplit("\n\n", 3)[::3] for record in records), strict=True)
    assert len(set(feet)) == 1
    assert len(set(heads)) == 20
    assert len({record["outlet"] for record in records}) == 1


def test_short_texts_are_a_word_or_signs(tmp_path: Path) -> None:
    texts = [record["text"] for record in written("short", 40, tmp_path)]
    assert set(texts[1::2]) == set(SIGNS)
    assert all(text.isalpha() for text in texts[::2])


def test_the_long_one_has_its_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.cliffs.BESIDE", 3)
    long, *usual = written("long", 1, tmp_path)
    assert 1_000_000 <= len(long["text"]) < 1_300_000
    assert len(usual) == 3
    assert all(len(record["text"]) < 20_000 for record in usual)


def test_distinct_ones_share_no_paragraph(tmp_path: Path) -> None:
    paragraphs = [p for record in written("distinct", 30, tmp_path) for p in record["text"].split("\n\n")]
    bodies = [p for p in paragraphs if len(p) > 150]
    assert len(set(bodies)) == len(bodies)
