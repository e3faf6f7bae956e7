"""What benchmarks found, as JSON, and the blocks of RESULTS.md that are made from it.

A block is everything between a line ``<!-- table: NAME -->`` and the next ``<!-- end -->``; it tells what
``results/NAME.json`` holds, so that no figure is copied by hand.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import orjson

from benchmarks import tables
from benchmarks.machine import describe
from benchmarks.show import as_markdown, in_columns

FOLDER = Path(__file__).resolve().parent / "results"
DOCUMENT = FOLDER.parent / "RESULTS.md"
_BLOCK = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)

Record = dict[str, Any]


def results_option(command: Callable[..., None]) -> Callable[..., None]:
    """Where the JSON goes."""
    option = click.option(
        "--results",
        type=click.Path(file_okay=False, path_type=Path),
        default=FOLDER,
        help="Where the JSON goes.  [default: benchmarks/results]",
    )
    return option(command)


def publish(folder: Path, name: str, benchmark: str, found: Record) -> None:
    """Write down what a benchmark found, and print it."""
    click.echo(as_text(write(folder, name, benchmark, found)))
    click.echo(f"\n{folder / name}.json", err=True)


def write(folder: Path, name: str, benchmark: str, found: Record) -> Record:
    """Write down what a benchmark found.

    Args:
        name: Of the file, without its suffix, and of the block in RESULTS.md.
        benchmark: Which one it was: how the tables are made.

    Returns:
        What was written: with the command that found it, and the machine.
    """
    record = {"benchmark": benchmark, "command": _command(), "machine": describe(), **found}
    folder.mkdir(parents=True, exist_ok=True)
    text = orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    (folder / f"{name}.json").write_bytes(text)
    return record


def as_text(record: Record) -> str:
    """A record for a terminal."""
    return "\n\n".join(part if isinstance(part, str) else in_columns(part) for part in tables.parts(record))


def filled(document: str, folder: Path = FOLDER) -> str:
    """A document with its blocks made anew; one whose JSON is not there says so."""

    def block(found: re.Match[str]) -> str:
        head, name, end = found.groups()
        path = folder / f"{name}.json"
        return f"{head}\n{_told(path)}\n\n{end}"

    return _BLOCK.sub(block, document)


def _told(path: Path) -> str:
    if not path.exists():
        return "Not measured yet."
    parts = tables.parts(orjson.loads(path.read_bytes()))
    return "\n\n".join(part if isinstance(part, str) else as_markdown(part) for part in parts)


def _command() -> str:
    """How this process was called, without where its folders are."""
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    private = {argument for argument in given if Path(argument).is_absolute()}
    shown = ["FOLDER" if argument in private else shlex.quote(argument) for argument in sys.argv[1:]]
    return " ".join(["python -m benchmarks", *shown])


@click.command(help="Fill in the blocks of RESULTS.md from results/*.json.")
@click.option("--check", is_flag=True, help="Change nothing; status 1 where something would change.")
def results(check: bool) -> None:
    before = DOCUMENT.read_text("utf-8")
    after = filled(before)
    if check and before != after:
        raise click.ClickException(
            "RESULTS.md is not what results/*.json give; run `python -m benchmarks results`"
        )
    if before != after:
        DOCUMENT.write_text(after, "utf-8")
