"""Speed of passage alignment on pairs of ordinary news articles, text in and spans out, on one core.

python -m benchmarks.alignment --markdown
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from pathlib import Path

import click
import numpy as np
import orjson

from benchmarks.corpora import newswire
from benchmarks.machine import machine
from benchmarks.show import show

BATCH = 500  # pairs
CHANGED = 20  # words of a copy that are others,
LEFT_OUT = 30  # and so many at its beginning


def edited(text: str, rng: random.Random) -> str:
    """A copy with some words exchanged and its beginning left out."""
    words = text.split()
    for _ in range(CHANGED):
        words[rng.randrange(len(words))] = rng.choice(words)
    return " ".join(words[LEFT_OUT:])


def rates(texts: list[str], repeat: int) -> dict[str, tuple[float, float]]:
    """Pairs a second in batches, and one by one through `compare`: medians of `repeat` passes."""
    rng = random.Random(1)
    kinds = {
        "different articles": list(zip(texts[::2], texts[1::2], strict=False)),
        "edited copies": [(text, edited(text, rng)) for text in texts[::2]],
    }
    return {name: (_batched(pairs, repeat), _compared(pairs[:500], repeat)) for name, pairs in kinds.items()}


def _batched(pairs: list[tuple[str, str]], repeat: int) -> float:
    from dedup.settings import Settings
    from dedup.stages import align_batch

    def align(batch: list[tuple[str, str]]) -> None:
        numbers = np.arange(2 * len(batch), dtype=np.int64).reshape(-1, 2)
        align_batch([text for pair in batch for text in pair], numbers, Settings())

    batches = [pairs[at : at + BATCH] for at in range(0, len(pairs), BATCH)]
    align(batches[0])
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        for batch in batches:
            align(batch)
        taken.append(time.perf_counter() - start)
    return len(pairs) / statistics.median(taken)


def _compared(pairs: list[tuple[str, str]], repeat: int) -> float:
    from dedup import compare

    compare(*pairs[0])
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        for a, b in pairs:
            compare(a, b)
        taken.append(time.perf_counter() - start)
    return len(pairs) / statistics.median(taken)


@click.command(help="Pairs of news articles aligned a second, on one core.")
@click.option("--pairs", default=2_000, show_default=True, type=click.IntRange(min=1))
@click.option(
    "--words", default=400, show_default=True, type=click.IntRange(min=60), help="Words an article."
)
@click.option("--seed", default=1, show_default=True, help="Of the newswire.")
@click.option("--repeat", default=5, show_default=True, type=click.IntRange(min=1), help="Passes.")
@click.option("--markdown", is_flag=True, help="Print the table as RESULTS.md wants it.")
def main(pairs: int, words: int, seed: int, repeat: int, markdown: bool) -> None:
    click.echo(f"{machine()}; {pairs:,} pairs of {words} words, seed {seed}, {repeat} passes\n")
    with tempfile.TemporaryDirectory() as folder:
        corpus = newswire(Path(folder), 2 * pairs, words, seed)
        texts = [str(orjson.loads(line)["text"]) for line in corpus.read_bytes().splitlines()]
    head = ["alignment, text in, spans out", "pairs/s in batches", "pairs/s by `compare`"]
    rows = [[name, f"{a:,.0f}", f"{b:,.0f}"] for name, (a, b) in rates(texts, repeat).items()]
    show([head, *rows], markdown=markdown)


if __name__ == "__main__":
    main()
