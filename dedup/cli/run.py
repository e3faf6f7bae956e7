"""`dedup run`: the whole analysis of a corpus into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli import options
from dedup.errors import DedupError
from dedup.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

_DEFAULTS = Settings()
_REJECTS_TOLD = 5
_STAGES = {
    "read": "Reading",
    "sign": "Signing",
    "read credits": "Reading credits",
    "propose articles": "Proposing pairs",
    "verify": "Verifying",
    "align near-duplicates": "Aligning copies",
    "propose passages": "Proposing passages",
    "align passages": "Aligning passages",
    "align with canonicals": "Aligning clusters",
    "weigh": "Weighing",
    "attribute": "Attributing",
    "conclude": "Concluding",
}


@click.command(
    epilog=options.STATUSES, short_help="Analyse a corpus: duplicates, shared passages, repeats, origins."
)
@options.inputs
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("dedup-out"), show_default=True, metavar="DIR",
    help="Folder for the results.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the results of an earlier run in DIR.")
@options.fields
@options.strict
@click.option(
    "--threshold", type=float, default=_DEFAULTS.threshold, show_default=True, metavar="J",
    help="Jaccard similarity, above 0 and up to 1, that makes two articles duplicates.",
)  # fmt: skip
@click.option(
    "--jobs", type=int, default=_DEFAULTS.jobs, metavar="N", help="Threads; 0, the default, takes every core."
)
@click.option(
    "--no-passages", is_flag=True, help="Find near-duplicate articles only: no shared passages, no repeats."
)
@options.agencies
@click.option("--no-origin", is_flag=True, help="Attribute nothing to agencies.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Show the summary even when stderr is not a terminal.")
def run(
    inputs: tuple[str, ...],
    out: Path,
    force: bool,
    fields: Mapping[str, str],
    strict: bool,
    threshold: float,
    jobs: int,
    no_passages: bool,
    agencies: str,
    no_origin: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Analyse a corpus and write what was found into DIR.

    INPUT is a file, a folder, a glob or - for standard input: JSONL, JSON, CSV, TSV or .txt (one article
    a file), each also gzipped.

    DIR gets articles.jsonl (a verdict for every article), clusters.jsonl, matches.jsonl (the shared
    passages), rejects.jsonl (input that could not be read, with the reason) and summary.json. It appears
    when the run is complete, not before.

    \b
    Examples:
      dedup run news.jsonl.gz --out result
      dedup run archive/ --field text=body --no-origin
      zstdcat news.jsonl.zst | dedup run - --out result
    """
    settings = Settings(
        threshold=threshold,
        jobs=jobs,
        passages=not no_passages,
        origin=not no_origin,
        agencies=agencies,
    )
    from dedup.writers import check_out, write

    check_out(out, force)
    from dedup import pipeline
    from dedup.readers import read

    rejects = options.Rejects(strict=strict)
    watched = options.on_terminal() and not quiet
    with _whole_or_failed(), _bars() if watched else nullcontext() as progress:
        on_notice = (lambda _: None) if quiet else options.notice
        articles = read(inputs, fields=fields, on_reject=rejects, on_notice=on_notice)
        result = pipeline.analyse(articles, settings, progress=progress, rejects=rejects.found)
        told = {**result.summary, "inputs": list(inputs), "fields": dict(fields)}
        write(replace(result, summary=told), out, force=force)
    if not quiet and (watched or verbose):
        _show(_table(result.summary))
        options.say(f"Results are in {out}/")
    if result.rejects and not quiet:
        options.tell(result.rejects[:_REJECTS_TOLD])
        options.notice(f"{len(result.rejects):,} rejected; the reasons are in {out / 'rejects.jsonl'}")
    return 3 if result.rejects else 0


@contextmanager
def _whole_or_failed() -> Iterator[None]:
    """Whatever ends a run before its results stand is a failure, an exit that a library asks for too."""
    try:
        yield
    except KeyboardInterrupt as stop:
        click.echo(err=True)  # below the ^C that a terminal shows
        raise click.Abort("nothing was written") from stop
    except MemoryError as error:
        raise DedupError(
            "out of memory, and nothing was written; split the input or use --no-passages"
        ) from error
    except (BrokenPipeError, SystemExit) as end:
        raise DedupError(f"ended before its time by {end!r}; nothing was written") from end


def _bars() -> AbstractContextManager[Callable[[str, int, int], None]]:
    from dedup.cli.bars import bars

    return bars(_STAGES)


def _table(summary: Mapping[str, Any]) -> Table:
    from rich.table import Table

    relations, origins = summary["relations"], summary["origins"]
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column(style="dim")
    duplicates = relations["duplicate"] + relations["version"]
    table.add_row("articles", f"{summary['articles']:,}", f"{relations['unique']:,} unique")
    table.add_row(
        "duplicates",
        f"{duplicates:,}",
        f"{relations['version']:,} of them versions; {relations['partial']:,} partial",
    )
    table.add_row("clusters", f"{summary['clusters']:,}")
    table.add_row("shared passages", f"{summary['matches']['substantial']:,}", "substantial")
    table.add_row("repeats", f"{summary['articles_with_repeats']:,}", "articles that print a block twice")
    for agency, count in list(origins.items())[:8]:
        table.add_row(f"origin {agency}", f"{count:,}")
    if len(origins) > 8:
        table.add_row("other origins", f"{sum(list(origins.values())[8:]):,}")
    table.add_row("seconds", f"{summary['seconds']:.1f}", f"{summary['articles_per_second']:,.0f} articles/s")
    return table


def _show(table: Table) -> None:
    from rich.console import Console

    Console(stderr=True).print(table)
