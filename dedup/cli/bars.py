"""Progress bars on stderr, one a stage."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

_EVERY = 0.1  # seconds


@contextmanager
def bars(names: Mapping[str, str]) -> Iterator[Callable[[str, int, int], None]]:
    """A progress callback that draws a bar for every stage; ``names`` gives what each is called."""
    columns = TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    # Drawn when there is news, not by a thread of its own: a process that forks should have none.
    with Progress(*columns, console=Console(stderr=True), auto_refresh=False) as progress:
        tasks: dict[str, TaskID] = {}
        drawn = 0.0

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
            nonlocal drawn
            if (now := time.monotonic()) - drawn > _EVERY:
                progress.refresh()
                drawn = now

        yield advance
        settle()
