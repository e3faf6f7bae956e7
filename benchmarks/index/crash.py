"""A writer is killed (SIGKILL) at a random moment, again and again, on one index; nothing may be lost by it.

The writer follows a script (`benchmarks.index.script`): it adds, adds again, revises, removes, expires and compacts,
and acknowledges each of these through a pipe once it is durable. It is forked from a warm process, so that the kills
hit its work and not the start of Python. After each kill the index is opened and verified, and compared with the
script: what was acknowledged is there, what was not is there whole or not at all.

SIGKILL ends the process, not the system: what it cannot show is whether the data had reached the disk when the power
fails, for which the index relies on SQLite.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import click
import numpy as np

from benchmarks.index.aftermath import OUTCOMES, differing, faults, returned, settle
from benchmarks.index.building import warm_up
from benchmarks.index.measure import file_bytes, timed
from benchmarks.index.script import Op, State, after, draw, perform
from benchmarks.machine import machine
from benchmarks.show import show
from benchmarks.stream import Stream
from dedup.index import sqlite
from dedup.index.index import Index
from dedup.index.postings import Postings
from dedup.index.tiers import Sizes

FORK = multiprocessing.get_context("fork")
BIRTH = 0.1  # seconds
TOLD = 10  # complaints of one round that are printed; all are counted
SAMPLE = 20  # articles that are looked at after each kill, beside those of the last script


@contextmanager
def small_segments(articles: int) -> Iterator[None]:
    """Let indices make a segment of their keys of every so many articles, and merge by threes.

    With thousands of articles in a segment, a writer that lives for half a second would hardly ever be killed at it.
    """
    sizes = Sizes(articles, articles * 128, articles * 8, 3)
    with patch.object(sqlite, "Postings", partial(Postings, sizes=sizes)):
        yield


class Killed(NamedTuple):
    """How a writer ended.

    Attributes:
        done: Operations that it acknowledged; -1 where it had not opened the index yet.
        status: Of its process: -9 where the kill came in time, 0 where it was done and gone already.
    """

    done: int
    status: int


class Round(NamedTuple):
    """One kill, and what the index was like after it.

    Attributes:
        hit: What the writer was at.
        outcome: One of `OUTCOMES`, of the operation that was cut off; empty where there was none.
        complaints: Whatever was wrong.
        opening: Seconds that the next one took to open the index.
        verifying: Seconds that `verify` took.
    """

    hit: str
    outcome: str
    durable_every: int
    killed: Killed
    complaints: list[str]
    opening: float
    verifying: float


def kill_a_writer(path: Path, stream: Stream, ops: list[Op], durable_every: int, moment: float) -> Killed:
    """Let a process of its own follow a script, and kill it after so many seconds."""
    reading, writing = os.pipe()
    writer = FORK.Process(target=_write, args=(path, stream, ops, durable_every, writing))
    writer.start()
    os.close(writing)
    time.sleep(moment)
    writer.kill()
    writer.join()
    with os.fdopen(reading, "rb") as acknowledged:
        return Killed(acknowledged.read().count(b"\n") - 1, writer.exitcode or 0)


def _write(path: Path, stream: Stream, ops: list[Op], durable_every: int, acknowledged: int) -> None:
    with Index.open(path, durable_every=durable_every) as index:
        os.write(acknowledged, b"\n")
        for op in ops:
            perform(index, stream, op)
            os.write(acknowledged, b"\n")


class Trial:
    """One index and what it must hold, from kill to kill.

    Args:
        most: Articles beyond which the oldest expire, so that the checks stay quick.
        seconds: A writer is killed within so many.
    """

    def __init__(
        self, path: Path, seed: int, *, most: int = 2000, seconds: float = 0.5, words: int = 350
    ) -> None:
        self._path, self._most, self._seconds = path, most, seconds
        self._rng = random.Random(seed)
        self.stream = Stream(words, seed)
        self.state = State()

    def kill(self, durable_every: int) -> Round:
        """One writer, killed if it is not quicker, and a look at what it left."""
        rng, before = self._rng, self.state
        ops = draw(rng, before, rng.randint(10, 200), durable_every, self._most)
        moment = rng.uniform(0, self._seconds)
        killed = kill_a_writer(self._path, self.stream, ops, durable_every, moment)
        for op in ops[: max(0, killed.done)]:
            self.state = after(self.state, op)
        cut_off = ops[killed.done] if 0 <= killed.done < len(ops) else None
        hit = cut_off.kind if cut_off else "opening" if killed.done < 0 else "closing"
        outcome, complaints = "", []
        if killed.status not in (0, -signal.SIGKILL):
            complaints.append(f"the writer ended by itself, with status {killed.status}")
        index, opening = timed(Index.open, self._path)
        with index:
            if cut_off:
                self.state, outcome, wrong = settle(index, self.stream, self.state, cut_off)
                complaints += wrong
            problems, verifying = timed(index.verify)
            complaints += [*problems, *faults(index, self.stream, self.state, self._sample(before))]
            complaints += returned(index, self.stream, self.state, self._sample_of_gone())
        return Round(hit, outcome, durable_every, killed, complaints, opening, verifying)

    def _sample(self, before: State) -> list[str]:
        """All ids that are new or stand for something else since, and some of the others."""
        entries = self.state.entries
        new = [id for id, held in entries.items() if before.entries.get(id) != held]
        old = [id for id, held in entries.items() if before.entries.get(id) == held]
        return new + self._rng.sample(old, min(SAMPLE, len(old)))

    def _sample_of_gone(self) -> list[int]:
        numbers = range(self.state.next_number + SAMPLE)
        return self._rng.sample(numbers, SAMPLE)

    def look_at_all(self) -> list[str]:
        """What is wrong with any article, gone or there, and with any verdict."""
        with Index.open(self._path) as index:
            return [
                *index.verify(),
                *faults(index, self.stream, self.state, self.state.entries),
                *returned(index, self.stream, self.state, range(self.state.next_number)),
                *differing(index, self.stream, self.state),
            ]


def kill_a_birth(folder: Path, stream: Stream, moment: float) -> list[str]:
    """Kill a writer that makes a new index; return what is wrong with what it left, be it nothing."""
    path = folder / "born.db"
    for left in folder.glob("born.db*"):
        left.unlink()
    kill_a_writer(path, stream, [], 1, moment)
    with Index.open(path) as index:
        return [*index.verify(), *faults(index, stream, State(), ())]


def rows(rounds: list[Round]) -> list[list[str]]:
    """The table, its head first: by what the writer was at when it was killed."""
    table = [["killed while it was to", "kills", "found done", "not done", "done in part", "complaints"]]
    for hit in sorted({r.hit for r in rounds}):
        of = [r for r in rounds if r.hit == hit]
        outcomes = Counter(r.outcome for r in of)
        cells = [str(outcomes[outcome]) if outcomes[""] == 0 else "–" for outcome in OUTCOMES]
        table.append([hit, str(len(of)), *cells, str(sum(len(r.complaints) for r in of))])
    outcomes = Counter(r.outcome for r in rounds)
    complaints = sum(len(r.complaints) for r in rounds)
    return [*table, ["in all", str(len(rounds)), *(str(outcomes[o]) for o in OUTCOMES), str(complaints)]]


@click.command(help="Kill a writer again and again, and look at the index each time.")
@click.option("--kills", default=200, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--births", default=20, show_default=True, help="Kills of a writer that makes a new index, beside."
)
@click.option("--durable-every", default=[1, 10], show_default=True, multiple=True, help="Taken in turn.")
@click.option("--most", default=2000, show_default=True, help="Articles beyond which old ones expire.")
@click.option("--seconds", default=0.5, show_default=True, help="A writer lives no longer than this.")
@click.option("--segment", default=32, show_default=True, help="Articles in a segment of keys; see `Sizes`.")
@click.option("--seed", default=1, show_default=True, help="Of the stream, the scripts and the moments.")
@click.option("--markdown", is_flag=True, help="Print tables as RESULTS.md wants them.")
def crash(
    kills: int,
    births: int,
    durable_every: tuple[int, ...],
    most: int,
    seconds: float,
    segment: int,
    seed: int,
    markdown: bool,
) -> None:
    click.echo(f"{machine()}; seed {seed}\n")
    rng = random.Random(seed)
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory() as folder, small_segments(segment):
        path = Path(folder) / "index.db"
        trial = Trial(path, seed, most=most, seconds=seconds)
        warm_up(trial.stream)
        unborn = [kill_a_birth(Path(folder), trial.stream, rng.uniform(0, BIRTH)) for _ in range(births)]
        start = time.monotonic()
        turns = cycle(durable_every)
        while sum(r.killed.status != 0 for r in rounds) < kills:
            rounds.append(trial.kill(next(turns)))
            for complaint in rounds[-1].complaints[:TOLD]:
                click.echo(f"round {len(rounds)}, {rounds[-1].hit}: {complaint}")
        taken = time.monotonic() - start
        at_last = trial.look_at_all()
        size, held = file_bytes(path), len(trial.state.entries)
    for complaint in [*(c for told in unborn for c in told), *at_last][:TOLD]:
        click.echo(complaint)
    cut_off = [r for r in rounds if r.killed.status != 0]
    show(rows(cut_off), markdown=markdown)
    opening, verifying = (
        np.array(times) for times in zip(*((r.opening, r.verifying) for r in rounds), strict=True)
    )
    click.echo(
        f"{births} kills while a new index was made: {sum(len(told) for told in unborn)} complaints. "
        f"{len(rounds) - len(cut_off)} writers more were done before their kill. "
        f"{sum(max(0, r.killed.done) for r in rounds):,} operations acknowledged, {trial.state.next_number:,} articles "
        f"added, {held:,} there at the end ({size / 1e6:.1f} MB); looking at all of them: {len(at_last)} complaints. "
        f"Opening after a kill: median {1000 * np.median(opening):.0f} ms, at most {1000 * opening.max():.0f} ms; "
        f"verify at most {verifying.max():.2f} s. {taken:.0f} s in all."
    )
