"""Seconds, memory and processes, as all benchmarks of the index measure them."""

from __future__ import annotations

import math
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
T = TypeVar("T")


def apart(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a fresh process, so that no other measurement's memory or caches count in it."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(function, *args, **kwargs).result()


def peak_memory(process: int | None = None) -> float:
    """The most memory that a process has had resident since its program was started, MiB; of this one by default.

    `getrusage` would not do: its figure begins with what the parent held when it forked.
    """
    return _status("VmHWM", process)


def resident(process: int | None = None) -> float:
    """The memory that a process has resident now, MiB."""
    return _status("VmRSS", process)


def _status(field: str, process: int | None) -> float:
    lines = Path(f"/proc/{process or 'self'}/status").read_text("ascii").splitlines()
    kib = next(line.split()[1] for line in lines if line.startswith(f"{field}:"))
    return int(kib) / 1024


class Timed(Iterator[T]):
    """Passes items on and counts them, and the seconds that it took to make them."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = iter(items)
        self.count = 0
        self.seconds = 0.0

    def __next__(self) -> T:
        start = time.perf_counter()
        try:
            item = next(self._items)
        finally:
            self.seconds += time.perf_counter() - start
        self.count += 1
        return item


def timed(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> tuple[T, float]:
    """What a function returns, and the seconds that it took."""
    start = time.perf_counter()
    result = function(*args, **kwargs)
    return result, time.perf_counter() - start


def spread(seconds: Iterable[float], shares: tuple[float, ...] = (0.5, 0.99)) -> list[str]:
    """Quantiles of times as cells of a table, in milliseconds; the share 1 is the longest."""
    values = np.fromiter(seconds, float)
    if not len(values):
        return ["–"] * len(shares)
    return [f"{1000 * quantile:.2f}" for quantile in np.quantile(values, shares)]


def exponent(sizes: tuple[float, float], values: tuple[float, float]) -> float:
    """``k`` where a value grows as ``size ** k``: 0 stays, 1 grows in proportion."""
    return math.log(values[1] / values[0]) / math.log(sizes[1] / sizes[0])


def file_bytes(index: Path) -> int:
    """What an index takes on disk, its write-ahead log included."""
    files = (index, index.with_name(f"{index.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
