"""`dedup origin`: whose text each article is, with the evidence in context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from dedup.cli import options
from dedup.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text

    from dedup.model import Article, Attribution, Credit, Origin

_CONTEXT = 40
_COLOURS = {
    "origin": "green",
    "carrier": "cyan",
    "contributor": "yellow",
    "cited": "magenta",
    "photo": "blue",
    "unnamed": "yellow",
}


@click.command(epilog=options.STATUSES, short_help="Tell whose text each article is, with the evidence.")
@options.inputs
@options.fields
@options.strict
@options.agencies
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line: id, origin, credits.")
def origin(
    inputs: tuple[str, ...], fields: Mapping[str, str], strict: bool, agencies: str, as_json: bool
) -> int:
    """Tell whose text each article is, by what stands in it.

    INPUT is a file, a folder, a glob or - for standard input. For each article: the agency (or the company
    behind a press release), how certain that is, and every credit with its role, its weight in log-odds
    points and its context, in [[ ]] where no colour is seen. Articles are judged one by one; `dedup run` also
    hears what their copies say.

    \b
    Examples:
      dedup origin story.txt
      dedup origin news.jsonl --json | grep confirmed
      dedup origin news.jsonl --agencies my-agencies.toml
    """
    from dedup.attribution.origin import attribute
    from dedup.readers import read

    settings = Settings(agencies=agencies)
    rejects = options.Rejects(strict=strict)
    articles = read(inputs, fields=fields, on_reject=rejects, on_notice=options.notice)
    found = ((article, attribute(article, settings)) for article in articles)
    if as_json:
        _print_json(found)
    else:
        _show(found)
    options.tell(rejects.found)
    return 3 if rejects.found else 0


def _print_json(found: Iterable[tuple[Article, Attribution]]) -> None:
    from dedup.writers import to_record

    for article, attribution in found:
        options.print_json({"id": article.id, **to_record(attribution)})


def _show(found: Iterable[tuple[Article, Attribution]]) -> None:
    from rich.console import Console

    from dedup.cli.excerpts import styles_are_lost

    console = Console(highlight=False)
    marked = styles_are_lost(console)
    for number, (article, attribution) in enumerate(found):
        if number:
            console.print()
        console.print(_verdict(article, attribution.origin), soft_wrap=True)
        for credit in attribution.credits:
            console.print(_evidence(article, credit, marked=marked), soft_wrap=True)


def _verdict(article: Article, origin: Origin) -> Text:
    from rich.text import Text

    from dedup.cli.excerpts import shown

    line = Text(f"{shown(article.id)}: ")
    if origin.issuer is not None or (origin.agency is None and origin.status != "unknown"):
        whose = f"a press release of {shown(origin.issuer)}" if origin.issuer else "a press release"
        line.append(whose, style="bold")
    elif origin.agency is None:
        line.append("origin unknown", style="bold")
        return line
    else:
        line.append(" and ".join(origin.agencies or (origin.agency,)), style="bold")
    line.append(f", {origin.status}, {origin.share} text, score {origin.score:+.1f}")
    return line


def _evidence(article: Article, credit: Credit, *, marked: bool) -> Text:
    from rich.text import Text

    from dedup.cli.excerpts import excerpt, shown

    colour = _COLOURS[credit.role]
    style = f"bold {colour}"
    if credit.end == 0:
        quoted = Text(shown(credit.text), style)
    else:
        quoted = excerpt(article.text, credit.start, credit.end, _CONTEXT, style, marked=marked)
    return Text.assemble(
        f"  {credit.agency or 'unnamed':<16} ",
        (f"{credit.role:<11} ", colour),
        f"{credit.kind:<11} {credit.weight:+5.1f}  ",
        quoted,
        (f"  ({credit.rule})", "dim"),
    )
