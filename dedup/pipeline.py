"""The batch run: articles in; verdicts, clusters and matches out. Composes the stages; the one module that sees all.

Articles are numbered in order of precedence (`dedup.stories.clusters.precedence`), so that the outcome does not
depend on the order of the input. A big story costs no squares: near-duplicates are folded into their canonical
article first, and passages are compared between what is left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import numpy as np

from dedup.matching.align import B0, B1, PAIR
from dedup.matching.relations import DUPLICATE, PARTIAL, VERSION, relate
from dedup.matching.weights import Weights, weigh
from dedup.minhash.candidates import candidate_pairs
from dedup.model import (
    Article,
    Attribution,
    Cluster,
    Credit,
    Match,
    Origin,
    Reject,
    Relation,
    Result,
    Similarity,
    Verdict,
)
from dedup.progress import Progress, Stages, summarise
from dedup.readers import from_records
from dedup.settings import Settings
from dedup.stages import Aligned, Ints, Signed, align_batch, furniture_spans, joined, match_of, sign_batch
from dedup.stories.clusters import best_partners, build_clusters, canonicals, precedence
from dedup.stories.direction import direction

_ARTICLES_A_BATCH = 512
_PAIRS_A_BATCH = 2048
_ROUNDS = 3  # of comparing articles with the canonical of an article that they match
_COVERED = 0.6  # of a passage by its article's match with the canonical: it is not looked up again
_RELATIONS: dict[int, Relation] = {DUPLICATE: "duplicate", VERSION: "version", PARTIAL: "partial"}


class Attributed(NamedTuple):
    """One article's origin after its copies were heard, its own credits, and what its text is made of."""

    origin: Origin
    credits: tuple[Credit, ...]
    composition: Mapping[str, float]


T = TypeVar("T")
R = TypeVar("R")


def run(
    articles: Iterable[Article | Mapping[str, Any]],
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
    rejects: Sequence[Reject] = (),
) -> Result:
    """Analyse a corpus.

    Args:
        articles: Articles, or mappings with their field names. One without text, or with an id that another one
            has, becomes a reject; nothing else stops the run.
        settings: How to compare; the defaults by default.
        progress: Told how far each stage is.
        rejects: What the caller's reader has left out already, carried into the result.

    Returns:
        Verdicts in the order of the input, clusters, matches, rejects and a summary. The same articles and settings
        give the same result, whatever their order and the number of threads (the summary's timings aside).
    """
    settings = settings or Settings()
    stages = Stages(progress)
    refused: list[Reject] = []
    given: list[Article] = []
    with stages.stage("read"):
        for article in from_records(articles, on_reject=refused.append):
            given.append(article)
            if not len(given) % _ARTICLES_A_BATCH:
                stages.advance(_ARTICLES_A_BATCH)
        stages.advance(len(given) % _ARTICLES_A_BATCH)
    return _Run(given, settings, stages).result([*rejects, *refused])


