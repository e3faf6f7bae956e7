"""How benchmarks print: shares, tables of counts, passages on a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import click


def share(part: int, whole: int) -> str:
    """`3 of 4, 75.0 %`."""
    return f"{part} of {whole}" + (f", {part / whole:.1%}" if whole else "")


def shortened(text: str, most: int = 100) -> str:
    """A passage on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def confusion(
    title: str, counts: Counter[tuple[str, str]], rows: Iterable[str], columns: Iterable[Any]
) -> None:
    """Print counts as a table, gold down and ours across."""
    columns = list(columns)
    click.echo(title)
    click.echo(f"  {'gold / ours':22}" + "".join(f"{column:>12}" for column in columns))
    for row in rows:
        click.echo(f"  {row:22}" + "".join(f"{counts[row, column]:12}" for column in columns))
    click.echo()
