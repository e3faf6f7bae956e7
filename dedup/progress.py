"""What a run says of itself: how far each stage is, how long it took, and the summary at the end."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple, get_args

from dedup.model import Cluster, Match, MatchWeight, Relation, Verdict
from dedup.settings import Settings

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, how many of its units are done, and how many there are (0: not known)."""

_PACKAGES = ("numpy", "numba", "orjson")


class Stages:
    """Times the stages of one run and passes on how far they are."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._seconds: dict[str, float] = {}
        self._units: dict[str, int] = {}
        self._stage = ""
        self._total = 0
        self._done = 0

    @contextmanager
    def stage(self, name: str, total: int = 0) -> Iterator[None]:
        """Run the block as the named stage of so many units."""
        self._stage, self._total, self._done = name, total, 0
        self.advance(0)
        started = time.perf_counter()
        try:
            yield
            self.advance(max(0, total - self._done))
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - started
            self._units[name] = self._units.get(name, 0) + max(total, self._done)

    def advance(self, units: int) -> None:
        """So many more units of the current stage are done."""
        self._done += units
        if self._progress is not None:
            self._progress(self._stage, self._done, self._total)

    def state(self) -> dict[str, Any]:
        """What `restore` takes."""
        return {"seconds": self._seconds, "units": self._units}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over the stages that an earlier run finished."""
        for name, seconds in state["seconds"].items():
            self._seconds.setdefault(name, seconds)
            self._units.setdefault(name, state["units"][name])

    def timings(self) -> dict[str, dict[str, float]]:
        """Seconds of every stage, and the articles or pairs that it went through, in the order they ran."""
        return {
            name: {"seconds": round(seconds, 3), "units": self._units[name]}
            for name, seconds in self._seconds.items()
        }

    @property
    def seconds(self) -> float:
        """Seconds of all stages."""
        return sum(self._seconds.values())


def versions() -> dict[str, str]:
    """Versions of what the results depend on."""
    from dedup import __version__

    found = {"dedup": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        # An imported module knows its version; looking it up in the installation takes ten times as long.
        told = getattr(sys.modules.get(package), "__version__", None)
        found[package] = str(told) if told else _installed(package)
    return found


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def resident() -> int:
    """Bytes of this process that are in memory now; where the system does not tell, the most there ever were, or 0."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return (peak_memory_mib() or 0) << 20
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak_memory_mib() -> int | None:
    """Largest resident size of this process or a worker of its so far, in MiB; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return int(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)


class Tally(NamedTuple):
    """How many there are of everything that a summary counts.

    Attributes:
        relations: Articles of each relation.
        origins: Articles of each agency.
        weights: Matches of each weight.
        with_repeats: Articles that repeat something.
    """

    relations: Counter[str]
    origins: Counter[str]
    clusters: int
    weights: Counter[str]
    with_repeats: int

    @classmethod
    def empty(cls) -> Tally:
        """Of nothing."""
        return cls(Counter(), Counter(), 0, Counter(), 0)

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.relations + other.relations,
            self.origins + other.origins,
            self.clusters + other.clusters,
            self.weights + other.weights,
            self.with_repeats + other.with_repeats,
        )


def tally(verdicts: Sequence[Verdict], clusters: Sequence[Cluster], matches: Iterable[Match]) -> Tally:
    """Count what a summary tells."""
    return Tally(
        Counter(v.relation for v in verdicts),
        Counter(v.origin.agency for v in verdicts if v.origin.agency and v.origin.status != "unknown"),
        len(clusters),
        Counter(m.weight for m in matches),
        sum(bool(v.repeats) for v in verdicts),
    )


def summarise(
    settings: Settings,
    stages: Stages,
    articles: int,
    found: Tally,
    rejects: int,
    pairs: tuple[int, int] | None = None,
) -> dict[str, Any]:
    """What `summary.json` says: counts, settings and their fingerprint, versions, seconds of analysis, memory.

    Args:
        pairs: How many pairs of articles were compared, and how many of these are of texts so repetitive or long that
            not every match between them was followed up; None where nobody counted.
    """
    return {
        "articles": articles,
        "rejects": rejects,
        "relations": {name: found.relations[name] for name in get_args(Relation)},
        "clusters": found.clusters,
        "matches": {name: found.weights[name] for name in get_args(MatchWeight)},
        **({} if pairs is None else {"compared_pairs": pairs[0], "bounded_pairs": pairs[1]}),
        "articles_with_repeats": found.with_repeats,
        "origins": dict(sorted(found.origins.items(), key=lambda item: (-item[1], item[0]))),
        "settings": settings.shown(),
        "fingerprint": settings.fingerprint,
        "versions": versions(),
        "seconds": round(stages.seconds, 3),
        "articles_per_second": round(articles / stages.seconds, 1) if stages.seconds else 0.0,
        "stages": stages.timings(),
        "peak_memory_mib": peak_memory_mib(),
    }
