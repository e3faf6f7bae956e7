"""`dedup compare`: two articles, and the passages that they share, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from dedup.cli import options
from dedup.errors import InputError

if TYPE_CHECKING:
    from rich.text import Text

    from dedup.model import Article, Match
    from dedup.pairwise import Comparison

_COLOURS = {"verbatim": "green", "edited": "yellow", "rewritten": "magenta"}


@click.command(
    epilog="Exit status: 0 done, 1 failed, 2 usage.", short_help="Show the passages that two articles share."
)
@click.argument("a")
@click.argument("b")
@options.fields
@click.option("--context", type=click.IntRange(0), default=40, show_default=True, metavar="N",
              help="Characters to show around each passage.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare(a: str, b: str, fields: Mapping[str, str], context: int, as_json: bool) -> int:
    """Show the passages that articles A and B share.

    A and B are files of one article each (.txt, JSON, a single line of JSONL); one of them may be -
    for JSON on standard input. Every passage is numbered and told by its kind (verbatim, edited,
    rewritten), its similarity and its weight: substantial passages are shared reporting, incidental
    ones are quotations, captions and stock background. Offsets count characters, from the first up to,
    and without, the last. Where no colour is seen, passages stand in [[ ]].

    \b
    Examples:
      dedup compare wire.txt reprint.txt
      dedup compare wire.txt reprint.txt --json
    """
    if a == b == "-":
        raise click.UsageError("standard input can be read only once: name a file for A or B")
    first, second = _one(a, fields), _one(b, fields)
    from dedup.pairwise import compare_fully

    found = compare_fully(first, second)
    if as_json:
        options.print_json(_record(found))
    else:
        _show(found, context)
    return 0


def _one(source: str, fields: Mapping[str, str]) -> Article:
    from dedup.readers import read, refuse

    articles = []
    for article in read([source], fields=fields, on_reject=refuse, on_notice=options.notice):
        articles.append(article)
        if len(articles) > 1:
            raise InputError(
                f"{source}: holds more than one article; compare takes files of one article each"
            )
    if not articles:
        raise InputError(f"{source}: holds no article")
    return articles[0]


def _record(found: Comparison) -> dict[str, Any]:
    from dedup.writers import to_record

    return {
        "a": found.a.id,
        "b": found.b.id,
        "similarity": to_record(found.similarity),
        "coverage": {"a": round(found.coverage[0], 4), "b": round(found.coverage[1], 4)},
        "matches": [to_record(match) for match in found.matches],
    }


def _show(found: Comparison, context: int) -> None:
    from rich.console import Console
    from rich.text import Text

    from dedup.cli.excerpts import excerpt, styles_are_lost

    console = Console(highlight=False)
    # A file is searched line by line: only a terminal gets lines broken to its width.
    wrap, marked = not console.is_terminal, styles_are_lost(console)
    console.print(_headline(found), soft_wrap=wrap)
    for number, match in enumerate(found.matches, 1):
        colour = _COLOURS[match.kind]
        title = f"{number}  {match.kind}, similarity {match.similarity:.2f}, {match.weight}: {match.reason}"
        console.print()
        console.print(title, style=f"bold {colour}", markup=False, soft_wrap=wrap)
        for name, article, start, end in _sides(found, match):
            piece = excerpt(article.text, start, end, context, colour, marked=marked)
            console.print(Text.assemble((f"{name} [{start}, {end})  ", "bold"), piece), soft_wrap=wrap)


def _headline(found: Comparison) -> Text:
    from rich.text import Text

    from dedup.cli.excerpts import shown

    count = len(found.matches)
    passages = f"{count} shared passage{'' if count == 1 else 's'}" if count else "no shared passage"
    similarity = found.similarity
    return Text(
        f"A {shown(found.a.id)}\nB {shown(found.b.id)}\n"
        f"{passages}; {found.coverage[0]:.0%} of A, {found.coverage[1]:.0%} of B; "
        f"Jaccard {similarity.jaccard:.2f}, containment {similarity.containment:.2f}"
    )


def _sides(found: Comparison, match: Match) -> tuple[tuple[str, Article, int, int], ...]:
    return ("A", found.a, match.a_start, match.a_end), ("B", found.b, match.b_start, match.b_end)
