"""Two articles side by side: the same stages as in a run, for one pair."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import numpy as np

from dedup.matching.relations import relate
from dedup.matching.weights import weigh
from dedup.model import Article, Match, Similarity
from dedup.readers import article_from
from dedup.settings import Settings
from dedup.stages import align_tokens, bodies, match_of
from dedup.stories.clusters import precedence
from dedup.text.tokens import tokenise

Comparable = Article | Mapping[str, Any] | str
PairRelation = Literal["duplicate", "version", "partial"]

_RELATIONS: tuple[PairRelation | None, ...] = None, "partial", "version", "duplicate"


class Comparison(NamedTuple):
    """What two articles share.

    Attributes:
        a: The first article as it was read.
        b: The second.
        matches: In order of position in the first.
        similarity: Exact Jaccard and containment of their shingles.
        coverage: Share of each body that stands in matches, captions left out, in [0, 1].
        relation: What they are to each other, as in a run of these two; None where they share no reporting.
        cut_short: The texts are so long or so repetitive that not every match was followed up.
    """

    a: Article
    b: Article
    matches: list[Match]
    similarity: Similarity
    coverage: tuple[float, float]
    relation: PairRelation | None = None
    cut_short: bool = False


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
    """As `compare`, with exact similarity, coverage and relation beside the matches."""
    settings = settings or Settings()
    first, second = _read(a, "a"), _read(b, "b")
    texts = [first.text, second.text]
    # Relations are judged with the earlier article first; what is told is in the order of the question.
    earlier, later = precedence([first, second])
    tokens = tokenise(texts)
    aligned = align_tokens(texts, tokens, np.array([[earlier, later]], np.int64), settings)
    body = bodies(tokens)
    weights = weigh(aligned.rows, aligned.pairs, body, np.full(2, -1, np.int64), np.arange(2))
    relation = relate(aligned.rows, weights, aligned.pairs, aligned.jaccard, body, settings.threshold)
    spans = aligned.spans if earlier == 0 else aligned.spans[:, [2, 3, 0, 1]]
    matches = [
        match_of(first.id, second.id, aligned.rows[k].tolist(), spans[k].tolist(), int(weights.reason[k]))
        for k in np.lexsort(spans.T[::-1]).tolist()
    ]
    covered = weights.coverage[0].tolist()
    return Comparison(
        first,
        second,
        matches,
        Similarity(float(aligned.jaccard[0]), float(aligned.containment[0])),
        (covered[earlier], covered[later]),
        _RELATIONS[int(relation[0])],
        bool(aligned.cut_short[0]),
    )


def _read(article: Comparable, name: str) -> Article:
    return Article(name, article) if isinstance(article, str) else article_from(article)
