"""`dedup origin`: whose text each article is, in a few lines with the evidence in context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from dedup.cli import options
from dedup.settings import Settings

if TYPE_CHECKING:
    from rich.text import Text

    from dedup.cli.wording import Story
    from dedup.model import Article, Attribution, Credit

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
@click.option("-v", "--verbose", is_flag=True,
              help="Show every credit, too, with its role, kind, weight in log-odds points and rule.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True,
              help="Print one JSON object a line: id, origin, credits, verdict, evidence, against.")  # fmt: skip
def origin(
    inputs: tuple[str, ...],
    fields: Mapping[str, str],
    strict: bool,
    agencies: str,
    verbose: bool,
    as_json: bool,
) -> int:
    """Tell whose text each article is, by what stands in it.

    INPUT is a file, a folder, a glob or - for standard input. For each article: who wrote it (an agency, or
    the company behind a press release) and how certain that is; the strongest evidence in its context, in
    [[ ]] where no colour is seen; and what speaks against it. A picture credit, a quotation or a mention
    makes no author. Articles are judged one by one; `dedup run` also hears what their copies say, and
    `dedup explain` tells that.

    \b
    Examples:
      dedup origin story.txt
      dedup origin news.jsonl -v | less
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
        _print_json(found, agencies)
    else:
        _show(found, agencies, verbose=verbose)
    options.tell(rejects.found)
    return 3 if rejects.found else 0


def _story(article: Article, record: Mapping[str, Any], agencies: str) -> Story:
    from dedup.cli import wording

    return wording.tell(record["origin"], record["credits"], wording.signature(article, agencies))


def _print_json(found: Iterable[tuple[Article, Attribution]], agencies: str) -> None:
    from dedup.cli.quotes import story_record
    from dedup.writers import to_record

    for article, attribution in found:
        known = to_record(attribution)
        story = story_record(_story(article, known, agencies), article.id, {article.id: article.text})
        options.print_json({"id": article.id, **known, **story})


def _show(found: Iterable[tuple[Article, Attribution]], agencies: str, *, verbose: bool) -> None:
    from rich.console import Console

    from dedup.cli.excerpts import styles_are_lost
    from dedup.cli.quotes import show

    console = Console(highlight=False)
    marked = styles_are_lost(console)
    for number, (article, attribution) in enumerate(found):
        if number:
            console.print()
        verdict, *pieces = _lines(article, attribution, agencies, marked=marked)
        show(console, verdict, indent=2)
        for line in pieces:
            show(console, line)
        for credit in attribution.credits if verbose else ():
            console.print(_credit(article, credit, marked=marked), soft_wrap=True)


def _lines(article: Article, attribution: Attribution, agencies: str, *, marked: bool) -> Iterator[Text]:
    from rich.text import Text

    from dedup.cli.excerpts import short
    from dedup.cli.quotes import told
    from dedup.writers import to_record

    story = _story(article, to_record(attribution), agencies)
    yield Text.assemble(f"{short(article.id)}: ", (short(story.verdict), "bold"))
    for piece in story.evidence + story.against:
        yield told(piece, article.text, marked=marked)


def _credit(article: Article, credit: Credit, *, marked: bool) -> Text:
    from rich.text import Text

    from dedup.cli.quotes import quoted

    colour = _COLOURS[credit.role]
    return Text.assemble(
        f"  {credit.agency or 'unnamed':<16} ",
        (f"{credit.role:<11} ", colour),
        f"{credit.kind:<11} {credit.weight:+5.1f}  ",
        quoted(credit, article.text, f"bold {colour}", marked=marked),
        (f"  ({credit.rule})", "dim"),
    )
