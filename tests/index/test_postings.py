"""Which articles have which keys: always what a dictionary of sets would say, whatever was written, undone or moved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dedup.errors import StoreError
from dedup.index import filters
from dedup.index.base import Carriers, Keys
from dedup.index.postings import SCHEMA, Postings
from dedup.index.tiers import Sizes

TINY = Sizes(articles=3, entries=40, stride=8, fan_in=3, row=8)
"""So that a few articles go through every stage."""


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    return connection


def made(path: Path, sizes: Sizes = TINY) -> tuple[sqlite3.Connection, Postings]:
    connection = connect(path)
    connection.executescript(SCHEMA)
    return connection, Postings(connection, sizes)


def keys(values: Iterable[int]) -> Keys:
    """The same small numbers as keys of both kinds."""
    values = sorted(set(values))
    return Keys(
        np.array([v * 0x9E3779B97F4A7C15 % 2**64 for v in values], np.uint64), np.array(values, np.uint32)
    )


def by_key(carriers: Carriers, asked: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {value: [] for value in asked}
    for key, number in zip(carriers.key.tolist(), carriers.number.tolist(), strict=True):
        found[asked[key]].append(number)
    return found


def everything(postings: Postings, asked: list[int], most: int = 1 << 40) -> tuple[dict[int, list[int]], ...]:
    wanted = keys(asked)
    return (
        by_key(postings.band_carriers(wanted.bands, most), asked),
        by_key(postings.fingerprint_carriers(wanted.fingerprints, most), asked),
    )


def live(truth: dict[int, set[int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(sorted(truth), np.int64), np.array([len(truth[n]) for n in sorted(truth)], np.int64)


VALUES = range(12)


class Machine(RuleBasedStateMachine):
    """One writer, another connection that looks now and then, and a dictionary that knows."""

    @initialize()
    def make(self) -> None:
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "keys.db"
        self.connection, self.postings = made(self.path)
        self.truth: dict[int, set[int]] = {}
        self.committed: dict[int, set[int]] = {}
        self.next = self.committed_next = 1
        self.reader = connect(self.path)
        self.looking = Postings(self.reader, TINY)
        self.connection.execute("BEGIN IMMEDIATE")

    @rule(articles=st.lists(st.frozensets(st.sampled_from(VALUES), max_size=8), min_size=1, max_size=6))
    def put(self, articles: list[frozenset[int]]) -> None:
        for values in articles:
            self.postings.put(self.next, keys(values))
            self.truth[self.next] = set(values)
            self.next += 1

    @rule(data=st.data(), beside=st.sets(st.integers(0, 60), max_size=2))
    def drop(self, data: st.DataObject, beside: set[int]) -> None:
        numbers = data.draw(st.sets(st.sampled_from(sorted(self.truth)))) if self.truth else set()
        numbers |= {number for number in beside if number not in self.truth}
        self.postings.drop(numbers)
        for number in numbers:
            self.truth.pop(number, None)

    @rule()
    def drop_most(self) -> None:
        numbers = [number for number in self.truth if number % 5]
        self.postings.drop(numbers)
        for number in numbers:
            del self.truth[number]

    @rule()
    def compact(self) -> None:
        self.postings.compact()
        assert self.postings.stats()["dropped"] == 0
        assert self.postings.stats()["keys"] == 2 * sum(len(values) for values in self.truth.values())

    @rule(steps=st.integers(1, 3))
    def compact_a_little(self, steps: int) -> None:
        for _ in zip(range(steps), self.postings.compacting(), strict=False):
            self.commit()

    @rule()
    def commit(self) -> None:
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN IMMEDIATE")
        self.committed = {number: set(values) for number, values in self.truth.items()}
        self.committed_next = self.next

    @rule()
    def undo(self) -> None:
        self.connection.execute("ROLLBACK")
        self.postings.rolled_back()
        self.connection.execute("BEGIN IMMEDIATE")
        self.truth = {number: set(values) for number, values in self.committed.items()}
        self.next = self.committed_next

    @rule()
    def reopen(self) -> None:
        self.undo()
        self.connection.close()
        self.connection = connect(self.path)
        self.postings = Postings(self.connection, TINY)
        self.connection.execute("BEGIN IMMEDIATE")

    @rule()
    def look(self) -> None:
        """The other connection sees what is committed, and goes on seeing it while the writer commits more."""
        self.reader.execute("BEGIN")
        self.looking.refresh()
        before, seen = live(self.committed), expected(self.committed)
        assert everything(self.looking, [*VALUES]) == (seen, seen)
        self.put([frozenset(VALUES)] * 4)
        self.commit()
        assert everything(self.looking, [*VALUES]) == (seen, seen)
        assert self.looking.problems(*before) == []
        self.reader.execute("COMMIT")

    @rule()
    def inspect(self) -> None:
        assert self.postings.problems(*live(self.truth)) == []

    @rule(most=st.integers(0, 3), asked=st.permutations([*VALUES, 100, 101]))
    def first_few(self, most: int, asked: list[int]) -> None:
        wanted = [np.array([keys([v])[kind][0] for v in asked]) for kind in (0, 1)]
        for found in (
            self.postings.band_carriers(wanted[0], most),
            self.postings.fingerprint_carriers(wanted[1], most),
        ):
            seen = expected(self.truth, asked)
            assert by_key(found, asked) == {value: numbers[:most] for value, numbers in seen.items()}
            assert np.all(np.diff(found.key) >= 0)

    @invariant()
    def all_are_found(self) -> None:
        if hasattr(self, "postings"):
            seen = expected(self.truth)
            assert everything(self.postings, [*VALUES]) == (seen, seen)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.connection.close()
            self.reader.close()
            self.folder.cleanup()


def expected(truth: dict[int, set[int]], asked: Iterable[int] = VALUES) -> dict[int, list[int]]:
    return {value: [number for number in sorted(truth) if value in truth[number]] for value in asked}


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


def many(
    postings: Postings, connection: sqlite3.Connection, count: int, first: int = 1
) -> dict[int, set[int]]:
    """Articles with keys all over the range, and some that all of them have."""
    random = np.random.default_rng(first)
    truth = {}
    connection.execute("BEGIN IMMEDIATE")
    for number in range(first, first + count):
        truth[number] = {7, *random.integers(0, 2**32, 30).tolist()}
        postings.put(number, keys(truth[number]))
    connection.execute("COMMIT")
    return truth


SMALL = Sizes(articles=64, entries=1 << 20, stride=256, fan_in=4, row=64)


def test_every_key_of_many_articles_is_found_and_few_segments_are_kept(tmp_path: Path) -> None:
    connection, postings = made(tmp_path / "keys.db", SMALL)
    truth = many(postings, connection, 1000)
    for number, values in [*truth.items()][::9]:
        asked = sorted(values - {7})
        assert everything(postings, asked) == ({value: [number] for value in asked},) * 2
    assert everything(postings, [7], 10) == ({7: list(range(1, 11))},) * 2
    assert everything(postings, [7])[0][7] == list(truth)
    assert postings.stats()["segments"] < 40
    assert postings.problems(*live(truth)) == []


def test_of_a_key_that_everybody_has_only_the_first_chunks_are_read(tmp_path: Path) -> None:
    connection, postings = made(tmp_path / "keys.db", SMALL)
    many(postings, connection, 1000)
    postings.drop(range(1, 6))
    read: list[str] = []
    connection.set_trace_callback(read.append)
    assert everything(postings, [7], 5) == ({7: [6, 7, 8, 9, 10]},) * 2
    chunks = [statement.split("'")[1] for statement in read if "FROM json_each" in statement]
    assert sum(len(ids.split(",")) for ids in chunks) <= 4


def test_the_same_calls_write_the_same_file(tmp_path: Path) -> None:
    for name in ("a.db", "b.db"):
        connection, postings = made(tmp_path / name, SMALL)
        many(postings, connection, 300)
        postings.drop(range(1, 250, 2))
        if name == "b.db":
            postings = Postings(connection, SMALL)
        many(postings, connection, 300, 301)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    assert (tmp_path / "a.db").read_bytes() == (tmp_path / "b.db").read_bytes()


def test_what_was_dropped_gives_its_space_back_as_others_come(tmp_path: Path) -> None:
    connection, postings = made(tmp_path / "keys.db", SMALL)
    for first in range(1, 2001, 200):
        many(postings, connection, 200, first)
        postings.drop(range(1, first - 200))
    stats = postings.stats()
    assert stats["keys"] < 3 * 400 * 62
    assert stats["dropped"] < 1200


def test_an_article_of_very_many_keys_is_one_among_others(tmp_path: Path) -> None:
    connection, postings = made(tmp_path / "keys.db", Sizes(entries=1 << 18))
    giant = np.arange(0, 1 << 32, 1 << 15, dtype=np.uint32) + np.uint32(5)
    connection.execute("BEGIN IMMEDIATE")
    for number in (1, 2, 3):
        postings.put(number, Keys(np.array([number], np.uint64), giant))
    postings.put(4, keys([5, 6]))
    connection.execute("COMMIT")
    found = postings.fingerprint_carriers(giant, 2)
    assert np.array_equal(found.key, np.repeat(np.arange(len(giant)), 2))
    assert np.array_equal(found.number, np.tile([1, 2], len(giant)))
    assert everything(postings, [5, 6])[1] == {5: [1, 2, 3, 4], 6: [4]}
    assert postings.stats()["pending"] == 2


def test_the_whole_range_of_keys_and_numbers_serves(tmp_path: Path) -> None:
    connection, postings = made(tmp_path / "keys.db")
    extremes = Keys(np.array([0, 1, 2**64 - 1], np.uint64), np.array([0, 1, 2**32 - 1], np.uint32))
    for number in (1, 2, 3, 2**32 - 2, 2**32 - 1):
        postings.put(number, extremes)
    for _ in range(2):
        for found in (
            postings.band_carriers(extremes.bands, 9),
            postings.fingerprint_carriers(extremes.fingerprints, 9),
        ):
            assert found.number.tolist() == [1, 2, 3, 2**32 - 2, 2**32 - 1] * 3
        postings.compact()
    connection.close()


def test_an_article_without_keys_is_found_by_none(tmp_path: Path) -> None:
    _, postings = made(tmp_path / "keys.db")
    for number in range(1, 8):
        postings.put(number, keys([]))
    assert everything(postings, []) == ({}, {})
    assert postings.problems(np.arange(1, 8), np.zeros(7, np.int64)) == []


@pytest.mark.parametrize("table", ["pending", "chunks", "fences", "filters"])
@pytest.mark.parametrize("how", ["changed", "cut", "gone"])
def test_damage_is_found_wherever_it_is(tmp_path: Path, table: str, how: str) -> None:
    connection, postings = made(tmp_path / "keys.db", SMALL)
    truth = many(postings, connection, 100)
    column, id = ("fingerprints", "number") if table == "pending" else ("words", "id")
    where = f"WHERE {id} = (SELECT max({id}) FROM {table})"
    (blob,) = connection.execute(f"SELECT {column} FROM {table} {where}").fetchone()
    if how == "gone":
        connection.execute(f"DELETE FROM {table} {where}")
    else:
        worse = blob[:-4] + bytes(4) if how == "changed" else blob[:-3]
        connection.execute(f"UPDATE {table} SET {column} = ? {where}", (worse,))
    found = postings.problems(*live(truth))
    assert len(found) == 1
    assert "make the index anew" in found[0]


def test_keys_that_a_filter_denies_are_found(tmp_path: Path) -> None:
    connection, postings = made(tmp_path / "keys.db", SMALL)
    truth = many(postings, connection, 64)
    (segment,) = postings._tiers[1].catalog.in_order()
    segment.filter[:] = 0
    postings._tiers[1].catalog._write_filter(segment, 0, None)
    found = postings.problems(*live(truth))
    assert found
    assert all("filter denies" in problem for problem in found)


def test_keys_of_articles_that_are_not_there_are_found(tmp_path: Path) -> None:
    connection, postings = made(tmp_path / "keys.db", SMALL)
    truth = many(postings, connection, 70)
    del truth[3], truth[69]
    found = postings.problems(*live(truth))
    assert any("article number 69, which is not there" in problem for problem in found)
    assert sum("lead to articles that are not there" in problem for problem in found) == 2


def test_a_lookup_that_misses_its_chunk_names_the_file_and_the_remedy(tmp_path: Path) -> None:
    connection, postings = made(tmp_path / "keys.db", SMALL)
    many(postings, connection, 64)
    connection.execute("DELETE FROM chunks")
    with pytest.raises(StoreError, match=r"keys\.db.*make the index anew"):
        everything(postings, [7])


@pytest.mark.parametrize(("bits", "at_most"), [(10, 0.02), (12, 0.01), (16, 0.003)])
def test_filters_deny_nothing_that_they_hold_and_most_of_what_they_do_not(bits: int, at_most: float) -> None:
    random = np.random.default_rng(1)
    keys = np.unique(random.integers(0, 2**32, 60_000, dtype=np.uint64))
    entries = np.sort(random.permutation(keys)[:30_000]) << np.uint64(32)
    filter = np.zeros(filters.words(len(entries), bits), np.uint64)
    filters.fill(filter, entries)
    assert filters.first_missing(filter, entries) == -1
    others = np.setdiff1d(keys, entries >> np.uint64(32))
    passed = sum(filters.may_hold(filter, key) for key in others)
    assert passed <= at_most * len(others)
