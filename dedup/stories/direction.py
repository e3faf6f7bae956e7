"""Direction: which way a text travelled, and who published it first, with `unknown` as an honest answer."""

from __future__ import annotations

from collections.abc import Sequence

from dedup.model import Article, Direction, Origin
from dedup.stories.dates import Moment, moment


def direction(when_a: Moment | None, origin_a: Origin, when_b: Moment | None, origin_b: Origin) -> Direction:
    """Which of two articles a shared passage stood in first.

    Between two copies of one agency's text, or of one press release, neither is the source. Otherwise the moments of
    publication decide, where their precision allows.
    """
    if _sources(origin_a) & _sources(origin_b):
        return "unknown"
    if when_a is None or when_b is None:
        return "unknown"
    if when_a.latest <= when_b.earliest:
        return "a->b"
    if when_b.latest <= when_a.earliest:
        return "b->a"
    return "unknown"


def first(articles: Sequence[Article]) -> Article | None:
    """The article published before all others; None where a timestamp is missing or too coarse to tell."""
    moments: list[tuple[Moment, Article]] = []
    for article in articles:
        when = moment(article.published)
        if when is None:
            return None
        moments.append((when, article))
    moments.sort(key=lambda pair: (pair[0], pair[1].id))
    if not moments or (len(moments) > 1 and moments[0][0].latest > moments[1][0].earliest):
        return None
    return moments[0][1]


def _sources(origin: Origin) -> set[str]:
    """Everyone whose text it is: agencies, or the company behind a press release."""
    return {name for name in (*origin.agencies, origin.agency, origin.issuer) if name}
