"""ECB+: articles on one event, independently written for the most part. Same event is not same text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import find, records
from dedup.model import Article, Match, Result

SHINGLE = 5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Borne:
    """A substantial match, and how many exact shingles its two spans share, counted without the program."""

    match: Match
    shingles: int
    a: str
    b: str


def articles(root: Path) -> list[Article]:
    """The collection as a run takes it; it has no fields but ids and texts."""
    rows = records(find(root, "ecbplus", "articles.jsonl"))
    return [Article(row["id"], row["text"]) for row in rows if row["text"].strip()]


def substantial(read: list[Article], result: Result) -> list[Borne]:
    """Every substantial match, the least borne out first."""
    texts = {article.id: article.text for article in read}
    found = []
    for match in result.matches:
        if match.weight == "substantial":
            a = texts[match.a][match.a_start : match.a_end]
            b = texts[match.b][match.b_start : match.b_end]
            found.append(Borne(match, len(shingles(a) & shingles(b)), a, b))
    return sorted(found, key=lambda borne: (borne.shingles, borne.match.a, borne.match.b))


def shingles(text: str) -> set[tuple[str, ...]]:
    """The sets of five plain words that follow one another."""
    words = _WORD.findall(text.casefold())
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}
