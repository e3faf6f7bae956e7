"""Clusters: publications of one text around a canonical article that each of them matches directly.

Articles are numbered in order of precedence (earliest published, else longest, else first by id), so the outcome
does not depend on the order of the input. Pairs verified beforehand are clustered afresh: two true pairs joined by
one false bridge stay two clusters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.relations import PARTIAL, VERSION
from dedup.minhash.radix import distinct_pairs, order_of, unpacked
from dedup.model import Article, Cluster, Match, Origin
from dedup.stories.dates import moment
from dedup.stories.direction import arrows, first
from dedup.stories.sources import cluster_origin, independent_sources

_HIGH = np.uint64(32)
_FAR_FUTURE = float("inf")


def precedence(articles: Sequence[Article]) -> list[int]:
    """Indices of the articles, the would-be canonical first: earliest published, else longest, else first by id."""
    when = np.array([when_published(article) for article in articles], np.float64)
    length = np.array([len(article.text) for article in articles], np.int64)
    order: list[int] = precedence_of(when, length, [article.id for article in articles]).tolist()
    return order


def precedence_of(
    when: npt.NDArray[np.float64], length: npt.NDArray[np.int64], ids: Sequence[str]
) -> npt.NDArray[np.int64]:
    """As `precedence`, of n articles of which this is known: int64 (n,).

    Args:
        when: float64 (n,), as `when_published` tells it.
        length: int64 (n,), of each text in code points.
    """
    order = np.lexsort((-length, when))
    if not len(order):
        return order
    alike = (when[order[1:]] == when[order[:-1]]) & (length[order[1:]] == length[order[:-1]])
    first = np.flatnonzero(np.append(True, ~alike))
    last = np.append(first[1:], len(order))
    for start, end in zip(first[last - first > 1].tolist(), last[last - first > 1].tolist(), strict=True):
        order[start:end] = sorted(order[start:end].tolist(), key=lambda i: ids[i])
    return order


def when_published(article: Article) -> float:
    """Seconds since 1970; endlessly late where it is not known."""
    when = moment(article.published)
    return when.written.timestamp() if when else _FAR_FUTURE


class Settled(NamedTuple):
    """The canonicals of n articles; see `settle`.

    Attributes:
        home: int64 (n,), the canonical of each: its own number where it stands alone or is canonical.
        justified: bool (m,), pairs that were compared for joining, and rightly so.
        missing: int64 (k, 2), pairs to be compared before the answer holds.
    """

    home: npt.NDArray[np.int64]
    justified: npt.NDArray[np.bool_]
    missing: npt.NDArray[np.int64]


def settle(
    count: int,
    pairs: npt.NDArray[np.int64],
    relation: npt.NDArray[np.uint8],
    strength: npt.NDArray[np.float64],
    joined: npt.NDArray[np.bool_] | None = None,
    known: npt.NDArray[np.int64] | None = None,
) -> Settled:
    """The canonical article of each.

    Going by precedence, an article with no earlier canonical neighbour becomes canonical; every other one joins the
    canonical neighbour that it matches best. An article that is a version of members only joins their canonical if it
    shares a part with that one: a late write-through shares less with the first than with those between. So it has to
    be compared with their canonical. What is found of an article depends on the earlier ones alone: articles that come
    one at a time are settled the same.

    Args:
        count: Number of articles, numbered in order of precedence.
        pairs: int64 (m, 2), first < second, distinct.
        relation: uint8 (m,), `NONE`, `PARTIAL`, `VERSION` or `DUPLICATE`.
        strength: float64 (m,), how well they match.
        joined: bool (m,), pairs compared for joining only: one counts where joining asks for it. By default none is.
        known: int64 (count,), the canonicals of those that are the second of no pair; by default they have none.
    """
    order = order_of(pairs[:, 1], pairs[:, 0], count)
    home = np.arange(count, dtype=np.int64) if known is None else known.copy()
    joined = np.zeros(len(pairs), np.bool_) if joined is None else joined
    justified = np.zeros(len(pairs), np.bool_)
    missing = np.empty(len(pairs), np.uint64)
    found = _settle_in_order(
        pairs[order], relation[order], strength[order], joined[order], home, justified, missing
    )
    back = np.empty_like(justified)
    back[order] = justified
    return Settled(home, back, unpacked(distinct_pairs(missing[:found].copy(), count)))


@kernel
def _settle_in_order(
    pairs: npt.NDArray[np.int64],
    relation: npt.NDArray[np.uint8],
    strength: npt.NDArray[np.float64],
    joined: npt.NDArray[np.bool_],
    home: npt.NDArray[np.int64],
    justified: npt.NDArray[np.bool_],
    missing: npt.NDArray[np.uint64],
) -> int:
    found = 0
    low = 0
    while low < len(pairs):
        later = pairs[low, 1]
        high = low
        while high < len(pairs) and pairs[high, 1] == later:
            high += 1
        through, best_through = np.int64(-1), 0.0
        for p in range(low, high):
            canonical = home[pairs[p, 0]]
            if joined[p] or relation[p] < VERSION or canonical == pairs[p, 0]:
                continue
            q = low + np.searchsorted(pairs[low:high, 0], canonical)
            if q == high or pairs[q, 0] != canonical:
                missing[found] = np.uint64(canonical) << _HIGH | np.uint64(later)
                found += 1
                continue
            justified[q] = joined[q]
            if relation[q] == PARTIAL and (through < 0 or strength[p] > best_through):
                through, best_through = canonical, strength[p]
        direct, best = np.int64(-1), 0.0
        for p in range(low, high):
            earlier = pairs[p, 0]
            counts = relation[p] >= VERSION and (justified[p] or not joined[p])
            if counts and home[earlier] == earlier and (direct < 0 or strength[p] > best):
                direct, best = earlier, strength[p]
        if direct >= 0:
            home[later] = direct
        elif through >= 0:
            home[later] = through
        else:
            home[later] = later
        low = high
    return found


def build_clusters(
    articles: Sequence[Article],
    home: npt.NDArray[np.int64],
    origins: Sequence[Origin],
    compositions: Sequence[Mapping[str, float]],
    matches: Iterable[Match] = (),
) -> list[Cluster]:
    """The clusters of two articles and more, in order of their canonical; members in order of precedence.

    Args:
        articles: In order of precedence.
        home: The canonical article of each, as `settle` gives it.
        origins: Of each article.
        compositions: Of each article.
        matches: What they share, with directions.
    """
    members: dict[int, list[int]] = {}
    for i, canonical in enumerate(home.tolist()):
        members.setdefault(canonical, []).append(i)
    inside_of = {articles[i].id: canonical for canonical, inside in members.items() for i in inside}
    taken: dict[int, list[tuple[str, str]]] = {}
    for source, target in sorted(arrows(matches)):
        if inside_of[source] == inside_of[target]:
            taken.setdefault(inside_of[source], []).append((source, target))
    clusters = []
    for canonical, inside in members.items():
        if len(inside) < 2:
            continue
        found = [articles[i] for i in inside]
        earliest = first(found, taken.get(canonical, ()))
        clusters.append(
            Cluster(
                id=articles[canonical].id,
                size=len(inside),
                members=tuple(a.id for a in found),
                outlets=tuple(sorted({a.outlet for a in found if a.outlet})),
                canonical=articles[canonical].id,
                first=earliest.id if earliest else None,
                origin=cluster_origin([origins[i] for i in inside]),
                independent_sources=independent_sources([compositions[i] for i in inside]),
            )
        )
    return clusters
