"""One index file that grows: what it costs to build, on disk, in memory, and to ask.

The file is made once: to a larger size by adding to what is there, in a process of its own. A build that was stopped
goes on where it was; a log beside the file has the seconds of every 10,000 articles.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import click
import numpy as np
import orjson

from benchmarks.index.building import Asked, Leg, Size, ask, build, pages, weigh
from benchmarks.index.measure import apart, exponent, spread
from benchmarks.machine import machine
from benchmarks.show import show


@dataclass(frozen=True, slots=True)
class Measured:
    """All that is told of one size."""

    size: Size
    legs: list[Leg]
    asked: Asked
    tables: dict[str, int]

    @property
    def rate(self) -> float:
        """Articles a second, over all that were built under the clock."""
        return _rate(self.legs)

    @property
    def last_rate(self) -> float:
        """The same of the last tenth."""
        return _rate(self.legs[-max(1, len(self.legs) // 10) :])

    @property
    def peak(self) -> float:
        """Of the building process, MiB."""
        return max(leg.peak for leg in self.legs)


def _rate(legs: list[Leg]) -> float:
    return sum(leg.stop - leg.start for leg in legs) / sum(leg.seconds for leg in legs)


def measure(folder: Path, articles: int, new: int, near: int, words: int, seed: int, end: float) -> Measured:
    """Build to a size, or as far as the time goes, and measure there; a size that was measured before is read."""
    kept = folder / f"{articles}.json"
    if kept.exists():
        told = orjson.loads(kept.read_bytes())
        legs = [Leg(**leg) for leg in told["legs"]]
        return Measured(Size(**told["size"]), legs, Asked(**told["asked"]), told["tables"])
    index, log = folder / "index.db", folder / "legs.jsonl"
    seconds = max(0.0, end - time.monotonic())
    held = apart(build, index, log, articles, words, seed, seconds)
    legs = [Leg(**orjson.loads(line)) for line in log.read_bytes().splitlines()]
    asked = apart(ask, index, held, new, near, words, seed)
    measured = Measured(apart(weigh, index), legs, asked, apart(pages, index))
    if held == articles:
        kept.write_bytes(orjson.dumps(asdict(measured)))
    return measured


def rows(measured: list[Measured]) -> list[list[str]]:
    """The table, its head first."""
    head = [
        "articles",
        "built, articles/s",
        "the last tenth",
        "file, kB an article",
        "of it texts",
        "the rest",
    ]
    head += ["building, peak MiB", "asking, peak MiB", "opening, ms"]
    table = [[*head, "new, ms p50", "p99", "near-duplicate, ms p50", "p99"]]
    for m in measured:
        n, texts = m.size.articles, m.size.texts / m.size.articles / 1000
        whole = m.size.file / n / 1000
        cells = [f"{n:,}", f"{m.rate:,.0f}", f"{m.last_rate:,.0f}"]
        cells += [f"{whole:.2f}", f"{texts:.2f}", f"{whole - texts:.2f}"]
        cells += [f"{m.peak:.0f}", f"{m.asked.peak:.0f}", f"{1000 * m.asked.opening:.0f}"]
        table.append([*cells, *(cell for kind in m.asked.seconds.values() for cell in spread(kind))])
    return table


def exponents(measured: list[Measured]) -> list[list[str]]:
    """How figures grow from one size to the next: ``size ** exponent``."""

    def figures(m: Measured) -> dict[str, float]:
        told = {
            "seconds to build": m.size.articles / m.rate,
            "file": float(m.size.file),
            "building, peak": m.peak,
            "asking, peak": m.asked.peak,
        }
        for kind, seconds in m.asked.seconds.items():
            middle, late = np.quantile(seconds, (0.5, 0.99))
            told |= {f"{kind}, p50": float(middle), f"{kind}, p99": float(late)}
        return told

    table = []
    for small, large in pairwise(measured):
        sizes = small.size.articles, large.size.articles
        before, after = figures(small), figures(large)
        grown = [f"{exponent(sizes, (before[name], after[name])):.2f}" for name in after]
        table.append([f"{sizes[0]:,} to {sizes[1]:,}", *grown])
    return [["growth exponent", *figures(measured[0])], *table]


def parts(measured: Measured) -> list[list[str]]:
    """What the pages of the file hold, those of 1 % and more."""
    whole = sum(measured.tables.values())
    told = [(name, size) for name, size in measured.tables.items() if size >= whole / 100]
    return [
        ["table", "bytes an article", "share"],
        *([name, f"{size / measured.size.articles:,.0f}", f"{size / whole:.1%}"] for name, size in told),
    ]


@click.command(help="Build one index file ever larger, and measure it at each size.")
@click.option(
    "--work", type=click.Path(file_okay=False, path_type=Path), required=True, help="Keeps the index."
)
@click.option("--sizes", default="10000,100000,1000000", show_default=True, help="Articles, ascending.")
@click.option("--new", default=2000, show_default=True, help="Checks of articles with nothing in common.")
@click.option("--near", default=500, show_default=True, help="Checks of copies.")
@click.option("--words", default=350, show_default=True, type=click.IntRange(min=1), help="Words an article.")
@click.option("--seed", default=1, show_default=True, help="Of the stream.")
@click.option("--minutes", default=120.0, show_default=True, help="Build no longer than this.")
@click.option("--markdown", is_flag=True, help="Print tables as RESULTS.md wants them.")
def growth(
    work: Path, sizes: str, new: int, near: int, words: int, seed: int, minutes: float, markdown: bool
) -> None:
    work.mkdir(parents=True, exist_ok=True)
    click.echo(f"{machine()}; {words} words an article, seed {seed}\n")
    end = time.monotonic() + 60 * minutes
    measured: list[Measured] = []
    for articles in sorted(int(size) for size in sizes.split(",")):
        at = measure(work, articles, new, near, words, seed, end)
        measured.append(at)
        for complaint, count in at.asked.wrong.items():
            click.echo(f"{at.size.articles:,} articles: {count} times {complaint}")
        if at.size.articles < articles:
            click.echo(
                f"stopped at {at.size.articles:,} of {articles:,} articles: {minutes:g} minutes are over\n"
            )
            break
    show(rows(measured), markdown=markdown)
    show(exponents(measured), markdown=markdown)
    show(parts(measured[-1]), markdown=markdown)
