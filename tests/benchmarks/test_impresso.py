"""Marks of human readers are held against credits; every text is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from benchmarks import impresso


def row(id: str, text: str, marks: list[tuple[str, str, str]], ids: list[str]) -> dict[str, Any]:
    mentions = [
        {
            "start": text.index(quote),
            "end": text.index(quote) + len(quote),
            "type": f"org.x.{label}",
            "qid": qid,
        }
        for quote, label, qid in marks
    ]
    return {"id": id, "lang": "fr", "outlet": "x", "date": "1930-01-01", "text": text} | {
        "mentions": mentions,
        "agencies_wikidata": ids,
    }


def test_what_is_found_missed_and_added(tmp_path: Path) -> None:
    rows = [
        row("found", "PARIS, 12 (Havas). — La mer monte.", [("Havas", "Havas", "Q1")] * 2, ["Q1"]),
        row("unlisted", "PARIS, 12 (Pft). — La mer monte.", [("Pft", "unk", "_")], ["unk"]),
        row("nobody", "Rome, 3 mai.\n(ag.) — La mer monte.", [("ag.", "ag", "_")], ["unk"]),
        row("stray", "PARIS, 12 (Havas). — La mer monte.", [], []),
    ]
    folder = tmp_path / "impresso"
    folder.mkdir()
    (folder / "articles.jsonl").write_bytes(b"\n".join(map(orjson.dumps, rows)))
    measured = impresso.measure(tmp_path)
    assert measured.mentions == impresso.Score(gold=3, hits=2, claims=3, right=2)
    assert measured.named == measured.mentions
    assert measured.articles == impresso.Score(gold=1, hits=1, claims=2, right=1)
    assert [article.id for article, _ in measured.missed] == ["unlisted"]
    assert [article.id for article, _ in measured.strays] == ["stray"]
    assert measured.wrong == [("stray", set(), {"HAV"})]


def test_scores() -> None:
    score = impresso.Score(gold=4, hits=3, claims=2, right=2)
    assert (score.precision, score.recall) == (1.0, 0.75)
    assert score.f1 == pytest.approx(6 / 7)
    assert impresso.Score(0, 0, 0, 0).f1 == 1.0
