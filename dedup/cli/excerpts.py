"""Pieces of articles as a terminal, or a file, shows them."""

from __future__ import annotations

import re

from rich.console import Console
from rich.text import Text

# Joiners, marks of direction and soft hyphens: they shape a line and show nothing. A terminal would count them as it
# pleases.
_UNSEEN = frozenset("\u00ad\u061c\u200b\u200d\u200e\u200f\u2060\ufeff")
_BLANKS = re.compile(r"\s+")

LONGEST = 200
"""Code points of a piece that an excerpt shows."""


def excerpt(text: str, start: int, end: int, context: int, style: str, *, marked: bool) -> Text:
    """``text[start:end]`` in ``style`` with so many characters around it, cut between words at ``…``.

    Args:
        text: A whole article.
        start: Of the piece, in code points. Of a piece longer than `LONGEST` the head is shown, and no more.
        end: One past its last.
        context: Code points to show on either side, at most.
        style: Of the piece; what surrounds it is dim.
        marked: Enclose the piece in ``[[`` and ``]]``, for where no style is seen.
    """
    before = tail_start(text, 0, start, context)
    stop = head_end(text, start, end, LONGEST)
    after = head_end(text, end, len(text), context) if stop == end else stop
    opening, closing = ("[[", "]]") if marked else ("", "")
    return Text.assemble(
        (("…" if before else "") + flowing(text[before:start]).lstrip(" ¶"), "dim"),
        (f"{opening}{flowing(text[start:stop]).strip(' ¶')}{closing}", style),
        (flowing(text[stop:after]).rstrip(" ¶") + ("…" if after < len(text) else ""), "dim"),
    )


def short(field: str, most: int = 300) -> str:
    """A field as `shown`, its head where it is longer than ``most`` code points."""
    end = head_end(field, 0, len(field), most)
    return shown(field[:end]) + ("…" if end < len(field) else "")


class _Shown(dict[int, str]):
    """What stands for each code point, found when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char.isspace():
            instead = " "
        elif char in _UNSEEN:
            instead = ""
        elif char.isprintable() or char == "\u200c":  # which words of Persian are spelled with
            instead = char
        else:
            instead = chr(0x2400 + code) if code < 0x20 else "\ufffd"
        return self.setdefault(code, instead)


_SHOWN = _Shown()


def shown(text: str) -> str:
    """Text that a terminal shows as it is, whatever it was.

    Blanks become spaces; controls below U+0020 their pictures (``␛``); other controls, overrides of direction and
    lone surrogates ``\N{REPLACEMENT CHARACTER}``. What shows nothing is left out.
    """
    return text.translate(_SHOWN)


def flowing(text: str) -> str:
    """As `shown`, with blanks folded into one and each empty line told by ``¶``."""
    return shown(_BLANKS.sub(lambda blanks: " ¶ " if blanks[0].count("\n") > 1 else " ", text))


def head_end(text: str, start: int, end: int, size: int) -> int:
    """Where an excerpt of at most ``size`` code points from ``start`` on ends, between words if it can."""
    if end - start <= size:
        return end
    for cut in range(start + size, start + size // 2, -1):
        if text[cut].isspace() or text[cut - 1].isspace():
            return cut
    return start + size


def tail_start(text: str, start: int, end: int, size: int) -> int:
    """Where an excerpt of at most ``size`` code points up to ``end`` begins, between words if it can."""
    if end - start <= size:
        return start
    for cut in range(end - size, end - size // 2):
        if text[cut].isspace() or text[cut - 1].isspace():
            return cut
    return end - size


def folded(size: int) -> str:
    """What stands for ``size`` characters that are not shown."""
    return f"… {size:,} character{'' if size == 1 else 's'} …"


def styles_are_lost(console: Console) -> bool:
    """Whether colours do not reach the reader: output is piped, or `NO_COLOR` is set."""
    return console.color_system is None or console.no_color
