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
    for number, line in enumerate(lines, 1):
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            if not line.strip():
                continue
            try:
                record = _patiently(line, number, log)
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


def _patiently(line: Line, number: int, log: SourceLog) -> object:
    """What orjson refuses and the standard library reads: lone surrogates, NaN, raw control characters."""
    if isinstance(line, str):
        return DECODER.decode(line)
    text, sound = decode(line)
    if not sound:
        log.foreign(number)
    return DECODER.decode(text)


def kind(value: object) -> str:
    """What a JSON value is called."""
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")
