"""Two articles side by side: the same stages as in a run, for one pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from dedup.matching.weights import weigh
from dedup.model import Article, Match, Similarity
from dedup.readers import article_from
from dedup.settings import Settings
from dedup.stages import align_batch, bodies, match_of

Comparable = Article | Mapping[str, Any] | str


class Comparison(NamedTuple):
    """What two articles share.

    Attributes:
        a: The first article as it was read.
        b: The second.
        matches: In order of position in the first.
        similarity: Exact Jaccard and containment of their shingles.
        coverage: Share of each body that stands in matches, captions left out, in [0, 1].
    """

    a: Article
    b: Article
    matches: list[Match]
    similarity: Similarity
    coverage: tuple[float, float]


def compare(a: Comparable, b: Comparable, settings: Settings | None = None) -> list[Match]:
    """The passages that two articles share.

    Args:
        a: An article, a mapping with an article's fields, or a plain text (whose id is then ``a``).
        b: Another one.
        settings: How to compare. Outlets play no part: what one outlet prints again and again is known
            only to a run.

    Returns:
        Matches in order of position in the first; ``compare(b, a)`` gives the same ones mirrored.

    Raises:
        InputError: A mapping has no text.
    """
    return compare_fully(a, b, settings).matches


def compare_fully(a: Comparable, b: Comparable, settings: Settings | None = None) -> Comparison:
    """As `compare`, with exact similarity and coverage beside the matches."""
    first, second = _read(a, "a"), _read(b, "b")
    texts = [first.text, second.text]
    aligned = align_batch(texts, np.array([[0, 1]], np.int64), settings or Settings())
    weights = weigh(aligned.rows, aligned.pairs, bodies(texts), np.full(2, -1, np.int64), np.arange(2))
    order = np.lexsort(aligned.spans.T[::-1])
    matches = [
        match_of(
            first.id, second.id, aligned.rows[k].tolist(), aligned.spans[k].tolist(), int(weights.reason[k])
        )
        for k in order.tolist()
    ]
    similarity = Similarity(float(aligned.jaccard[0]), float(aligned.containment[0]))
    covered_a, covered_b = weights.coverage[0].tolist()
    return Comparison(first, second, matches, similarity, (covered_a, covered_b))


def _read(article: Comparable, name: str) -> Article:
    return Article(name, article) if isinstance(article, str) else article_from(article)
