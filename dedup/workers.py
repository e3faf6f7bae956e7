"""Batches on every core, their results in order: in threads, or in processes that are forked for each stage.

Kernels release the interpreter lock, so threads share them out; what is Python only processes do. A forked process
sees all that its parent holds without copying it, and sends back results alone. Forking is for programs of our own: in
a process whose threads are somebody else's it is not safe, and outside Linux not reliable.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.reduction import ForkingPickler
from typing import Any, NoReturn, TypeVar, cast

from dedup.errors import DedupError

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 2  # batches that a process has before it: one in hand, one waiting
_NO_MORE: Any = object()
_ENDING = (signal.SIGINT, signal.SIGTERM)
_WAITING = 8  # results that wait for an earlier one, for each process

Outcome = tuple[int, bool, object]


class Workers:
    """Whoever works on the batches of a run.

    Args:
        jobs: How many work at once; 0 takes every core.
        forked: Fork processes where that is safe and there is enough to do for it.
    """

    def __init__(self, jobs: int = 0, *, forked: bool = False) -> None:
        self.jobs = jobs or _cores()
        self._forked = forked and sys.platform == "linux"

    def forks(self, batches: int) -> bool:
        """Whether so many batches are worked on by processes of their own."""
        return self._forked and self.jobs > 1 and batches >= _AHEAD * self.jobs

    def map(self, function: Callable[[T], R], batches: Sequence[T]) -> Iterator[R]:
        """Apply a function to every batch; results come in the order of the batches.

        Raises:
            DedupError: A process ended before its work was done; the system may have run out of memory.
        """
        if self.jobs == 1 or len(batches) == 1:
            return map(function, batches)
        if self.forks(len(batches)):
            # They have the batches already: a number tells them which one is meant.
            return _in_processes(
                lambda number: function(batches[number]), iter(range(len(batches))), self.jobs
            )
        return _in_threads(function, iter(batches), self.jobs)

    def stream(self, function: Callable[[T], R], batches: Iterator[T]) -> Iterator[R]:
        """As `map`, of batches that are made while those before them are worked on.

        Args:
            batches: Small, since each is sent to the process that works on it.
        """
        first = list(islice(batches, _AHEAD * self.jobs))
        if self.jobs == 1:
            yield from map(function, chain(first, batches))
        elif self.forks(len(first)):
            yield function(first[0])  # and what it compiles, or loads, is there for everyone
            yield from _in_processes(function, chain(first[1:], batches), self.jobs)
        else:
            yield from _in_threads(function, chain(first, batches), self.jobs)


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _in_threads(function: Callable[[T], R], batches: Iterator[T], jobs: int) -> Iterator[R]:
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        for batch in batches:
            waiting.append(pool.submit(function, batch))
            if len(waiting) > _AHEAD * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _in_processes(function: Callable[[T], R], batches: Iterator[T], jobs: int) -> Iterator[R]:
    team: dict[Connection, int] = {}
    try:
        for _ in range(jobs):
            _fork(function, team)
        yield from _collected(list(team), batches)
    finally:
        for line, pid in team.items():
            line.close()
            os.kill(pid, signal.SIGKILL)  # an idle one, unless something went wrong
            os.waitpid(pid, 0)


def _collected(team: Sequence[Connection], batches: Iterator[T]) -> Iterator[R]:
    """Hand out the batches, and yield what comes back, in order."""
    given, due, more = 0, 0, True
    working = dict.fromkeys(team, 0)
    ready: dict[int, R] = {}
    while more or due < given:
        line = min(team, key=working.__getitem__)
        hungry = more and working[line] < _AHEAD and given - due < _WAITING * len(team)
        if hungry:
            batch = next(batches, _NO_MORE)
            more = batch is not _NO_MORE
            if more:
                with _alive():
                    line.send((given, batch))
                given += 1
                working[line] += 1
        # While there is work to give out, nobody waits for results.
        for told in wait([line for line in team if working[line]], 0 if hungry else None):
            line = cast("Connection", told)
            with _alive():
                number, done, outcome = cast(Outcome, line.recv())
            working[line] -= 1
            if not done:
                assert isinstance(outcome, BaseException)
                raise outcome
            ready[number] = outcome  # type: ignore[assignment]
        while due in ready:
            yield ready.pop(due)
            due += 1


@contextmanager
def _alive() -> Iterator[None]:
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise DedupError(
            "a worker process was ended from outside, as the system does when memory runs out; "
            "try fewer of them with --jobs, or less memory with --memory"
        ) from error


def _fork(function: Callable[[T], R], team: dict[Connection, int]) -> None:
    """Add a process to the team."""
    others = list(team)
    here, there = Pipe()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # as it is where it was closed
            stream.flush()
    gc.freeze()
    # A signal that came while the process is split in two would be lost, or unwind the parent's frames in the child.
    usual = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    with warnings.catch_warnings():
        # Threads of NumPy's linear algebra, which does nothing here, are not ours to wait for.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if not pid:
        _work(function, there, (here, *others), usual)
    gc.unfreeze()
    there.close()
    team[here] = pid
    signal.pthread_sigmask(signal.SIG_SETMASK, usual)


def _work(
    function: Callable[[T], R], line: Connection, others: Sequence[Connection], usual: Iterable[int]
) -> NoReturn:
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends its children
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, usual)
        for other in others:
            other.close()
        _serve(function, line)
        status = 0
    finally:
        os._exit(status)


def _serve(function: Callable[[T], R], line: Connection) -> None:
    while True:
        try:
            number, batch = line.recv()
        except EOFError:
            return
        try:
            outcome = ForkingPickler.dumps((number, True, function(batch)))
        except Exception as error:
            outcome = ForkingPickler.dumps((number, False, _sendable(error)))
        line.send_bytes(outcome)


def _sendable(error: Exception) -> Exception:
    """The error, with where it came from; or one that says so, where it would not arrive as it is."""
    place = traceback.format_exc()
    try:
        copy = ForkingPickler.loads(ForkingPickler.dumps(error))
    except Exception:
        copy = None
    if type(copy) is not type(error):
        error = DedupError(f"a worker failed: {error!r}")
    error.add_note(f"In a worker process:\n{place}")
    return error
