"""Progress bars on stderr, one a stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def bars(names: Mapping[str, str]) -> Iterator[Callable[[str, int, int], None]]:
    """A progress callback that draws a bar for every stage; ``names`` gives what each is called."""
    columns = TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        tasks: dict[str, TaskID] = {}

        def settle() -> None:
            # What has ended had as many units as it did: a bar without an end would look unfinished.
            for task in progress.tasks:
                if task.total is None:
                    progress.update(task.id, total=task.completed)

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                settle()
                tasks[stage] = progress.add_task(names.get(stage, stage), total=None)
            progress.update(tasks[stage], completed=done, total=total or None)

        yield advance
        settle()
