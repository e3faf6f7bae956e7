"""Pieces of articles as a terminal, or a file, shows them."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text


def excerpt(text: str, start: int, end: int, context: int, style: str, *, marked: bool) -> Text:
    """``text[start:end]`` in ``style`` with so many characters around it, cut at ``…``.

    Args:
        text: A whole article.
        start: Of the piece, in code points.
        end: One past its last.
        context: Code points to show on either side.
        style: Of the piece; what surrounds it is dim.
        marked: Enclose the piece in ``[[`` and ``]]``, for where no style is seen.
    """
    before, after = max(0, start - context), min(len(text), end + context)
    opening, closing = ("[[", "]]") if marked else ("", "")
    shown_piece = f"{opening}{shown(text[start:end])}{closing}"
    return Text.assemble(
        (("…" if before else "") + shown(text[before:start]), "dim"),
        (shown_piece, style),
        (shown(text[end:after]) + ("…" if after < len(text) else ""), "dim"),
    )


def shown(text: str) -> str:
    """Text that a terminal shows as it is: blanks folded, control characters and lone surrogates replaced."""
    printable = ("\ufffd" if not (char.isprintable() or char.isspace()) else char for char in text)
    return "".join(" " if char.isspace() else char for char in printable).encode("utf-8", "replace").decode()


def styles_are_lost(console: Console) -> bool:
    """Whether colours do not reach the reader: output is piped, or `NO_COLOR` is set."""
    return console.color_system is None or console.no_color
