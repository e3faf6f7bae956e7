"""Corpora to measure on: made once, in processes of their own, and kept under the names of their arguments."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from benchmarks.machine import cores
from benchmarks.process import ROOT

WORDS = 346  # an article
WORK = Path(tempfile.gettempdir()) / "dedup-benchmarks"


def newswire(work: Path, articles: int, words: int = WORDS, seed: int = 1) -> Path:
    """So many articles of the synthetic newswire, as JSONL."""
    path = work / f"newswire-{articles}-{words}-{seed}.jsonl"
    for longer in work.glob(f"newswire-*-{words}-{seed}.jsonl"):
        if int(longer.name.split("-")[1]) > articles:
            return head(longer, articles, path)  # more articles begin with the fewer ones
    command = ["benchmarks.newswire", str(articles), "--words", str(words), "--seed", str(seed)]
    return _made(path, [*command, "--processes", str(cores())])


def described(corpus: Path, articles: int, words: int, seed: int) -> dict[str, float]:
    """What is written down of a newswire; megabytes are those of its JSONL."""
    megabytes = round(corpus.stat().st_size / 1e6, 1)
    return {"articles": articles, "words": words, "seed": seed, "megabytes": megabytes}


def cliff(work: Path, name: str, size: int) -> Path:
    """One of the corpora of `benchmarks.cliffs`, as JSONL."""
    return _made(work / f"cliff-{name}-{size}.jsonl", ["benchmarks.cliffs", name, str(size)])


def shards(corpus: Path, count: int) -> Path:
    """A folder with the corpus in so many files, for tools whose workers take whole files; lines are dealt in turn."""
    folder = corpus.with_name(f"{corpus.stem}-in-{count}")
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=corpus.parent) as scratch, ExitStack() as opened:
            parts = Path(scratch) / "parts"
            parts.mkdir()
            lines = opened.enter_context(corpus.open("rb"))
            files = [opened.enter_context((parts / f"{i}.jsonl").open("wb")) for i in range(count)]
            for number, line in enumerate(lines):
                files[number % count].write(line)
            parts.rename(folder)
    return folder


def head(corpus: Path, articles: int, path: Path | None = None) -> Path:
    """The first articles of a corpus, in a file of that path or beside it."""
    path = path or corpus.with_name(f"{corpus.stem}-first-{articles}.jsonl")
    if not path.exists():
        part = path.with_suffix(".part")
        with corpus.open("rb") as lines, part.open("wb") as out:
            out.writelines(islice(lines, articles))
        part.rename(path)
    return path


def _made(path: Path, command: list[str]) -> Path:
    """The file, made by a module that takes ``--out`` if it is not there yet.

    In a process of its own: what this one holds would count in its children's peaks.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        subprocess.run([sys.executable, "-m", *command, "--out", str(part)], cwd=ROOT, check=True)
        part.rename(path)
    return path
