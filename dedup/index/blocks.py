"""Blocks over one SQLite connection: transactions, savepoints, and who may use them."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dedup.errors import StoreError
from dedup.index.connection import meaning


class Blocks:
    """Blocks that read and blocks that write, nested or of several threads, over one connection.

    A block that reads sees one snapshot. Blocks that write share one transaction until it is committed, each with a
    savepoint of its own, so that an error in one loses nothing of those before it.

    Attributes:
        path: Of the file.
    """

    def __init__(
        self, db: sqlite3.Connection, path: str, durable_every: int, timeout: float, read_only: bool
    ) -> None:
        self.path = path
        self._place = os.path.abspath(path)
        self._file = _file(self._place)
        self._db = db
        self._durable_every = durable_every
        self._timeout = timeout
        self._read_only = read_only
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._closed = False
        self._readers = self._writers = 0  # blocks that stand open
        self._unsaved = 0  # articles put since the last commit
        self._version = -1  # of the data when the last transaction began; others may have written since
        self._shrunk = False  # pages were given back that the file still has

    def _changed_by_others(self) -> None:
        """What is remembered of the file may be wrong: another connection has written."""

    def _taken_back(self) -> None:
        """What is remembered of the file may be wrong: changes were undone."""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A block that sees one state of the store, whoever writes beside it."""
        with self._held():
            begun = not self._db.in_transaction
            if begun:
                self._begin("BEGIN")
            self._readers += 1
            try:
                yield
            finally:
                self._readers -= 1
                if begun and self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """A block that may change the store; an error that leaves it undoes what was changed inside.

        Raises:
            StoreError: It stands in a block that only reads; another process wrote for too long; the disk is full.
        """
        with self._held():
            if self._read_only:
                raise StoreError(f"{self.path} was opened read-only; open it for writing")
            if self._readers and not self._writers:
                raise StoreError(
                    f"{self.path} cannot be changed inside a block that reads it; open one that writes"
                )
            begun, unsaved, mark = not self._db.in_transaction, self._unsaved, f"block{self._writers}"
            if begun:
                self._begin("BEGIN IMMEDIATE")
            else:
                self._db.execute(f"SAVEPOINT {mark}")
            self._writers += 1
            try:
                yield
                if not begun:
                    self._db.execute(f"RELEASE {mark}")
            except BaseException as error:
                self._undo(None if begun else mark, unsaved, error)
                raise
            finally:
                self._writers -= 1
            if not self._writers and max(self._unsaved, 1) >= self._durable_every:
                self._commit()

    def commit(self) -> None:
        """Make durable whatever `writing` blocks have changed so far."""
        with self._held():
            if self._readers or self._writers:
                raise StoreError(f"{self.path} cannot be committed inside a block; end it first")
            if self._db.in_transaction:
                self._commit()

    def close(self) -> None:
        """Commit, and let go of the file; a second call does nothing."""
        if self._closed:
            return
        try:
            self.commit()
        finally:
            if os.getpid() == self._process:
                self._closed = True
                self._db.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Where SQLite's errors become ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._meaning(error) from error

    def _meaning(self, error: sqlite3.Error) -> StoreError:
        return meaning(error, self.path, self._timeout)

    @contextmanager
    def _held(self) -> Iterator[None]:
        # Before the lock: a thread of the parent may have held it when the process forked.
        if os.getpid() != self._process:
            raise StoreError(f"{self.path} was opened by another process; open it again after a fork")
        with self._lock, self._told():
            if self._closed:
                raise StoreError(f"{self.path} is closed; open it again")
            yield

    def _begin(self, statement: str) -> None:
        self._db.execute(statement)
        try:
            (version,) = self._db.execute("PRAGMA data_version").fetchone()
            if version != self._version:
                self._changed_by_others()
                self._version = version
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _undo(self, mark: str | None, unsaved: int, error: BaseException) -> None:
        """Go back to a savepoint, or to the last commit where there is none."""
        # When the disk is full or fails, SQLite may have taken back everything by itself.
        lost = unsaved if mark and not self._db.in_transaction else 0
        if self._db.in_transaction:
            self._db.execute(f"ROLLBACK TO {mark}" if mark else "ROLLBACK")
            if mark:
                self._db.execute(f"RELEASE {mark}")
        self._unsaved = unsaved - lost
        self._taken_back()
        if lost:
            cause = self._meaning(error) if isinstance(error, sqlite3.Error) else error
            raise StoreError(f"{cause}; {lost} articles added since then are lost, add them again") from error

    def _commit(self) -> None:
        try:
            # SQLite would go on writing into a file that nobody will ever open again.
            if self._file is None or _file(self._place) != self._file:
                raise StoreError(
                    f"{self.path} was deleted, moved or replaced while it was open, and what was changed since its "
                    "last commit is lost; open it again, or put it back"
                )
            self._db.execute("COMMIT")
        except BaseException as error:
            self._undo(None, 0, error)
            raise
        self._unsaved = 0
        if self._shrunk:
            self._shrunk = not self._checkpoint()

    def _checkpoint(self) -> bool:
        """Write the log into the file and cut off both; False where a reader holds on to pages of the log."""
        self._db.execute("PRAGMA busy_timeout = 0")
        try:
            (busy, *_) = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._db.execute(f"PRAGMA busy_timeout = {int(self._timeout * 1000)}")
        return not busy

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        if not self._readers and not self._writers:
            raise StoreError(f"{self.path} is read only inside a block")
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._meaning(error) from error

    def _one(self, statement: str, *values: Any) -> Any:
        return self._rows(statement, values)[0][0]

    def _change(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        if not self._writers:
            raise StoreError(f"{self.path} is changed only inside a block that writes")
        try:
            self._db.executemany(statement, rows)
        except sqlite3.Error as error:
            raise self._meaning(error) from error


def _file(path: str) -> tuple[int, int] | None:
    """Which file stands at a path; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
