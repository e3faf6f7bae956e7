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


def in_columns(rows: list[list[str]]) -> str:
    """Rows in columns, the head first: names to the left, figures to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def as_markdown(rows: list[list[str]]) -> str:
    """Rows as a Markdown table, the head first."""
    ruled = [rows[0], ["---"] + ["--:"] * (len(rows[0]) - 1), *rows[1:]]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled)


def show(rows: list[list[str]], *, markdown: bool) -> None:
    """Print rows as a Markdown table, or in columns."""
    click.echo(as_markdown(rows) if markdown else in_columns(rows))
    click.echo()
