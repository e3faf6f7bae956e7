"""One line of JSONL at a time, for whoever must answer each line before the next one comes."""

from __future__ import annotations

import json
from typing import Any

import orjson

from dedup.errors import InputError
from dedup.readers.encoding import utf16_by_mark
from dedup.readers.jsonl import DECODER, kind


def record(line: bytes) -> dict[str, Any]:
    """The object on a line.

    Unlike `dedup.readers.jsonl`, which reads on whatever happens, this takes UTF-8 only: a line that goes out again
    must be what came in.

    Raises:
        InputError: There is none, or something stands behind it.
    """
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        value = _patiently(line)
    if type(value) is not dict:
        raise InputError(f"a line of JSONL is an object, not {kind(value)}")
    return value


def _patiently(line: bytes) -> object:
    """What orjson refuses and the standard library reads: lone surrogates, NaN, a byte-order mark."""
    try:
        return DECODER.decode(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        if utf16_by_mark(line) is not None:
            raise InputError("not UTF-8 but UTF-16; convert the input to UTF-8") from error
        raise InputError(f"not UTF-8 at byte {error.start + 1}; convert the input to UTF-8") from error
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:
        raise InputError(f"not JSON that can be read: {error}") from error
