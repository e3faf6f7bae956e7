"""The owner's five samples, read as a careful reader reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.attribution.origin import attribute
from dedup.model import Article, Attribution

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the owner's samples are not beside this checkout")


def read(prefix: str) -> Attribution:
    (path,) = SEEDS.glob(f"{prefix}_*.txt")
    return attribute(Article(path.name, path.read_bytes().decode()))


def spans(found: Attribution) -> list[tuple[str | None, str, int, int]]:
    return [(c.agency, c.role, c.start, c.end) for c in found.credits]


def test_000_names_nobody() -> None:
    assert read("000").origin.status == "unknown"


def test_001_is_ap() -> None:
    found = read("001")
    assert (found.origin.agency, found.origin.status, found.origin.share) == ("AP", "confirmed", "whole")
    assert spans(found) == [("AP", "origin", 0, 12)]


def test_002_is_probably_afp() -> None:
    found = read("002")
    assert (found.origin.agency, found.origin.status) == ("AFP", "probable")
    assert spans(found) == [("AFP", "origin", 1280, 1313)]


def test_003_shows_and_cites_reuters_only() -> None:
    found = read("003")
    assert found.origin.agency is None
    assert spans(found) == [("Reuters", "photo", 202, 232), ("Reuters", "cited", 1835, 1847)]


def test_004_may_be_reuters() -> None:
    found = read("004")
    assert (found.origin.agency, found.origin.status, found.origin.score) == ("Reuters", "possible", 1.0)
    assert spans(found) == [
        (None, "unnamed", 116, 135),
        ("Reuters", "cited", 1753, 1765),
        ("Reuters", "cited", 3094, 3106),
    ]
