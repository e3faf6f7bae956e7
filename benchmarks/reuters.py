"""Near-duplicate pairs on Reuters-21578, against every pair above the threshold.

There are two oracles. The one over the program's own shingles says what LSH loses; it cannot see a fault of
the tokens themselves, because it shares them. The plain one, over words with nothing masked and only case
folded, shares no code with the program: where the two part, a person should look.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.data import find, records
from benchmarks.oracle import Pairs, cached_pairs

_WORD = re.compile(r"[^\W_]+")
Sets = tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs of articles, by index, that an oracle knows and that the program found."""

    exact: Pairs
    found: Pairs

    @property
    def recall(self) -> float:
        """Share of the oracle's pairs that were found, in [0, 1]."""
        return len(self.exact.keys() & self.found.keys()) / len(self.exact) if self.exact else 1.0

    @property
    def missed(self) -> Pairs:
        """The oracle's pairs that were not found, with the oracle's Jaccard similarity."""
        return {pair: jaccard for pair, jaccard in self.exact.items() if pair not in self.found}

    @property
    def unknown(self) -> Pairs:
        """Pairs found that are below the threshold by the oracle, with the Jaccard similarity reported."""
        return {pair: jaccard for pair, jaccard in self.found.items() if pair not in self.exact}


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, in how many seconds, against each oracle."""

    texts: list[str]
    threshold: float
    seconds: float
    own: Agreement
    plain: Agreement


def measure(root: Path, cache: Path) -> Measured:
    """Find verified near-duplicate pairs with the stages of a run, and compare with all exact pairs."""
    from dedup.matching.overlap import overlaps
    from dedup.minhash.bands import band_keys
    from dedup.minhash.candidates import candidate_pairs
    from dedup.minhash.signatures import shingle_sets, sign_articles
    from dedup.settings import Settings
    from dedup.text.tokens import tokenise

    settings = Settings()
    texts = [str(article["text"]) for article in records(find(root, "reuters21578", "articles.jsonl"))]
    start = time.perf_counter()
    tokens = tokenise(texts)
    sets, bounds = shingle_sets(tokens, settings.shingle)
    signatures = sign_articles(tokens, settings.shingle, settings.num_perm, settings.seed)
    keys = band_keys(signatures, settings.bands, settings.rows)
    candidates = candidate_pairs(keys, settings.bucket_cap)
    jaccard, _ = overlaps(sets, bounds, candidates)
    kept = jaccard >= settings.threshold
    seconds = time.perf_counter() - start
    pairs = zip(candidates[kept], jaccard[kept], strict=True)
    found = {(int(i), int(j)): float(value) for (i, j), value in pairs}
    own = cached_pairs(sets, bounds, settings.threshold, cache)
    plain = cached_pairs(*plain_shingles(texts, settings.shingle), settings.threshold, cache)
    return Measured(texts, settings.threshold, seconds, Agreement(own, found), Agreement(plain, found))


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
