"""Who takes part: `dedup` itself, and the peers as their own documentation runs them, each as one command.

All of them get the same corpus, shingles of five words, 128 permutations, and a threshold of 0.7.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from benchmarks import corpora
from benchmarks.machine import cores
from benchmarks.process import DEDUP

SHINGLE, PERMUTATIONS, THRESHOLD = 5, 128, 0.7
SCRIPTS = Path(__file__).resolve().parent / "peers"
NEAR, ALL = "dedup, near-duplicates", "dedup, all stages"
_NOTHING_BUT_NEAR = "--no-passages", "--no-origin"
_FIND = "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)"

Command = Callable[[Path, Path], list[str]]


class Contestant(NamedTuple):
    """Someone who takes a corpus and a scratch folder, which is empty before and gone after.

    Attributes:
        needs: The packages without which it cannot run, by the names of their modules: what to install.
        command: Its arguments; what it makes of them beforehand is not measured.
        hindrance: Why it cannot run though it is installed.
    """

    name: str
    command: Command
    needs: tuple[tuple[str, str], ...] = ()
    hindrance: str | None = None

    @property
    def is_peer(self) -> bool:
        """Whether it is somebody else's."""
        return bool(self.needs)


def dedup_run(corpus: Path, out: Path, *options: str) -> list[str]:
    """`dedup run` with this interpreter."""
    return [sys.executable, *DEDUP, "run", str(corpus), "--out", str(out), "--force", "-q", *options]


def ours() -> list[Contestant]:
    """Near-duplicates alone, and everything."""
    return [
        Contestant(NEAR, lambda corpus, scratch: dedup_run(corpus, scratch / "out", *_NOTHING_BUT_NEAR)),
        Contestant(ALL, lambda corpus, scratch: dedup_run(corpus, scratch / "out")),
    ]


def peers(python: Path, model: Path | None = None) -> list[Contestant]:
    """The peers that are whole programs.

    Args:
        python: The interpreter that has them.
        model: A folder with the embeddings that semhash compares by.
    """

    def text_dedup(hash_func: str) -> Command:
        def command(corpus: Path, scratch: Path) -> list[str]:
            options = {
                "path": "json", "data_files": corpus, "split": "train", "cache_dir": scratch / "cache",
                "output": scratch / "out", "column": "text", "ngram": SHINGLE, "num_perm": PERMUTATIONS,
                "threshold": THRESHOLD, "hash_func": hash_func, "num_proc": cores(),
            }  # fmt: skip
            flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
            return [str(python), "-m", "text_dedup.minhash", *flags]

        return command

    def datatrove(corpus: Path, scratch: Path) -> list[str]:
        parts = corpora.shards(corpus, cores())
        return [str(python), str(SCRIPTS / "trove.py"), str(parts), str(scratch / "out"), str(cores())]

    def semhash(corpus: Path, scratch: Path) -> list[str]:
        return [
            str(python),
            str(SCRIPTS / "semantic.py"),
            str(corpus),
            str(scratch / "out.jsonl"),
            str(model),
        ]

    trove = (("datatrove", "datatrove==0.10.1"), ("spacy", "spacy>=3.8"), ("xxhash", "xxhash<4"))
    embeddings = (
        None if model else "compares embeddings, whose model it fetches from a hub (--semhash-model FOLDER)"
    )
    return [
        Contestant("text-dedup, sha1", text_dedup("sha1"), (("text_dedup", "text-dedup==0.4.0"),)),
        Contestant("text-dedup, xxh3", text_dedup("xxh3"), (("text_dedup", "text-dedup==0.4.0"),)),
        Contestant("datatrove", datatrove, (*trove, ("orjson", "orjson"), ("regex", "regex"))),
        Contestant("semhash", semhash, (("semhash", "semhash==0.5.0"),), embeddings),
    ]


def missing(field: Iterable[Contestant], python: Path) -> dict[str, str]:
    """Who cannot run, and why: what to install for it first."""
    skipped = {}
    for contestant in field:
        lacking = [wanted for module, wanted in contestant.needs if not _has(python, module)]
        if lacking:
            skipped[contestant.name] = f"needs {', '.join(lacking)} (extra `bench`)"
        elif contestant.hindrance:
            skipped[contestant.name] = contestant.hindrance
    return skipped


def _has(python: Path, module: str) -> bool:
    return subprocess.run([python, "-c", _FIND, module], check=False).returncode == 0
