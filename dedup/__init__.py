"""Near-duplicate and syndication detector for news: have we seen this text, where, and whose is it?

    from dedup import Article, Settings, run, compare, attribute, Index

Importing the package is light; NumPy, Numba and scikit-learn are imported by the first call that needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dedup.errors import AgenciesError, DedupError, InputError, OutputError, SettingsError, StoreError
from dedup.model import (
    Article,
    Attribution,
    Cluster,
    Credit,
    Match,
    Origin,
    Reject,
    Repeat,
    Result,
    Similarity,
    Verdict,
)
from dedup.settings import Settings, checked

if TYPE_CHECKING:
    from dedup.index.index import Index
    from dedup.progress import Progress

__version__ = "0.1.0"

__all__ = [
    "AgenciesError",
    "Article",
    "Attribution",
    "Cluster",
    "Credit",
    "DedupError",
    "Index",
    "InputError",
    "Match",
    "Origin",
    "OutputError",
    "Reject",
    "Repeat",
    "Result",
    "Settings",
    "SettingsError",
    "Similarity",
    "StoreError",
    "Verdict",
    "attribute",
    "compare",
    "run",
]


def __getattr__(name: str) -> Any:
    """`Index`, once somebody asks for it."""
    if name == "Index":
        from dedup.index.index import Index

        return Index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def run(
    articles: Iterable[Article | Mapping[str, Any]],
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
) -> Result:
    """Analyse a corpus; see `dedup.pipeline.run`."""
    from dedup import pipeline

    return pipeline.run(articles, checked(settings), progress=progress)


def compare(
    a: Article | Mapping[str, Any] | str,
    b: Article | Mapping[str, Any] | str,
    settings: Settings | None = None,
) -> list[Match]:
    """The passages that two articles share, in order of position; see `dedup.pairwise.compare`."""
    from dedup import pairwise

    return pairwise.compare(a, b, checked(settings))


def attribute(article: Article | Mapping[str, Any] | str, settings: Settings | None = None) -> Attribution:
    """Whose text one article is, by its own words and fields; see `dedup.attribution.origin.attribute`."""
    from dedup.attribution import origin
    from dedup.readers import article_from

    return origin.attribute(article_from(article), checked(settings))
