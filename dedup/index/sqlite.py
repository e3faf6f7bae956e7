"""`SqliteStore`: an index in one SQLite file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt
import orjson

from dedup.errors import StoreError
from dedup.index import checks, packing, rows, schema
from dedup.index.base import By, Carriers, Decision, Head, Keys, Pair, Reading
from dedup.index.blocks import Blocks
from dedup.index.connection import connect, meaning
from dedup.index.postings import Postings
from dedup.index.remembered import Remembered
from dedup.model import Article
from dedup.packing import to_bytes, to_json
from dedup.settings import Settings

T = TypeVar("T")

_EARLIER = f"key BETWEEN ?1 << 32 AND (?1 << 32) + {rows.LOW}"  # with those that came before an article
_EVERY = -1  # LIMIT

# Remembered as they are unpacked, some 50 MB of them at most but for rare scripts.
_HEADS, _ARTICLES, _PAIRS = 20_000, 2_000, 20_000
_LONG = 16_000  # code points: longer texts are not kept


class SqliteStore(Blocks):
    """A store in one SQLite file; any number of processes may read beside one that writes.

    Threads may share it: a block of one waits for a block of another. A forked process opens its own.

    Attributes:
        path: Of the file.
        settings: How the articles are compared.
        epoch: See `Store.epoch`.
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
        super().__init__(db, path, durable_every, timeout, read_only)
        self.settings = settings
        self.epoch = 0
        self._postings = Postings(db)
        self._heads: Remembered[Head] = Remembered(_HEADS)
        self._articles: Remembered[Article] = Remembered(
            _ARTICLES, lambda article: len(article.text) <= _LONG
        )
        self._readings: Remembered[Reading] = Remembered(_ARTICLES)
        self._pairs: Remembered[Pair] = Remembered(_PAIRS)

    def _changed_by_others(self) -> None:
        self._forget()
        self._postings.refresh()

    def _taken_back(self) -> None:
        self._forget()
        self._postings.rolled_back()

    def _forget(self) -> None:
        self.epoch += 1
        for recent in (self._heads, self._articles, self._readings, self._pairs):
            recent.clear()

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
                more, a crash or a full disk may lose those since the last commit, and nobody else can write from the
                first change until the next, however long the program idles: call `commit` before a pause.
            timeout: Seconds to wait for another writer.
            read_only: Never write. Works in a folder that is not writable, where the index was closed well.

        Raises:
            StoreError: The file is no index, is damaged, locked, of a newer version, or was made with other settings.
        """
        name = os.fspath(path)
        try:
            db = connect(name, timeout, read_only)
            try:
                stamped = schema.prepare(db, name, settings, timeout=timeout, read_only=read_only)
            except BaseException:
                db.close()
                raise
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise meaning(error, name, timeout) from error
        return cls(db, name, stamped, durable_every, timeout, read_only)

    def count(self) -> int:
        """Articles that are there."""
        return int(self._one("SELECT value FROM counts WHERE name = 'articles'"))

    def next_number(self) -> int:
        """A number that was never given to an article."""
        return int(self._one("SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'articles'"))

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The articles of these ids."""
        sql = "SELECT number FROM articles WHERE id = ?"
        asked = ((id, self._rows(sql, (to_bytes(id),))) for id in ids)
        return {id: found[0][0] for id, found in asked if found}

    def all_numbers(self) -> list[int]:
        """Every article, ascending."""
        return [number for (number,) in self._rows("SELECT number FROM articles ORDER BY number")]

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles, ascending by number."""
        return self._heads.get(numbers, lambda n: self._of(n, rows.HEAD, "articles", rows.to_head))

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles as they were given, under the ids that they have now, ascending by number."""
        joined, columns = "articles JOIN texts USING (number)", "number, id, packed"
        return self._articles.get(numbers, lambda n: self._of(n, columns, joined, rows.to_article))

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be, ascending by number."""
        columns = "number, packed"
        return self._readings.get(numbers, lambda n: self._of(n, columns, "readings", rows.to_reading))

    def put(self, head: Head, article: Article, reading: Reading, keys: Keys) -> None:
        """Add an article.

        Raises:
            StoreError: Its number or its id is taken.
            InputError: Its metadata is nested too deeply to be kept.
        """
        text, found = packing.pack_article(article), packing.pack_reading(reading)
        self._change(f"INSERT INTO articles ({rows.HEAD}) VALUES ({rows.HEAD_MARKS})", [rows.of_head(head)])
        self._change("INSERT INTO texts VALUES (?, ?)", [(head.number, text)])
        self._change("INSERT INTO readings VALUES (?, ?)", [(head.number, found)])
        with self._told():
            self._postings.put(head.number, keys)
        self._counted(1)
        self._unsaved += 1

    def change(self, heads: Iterable[Head]) -> None:
        """Put new heads in the place of those with the same numbers; ids may be exchanged.

        Raises:
            StoreError: An id is taken.
        """
        changed = {head.number: head for head in heads}
        old = self.heads(changed)
        new = [changed[number] for number in old]
        self._heads.forget(old)
        self._articles.forget(old)
        settled = [(rows.other(h.near, h), h.folded, rows.other(h.home, h), h.settled, h.number) for h in new]
        columns = "near = ?, folded = ?, home = ?, settled = ?"
        self._change(f"UPDATE articles SET {columns} WHERE number = ?", settled)
        # What else stands in a head hardly ever changes, and is in more indices.
        rest = [h for h in new if rows.unsettled(h) != rows.unsettled(old[h.number])]
        if rest:
            self._change("UPDATE articles SET id = NULL WHERE number = ?", [(h.number,) for h in rest])
            columns = ", ".join(f"{name} = ?{i}" for i, name in enumerate(rows.HEAD.split(", "), 1))
            self._change(f"UPDATE articles SET {columns} WHERE number = ?1", map(rows.of_head, rest))

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget articles, their keys, pairs and decisions."""
        there = list(self._of(list(numbers), "number", "articles", lambda row: row))
        self._forget()
        self._counted(-len(there))
        dropped = [(number,) for number in there]
        for table in ("articles", "texts", "readings", "decisions"):
            self._change(f"DELETE FROM {table} WHERE number = ?", dropped)
        self._change(f"DELETE FROM pairs WHERE {_EARLIER}", dropped)
        self._change("DELETE FROM pairs WHERE a = ?", dropped)
        with self._told():
            self._postings.drop(there)

    def near_size(self, canonical: int, most: int) -> int:
        """How many articles have ``near == canonical``, itself included; counted up to `most`."""
        own = "SELECT 1 FROM articles WHERE number = ?1 AND near IS NULL"
        others = "SELECT 1 FROM articles WHERE near = ?1"
        return int(self._one(f"SELECT count(*) FROM ({own} UNION ALL {others} LIMIT ?2)", canonical, most))

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
        earlier = f"SELECT key FROM pairs WHERE {_EARLIER} {only} ORDER BY key LIMIT ?2"
        later = f"SELECT key FROM pairs WHERE a = ?1 {only} ORDER BY key LIMIT ?2"
        limit = _EVERY if most is None else most
        keys: set[int] = set()
        for number in set(numbers):
            before = self._rows(earlier, (number, limit))
            after = self._rows(later, (number, max(limit - len(before), _EVERY)))
            keys.update([key for (key,) in (*before, *after)])
        found = self._pairs.get(
            keys, lambda missing: self._of(missing, rows.PAIR, "pairs", rows.to_pair, "key")
        )
        return sorted(found.values(), key=itemgetter(0, 1))

    def countable_others(self, number: int, most: int) -> list[int]:
        """The first `most` articles that this one has a pair with whose ``countable`` is true, ascending."""
        earlier = f"SELECT a FROM pairs WHERE {_EARLIER} AND countable ORDER BY key LIMIT ?2"
        later = "SELECT key >> 32 FROM pairs WHERE a = ?1 AND countable ORDER BY key LIMIT ?2"
        before = self._rows(earlier, (number, most))
        after = self._rows(later, (number, most - len(before)))
        return [other for (other,) in (*before, *after)]

    def put_pairs(self, pairs: Sequence[Pair]) -> None:
        """Add pairs that are not there, or put them in the place of those that are."""
        self._change(
            f"INSERT OR REPLACE INTO pairs ({rows.PAIR}) VALUES ({rows.PAIR_MARKS})", map(rows.of_pair, pairs)
        )

    def drop_pairs(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Forget pairs."""
        keys = [rows.pair_key(a, b) for a, b in pairs]
        self._pairs.forget(keys)
        self._change("DELETE FROM pairs WHERE key = ?", [(key,) for key in keys])

    def decide(self, number: int, decision: Decision) -> None:
        """Keep what was concluded about an article."""
        row = (number, decision.as_of, to_json(decision.record))
        self._change("INSERT OR REPLACE INTO decisions VALUES (?, ?, ?)", [row])

    def decision(self, number: int) -> Decision | None:
        """What was concluded about an article when it was added."""
        found = self._rows("SELECT number, as_of, record FROM decisions WHERE number = ?", (number,))
        return self._unpacked(rows.to_decision, found[0]) if found else None

    def before(self, moment: float, by: By) -> list[int]:
        """The articles published, or seen, before a moment (seconds since 1970), ascending."""
        when = "seen" if by == "seen" else "coalesce(published, seen)"
        found = self._rows(f"SELECT number FROM articles WHERE {when} < ? ORDER BY number", (moment,))
        return [number for (number,) in found]

    def problems(self) -> list[str]:
        """What is broken, one line each with its remedy."""
        with self._told():
            return checks.problems(self._db, self._postings)

    def compact(self) -> None:
        """Give back the space of what was dropped, in a block of its own where it stands in none.

        The file shrinks when this is committed and no reader stands beside, or when the last process closes it.
        """
        with self.writing():
            checks.mend(self._db)
            self._postings.compact()
            (free,) = self._db.execute("PRAGMA freelist_count").fetchone()
            for _ in range(free):
                # Python's module takes one step of a statement without columns, and a step gives back one page.
                self._db.execute("PRAGMA incremental_vacuum(1)")
            self._shrunk = True
        if not self._readers and not self._writers:
            self.commit()

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

    def _counted(self, more: int) -> None:
        self._change("UPDATE counts SET value = value + ? WHERE name = 'articles'", [(more,)])

    def _of(
        self, numbers: list[int], columns: str, table: str, unpack: Callable[[Any], T], key: str = "number"
    ) -> dict[int, T]:
        """Rows of these numbers, which stand in the first column, unpacked."""
        asked = f"{key} IN (SELECT value FROM json_each(?))"
        listed = orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY).decode()
        found = self._rows(f"SELECT {columns} FROM {table} WHERE {asked}", (listed,))
        return {row[0]: self._unpacked(unpack, row) for row in found}

    def _unpacked(self, unpack: Callable[[Any], T], row: Any) -> T:
        try:
            return unpack(row)
        except packing.DAMAGES as error:
            raise StoreError(
                f"{self.path} is damaged: a row cannot be read ({error!r}); `dedup index verify` tells which"
            ) from error
