"""A member put into a JSON object as it is written, every other byte untouched."""

from __future__ import annotations

import json

_BLANK = " \t\r\n"
_DECODER = json.JSONDecoder(strict=False)


def spliced(line: bytes, key: str, value: bytes, *, there: bool) -> bytes:
    """``line`` with ``value`` under ``key``.

    Args:
        line: A JSON object in UTF-8, with whatever blanks, byte-order mark and line end stand around it.
        key: Of letters that need no escape.
        value: JSON.
        there: The object has the key already; its value, each of them where it has several, gives way. A new member
            comes behind all others.

    Raises:
        RecursionError: The object has the key, and is nested too deeply to look for it.
    """
    if there:
        return _replaced(line.decode("utf-8"), key, value.decode("utf-8")).encode("utf-8")
    end = line.rindex(b"}")
    inner = line[:end].rstrip(_BLANK.encode())
    comma = b"" if inner.endswith(b"{") else b","
    return b"".join((inner, comma, b'"', key.encode(), b'":', value, line[len(inner) :]))


def _replaced(text: str, key: str, value: str) -> str:
    pieces: list[str] = []
    last = 0
    at = text.index("{") + 1
    while (at := _past_blanks(text, at)) < len(text) and text[at] != "}":
        if text[at] == ",":
            at = _past_blanks(text, at + 1)
        name, at = _DECODER.raw_decode(text, at)
        start = _past_blanks(text, _past_blanks(text, at) + 1)
        _, at = _DECODER.raw_decode(text, start)
        if name == key:
            pieces += [text[last:start], value]
            last = at
    return "".join((*pieces, text[last:]))


def _past_blanks(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _BLANK:
        at += 1
    return at
