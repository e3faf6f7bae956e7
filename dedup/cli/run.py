"""`dedup run`: the whole analysis of a corpus into a folder."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup import __version__, jit
from dedup.cli import options
from dedup.errors import DedupError, InputError
from dedup.settings import Settings

if TYPE_CHECKING:
    from rich.table import Table

    from dedup.model import Article, Result
    from dedup.progress import Progress
    from dedup.working import Working

_DEFAULTS = Settings()
_BY_DEFAULT = click.core.ParameterSource.DEFAULT
_DURABLE_EVERY = 1000
_REJECTS_TOLD = 5
_STAGES = {
    "read and sign": "Reading, signing",
    "read credits": "Reading credits",
    "propose articles": "Proposing pairs",
    "verify": "Verifying",
    "align near-duplicates": "Aligning copies",
    "propose passages": "Proposing passages",
    "align passages": "Aligning passages",
    "align with canonicals": "Aligning clusters",
    "weigh": "Weighing",
    "conclude": "Concluding",
    "remember": "Adding",
    "look up": "Looking up",
}


@click.command(
    epilog=options.STATUSES, short_help="Analyse a corpus: duplicates, shared passages, repeats, origins."
)
@options.inputs
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("dedup-out"), show_default=True, metavar="DIR",
    help="Folder for the results.",
)  # fmt: skip
@click.option(
    "--resume",
    is_flag=True,
    help="Keep finished stages in DIR.partial until the run is complete, and go on from them.",
)
@click.option("--force", is_flag=True, help="Replace the results of an earlier run in DIR.")
@options.index
@options.fields
@options.strict
@click.option(
    "--threshold", type=float, default=_DEFAULTS.threshold, show_default=True, metavar="J",
    help="Jaccard similarity, above 0 and up to 1, that makes two articles duplicates.",
)  # fmt: skip
@click.option(
    "--jobs", type=int, default=_DEFAULTS.jobs, metavar="N", help="Workers; 0, the default, takes every core."
)
@click.option(
    "--memory", type=str, default=None, callback=options.parse_bytes, metavar="SIZE",
    help="Look for pairs within so much memory, as in 4G, what is kept of the articles included.",
)  # fmt: skip
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
    resume: bool,
    force: bool,
    index: Path | None,
    fields: Mapping[str, str],
    strict: bool,
    threshold: float,
    jobs: int,
    memory: int,
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

    With --index the articles are added to F in order of publication, and judged by what it held before as
    well: their canonicals, clusters and matches may name articles of earlier runs. An id that F holds
    already with another text becomes a new version of it.

    \b
    Examples:
      dedup run news.jsonl.gz --out result
      dedup run archive/ --field text=body --no-origin
      dedup run today.jsonl --index news.db --out today
      zstdcat news.jsonl.zst | dedup run - --out result
    """
    settings = Settings(
        threshold=threshold,
        jobs=jobs,
        memory=memory,
        passages=not no_passages,
        origin=not no_origin,
        agencies=agencies,
    )
    if quiet:
        jit.observe(None)
    from dedup.writers import check_out, write

    check_out(out, force)
    from dedup.readers import read

    rejects = options.Rejects(strict=strict)
    watched = options.on_terminal() and not quiet
    given = {"inputs": list(inputs), "fields": dict(fields)}
    if resume and index is not None:
        raise click.UsageError(
            "--resume and --index do not go together: the index keeps what was added to it"
        )
    with _whole_or_failed(index), _bars() if watched else nullcontext() as progress:
        on_notice = (lambda _: None) if quiet else options.notice
        articles = read(inputs, fields=fields, on_reject=rejects, on_notice=on_notice)
        if index is None:
            from dedup import pipeline

            place = _passing(out)
            if resume:
                asked = {"dedup": __version__, "fingerprint": settings.fingerprint, "strict": strict, **given}
                place = _kept(out, asked, inputs, force, on_notice)
            with place as working:
                lines = pipeline.analyse_on_disk(
                    articles, settings, working, progress=progress, rejects=rejects.found, on_reject=rejects
                )
                summary = {**lines.summary, **given}
                refused = lines.rejects
                write(lines._replace(summary=summary), out, force=force)
        else:
            result = _remembering(index, settings, _keepable(articles, rejects), progress, rejects)
            summary = {**result.summary, **given}
            refused = result.rejects
            write(replace(result, summary=summary), out, force=force)
    if not quiet and (watched or verbose):
        _show(_table(summary))
        options.say(f"Results are in {out}/")
    if refused and not quiet:
        options.tell(refused[:_REJECTS_TOLD])
        options.notice(f"{len(refused):,} rejected; the reasons are in {out / 'rejects.jsonl'}")
    return 3 if refused else 0


