"""What is broken in an index file, and how to mend it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

import numpy as np

from dedup.index import packing
from dedup.index.base import digest_of
from dedup.index.postings import Postings
from dedup.packing import from_json, to_text

_AGAIN = "remove the article and add it again"
_COMPACT = "compact the index"
_THERE = "(SELECT number FROM articles)"
_COUNT = "SELECT count(*) FROM articles"
_MOST = 20  # lines of one sort
_OWNERS = (
    ("texts", "number"),
    ("readings", "number"),
    ("decisions", "number"),
    ("pairs", "key >> 32"),
    ("pairs", "a"),
)


def problems(db: sqlite3.Connection, postings: Postings) -> list[str]:
    """One line for each thing that is broken, with its remedy, of each sort the first few; empty where all is well."""
    broken = _damaged(db)
    if broken:
        # Whatever else would be told of damaged pages is a consequence.
        return [f"{line}; restore a copy, or add the articles to a new index file" for line in broken]
    live = np.array(
        [number for (number,) in db.execute("SELECT number FROM articles ORDER BY number")], np.int64
    )
    sorts = (_orphans(db), _lacking(db), _miscounted(db), _texts(db), _heads(db), _findings(db), _pairs(db))
    return [*chain.from_iterable(islice(sort, _MOST) for sort in sorts), *postings.problems(live)]


def mend(db: sqlite3.Connection) -> None:
    """Delete what belongs to articles that are not there, and count those that are."""
    for table, owner in _OWNERS:
        db.execute(f"DELETE FROM {table} WHERE {owner} NOT IN {_THERE}")
    db.execute(f"UPDATE counts SET value = ({_COUNT}) WHERE name = 'articles'")


def _damaged(db: sqlite3.Connection) -> list[str]:
    try:
        return [line for (line,) in db.execute(f"PRAGMA integrity_check({_MOST})") if line != "ok"]
    except sqlite3.DatabaseError as error:
        return [str(error)]


def _orphans(db: sqlite3.Connection) -> Iterator[str]:
    for table, owner in _OWNERS:
        for (number,) in db.execute(f"SELECT {owner} FROM {table} WHERE {owner} NOT IN {_THERE}"):
            yield f"{table} holds something of article {number}, which is not there; {_COMPACT}"


def _lacking(db: sqlite3.Connection) -> Iterator[str]:
    for table in ("texts", "readings"):
        lacking = f"SELECT number FROM articles WHERE number NOT IN (SELECT number FROM {table})"
        for (number,) in db.execute(lacking):
            yield f"{table} holds nothing of article {number}; {_AGAIN}"
    for column in ("near", "home"):
        lost = f"SELECT number, {column} FROM articles WHERE {column} NOT IN {_THERE}"
        for number, other in db.execute(lost):
            yield f"{column} of article {number} is {other}, which is not there; {_AGAIN}"
    for (number,) in db.execute("SELECT number FROM articles WHERE id IS NULL"):
        yield f"article {number} has no id; add the articles to a new index file"


def _miscounted(db: sqlite3.Connection) -> Iterator[str]:
    count, said = (
        db.execute(_COUNT).fetchone(),
        db.execute("SELECT value FROM counts WHERE name = 'articles'").fetchone(),
    )
    if count != said:
        yield f"there are {count[0]} articles and not {said[0]}; {_COMPACT}"


def _texts(db: sqlite3.Connection) -> Iterator[str]:
    joined = "articles JOIN texts USING (number)"
    for number, expected, packed in db.execute(f"SELECT number, digest, packed FROM {joined}"):
        fault = _fault(_text_digest, packed, expected)
        if fault:
            yield f"the text of article {number} {fault}; {_AGAIN}"


def _heads(db: sqlite3.Connection) -> Iterator[str]:
    for number, id, sign, published in db.execute("SELECT number, id, sign, published FROM articles"):
        if _fault(to_text, id) or _fault(_sign, (sign, published)):
            yield f"the head of article {number} cannot be read; {_AGAIN}"


def _findings(db: sqlite3.Connection) -> Iterator[str]:
    for number, packed in db.execute("SELECT number, packed FROM readings"):
        if _fault(packing.unpack_reading, packed):
            yield f"what was found in article {number} cannot be read; {_AGAIN}"
    for number, record in db.execute("SELECT number, record FROM decisions"):
        if _fault(from_json, record):
            yield f"the decision about article {number} cannot be read; {_AGAIN}"


def _pairs(db: sqlite3.Connection) -> Iterator[str]:
    for a, b, packed in db.execute("SELECT a, key >> 32, packed FROM pairs"):
        if _fault(_shared, packed):
            yield f"what articles {a} and {b} share cannot be read; remove one of them and add it again"


def _text_digest(packed: bytes) -> bytes:
    return digest_of(packing.unpack_article("", packed).text)


def _sign(packed: tuple[bytes, float | None]) -> object:
    return packing.unpack_sign(*packed)


def _shared(packed: bytes) -> object:
    return packing.unpack_aligned(0, 0, 0.0, 0.0, packed)


def _fault(unpack: Callable[[Any], Any], packed: Any, expected: object = None) -> str:
    """What is wrong with packed bytes: nothing, or what to say of them."""
    try:
        unpacked = unpack(packed)
    except packing.DAMAGES:
        return "cannot be read"
    return "is not the one that was added" if expected is not None and unpacked != expected else ""
