"""What is read off the runs of one process: medians, and how they grow."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from math import log
from typing import Any

Record = dict[str, Any]
Table = list[list[str]]
Part = str | Table

UNKNOWN = "–"


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The power of the size that the values grow by: the slope of their logarithms by least squares."""
    line = statistics.linear_regression([log(size) for size in sizes], [log(value) for value in values])
    return float(line.slope)


def median(runs: list[Record], name: str) -> float:
    return float(statistics.median(run[name] for run in runs))


def walls(runs: list[Record]) -> float:
    return median(runs, "wall")


def cpus(runs: list[Record]) -> float:
    return median(runs, "cpu")


def held(runs: list[Record]) -> float:
    """MiB of all processes at once, or of the largest where that is not known or was more."""
    return float(statistics.median(max(run["together"] or 0.0, run["largest"]) for run in runs))


def together(runs: list[Record]) -> str:
    return f"{held(runs):,.0f}" if all(run["together"] is not None for run in runs) else UNKNOWN


def finished(runs: list[Record]) -> bool:
    return all(run["finished"] for run in runs)


def count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
