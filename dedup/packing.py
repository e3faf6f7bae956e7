"""What words there are about an article as bytes, and back: JSON, never code.

Strings may hold lone surrogates and NUL; they come back as they were. Of metadata, what JSON can say comes back:
a date as its text, a number that is not finite as None, a tuple as a list.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, time
from operator import attrgetter
from typing import Any

import numpy as np
import orjson

from dedup.errors import InputError
from dedup.model import Article, Attribution, Credit, Origin, Reject, Repeat
from dedup.text.furniture import Furniture

_DEEPEST = 250  # levels of metadata, about as many as orjson writes
_BY_HAND = b" "  # in front of JSON that orjson could not have written, and would not read as it was

_ARTICLE = attrgetter("id", "text", "title", "outlet", "url", "published", "byline", "language", "metadata")
_ORIGIN = attrgetter(*(field.name for field in fields(Origin)))
_CREDIT = attrgetter(*(field.name for field in fields(Credit)))
_REPEAT = attrgetter(*(field.name for field in fields(Repeat)))
_FURNITURE = attrgetter(*(field.name for field in fields(Furniture)))

_NOTHING_SAID = Attribution(Origin(), ())


def to_bytes(text: str) -> bytes:
    """A string in UTF-8, lone surrogates as if they were characters."""
    return text.encode("utf-8", "surrogatepass")


def to_text(packed: bytes) -> str:
    """The string of `to_bytes`."""
    return packed.decode("utf-8", "surrogatepass")


def to_json(value: object) -> bytes:
    """What JSON can say of a value.

    Raises:
        InputError: It is nested too deeply, or holds a number of thousands of digits.
    """
    try:
        return orjson.dumps(value)
    except TypeError:
        plain = _plain(value, _DEEPEST)
    try:
        return _BY_HAND + to_bytes(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))
    except ValueError as error:
        raise InputError(f"the metadata of an article cannot be kept: {error}") from error


def from_json(packed: bytes) -> Any:
    """The value of `to_json`."""
    return json.loads(to_text(packed)) if packed[:1] == _BY_HAND else orjson.loads(packed)


def pack_article(article: Article) -> bytes:
    """A whole article.

    Raises:
        InputError: Its metadata is nested too deeply, or holds a number of thousands of digits.
    """
    return to_json(_ARTICLE(article))


def unpack_article(packed: bytes) -> Article:
    """The article of `pack_article`."""
    return Article(*from_json(packed))


def pack_attribution(found: Attribution) -> bytes:
    """What an article's own text says of its origin; no bytes where it says nothing."""
    return b"" if found == _NOTHING_SAID else to_json(plain_attribution(found))


def unpack_attribution(packed: bytes) -> Attribution:
    """The attribution of `pack_attribution`."""
    return attribution_of(from_json(packed)) if packed else _NOTHING_SAID


def pack_repeats(repeats: Sequence[Repeat]) -> bytes:
    """An article's repeats; no bytes for none."""
    return to_json(plain_repeats(repeats)) if repeats else b""


def unpack_repeats(packed: bytes) -> tuple[Repeat, ...]:
    """The repeats of `pack_repeats`."""
    return repeats_of(from_json(packed)) if packed else ()


def pack_furniture(furniture: Sequence[Furniture]) -> bytes:
    """An article's furniture; no bytes for none."""
    return to_json(plain_furniture(furniture)) if furniture else b""


def unpack_furniture(packed: bytes) -> list[Furniture]:
    """The furniture of `pack_furniture`."""
    return furniture_of(from_json(packed)) if packed else []


def pack_reject(reject: Reject) -> bytes:
    """A reject."""
    return to_json([reject.source, reject.line, reject.reason, reject.id])


def unpack_reject(packed: bytes) -> Reject:
    """The reject of `pack_reject`."""
    return Reject(*from_json(packed))


def plain_attribution(found: Attribution) -> list[Any]:
    """An attribution as lists and plain values."""
    return [_ORIGIN(found.origin), [_CREDIT(credit) for credit in found.credits]]


def attribution_of(plain: Sequence[Any]) -> Attribution:
    """The attribution of `plain_attribution`."""
    (agency, share, status, score, inferred_from, agencies, issuer, conflicts), credits = plain
    return Attribution(
        Origin(agency, share, status, score, inferred_from, tuple(agencies), issuer, tuple(conflicts)),
        tuple([Credit(*credit) for credit in credits]),
    )


def plain_repeats(repeats: Sequence[Repeat]) -> list[Any]:
    """Repeats as lists and plain values."""
    return [_REPEAT(repeat) for repeat in repeats]


def repeats_of(plain: Sequence[Any]) -> tuple[Repeat, ...]:
    """The repeats of `plain_repeats`."""
    return tuple([Repeat(start, end, tuple(of), kind, alike) for start, end, of, kind, alike in plain])


def plain_furniture(furniture: Sequence[Furniture]) -> list[Any]:
    """Furniture as lists and plain values."""
    return [_FURNITURE(item) for item in furniture]


def furniture_of(plain: Sequence[Any]) -> list[Furniture]:
    """The furniture of `plain_furniture`."""
    return [Furniture(*item) for item in plain]


def _plain(value: object, depth: int) -> object:
    """``value`` as orjson would write it, with the strings and whole numbers that it refuses left as they are."""
    if not depth:
        raise InputError(f"the metadata of an article is nested more than {_DEEPEST} levels deep; flatten it")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(each, depth - 1) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, depth - 1) for each in value]
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)
