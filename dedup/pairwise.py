"""Two articles side by side: the same stages as in a run, for one pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from dedup.matching.relations import PARTIAL, RELATIONS
from dedup.model import Article, Match, Origin, PairRelation, Similarity
from dedup.readers import article_from
from dedup.settings import Settings
from dedup.stages import align_tokens, bodies, judge, match_of
from dedup.stories.clusters import precedence
from dedup.stories.direction import MIRRORED
from dedup.stories.direction import judge as judge_direction
from dedup.stories.evidence import Pair, trace
from dedup.stories.filing import signs_of
from dedup.text.tokens import tokenise

Comparable = Article | Mapping[str, Any] | str


class Comparison(NamedTuple):
    """What two articles share.

    Attributes:
        a: The first article as it was read.
        b: The second.
        matches: In order of position in the first.
        similarity: Exact Jaccard and containment of their shingles.
        coverage: Share of each body that was copied, word for word in runs of five tokens, captions left out, in
            [0, 1].
        relation: What they are to each other as a whole, as in a run of these two; None where they share no reporting.
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
        settings: How to compare. What one outlet prints again and again, or many unrelated stories carry, is known
            only to a run; so is much that bears on the ``direction`` of a match, which two bare texts never have.

    Returns:
        Matches in order of position in the first; ``compare(b, a)`` gives the same ones mirrored.

    Raises:
        InputError: A mapping has no text.
    """
    return compare_fully(a, b, settings).matches


def compare_fully(a: Comparable, b: Comparable, settings: Settings | None = None) -> Comparison:
    """As `compare`, with exact similarity, coverage and the relation beside the matches."""
    given = settings or Settings()
    pair = _read(a, "a"), _read(b, "b")
    # As in a run, the would-be canonical is the first; the answer is turned round at the end. Ids mean nothing here.
    turned = precedence([replace(article, id=article.text) for article in pair]) == [1, 0]
    first, second = ordered = pair[::-1] if turned else pair
    texts = [article.text for article in ordered]
    tokens = tokenise(texts)
    aligned = align_tokens(texts, tokens, np.array([[0, 1]], np.int64), given)
    body, signs = bodies(tokens), signs_of(ordered)
    judged = judge(aligned, body, signs, given.threshold)
    if judged.relation[0] == PARTIAL and given.origin:
        # Whether one desk filed both can only raise it; most pairs do without reading their credits.
        signs = signs_of(ordered, [_origin(article, given) for article in ordered])
        judged = judge(aligned, body, signs, given.threshold)
    relation = int(judged.relation[0])
    matches = [
        match_of(first.id, second.id, row, span, reason, relation)
        for row, span, reason in zip(
            aligned.rows.tolist(), aligned.spans.tolist(), judged.reason.tolist(), strict=True
        )
    ]
    if given.origin and _placed(first, second):
        matches = _directed(first, second, matches, RELATIONS[relation], given)
    covered_a, covered_b = judged.coverage[0, :: -1 if turned else 1].tolist()
    return Comparison(
        *pair,
        sorted(map(_mirrored, matches) if turned else matches, key=_position),
        Similarity(float(aligned.jaccard[0]), float(aligned.containment[0])),
        (covered_a, covered_b),
        RELATIONS[relation],
        bool(aligned.cut_short[0]),
    )


def _origin(article: Article, settings: Settings) -> Origin:
    from dedup.attribution.agencies import load_agencies
    from dedup.attribution.credits import find_credits
    from dedup.attribution.origin import weigh as weigh_credits

    agencies = load_agencies(settings.agencies)
    return weigh_credits(article, find_credits(article, agencies=agencies), agencies)


def _placed(a: Article, b: Article) -> bool:
    """Whether anything beside their texts bears on which of two articles was first."""
    return all(article.published or article.outlet or article.url for article in (a, b))


def _directed(
    a: Article, b: Article, matches: list[Match], relation: PairRelation | None, settings: Settings
) -> list[Match]:
    from dedup.attribution.origin import attribute

    spans = [(m.a_start, m.a_end, m.b_start, m.b_end) for m in matches if m.weight == "substantial"]
    if not spans:
        return matches
    traces = trace(a, attribute(a, settings)), trace(b, attribute(b, settings))
    told = judge_direction(Pair(*traces, relation, spans))
    return [
        replace(match, direction=told.direction, direction_reason=told.reason)
        if match.weight == "substantial"
        else match
        for match in matches
    ]


def _mirrored(match: Match) -> Match:
    return replace(
        match, a=match.b, b=match.a, a_start=match.b_start, a_end=match.b_end, b_start=match.a_start, b_end=match.a_end,
        direction=MIRRORED[match.direction],
    )  # fmt: skip


def _position(match: Match) -> tuple[int, int, int, int]:
    return match.a_start, match.a_end, match.b_start, match.b_end


def _read(article: Comparable, name: str) -> Article:
    return Article(name, article) if isinstance(article, str) else article_from(article)
