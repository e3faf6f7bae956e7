"""Rows of the tables as the things that they stand for, and back."""

from __future__ import annotations

import math
from typing import Any

from dedup.index import packing
from dedup.index.base import Decision, Head, Pair, Reading
from dedup.model import Article
from dedup.packing import from_json, to_bytes, to_text

HEAD = "number, id, digest, seen, published, sign, body, near, folded, home, settled, previous"
PAIR = "key, a, relation, joined, countable, jaccard, containment, packed"
HEAD_MARKS, PAIR_MARKS = ("?" + ", ?" * columns.count(",") for columns in (HEAD, PAIR))
LOW = (1 << 32) - 1
"""The half of a pair's key that is ``a``."""


def other(number: int, head: Head) -> int | None:
    """A number in a head, None where it is the article's own."""
    return None if number == head.number else number


def unsettled(head: Head) -> Head:
    """What of a head does not change as others settle."""
    return head._replace(near=0, folded=False, home=0, settled=False)


def of_head(head: Head) -> tuple[Any, ...]:
    """The values of `HEAD`."""
    published = head.sign.published
    return (
        head.number,
        to_bytes(head.id),
        head.digest,
        head.seen,
        None if math.isnan(published) else published,
        packing.pack_sign(head.sign),
        head.body,
        other(head.near, head),
        head.folded,
        other(head.home, head),
        head.settled,
        head.previous,
    )


def to_head(row: Any) -> Head:
    """A head, of a row of `HEAD`."""
    number, id, digest, seen, published, sign, body, near, folded, home, settled, previous = row
    return Head(
        number,
        to_text(id),
        digest,
        seen,
        packing.unpack_sign(sign, published),
        body,
        number if near is None else near,
        bool(folded),
        number if home is None else home,
        bool(settled),
        previous,
    )


def to_article(row: Any) -> Article:
    """An article, of ``number, id, packed``."""
    _, id, packed = row
    return packing.unpack_article(to_text(id), packed)


def to_reading(row: Any) -> Reading:
    """A reading, of ``number, packed``."""
    return packing.unpack_reading(row[1])


def to_pair(row: Any) -> Pair:
    """A pair, of a row of `PAIR`."""
    key, a, relation, joined, countable, jaccard, containment, packed = row
    b = key >> 32
    aligned, reason = packing.unpack_aligned(a, b, jaccard, containment, packed)
    return Pair(a, b, aligned, relation, bool(joined), bool(countable), reason)


def to_decision(row: Any) -> Decision:
    """A decision, of ``number, as_of, record``."""
    _, as_of, record = row
    return Decision(from_json(record), as_of)


def of_pair(pair: Pair) -> tuple[Any, ...]:
    """The values of `PAIR`."""
    aligned = pair.aligned
    return (
        pair_key(pair.a, pair.b),
        pair.a,
        int(pair.relation),
        bool(pair.joined),
        bool(pair.countable),
        float(aligned.jaccard[0]),
        float(aligned.containment[0]),
        packing.pack_aligned(aligned, pair.reason),
    )


def pair_key(a: int, b: int) -> int:
    """By which a pair is found; pairs of one ``b`` stand together."""
    return b << 32 | a
