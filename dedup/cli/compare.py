"""`dedup compare`: two articles, and the passages that they share, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from dedup.cli import options
from dedup.errors import InputError

if TYPE_CHECKING:
    from rich.text import Text

    from dedup.model import Article, Match
    from dedup.pairwise import Comparison

_COLOURS = {"verbatim": "green", "edited": "yellow", "rewritten": "magenta"}


@click.command(short_help="Show the passages that two articles share.")
@click.argument("a")
@click.argument("b")
@options.fields
@click.option("--context", type=click.IntRange(0), default=40, show_default=True, metavar="N",
              help="Characters to show around each passage.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare(a: str, b: str, fields: Mapping[str, str], context: int, as_json: bool) -> int:
    """Show the passages that articles A and B share.

    A and B are files of one article each (.txt, JSON, a single line of JSONL); one of them may be - for standard
    input. Every passage is numbered and told by its kind (verbatim, edited, rewritten), its similarity and its weight:
    substantial passages are shared reporting, incidental ones are quotations, captions and stock background.
    """
    if a == b == "-":
        raise click.UsageError("standard input can be read only once: name a file for A or B")
    first, second = _one(a, fields), _one(b, fields)
    from dedup.pairwise import compare_fully

    found = compare_fully(first, second)
    if as_json:
        click.echo(_json(found))
    else:
        _show(found, context)
    return 0


def _one(source: str, fields: Mapping[str, str]) -> Article:
    from dedup.readers import read, refuse

    articles = []
    for article in read([source], fields=fields, on_reject=refuse, on_notice=options.notice):
        articles.append(article)
        if len(articles) > 1:
            raise InputError(f"{source}: holds more than one article; compare takes files of one article each")
    if not articles:
        raise InputError(f"{source}: holds no article")
    return articles[0]


def _json(found: Comparison) -> str:
    from dedup.writers import dumps, to_record

    record = {
        "a": found.a.id,
        "b": found.b.id,
        "similarity": to_record(found.similarity),
        "coverage": {"a": round(found.coverage[0], 4), "b": round(found.coverage[1], 4)},
        "matches": [to_record(match) for match in found.matches],
    }
    return dumps(record).decode()


def _show(found: Comparison, context: int) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.print(_headline(found))
    for number, match in enumerate(found.matches, 1):
        colour = _COLOURS[match.kind]
        title = f"{number}  {match.kind}, similarity {match.similarity:.2f}, {match.weight}: {match.reason}"
        console.print()
        console.print(title, style=f"bold {colour}", markup=False)
        for name, article, start, end in _sides(found, match):
            console.print(_excerpt(name, article.text, start, end, context, colour))


def _headline(found: Comparison) -> Text:
    from rich.text import Text

    count = len(found.matches)
    passages = f"{count} shared passage{'' if count == 1 else 's'}" if count else "no shared passage"
    similarity = found.similarity
    return Text(
        f"A {_shown(found.a.id)}\nB {_shown(found.b.id)}\n{passages}; {found.coverage[0]:.0%} of A, "
        f"{found.coverage[1]:.0%} of B; Jaccard {similarity.jaccard:.2f}, containment {similarity.containment:.2f}"
    )


def _sides(found: Comparison, match: Match) -> tuple[tuple[str, Article, int, int], ...]:
    return ("A", found.a, match.a_start, match.a_end), ("B", found.b, match.b_start, match.b_end)


def _excerpt(name: str, text: str, start: int, end: int, context: int, colour: str) -> Text:
    from rich.text import Text

    before, after = max(0, start - context), min(len(text), end + context)
    excerpt = Text(f"{name} [{start}, {end})  ", style="bold")
    excerpt.append(("…" if before else "") + _shown(text[before:start]), style="not bold dim")
    excerpt.append(_shown(text[start:end]), style=f"not bold {colour}")
    excerpt.append(_shown(text[end:after]) + ("…" if after < len(text) else ""), style="not bold dim")
    return excerpt


def _shown(text: str) -> str:
    """Text that a terminal shows as it is: white space folded, control characters and lone surrogates replaced."""
    printable = (char if char.isprintable() or char.isspace() else "\ufffd" for char in text)
    shown = "".join(" " if char.isspace() else char for char in printable)
    return shown.encode("utf-8", "replace").decode()
