"""The stages of a batch run, one after another, over articles in order of precedence.

So the outcome does not depend on the order of the input. A big story costs no squares: where near-duplicates are many,
only their canonical article is compared with the rest. Numbers (signatures, pairs, matches) stay in memory, in arrays;
words go to a shelf. `dedup.pipeline` begins a run and ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from dedup import packing
from dedup.attribution.agencies import wanted_agencies
from dedup.conclusions import Concluded, Conclusions, Words
from dedup.intake import ARTICLES_A_BATCH, CODE_POINTS_A_BATCH, Corpus, in_precedence
from dedup.matching.columns import PAIR
from dedup.matching.relations import DUPLICATE
from dedup.minhash.candidates import candidate_pairs
from dedup.minhash.neighbours import neighbour_pairs
from dedup.model import Attribution
from dedup.progress import Stages, resident
from dedup.settings import Settings
from dedup.shelf import Kind, Packed, some
from dedup.stages import (
    Aligned,
    Ints,
    Judged,
    align_batch,
    joined,
    judge,
    judge_alone,
    selected,
    uncovered,
    verify_batch,
    without,
)
from dedup.stories.clusters import settle
from dedup.stories.filing import Signs, pages, signed_by
from dedup.text.furniture import captions
from dedup.workers import Workers
from dedup.working import Working

_PAIRS_A_BATCH = 512, 4096
_MATCHES_A_BATCH = 8192

_ATTRIBUTION = Kind(packing.pack_attribution, packing.unpack_attribution)

T = TypeVar("T")
R = TypeVar("R")


class Credited(NamedTuple):
    """What n articles say of their origin.

    Attributes:
        own: Of each, what its own text says; empty where origins are not wanted.
        signs: With the agencies that sign the whole of an article.
    """

    own: Sequence[Attribution]
    signs: Signs


class Settled(NamedTuple):
    """What was compared, and the canonicals when pairs are judged alone.

    Attributes:
        home: int64 (n,).
    """

    aligned: Aligned
    home: Ints


class Batch:
    """One run: each stage when it is first asked for, or as an earlier run left it.

    Attributes:
        order: int64 (n,), the articles of the input in order of precedence.
        articles: In that order, as everything here numbers them.
        ids: Of each.
    """

    def __init__(
        self, corpus: Corpus, settings: Settings, stages: Stages, workers: Workers, working: Working
    ) -> None:
        self.order, corpus = in_precedence(corpus)
        self.articles, self.ids, (self.signed, self._signs) = corpus
        self.settings, self.stages = settings, stages
        self._workers, self._working = workers, working
        self._agencies = wanted_agencies(settings)

    def judged(self) -> tuple[Words, Aligned, Judged]:
        """What is known of the articles in words, of the pairs, and what they are to each other."""
        signed = self.signed
        own, signs = self.credited()

        def settled() -> Settled:
            return self._settled(self.compared(self.near_duplicates()), signs)

        aligned, home = self._working.step("settled", Settled, settled, self.stages)
        with self.stages.stage("weigh", len(aligned.pairs)):
            judged = judge(aligned, signed.body, signs, self.settings.threshold, home)
        words = Words(
            self.articles,
            signed.repeats,
            signed.furniture,
            own if self.settings.origin else None,
            pages(signs, signed.body),
        )
        return words, aligned, judged

    def concluded(
        self, words: Words, aligned: Aligned, judged: Judged, form: Callable[[Concluded], R]
    ) -> Iterator[R]:
        """What each shard concludes, and at last the matches that none of them tells, brought into a form."""
        conclusions = Conclusions(words, aligned, judged, self._agencies, ARTICLES_A_BATCH)
        remaining = _batches(conclusions.remaining, _MATCHES_A_BATCH)

        def one(number: int) -> R:
            if number < len(conclusions.shards):
                return form(conclusions.conclude(number))
            rows = remaining[number - len(conclusions.shards)]
            nobody = np.zeros(0, np.int64)
            return form(Concluded(nobody, [], nobody, [], rows, conclusions.undirected(self.ids, rows)))

        self._working.flush()
        with self.stages.stage("conclude", len(self.articles)):
            everything = range(len(conclusions.shards) + len(remaining))
            for number, formed in enumerate(self._workers.map(one, everything)):
                yield formed
                if number < len(conclusions.shards):
                    self.stages.advance(len(conclusions.shards[number]))

    def credited(self) -> Credited:
        """What each article's own text and fields say of its origin."""
        agencies = self._agencies
        if agencies is None:
            return Credited((), self._signs)
        from dedup.attribution.origin import attribute_with
        from dedup.attribution.sightings import beginnings, sight

        own = self._working.shelf("own", _ATTRIBUTION, of="credit")
        sought = beginnings(agencies)

        def one(batch: range) -> tuple[Packed, Ints]:
            articles = some(self.articles, batch)
            seen = sight([article.text for article in articles], sought)
            said = [
                attribute_with(article, captions(found), agencies, sights)
                for article, found, sights in zip(
                    articles, some(self.signed.furniture, batch), seen, strict=True
                )
            ]
            signatures = self._signs.signatures[batch.start : batch.stop]
            return _ATTRIBUTION.packed(said), signed_by(signatures, [each.origin for each in said])

        def credit() -> Credited:
            signatures = [self._signs.signatures[:0]]
            for said, signing in self._staged("read credits", one, ARTICLES_A_BATCH):
                own.extend(said)
                signatures.append(signing)
            return Credited(own, self._signs._replace(signatures=np.concatenate(signatures)))

        return self._working.step("credit", Credited, credit, self.stages, own=own)

    def near_duplicates(self) -> Aligned:
        """Pairs of articles at or above the threshold, verified on the exact sets."""

        def verify() -> Aligned:
            with self.stages.stage("propose articles", len(self.articles)):
                pairs = candidate_pairs(self.signed.keys, self.settings.bucket_cap, self._left())
            found = self._batchwise("verify", verify_batch, pairs)
            return selected(found, found.jaccard >= self.settings.threshold)

        return self._working.step("near", Aligned, verify, self.stages)

    def compared(self, near: Aligned) -> Aligned:
        """Align near-duplicates, then articles that share passages."""
        settings = self.settings
        if not settings.passages:
            return near
        speaker = self.speakers(near)
        members = np.flatnonzero(speaker != np.arange(len(speaker)))

        def align_near() -> Aligned:
            standing = near.pairs[~np.isin(near.pairs, members).any(axis=1)]
            pairs = np.concatenate((np.column_stack((speaker[members], members)), standing))
            return self._batchwise("align near-duplicates", align_batch, pairs)

        aligned = self._working.step("copies", Aligned, align_near, self.stages)

        def align_rest() -> Aligned:
            with self.stages.stage("propose passages", len(self.articles)):
                keys, bounds = uncovered(self.signed.fingerprints, settings.passage_shingle, aligned, members)
                pairs = neighbour_pairs(
                    keys, bounds, settings.passage_shared, settings.neighbours, settings.bucket_cap,
                    self._left(), self._working.folder if settings.memory else None,
                )  # fmt: skip
                pairs = without(pairs, aligned.pairs)
            return self._batchwise("align passages", align_batch, pairs)

        return joined(aligned, self._working.step("passages", Aligned, align_rest, self.stages))

    def speakers(self, near: Aligned) -> Ints:
        """Who speaks for each article: itself, or the canonical where many of its group came before it."""
        duplicates = np.full(len(near.pairs), DUPLICATE, np.uint8)
        home = settle(len(self.articles), near.pairs, duplicates, near.jaccard).home
        order = np.argsort(home, kind="stable")
        place = np.empty_like(home)
        place[order] = np.arange(len(home)) - np.searchsorted(home[order], home[order])
        return np.where(place < self.settings.bucket_cap, np.arange(len(home)), home)

    def _settled(self, aligned: Aligned, signs: Signs) -> Settled:
        """With what has to be compared for joining a cluster, and the canonicals when pairs are judged alone."""
        count, known = len(aligned.pairs), [aligned]
        alone = [judge_alone(aligned, self.signed.body, signs, self.settings.threshold)]
        while True:
            aligned = joined(*known)
            for_joining = np.arange(len(aligned.pairs)) >= count
            relation = np.concatenate([each.relation for each in alone])
            strength = np.concatenate([each.strength for each in alone])
            settled = settle(len(self.articles), aligned.pairs, relation, strength, for_joining)
            if not len(settled.missing) or not self.settings.passages:
                return Settled(selected(aligned, ~for_joining | settled.justified), settled.home)
            known.append(self._batchwise("align with canonicals", align_batch, settled.missing))
            alone.append(judge_alone(known[-1], self.signed.body, signs, self.settings.threshold))

    def _left(self) -> int | None:
        """Of the memory that the run may take what is left to work in; None where nobody bounds it."""
        return max(0, self.settings.memory - resident()) if self.settings.memory else None

    def _batchwise(self, stage: str, function: Callable[..., Aligned], pairs: Ints) -> Aligned:
        """Verify or align any number of pairs, in batches of their texts."""

        def one(batch: Ints) -> Aligned:
            used, local = np.unique(batch, return_inverse=True)
            texts = [article.text for article in some(self.articles, used)]
            furniture = some(self.signed.furniture, used)
            return function(texts, local.reshape(-1, 2), self.settings, furniture)._replace(pairs=batch)

        # A text in many pairs is read once a batch; but there should be some for everyone.
        least, most = _PAIRS_A_BATCH
        size = min(max(len(pairs) // (4 * self._workers.jobs), least), most)
        batches = [part for batch in _batches(pairs, size) for part in self._bearable(batch)]
        with self.stages.stage(stage, len(pairs)):
            return joined(*self._worked(one, batches))

    def _bearable(self, pairs: Ints) -> list[Ints]:
        """The pairs in batches whose texts a worker can hold as tokens at once."""
        lengths = self._signs.length[np.unique(pairs)]
        # A text that is too long by itself is so in any batch: better in one than in many.
        if len(pairs) == 1 or lengths.sum() - lengths.max() <= CODE_POINTS_A_BATCH:
            return [pairs]
        half = len(pairs) // 2
        return [*self._bearable(pairs[:half]), *self._bearable(pairs[half:])]

    def _staged(self, stage: str, function: Callable[[range], R], size: int) -> Iterator[R]:
        """Apply a function to all articles, in batches of a number and of what a worker can hold."""
        with self.stages.stage(stage, len(self.articles)):
            yield from self._worked(function, _spans(self._signs.length, size))

    def _worked(self, function: Callable[[T], R], batches: Sequence[T]) -> Iterator[R]:
        """What the workers make of the batches, in order; each is done before the next is taken."""
        self._working.flush()
        if self._workers.forks(len(batches)):
            # What is compiled, or loaded, before the work is shared out is there for everyone.
            function(batches[0][:1])  # type: ignore[index]
        for batch, made in zip(batches, self._workers.map(function, batches), strict=True):
            yield made
            self.stages.advance(len(batch))  # type: ignore[arg-type]


def in_place(aligned: Aligned) -> Ints:
    """The matches in the order in which they are written: by articles, then by place. int64 (k,)."""
    return np.lexsort((*aligned.spans.T[::-1], *aligned.pairs[aligned.rows[:, PAIR]].T[::-1]))


def _batches(items: Any, size: int) -> list[Any]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _spans(length: Ints, size: int) -> list[range]:
    """Successive articles in batches of at most ``size``, fewer where their texts are long."""
    ends = np.cumsum(length)
    spans, start = [], 0
    while start < len(length):
        before = int(ends[start - 1]) if start else 0
        held = int(np.searchsorted(ends, before + CODE_POINTS_A_BATCH, "right"))
        end = min(start + size, max(held, start + 1))
        spans.append(range(start, end))
        start = end
    return spans
