"""Every knob that a user may turn, with its default, in one frozen dataclass."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from dedup.errors import SettingsError

ALGORITHM = 3
"""Raised whenever the same settings begin to give other signatures, matches or verdicts."""

_WITHOUT_EFFECT_ON_RESULTS = {"jobs", "memory"}

# What lies beyond is a slip of the hand, and would end as a lack of memory or a run without an end.
_BOUNDS = {
    "shingle": (1, 100),
    "num_perm": (1, 4096),
    "seed": (0, 2**32 - 1),
    "bands": (1, 4096),
    "rows": (1, 4096),
    "bucket_cap": (2, 1_000_000),
    "passage_shingle": (1, 100),
    "passage_window": (1, 10_000),
    "passage_shared": (1, 10_000),
    "neighbours": (1, 1_000_000),
    "match_tokens": (1, 10_000),
    "repeat_tokens": (1, 10_000),
    "jobs": (0, 1024),
    "memory": (0, 1 << 50),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How texts are compared. `dedup.minhash.bands` and `dedup.minhash.fingerprints` justify the defaults.

    Args:
        threshold: Jaccard similarity of word shingles from which two articles are near-duplicates, in (0, 1].
        shingle: Tokens in one shingle of an article.
        num_perm: Permutations, that is hashes in one article's signature; at least ``bands * rows``.
        seed: Seed of the permutations, as datasketch's ``MinHash(seed=...)``.
        bands: LSH bands of an article's signature.
        rows: Hashes in one band.
        bucket_cap: Articles with one band key, or one shingle of `passage_shingle`, that are all compared with each
            other, the earliest of them; further ones with the first only.
        passage_shingle: Tokens in one shingle by which passages are looked up in other articles.
        passage_window: Successive shingles of a text of which one, at least, is looked up.
        passage_shared: Of those in common, so many make two articles worth comparing. A run of ``passage_shingle +
            passage_shared * passage_window - 1`` tokens in common has as many.
        neighbours: Earlier articles that one article is compared with at most for such shingles, those that share most.
        match_tokens: Fewest tokens in common of a passage that counts as shared; between long texts, which share
            phrases by habit, it takes more.
        repeat_tokens: Fewest equal tokens in a row of a block that counts as repeated within one article; one with
            small edits throughout has twice as many.
        passages: Look for shared passages, not only for near-duplicate articles.
        origin: Attribute texts to agencies.
        agencies: Agencies of one's own: the text of a TOML file that extends the list of `agencies.toml`, whose head
            says how. What is wrong with it is told when texts are attributed.
        jobs: Threads or processes; 0 takes every core. Never changes a result.
        memory: Bytes that a run should get by with: pairs are then looked for in as many parts as it takes. What is
            kept of each article has to fit, some 3 kB, 1 kB without passages. 0 takes what is fastest. Never changes a
            result.

    Raises:
        SettingsError: A value is of another type, or beyond what can work; it names the setting.
    """

    threshold: float = 0.7
    shingle: int = 5
    num_perm: int = 128
    seed: int = 1
    bands: int = 32
    rows: int = 4
    bucket_cap: int = 48
    passage_shingle: int = 4
    passage_window: int = 6
    passage_shared: int = 2
    neighbours: int = 100
    match_tokens: int = 8
    repeat_tokens: int = 15
    passages: bool = True
    origin: bool = True
    agencies: str = ""
    jobs: int = 0
    memory: int = 0

    def __post_init__(self) -> None:
        for name, (least, most) in _BOUNDS.items():
            value = getattr(self, name)
            if type(value) is not int:
                raise SettingsError(f"{name} is {value!r}; it must be a whole number")
            if name == "jobs" and value < 0:
                raise SettingsError(f"jobs is {value}; it must be 0 (every core) or a number of threads")
            if not least <= value <= most:
                raise SettingsError(f"{name} is {value}; it must be at least {least} and at most {most}")
        for name in ("passages", "origin"):
            if type(getattr(self, name)) is not bool:
                raise SettingsError(f"{name} is {getattr(self, name)!r}; it must be True or False")
        if not isinstance(self.agencies, str):
            raise SettingsError(f"agencies is {self.agencies!r}; it must be the text of a TOML file")
        if isinstance(self.threshold, bool) or not isinstance(self.threshold, (int, float)):
            raise SettingsError(f"threshold is {self.threshold!r}; it must be a number")
        if not 0 < self.threshold <= 1:
            raise SettingsError(f"threshold is {self.threshold}; it must be above 0 and at most 1")
        if self.bands * self.rows > self.num_perm:
            raise SettingsError(
                f"{self.bands} bands of {self.rows} rows need {self.bands * self.rows} permutations, "
                f"but num_perm is {self.num_perm}"
            )

    @property
    def fingerprint(self) -> str:
        """A short hash of every setting that can change a result: equal fingerprints, comparable runs."""
        told = {k: v for k, v in self.shown().items() if k not in _WITHOUT_EFFECT_ON_RESULTS}
        told["algorithm"] = ALGORITHM
        return _digest(json.dumps(told, sort_keys=True))

    def shown(self) -> dict[str, Any]:
        """The settings by name, as a summary shows them: of a list of agencies, a digest stands for its text."""
        return {**asdict(self), "agencies": _digest(self.agencies) if self.agencies else ""}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def checked(settings: object) -> Settings | None:
    """``settings`` as somebody passed them to the library.

    Raises:
        SettingsError: They are neither `Settings` nor None.
    """
    if settings is None or isinstance(settings, Settings):
        return settings
    raise SettingsError(f"settings are of type {type(settings).__name__}; pass dedup.Settings(threshold=0.7)")
