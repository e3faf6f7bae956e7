"""JSON Lines: one object a line, each line on its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from dedup.readers.encoding import Line, decode
from dedup.readers.log import SourceLog

# Raw control characters in strings are against the standard, but real, and lose nothing.
DECODER = json.JSONDecoder(strict=False)


def records(lines: Iterable[Line], log: SourceLog) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of every line; blank lines are skipped, others that hold no object rejected."""
    for number, line in enumerate(_parted(lines), 1):
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            try:
                text = _text(line, number, log)
                if not text.strip():
                    continue
                record = _patiently(text, number, log)
            except json.JSONDecodeError as error:
                log.reject(number, f"not JSON: {error.msg} at column {error.colno}")
                continue
            except (RecursionError, ValueError) as error:
                log.reject(number, f"not JSON that can be read: {error}")
                continue
        if type(record) is dict:
            yield number, record
        else:
            log.reject(number, f"a line of JSONL is an object, not {kind(record)}")


def _parted(lines: Iterable[Line]) -> Iterator[Line]:
    """``lines``, and where the file has no line feed and is not one object, what its returns part."""
    rest = iter(lines)
    for line in rest:
        if isinstance(line, str):
            yield from line.split("\r") if _returns_part(line) else (line,)
        else:
            yield from line.split(b"\r") if _returns_part(line.decode("utf-8", "replace")) else (line,)
        break
    yield from rest


def _returns_part(text: str) -> bool:
    return "\r" in text.strip() and not text.endswith("\n") and not _is_json(text)


def _is_json(text: str) -> bool:
    try:
        DECODER.decode(text)
    except (RecursionError, ValueError):
        return False
    return True


def _text(line: Line, number: int, log: SourceLog) -> str:
    text, sound = (line, True) if isinstance(line, str) else decode(line)
    if not sound:
        log.foreign(number)
    # Files that were put together each bring their byte-order mark.
    return text.lstrip("\ufeff")


def _patiently(text: str, number: int, log: SourceLog) -> object:
    """What orjson refuses and the standard library reads: lone surrogates, NaN, raw control characters.

    An object with something behind it is read, and what stands behind it is rejected.
    """
    start = len(text) - len(text.lstrip())
    value, end = DECODER.raw_decode(text, start)
    if text[end:].strip():
        error = json.JSONDecodeError("Extra data", text, end + len(text[end:]) - len(text[end:].lstrip()))
        if not isinstance(value, dict):
            raise error
        log.reject(number, f"not JSON: {error.msg} at column {error.colno}; the object before it was read")
    return value


def kind(value: object) -> str:
    """What a JSON value is called."""
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
