"""The inside of `growth`: build an index ever further, open it in another process and ask, weigh the file."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import orjson

from benchmarks.index.measure import Timed, file_bytes, peak_memory, resident, timed
from benchmarks.stream import Stream
from dedup.index.index import Index
from dedup.model import Article, Verdict

LEG = 10_000  # articles between two lines of the log
DURABLE_EVERY = 1000
WARM_UP = 200  # checks


@dataclass(frozen=True, slots=True)
class Leg:
    """Articles ``start`` to before ``stop`` were added in so many seconds, those of making them left out.

    ``peak`` and ``before`` are the building process's memory in MiB: the most so far, and before it opened the index.
    """

    start: int
    stop: int
    seconds: float
    making: float
    peak: float
    before: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What a process that opened the index saw: seconds to open, MiB, and of each kind of article the checks' seconds.

    ``wrong`` counts the answers that the stream does not account for, by what was wrong.
    """

    opening: float
    before: float
    peak: float
    seconds: dict[str, list[float]]
    wrong: dict[str, int]


@dataclass(frozen=True, slots=True)
class Size:
    """An index of so many articles, in bytes: the file, and in it the compressed texts."""

    articles: int
    file: int
    texts: int


def build(index: Path, log: Path, stop: int, words: int, seed: int, seconds: float) -> int:
    """Add to an index until it holds `stop` articles or the time is up; return how many it holds."""
    stream = Stream(words, seed)
    next(stream.articles(0, 1))
    warm_up(stream)
    before = resident()
    end = time.monotonic() + seconds
    with Index.open(index, durable_every=DURABLE_EVERY) as opened, log.open("ab") as lines:
        while (start := len(opened)) < stop and time.monotonic() < end:
            until = min(stop, (start // LEG + 1) * LEG)
            articles = Timed(_while_time_is(stream.articles(start, until), end))
            _, taken = timed(deque, opened.add_many(articles), maxlen=0)
            _, last = timed(opened.commit)
            done = len(opened)
            leg = Leg(start, done, taken + last - articles.seconds, articles.seconds, peak_memory(), before)
            lines.write(orjson.dumps(asdict(leg)) + b"\n")
            lines.flush()
            rate = (done - start) / leg.seconds
            click.echo(f"{done:,} articles, {rate:,.0f}/s, peak {leg.peak:.0f} MiB", err=True)
        return len(opened)


def warm_up(stream: Stream) -> None:
    """Have every kernel loaded, so that the first article that counts does not pay for it."""
    with tempfile.TemporaryDirectory() as folder, Index.open(Path(folder) / "warm.db") as index:
        for article in stream.articles(0, 20):
            index.add(article)
        for number in range(10):
            index.check(stream.reprint(number))
        index.remove(stream.article(0).id)
        index.compact()


def _while_time_is(articles: Iterator[Article], end: float) -> Iterator[Article]:
    for article in articles:
        yield article
        if time.monotonic() > end:
            return


def ask(index: Path, held: int, new: int, near: int, words: int, seed: int) -> Asked:
    """Check articles against an index of the first `held` of the stream, the kinds mixed, after a warm-up."""
    stream = Stream(words, seed)
    rng = random.Random(seed)
    warm_up(stream)
    before = resident()
    opened, opening = timed(Index.open, index, read_only=True)
    seconds: dict[str, list[float]] = {"new": [], "near-duplicate": []}
    wrong: Counter[str] = Counter()
    with opened:
        first = _next_own(stream, held + 10 * (new + WARM_UP))
        for _, article in _probes(stream, rng, held, first, WARM_UP, WARM_UP):
            opened.check(article)
        first = _next_own(stream, held)
        for kind, article in _probes(stream, rng, held, first, new, near):
            verdict, taken = timed(opened.check, article)
            seconds[kind].append(taken)
            wrong.update(_complaints(kind, verdict))
        return Asked(opening, before, peak_memory(), seconds, dict(wrong))


def _next_own(stream: Stream, start: int) -> Iterator[int]:
    number = start
    while True:
        if stream.plan(number).kind == "own":
            yield number
        number += 1


def _probes(
    stream: Stream, rng: random.Random, held: int, own: Iterator[int], new: int, near: int
) -> Iterator[tuple[str, Article]]:
    kinds = ["new"] * new + ["near-duplicate"] * near
    rng.shuffle(kinds)
    for kind in kinds:
        if kind == "new":
            yield kind, stream.article(next(own))
        else:
            yield kind, stream.reprint(rng.randrange(held))


def _complaints(kind: str, verdict: Verdict) -> list[str]:
    expected = ("unique",) if kind == "new" else ("duplicate", "version")
    return [] if verdict.relation in expected else [f"{kind}: {verdict.relation}"]


def weigh(index: Path) -> Size:
    """How many bytes the file takes, and how many of them are compressed texts, with the fields of their articles."""
    with closing(_file(index)) as file:
        ((articles, texts),) = file.execute("SELECT count(*), sum(length(packed)) FROM texts")
    return Size(articles, file_bytes(index), texts)


def pages(index: Path) -> dict[str, int]:
    """Bytes of the pages of each table and index in the file, the largest first."""
    with closing(_file(index)) as file:
        query = "SELECT name, SUM(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC"
        return {str(name): int(size) for name, size in file.execute(query)}


def _file(index: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{index.absolute().as_uri()}?mode=ro", uri=True)
