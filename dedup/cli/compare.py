"""`dedup compare`: two articles, and the passages that they share, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from dedup.cli import options
from dedup.errors import InputError

if TYPE_CHECKING:
    from dedup.model import Article
    from dedup.pairwise import Comparison


def _parse_context(context: click.Context, option: click.Parameter, given: str) -> int | None:
    if given == "all":
        return None
    if given.isascii() and given.isdigit():
        return int(given[:9])
    raise click.BadParameter(f"{given!r} is neither a number of characters nor 'all'", context, option)


@click.command(
    epilog="Exit status: 0 done, 1 failed, 2 usage.", short_help="Show the passages that two articles share."
)
@click.argument("a")
@click.argument("b")
@options.fields
@click.option("--context", callback=_parse_context, default="40", show_default=True, metavar="N|all",
              help="Characters to show of what stands around each passage; all shows both articles whole.")  # fmt: skip
@click.option("--width", type=click.IntRange(20), metavar="N",
              help="Columns to fill, those of the terminal by default; in a pipe lines stay whole.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def compare(
    a: str, b: str, fields: Mapping[str, str], context: int | None, width: int | None, as_json: bool
) -> int:
    """Show the passages that articles A and B share, side by side where 100 columns are free.

    A and B are files of one article each (.txt, JSON, a single line of JSONL); one of them may be -
    for JSON on standard input.

    Passages are numbered in order of A and told by kind, similarity and weight. Verbatim ones are the
    same but for case, accents and punctuation, edited ones have half of their words in common, and five
    in a row, rewritten ones less. Substantial ones are shared reporting, incidental ones quotations,
    captions and stock background. Offsets count characters, from the first up to, and without, the last.
    Words that only one side has are underlined, or {in braces} where no colour is seen; text that is the
    same at length, or not shared, is folded.

    \b
    Examples:
      dedup compare wire.txt reprint.txt
      dedup compare wire.txt reprint.txt --context all --width 160 | less
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
        _show(found, context, width)
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
        "relation": found.relation,
        "cut_short": found.cut_short,
        "matches": [
            {
                **to_record(match),
                "a_text": found.a.text[match.a_start : match.a_end],
                "b_text": found.b.text[match.b_start : match.b_end],
            }
            for match in found.matches
        ],
    }


def _show(found: Comparison, context: int | None, width: int | None) -> None:
    from rich.console import Console

    from dedup.cli.excerpts import styles_are_lost
    from dedup.cli.side_by_side import Look, lines

    console = Console(highlight=False)
    # A file is searched line by line: only a terminal gets lines broken to its width.
    fitting = width or (console.width if console.is_terminal else None)
    for line in lines(found, Look(fitting, context, marked=styles_are_lost(console))):
        console.print(line, soft_wrap=True)