@contextmanager
def _passing(out: Path) -> Iterator[Working]:
    """The folder that the results will stand in: the disk that has room for them."""
    from dedup.working import Working

    working = Working(next(folder for folder in out.resolve().parents if folder.exists()))
    try:
        yield working
    finally:
        working.close()


@contextmanager
def _kept(
    out: Path,
    identity: Mapping[str, Any],
    inputs: Sequence[str],
    anew: bool,
    on_notice: Callable[[str], None],
) -> Iterator[Working]:
    """A place beside the results that is gone when the run is complete; before, the next one goes on from it."""
    from dedup.readers.inputs import expand
    from dedup.working import claimed

    sources = expand(inputs, on_reject=lambda _: None, on_notice=lambda _: None)
    paths = [source.path for source in sources]
    if any(path is None or (path.exists() and not path.is_file()) for path in paths):
        raise click.UsageError("--resume cannot know standard input or a pipe again; name a file")
    stats = [(path, path.stat()) for path in paths if path is not None and path.exists()]
    files = [[str(path), stat.st_size, stat.st_mtime_ns] for path, stat in stats]
    place = out if out.name else out.resolve()
    folder = place.with_name(place.name + ".partial")
    working, goes_on = claimed(folder, {**identity, "files": files}, anew=anew)
    if goes_on:
        on_notice(f"going on from what {folder} keeps of an interrupted run")
    try:
        yield working
    except BaseException as error:
        working.close()
        if "is damaged" not in str(error) and any(folder.glob("*.step")):
            on_notice(f"finished stages are kept in {folder}; the same command goes on from there")
        raise
    working.remove()


def _remembering(
    path: Path,
    settings: Settings,
    articles: Iterable[Article],
    progress: Progress | None,
    rejects: options.Rejects,
) -> Result:
    from dedup.index.corpus import run_with
    from dedup.index.index import Index

    # What is not asked for here is as the index has it.
    asked = click.get_current_context().get_parameter_source
    wished = [
        name for name in ("threshold", "no_passages", "no_origin", "agencies") if asked(name) != _BY_DEFAULT
    ]
    with Index.open(path, settings if wished else None, durable_every=_DURABLE_EVERY) as index:
        result = run_with(index, articles, progress=progress, rejects=rejects.found)
        held = {"path": str(path), "articles": len(index)}
    return replace(result, summary={**result.summary, "index": held})


def _keepable(articles: Iterable[Article], rejects: options.Rejects) -> Iterator[Article]:
    """The articles that an index can keep."""
    from dedup.index.packing import refuse_unkeepable
    from dedup.model import Reject

    for number, article in enumerate(articles, 1):
        try:
            refuse_unkeepable(article)
        except InputError as error:
            rejects(Reject("articles", number, str(error), article.id))
        else:
            yield article


@contextmanager
def _whole_or_failed(index: Path | None) -> Iterator[None]:
    """Whatever ends a run before its results stand is a failure, an exit that a library asks for too."""
    nothing = "nothing was written"
    if index is not None:
        nothing = f"no results were written; {index} keeps the articles that were added"
    try:
        yield
    except KeyboardInterrupt as stop:
        click.echo(err=True)  # below the ^C that a terminal shows
        raise click.Abort(nothing) from stop
    except MemoryError as error:
        raise DedupError(f"out of memory, and {nothing}; split the input or use --no-passages") from error
    except BrokenPipeError as end:
        raise DedupError(f"ended before its time by {end!r}; {nothing}") from end
    except OSError as error:
        remedy = ""
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            remedy = "; the folder that --out stands in takes as much as the input while the run lasts"
        place = error.filename or "the folder beside the results"
        raise DedupError(f"{place}: {error.strerror or error}, and {nothing}{remedy}") from error
    except SystemExit as end:
        raise DedupError(f"ended before its time by {end!r}; {nothing}") from end


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
