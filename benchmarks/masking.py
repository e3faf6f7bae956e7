"""The hard test of inferred origins: the credits of half the credited copies are taken out of their texts.

What then names the agency again can only be the copies that were left credited.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import helsinki as gold
from benchmarks.data import find, records
from dedup.attribution.agencies import load_agencies
from dedup.attribution.credits import find_credits
from dedup.model import Article, Verdict

SAME_STORY = 0.5
"""Containment of 5-grams from which credited text of the same story counts as left in the set."""

_ROUNDS = 4  # what a name hid before may read as a credit once it is gone


@dataclass(frozen=True, slots=True)
class Masked:
    """Masked copies, each as (gold row, verdict of the run).

    Attributes:
        answerable: Those with a credited copy of the same agency's text left in the set.
        others: The rest, for which no copy could tell.
    """

    answerable: gold.Origins
    others: gold.Origins


def mask(article: Article) -> Article:
    """The article with every agency's name, and whatever else credits an agency, overwritten by blanks."""
    agencies = load_agencies()
    text = article.text
    for _ in range(_ROUNDS):
        spans = [match.span() for match in agencies.pattern.finditer(text)]
        spans += [(c.start, c.end) for c in find_credits(replace(article, text=text)) if c.weight > 0]
        if not any(end for _, end in spans):
            break
        text = blanked(text, spans)
    return replace(article, text=text)


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spans overwritten by blanks, line ends kept."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [char if char == "\n" else " " for char in letters[start:end]]
    return "".join(letters)


def halves(ids: Iterable[str], seed: int) -> tuple[set[str], set[str]]:
    """Two random halves of the ids, the same for the same seed."""
    order = sorted(ids, key=lambda id: hashlib.sha256(f"{seed} {id}".encode()).digest())
    return set(order[::2]), set(order[1::2])


def measure(root: Path, verdicts: Mapping[str, Verdict], seed: int) -> Masked:
    """Mask one half, then the other, a run each: every credited copy is asked for once.

    Args:
        verdicts: Of a run over the articles as they are.
    """
    from dedup import run

    articles = gold.articles(root)
    plain = gold.origins(root, gold.Reading(verdicts, {}))
    rows = {row["id"]: row for row, _ in plain.gold("credited")}
    alike = _alike(root)
    answerable: list[tuple[gold.Row, Verdict]] = []
    others: list[tuple[gold.Row, Verdict]] = []
    for half in halves(rows, seed):
        reading = gold.read(run([mask(article) if article.id in half else article for article in articles]))
        for id in sorted(half):
            left = [verdicts[other] for other in alike.get(id, ()) if other not in half]
            tells = any(
                _credits(verdict) and set(rows[id]["origin"]) & plain.ours(verdict) for verdict in left
            )
            (answerable if tells else others).append((rows[id], reading.verdicts[id]))
    return Masked(gold.Origins(answerable, plain.codes), gold.Origins(others, plain.codes))


def _credits(verdict: Verdict) -> bool:
    return verdict.origin.inferred_from is None and verdict.origin.status in gold.CLAIMED


def _alike(root: Path) -> Mapping[str, Sequence[str]]:
    alike: dict[str, list[str]] = {}
    for row in records(find(root, "helsinki", "exact_pairs.jsonl")):
        if row["containment5"] >= SAME_STORY:
            alike.setdefault(row["a"], []).append(row["b"])
            alike.setdefault(row["b"], []).append(row["a"])
    return alike
