"""Opening an SQLite file, and what its errors mean to whoever uses an index."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from dedup.errors import StoreError

PAGE = 4096  # bytes
CACHE = 64 << 20  # bytes of pages kept in memory
_MAGIC = b"SQLite format 3\0"
_PAUSE = 0.01  # seconds
_LARGEST_LOG = 64 << 20  # bytes that the log keeps when everything in it has gone to the file

_REBUILD = "restore a copy, or delete the file and add the articles again"
_UNOPENED = "cannot be opened ({error}); make the file and its folder readable and writable"
_MEANT = {
    sqlite3.SQLITE_CORRUPT: f"is damaged ({{error}}); {_REBUILD}",
    sqlite3.SQLITE_NOTADB: f"is damaged ({{error}}); {_REBUILD}",
    sqlite3.SQLITE_FULL: "cannot grow ({error}) and is as it was after its last commit; make room and try again",
    sqlite3.SQLITE_READONLY: "cannot be written ({error}); make file and folder writable, or open it read-only",
    sqlite3.SQLITE_CANTOPEN: _UNOPENED,
    sqlite3.SQLITE_PERM: _UNOPENED,
    sqlite3.SQLITE_IOERR: "cannot be read or written ({error}); see whether the disk is well and has room",
    sqlite3.SQLITE_CONSTRAINT: "has an article of that number or id already ({error}); give it another",
}


def connect(path: str, timeout: float, read_only: bool) -> sqlite3.Connection:
    """Open a file that is an SQLite database, or, for writing, one that is not there or has no bytes.

    Where a folder cannot be written, SQLite can read an index only as a file that nobody changes. That is done where
    no log stands beside the file, and so nothing that was written is overlooked.

    Args:
        timeout: Seconds to wait for another process that writes.

    Raises:
        StoreError: The file is none of these.
        sqlite3.Error: It cannot be opened, or is damaged; see `meaning`.
    """
    _refuse(path, read_only)
    if not read_only:
        return _connected(path, "rwc", timeout)
    try:
        return _connected(path, "ro", timeout)
    except sqlite3.OperationalError:
        if os.access(Path(path).parent, os.W_OK) or _size(f"{path}-wal"):
            raise
        return _connected(path, "ro&immutable=1", timeout)


def settle(db: sqlite3.Connection, timeout: float) -> None:
    """Give a file without tables the shape of an index's; it must not be in a transaction."""
    db.execute(f"PRAGMA page_size = {PAGE}")
    db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    until = time.monotonic() + timeout
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # Of two processes that make one index, SQLite lets neither wait for the other here.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE)


def meaning(error: sqlite3.Error | UnicodeDecodeError, path: str, timeout: float) -> StoreError:
    """What an error of SQLite's, or one that Python could not read, says of the index in this file."""
    if isinstance(error, UnicodeDecodeError):
        # Of a damaged schema SQLite quotes what it finds.
        return StoreError(f"{path} is damaged (its schema cannot be read); {_REBUILD}")
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(
            f"{path} is being written by another process, and {timeout:g} s of waiting did not help; "
            "let that one commit or end, or wait longer (timeout)"
        )
    meant = _MEANT.get(code, "cannot be used as was asked ({error})")
    return StoreError(f"{path} {meant.format(error=error)}")


def _refuse(path: str, read_only: bool) -> None:
    file = Path(path)
    try:
        if "\0" in path:
            raise ValueError("it holds a NUL")
        if file.is_dir():
            raise StoreError(f"{path} is a folder; name a file for the index")
        there = file.exists()
        if not there and read_only:
            raise StoreError(f"{path} is not there; make an index by adding articles, or correct the path")
        if not file.parent.is_dir():
            raise StoreError(
                f"{path} cannot be made, for its folder is not there; make it, or correct the path"
            )
        if not there:
            if not os.access(file.parent, os.W_OK | os.X_OK):
                raise StoreError(f"{path} cannot be made, for its folder is not writable; choose another")
            return
        if not read_only and not os.access(file, os.W_OK):
            raise StoreError(f"{path} is not writable; make it so, or open it read-only")
        with file.open("rb") as opened:
            start = opened.read(len(_MAGIC))
    except (OSError, ValueError) as error:
        raise StoreError(f"{path!r} cannot be opened ({error}); choose another file for the index") from error
    if not start and read_only:
        raise StoreError(f"{path} is empty; make an index by adding articles, or correct the path")
    if start and start != _MAGIC:
        raise StoreError(f"{path} is no index, but some other file; choose another file for the index")


def _connected(path: str, mode: str, timeout: float) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{Path(path).absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=timeout,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for setting in (
            "synchronous = FULL",
            f"cache_size = -{CACHE >> 10}",
            f"journal_size_limit = {_LARGEST_LOG}",
            "temp_store = MEMORY",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            # Some systems' SQLite overwrites what it deletes, which here would be written twice for each new key.
            "secure_delete = OFF",
        ):
            db.execute(f"PRAGMA {setting}")
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _size(path: str) -> int:
    file = Path(path)
    return file.stat().st_size if file.exists() else 0
