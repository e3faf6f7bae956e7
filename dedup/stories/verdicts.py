"""Verdicts: what is concluded about each article, from the pairs that it is part of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.matching.relations import DUPLICATE, NONE, VERSION
from dedup.model import (
    Article,
    Cluster,
    Credit,
    Origin,
    PageKind,
    Passage,
    Relation,
    Repeat,
    Similarity,
    Verdict,
)


class Provenance(NamedTuple):
    """One article's origin after its copies were heard, its own credits, and what its text is made of."""

    origin: Origin
    credits: tuple[Credit, ...]
    composition: Mapping[str, float]
    passages: tuple[Passage, ...] = ()


def best_partners(
    pairs: npt.NDArray[np.int64],
    containment: npt.NDArray[np.float64],
    relation: npt.NDArray[np.uint8],
    home: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """For each article the pair that it is judged by: int64 (n,), an index into `pairs`, or -1.

    A member of a cluster is judged against its canonical, any other article against the earlier one with which it
    has most in common.

    Args:
        pairs: int64 (m, 2), articles numbered in order of precedence, the earlier first.
        containment: float64 (m,).
        relation: uint8 (m,), as `relate` gives it.
        home: int64 (n,), the canonical article of each.
    """
    best = np.full(len(home), -1, np.int64)
    order = np.lexsort((pairs[:, 0], -containment, pairs[:, 1]))
    earlier, later = pairs[order].T
    stands = (home[later] == later) | (home[later] == earlier)
    order = order[stands & (relation[order] != NONE)]
    later = pairs[order, 1]
    leading = np.append(True, later[1:] != later[:-1])[: len(later)]
    best[later[leading]] = order[leading]
    return best


def build_verdicts(
    articles: Sequence[Article],
    pairs: npt.NDArray[np.int64],
    similarity: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    relation: npt.NDArray[np.uint8],
    home: npt.NDArray[np.int64],
    clusters: Sequence[Cluster],
    provenance: Sequence[Provenance],
    repeats: Sequence[tuple[Repeat, ...]],
    pages: Sequence[PageKind],
) -> list[Verdict]:
    """One verdict for each article, in their order, which is that of precedence.

    The canonical article of a cluster is its `original`. Outside a cluster, whatever shares text with an earlier
    article is `partial`: also a near-duplicate of a member that does not match the canonical itself.

    Args:
        similarity: Exact Jaccard and containment of the pairs, float64 (m,) each.
    """
    cluster_of = {member: cluster.id for cluster in clusters for member in cluster.members}
    best = best_partners(pairs, similarity[1], relation, home).tolist()
    verdicts = []
    for i, article in enumerate(articles):
        standing = Standing("unique")
        if article.id in cluster_of and home[i] == i:
            standing = Standing("original", i)
        elif best[i] >= 0:
            standing = judged_by(best[i], pairs, similarity, relation, home)
        canonical = None if standing.canonical is None else articles[standing.canonical].id
        cluster = cluster_of.get(article.id)
        verdicts.append(
            verdict_of(article, standing, canonical, cluster, provenance[i], tuple(repeats[i]), pages[i])
        )
    return verdicts


class Standing(NamedTuple):
    """What an article is to those before it: the relation, and to which article, by number, it is that."""

    relation: Relation
    canonical: int | None = None
    similarity: Similarity | None = None


def judged_by(
    pair: int,
    pairs: npt.NDArray[np.int64],
    similarity: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
    relation: npt.NDArray[np.uint8],
    home: npt.NDArray[np.int64],
) -> Standing:
    """What the later article of a pair is by that pair.

    Args:
        pair: The one of `best_partners`.
        similarity: Exact Jaccard and containment of the pairs, float64 (m,) each.
    """
    earlier, later = pairs[pair].tolist()
    return Standing(
        _told(int(relation[pair])) if home[later] != later else "partial",
        earlier,
        Similarity(float(similarity[0][pair]), float(similarity[1][pair])),
    )


def verdict_of(
    article: Article,
    standing: Standing,
    canonical: str | None,
    cluster: str | None,
    provenance: Provenance,
    repeats: tuple[Repeat, ...],
    page: PageKind,
) -> Verdict:
    """All that is concluded about one article, put together.

    Args:
        canonical: The id of the article that its standing names.
        cluster: The id of its cluster.
    """
    return Verdict(
        id=article.id,
        outlet=article.outlet,
        title=article.title,
        url=article.url,
        published=article.published,
        cluster=cluster,
        relation=standing.relation,
        canonical=canonical,
        similarity=standing.similarity,
        origin=provenance.origin,
        credits=provenance.credits,
        composition=provenance.composition,
        repeats=repeats,
        page=page,
        passages=provenance.passages,
    )


def _told(relation: int) -> Relation:
    return "duplicate" if relation == DUPLICATE else "version" if relation == VERSION else "partial"