class _Run:
    """One run's articles in order of precedence, and the stages over them."""

    def __init__(self, given: list[Article], settings: Settings, stages: Stages) -> None:
        self.order = precedence(given)
        self.articles = [given[i] for i in self.order]
        self.settings = settings
        self.stages = stages
        self.jobs = settings.jobs or os.cpu_count() or 1

    def result(self, rejects: Sequence[Reject]) -> Result:
        signed = self._sign()
        near = self._near_duplicates(signed)
        aligned, weights, relation = self._compare(signed, near)
        home = self._fold(aligned, relation)
        matches = self._matches(aligned, weights)
        attributed = self._attribute(signed, aligned, weights, matches)
        with self.stages.stage("conclude", len(self.articles)):
            matches = self._directed(aligned, matches, attributed)
            clusters = build_clusters(self.articles, home, [a.origin for a in attributed])
            verdicts = self._verdicts(signed, aligned, relation, home, clusters, attributed)
        in_order = tuple(verdicts[rank] for rank in np.argsort(self.order))
        summary = summarise(self.settings, self.stages, in_order, clusters, matches, rejects)
        return Result(in_order, tuple(clusters), tuple(matches), tuple(rejects), summary)

    def _sign(self) -> Signed:
        batches = list(_batches(self.articles, _ARTICLES_A_BATCH))
        with self.stages.stage("sign", len(self.articles)):
            parts = self._map(lambda batch: sign_batch([a.text for a in batch], self.settings), batches)
        first = np.append(0, np.cumsum([len(batch) for batch in batches]))
        owners = [part.passage_owner + start for part, start in zip(parts, first[:-1], strict=True)]
        if not parts:
            return sign_batch([], self.settings)
        return Signed(
            np.concatenate([p.keys for p in parts]),
            np.concatenate([p.body for p in parts]),
            np.concatenate([p.passage_keys for p in parts]),
            np.concatenate(owners),
            np.concatenate([p.passage_start for p in parts]),
            np.concatenate([p.passage_end for p in parts]),
            [repeats for p in parts for repeats in p.repeats],
            [furniture for p in parts for furniture in p.furniture],
        )

    def _near_duplicates(self, signed: Signed) -> Aligned:
        """Pairs of articles at or above the threshold, verified on the exact sets."""
        with self.stages.stage("propose", len(self.articles)):
            pairs = candidate_pairs(signed.keys, self.settings.bucket_cap)
        found = self._align("verify", signed, pairs, replace(self.settings, passages=False))
        kept = found.jaccard >= self.settings.threshold
        return found._replace(
            pairs=found.pairs[kept], jaccard=found.jaccard[kept], containment=found.containment[kept]
        )

    def _compare(self, signed: Signed, near: Aligned) -> tuple[Aligned, Weights, Ints]:
        """Align near-duplicates, then articles that share passages, then whatever may join a cluster by it."""
        if not self.settings.passages:
            return near, *self._judge(signed, near)
        members = self._folded(near)
        home = canonicals(len(self.articles), near.pairs, near.jaccard)
        both_stand = ~np.isin(near.pairs, members).any(axis=1)
        pairs = np.concatenate((np.column_stack((home[members], members)), near.pairs[both_stand]))
        aligned = self._align("align", signed, pairs, self.settings)
        with self.stages.stage("propose", len(self.articles)):
            left = self._uncovered(signed, aligned, members)
            pairs = candidate_pairs(
                signed.passage_keys[left], self.settings.bucket_cap, signed.passage_owner[left]
            )
        aligned = joined(aligned, self._align("align", signed, _without(pairs, aligned.pairs), self.settings))
        for _ in range(_ROUNDS):
            weights, relation = self._judge(signed, aligned)
            missing = self._might_join(aligned, relation)
            if not len(missing):
                break
            aligned = joined(aligned, self._align("align", signed, missing, self.settings))
        weights, relation = self._judge(signed, aligned)
        return aligned, weights, relation

    def _judge(self, signed: Signed, aligned: Aligned) -> tuple[Weights, Ints]:
        """What the matches weigh and what the pairs are; twice, for what is common shows only between stories."""
        outlets = {
            name: number for number, name in enumerate(sorted({a.outlet for a in self.articles if a.outlet}))
        }
        outlet = np.array([outlets.get(a.outlet or "", -1) for a in self.articles], np.int64)
        story = np.zeros(len(self.articles), np.int64)
        with self.stages.stage("weigh", len(aligned.pairs)):
            for _ in range(2):
                weights = weigh(aligned.rows, aligned.pairs, signed.body, outlet, story)
                relation = relate(
                    aligned.rows,
                    weights,
                    aligned.pairs,
                    aligned.jaccard,
                    signed.body,
                    self.settings.threshold,
                ).astype(np.int64)
                story = self._fold(aligned, relation)
        return weights, relation

    def _folded(self, near: Aligned) -> Ints:
        """Members of near-duplicate groups too large to compare each with each: their canonical speaks for them."""
        home = canonicals(len(self.articles), near.pairs, near.jaccard)
        size = np.bincount(home, minlength=len(home))[home]
        return np.flatnonzero((size > self.settings.bucket_cap) & (home != np.arange(len(home))))

    def _might_join(self, aligned: Aligned, relation: Ints) -> Ints:
        """Pairs not yet compared of an article and the canonical of one that it is a version of."""
        same = (relation == DUPLICATE) | (relation == VERSION)
        home = self._fold(aligned, relation)
        a, b = aligned.pairs[same].T
        pairs = np.concatenate((np.column_stack((home[a], b)), np.column_stack((home[b], a))))
        pairs = np.unique(np.sort(pairs, axis=1), axis=0)
        return _without(pairs[pairs[:, 0] != pairs[:, 1]], aligned.pairs)

    def _uncovered(self, signed: Signed, folded: Aligned, members: Ints) -> Ints:
        """Passages to look up elsewhere: all of an article that stands for itself, of a folded one what is its own."""
        covered = np.zeros(len(signed.passage_owner), np.int64)
        first = np.searchsorted(signed.passage_owner, np.arange(len(self.articles) + 1))
        is_member = np.zeros(len(self.articles), np.bool_)
        is_member[members] = True
        for row in folded.rows[is_member[folded.pairs[folded.rows[:, PAIR], 1]]]:
            owner = folded.pairs[row[PAIR], 1]
            lo, hi = first[owner], first[owner + 1]
            start = np.maximum(signed.passage_start[lo:hi], row[B0])
            end = np.minimum(signed.passage_end[lo:hi], row[B1])
            covered[lo:hi] += np.maximum(end - start, 0)
        enough = covered >= _COVERED * (signed.passage_end - signed.passage_start)
        return np.flatnonzero(~(is_member[signed.passage_owner] & enough))

    def _align(self, stage: str, signed: Signed, pairs: Ints, settings: Settings) -> Aligned:
        def one(batch: Ints) -> Aligned:
            used, local = np.unique(batch, return_inverse=True)
            texts = [self.articles[i].text for i in used]
            furniture = [signed.furniture[i] for i in used]
            found = align_batch(texts, local.reshape(-1, 2), settings, furniture)
            return found._replace(pairs=batch)

        batches = list(_batches(pairs, _PAIRS_A_BATCH))
        with self.stages.stage(stage, len(pairs)):
            return joined(*self._map(one, batches))

    def _fold(self, aligned: Aligned, relation: Ints) -> Ints:
        """The canonical article of every article, by the final relations."""
        same = (relation == DUPLICATE) | (relation == VERSION)
        strength = aligned.jaccard[same] + aligned.containment[same] + (relation[same] == DUPLICATE)
        return canonicals(len(self.articles), aligned.pairs[same], strength)

    def _matches(self, aligned: Aligned, weights: Weights) -> list[Match]:
        ids = [article.id for article in self.articles]
        order = np.lexsort((*aligned.spans.T[::-1], *aligned.pairs[aligned.rows[:, PAIR]].T[::-1]))
        matches = []
        for k in order.tolist():
            row = aligned.rows[k].tolist()
            a, b = aligned.pairs[row[PAIR]].tolist()
            matches.append(match_of(ids[a], ids[b], row, aligned.spans[k].tolist(), int(weights.reason[k])))
        return matches

    def _attribute(
        self, signed: Signed, aligned: Aligned, weights: Weights, matches: list[Match]
    ) -> list[Attributed]:
        if not self.settings.origin:
            return [Attributed(Origin(), (), {})] * len(self.articles)
        # A run without origins does not pay for compiling the agencies' patterns.
        from dedup.attribution.composition import compose
        from dedup.attribution.credits import find_credits
        from dedup.attribution.origin import weigh as weigh_credits
        from dedup.attribution.spread import spread

        own: list[Attribution] = []
        boilerplate = furniture_spans(len(self.articles), aligned, weights.reason)
        with self.stages.stage("attribute", len(self.articles)):
            captions = [
                [(f.start, f.end) for f in found if f.kind == "caption"] for found in signed.furniture
            ]
            for article, pictures in zip(self.articles, captions, strict=True):
                found = find_credits(article, pictures)
                own.append(Attribution(weigh_credits(article, found), found))
                self.stages.advance(1)
            apart = [pictures + printed for pictures, printed in zip(captions, boilerplate, strict=True)]
            heard = spread(self.articles, own, matches, apart)
            attributed = []
            for i, (article, said, told) in enumerate(zip(self.articles, own, heard, strict=True)):
                parts = compose(
                    article, told.origin, said.credits, told.inherited, signed.repeats[i], boilerplate[i]
                )
                attributed.append(Attributed(told.origin, said.credits, parts))
            return attributed

    def _directed(self, aligned: Aligned, matches: list[Match], attributed: list[Attributed]) -> list[Match]:
        number = {article.id: i for i, article in enumerate(self.articles)}
        directed = []
        for match in matches:
            if match.weight == "substantial":
                a, b = number[match.a], number[match.b]
                way = direction(
                    self.articles[a], self.articles[b], attributed[a].origin, attributed[b].origin
                )
                match = replace(match, direction=way)
            directed.append(match)
        return directed

    def _verdicts(
        self,
        signed: Signed,
        aligned: Aligned,
        relation: Ints,
        home: Ints,
        clusters: Sequence[Cluster],
        attributed: Sequence[Attributed],
    ) -> list[Verdict]:
        cluster_of = {member: cluster.id for cluster in clusters for member in cluster.members}
        best = best_partners(aligned.pairs, aligned.containment, relation == PARTIAL, home)
        verdicts = []
        for i, article in enumerate(self.articles):
            told: Relation = "unique"
            canonical: str | None = None
            similarity: Similarity | None = None
            if article.id in cluster_of and home[i] == i:
                told, canonical = "original", article.id
            elif best[i] >= 0:
                pair = best[i]
                told = _RELATIONS[int(relation[pair])]
                canonical = self.articles[aligned.pairs[pair].min()].id
                similarity = Similarity(float(aligned.jaccard[pair]), float(aligned.containment[pair]))
            found = attributed[i]
            verdicts.append(
                Verdict(
                    article.id,
                    article.outlet,
                    article.title,
                    article.url,
                    article.published,
                    cluster_of.get(article.id),
                    told,
                    canonical,
                    similarity,
                    found.origin,
                    found.credits,
                    found.composition,
                    signed.repeats[i],
                )
            )
        return verdicts

    def _map(self, function: Callable[[T], R], batches: Sequence[T]) -> list[R]:
        """Apply to every batch, in order, on all threads; the kernels release the interpreter lock."""
        if self.jobs == 1 or len(batches) < 2:
            done = []
            for batch in batches:
                done.append(function(batch))
                self.stages.advance(len(batch))  # type: ignore[arg-type]
            return done
        with ThreadPoolExecutor(self.jobs) as pool:
            done = []
            for batch, result in zip(batches, pool.map(function, batches), strict=True):
                done.append(result)
                self.stages.advance(len(batch))  # type: ignore[arg-type]
            return done


def _batches(items: Any, size: int) -> list[Any]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _without(pairs: Ints, known: Ints) -> Ints:
    packed, done = pairs @ np.array([1 << 32, 1]), known @ np.array([1 << 32, 1])
    return pairs[~np.isin(packed, done)]
