"""A batch run that an index takes part in: its articles are judged by what the index holds as well, and remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from dedup.errors import StoreError
from dedup.index.index import Index
from dedup.model import Article, Cluster, Match, Reject, Result, Verdict
from dedup.progress import Progress, Stages, summarise, tally
from dedup.stories.clusters import build_clusters, precedence
from dedup.stories.direction import directed


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
        for _ in index.add_many(given[i] for i in order):
            stages.advance(1)
        index.commit()
    verdicts: dict[str, Verdict] = {}
    with stages.stage("look up", len(given)):
        for article in given:
            verdicts[article.id] = _asked(index, article.id)
            stages.advance(1)
    with stages.stage("conclude", len(given)):
        rank = {given[i].id: place for place, i in enumerate(order)}
        matches = _matches(verdicts.values(), rank)
        members = {
            each.cluster: index.members(each.id) for each in verdicts.values() if each.cluster is not None
        }
        told_of = {id for match in matches if match.weight == "substantial" for id in (match.a, match.b)}
        older = sorted(told_of.union(*members.values()).difference(rank))
        everyone = {each.id: each for each in given} | {id: _got(index, id) for id in older}
        known = verdicts | {id: _asked(index, id) for id in older}
        found = [known[id] for id in everyone]
        # Now it is known of both sides what their copies say.
        matches = directed(list(everyone.values()), matches, found, [each.passages for each in found])
        clusters = _clusters(members, everyone, known, matches, rank)
    bare = tuple(replace(verdicts[each.id], matches=(), as_of=None) for each in given)
    summary = summarise(index.settings, stages, len(bare), tally(bare, clusters, matches), len(rejects))
    return Result(bare, tuple(clusters), tuple(matches), tuple(rejects), summary)


def _asked(index: Index, id: str) -> Verdict:
    verdict = index.query(id)
    if verdict is None:
        raise _gone(id)
    return verdict


def _got(index: Index, id: str) -> Article:
    article = index.get(id)
    if article is None:
        raise _gone(id)
    return article


def _gone(id: str) -> StoreError:
    return StoreError(f"article {id[:80]!r} was removed from the index while the run needed it; run it again")


def _order(rank: Mapping[str, int], id: str) -> tuple[int, int, str]:
    """Where an article stands: before those of the run what the index held already, by id."""
    return (1, rank[id], "") if id in rank else (0, 0, id)


def _matches(verdicts: Iterable[Verdict], rank: Mapping[str, int]) -> list[Match]:
    """What the articles share with each other and with older ones: each match once, in order, undirected."""
    found = {
        (_order(rank, m.a), _order(rank, m.b), m.a_start, m.a_end, m.b_start, m.b_end): replace(
            m, direction="unknown", direction_reason=""
        )
        for verdict in verdicts
        for m in verdict.matches
    }
    return [found[key] for key in sorted(found)]


def _clusters(
    members: Mapping[str, Sequence[str]],
    articles: Mapping[str, Article],
    known: Mapping[str, Verdict],
    matches: Iterable[Match],
    rank: Mapping[str, int],
) -> list[Cluster]:
    """The clusters that articles of the run are in, with older members, in order of their canonical."""
    cluster_of = {id: cluster for cluster, inside in members.items() for id in inside}
    shared: dict[str, list[Match]] = {}
    for match in matches:
        cluster = cluster_of.get(match.a)
        if cluster is not None and cluster == cluster_of.get(match.b):
            shared.setdefault(cluster, []).append(match)
    found = []
    for cluster in sorted(members, key=lambda id: _order(rank, id)):
        inside = members[cluster]
        found += build_clusters(
            [articles[id] for id in inside],
            np.zeros(len(inside), np.int64),
            [known[id].origin for id in inside],
            [known[id].composition for id in inside],
            shared.get(cluster, ()),
        )
    return found
