"""French and German newspapers of 1840 to 2000, through OCR: agencies that human readers marked, against our credits.

A mention is found where a credit overlaps it by one code point or more (lenient overlap). A mention marked ``ag``
credits agencies without a name, and so does ours. One marked ``unk`` is an agency that the annotators could not
identify: a credit found there is right whatever it names. Article-level agencies leave both out, on either side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.data import find, records
from dedup.attribution.agencies import load_agencies
from dedup.attribution.credits import find_credits
from dedup.model import Article, Credit

UNNAMED, UNKNOWN = "ag", "unk"
CODES = {
    "ATS-SDA": "ATS",
    "Belga": "BEL",
    "DDP-DAPD": "DDP",
    "Domei": "DOM",
    "Europapress": "EUPR",
    "Extel": "EXT",
    "Havas": "HAV",
    "Interfax": "IFX",
    "Kipa": "KIPA",
    "Kyodo": "KYO",
    "Reuters": "RTR",
    "SPK-SMP": "SPK",
    "Stefani": "STE",
    "TANJUG": "TAN",
    "Telunion": "TU",
    "UP-UPI": "UPI",
    "Wolff": "WOL",
    "Xinhua": "XIN",
}
"""Where the gold's label is not already the agency's code."""

SAME = {"UP": "UPI"}
"""Codes of ours that the gold has under one label: it does not tell a house from its successor."""

Row = dict[str, Any]
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Score:
    """What was looked for and what was said; ``hits`` counts gold, ``right`` counts claims."""

    gold: int
    hits: int
    claims: int
    right: int

    @property
    def precision(self) -> float:
        """Share of the claims that are right; 1 where there are none."""
        return self.right / self.claims if self.claims else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold that is found; 1 where there is none."""
        return self.hits / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both, 0 where both are."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Agencies in OCR text.

    Attributes:
        mentions: Mentions found by credits that overlap them, whatever agency these name.
        named: The same, where the credit names the mention's agency.
        articles: Pairs of article and agency.
        roles: Roles and kinds of the credits that answer a mention.
        missed: Mentions without a credit that names their agency, with their article.
        strays: Credits that overlap no mention, with their article.
        wrong: Article-level disagreements: the id, the gold's agencies, ours.
    """

    mentions: Score
    named: Score
    articles: Score
    roles: Counter[tuple[str, str]]
    missed: list[tuple[Article, Span]]
    strays: list[tuple[Article, Credit]]
    wrong: list[tuple[str, set[str], set[str]]]


def measure(root: Path) -> Measured:
    """Read the collection below ``root`` and compare our credits with its marks."""
    rows = list(records(find(root, "impresso", "articles.jsonl")))
    codes = {agency.name: SAME.get(agency.code, agency.code) for agency in load_agencies().agencies}
    by_id = {m["qid"]: _code(m["type"]) for row in rows for m in row["mentions"] if m["qid"].startswith("Q")}
    found = [(row, article := _article(row), _mentioning(article)) for row in rows]
    mentions, named, articles = [], [], []
    roles: Counter[tuple[str, str]] = Counter()
    missed, strays, wrong = [], [], []
    for row, article, credits in found:
        gold = sorted({(m["start"], m["end"], _code(m["type"])) for m in row["mentions"]})
        claimed = [(c.start, c.end, codes[c.agency] if c.agency else UNNAMED) for c in credits]
        mentions.append(_compare(gold, claimed, names=False))
        named.append(_compare(gold, claimed, names=True))
        missed += [(article, g) for g in gold if not any(_answers(g, c) for c in claimed)]
        for credit, span in zip(credits, claimed, strict=True):
            if any(_overlap(g, span) for g in gold):
                roles[credit.role, credit.kind] += 1
            else:
                strays.append((article, credit))
        theirs, ours = _agencies(row, gold, by_id), _named(gold, claimed)
        both = len(theirs & ours)
        articles.append(Score(len(theirs), both, len(ours), both))
        if theirs != ours:
            wrong.append((article.id, theirs, ours))
    return Measured(_sum(mentions), _sum(named), _sum(articles), roles, missed, strays, wrong)


def show(measured: Measured, *, listed: bool = False) -> None:
    """Print the figures and, when asked, every error in its context."""
    for name, score in (
        ("mentions, lenient overlap", measured.mentions),
        ("the same, agency named", measured.named),
        ("agencies of articles", measured.articles),
    ):
        click.echo(
            f"{name:26} P {score.precision:.3f} ({score.right}/{score.claims})  "
            f"R {score.recall:.3f} ({score.hits}/{score.gold})  F1 {score.f1:.3f}"
        )
    told = ", ".join(f"{role} {kind} {count}" for (role, kind), count in measured.roles.most_common())
    click.echo(f"credits of mentions: {told}")
    if not listed:
        return
    for article, (start, end, code) in measured.missed:
        click.echo(f"  missed  {article.id} {code:5} {_context(article.text, start, end)}")
    for article, c in measured.strays:
        click.echo(f"  stray   {article.id} {c.agency} {c.kind} {_context(article.text, c.start, c.end)}")
    for id, theirs, ours in measured.wrong:
        click.echo(f"  article {id} missed {sorted(theirs - ours)} false {sorted(ours - theirs)}")


def _mentioning(article: Article) -> list[Credit]:
    """The credits that mention somebody: all but hints of house style."""
    return [credit for credit in find_credits(article) if credit.kind != "style"]


def _article(row: Row) -> Article:
    return Article(row["id"], row["text"], outlet=row["outlet"], published=row["date"], language=row["lang"])


def _code(label: str) -> str:
    label = label.rsplit(".", 1)[-1]
    return CODES.get(label, label)


def _agencies(row: Row, gold: Iterable[Span], by_id: Mapping[str, str]) -> set[str]:
    """The gold's agencies of an article; one without an id of its own goes by the mentions' labels."""
    ids = row["agencies_wikidata"]
    told = {by_id[q] for q in ids if q in by_id}
    return told | {code for *_, code in gold if "NIL" in ids} - {UNNAMED, UNKNOWN}


def _named(gold: Iterable[Span], claimed: Iterable[Span]) -> set[str]:
    """The agencies that we name in an article, except at places whose agency the gold could not tell."""
    untold = [g for g in gold if g[2] in (UNKNOWN, UNNAMED)]
    return {c[2] for c in claimed if not any(_overlap(g, c) for g in untold)} - {UNNAMED}


def _overlap(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _answers(gold: Span, claim: Span) -> bool:
    return _overlap(gold, claim) and gold[2] in (claim[2], UNKNOWN)


def _compare(gold: list[Span], claimed: list[Span], *, names: bool) -> Score:
    answers = _answers if names else _overlap
    hits = sum(any(answers(g, c) for c in claimed) for g in gold)
    right = sum(any(answers(g, c) for g in gold) for c in claimed)
    return Score(len(gold), hits, len(claimed), right)


def _sum(scores: Iterable[Score]) -> Score:
    told = list(scores)
    return Score(
        sum(s.gold for s in told),
        sum(s.hits for s in told),
        sum(s.claims for s in told),
        sum(s.right for s in told),
    )


def _context(text: str, start: int, end: int, around: int = 50) -> str:
    before, after = text[max(0, start - around) : start], text[end : end + around]
    return repr(f"{before}<<{text[start:end]}>>{after}")
