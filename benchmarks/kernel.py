"""Raw text to signatures on one core and on all: ours, the peers', and the least that the machine needs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import click
import orjson

from benchmarks import corpora
from benchmarks.contestants import PERMUTATIONS, SCRIPTS, SHINGLE, Contestant, missing
from benchmarks.machine import cores, versions_of
from benchmarks.options import corpus_options, peer_option
from benchmarks.process import ROOT, run
from benchmarks.results import publish, results_option

PEER_PACKAGES = "gaoya", "rensa", "datasketch", "xxhash"


class Signer(NamedTuple):
    """One way to sign; see `benchmarks.peers.sign` for what each does.

    Attributes:
        workers: What works on several cores: `threads`, `processes`, or `its threads` where the signer starts its own.
    """

    name: str
    key: str
    workers: str
    needs: tuple[tuple[str, str], ...] = ()


def _needs(*packages: str) -> tuple[tuple[str, str], ...]:
    return tuple((package.split("=")[0].split(">")[0], package) for package in packages)


_RENSA, _DATASKETCH = _needs("rensa==0.5.0", "numpy"), _needs("datasketch>=2", "xxhash")
SIGNERS = (
    Signer("dedup, processes", "dedup", "processes"),
    Signer("dedup, threads", "dedup", "threads"),
    Signer("gaoya, its threads", "gaoya", "its threads", _needs("gaoya==0.2.2")),
    Signer("gaoya, processes", "gaoya", "processes", _needs("gaoya==0.2.2")),
    Signer("rensa, shingles hashed by Python", "rensa-hashed", "processes", _RENSA),
    Signer("rensa, shingles as strings", "rensa-strings", "processes", _RENSA),
    Signer("datasketch, shingles hashed by Python", "datasketch-hashed", "processes", _DATASKETCH),
    Signer("datasketch, shingles as strings, xxHash", "datasketch-strings", "processes", _DATASKETCH),
)


def time_once(signer: Signer, python: Path, corpus: Path, workers: int) -> float:
    """Seconds that it took to sign the corpus."""
    kind, threads = signer.workers, 1
    if kind == "its threads":
        kind, threads, workers = "processes", workers, 1
    environment = {"RAYON_NUM_THREADS": str(threads), "PYTHONHASHSEED": "0"}
    if not signer.needs:
        environment["PYTHONPATH"] = str(ROOT)
    interpreter = python if signer.needs else Path(sys.executable)
    command = [str(interpreter), str(SCRIPTS / "sign.py"), signer.key, str(corpus), str(workers), kind]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        run(signer.name, command, scratch, environment=environment)
        return float(orjson.loads((scratch / "stdout").read_bytes())["seconds"])


def measure(
    field: list[Signer], python: Path, corpus: Path, rounds: int, counts: tuple[int, ...]
) -> dict[str, dict[str, list[float]]]:
    """Seconds of every round, by name and number of workers."""
    seconds: dict[str, dict[str, list[float]]] = {
        signer.name: {str(count): [] for count in counts} for signer in field
    }
    for number in range(rounds):
        for signer in field:
            for count in counts:
                taken = time_once(signer, python, corpus, count)
                seconds[signer.name][str(count)].append(round(taken, 4))
                click.echo(f"{number + 1}  {signer.name}  {count}  {taken:.2f} s", err=True)
    return seconds


def limits(corpus: Path, rounds: int, counts: tuple[int, ...]) -> list[dict[str, Any]]:
    """Each part of our kernel, and the least that the machine needs for it."""
    from benchmarks.kernel_limit import measure as parts

    with corpus.open("rb") as lines:
        texts = [str(orjson.loads(line)["text"]) for line in lines]
    figures = parts(texts, rounds, threads=counts)
    return [
        {
            "part": each.part,
            "threads": each.threads,
            "seconds": round(each.seconds, 4),
            "of_limit": round(each.of_limit, 4),
        }
        for each in figures
    ]


@click.command(help="Raw text to signatures on one core and on all, beside gaoya, rensa and datasketch.")
@corpus_options(articles=20_000)
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(min=1))
@click.option("--only", multiple=True, help="A contestant by the beginning of its name; may be given again.")
@click.option("--limit/--no-limit", default=True, help="Measure the parts of our kernel, and the limit.")
@peer_option
@results_option
def kernel(
    articles: int,
    words: int,
    seed: int,
    work: Path,
    rounds: int,
    only: tuple[str, ...],
    limit: bool,
    peer_python: Path,
    results: Path,
) -> None:
    corpus = corpora.newswire(work, articles, words, seed)
    signers = [signer for signer in SIGNERS if signer.name.startswith(only or ("",))]
    field = [Contestant(signer.name, lambda *_: [], signer.needs) for signer in signers]
    skipped = missing(field, peer_python)
    signers = [signer for signer in signers if signer.name not in skipped]
    counts = tuple(sorted({1, cores()}))
    small = corpora.head(corpus, min(articles, 500))
    for signer in signers:
        time_once(signer, peer_python, small, 1)
    seconds = measure(signers, peer_python, corpus, rounds, counts)
    found = {
        "corpus": corpora.described(corpus, articles, words, seed),
        "shingle": SHINGLE,
        "permutations": PERMUTATIONS,
        "rounds": rounds,
        "peers": versions_of(peer_python, PEER_PACKAGES),
        "skipped": skipped,
        "seconds": seconds,
        "parts": limits(corpus, rounds, counts) if limit else [],
    }
    publish(results, "kernel", "kernel", found)
