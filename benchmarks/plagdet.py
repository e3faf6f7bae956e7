"""Plagdet, the measure of the PAN text-alignment tasks.

Written from its definition in Potthast, Stein, Barrón-Cedeño and Rosso, *An Evaluation Framework for
Plagiarism Detection* (COLING 2010): macro-averaged precision and recall over characters, granularity, and
``F1 / log2(1 + granularity)``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A case or a detection: ``this`` in the suspicious text answers ``source`` in the source text.

    ``pair`` names the two documents; passages of different pairs never meet. Spans are half-open.
    """

    pair: tuple[str, str]
    this: Span
    source: Span

    @property
    def length(self) -> int:
        """Characters on both sides."""
        return self.this[1] - self.this[0] + self.source[1] - self.source[0]


@dataclass(frozen=True, slots=True)
class Score:
    """The measure and its parts; recall and precision in [0, 1], granularity at least 1."""

    recall: float
    precision: float
    granularity: float

    @property
    def f1(self) -> float:
        """The harmonic mean of recall and precision."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0

    @property
    def plagdet(self) -> float:
        """The combined measure, in [0, 1]."""
        return self.f1 / math.log2(1 + self.granularity)


def score(cases: Sequence[Passage], detections: Sequence[Passage]) -> Score:
    """Measure detections against cases.

    A detection detects a case where they overlap in both documents; only then do their common characters
    count. Without any case and any detection, recall and precision are 1; with only one of the two, 0.
    """
    hits = _hits(cases, detections)
    return Score(
        recall=_covered(cases, detections, hits),
        precision=_covered(detections, cases, _inverted(hits)),
        granularity=sum(map(len, hits.values())) / len(hits) if hits else 1.0,
    )


def _hits(cases: Sequence[Passage], detections: Sequence[Passage]) -> dict[int, list[int]]:
    """For each case that is detected, the detections that detect it."""
    of_pair = defaultdict(list)
    for number, detection in enumerate(detections):
        of_pair[detection.pair].append(number)
    hits: dict[int, list[int]] = {}
    for number, case in enumerate(cases):
        found = [
            other
            for other in of_pair.get(case.pair, ())
            if _common(case.this, detections[other].this) and _common(case.source, detections[other].source)
        ]
        if found:
            hits[number] = found
    return hits


def _inverted(hits: dict[int, list[int]]) -> dict[int, list[int]]:
    inverted = defaultdict(list)
    for case, found in hits.items():
        for detection in found:
            inverted[detection].append(case)
    return inverted


def _covered(passages: Sequence[Passage], others: Sequence[Passage], hits: dict[int, list[int]]) -> float:
    """The share of each passage that its hits cover, averaged over all passages."""
    if not passages:
        return 0.0 if others else 1.0
    shares = []
    for number, passage in enumerate(passages):
        met = [others[other] for other in hits.get(number, ())]
        covered = _union(_common(passage.this, other.this) for other in met)
        covered += _union(_common(passage.source, other.source) for other in met)
        shares.append(covered / passage.length)
    return math.fsum(shares) / len(shares)


def _common(a: Span, b: Span) -> Span | None:
    start, end = max(a[0], b[0]), min(a[1], b[1])
    return (start, end) if start < end else None


def _union(spans: Iterable[Span | None]) -> int:
    """Characters that lie in at least one of the spans."""
    total, reached = 0, 0
    for start, end in sorted(span for span in spans if span):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
