"""`dedup index`: look into an index, and look after it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dedup.cli import options
from dedup.errors import StoreError

if TYPE_CHECKING:
    from dedup.index.base import By
    from dedup.index.index import Index

_STATUSES = "Exit status: 0 done, 1 failed, 2 usage."
_SECONDS = {"h": 3_600, "d": 86_400, "w": 604_800}
_path = click.argument("path", metavar="F", type=click.Path(path_type=Path))
_ids = click.argument("ids", metavar="ID...", nargs=-1, required=True)


@click.group(cls=options.InOrder, epilog=_STATUSES, short_help="Look into an index, and look after it.")
def index() -> None:
    """Look into the index F that `dedup filter --index F` or `dedup run --index F` has filled, and look after it.

    \b
    Examples:
      dedup index info news.db
      dedup index query news.db story-17
      dedup index expire news.db --keep 30d
    """


@index.command(epilog=_STATUSES, short_help="Tell what it holds, how large it is, and how it compares.")
@_path
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def info(path: Path, as_json: bool) -> int:
    """Tell how many articles F holds, how large it is, and with which settings it compares.

    \b
    Examples:
      dedup index info news.db
      dedup index info news.db --json
    """
    with _opened(path, read_only=True) as opened:
        told = {
            "path": str(path),
            **opened.stats(),
            "settings": opened.settings.shown(),
            "fingerprint": opened.settings.fingerprint,
        }
    if as_json:
        options.print_json(told)
    else:
        for name, value in _facts(told):
            click.echo(options.clean(f"{name:<16} {value}"))
    return 0


@index.command(epilog=_STATUSES, short_help="Tell what is known of articles now.")
@_path
@click.argument("ids", metavar="ID...", nargs=-1)
@click.option("--text", "texts", metavar="FILE|-", multiple=True,
              help="Judge the articles of this file, without remembering them; may be given again.")  # fmt: skip
@options.fields
def query(path: Path, ids: tuple[str, ...], texts: tuple[str, ...], fields: Mapping[str, str]) -> int:
    """Print what is to be said of articles now, with all that F has seen since: one JSON object a line, with the
    fields of articles.jsonl and matches, the passages that they share with others. Where later articles have
    changed the verdict, decided tells what it was when the article came.

    \b
    Examples:
      dedup index query news.db story-17 story-18
      dedup index query news.db --text draft.txt
      dedup index query news.db --text - < article.json
    """
    if not ids and not texts:
        raise click.UsageError("name an ID, or a file with --text")
    from dedup.readers import read, refuse
    from dedup.writers import to_record

    unknown = 0
    with _opened(path, read_only=True) as opened:
        for id in ids:
            verdict = opened.query(id)
            if verdict is None:
                unknown += 1
                _tell_unknown(path, id)
            else:
                record = to_record(verdict)
                then = opened.decided(id)
                if then is not None and any(record[name] != told for name, told in then.record.items()):
                    record["decided"] = {**then.record, "as_of": then.as_of}
                options.print_json(record)
        if texts:
            for article in read(texts, fields=fields, on_reject=refuse, on_notice=options.notice):
                options.print_json(to_record(opened.check(article)))
    return 1 if unknown else 0


@index.command(epilog=_STATUSES, short_help="Forget articles.")
@_path
@_ids
def remove(path: Path, ids: tuple[str, ...]) -> int:
    """Forget articles, each with what stood under its id before.

    \b
    Examples:
      dedup index remove news.db story-17 story-18
    """
    with _opened(path) as opened:
        unknown = [id for id in ids if not opened.remove(id)]
        left = len(opened)
    for id in unknown:
        _tell_unknown(path, id)
    click.echo(f"{_counted(len(ids) - len(unknown))} removed, {left:,} left")
    return 1 if unknown else 0


def _parse_keep(context: click.Context, option: click.Parameter, given: str | None) -> float | None:
    if given is None:
        return None
    found = re.fullmatch(r"([0-9]{1,6})([hdw])", given)
    if found is None:
        raise click.BadParameter(f"{given!r} is no duration such as 36h, 30d or 8w", context, option)
    return int(found[1]) * _SECONDS[found[2]]


def _parse_before(context: click.Context, option: click.Parameter, given: str | None) -> str | None:
    from dedup.stories.dates import moment

    if given is not None and moment(given) is None:
        raise click.BadParameter(f"{given!r} is no date such as 2024-05-31", context, option)
    return given


@index.command(epilog=_STATUSES, short_help="Forget articles that are older than a moment.")
@_path
@click.option(
    "--keep", metavar="TIME", callback=_parse_keep, help="Keep the last hours, days or weeks: 36h, 30d, 8w."
)
@click.option("--before", metavar="DATE", callback=_parse_before,
              help="Forget what is from before a moment, as in 2024-05-31 or 2024-05-31T12:00Z.")  # fmt: skip
@click.option("--by", type=click.Choice(["published", "seen"]), default="published", show_default=True,
              help="The date that counts. An article without a date counts as published when it was seen.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Change nothing; tell how many it would be.")
def expire(path: Path, keep: float | None, before: str | None, by: By, dry_run: bool) -> int:
    """Forget the articles that were published, or seen, before a moment.

    \b
    Examples:
      dedup index expire news.db --keep 30d
      dedup index expire news.db --keep 36h --by seen --dry-run
      dedup index expire news.db --before 2024-05-31
    """
    if (keep is None) == (before is None):
        raise click.UsageError("say either --keep TIME or --before DATE")
    until = before if keep is None else time.time() - keep
    assert until is not None
    with _opened(path, read_only=dry_run) as opened:
        if dry_run:
            click.echo(f"{_counted(opened.older(until, by))} would be forgotten of {len(opened):,}")
        else:
            gone = opened.expire(until, by)
            click.echo(f"{_counted(gone)} forgotten, {len(opened):,} left")
    return 0


@index.command(epilog=_STATUSES, short_help="Look for what is broken.")
@_path
def verify(path: Path) -> int:
    """Print what is broken in F, one line each with its remedy; nothing and status 0 where all is well.

    \b
    Examples:
      dedup index verify news.db
      dedup index verify news.db || echo "news.db needs mending"
    """
    with _opened(path, read_only=True) as opened:
        problems = opened.verify()
    for problem in problems:
        click.echo(options.clean(problem))
    return 1 if problems else 0


@index.command(epilog=_STATUSES, short_help="Give back the space of what was forgotten.")
@_path
def compact(path: Path) -> int:
    """Give back to the disk the space of articles that were removed or have expired.

    \b
    Examples:
      dedup index compact news.db
    """
    with _opened(path) as opened:
        before = opened.stats()["bytes"]
        opened.compact()
        after = opened.stats()["bytes"]
    click.echo(f"{_size(before)} before, {_size(after)} after")
    return 0


@contextmanager
def _opened(path: Path, *, read_only: bool = False) -> Iterator[Index]:
    from dedup.index.index import Index

    # What looks after an index makes none where somebody mistyped.
    if not path.exists():
        raise StoreError(f"{path}: no such index; check the path, or make one with dedup filter --index F")
    with Index.open(path, read_only=read_only) as opened:
        yield opened


def _tell_unknown(path: Path, id: str) -> None:
    from dedup.cli.english import brief

    options.notice(f"{path}: no article has the id {brief(id)!r}")


def _counted(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


def _facts(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What `info` shows: the settings as far as they are not the program's own."""
    from dedup.settings import Settings

    usual = Settings().shown()
    for name, value in told.items():
        if name == "settings":
            other = [f"{key} {each}" for key, each in value.items() if each != usual[key] and key != "jobs"]
            yield name, ", ".join(other) or "those of the program"
        elif name == "bytes":
            yield "size", _size(value)
        else:
            yield name.replace("_", " "), f"{value:,}" if type(value) is int else str(value)


def _size(count: int) -> str:
    """Bytes, as people tell them."""
    size, unit = float(count), "bytes"
    for larger in ("kB", "MB", "GB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    return f"{count:,} bytes" if unit == "bytes" else f"{size:,.1f} {unit}"
