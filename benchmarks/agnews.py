"""Credits in short texts: AG News prints the agency at the end of the title, "(AP)", and before the text, "AP - ".

Each is hidden in turn and the agency read from what is left: from the text under a bare title, from the title over a
bare text. Names that no list of agencies holds, of papers and magazines, are credits too; they are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.data import find, records
from dedup.attribution.agencies import load_agencies
from dedup.attribution.origin import attribute
from dedup.model import Article, Origin

LABELS = ("label_prefix", "label_title")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one article; ``gold`` is the agency that its label names, None for one not listed or no label."""

    row: Row
    label: str | None
    gold: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Read:
    """All articles, read with one of their two credits hidden."""

    told: list[Told]

    @property
    def listed(self) -> list[Told]:
        """Those whose label names an agency of the list."""
        return [one for one in self.told if one.gold is not None]

    @property
    def right(self) -> list[Told]:
        """Of these, those whose agency is named."""
        return [one for one in self.listed if one.origin.agency == one.gold]

    @property
    def wrong(self) -> list[Told]:
        """Of these, those of which another agency is named."""
        return [one for one in self.listed if one.origin.agency not in (None, one.gold)]

    @property
    def missed(self) -> list[Told]:
        """Of these, those of which none is named."""
        return [one for one in self.listed if one.origin.agency is None]

    @property
    def beyond(self) -> list[Told]:
        """Articles without a label that is listed, of which an agency is named: to be read by hand."""
        return [one for one in self.told if one.gold is None and one.origin.agency is not None]

    @property
    def precision(self) -> float:
        """Of the listed ones of which an agency is named, the share where it is the right one."""
        named = len(self.right) + len(self.wrong)
        return len(self.right) / named if named else 1.0

    @property
    def recall(self) -> float:
        """Of the listed ones, the share whose agency is named."""
        return len(self.right) / len(self.listed) if self.listed else 1.0

    @property
    def others(self) -> Counter[str]:
        """Labels that name no agency of the list."""
        return Counter(one.label for one in self.told if one.label and one.gold is None)


@dataclass(frozen=True, slots=True)
class Measured:
    """The credit of the text read under a bare title, and that of the title over a bare text."""

    from_text: Read
    from_title: Read


def measure(root: Path) -> Measured:
    """Read every article twice."""
    rows = list(records(find(root, "agnews", "articles.jsonl")))
    return Measured(
        _read(rows, "label_prefix", lambda row: Article(row["id"], row["text"], title=without_tag(row))),
        _read(rows, "label_title", lambda row: Article(row["id"], without_prefix(row), title=row["title"])),
    )


def _read(rows: Iterable[Row], label: str, article: Callable[[Row], Article]) -> Read:
    listed = load_agencies()
    told = []
    for row in rows:
        agency = listed.named(row[label]) if row[label] else None
        told.append(Told(row, row[label], agency.name if agency else None, attribute(article(row)).origin))
    return Read(told)


def without_tag(row: Row) -> str:
    """The title without the agency behind it."""
    title = str(row["title"])
    tag = f"({row['label_title']})"
    return title.rstrip().removesuffix(tag).rstrip() if row["label_title"] else title


def without_prefix(row: Row) -> str:
    """The text without the agency before it."""
    text = str(row["text"])
    return text.removeprefix(f"{row['label_prefix']} - ") if row["label_prefix"] else text


def show(measured: Measured, *, listed: bool = False) -> None:
    """Print both readings; ``listed``: with every error, and every origin of an article without a listed label."""
    for name, read in (
        ("from the text, the title bare", measured.from_text),
        ("from the title, the text bare", measured.from_title),
    ):
        click.echo(f"{name}: {len(read.listed)} articles credited to an agency of the list")
        click.echo(
            f"  precision {read.precision:.2%}, recall {read.recall:.2%}; "
            f"{len(read.wrong)} wrong, {len(read.missed)} missed"
        )
        others = ", ".join(f"{label} {count}" for label, count in read.others.most_common())
        click.echo(f"  credits that are not listed: {others}")
        statuses = Counter(one.origin.status for one in read.beyond)
        click.echo(
            f"  origins named without a listed label: {len(read.beyond)} {dict(sorted(statuses.items()))}"
        )
        for kind, told in (("wrong", read.wrong), ("missed", read.missed), ("beyond", read.beyond)):
            for one in told if listed else ():
                origin = one.origin
                click.echo(
                    f"    {kind} {one.row['id']} label {one.label}: {origin.agency} {origin.status} {origin.score}"
                    f" | {one.row['title'][-50:]} | {one.row['text'][:110]}"
                )
