"""The tables of an index file, its stamp, and how files of older versions are brought up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from typing import Any

from dedup import __version__
from dedup.errors import SettingsError, StoreError
from dedup.index import postings
from dedup.index.connection import settle
from dedup.packing import from_json, to_json
from dedup.settings import ALGORITHM, Settings

APPLICATION_ID = 0x6E777364
"""Tells an index from other SQLite files."""

VERSION = 1
"""Of the tables: `PRAGMA user_version`."""

# An article's row stays small, for heads are read far more often than texts. `near` and `home` are NULL where they are
# its own number, so that the index of `near` holds only members. A pair's key is b << 32 | a: new pairs, whose b is the
# newest article, go to the end of the table.
TABLES = (
    """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counts VALUES ('articles', 0);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB UNIQUE,
    digest BLOB NOT NULL,
    seen REAL NOT NULL,
    published REAL,
    sign BLOB NOT NULL,
    body INTEGER NOT NULL,
    near INTEGER,
    folded INTEGER NOT NULL,
    home INTEGER,
    settled INTEGER NOT NULL,
    previous INTEGER
);
CREATE INDEX articles_near ON articles (near) WHERE near IS NOT NULL;
CREATE INDEX articles_seen ON articles (seen);
CREATE INDEX articles_published ON articles (coalesce(published, seen));
CREATE TABLE texts (number INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE readings (number INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE decisions (number INTEGER PRIMARY KEY, as_of INTEGER NOT NULL, record BLOB NOT NULL);
CREATE TABLE pairs (
    key INTEGER PRIMARY KEY,
    a INTEGER NOT NULL,
    relation INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    countable INTEGER NOT NULL,
    jaccard REAL NOT NULL,
    containment REAL NOT NULL,
    packed BLOB NOT NULL
);
CREATE INDEX pairs_a ON pairs (a);
CREATE INDEX pairs_countable ON pairs (a) WHERE countable;
"""
    + postings.SCHEMA
)

MIGRATIONS: Mapping[int, Callable[[sqlite3.Connection], None]] = {}
"""By version: what brings the tables of that version to the next. They run inside one transaction."""


def prepare(
    db: sqlite3.Connection, path: str, settings: Settings | None, *, timeout: float, read_only: bool
) -> Settings:
    """Make the tables where there are none, bring old ones up to date, and compare the stamp.

    Args:
        timeout: Seconds to wait for another process that makes the same index.

    Returns:
        How the articles of this index are compared: the settings asked for, or those that it was made with.

    Raises:
        StoreError: The file is another program's, of a newer or, read-only, of an older version, or was made with
            other settings.
    """
    with _transaction(db, "BEGIN"):
        version = _version(db, path)
    if version is None or version < VERSION:
        if read_only:
            what = "holds no index yet" if version is None else f"is an index of an older version ({version})"
            raise StoreError(f"{path} {what}; open it once for writing")
        if version is None:
            settle(db, timeout)
        _update(db, path, settings or Settings())
    return _stamped(db, path, settings)


def differences(made: Settings, asked: Settings) -> list[str]:
    """Each setting that can change a result and differs, with both values."""
    old, new = _told(made), _told(asked)
    shown = made.shown(), asked.shown()
    return [
        f"{name} is {shown[0][name]!r} there, {shown[1][name]!r} here"
        for name in old
        if old[name] != new[name]
    ]


def _version(db: sqlite3.Connection, path: str) -> int | None:
    """Of the tables, within a transaction; None where there are none at all."""
    mark, version, tables = (
        db.execute(question).fetchone()[0]
        for question in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if mark != APPLICATION_ID:
        if mark or version or tables:
            raise StoreError(
                f"{path} is an SQLite file of another program; choose another file for the index"
            )
        return None
    if version > VERSION:
        raise StoreError(
            f"{path} is an index of version {version}, and this program knows only up to {VERSION}: "
            "use the newer program, or build another index with this one"
        )
    return int(version)


def _update(db: sqlite3.Connection, path: str, settings: Settings) -> None:
    with _transaction(db, "BEGIN IMMEDIATE"):
        # Another process may have done it in the meantime.
        version = _version(db, path)
        if version is None:
            for statement in _statements(TABLES):
                db.execute(statement)
            stamp = {"settings": _told(settings), "algorithm": ALGORITHM, "made_by": __version__}
            db.executemany("INSERT INTO meta VALUES (?, ?)", [(k, to_json(v)) for k, v in stamp.items()])
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            version = VERSION
        for step in range(version, VERSION):
            MIGRATIONS[step](db)
        db.execute(f"PRAGMA user_version = {VERSION}")


@contextmanager
def _transaction(db: sqlite3.Connection, begin: str) -> Iterator[None]:
    db.execute(begin)
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, for `executescript` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _stamped(db: sqlite3.Connection, path: str, asked: Settings | None) -> Settings:
    stamp = {name: from_json(value) for name, value in db.execute("SELECT name, value FROM meta")}
    rebuild = "build another index (dedup run ... --index NEW), or delete this one and build it again"
    try:
        known = {field.name for field in fields(Settings)}
        strange = sorted(set(stamp["settings"]) - known)
        if stamp["algorithm"] != ALGORITHM or strange:
            raise StoreError(
                f"{path} was made by dedup {stamp['made_by']}, whose results are not this version's "
                f"(algorithm {stamp['algorithm']} there, {ALGORITHM} here"
                + "".join(f"; unknown setting {name}" for name in strange)
                + f"): {rebuild}"
            )
        made = Settings(**stamp["settings"])
    except (KeyError, TypeError, SettingsError) as error:
        raise StoreError(f"{path} is damaged, its settings cannot be read ({error}): {rebuild}") from error
    other = differences(made, asked or made)
    if other:
        raise StoreError(
            f"{path} was made with other settings: {'; '.join(other)}. Use the same settings, or {rebuild}"
        )
    return asked or made


def _told(settings: Settings) -> dict[str, Any]:
    """The settings that can change a result."""
    return {name: value for name, value in asdict(settings).items() if name != "jobs"}
