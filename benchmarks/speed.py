"""Whole processes side by side on the synthetic newswire.

Every round starts each contestant once, one after another, so that a slow minute of the machine touches all of them;
before the first each has seen a small corpus, which is not counted. A peer gets an empty cache every time, so that it
does the work every time. One that is not done at the cut-off is told as such, and does not run again.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from benchmarks import corpora
from benchmarks.contestants import Contestant, missing, ours, peers
from benchmarks.machine import versions_of
from benchmarks.options import corpus_options, cut_off_option, peer_option
from benchmarks.process import Run, run
from benchmarks.results import publish, results_option

PEER_PACKAGES = "text-dedup", "datatrove", "spacy", "semhash"
_SMALL = 500  # articles


def race(
    field: list[Contestant], corpus: Path, rounds: int, cut_off: float, peer_rounds: int | None = None
) -> dict[str, list[Run]]:
    """The runs of each, by name: of all rounds, but of who was cut off only as many as that took.

    Args:
        peer_rounds: In how many of the rounds peers take part; in all by default.
    """
    runs: dict[str, list[Run]] = {contestant.name: [] for contestant in field}
    for number in range(rounds):
        for contestant in field:
            so_far = runs[contestant.name]
            rests = contestant.is_peer and peer_rounds is not None and number >= peer_rounds
            if rests or not all(each.finished for each in so_far):
                continue
            so_far.append(measure(contestant, corpus, cut_off))
            click.echo(f"{number + 1}  {contestant.name}  {so_far[-1].wall:.2f} s", err=True)
    return runs


def measure(
    contestant: Contestant, corpus: Path, cut_off: float | None = None, kernels: Path | None = None
) -> Run:
    """Run the whole process once, in a folder that is empty before and gone after.

    Args:
        kernels: Where Numba keeps compiled code, if not where the program keeps it.
    """
    with tempfile.TemporaryDirectory(dir=corpus.parent) as folder:
        scratch = Path(folder)
        environment = {"HF_HOME": str(scratch / "home"), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
        if kernels is not None:
            environment["NUMBA_CACHE_DIR"] = str(kernels)
        command = contestant.command(corpus, scratch)
        return run(contestant.name, command, scratch, cut_off=cut_off, environment=environment)


def cold(contestant: Contestant, corpus: Path) -> float:
    """Seconds of a first run, which compiles its kernels."""
    with tempfile.TemporaryDirectory() as kernels:
        return measure(contestant, corpus, kernels=Path(kernels)).wall


@click.command(help="Whole processes side by side: `dedup`, text-dedup and datatrove on the same articles.")
@corpus_options(articles=20_000)
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--peer-rounds", type=click.IntRange(min=1), help="Rounds that peers take part in.  [default: all]"
)
@click.option("--only", multiple=True, help="A contestant by the beginning of its name; may be given again.")
@click.option("--first", is_flag=True, help="Measure first runs as well, which compile their kernels.")
@cut_off_option(900)
@peer_option
@click.option(
    "--semhash-model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with the embeddings that semhash is to compare by.",
)
@results_option
def speed(
    articles: int,
    words: int,
    seed: int,
    work: Path,
    rounds: int,
    peer_rounds: int | None,
    only: tuple[str, ...],
    first: bool,
    cut_off: float,
    peer_python: Path,
    semhash_model: Path | None,
    results: Path,
) -> None:
    corpus = corpora.newswire(work, articles, words, seed)
    field = [*ours(), *peers(peer_python, semhash_model)]
    field = [contestant for contestant in field if contestant.name.startswith(only or ("",))]
    skipped = missing(field, peer_python)
    field = [contestant for contestant in field if contestant.name not in skipped]
    small = corpora.head(corpus, min(articles, _SMALL))
    compiling = {each.name: round(cold(each, small), 1) for each in field if first and not each.is_peer}
    for contestant in field:
        measure(contestant, small)
    runs = race(field, corpus, rounds, cut_off, peer_rounds)
    found = {
        "corpus": corpora.described(corpus, articles, words, seed),
        "cut_off": cut_off,
        "peers": versions_of(peer_python, PEER_PACKAGES),
        "skipped": skipped,
        "first": compiling,
        "against": [contestant.name for contestant in field if contestant.is_peer],
        "runs": {name: [each.record() for each in of] for name, of in runs.items()},
    }
    publish(results, f"speed-{articles}", "speed", found)
