"""A batch run that an index takes part in: its articles are judged by what the index holds as well, and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from dedup.errors import StoreError
from dedup.index.index import Index
from dedup.model import Article, Cluster, Match, Reject, Result, Verdict
from dedup.progress import Progress, Stages, summarise
from dedup.stories.clusters import build_clusters, precedence

_ARTICLES_A_BATCH = 512


def run_with(
    index: Index,
    articles: Iterable[Article],
    *,
    progress: Progress | None = None,
    rejects: Sequence[Reject] = (),
) -> Result:
    """As `dedup.pipeline.analyse`, with the articles that an index holds: those of the run are added to it.

    They are added in order of precedence, and judged once all of them are in. Of the articles that the index held
    before the result tells where they bear on those of the run: as canonicals, members of clusters, and in matches.

    Args:
        articles: As a reader gives them: whole, and each with an id of its own.
        progress: Told how far each stage is.
        rejects: What the reader leaves out, carried into the result; looked at once `articles` is read.

    Raises:
        StoreError: The index cannot be read or written; what was added before stays in it.
    """
    stages = Stages(progress)
    with stages.stage("read"):
        given = list(articles)
        stages.advance(len(given))
    order = precedence(given)
    with stages.stage("remember", len(given)):
        for start in range(0, len(order), _ARTICLES_A_BATCH):
            batch = [given[i] for i in order[start : start + _ARTICLES_A_BATCH]]
            for _ in index.add_many(batch):
                stages.advance(1)
        index.commit()
    verdicts: list[Verdict] = []
    with stages.stage("look up", len(given)):
        for article in given:
            verdicts.append(_asked(index, article.id))
            stages.advance(1)
    with stages.stage("conclude", len(given)):
        rank = {given[i].id: place for place, i in enumerate(order)}
        matches = _matches(verdicts, rank)
        clusters = _clusters(index, verdicts, matches, rank)
        bare = tuple(replace(verdict, matches=(), as_of=None) for verdict in verdicts)
    summary = summarise(index.settings, stages, bare, clusters, matches, rejects)
    return Result(bare, tuple(clusters), tuple(matches), tuple(rejects), summary)


def _asked(index: Index, id: str) -> Verdict:
    verdict = index.query(id)
    if verdict is None:
        raise StoreError(
            f"article {id[:80]!r} was removed from the index while the run needed it; run it again"
        )
    return verdict


def _article(of: Verdict) -> Article:
    """What clusters are told by of an article: everything but its text."""
    return Article(of.id, "", of.title, of.outlet, of.url, of.published)


def _order(rank: Mapping[str, int], id: str) -> tuple[int, int, str]:
    """Where an article stands: before those of the run what the index held already, by id."""
    return (1, rank[id], "") if id in rank else (0, 0, id)


def _matches(verdicts: Iterable[Verdict], rank: Mapping[str, int]) -> list[Match]:
    """What the articles share with each other and with older ones, each match once, in order of both."""
    found = {match for verdict in verdicts for match in verdict.matches}
    return sorted(
        found,
        key=lambda m: (_order(rank, m.a), _order(rank, m.b), m.a_start, m.a_end, m.b_start, m.b_end),
    )


def _clusters(
    index: Index, verdicts: Iterable[Verdict], matches: Iterable[Match], rank: Mapping[str, int]
) -> list[Cluster]:
    """The clusters that articles of the run are in, with older members, in order of their canonical."""
    known = {verdict.id: verdict for verdict in verdicts}
    members = {
        verdict.cluster: index.members(verdict.id)
        for verdict in known.values()
        if verdict.cluster is not None
    }
    cluster_of = {id: cluster for cluster, inside in members.items() for id in inside}
    shared: dict[str, list[Match]] = {}
    for match in matches:
        cluster = cluster_of.get(match.a)
        if cluster is not None and cluster == cluster_of.get(match.b):
            shared.setdefault(cluster, []).append(match)
    found = []
    for cluster in sorted(members, key=lambda id: _order(rank, id)):
        inside = [known.get(id) or _asked(index, id) for id in members[cluster]]
        found += build_clusters(
            [_article(verdict) for verdict in inside],
            np.zeros(len(inside), np.int64),
            [verdict.origin for verdict in inside],
            [verdict.composition for verdict in inside],
            shared.get(cluster, ()),
        )
    return found
