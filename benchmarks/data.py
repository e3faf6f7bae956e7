"""Reading the real collections, which stay outside the project: their publishers hold the rights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import orjson

DEFAULT_ROOT = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def find(root: Path, *parts: str) -> Path:
    """The file or folder at ``root/parts``.

    Raises:
        click.ClickException: if it is not there, saying how to point at it.
    """
    path = root.joinpath(*parts)
    if not path.exists():
        raise click.ClickException(f"{path} is missing; say where the collections are with --data FOLDER")
    return path


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open("rb") as lines:
        for line in lines:
            yield orjson.loads(line)
