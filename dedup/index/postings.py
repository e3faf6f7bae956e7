"""Who has which key, in two B-trees: a stand-in, to be replaced by sorted segments."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.index.base import Carriers, Keys

SCHEMA = """
CREATE TABLE bands (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE TABLE fingerprints (key INTEGER, number INTEGER, PRIMARY KEY (key, number)) WITHOUT ROWID;
CREATE INDEX bands_number ON bands (number);
CREATE INDEX fingerprints_number ON fingerprints (number);
"""


class Postings:
    """Who has which key."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def refresh(self) -> None:
        """Nothing is remembered here."""

    def put(self, number: int, keys: Keys) -> None:
        """Add the keys of an article."""
        for table, values in (("bands", keys.bands), ("fingerprints", keys.fingerprints)):
            rows = [(key, number) for key in _signed(values)]
            self._db.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget the keys of articles."""
        rows = [(number,) for number in numbers]
        for table in ("bands", "fingerprints"):
            self._db.executemany(f"DELETE FROM {table} WHERE number = ?", rows)

    def rolled_back(self) -> None:
        """Nothing is remembered here."""

    def compact(self) -> None:
        """Nothing is left of what was dropped."""

    def band_carriers(self, keys: npt.NDArray[np.uint64], most: int) -> Carriers:
        """Who has these keys of bands."""
        return self._carriers("bands", keys, most)

    def fingerprint_carriers(self, keys: npt.NDArray[np.uint32], most: int) -> Carriers:
        """Who has these fingerprints."""
        return self._carriers("fingerprints", keys, most)

    def problems(self, live: Iterable[int]) -> list[str]:
        """Keys of articles that are not there."""
        there = set(live)
        found = [
            each
            for table in ("bands", "fingerprints")
            for (each,) in self._db.execute(f"SELECT DISTINCT number FROM {table}")
            if each not in there
        ]
        return [f"keys of article {number}, which is not there; compact the index" for number in found]

    def stats(self) -> dict[str, int]:
        """Nothing to tell."""
        return {}

    def _carriers(self, table: str, keys: npt.NDArray[Any], most: int) -> Carriers:
        sql = f"SELECT number FROM {table} WHERE key = ? ORDER BY number LIMIT ?"
        found = [
            (i, number)
            for i, key in enumerate(_signed(keys))
            for (number,) in self._db.execute(sql, (key, most))
        ]
        return Carriers(*np.array(found, np.int64).reshape(-1, 2).T)


def _signed(keys: npt.NDArray[Any]) -> list[int]:
    listed: list[int] = keys.astype(np.uint64).view(np.int64).tolist()
    return listed
