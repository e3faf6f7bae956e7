"""`dedup filter`: a stage in a pipeline. JSONL in; the same lines out, annotated, or without the duplicates."""

from __future__ import annotations

import gc
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO, get_args

import click

from dedup import jit
from dedup.cli import options
from dedup.cli.rejected import Rejected
from dedup.cli.stopping import Stopped, Stopper
from dedup.errors import InputError, OutputError
from dedup.model import Reject, Relation

if TYPE_CHECKING:
    from dedup.index.index import Index
    from dedup.readers.stream import Stream
    from dedup.settings import Settings

_DROPPABLE = (*get_args(Relation), "again")
_STDIN = "<stdin>"
_FOR_NOBODY = 10_000  # articles between two commits of an index that nobody will open again


def _parse_drop(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    named = [name.strip() for item in given for name in item.split(",")]
    for name in named:
        if name not in _DROPPABLE:
            raise click.BadParameter(f"{name!r} is none of {', '.join(_DROPPABLE)}", context, option)
    return frozenset(named)


@click.command(
    epilog=f"{options.STATUSES[:-1]}, 130 and 143 asked to end.",
    short_help="Annotate a stream of JSONL, or drop its duplicates.",
)
@click.argument("source", metavar="[INPUT|-]", default="-")
@options.index
@click.option("--drop", metavar="RELATION,...", multiple=True, callback=_parse_drop,
              help="Leave out articles of these relations: unique, original, duplicate, version, partial, or again, "
              "for those that were there before with the same id and text.")  # fmt: skip
@click.option("--plain", is_flag=True, help="Add nothing to the lines.")
@options.fields
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Add lines that hold no article to this file, as JSONL with the place and the reason.")  # fmt: skip
@options.strict
@options.own_threshold
@click.option(
    "--no-passages", is_flag=True, help="Find near-duplicate articles only: no shared passages, no repeats."
)
@options.agencies
@click.option("--no-origin", is_flag=True, help="Attribute nothing to agencies.")
@click.option("--durable-every", type=click.IntRange(1), default=100, show_default=True, metavar="N",
              help="Articles between two commits to the index: what a crash of the machine may lose.")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Tell at the end how many articles were what.")
def filter(
    source: str,
    index: Path | None,
    drop: frozenset[str],
    plain: bool,
    fields: Mapping[str, str],
    rejects: Path | None,
    strict: bool,
    threshold: float | None,
    no_passages: bool,
    agencies: str,
    no_origin: bool,
    durable_every: int,
    quiet: bool,
    verbose: bool,
) -> int:
    """Read JSONL from standard input or a file, and write the same lines in the same order, each with what
    is to be said of it under the key "dedup".

    Each article is judged by those that came before it: in this stream, or, with --index, in all that the
    index has seen. The object has the fields of articles.jsonl (id, relation, canonical, cluster, similarity,
    origin, credits, composition, repeats, page, passages), matches (shared passages), as_of (articles that
    were known), previous (the id that now names an older text of this id), and "again": true where an article
    is there already with the same id and text: then it tells what is known of that one. A key "dedup" that a
    line has is replaced; every other byte stays as it is.

    Lines are answered as soon as no more are to be had at once. Those that hold no article (no JSON, no
    text, not UTF-8) are left out, and the stream goes on; so are blank ones. Articles without an id get one,
    made of their text and fields.

    \b
    Examples:
      tail -F feed.jsonl | dedup filter --index news.db > annotated.jsonl
      dedup filter --drop duplicate,again --plain < news.jsonl > fresh.jsonl
      dedup filter news.jsonl.gz --index news.db --rejects bad.jsonl | head
    """
    if quiet:
        jit.observe(None)
    settings = options.given(
        threshold=threshold, no_passages=no_passages, no_origin=no_origin, agencies=agencies
    )
    out = _stdout(source, index, rejects)
    from dedup.cli.intake import batches
    from dedup.cli.stage import Stage
    from dedup.readers.fields import Mapper

    mapper, stopper = Mapper(fields), Stopper()
    # The collector is off in commands, but one that may run for ever must not keep what only it would find.
    gc.enable()
    with (
        stopper.heeded(),
        Rejected(rejects, quiet=quiet) as rejected,
        _index(index, settings, durable_every) as known,
    ):
        stage = Stage(
            known,
            mapper,
            rejected,
            source=_STDIN if source == "-" else source,
            drop=drop,
            plain=plain,
            strict=strict,
        )
        whole = True
        with suppress(Stopped), closing(_opened(source, stopper)) as stream:
            for lines in batches(stream, stopper, known.commit):
                whole = False
                out.writelines(stage.answer(lines))
                whole = True
                out.flush()
                rejected.flush()
            if stream.broken:
                rejected.add(Reject(source, None, f"{stream.broken}; nothing from here on was read"))
    if verbose:
        options.notice(stage.summary())
    if stopper.asked is not None:
        answered = (
            "every line that was read is answered" if whole else "not every line that was read is answered"
        )
        options.notice(f"interrupted; {answered}")
        return 128 + stopper.asked
    return 3 if rejected.count else 0


@contextmanager
def _index(path: Path | None, settings: Settings | None, durable_every: int) -> Iterator[Index]:
    """The index in a file; without one, an index that is gone with the stream, and still does not fill the memory."""
    from dedup.index.index import Index

    if path is not None:
        with Index.open(path, settings, durable_every=durable_every) as index:
            yield index
        return
    with (
        TemporaryDirectory(prefix="dedup-", ignore_cleanup_errors=True) as folder,
        Index.open(Path(folder) / "stream.db", settings, durable_every=_FOR_NOBODY) as index,
    ):
        yield index


def _stdout(source: str, index: Path | None, rejects: Path | None) -> BinaryIO:
    """Where the lines go to.

    Raises:
        InputError: There is no standard input, or one file would be read and written at once.
        OutputError: There is no standard output.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed; /dev/null takes what nobody wants")
    if source == "-" and sys.stdin is None:
        raise InputError("standard input is closed; name a file")
    files: dict[str, int | Path | None] = {
        "the input": sys.stdin.fileno() if source == "-" else Path(source),
        "standard output": sys.stdout.fileno(),
        "the file of rejects": rejects,
        "the index": index,
    }
    places = {name: _file(place) for name, place in files.items() if place is not None}
    for (a, place), (b, other) in combinations(places.items(), 2):
        if place and other and os.path.samestat(place, other):
            raise InputError(f"{a} and {b} are one file; name another")
    return sys.stdout.buffer


def _file(place: int | Path) -> os.stat_result | None:
    """What the system knows of a file that exists; None for terminals, pipes and the like."""
    try:
        found = os.stat(place)
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _opened(source: str, stopper: Stopper) -> Stream:
    from dedup.readers.stream import Stream

    try:
        # A pipe may have no writer yet.
        with stopper.idle():
            return Stream(None if source == "-" else Path(source))
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror or error}; check the path") from error
