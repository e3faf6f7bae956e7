"""The batch run: articles in; verdicts, clusters and matches out. Composes the stages; the one module that sees all.

Articles are numbered in order of precedence (`dedup.stories.clusters.precedence`), so that the outcome does not
depend on the order of the input. A big story costs no squares: where near-duplicates are many, only their canonical
article is compared with the rest. Texts stay in memory; tokens do not.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from dedup.matching.columns import PAIR
from dedup.matching.relations import DUPLICATE
from dedup.minhash.candidates import candidate_pairs
from dedup.minhash.fingerprints import joined as joined_fingerprints
from dedup.minhash.neighbours import neighbour_pairs
from dedup.model import Article, Attribution, Match, Origin, Reject, Result
from dedup.progress import Progress, Stages, summarise
from dedup.readers import from_records
from dedup.settings import Settings
from dedup.stages import (
    Aligned,
    Ints,
    Judged,
    Signed,
    align_batch,
    boilerplate_spans,
    joined,
    judge,
    judge_alone,
    links,
    match_of,
    selected,
    sign_batch,
    uncovered,
    verify_batch,
    without,
)
from dedup.stories.clusters import build_clusters, precedence, settle
from dedup.stories.direction import directed
from dedup.stories.filing import Signs, pages, signs_of
from dedup.stories.verdicts import Provenance, build_verdicts

if TYPE_CHECKING:
    from dedup.attribution.agencies import Agencies

_ARTICLES_A_BATCH = 512
_PAIRS_A_BATCH = 2048
_CODE_POINTS_A_BATCH = 1 << 26

T = TypeVar("T")
R = TypeVar("R")


def run(
    articles: Iterable[Article | Mapping[str, Any]],
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
) -> Result:
    """Analyse a corpus.

    Args:
        articles: Articles, or mappings with their field names. One without text, or with an id that another one
            has, becomes a reject; nothing else stops the run.
        settings: How to compare; the defaults by default.
        progress: Told how far each stage is.

    Returns:
        Verdicts in the order of the input, clusters, matches, rejects and a summary. The same articles and settings
        give the same result, whatever their order and the number of threads (the summary's timings aside).
    """
    rejects: list[Reject] = []
    checked = from_records(articles, on_reject=rejects.append)
    return analyse(checked, settings or Settings(), progress=progress, rejects=rejects)


def analyse(
    articles: Iterable[Article], settings: Settings, *, progress: Progress | None, rejects: Sequence[Reject]
) -> Result:
    """As `run`, of articles as a reader gives them: whole, and each with an id of its own.

    Args:
        rejects: What the reader leaves out, carried into the result; looked at once `articles` is read.
    """
    stages = Stages(progress)
    given: list[Article] = []
    with stages.stage("read"):
        for article in articles:
            given.append(article)
            if not len(given) % _ARTICLES_A_BATCH:
                stages.advance(_ARTICLES_A_BATCH)
        stages.advance(len(given) % _ARTICLES_A_BATCH)
    return _Run(given, settings, stages).result(rejects)


class Compared(NamedTuple):
    """Which of n articles a run compares.

    Attributes:
        pairs: int64 (m, 2), positions in the input.
        speaker: int64 (n,), the article that is compared in each one's stead: itself, but in a large group of
            near-duplicates.
    """

    pairs: Ints
    speaker: Ints


def compared(articles: Iterable[Article], settings: Settings | None = None) -> Compared:
    """The pairs that a run compares, whatever it then finds in them: what its candidates are measured by."""
    run = _Run(list(articles), settings or Settings(), Stages())
    signed = run.signed()
    near = run.near_duplicates(signed)
    aligned, _ = run.compare(
        signed, near, signs_of(run.articles, [said.origin for said in run.credits(signed)])
    )
    order = np.array(run.order, np.int64)
    speaker = np.empty_like(order)
    speaker[order] = order[run.speakers(near)]
    return Compared(order[aligned.pairs], speaker)


class _Run:
    """One run's articles in order of precedence, and the stages over them."""

    def __init__(self, given: list[Article], settings: Settings, stages: Stages) -> None:
        self.order = precedence(given)
        self.articles = [given[i] for i in self.order]
        self.settings = settings
        self.agencies = _agencies(settings)
        self.stages = stages
        self.jobs = settings.jobs or os.cpu_count() or 1

    def result(self, rejects: Sequence[Reject]) -> Result:
        signed = self.signed()
        own = self.credits(signed)
        signs = signs_of(self.articles, [said.origin for said in own])
        near = self.near_duplicates(signed)
        aligned, judged = self.compare(signed, near, signs)
        matches = self._matches(aligned, judged)
        provenance = self._attribute(signed, aligned, judged, own)
        with self.stages.stage("conclude", len(self.articles)):
            matches = directed(self.articles, matches, provenance, [p.passages for p in provenance])
            origins, compositions = [p.origin for p in provenance], [p.composition for p in provenance]
            clusters = build_clusters(self.articles, judged.home, origins, compositions, matches)
            similarity = aligned.jaccard, aligned.containment
            verdicts = build_verdicts(
                self.articles, aligned.pairs, similarity, judged.relation, judged.home, clusters, provenance,
                signed.repeats, pages(signs, signed.body),
            )  # fmt: skip
        in_order = tuple(verdicts[rank] for rank in np.argsort(self.order))
        pairs = len(aligned.pairs), int(aligned.cut_short.sum())
        summary = summarise(self.settings, self.stages, in_order, clusters, matches, rejects, pairs)
        return Result(in_order, tuple(clusters), tuple(matches), tuple(rejects), summary)

    def signed(self) -> Signed:
        batches = _batches(self.articles, _ARTICLES_A_BATCH)
        with self.stages.stage("sign", len(self.articles)):
            parts = self._map(lambda batch: sign_batch([a.text for a in batch], self.settings), batches)
        if not parts:
            return sign_batch([], self.settings)
        first = [0, *accumulate(len(batch) for batch in batches[:-1])]
        return Signed(
            np.concatenate([p.keys for p in parts]),
            np.concatenate([p.body for p in parts]),
            joined_fingerprints([p.fingerprints for p in parts], first),
            [repeats for p in parts for repeats in p.repeats],
            [furniture for p in parts for furniture in p.furniture],
        )

    def near_duplicates(self, signed: Signed) -> Aligned:
        """Pairs of articles at or above the threshold, verified on the exact sets."""
        with self.stages.stage("propose articles", len(self.articles)):
            pairs = candidate_pairs(signed.keys, self.settings.bucket_cap)
        found = self._batchwise("verify", verify_batch, signed, pairs)
        kept = found.jaccard >= self.settings.threshold
        return found._replace(
            pairs=found.pairs[kept],
            jaccard=found.jaccard[kept],
            containment=found.containment[kept],
            cut_short=found.cut_short[kept],
        )

    def compare(self, signed: Signed, near: Aligned, signs: Signs) -> tuple[Aligned, Judged]:
        """Align near-duplicates, then articles that share passages, then whatever may join a cluster by it."""
        settings = self.settings
        aligned = near
        if settings.passages:
            speaker = self.speakers(near)
            members = np.flatnonzero(speaker != np.arange(len(speaker)))
            standing = near.pairs[~np.isin(near.pairs, members).any(axis=1)]
            pairs = np.concatenate((np.column_stack((speaker[members], members)), standing))
            aligned = self._batchwise("align near-duplicates", align_batch, signed, pairs)
            with self.stages.stage("propose passages", len(self.articles)):
                own = uncovered(signed.fingerprints, settings.passage_shingle, aligned, members)
                pairs = neighbour_pairs(
                    own.keys, own.owner, settings.passage_shared, settings.neighbours, settings.bucket_cap
                )
                pairs = without(pairs, aligned.pairs)
            aligned = joined(aligned, self._batchwise("align passages", align_batch, signed, pairs))
        aligned, home = self._settled(signed, aligned, signs)
        with self.stages.stage("weigh", len(aligned.pairs)):
            return aligned, judge(aligned, signed.body, signs, settings.threshold, home)

    def _settled(self, signed: Signed, aligned: Aligned, signs: Signs) -> tuple[Aligned, Ints]:
        """With what has to be compared for joining a cluster, and the canonicals when pairs are judged alone."""
        count, known = len(aligned.pairs), [aligned]
        alone = [judge_alone(aligned, signed.body, signs, self.settings.threshold)]
        while True:
            aligned = joined(*known)
            for_joining = np.arange(len(aligned.pairs)) >= count
            relation = np.concatenate([each.relation for each in alone])
            strength = np.concatenate([each.strength for each in alone])
            settled = settle(len(self.articles), aligned.pairs, relation, strength, for_joining)
            if not len(settled.missing) or not self.settings.passages:
                return selected(aligned, ~for_joining | settled.justified), settled.home
            known.append(self._batchwise("align with canonicals", align_batch, signed, settled.missing))
            alone.append(judge_alone(known[-1], signed.body, signs, self.settings.threshold))

    def speakers(self, near: Aligned) -> Ints:
        """Who speaks for each article: itself, or the canonical where many of its group came before it."""
        duplicates = np.full(len(near.pairs), DUPLICATE, np.uint8)
        home = settle(len(self.articles), near.pairs, duplicates, near.jaccard).home
        order = np.argsort(home, kind="stable")
        place = np.empty_like(home)
        place[order] = np.arange(len(home)) - np.searchsorted(home[order], home[order])
        return np.where(place < self.settings.bucket_cap, np.arange(len(home)), home)

    def _batchwise(
        self, stage: str, function: Callable[..., Aligned], signed: Signed, pairs: Ints
    ) -> Aligned:
        """Verify or align any number of pairs, in batches of their texts."""

        def one(batch: Ints) -> Aligned:
            used, local = np.unique(batch, return_inverse=True)
            texts = [self.articles[i].text for i in used]
            furniture = [signed.furniture[i] for i in used]
            return function(texts, local.reshape(-1, 2), self.settings, furniture)._replace(pairs=batch)

        with self.stages.stage(stage, len(pairs)):
            batches = [part for batch in _batches(pairs, _PAIRS_A_BATCH) for part in self._bearable(batch)]
            return joined(*self._map(one, batches))

    def _bearable(self, pairs: Ints) -> list[Ints]:
        """The pairs in batches whose texts a thread can hold as tokens at once."""
        texts = np.unique(pairs).tolist()
        if len(pairs) == 1 or sum(len(self.articles[i].text) for i in texts) <= _CODE_POINTS_A_BATCH:
            return [pairs]
        half = len(pairs) // 2
        return [*self._bearable(pairs[:half]), *self._bearable(pairs[half:])]

    def _matches(self, aligned: Aligned, judged: Judged) -> list[Match]:
        ids = [article.id for article in self.articles]
        order = np.lexsort((*aligned.spans.T[::-1], *aligned.pairs[aligned.rows[:, PAIR]].T[::-1]))
        matches = []
        for k in order.tolist():
            row = aligned.rows[k].tolist()
            a, b = aligned.pairs[row[PAIR]].tolist()
            reason, relation = int(judged.reason[k]), int(judged.relation[row[PAIR]])
            matches.append(match_of(ids[a], ids[b], row, aligned.spans[k].tolist(), reason, relation))
        return matches

    def credits(self, signed: Signed) -> list[Attribution]:
        """What each article's own text and fields say of its origin; nothing where origins are not wanted."""
        if not self.settings.origin:
            return []
        from dedup.attribution.credits import find_credits
        from dedup.attribution.origin import weigh as weigh_credits

        own: list[Attribution] = []
        with self.stages.stage("read credits", len(self.articles)):
            for article, pictures in zip(self.articles, _captions(signed), strict=True):
                found = find_credits(article, pictures, self.agencies)
                own.append(Attribution(weigh_credits(article, found, self.agencies), found))
                self.stages.advance(1)
        return own

    def _attribute(
        self,
        signed: Signed,
        aligned: Aligned,
        judged: Judged,
        own: list[Attribution],
    ) -> list[Provenance]:
        if not own:
            return [Provenance(Origin(), (), {})] * len(self.articles)
        from dedup.attribution.composition import compose
        from dedup.attribution.spread import spread

        boilerplate = boilerplate_spans(len(self.articles), aligned, judged.reason)
        with self.stages.stage("attribute", len(self.articles)):
            apart = [
                pictures + printed for pictures, printed in zip(_captions(signed), boilerplate, strict=True)
            ]
            families = judged.home.tolist()
            heard = spread(
                self.articles,
                own,
                links(aligned, judged),
                families=families,
                apart=apart,
                agencies=self.agencies,
            )
            attributed = []
            for i, (article, said, told) in enumerate(zip(self.articles, own, heard, strict=True)):
                passages, shares = compose(
                    article,
                    told,
                    said.credits,
                    signed.repeats[i],
                    boilerplate[i],
                    family=families[i],
                    agencies=self.agencies,
                )
                attributed.append(Provenance(told.origin, said.credits, shares, passages))
            return attributed

    def _map(self, function: Callable[[T], R], batches: Sequence[T]) -> list[R]:
        """Apply to every batch, in order, on all threads; the kernels release the interpreter lock."""
        done = []
        with ThreadPoolExecutor(self.jobs) as pool:
            for batch, result in zip(batches, pool.map(function, batches), strict=True):
                done.append(result)
                self.stages.advance(len(batch))  # type: ignore[arg-type]
        return done


def _agencies(settings: Settings) -> Agencies | None:
    """The list to attribute by; a run without origins does not pay for compiling its patterns."""
    if not settings.origin:
        return None
    from dedup.attribution.agencies import load_agencies

    return load_agencies(settings.agencies)


def _captions(signed: Signed) -> list[list[tuple[int, int]]]:
    return [[(f.start, f.end) for f in found if f.kind == "caption"] for found in signed.furniture]


def _batches(items: Any, size: int) -> list[Any]:
    return [items[start : start + size] for start in range(0, len(items), size)]
