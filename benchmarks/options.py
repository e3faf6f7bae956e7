"""Options that several benchmarks have."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.corpora import WORDS, WORK
from benchmarks.data import DEFAULT_ROOT

F = Callable[..., None]


def work_option(command: F) -> F:
    """Where corpora are kept."""
    option = click.option(
        "--work",
        type=click.Path(file_okay=False, path_type=Path),
        default=WORK,
        help="Keeps the corpora; made where there is none.  [default: in the folder for temporary files]",
    )
    return option(command)


def data_option(command: F) -> F:
    """Where the collections are."""
    option = click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=DEFAULT_ROOT,
        help="The collections.  [default: ../shared/data]",
    )
    return option(command)


def corpus_options(articles: int | None = None) -> Callable[[F], F]:
    """Which newswire, and how many articles of it, unless the benchmark says that itself."""

    def options(command: F) -> F:
        command = work_option(command)
        command = click.option("--seed", default=1, show_default=True, help="Of the newswire.")(command)
        command = click.option(
            "--words", default=WORDS, show_default=True, type=click.IntRange(min=60), help="Words an article."
        )(command)
        if articles is None:
            return command
        return click.option("--articles", default=articles, show_default=True, type=click.IntRange(min=1))(
            command
        )

    return options


def cut_off_option(seconds: float) -> Callable[[F], F]:
    """How long a process may take."""
    return click.option(
        "--cut-off",
        default=seconds,
        show_default=True,
        type=click.FloatRange(min=0, min_open=True),
        help="Seconds a process may take.",
    )


def peer_option(command: F) -> F:
    """Who has the peers."""
    option = click.option(
        "--peer-python",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        default=Path(sys.executable),
        help="Interpreter that has the peers.  [default: this one]",
    )
    return option(command)
