"""`SqliteStore`: an index in one SQLite file."""

from __future__ import annotations

import math
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt
import orjson

from dedup.errors import StoreError
from dedup.index import checks, packing, schema
from dedup.index.base import By, Carriers, Decision, Head, Keys, Pair, Reading
from dedup.index.connection import connect, meaning
from dedup.index.postings import Postings
from dedup.model import Article
from dedup.settings import Settings

T = TypeVar("T")

_ASKED = "WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number"
_HEAD = "number, id, digest, seen, published, sign, body, held, near, home, settled, previous"
_PAIR = "key, relation, joined, countable, jaccard, containment, packed"
_LOW = (1 << 32) - 1
_EARLIER = f"key BETWEEN ?1 << 32 AND (?1 << 32) + {_LOW}"  # with those that came before an article
_EVERY = -1  # LIMIT


class SqliteStore:
    """A store in one SQLite file; any number of processes may read beside one that writes.

    Threads may share it: a block of one waits for a block of another. A forked process opens its own.

    Attributes:
        path: Of the file.
        settings: How the articles are compared.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        path: str,
        settings: Settings,
        durable_every: int,
        timeout: float,
        read_only: bool,
    ) -> None:
        self.path = path
        self.settings = settings
        self._db = db
        self._postings = Postings(db)
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

    @classmethod
    def open(
        cls,
        path: str | Path,
        settings: Settings | None = None,
        *,
        durable_every: int = 1,
        timeout: float = 30.0,
        read_only: bool = False,
    ) -> Self:
        """Open the index in this file, or make one where there is none or an empty one.

        Args:
            settings: By default those that the index was made with, or the program's own for a new one.
            durable_every: Articles that are put between two commits. With 1 every block is durable when it ends. With
                more, nobody else can write from the first change until the commit, however long the program idles:
                call `commit` before a pause.
            timeout: Seconds to wait for another writer.
            read_only: Never write. Works in a folder that is not writable, where the index was closed well.

        Raises:
            StoreError: The file is no index, is damaged, locked, of a newer version, or was made with other settings.
        """
        name = os.fspath(path)
        try:
            db = connect(name, timeout, read_only)
            try:
                stamped = schema.prepare(db, name, settings, read_only=read_only)
            except BaseException:
                db.close()
                raise
        except sqlite3.Error as error:
            raise meaning(error, name, timeout) from error
        return cls(db, name, stamped, durable_every, timeout, read_only)

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
            except BaseException:
                self._undo(None if begun else mark, unsaved)
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

    def count(self) -> int:
        """Articles that are there."""
        return int(self._one("SELECT count(*) FROM articles"))

    def next_number(self) -> int:
        """A number that was never given to an article."""
        return int(self._one("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'articles'"))

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The articles of these ids."""
        sql = "SELECT number FROM articles WHERE id = ?"
        found = ((id, self._rows(sql, (packing.to_bytes(id),))) for id in ids)
        return {id: rows[0][0] for id, rows in found if rows}

    def all_numbers(self) -> list[int]:
        """Every article, ascending."""
        return [number for (number,) in self._rows("SELECT number FROM articles ORDER BY number")]

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles, ascending by number."""
        rows = self._of(numbers, _HEAD, "articles")
        return {row[0]: self._unpacked(_head, row) for row in rows}

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles as they were given, under the ids that they have now, ascending by number."""
        sql = f"SELECT number, id, packed FROM articles JOIN texts USING (number) {_ASKED}"
        rows = self._rows(sql, (_listed(numbers),))
        return {row[0]: self._unpacked(_article, row) for row in rows}

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be, ascending by number."""
        rows = self._of(numbers, "number, packed", "readings")
        return {row[0]: self._unpacked(_reading, row) for row in rows}

    def put(self, head: Head, article: Article, reading: Reading, keys: Keys) -> None:
        """Add an article.

        Raises:
            StoreError: Its number or its id is taken.
            InputError: Its metadata is nested too deeply to be kept.
        """
        text, found = packing.pack_article(article), packing.pack_reading(reading)
        self._change(
            f"INSERT INTO articles ({_HEAD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [_row(head)]
        )
        self._change("INSERT INTO texts VALUES (?, ?)", [(head.number, text)])
        self._change("INSERT INTO readings VALUES (?, ?)", [(head.number, found)])
        with self._told():
            self._postings.put(head.number, keys)
        self._unsaved += 1

    def change(self, heads: Iterable[Head]) -> None:
        """Put new heads in the place of those with the same numbers; ids may be exchanged.

        Raises:
            StoreError: An id is taken.
        """
        changed = {head.number: head for head in heads}
        old = self.heads(changed)
        new = [changed[number] for number in old]
        judged = [(_other(h.near, h), _other(h.home, h), h.settled, h.number) for h in new]
        self._change("UPDATE articles SET near = ?, home = ?, settled = ? WHERE number = ?", judged)
        # What else stands in a head hardly ever changes, and is in more indices.
        rest = [h for h in new if h != old[h.number]._replace(near=h.near, home=h.home, settled=h.settled)]
        if rest:
            self._change("UPDATE articles SET id = NULL WHERE number = ?", [(h.number,) for h in rest])
            columns = ", ".join(f"{name} = ?{i}" for i, name in enumerate(_HEAD.split(", "), 1))
            self._change(f"UPDATE articles SET {columns} WHERE number = ?1", map(_row, rest))

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget articles, their keys, pairs and decisions."""
        dropped = [(number,) for (number,) in self._of(numbers, "number", "articles")]
        for table in ("articles", "texts", "readings", "decisions"):
            self._change(f"DELETE FROM {table} WHERE number = ?", dropped)
        self._change(f"DELETE FROM pairs WHERE {_EARLIER}", dropped)
        self._change("DELETE FROM pairs WHERE a = ?", dropped)
        with self._told():
            self._postings.drop([number for (number,) in dropped])

    def near_size(self, canonical: int, most: int) -> int:
        """How many articles have ``near == canonical``, itself included; counted up to `most`."""
        own = "SELECT 1 FROM articles WHERE number = ?1 AND near IS NULL"
        others = "SELECT 1 FROM articles WHERE near = ?1"
        return int(self._one(f"SELECT count(*) FROM ({own} UNION ALL {others} LIMIT ?2)", canonical, most))

    def at_home(self, canonical: int) -> list[int]:
        """The articles with ``home == canonical``, itself included, ascending."""
        own = "SELECT number FROM articles WHERE number = ?1 AND home IS NULL"
        others = "SELECT number FROM articles WHERE home = ?1"
        return [number for (number,) in self._rows(f"{own} UNION ALL {others} ORDER BY 1", (canonical,))]

    def band_carriers(self, keys: npt.NDArray[np.uint64], most: int) -> Carriers:
        """Who has these keys of bands: of each key the first `most` articles."""
        with self._told():
            return self._postings.band_carriers(keys, most)

    def fingerprint_carriers(self, keys: npt.NDArray[np.uint32], most: int) -> Carriers:
        """Who has these fingerprints: of each the first `most` articles."""
        with self._told():
            return self._postings.fingerprint_carriers(keys, most)

    def pairs(
        self, numbers: Iterable[int], *, countable: bool = False, most: int | None = None
    ) -> list[Pair]:
        """The pairs that these articles are part of, each once, ascending by ``(a, b)``.

        Args:
            countable: Only those whose ``countable`` is true.
            most: Of each article no more than the pairs with the first so many others, of those that are asked for.
        """
        only = "AND countable" if countable else ""
        earlier = f"SELECT {_PAIR} FROM pairs WHERE {_EARLIER} {only} ORDER BY key LIMIT ?2"
        later = f"SELECT {_PAIR} FROM pairs WHERE a = ?1 {only} ORDER BY key LIMIT ?2"
        found = {}
        for number in set(numbers):
            rows = self._rows(earlier, (number, _EVERY if most is None else most))
            rows += self._rows(later, (number, _EVERY if most is None else most - len(rows)))
            found.update({(row[0] & _LOW, row[0] >> 32): row for row in rows})
        return [self._unpacked(_pair, found[key]) for key in sorted(found)]

    def put_pairs(self, pairs: Sequence[Pair]) -> None:
        """Add pairs that are not there, or put them in the place of those that are."""
        rows = [
            (
                pair.b << 32 | pair.a, pair.a, pair.relation, pair.joined, pair.countable,
                float(pair.aligned.jaccard[0]), float(pair.aligned.containment[0]), packing.pack_aligned(pair.aligned),
            )
            for pair in pairs
        ]  # fmt: skip
        self._change("INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def drop_pairs(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Forget pairs."""
        self._change("DELETE FROM pairs WHERE key = ?", [(b << 32 | a,) for a, b in pairs])

    def decide(self, number: int, decision: Decision) -> None:
        """Keep what was concluded about an article."""
        row = (number, decision.as_of, packing.to_json(decision.record))
        self._change("INSERT OR REPLACE INTO decisions VALUES (?, ?, ?)", [row])

    def decision(self, number: int) -> Decision | None:
        """What was concluded about an article when it was added."""
        rows = self._rows("SELECT number, as_of, record FROM decisions WHERE number = ?", (number,))
        return self._unpacked(_decision, rows[0]) if rows else None

    def before(self, moment: float, by: By) -> list[int]:
        """The articles published, or seen, before a moment (seconds since 1970), ascending."""
        when = "seen" if by == "seen" else "coalesce(published, seen)"
        rows = self._rows(f"SELECT number FROM articles WHERE {when} < ? ORDER BY number", (moment,))
        return [number for (number,) in rows]

    def problems(self) -> list[str]:
        """What is broken, one line each with its remedy."""
        with self._told():
            return checks.problems(self._db, self._postings)

    def compact(self) -> None:
        """Give back the space of what was dropped; the file shrinks at the next commit that no reader stands beside."""
        with self._told():
            checks.drop_orphans(self._db)
            self._postings.compact()
            self._db.execute("PRAGMA incremental_vacuum").fetchall()
        self._shrunk = True

    def stats(self) -> dict[str, Any]:
        """``articles``, ``pairs``, ``bytes`` of the file and its log, ``free`` bytes in it, and those of its keys."""
        page, free = self._one("PRAGMA page_size"), self._one("PRAGMA freelist_count")
        files = (Path(self.path), Path(f"{self.path}-wal"))
        with self._told():
            keys = self._postings.stats()
        return {
            "articles": self.count(),
            "pairs": self._one("SELECT count(*) FROM pairs"),
            "bytes": sum(file.stat().st_size for file in files if file.exists()),
            "free": page * free,
            "schema": schema.VERSION,
            **keys,
        }

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The one place where SQLite's errors become ours."""
        try:
            yield
        except sqlite3.Error as error:
            raise meaning(error, self.path, self._timeout) from error

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
                self._postings.refresh()
                self._version = version
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    def _undo(self, mark: str | None, unsaved: int) -> None:
        """Go back to a savepoint, or to the last commit where there is none."""
        # A full or failing disk may have made SQLite take everything back by itself.
        lost = unsaved if mark and not self._db.in_transaction else 0
        if self._db.in_transaction:
            self._db.execute(f"ROLLBACK TO {mark}" if mark else "ROLLBACK")
            if mark:
                self._db.execute(f"RELEASE {mark}")
        self._unsaved = unsaved - lost
        self._postings.rolled_back()
        if lost:
            raise StoreError(
                f"{self.path} is as it was after its last commit: the disk failed, and {lost} articles that were added "
                "since are lost; add them again"
            )

    def _commit(self) -> None:
        try:
            self._db.execute("COMMIT")
        except BaseException:
            self._undo(None, 0)
            raise
        self._unsaved = 0
        if self._shrunk:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._shrunk = False

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        if not self._readers and not self._writers:
            raise StoreError(f"{self.path} is read only inside a block")
        with self._told():
            return self._db.execute(statement, values).fetchall()

    def _one(self, statement: str, *values: Any) -> Any:
        return self._rows(statement, values)[0][0]

    def _of(self, numbers: Iterable[int], columns: str, table: str) -> list[Any]:
        return self._rows(f"SELECT {columns} FROM {table} {_ASKED}", (_listed(numbers),))

    def _change(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        if not self._writers:
            raise StoreError(f"{self.path} is changed only inside a block that writes")
        with self._told():
            self._db.executemany(statement, rows)

    def _unpacked(self, unpack: Callable[[Any], T], row: Any) -> T:
        try:
            return unpack(row)
        except packing.DAMAGES as error:
            raise StoreError(
                f"{self.path} is damaged: a row cannot be read ({error!r}); `dedup index verify` tells which"
            ) from error


def _listed(numbers: Iterable[int]) -> str:
    return orjson.dumps(sorted(set(numbers)), option=orjson.OPT_SERIALIZE_NUMPY).decode()


def _other(number: int, head: Head) -> int | None:
    return None if number == head.number else number


def _row(head: Head) -> tuple[Any, ...]:
    published = head.sign.published
    return (
        head.number,
        packing.to_bytes(head.id),
        head.digest,
        head.seen,
        None if math.isnan(published) else published,
        packing.pack_sign(head.sign),
        head.body,
        head.held,
        _other(head.near, head),
        _other(head.home, head),
        head.settled,
        head.previous,
    )


def _head(row: Any) -> Head:
    number, id, digest, seen, published, sign, body, held, near, home, settled, previous = row
    return Head(
        number,
        packing.to_text(id),
        digest,
        seen,
        packing.unpack_sign(sign, published),
        body,
        held,
        number if near is None else near,
        number if home is None else home,
        bool(settled),
        previous,
    )


def _article(row: Any) -> Article:
    _, id, packed = row
    return packing.unpack_article(packing.to_text(id), packed)


def _reading(row: Any) -> Reading:
    return packing.unpack_reading(row[1])


def _pair(row: Any) -> Pair:
    key, relation, joined, countable, jaccard, containment, packed = row
    a, b = key & _LOW, key >> 32
    aligned = packing.unpack_aligned(a, b, jaccard, containment, packed)
    return Pair(a, b, aligned, relation, bool(joined), bool(countable))


def _decision(row: Any) -> Decision:
    _, as_of, record = row
    return Decision(packing.from_json(record), as_of)
