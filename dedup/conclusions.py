"""What follows from judged pairs, one shard of whole stories at a time: origins, directions, clusters, verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.matching.columns import PAIR
from dedup.matching.relations import NONE
from dedup.matching.weights import SUBSTANTIAL
from dedup.model import Article, Attribution, Cluster, Match, Origin, PageKind, Repeat, Verdict
from dedup.shelf import Chosen, some
from dedup.stages import Aligned, Ints, Judged, boilerplate_columns, links, match_of, taken
from dedup.stories.clusters import build_clusters
from dedup.stories.direction import directed
from dedup.stories.shards import shards
from dedup.stories.verdicts import Provenance, build_verdicts
from dedup.text.furniture import Furniture, captions

if TYPE_CHECKING:
    from dedup.attribution.agencies import Agencies

_HELD = (
    4096  # articles of a shard that are held in memory; of a larger one each is read whenever it is asked for
)


class Words(NamedTuple):
    """What is known of every article in words, in order of precedence.

    Attributes:
        own: What each one's own text says of its origin; None where origins are not wanted.
        pages: What sort of page each is.
    """

    articles: Sequence[Article]
    repeats: Sequence[tuple[Repeat, ...]]
    furniture: Sequence[Sequence[Furniture]]
    own: Sequence[Attribution] | None
    pages: Sequence[PageKind]


class Concluded(NamedTuple):
    """What is concluded of one shard.

    Attributes:
        members: int64 (n,), its articles.
        verdicts: One for each.
        canonicals: int64 (c,), the canonical article of each cluster, ascending.
        clusters: Of its articles.
        rows: int64 (k,), the substantial matches between them, as `Aligned` numbers them.
        matches: These, with their directions.
    """

    members: Ints
    verdicts: list[Verdict]
    canonicals: Ints
    clusters: list[Cluster]
    rows: Ints
    matches: list[Match]


class Conclusions:
    """The shards of a run, and what each of them concludes; `shards` lists their articles.

    Args:
        aligned: All pairs, the matches and stretches in their order.
        size: Articles in one shard, about.
    """

    def __init__(
        self, words: Words, aligned: Aligned, judged: Judged, agencies: Agencies | None, size: int
    ) -> None:
        self._words, self._aligned, self._judged, self._agencies = words, aligned, judged, agencies
        self._substantial = judged.reason == SUBSTANTIAL
        tied = judged.relation != NONE
        tied[aligned.rows[self._substantial, PAIR]] = True
        pairs = np.flatnonzero(tied)
        self.shards = shards(len(words.articles), aligned.pairs[pairs], size)
        shard = np.empty(len(words.articles), np.int64)
        for number, members in enumerate(self.shards):
            shard[members] = number
        place = shard[aligned.pairs[pairs, 0]]
        self._pairs = pairs[np.argsort(place, kind="stable")]
        self._bounds = np.searchsorted(np.sort(place), np.arange(len(self.shards) + 1))
        self._printed = boilerplate_columns(aligned, judged.reason)

    def conclude(self, number: int) -> Concluded:
        """Everything about one shard."""
        words, members = self._words, self.shards[number]
        chosen = Chosen(words.articles, members)
        articles: Sequence[Article] = some(chosen, range(len(chosen))) if len(chosen) <= _HELD else chosen
        repeats = some(words.repeats, members)
        pairs = self._pairs[self._bounds[number] : self._bounds[number + 1]]
        aligned, rows = taken(self._aligned, pairs)
        aligned = aligned._replace(pairs=np.searchsorted(members, aligned.pairs))
        judged = Judged(
            self._judged.reason[rows],
            self._judged.relation[pairs],
            np.searchsorted(members, self._judged.home[members]),
            self._judged.coverage[pairs],
        )
        provenance = self._provenance(members, articles, repeats, aligned, judged)
        shared = np.flatnonzero(self._substantial[rows])
        matches = matches_of([article.id for article in articles], aligned, judged, shared)
        matches = directed(articles, matches, provenance, [p.passages for p in provenance])
        origins, compositions = [p.origin for p in provenance], [p.composition for p in provenance]
        clusters = build_clusters(articles, judged.home, origins, compositions, matches)
        verdicts = build_verdicts(
            articles, aligned.pairs, (aligned.jaccard, aligned.containment), judged.relation, judged.home,
            clusters, provenance, repeats, [words.pages[i] for i in members.tolist()],
        )  # fmt: skip
        canonicals = members[np.bincount(judged.home, minlength=len(members)) > 1]
        return Concluded(members, verdicts, canonicals, clusters, rows[shared], matches)

    def undirected(self, ids: Sequence[str], rows: Ints) -> list[Match]:
        """Matches that no shard tells, since they are not substantial: of these numbers.

        Args:
            ids: Of all articles.
        """
        return matches_of(ids, self._aligned, self._judged, rows)

    @property
    def remaining(self) -> Ints:
        """The numbers of all matches that no shard tells: int64 (k,)."""
        return np.flatnonzero(~self._substantial)

    def _provenance(
        self,
        members: Ints,
        articles: Sequence[Article],
        repeats: Sequence[tuple[Repeat, ...]],
        aligned: Aligned,
        judged: Judged,
    ) -> list[Provenance]:
        if self._words.own is None:
            return [Provenance(Origin(), (), {})] * len(articles)
        from dedup.attribution.composition import compose
        from dedup.attribution.spread import spread

        own = some(self._words.own, members)
        low, high = np.searchsorted(self._printed[:, 0], [members, members + 1])
        printed = [
            [(start, end) for _, start, end in self._printed[first:last].tolist()]
            for first, last in zip(low.tolist(), high.tolist(), strict=True)
        ]
        apart = [
            captions(found) + spans
            for found, spans in zip(some(self._words.furniture, members), printed, strict=True)
        ]
        home = judged.home.tolist()
        heard = spread(
            articles, own, links(aligned, judged), families=home, apart=apart, agencies=self._agencies
        )
        provenance = []
        for i, (article, said, told) in enumerate(zip(articles, own, heard, strict=True)):
            passages, shares = compose(
                article, told, said.credits, repeats[i], printed[i], family=home[i], agencies=self._agencies
            )
            provenance.append(Provenance(told.origin, said.credits, shares, passages))
        return provenance


def matches_of(ids: Sequence[str], aligned: Aligned, judged: Judged, rows: Ints) -> list[Match]:
    """Some of the matches, without directions.

    Args:
        ids: Of the articles that the pairs number.
        rows: int64 (k,), which of them.
    """
    columns = aligned.rows[rows]
    pairs, relations = aligned.pairs[columns[:, PAIR]], judged.relation[columns[:, PAIR]]
    return [
        match_of(ids[a], ids[b], row, span, reason, relation)
        for row, (a, b), span, reason, relation in zip(
            columns.tolist(),
            pairs.tolist(),
            aligned.spans[rows].tolist(),
            judged.reason[rows].tolist(),
            relations.tolist(),
            strict=True,
        )
    ]
