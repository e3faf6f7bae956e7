"""Whole processes side by side on the synthetic newswire, and the signature kernel alone.

    python -m benchmarks.speed --peer-python ../peer/bin/python --markdown

Every round starts each contestant once, one after another, so that a slow minute of the machine touches
all of them; one round before the first is not counted. The peer is text-dedup's MinHash, in a virtual
environment of its own (`pip install 'text-dedup==0.4.0'`), with its default hash and with its faster one,
and with a fresh cache every time, so that it does the work every time. CPU seconds include child
processes; peak memory is that of the largest single process.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import click
import orjson

ROOT = Path(__file__).resolve().parent.parent
KERNEL_BATCH = 1000
DEDUP = (sys.executable, "-c", "from dedup.cli import main; main()")


@dataclass(frozen=True, slots=True)
class Contestant:
    """A command to measure; ``command`` makes its arguments from the corpus and a scratch folder."""

    name: str
    command: Callable[[Path, Path], list[str]]
    is_peer: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """One whole process: seconds, seconds, MiB."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True)
class Rate:
    """What the kernel does with some threads, in articles and megabytes of UTF-8 a second."""

    threads: int
    articles: float
    megabytes: float


def contestants(peer_python: Path | None) -> list[Contestant]:
    """Our near-duplicate stage, all our stages, and the peer twice where there is one."""

    def near_duplicates(corpus: Path, scratch: Path) -> list[str]:
        return [*all_stages(corpus, scratch), "--no-passages", "--no-origin"]

    def all_stages(corpus: Path, scratch: Path) -> list[str]:
        return [*DEDUP, "run", str(corpus), "--out", str(scratch / "out"), "--force", "-q"]

    def text_dedup(corpus: Path, scratch: Path, hash_func: str) -> list[str]:
        options = {
            "path": "json", "data_files": corpus, "split": "train", "cache_dir": scratch / "cache",
            "output": scratch / "out", "column": "text", "ngram": 5, "num_perm": 128, "threshold": 0.7,
            "hash_func": hash_func, "num_proc": os.cpu_count(),
        }  # fmt: skip
        flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        return [str(peer_python), "-m", "text_dedup.minhash", *flags]

    ours = [
        Contestant("dedup, near-duplicates", near_duplicates),
        Contestant("dedup, all stages", all_stages),
    ]
    peers = [
        Contestant(f"text-dedup, {hash_func}", partial(text_dedup, hash_func=hash_func), is_peer=True)
        for hash_func in ("sha1", "xxh3")
    ]
    return ours if peer_python is None else [*ours, *peers]


