"""Articles, readings, signs and pairs as an index keeps them: JSON, UTF-8 and raw arrays, compressed where it pays."""

from __future__ import annotations

import struct
import zlib
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.errors import InputError
from dedup.index.base import Reading
from dedup.matching.columns import WIDTH
from dedup.model import Article
from dedup.packing import (
    attribution_of,
    from_json,
    furniture_of,
    plain_attribution,
    plain_furniture,
    plain_repeats,
    repeats_of,
    to_bytes,
    to_json,
    to_text,
)
from dedup.readers.fields import Unusable
from dedup.stages import Aligned
from dedup.stories.filing import Sign

_ZLIB = b"\x78"  # the first byte of whatever was compressed; of nothing else here
_WORTH_IT = 100  # bytes: less is not worth the time to compress it

_ROW = (
    (WIDTH - 1) + 4 + 4 + 1
)  # numbers of a match: its row without the pair, its spans, its copied words, its reason
_STRETCH = 7
_SIZES = ("<i2", "<i4")
_CUT_SHORT = 4
_PAIR = struct.Struct("<BII")
_LENGTH = struct.Struct("<I")

_ARTICLE = attrgetter("title", "outlet", "url", "published", "byline", "language")

DAMAGES = (zlib.error, struct.error, ValueError, TypeError, KeyError, IndexError)
"""What unpacking damaged bytes may raise."""


def refuse_unkeepable(article: Article) -> None:
    """See to it that an index can keep an article, before it is judged.

    Raises:
        Unusable: As `pack_article`.
    """
    if article.metadata:
        try:
            to_json([article.metadata])
        except InputError as error:
            raise Unusable(str(error), article.id) from error


def pack_article(article: Article) -> bytes:
    """An article without its id.

    Raises:
        InputError: Its metadata is nested too deeply, or holds a number of thousands of digits.
    """
    described = to_json([*_ARTICLE(article), article.metadata])
    return zlib.compress(_LENGTH.pack(len(described)) + described + to_bytes(article.text))


def unpack_article(id: str, packed: bytes) -> Article:
    """The article of `pack_article`, under an id."""
    whole = zlib.decompress(packed)
    start = _LENGTH.size + _LENGTH.unpack_from(whole)[0]
    title, outlet, url, published, byline, language, metadata = from_json(whole[_LENGTH.size : start])
    text = to_text(whole[start:])
    return Article(id, text, title, outlet, url, published, byline, language, metadata)


def pack_reading(reading: Reading) -> bytes:
    """What an article was found to be."""
    lists = [
        *plain_attribution(reading.own),
        plain_furniture(reading.furniture),
        plain_repeats(reading.repeats),
    ]
    return _squeezed(to_json(lists))


def unpack_reading(packed: bytes) -> Reading:
    """The reading of `pack_reading`."""
    origin, credits, furniture, repeats = from_json(_expanded(packed))
    return Reading(attribution_of((origin, credits)), furniture_of(furniture), repeats_of(repeats))


def pack_sign(sign: Sign) -> bytes:
    """A sign without the moment at which the article was published."""
    return to_json([sign.outlet, sign.address, sign.signatures, sign.page, sign.length])


def unpack_sign(packed: bytes, published: float | None) -> Sign:
    """The sign of `pack_sign`; None where it is not known when the article was published."""
    outlet, address, signatures, page, length = from_json(packed)
    return Sign(outlet, address, tuple(signatures), np.nan if published is None else published, page, length)


def pack_aligned(aligned: Aligned, reason: npt.NDArray[np.uint8]) -> bytes:
    """What the two articles of one pair share, without their numbers and similarities."""
    rows, spans, copied, stretches = aligned.rows, aligned.spans, aligned.copied, aligned.stretches
    numbers = np.concatenate(
        (np.hstack((rows[:, 1:], spans, copied, reason[:, None])).ravel(), stretches.ravel())
    )
    size = _size(numbers)
    kind = size | (_CUT_SHORT if aligned.cut_short[0] else 0)
    return _squeezed(_PAIR.pack(kind, len(rows), len(stretches)) + numbers.astype(_SIZES[size]).tobytes())


def unpack_aligned(
    a: int, b: int, jaccard: float, containment: float, packed: bytes
) -> tuple[Aligned, npt.NDArray[np.uint8]]:
    """The comparison of `pack_aligned`, and the reasons."""
    raw = _expanded(packed)
    kind, rows, stretches = _PAIR.unpack_from(raw)
    numbers = np.frombuffer(raw, _SIZES[kind & ~_CUT_SHORT], offset=_PAIR.size).astype(np.int32)
    matches = numbers[: rows * _ROW].reshape(rows, _ROW)
    row = np.zeros((rows, WIDTH), np.int32)
    row[:, 1:] = matches[:, : WIDTH - 1]
    aligned = Aligned(
        np.array([[a, b]], np.int64),
        np.array([jaccard]),
        np.array([containment]),
        row,
        matches[:, WIDTH - 1 : WIDTH + 3].copy(),
        matches[:, WIDTH + 3 : WIDTH + 7].copy(),
        numbers[rows * _ROW :].reshape(stretches, _STRETCH),
        np.array([kind & _CUT_SHORT > 0]),
    )
    return aligned, matches[:, -1].astype(np.uint8)


def _size(numbers: np.ndarray[Any, Any]) -> int:
    """The smallest of `_SIZES` that holds these numbers."""
    most = int(np.abs(numbers).max(initial=0))
    return 0 if most < 1 << 15 else 1


def _squeezed(raw: bytes) -> bytes:
    """Compressed where that pays."""
    if len(raw) < _WORTH_IT:
        return raw
    return min(zlib.compress(raw), raw, key=len)


def _expanded(packed: bytes) -> bytes:
    return zlib.decompress(packed) if packed[:1] == _ZLIB else packed
