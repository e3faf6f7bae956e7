"""Which articles have which keys: sorted segments beside the rest of an index, in the same SQLite file.

A B-tree of keys would be written to in a hundred places for each article. Here the keys of new articles stand in a row
of their own, beside the article's other rows, and in memory; some thousands of them at a time become a segment, and
segments are merged (O'Neil and others, The Log-Structured Merge-Tree, 1996). All of it happens within the writer's own
transactions, so that a process may be killed at any moment, and others read beside it what was true when they began.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from dedup.index import catalog, inspection, lookup, segments, tiers
from dedup.index.base import Carriers, Ints, Keys
from dedup.index.recent import Keys32, Recent
from dedup.index.tiers import Sizes, Tiers

SCHEMA = f"""\
CREATE TABLE pending (
    number INTEGER PRIMARY KEY, bands BLOB NOT NULL, fingerprints BLOB NOT NULL, sum INTEGER NOT NULL);
CREATE TABLE revisions (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
{catalog.SCHEMA}{tiers.SCHEMA}{segments.SCHEMA}"""
"""Statements that make the tables."""

_BANDS, _FINGERPRINTS = 0, 1

_HASTE = 2
"""Entries of each level to be merged for each new one: with 1, a merge would be done just when the next is due."""


class Postings:
    """The keys of the articles of an index; all calls but the first stand inside a transaction.

    Articles are put in ascending order of their numbers, which are above 0 and below 2**32. Of a band's key only 32
    bits are kept: what shares them is looked at more closely anyway.

    Raises:
        StoreError: Any call: what the file has of keys is damaged.
    """

    def __init__(self, connection: sqlite3.Connection, sizes: Sizes | None = None) -> None:
        self._connection = connection
        self._sizes = sizes or Sizes()
        self._recent = Recent(), Recent()
        self._tiers = Tiers(connection, _BANDS, self._sizes), Tiers(connection, _FINGERPRINTS, self._sizes)
        self.rolled_back()

    def refresh(self) -> None:
        """Another connection may have written: see what, when next asked."""
        self._stale = True

    def rolled_back(self) -> None:
        """What this connection wrote is undone: begin anew when next asked."""
        self._stale = True
        self._revisions: dict[str, int] = {}
        for recent, of_kind in zip(self._recent, self._tiers, strict=True):
            recent.clear()
            of_kind.clear()
        self._numbers: list[int] = []

    def put(self, number: int, keys: Keys) -> None:
        """Add an article with its keys."""
        self._load()
        bands, fingerprints = np.unique(_short(keys.bands)), np.sort(_mixed(keys.fingerprints))
        self._connection.execute(
            "INSERT INTO pending VALUES (?, ?, ?, ?)",
            (number, bands, fingerprints, _checksum(number, bands, fingerprints)),
        )
        stride = self._sizes.stride
        tended = self._entries() // stride * stride
        self._hold(number, bands, fingerprints)
        of_kinds = [len(recent) for recent in self._recent]
        entries = sum(of_kinds)
        full = len(self._numbers) >= self._sizes.articles or entries >= self._sizes.entries
        if full:
            self._flush()
        new = (entries if full else entries // stride * stride) - tended
        if new:
            for of_kind, count in zip(self._tiers, of_kinds, strict=True):
                of_kind.tend(_HASTE * new * count // entries)
            self._changed("segments")

    def band_carriers(self, keys: npt.NDArray[np.uint64], most: int) -> Carriers:
        """Of each key of a band the first `most` articles that were not dropped."""
        return self._carriers(_BANDS, _short(keys), most)

    def fingerprint_carriers(self, keys: npt.NDArray[np.uint32], most: int) -> Carriers:
        """Of each fingerprint the first `most` articles that were not dropped."""
        return self._carriers(_FINGERPRINTS, _mixed(keys), most)

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget articles; numbers that are not there are left alone."""
        self._load()
        gone = np.unique(np.fromiter(numbers, np.int64))
        pending = np.intersect1d(gone, np.array(self._numbers, np.int64))
        if len(pending):
            self._connection.executemany(
                "DELETE FROM pending WHERE number = ?", ((number,) for number in pending.tolist())
            )
            self._load_pending()
            self._changed("pending")
        others = np.setdiff1d(gone, pending)
        others = others[(others > 0) & (others < 1 << 32)]
        if len(others):
            for of_kind in self._tiers:
                of_kind.drop(others.astype(np.uint32))
            self._changed("segments")

    def compact(self) -> None:
        """Make one segment of all, without what was dropped."""
        for _ in self.compacting():
            pass

    def compacting(self) -> Iterator[None]:
        """`compact` in steps: the transaction may be committed between any two, and another begun."""
        self._load()
        self._flush()
        for of_kind in self._tiers:
            for _ in of_kind.compact():
                self._changed("segments")
                yield

    def problems(self, live: Sequence[int] | Ints, held: Sequence[int] | Ints | None = None) -> list[str]:
        """What is broken, one line each with its remedy.

        Args:
            live: The articles of the index, ascending.
            held: How many fingerprints each of them has; None to leave that unchecked.
        """
        self.rolled_back()
        found = inspection.problems(
            self._connection,
            self._tiers,
            np.asarray(live, np.int64),
            None if held is None else np.asarray(held, np.int64),
        )
        self.rolled_back()
        return found

    def stats(self) -> dict[str, int]:
        """Counts and sizes, by name."""
        self._load()
        every = [segment for of_kind in self._tiers for segment in of_kind.catalog.segments.values()]
        return {
            "pending": len(self._numbers),
            "segments": len(every),
            "keys": sum(segment.entries for segment in every) + self._entries(),
            "dropped": len(self._tiers[_FINGERPRINTS].dead),
            "filter_bytes": sum(segment.filter.nbytes + segment.fences.nbytes for segment in every),
        }

    def _carriers(self, kind: int, keys: Keys32, most: int) -> Carriers:
        self._load()
        of_kind, recent = self._tiers[kind], self._recent[kind]
        in_order = of_kind.catalog.in_order()
        found = []
        for start in range(0, len(keys), lookup.SLICE):
            part = keys[start : start + lookup.SLICE]
            wanted = np.full(len(part), most, np.int64)
            for index, number in (
                lookup.carriers(of_kind.catalog.rows, in_order, part, wanted, of_kind.dead),
                recent.carriers(part, wanted),
            ):
                if len(index):
                    found.append(((index + start) << 32) | number)
        if not found:
            return Carriers(np.empty(0, np.int64), np.empty(0, np.int64))
        both = np.sort(np.concatenate(found))
        return Carriers(both >> 32, both & 0xFFFFFFFF)

    def _entries(self) -> int:
        return sum(len(recent) for recent in self._recent)

    def _hold(self, number: int, bands: Keys32, fingerprints: Keys32) -> None:
        self._numbers.append(number)
        self._recent[_BANDS].add(number, bands)
        self._recent[_FINGERPRINTS].add(number, fingerprints)

    def _flush(self) -> None:
        if not self._numbers:
            return
        for of_kind, recent in zip(self._tiers, self._recent, strict=True):
            of_kind.add(recent.entries(), self._numbers[0], self._numbers[-1], len(self._numbers))
            recent.clear()
        self._numbers = []
        self._connection.execute("DELETE FROM pending")
        self._changed("pending")
        self._changed("segments")

    def _changed(self, name: str) -> None:
        self._revisions[name] = self._revisions.get(name, 0) + 1
        self._connection.execute(
            "INSERT OR REPLACE INTO revisions VALUES (?, ?)", (name, self._revisions[name])
        )

    def _load(self) -> None:
        if not self._stale:
            return
        known, found = self._revisions, self._read_revisions()
        if known.get("pending") != found["pending"]:
            self._load_pending()
        else:
            self._load_pending_above(self._numbers[-1] if self._numbers else 0)
        if known.get("segments") != found["segments"]:
            for of_kind in self._tiers:
                of_kind.load()
        self._revisions, self._stale = found, False

    def _read_revisions(self) -> dict[str, int]:
        return {"pending": 0, "segments": 0, **dict(self._connection.execute("SELECT * FROM revisions"))}

    def _load_pending(self) -> None:
        for recent in self._recent:
            recent.clear()
        self._numbers = []
        self._load_pending_above(0)

    def _load_pending_above(self, number: int) -> None:
        rows: Iterator[Any] = self._connection.execute(
            "SELECT number, bands, fingerprints FROM pending WHERE number > ? ORDER BY number", (number,)
        )
        for number, bands, fingerprints in rows:
            self._hold(number, np.frombuffer(bands, "<u4"), np.frombuffer(fingerprints, "<u4"))


def _short(keys: npt.NDArray[np.uint64]) -> Keys32:
    """32 of the bits of the keys of bands."""
    return _mixed((keys ^ (keys >> np.uint64(32))).astype(np.uint32))


def _mixed(keys: Keys32) -> Keys32:
    """Keys spread evenly over all of their range, one to one: of fingerprints the least were chosen.

    The finaliser of MurmurHash3 (Appleby).
    """
    mixed = keys ^ (keys >> np.uint32(16))
    mixed = mixed * np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def _checksum(number: int, bands: Keys32, fingerprints: Keys32) -> int:
    return crc32(fingerprints.data, crc32(bands.data, number & 0xFFFFFFFF))
