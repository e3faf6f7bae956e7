"""Pieces of evidence quoted in their context, for a terminal and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from dedup.cli.excerpts import excerpt, head_end, short, tail_start
from dedup.cli.wording import Piece, Story

if TYPE_CHECKING:
    from dedup.model import Credit

CONTEXT = 60
"""Code points to quote on either side of a piece of evidence, at most."""
_LABEL = 12


def line(label: str, told: Text | str) -> Text:
    """One line of a story below its verdict."""
    return Text.assemble(f"  {label:<{_LABEL}} ", told)


def show(console: Console, line: Text, indent: int = _LABEL + 3) -> None:
    """Print a line: on a terminal in its width, with what is wrapped indented; elsewhere whole."""
    if not console.is_terminal or console.width <= 2 * indent:
        console.print(line, soft_wrap=True)
        return
    head, rest = line.divide([min(indent, len(line))])
    for number, part in enumerate(rest.wrap(console, console.width - indent, overflow="fold") or [Text()]):
        part.rstrip()
        console.print(Text.assemble(" " * indent if number else head, part), soft_wrap=True)


def told(piece: Piece, text: str | None, *, marked: bool) -> Text:
    """A piece of evidence as a line; in its context where the text is at hand.

    Args:
        text: Of the article that the piece quotes.
        marked: As `excerpt` takes it.
    """
    quotation = quoted(piece, text, "bold", marked=marked)
    note = short(piece.note)
    return line(piece.label, Text.assemble(f"{note}: " if note and quotation else note, quotation))


def quoted(of: Piece | Credit, text: str | None, style: str, *, marked: bool) -> Text:
    """What a piece of evidence or a credit quotes: a field, or words of ``text`` in their context."""
    if text is None or not of.end:
        return Text(short(of.text), style)
    return excerpt(text, of.start, of.end, CONTEXT, style, marked=marked)


def record(piece: Piece, text: str | None, article: str) -> dict[str, Any]:
    """A piece of evidence for programs: ``before``, ``text`` and ``after`` stand in the article side by side.

    Args:
        text: Of the article that the piece quotes; None where it is not at hand, and the context null.
        article: The id of the article that is told of.
    """
    found: dict[str, Any] = {
        "says": piece.says,
        "article": piece.article or article,
        "start": piece.start,
        "end": piece.end,
        "text": piece.text,
        "before": None,
        "after": None,
    }
    if text is not None and piece.end:
        found["text"] = text[piece.start : piece.end]
        found["before"] = text[tail_start(text, 0, piece.start, CONTEXT) : piece.start]
        found["after"] = text[piece.end : head_end(text, piece.end, len(text), CONTEXT)]
    return found


def story_record(story: Story, article: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """A story for programs: ``verdict``, ``evidence`` and ``against``.

    Args:
        article: The id of the article that is told of.
        texts: Of the articles that are quoted, by id, as far as they are at hand.
    """
    return {
        "verdict": story.verdict,
        "evidence": [record(piece, texts.get(piece.article or article), article) for piece in story.evidence],
        "against": [record(piece, texts.get(piece.article or article), article) for piece in story.against],
    }
