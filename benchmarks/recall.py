"""The near-duplicates that a run finds, against every pair above the threshold.

There are two oracles. The one over the program's own shingles says what LSH loses; it cannot see a fault of the tokens
themselves, because it shares them. The plain one, over words with nothing masked and only case folded, shares no code
with the program: where the two part, a person should look.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
import numpy.typing as npt

from benchmarks import corpora
from benchmarks.data import find, records
from benchmarks.options import corpus_options, data_option, work_option
from benchmarks.oracle import Pairs, cached_pairs
from benchmarks.results import publish, results_option
from benchmarks.show import shortened
from dedup.model import Article

_WORD = re.compile(r"[^\W_]+")
Sets = tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]
Pair = tuple[int, int]


class Counts(NamedTuple):
    """How many an oracle knows, and how many of these were found."""

    exact: int
    found: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs of articles, by index, that an oracle knows and that the program found.

    Attributes:
        exact: The oracle's, with their Jaccard similarity.
        below: Those found that are below the threshold, with theirs.
    """

    exact: Pairs
    found: AbstractSet[Pair]
    below: Pairs

    @property
    def recall(self) -> float:
        """Share of the oracle's pairs that were found, in [0, 1]."""
        pairs = self.pairs
        return pairs.found / pairs.exact if pairs.exact else 1.0

    @property
    def missed(self) -> Pairs:
        """The oracle's pairs that were not found."""
        return {pair: jaccard for pair, jaccard in self.exact.items() if pair not in self.found}

    @property
    def pairs(self) -> Counts:
        """All pairs."""
        return Counts(len(self.exact), len(self.exact.keys() & self.found))

    @property
    def articles(self) -> Counts:
        """Articles that have a near-duplicate, and those of them for which one was found."""
        known = {article for pair in self.exact for article in pair}
        return Counts(len(known), len(known & {article for pair in self.found for article in pair}))

    def within(self, most: int) -> Counts:
        """The pairs of stories, connected articles, of so many articles at most."""
        story = _stories(self.exact)
        size: dict[int, int] = {}
        for canonical in story.values():
            size[canonical] = size.get(canonical, 0) + 1
        small = {pair for pair in self.exact if size[story[pair[0]]] <= most}
        return Counts(len(small), len(small & self.found))


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, in how many seconds, against each oracle.

    Attributes:
        cap: Articles of a bucket that are compared with each other.
    """

    texts: list[str]
    threshold: float
    shingle: int
    cap: int
    seconds: float
    own: Agreement
    plain: Agreement

    def record(self) -> dict[str, Any]:
        """As it is written down."""
        named = ("by our shingles", self.own), ("by plain words, nothing masked", self.plain)
        oracles = [
            {
                "name": name,
                "pairs": each.pairs._asdict(),
                "small": each.within(self.cap)._asdict(),
                "articles": each.articles._asdict(),
                "below": len(each.below),
            }
            for name, each in named
        ]
        return {"shingle": self.shingle, "threshold": self.threshold, "cap": self.cap, "oracles": oracles}


def measure(articles: list[Article], cache: Path) -> Measured:
    """Find near-duplicate pairs as a run does, and compare with all exact pairs.

    Args:
        cache: Keeps the exact pairs.
    """
    from dedup.minhash.signatures import shingle_sets
    from dedup.pipeline import compared
    from dedup.settings import Settings
    from dedup.text.tokens import tokenise

    settings = Settings(passages=False, origin=False)
    start = time.perf_counter()
    pairs = np.sort(compared(articles, settings).pairs, axis=1).tolist()
    seconds = time.perf_counter() - start
    found = {(int(i), int(j)) for i, j in pairs}
    texts = [article.text for article in articles]

    def agreement(sets: Sets) -> Agreement:
        exact = cached_pairs(*sets, settings.threshold, cache)
        return Agreement(exact, found, {pair: jaccard(*sets, *pair) for pair in found - exact.keys()})

    own = agreement(shingle_sets(tokenise(texts), settings.shingle))
    plain = agreement(plain_shingles(texts, settings.shingle))
    return Measured(texts, settings.threshold, settings.shingle, settings.bucket_cap, seconds, own, plain)


def jaccard(sets: npt.NDArray[np.uint64], bounds: npt.NDArray[np.int64], i: int, j: int) -> float:
    """``|A ∩ B| / |A ∪ B|`` of two of the sets."""
    a, b = (sets[bounds[k] : bounds[k + 1]] for k in (i, j))
    union = len(np.union1d(a, b))
    return len(np.intersect1d(a, b)) / union if union else 0.0


def plain_shingles(texts: list[str], width: int) -> Sets:
    """Word shingles numbered by a dictionary; a text of fewer than `width` words is one shingle."""
    numbers: dict[tuple[str, ...], int] = {}
    rows = []
    for text in texts:
        words = _WORD.findall(text.casefold())
        places = range(max(1, len(words) - width + 1)) if words else range(0)
        shingles = {tuple(words[at : at + width]) for at in places}
        rows.append(sorted(numbers.setdefault(shingle, len(numbers)) for shingle in shingles))
    bounds = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=bounds[1:])
    return np.array([number for row in rows for number in row], np.uint64), bounds


def _stories(pairs: Pairs) -> dict[int, int]:
    """For each article in a pair the first one that it is connected with."""
    first: dict[int, int] = {}

    def canonical(article: int) -> int:
        while first.setdefault(article, article) != article:
            first[article] = article = first[first[article]]
        return article

    for i, j in pairs:
        low, high = sorted((canonical(i), canonical(j)))
        first[high] = low
    return {article: canonical(article) for article in first}


list_option = click.option(
    "--list", "listed", is_flag=True, help="List what the oracles and we see differently."
)


@click.command()
@data_option
@work_option
@list_option
@results_option
def reuters(data: Path, work: Path, listed: bool, results: Path) -> None:
    """Near-duplicate pairs on Reuters-21578, against exact Jaccard; status 1 for one below the threshold."""
    rows = records(find(data, "reuters21578", "articles.jsonl"))
    articles = [Article(str(number), str(row["text"])) for number, row in enumerate(rows)]
    _tell("reuters", f"Reuters-21578, {len(articles):,} articles", articles, work, results, listed=listed)


@click.command()
@corpus_options(articles=20_000)
@list_option
@results_option
def newswire(articles: int, words: int, seed: int, work: Path, listed: bool, results: Path) -> None:
    """The same on the synthetic newswire, where stories have hundreds of copies."""
    rows = records(corpora.newswire(work, articles, words, seed))
    read = [Article(**row) for row in rows]
    _tell("newswire", f"Newswire, {articles:,} articles, seed {seed}", read, work, results, listed=listed)


def _tell(
    name: str, corpus: str, articles: list[Article], cache: Path, results: Path, *, listed: bool
) -> None:
    measured = measure(articles, cache)
    publish(results, f"recall-{name}", "recall", {"corpus": corpus, **measured.record()})
    click.echo(f"{len(measured.own.found)} pairs found in {measured.seconds:.1f} s")
    for oracle in (measured.own, measured.plain) if listed else ():
        for kind, pairs in (("missed", oracle.missed), ("below", oracle.below)):
            for (a, b), similarity in sorted(pairs.items()):
                heads = " | ".join(shortened(measured.texts[i], 48) for i in (a, b))
                click.echo(f"  {kind}  {a} {b}  J {similarity:.3f}  {heads}")
    sys.exit(1 if measured.own.below else 0)
