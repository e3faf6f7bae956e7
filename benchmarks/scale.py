"""How time and memory grow with the corpus, and what hard corpora cost.

Sizes run from small to large, whole processes one after another; what is known is written after each. With `--cliffs`
each hard corpus runs at its size and at a tenth of it, so that growth can be read off.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import orjson

from benchmarks import corpora
from benchmarks.cliffs import CLIFFS
from benchmarks.contestants import ALL, NEAR, dedup_run
from benchmarks.options import corpus_options, cut_off_option
from benchmarks.process import run
from benchmarks.results import as_text, results_option, write

SIZES = 10_000, 30_000, 100_000, 300_000, 1_000_000
OPTIONS = {NEAR: ("--no-passages", "--no-origin"), ALL: ()}
MODES = {"near": (NEAR,), "all": (ALL,), "both": (NEAR, ALL)}
SMALL = 500  # articles that are run first, and not counted
_WITH_REJECTS = 3

Point = dict[str, Any]


def measure(mode: str, corpus: Path, rounds: int, cut_off: float) -> Point:
    """One mode of `dedup run` on one corpus: its ``runs``, median seconds of the ``stages``, and counts."""
    runs, summaries = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=corpus.parent) as folder:
            scratch = Path(folder)
            command = dedup_run(corpus, scratch / "out", *OPTIONS[mode])
            one = run(mode, command, scratch, cut_off=cut_off, done=(0, _WITH_REJECTS))
            runs.append(one.record())
            click.echo(f"{mode}  {corpus.stem}  {one.wall:.1f} s  {one.largest:.0f} MiB", err=True)
            if not one.finished:
                break
            summaries.append(orjson.loads((scratch / "out" / "summary.json").read_bytes()))
    stages = {
        name: round(statistics.median(each["stages"][name]["seconds"] for each in summaries), 3)
        for name in (summaries[0]["stages"] if summaries else ())
    }
    counts = {name: summaries[0][name] for name in ("articles", "rejects") if summaries}
    megabytes = round(corpus.stat().st_size / 1e6, 1)
    return {**counts, "megabytes": megabytes, "runs": runs, "stages": stages}


def growth(
    modes: Sequence[str], sizes: Sequence[int], words: int, seed: int, work: Path, rounds: int, cut_off: float
) -> Iterator[dict[str, list[Point]]]:
    """Every mode at every size, what is known so far after each; a mode that was cut off goes no further."""
    found: dict[str, list[Point]] = {mode: [] for mode in modes}
    for size in sorted(sizes):
        corpus = corpora.newswire(work, size, words, seed)
        for mode, points in found.items():
            if all(each["finished"] for point in points for each in point["runs"]):
                points.append(measure(mode, corpus, rounds, cut_off) | {"articles": size})
        yield found


def falls(
    modes: Sequence[str], names: Sequence[str], share: float, work: Path, cut_off: float
) -> Iterator[list[Point]]:
    """Every hard corpus at a tenth and in full, in every mode, what is known so far after each.

    Args:
        share: Of the corpora's full sizes.
    """
    found: list[Point] = []
    for name in names:
        full = max(10, round(CLIFFS[name].size * share))
        sizes = full // 10, full
        corpus = {size: corpora.cliff(work, name, size) for size in sizes}
        for mode in modes:
            points = [measure(mode, corpus[size], 1, cut_off) | {"size": size} for size in sizes]
            found.append({"name": name, "told": CLIFFS[name].told, "mode": mode, "points": points})
        yield found


@click.command(help="How time and memory grow with the corpus; with --cliffs, what hard corpora cost.")
@click.option("--size", "sizes", multiple=True, type=click.IntRange(min=1), help="May be given again.")
@click.option("--mode", type=click.Choice(list(MODES)), default="both", show_default=True)
@click.option("--rounds", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--cliffs", is_flag=True, help="Hard corpora instead of sizes, once each.")
@click.option("--cliff", "names", multiple=True, type=click.Choice(list(CLIFFS)), help="Only these.")
@click.option(
    "--share",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Of a cliff's size.",
)
@click.option("--keep", is_flag=True, help="Keep what earlier calls wrote of other sizes or corpora.")
@corpus_options()
@cut_off_option(3600)
@results_option
def scale(
    sizes: tuple[int, ...],
    mode: str,
    rounds: int,
    cliffs: bool,
    names: tuple[str, ...],
    share: float,
    keep: bool,
    words: int,
    seed: int,
    work: Path,
    cut_off: float,
    results: Path,
) -> None:
    modes = MODES[mode]
    for each in modes:
        measure(each, corpora.newswire(work, SMALL, words, seed), 1, cut_off)
    record: dict[str, Any] = {}
    if cliffs or names:
        same = {"cut_off": cut_off, "share": share}
        kept = earlier(results / "cliffs.json", same)["cliffs"] if keep else []
        for found in falls(modes, names or tuple(CLIFFS), share, work, cut_off):
            record = write(results, "cliffs", "cliffs", {**same, "cliffs": with_falls(kept, found)})
    else:
        same = {"words": words, "seed": seed, "rounds": rounds, "cut_off": cut_off}
        points = earlier(results / "scale.json", same)["modes"] if keep else {}
        for grown in growth(modes, sizes or SIZES, words, seed, work, rounds, cut_off):
            record = write(results, "scale", "scale", {**same, "modes": with_growth(points, grown)})
    click.echo(as_text(record))


def earlier(path: Path, same: dict[str, Any]) -> dict[str, Any]:
    """What an earlier call wrote.

    Raises:
        click.ClickException: It was measured in another way, so that the two cannot stand in one table.
    """
    if not path.exists():
        return {"modes": {}, "cliffs": []}
    record: dict[str, Any] = orjson.loads(path.read_bytes())
    if any(record[name] != value for name, value in same.items()):
        raise click.ClickException(f"{path.name} was measured in another way; leave out --keep")
    return record


def with_falls(kept: list[Point], found: list[Point]) -> list[Point]:
    """All of both in the order of `CLIFFS`; what was found counts where both have it."""
    known = {(each["name"], each["mode"]): each for each in [*kept, *found]}
    order = [(name, mode) for name in CLIFFS for mode in MODES["both"]]
    return [known[key] for key in order if key in known]


def with_growth(kept: dict[str, list[Point]], found: dict[str, list[Point]]) -> dict[str, list[Point]]:
    """All points of both by size; what was found counts where both have it."""
    merged = {}
    for mode in MODES["both"]:
        known = {point["articles"]: point for point in [*kept.get(mode, []), *found.get(mode, [])]}
        if known:
            merged[mode] = [known[size] for size in sorted(known)]
    return merged
