"""Articles that come one by one: how fast they are added to an index that is large already, and how evenly."""

from __future__ import annotations

import shutil
from pathlib import Path

import click
import numpy as np

from benchmarks.index.building import build, warm_up
from benchmarks.index.measure import apart, spread, timed
from benchmarks.machine import machine
from benchmarks.show import show
from benchmarks.stream import Stream
from dedup.index.index import Index

SHARES = (0.5, 0.9, 0.99, 0.999, 1.0)


def add_each(index: Path, start: int, stop: int, durable_every: int, words: int, seed: int) -> list[float]:
    """Add the articles `start` to before `stop` of the stream one by one; return the seconds of each call."""
    stream = Stream(words, seed)
    warm_up(stream)
    seconds = []
    with Index.open(index, durable_every=durable_every) as opened:
        if len(opened) != start:
            raise click.ClickException(f"{index} holds {len(opened):,} articles, not {start:,}; remove it")
        for article in stream.articles(start, stop):
            _, taken = timed(opened.add, article)
            seconds.append(taken)
    return seconds


def rows(measured: dict[int, list[float]]) -> list[list[str]]:
    """The table, its head first; the calls that end with a commit are every so many."""
    head = ["durable every", "articles/s", *(f"ms p{100 * share:g}" for share in SHARES[:-1]), "longest"]
    table = [[*head, "with the commit, p50", "p99"]]
    for every, seconds in measured.items():
        cells = [str(every), f"{len(seconds) / sum(seconds):,.0f}", *spread(seconds, SHARES)]
        table.append([*cells, *spread(seconds[every - 1 :: every])])
    return table


def by_thousand(seconds: list[float]) -> str:
    """The slowest and the fastest thousand in a row, articles a second."""
    rates = [len(part) / sum(part) for part in np.array_split(seconds, max(1, len(seconds) // 1000))]
    return f"{min(rates):,.0f} to {max(rates):,.0f} articles/s in a thousand"


@click.command(help="Add articles one by one to an index that is large already.")
@click.option(
    "--work", type=click.Path(file_okay=False, path_type=Path), required=True, help="Keeps the index."
)
@click.option("--start", default=90_000, show_default=True, help="Articles that the index holds before.")
@click.option("--count", default=10_000, show_default=True, help="Articles to add.")
@click.option("--durable-every", default=[100], show_default=True, multiple=True, help="May be given again.")
@click.option("--words", default=350, show_default=True, type=click.IntRange(min=1), help="Words an article.")
@click.option("--seed", default=1, show_default=True, help="Of the stream.")
@click.option("--markdown", is_flag=True, help="Print tables as RESULTS.md wants them.")
def adds(
    work: Path, start: int, count: int, durable_every: tuple[int, ...], words: int, seed: int, markdown: bool
) -> None:
    work.mkdir(parents=True, exist_ok=True)
    click.echo(f"{machine()}; {start:,} to {start + count:,} articles of {words} words, seed {seed}\n")
    base, copy = work / f"{start}.db", work / "adds.db"
    apart(build, base, work / "adds-legs.jsonl", start, words, seed, float("inf"))
    measured = {}
    for every in durable_every:
        for left in work.glob("adds.db*"):
            left.unlink()
        shutil.copyfile(base, copy)
        measured[every] = apart(add_each, copy, start, start + count, every, words, seed)
        click.echo(f"durable every {every}: {by_thousand(measured[every])}")
    show(rows(measured), markdown=markdown)
