"""The signature kernel against what the machine can do at best.

Whoever signs a text has to read its code points once and, for each shingle, do ``num_perm`` multiply-adds and minima at
the machine's vector width. The first is measured by adding up the code points of texts already encoded; the second by
a loop whose operands never leave the registers. All that the kernel does beside these two, and whatever it waits for,
is what it lies above its limit.

    for figure in measure(texts, repeat=5):
        figure.part, figure.threads, figure.seconds, figure.articles, figure.megabytes, figure.of_limit
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.minhash.scheme import EMPTY, permutations
from dedup.minhash.signatures import shingle_sets, sign_articles
from dedup.settings import Settings
from dedup.text.furniture import Furniture
from dedup.text.tokens import Tokens, batch_furniture, encode, tokenise

ARTICLES_A_BATCH = 512
THREADS = (1, 2)

LIMIT = "limit: read once, permute in registers"
ALL = "all: text to signature"

_NEAR = 4096  # shingles: 16 kB
_SHIFT = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Figure:
    """What one part of the kernel takes.

    Attributes:
        part: `LIMIT`, `ALL`, or a part of either.
        threads: How many worked at once, each on batches of its own.
        seconds: The least time in which all texts were done.
        articles: Articles a second.
        megabytes: Megabytes of UTF-8 a second.
        of_limit: How much of `LIMIT` with as many threads is reached, 1 at most.
    """

    part: str
    threads: int
    seconds: float
    articles: float
    megabytes: float
    of_limit: float


class _Batch(NamedTuple):
    """A batch of texts with what each part is handed, ready made."""

    texts: list[str]
    codes: npt.NDArray[np.uint32]
    furniture: list[list[Furniture]]
    tokens: Tokens
    shingles: npt.NDArray[np.uint32]


def measure(
    texts: Sequence[str],
    repeat: int = 5,
    *,
    settings: Settings | None = None,
    threads: Sequence[int] = THREADS,
) -> list[Figure]:
    """Time every part of the kernel by itself, and all together.

    Args:
        texts: What to sign; at least one code point in all.
        repeat: How often each part is timed; the least time counts.

    Returns:
        The parts in the order of the work, for each number of threads.
    """
    settings = settings or Settings()
    texts = list(texts)
    batches = [
        _prepared(texts[at : at + ARTICLES_A_BATCH], settings)
        for at in range(0, len(texts), ARTICLES_A_BATCH)
    ]
    megabytes = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts) / 1e6
    figures = []
    for count in threads:
        with ThreadPoolExecutor(count) as pool:
            taken = {part: _least(pool, work, batches, repeat) for part, work in _parts(settings).items()}
        figures += [
            Figure(part, count, s, len(texts) / s, megabytes / s, taken[LIMIT] / s)
            for part, s in taken.items()
        ]
    return figures


def _parts(settings: Settings) -> dict[str, Callable[[_Batch], object]]:
    """The parts by name, in the order of the work."""
    width, num_perm, seed = settings.shingle, settings.num_perm, settings.seed
    factors, summands = permutations(num_perm, seed)

    def read(batch: _Batch) -> int:
        return _read(batch.codes)

    def permute(batch: _Batch) -> int:
        return _permute(batch.shingles, factors, summands)

    def both(batch: _Batch) -> tuple[int, int]:
        return read(batch), permute(batch)

    return {
        "read code points": read,
        "permute in registers": permute,
        LIMIT: both,
        "encode": lambda batch: encode(batch.texts),
        "encode and find furniture": lambda batch: batch_furniture(batch.texts),
        "tokens, furniture known": lambda batch: tokenise(batch.texts, batch.furniture),
        "signatures of tokens": lambda batch: sign_articles(batch.tokens, width, num_perm, seed),
        ALL: lambda batch: sign_articles(tokenise(batch.texts), width, num_perm, seed),
    }


def _prepared(texts: list[str], settings: Settings) -> _Batch:
    furniture = batch_furniture(texts)
    tokens = tokenise(texts, furniture)
    sets, _ = shingle_sets(tokens, settings.shingle)
    return _Batch(texts, encode(texts)[0], furniture, tokens, (sets >> _SHIFT).astype(np.uint32))


def _least(
    pool: ThreadPoolExecutor, work: Callable[[_Batch], object], batches: list[_Batch], repeat: int
) -> float:
    work(batches[0])  # compiles
    taken = []
    for _ in range(repeat):
        start = time.perf_counter()
        for _done in pool.map(work, batches):
            pass
        taken.append(time.perf_counter() - start)
    return min(taken)


@kernel
def _read(codes: npt.NDArray[np.uint32]) -> int:
    total = np.uint32(0)
    for i in range(len(codes)):
        total += codes[i]
    return int(total)


@kernel
def _permute(
    shingles: npt.NDArray[np.uint32], factors: npt.NDArray[np.uint32], summands: npt.NDArray[np.uint32]
) -> int:
    """The multiply-adds and minima alone: one permutation at a time, over shingles that the nearest cache holds."""
    total = 0
    for start in range(0, len(shingles), _NEAR):
        near = shingles[start : start + _NEAR]
        for p in range(len(factors)):
            factor = factors[p]
            summand = summands[p]
            least = EMPTY
            for k in range(len(near)):
                least = min(least, np.uint32(np.uint32(factor * near[k]) + summand))
            total += int(least)
    return total
