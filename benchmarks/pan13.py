"""Passage alignment on the PAN 2013 text-alignment corpus."""

from __future__ import annotations

import hashlib
import random
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.data import find, records
from benchmarks.plagdet import Passage, Score, score
from dedup.model import Article, Match

CLEAN = "01-no-plagiarism"
_BATCH = 100  # pairs aligned at a time when speed is measured


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


def read(root: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The documents by id, and the pairs."""
    texts = {row["id"]: row["text"] for row in records(find(root, "pan13", "train.docs.jsonl"))}
    return texts, list(records(find(root, "pan13", "train.pairs.jsonl")))


def is_held_out(pair: dict[str, Any]) -> bool:
    """Whether a pair is of the tenth that nothing was tuned on; by its documents' names, so for ever."""
    name = f"{pair['susp']} {pair['src']}"
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 10 == 0


def compare_all(
    texts: dict[str, str], pairs: list[dict[str, Any]], progress: Callable[[int, int], None]
) -> list[Comparison]:
    """Compare pairs, each by itself."""
    from dedup import compare

    done = []
    for number, row in enumerate(pairs, 1):
        pair = (row["susp"], row["src"])
        matches = compare(Article(pair[0], texts[pair[0]]), Article(pair[1], texts[pair[1]]))
        cases = [Passage(pair, _span(case["this"]), _span(case["source"])) for case in row["spans"]]
        done.append(Comparison(row["obfuscation"], cases, list(matches), pair))
        progress(number, len(pairs))
    return done


def aligned_per_second(texts: dict[str, str], pairs: list[tuple[str, str]]) -> float:
    """Pairs a second on one core, text in and spans out, in batches; the first is done twice, unclocked at first."""
    batches = [pairs[at : at + _BATCH] for at in range(0, len(pairs), _BATCH)]
    _align(texts, batches[0])
    start = time.perf_counter()
    for batch in batches:
        _align(texts, batch)
    return len(pairs) / (time.perf_counter() - start)


def _align(texts: dict[str, str], pairs: list[tuple[str, str]]) -> None:
    from dedup.settings import Settings
    from dedup.stages import align_batch

    names = sorted({name for pair in pairs for name in pair})
    number = {name: i for i, name in enumerate(names)}
    numbered = np.array([[number[a], number[b]] for a, b in pairs], np.int64)
    align_batch([texts[name] for name in names], numbered, Settings())


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


def clean(comparisons: list[Comparison]) -> tuple[int, int]:
    """Clean pairs without any match, and all of them."""
    pairs = [one for one in comparisons if one.obfuscation == CLEAN]
    return sum(not one.matches for one in pairs), len(pairs)


def _span(offset_and_length: list[int]) -> tuple[int, int]:
    offset, length = offset_and_length
    return offset, offset + length
