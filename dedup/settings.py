"""Every knob that a user may turn, with its default, in one frozen dataclass."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from dedup.errors import SettingsError

ALGORITHM = 1
"""Raised whenever the same settings begin to give other signatures, matches or verdicts."""

_WITHOUT_EFFECT_ON_RESULTS = {"jobs"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How texts are compared. The defaults are justified in `dedup.minhash.bands`.

    Args:
        threshold: Jaccard similarity of word shingles from which two articles are near-duplicates, in (0, 1].
        shingle: Tokens in one shingle of an article.
        num_perm: Permutations, that is hashes in one article's signature; at least ``bands * rows``.
        seed: Seed of the permutations, as datasketch's ``MinHash(seed=...)``.
        bands: LSH bands of an article's signature.
        rows: Hashes in one band.
        passage_shingle: Tokens in one shingle of a passage.
        passage_bands: LSH bands of a passage's signature.
        passage_rows: Hashes in one band of a passage's signature.
        passage_tokens: Shortest passage, in tokens, that is looked up in other articles.
        bucket_cap: Largest LSH bucket whose members are all compared with each other; a larger one is linked as
            a star around its canonical member.
        match_tokens: Shortest passage, in tokens, that counts as shared.
        repeat_tokens: Shortest block, in tokens, that counts as repeated within one article.
        passages: Look for shared passages, not only for near-duplicate articles.
        origin: Attribute texts to agencies.
        jobs: Threads; 0 takes every core. Never changes a result.
    """

    threshold: float = 0.7
    shingle: int = 5
    num_perm: int = 128
    seed: int = 1
    bands: int = 32
    rows: int = 4
    passage_shingle: int = 3
    passage_bands: int = 8
    passage_rows: int = 2
    passage_tokens: int = 8
    bucket_cap: int = 48
    match_tokens: int = 8
    repeat_tokens: int = 15
    passages: bool = True
    origin: bool = True
    jobs: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.threshold <= 1:
            raise SettingsError(f"threshold is {self.threshold}; it must be above 0 and at most 1")
        for name in (
            "shingle", "num_perm", "bands", "rows", "passage_shingle", "passage_bands", "passage_rows",
            "passage_tokens", "match_tokens", "repeat_tokens",
        ):  # fmt: skip
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if self.bucket_cap < 2:
            raise SettingsError(f"bucket_cap is {self.bucket_cap}; it must be at least 2")
        if self.jobs < 0:
            raise SettingsError(f"jobs is {self.jobs}; it must be 0 (every core) or a number of threads")
        if self.bands * self.rows > self.num_perm:
            raise SettingsError(
                f"{self.bands} bands of {self.rows} rows need {self.bands * self.rows} permutations, "
                f"but num_perm is {self.num_perm}"
            )

    @property
    def fingerprint(self) -> str:
        """A short hash of every setting that can change a result: equal fingerprints, comparable runs."""
        told = {k: v for k, v in asdict(self).items() if k not in _WITHOUT_EFFECT_ON_RESULTS}
        told["algorithm"] = ALGORITHM
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