def measure(contestant: Contestant, corpus: Path, kernels: Path) -> Run:
    """Run the whole process once, in a folder that is empty before and gone after.

    Args:
        kernels: Where Numba keeps its compiled code; an empty folder makes the run a cold one.

    Raises:
        click.ClickException: if the process fails, with the end of what it said.
    """
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        said = scratch / "stderr"
        offline = {"HF_HOME": str(scratch / "home"), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
        environment = os.environ | offline | {"NUMBA_CACHE_DIR": str(kernels)}
        command = contestant.command(corpus, scratch)
        os.sync()  # what the one before has left to write is not this one's to wait for
        with said.open("wb") as errors:
            start = time.perf_counter()
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=errors
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            tail = said.read_text("utf-8", "replace")[-2000:]
            raise click.ClickException(
                f"{contestant.name} ended with status {process.returncode}:\n{' '.join(command)}\n{tail}"
            )
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def kernel_rates(corpus: Path, repeat: int) -> list[Rate]:
    """Text to signature with one thread and with two: the median of `repeat` passes over the corpus."""
    from dedup.minhash.signatures import sign_articles
    from dedup.settings import Settings
    from dedup.text.tokens import tokenise

    settings = Settings()
    with corpus.open("rb") as lines:
        texts = [str(orjson.loads(line)["text"]) for line in lines]
    batches = [texts[at : at + KERNEL_BATCH] for at in range(0, len(texts), KERNEL_BATCH)]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6

    def work(batch: list[str]) -> None:
        sign_articles(tokenise(batch), settings.shingle, settings.num_perm, settings.seed)

    work(batches[0])  # compiles
    rates = []
    for threads in (1, 2):
        taken = []
        with ThreadPoolExecutor(threads) as pool:
            for _ in range(repeat):
                start = time.perf_counter()
                list(pool.map(work, batches))
                taken.append(time.perf_counter() - start)
        usual = statistics.median(taken)
        rates.append(Rate(threads, len(texts) / usual, megabytes / usual))
    return rates


def machine() -> str:
    """What the figures were measured on, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "scikit-learn"))
    return f"{os.cpu_count()} cores, {memory:.0f} GiB; Python {platform.python_version()}, {versions}"


def table(runs: dict[str, list[Run]], peers: list[str], articles: int) -> list[list[str]]:
    """Rows of medians, the head first; a ratio is the median over rounds of the peer's wall time by ours."""
    head = ["process", "wall s", "min–max", "CPU s", "peak MiB", "articles/s"]
    rows = [head + [f"× {peer}" for peer in peers]]
    for name, of in runs.items():
        walls = [run.wall for run in of]
        cells = [
            name,
            f"{statistics.median(walls):.2f}",
            f"{min(walls):.2f}–{max(walls):.2f}",
            f"{statistics.median(run.cpu for run in of):.2f}",
            f"{statistics.median(run.peak for run in of):.0f}",
            f"{articles / statistics.median(walls):,.0f}",
        ]
        for peer in peers:
            ratios = [theirs.wall / run.wall for theirs, run in zip(runs[peer], of, strict=True)]
            cells.append(f"{statistics.median(ratios):.2f}")
        rows.append(cells)
    return rows


def kernel_table(rates: list[Rate]) -> list[list[str]]:
    """Rows of the kernel's rates, the head first."""
    head = ["kernel, text to signature", "articles/s", "MB/s"]
    rows = [
        [f"{r.threads} thread{'s' * (r.threads > 1)}", f"{r.articles:,.0f}", f"{r.megabytes:.0f}"]
        for r in rates
    ]
    return [head, *rows]


def show(rows: list[list[str]], *, markdown: bool) -> None:
    """Print rows as a Markdown table, or in columns."""
    if markdown:
        for row in (rows[0], ["---"] + ["--:"] * (len(rows[0]) - 1), *rows[1:]):
            click.echo(f"| {' | '.join(row)} |")
    else:
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        for row in rows:
            cells = [row[0].ljust(widths[0])]
            cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
            click.echo("  ".join(cells).rstrip())
    click.echo()


def write_corpus(path: Path, articles: int, words: int, seed: int) -> None:
    """Generate the corpus in a process of its own: what this one holds counts in its children's peaks."""
    command = [sys.executable, "-m", "benchmarks.newswire", str(articles), "--out", str(path)]
    subprocess.run([*command, "--words", str(words), "--seed", str(seed)], cwd=ROOT, check=True)


@click.command(help="Whole processes side by side on the synthetic newswire, and the signature kernel alone.")
@click.option("--articles", default=20_000, show_default=True, type=click.IntRange(min=1))
@click.option("--words", default=346, show_default=True, type=click.IntRange(min=1), help="Words an article.")
@click.option("--seed", default=1, show_default=True, help="Of the newswire.")
@click.option("--repeat", default=5, show_default=True, type=click.IntRange(min=1), help="Rounds that count.")
@click.option(
    "--peer-python",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Python of a virtual environment with text-dedup 0.4.0; without it only dedup runs.",
)
@click.option("--only", type=click.Choice(["processes", "kernel", "peer"]), help="Measure one thing.")
@click.option("--markdown", is_flag=True, help="Print tables as RESULTS.md wants them.")
def main(
    articles: int,
    words: int,
    seed: int,
    repeat: int,
    peer_python: Path | None,
    only: str | None,
    markdown: bool,
) -> None:
    click.echo(f"{machine()}; {articles:,} articles of {words} words, seed {seed}, {repeat} rounds\n")
    field = [c for c in contestants(peer_python) if only != "kernel" and (only != "peer" or c.is_peer)]
    peers = [contestant.name for contestant in field if contestant.is_peer]
    with tempfile.TemporaryDirectory() as folder:
        corpus, kernels = Path(folder) / "corpus.jsonl", Path(folder) / "kernels"
        write_corpus(corpus, articles, words, seed)
        runs: dict[str, list[Run]] = {contestant.name: [] for contestant in field}
        for number in range(repeat + 1):
            for contestant in field:
                if number == 0 and not contestant.is_peer:
                    shutil.rmtree(kernels, ignore_errors=True)
                run = measure(contestant, corpus, kernels)
                click.echo(f"{number or 'cold'}  {contestant.name}  {run.wall:.2f} s", err=True)
                if number > 0:
                    runs[contestant.name].append(run)
                elif not contestant.is_peer:
                    click.echo(f"cold, kernels compiled on the way: {contestant.name} {run.wall:.1f} s\n")
        if field:
            show(table(runs, peers, articles), markdown=markdown)
        if only in (None, "kernel"):
            show(kernel_table(kernel_rates(corpus, repeat)), markdown=markdown)


if __name__ == "__main__":
    main()
