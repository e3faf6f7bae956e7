"""Passage alignment on the PAN 2013 text-alignment corpus."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import find, records
from benchmarks.plagdet import Passage, Score, score
from dedup.model import Article, Match


@dataclass(frozen=True, slots=True)
class Comparison:
    """One pair of documents: what was obfuscated how, what is there, what was found."""

    obfuscation: str
    cases: list[Passage]
    matches: list[Match]
    pair: tuple[str, str]

    def detections(self, *, substantial: bool) -> list[Passage]:
        """The matches as passages, all of them or only the substantial ones."""
        return [
            Passage(self.pair, (match.a_start, match.a_end), (match.b_start, match.b_end))
            for match in self.matches
            if match.weight == "substantial" or not substantial
        ]


def compare_all(
    root: Path, sample: int | None, seed: int, progress: Callable[[int, int], None]
) -> list[Comparison]:
    """Compare the pairs of the corpus, or a sample of that size spread evenly over the obfuscations."""
    from dedup import compare

    texts = {row["id"]: row["text"] for row in records(find(root, "pan13", "train.docs.jsonl"))}
    pairs = choose(list(records(find(root, "pan13", "train.pairs.jsonl"))), sample, seed)
    done = []
    for number, row in enumerate(pairs, 1):
        pair = (row["susp"], row["src"])
        matches = compare(Article(pair[0], texts[pair[0]]), Article(pair[1], texts[pair[1]]))
        cases = [Passage(pair, _span(case["this"]), _span(case["source"])) for case in row["spans"]]
        done.append(Comparison(row["obfuscation"], cases, list(matches), pair))
        progress(number, len(pairs))
    return done


def choose(pairs: list[dict[str, Any]], sample: int | None, seed: int) -> list[dict[str, Any]]:
    """All pairs, or about `sample` of them with the same number from each obfuscation."""
    if sample is None or sample >= len(pairs):
        return pairs
    by_kind = defaultdict(list)
    for pair in pairs:
        by_kind[pair["obfuscation"]].append(pair)
    rng = random.Random(seed)
    each = max(1, sample // len(by_kind))
    return [p for _, rows in sorted(by_kind.items()) for p in rng.sample(rows, min(each, len(rows)))]


def scores(comparisons: list[Comparison], *, substantial: bool) -> dict[str, Score]:
    """Plagdet over all pairs, and over the pairs of each obfuscation."""
    groups: dict[str, list[Comparison]] = {"overall": comparisons}
    for comparison in comparisons:
        groups.setdefault(comparison.obfuscation, []).append(comparison)
    return {
        name: score(
            [case for one in group for case in one.cases],
            [found for one in group for found in one.detections(substantial=substantial)],
        )
        for name, group in sorted(groups.items(), key=lambda item: (item[0] != "overall", item[0]))
    }


def _span(offset_and_length: list[int]) -> tuple[int, int]:
    offset, length = offset_and_length
    return offset, offset + length
