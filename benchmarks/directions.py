"""Directions against the Helsinki gold, with the records' clocks (a crawler's) and without any.

python -m benchmarks.directions [--data FOLDER] [--list]

The gold's reader ordered texts by what pages print, by own sites and by credits, never by the crawler's clock: an arrow
where the gold says `unknown` need not be wrong, but nothing in the gold bears it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from benchmarks import helsinki
from benchmarks.data import DEFAULT_ROOT, find, records
from dedup.model import Match
from dedup.stories.direction import MIRRORED


@dataclass(slots=True)
class Score:
    """Gold pairs by what became of them; each with what we say and why."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def of(self, gold: str, ours: str) -> list[str]:
        """Where a pair belongs."""
        if gold == "unknown":
            return self.silent if ours == "unknown" else self.unasked
        return self.missed if ours == "unknown" else self.right if ours == gold else self.wrong


def directed(matches: Iterable[Match], a: str) -> tuple[str, str]:
    """The direction of a pair, `a` being its first, and what tells it."""
    for match in matches:
        if match.direction != "unknown":
            direction = match.direction if match.a == a else MIRRORED[match.direction]
            return direction, match.direction_reason
    return "unknown", next((m.direction_reason for m in matches if m.direction_reason), "")


def measure(root: Path, *, clocks: bool) -> Score:
    """Run the collection and read the gold's pairs."""
    from dedup import run

    articles = helsinki.articles(root)
    if not clocks:
        articles = [replace(article, published=None) for article in articles]
    reading = helsinki.read(run(articles))
    score = Score()
    for row in records(find(root, "helsinki", "gold", "pairs.jsonl")):
        a, b = row["a"], row["b"]
        ours, why = directed(reading.matches.get(frozenset((a, b)), ()), a)
        told = f"{a} {b}  {row['label']} {row['kind']}, gold {row['direction']}: {ours} ({why}) {row['note']}"
        score.of(row["direction"], ours).append(told)
    return score


@click.command(help="Directions against the Helsinki gold, with the crawler's clocks and without.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_ROOT)
@click.option("--list", "listed", is_flag=True, help="List every pair that is not told as the gold has it.")
def main(data: Path, listed: bool) -> None:
    """Print precision and recall of directed pairs."""
    for clocks in (True, False):
        score = measure(data, clocks=clocks)
        told = len(score.right) + len(score.wrong)
        asked = told + len(score.missed)
        click.echo(f"{'With' if clocks else 'Without'} the records' clocks")
        click.echo(f"  of {asked} pairs with a direction {told} told, {len(score.right)} of them right")
        unknown = len(score.unasked) + len(score.silent)
        click.echo(f"  of {unknown} pairs without one {len(score.unasked)} were given one")
        for name in ("wrong", "unasked", "missed") if listed else ():
            for line in getattr(score, name):
                click.echo(f"    {name}  {line}")


if __name__ == "__main__":
    main()
