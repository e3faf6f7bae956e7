"""Readers that query and check beside a writer, and know what every answer must be.

The writer adds the stream's articles, commits every hundred and tells how far it is; now and then it expires the
oldest. A reader picks an article of those that are committed and not expired, one of the stream's stories from which
no other derives: it must be there as it was given, stand alone, and be found as that of which its reprint is a
duplicate (a version, where so much of a short text is edited that a batch run says so too).
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from benchmarks.index.building import warm_up
from benchmarks.index.measure import spread, timed
from benchmarks.machine import machine
from benchmarks.show import show
from benchmarks.stream import DAY, Stream, number_to_id
from dedup.errors import DedupError
from dedup.index.index import Index
from dedup.model import Verdict

FORK = multiprocessing.get_context("fork")
BATCH = 100  # articles between two commits
EXPIRING = 5  # batches between two times that the oldest articles expire
UNKNOWN = 50_000_000  # the number from which on no article is ever added
SHARES = (0.5, 0.99, 1.0)


class Progress:
    """What the writer tells the readers: articles with numbers from `gone` to before `committed` are there.

    Args:
        path: A file that all of them map into memory.
    """

    def __init__(self, path: Path) -> None:
        self._numbers = np.memmap(path, np.int64, "r+" if path.exists() else "w+", shape=(2,))

    @property
    def gone(self) -> int:
        return int(self._numbers[0])

    @gone.setter
    def gone(self, number: int) -> None:
        self._numbers[0] = number

    @property
    def committed(self) -> int:
        return int(self._numbers[1])

    @committed.setter
    def committed(self, number: int) -> None:
        self._numbers[1] = number


class Seen(NamedTuple):
    """What one process did.

    Attributes:
        seconds: Of each call, by what was asked.
        wrong: Answers that were not as they must be.
        errors: What was raised.
    """

    seconds: dict[str, list[float]]
    wrong: list[str]
    errors: list[str]


def write(path: Path, stream: Stream, keep: int, end: float) -> Seen:
    """Add articles one by one until the time is up.

    Args:
        keep: Articles that stay when the oldest expire.
    """
    seen, progress = Seen({"add": [], "expire": []}, [], []), Progress(_shared(path))
    batches = 0
    with Index.open(path, durable_every=BATCH) as index:
        while time.monotonic() < end:
            start = progress.committed
            for article in stream.articles(start, start + BATCH):
                seen.seconds["add"].append(timed(index.add, article)[1])
            progress.committed = start + BATCH
            batches += 1
            if batches % EXPIRING == 0 and start + BATCH - keep > progress.gone:
                progress.gone = (
                    start + BATCH - keep
                )  # told first: who asks from now on does not ask for these
                moment = stream.article(progress.gone).published or ""
                seen.seconds["expire"].append(timed(index.expire, moment)[1])
                index.commit()
    return seen


def read(path: Path, stream: Stream, seed: int, end: float) -> Seen:
    """Ask until the time is up."""
    rng, progress = random.Random(seed), Progress(_shared(path))
    questions = (_ask_get, _ask_query, _ask_check, _ask_new)
    seen = Seen({}, [], [])
    with Index.open(path, read_only=True) as index:
        while time.monotonic() < end:
            number = _draw(rng, stream, progress)
            try:
                asked = rng.choice(questions)(index, stream, number)
            except DedupError as error:
                seen.errors.append(str(error))
                continue
            seen.seconds.setdefault(asked.question, []).append(asked.seconds)
            if asked.wrong and number >= progress.gone:
                seen.wrong.append(f"{asked.question} {number}: {asked.wrong}")
    return seen


class Asked(NamedTuple):
    """A question, how long the answer took, and what is wrong with it."""

    question: str
    seconds: float
    wrong: str


def _draw(rng: random.Random, stream: Stream, progress: Progress) -> int:
    """An article that is there, of an outlet's own; the latest ones as often as all others together."""
    while True:
        first, stop = progress.gone, progress.committed
        number = rng.randrange(max(first, stop - BATCH) if rng.random() < 0.5 else first, stop)
        if stream.plan(number).kind == "own":
            return number


