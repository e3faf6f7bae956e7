"""Plain text: one article a file, with or without a head that names its outlet, date and so on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dedup.model import Article
from dedup.readers.fields import NAMES

_FENCE = "---"
_HEAD = {alias: name for name, aliases in NAMES.items() if name != "text" for alias in aliases}


def article(text: str, name: str) -> tuple[Article, bool]:
    r"""The article in the file ``name``, and whether the file gives its id.

    A file may begin with a head: a first line ``---``, then lines ``outlet: Example Times`` with the field
    names of `NAMES` (never the text), then a line ``---``. The body begins right after that line's ``\n``,
    and offsets count from there. Where anything about the head is otherwise, all of the file is body. The
    body is the file exactly: no space is stripped, and ``\r\n`` stays as it is.
    """
    head, start = _head(text)
    given = head.pop("id", None)
    return replace(Article(given or name, text[start:]), **head), given is not None


def _head(text: str) -> tuple[dict[str, Any], int]:
    nothing: tuple[dict[str, Any], int] = {}, 0
    line, pos = _line(text, 0)
    if line != _FENCE:
        return nothing
    seen: set[str] = set()
    head: dict[str, Any] = {}
    while pos < len(text):
        line, pos = _line(text, pos)
        if line == _FENCE:
            return (head, pos) if seen else nothing
        key, colon, value = line.partition(":")
        name = _HEAD.get(key.strip().lower())
        if not colon or name is None or name in seen:
            return nothing
        seen.add(name)
        if value.strip():
            head[name] = value.strip()
    return nothing


def _line(text: str, start: int) -> tuple[str, int]:
    end = text.find("\n", start)
    line, after = (text[start:], len(text)) if end < 0 else (text[start:end], end + 1)
    return line.removesuffix("\r"), after