def _ask_get(index: Index, stream: Stream, number: int) -> Asked:
    expected = stream.article(number)
    found, seconds = timed(index.get, expected.id)
    return Asked("get", seconds, "" if found == expected else "not as it was given" if found else "not there")


def _ask_query(index: Index, stream: Stream, number: int) -> Asked:
    found, seconds = timed(index.query, number_to_id(number))
    return Asked("query", seconds, _unlike(found, ("unique",), None))


def _ask_check(index: Index, stream: Stream, number: int) -> Asked:
    reprint = stream.reprint(number)
    found, seconds = timed(index.check, reprint)
    return Asked("check a reprint", seconds, _unlike(found, ("duplicate", "version"), number_to_id(number)))


def _ask_new(index: Index, stream: Stream, number: int) -> Asked:
    start = UNKNOWN + number % DAY
    new = next(n for n in range(start, start + DAY) if stream.plan(n).kind == "own")
    article = stream.article(new)
    found, seconds = timed(index.check, article)
    return Asked("check a new one", seconds, _unlike(found, ("unique",), None))


def _unlike(found: Verdict | None, relations: tuple[str, ...], canonical: str | None) -> str:
    if found is None:
        return "not there"
    is_right = found.relation in relations and found.canonical == canonical
    return "" if is_right else f"{found.relation} of {found.canonical}"


def beside(
    path: Path, stream: Stream, readers: int, seconds: float, held: int, keep: int
) -> tuple[Seen, list[Seen]]:
    """One writer and some readers for so many seconds, each a process of its own.

    Args:
        held: Articles that the index is given before.

    Returns:
        What the writer did, and each reader.
    """
    with Index.open(path, durable_every=1000) as index:
        for _ in index.add_many(stream.articles(0, held)):
            pass
    progress = Progress(_shared(path))
    progress.committed = held
    end = time.monotonic() + seconds
    with ProcessPoolExecutor(readers + 1, mp_context=FORK) as processes:
        writer = processes.submit(write, path, stream, keep, end)
        reading = [processes.submit(read, path, stream, k, end) for k in range(readers)]
        return writer.result(), [reader.result() for reader in reading]


def _shared(path: Path) -> Path:
    return path.with_name(f"{path.name}.progress")


def rows(writer: Seen, readers: list[Seen], seconds: float) -> list[list[str]]:
    """The table, its head first."""
    table = [["asked", "processes", "answers", "a second", "ms p50", "p99", "longest"]]
    for processes, of in ((1, [writer]), (len(readers), readers)):
        for question in sorted({name for seen in of for name in seen.seconds}):
            taken = [one for seen in of for one in seen.seconds.get(question, [])]
            rate = f"{len(taken) / seconds:,.1f}"
            table.append([question, str(processes), f"{len(taken):,}", rate, *spread(taken, SHARES)])
    return table


@click.command(name="readers", help="Readers that query and check beside a writer.")
@click.option("--readers", "count", default=4, show_default=True, type=click.IntRange(min=1))
@click.option("--seconds", default=60.0, show_default=True)
@click.option("--held", default=20_000, show_default=True, help="Articles that the index holds before.")
@click.option("--keep", default=20_000, show_default=True, help="Articles that stay when old ones expire.")
@click.option("--words", default=350, show_default=True, type=click.IntRange(min=1), help="Words an article.")
@click.option("--seed", default=1, show_default=True, help="Of the stream.")
@click.option("--markdown", is_flag=True, help="Print tables as RESULTS.md wants them.")
def readers(count: int, seconds: float, held: int, keep: int, words: int, seed: int, markdown: bool) -> None:
    click.echo(f"{machine()}; {count} readers, one writer, {seconds:g} s; seed {seed}\n")
    stream = Stream(words, seed)
    warm_up(stream)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.db"
        writer, others = beside(path, stream, count, seconds, held, keep)
        with Index.open(path) as index:
            problems, left = index.verify(), len(index)
    show(rows(writer, others, seconds), markdown=markdown)
    wrong, errors = ([one for seen in others for one in getattr(seen, kind)] for kind in ("wrong", "errors"))
    for line in (*wrong, *errors, *problems):
        click.echo(line)
    click.echo(
        f"{len(wrong)} wrong answers, {len(errors)} errors; {left:,} articles at the end, of which `verify` finds "
        f"{len(problems)} problems."
    )
