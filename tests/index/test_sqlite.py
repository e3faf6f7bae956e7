"""The file behind a store: what is refused, what is undone, who waits for whom, and what is given back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.errors import StoreError
from dedup.index import connection, schema
from dedup.index.sqlite import SqliteStore
from dedup.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = connection.PAGE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def filled(path: Path, make: Any) -> Path:
    """An index of 50 articles, each paired with the one before it."""
    with_pairs(path, make, 50)
    return path


def with_pairs(path: Path, make: Any, count: int) -> None:
    store = SqliteStore.open(path, durable_every=count)
    with store.writing():
        for number in range(1, count + 1):
            make.put(store, number)
            store.decide(number, make.decision(number))
        store.put_pairs([make.pair(number, number + 1) for number in range(1, count)])
    store.close()


def numbers(store: SqliteStore) -> list[int]:
    with store.reading():
        return store.all_numbers()


def problems(path: Path) -> list[str]:
    store = SqliteStore.open(path, read_only=True)
    try:
        with store.reading():
            return store.problems()
    finally:
        store.close()


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process that has a store `store` open in the file of the first argument."""
    opened = "import sys, time\nfrom dedup.index.sqlite import SqliteStore\nstore = SqliteStore.open(sys.argv[1])\n"
    return subprocess.Popen(
        [sys.executable, "-c", opened + script, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


# What is refused


def truncated(path: Path, make: Any) -> None:
    with_pairs(path, make, 50)
    os.truncate(path, path.stat().st_size // 2)


def without_its_first_page(path: Path, make: Any) -> None:
    with_pairs(path, make, 5)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(PAGE - 100))


def with_an_unreadable_schema(path: Path, make: Any) -> None:
    SqliteStore.open(path).close()
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE texts", b"CREATE \xf2ABLE texts"))


def of_another_program(path: Path, make: Any) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE cookies (name)")
    db.close()


def of_a_newer_version(path: Path, make: Any) -> None:
    SqliteStore.open(path).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    db.close()


BAD: list[tuple[Callable[[Path, Any], Any], str]] = [
    (lambda path, make: path.mkdir(), "is a folder; name a file"),
    (
        lambda path, make: path.write_text("Ferry aground\n" * 99),
        "is no index, but some other file; choose another",
    ),
    (lambda path, make: path.write_bytes(b"SQLite format 3\0"), "is damaged .*; restore a copy"),
    (truncated, "is damaged .*; restore a copy"),
    (with_an_unreadable_schema, "is damaged .*; restore a copy"),
    (without_its_first_page, "is damaged .*; restore a copy"),
    (of_another_program, "is an SQLite file of another program; choose another"),
    (of_a_newer_version, "is an index of version .*newer program"),
]


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(("spoil", "message"), BAD)
def test_a_file_that_is_no_index_is_refused(
    path: Path, make: Any, spoil: Callable[[Path, Any], Any], message: str, read_only: bool
) -> None:
    spoil(path, make)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(StoreError, match=f"^{path} {message}"):
        SqliteStore.open(path, read_only=read_only)
    assert not path.is_file() or path.read_bytes() == before


def test_an_empty_file_is_a_new_index_for_who_may_write(path: Path) -> None:
    path.touch()
    with pytest.raises(StoreError, match="is empty"):
        SqliteStore.open(path, read_only=True)
    store = SqliteStore.open(path)
    assert numbers(store) == []
    store.close()
    SqliteStore.open(path, read_only=True).close()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone/news.db", "its folder is not there; make it"),
        ("x" * 300, "cannot be opened"),
        ("a\0b", "cannot be opened"),
    ],
)
def test_a_place_where_no_file_can_be_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        SqliteStore.open(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_not_made_to_be_read(path: Path) -> None:
    with pytest.raises(StoreError, match="is not there"):
        SqliteStore.open(path, read_only=True)
    assert not path.exists()


def test_any_file_name_will_do(tmp_path: Path) -> None:
    for name in ("a?mode=memory", "b%41#c", "d e\udcff", ":memory:"):
        SqliteStore.open(tmp_path / name).close()
        assert (tmp_path / name).is_file()


def test_a_read_only_store_changes_nothing(filled: Path, make: Any) -> None:
    before = filled.read_bytes()
    store = SqliteStore.open(filled, read_only=True)
    with pytest.raises(StoreError, match="read-only"), store.writing():
        pass
    assert len(numbers(store)) == 50
    store.close()
    assert filled.read_bytes() == before


UNPRIVILEGED = """
import os, sys
from dedup.errors import StoreError
from dedup.index.sqlite import SqliteStore
if not os.getuid():
    os.setuid(65534)
try:
    store = SqliteStore.open(sys.argv[1], read_only=sys.argv[2] == "ro")
    with store.reading():
        print(store.count())
except StoreError as error:
    print(error)
"""


@pytest.fixture
def read_only_folder(make: Any) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    with_pairs(folder / "news.db", make, 5)
    (folder / "news.db").chmod(0o444)
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("name", "mode", "said"),
    [
        ("news.db", "ro", "5"),
        ("news.db", "rw", "news.db is not writable; make it so, or open it read-only"),
        ("other.db", "rw", "other.db cannot be made, for its folder is not writable; choose another"),
    ],
)
def test_a_folder_that_is_read_only(read_only_folder: Path, name: str, mode: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(read_only_folder / name), mode],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip().endswith(said), done.stderr


# The stamp


def test_other_settings_are_refused_by_name(path: Path) -> None:
    made = Settings(threshold=0.8, agencies="# none", jobs=1)
    SqliteStore.open(path, made).close()
    with pytest.raises(StoreError) as refused:
        SqliteStore.open(path, Settings(shingle=4))
    said = str(refused.value)
    assert "threshold is 0.8 there, 0.7 here" in said
    assert "shingle is 5 there, 4 here" in said
    assert "agencies is " in said
    assert "jobs" not in said
    assert "--index NEW" in said


def test_settings_come_from_the_stamp(path: Path) -> None:
    made = Settings(threshold=0.8, agencies="# none", jobs=1)
    SqliteStore.open(path, made).close()
    assert SqliteStore.open(path).settings == Settings(threshold=0.8, agencies="# none")
    asked = Settings(threshold=0.8, agencies="# none", jobs=2)
    assert SqliteStore.open(path, asked).settings == asked


def test_another_algorithm_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SqliteStore.open(path).close()
    monkeypatch.setattr(schema, "ALGORITHM", 99)
    with pytest.raises(StoreError, match=r"algorithm .* there, 99 here"):
        SqliteStore.open(path)


# Migrations


def test_an_older_version_is_brought_up_to_date(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def add_ratings(db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE ratings (number INTEGER PRIMARY KEY)")
        db.execute("INSERT INTO ratings SELECT number FROM articles")

    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setattr(schema, "MIGRATIONS", {schema.VERSION - 1: add_ratings})
    with pytest.raises(StoreError, match=r"older version .*open it once for writing"):
        SqliteStore.open(filled, read_only=True)
    for _ in range(2):
        store = SqliteStore.open(filled)
        assert store._db.execute("SELECT count(*) FROM ratings").fetchone() == (50,)
        assert store._db.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        store.close()


def test_a_migration_that_fails_leaves_the_old_version(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(db: sqlite3.Connection) -> None:
        db.execute("DROP TABLE pairs")
        db.execute("INSERT INTO nowhere VALUES (1)")

    with monkeypatch.context() as patched:
        patched.setattr(schema, "VERSION", schema.VERSION + 1)
        patched.setattr(schema, "MIGRATIONS", {schema.VERSION - 1: fail})
        with pytest.raises(StoreError, match="nowhere"):
            SqliteStore.open(filled)
    assert problems(filled) == []


# Durability


def test_blocks_are_durable_when_they_end(path: Path, make: Any) -> None:
    store, other = SqliteStore.open(path), SqliteStore.open(path)
    with store.writing():
        make.put(store, 1)
        assert numbers(other) == []
    assert numbers(other) == [1]


def test_articles_are_durable_by_the_batch(path: Path, make: Any) -> None:
    store, other = SqliteStore.open(path, durable_every=3), SqliteStore.open(path)
    seen = []
    for number in range(1, 6):
        with store.writing():
            make.put(store, number)
        seen.append(len(numbers(other)))
        assert len(numbers(store)) == number
    assert seen == [0, 0, 3, 3, 3]
    store.commit()
    assert len(numbers(other)) == 5
    with store.writing():
        make.put(store, 6)
    store.close()
    assert len(numbers(other)) == 6


def test_an_error_loses_nothing_of_the_batch_before_it(path: Path, make: Any) -> None:
    store = SqliteStore.open(path, durable_every=10)
    for number in (1, 2):
        with store.writing():
            make.put(store, number)

    def fail() -> None:
        make.put(store, 3)
        make.put(store, 1)

    with pytest.raises(StoreError, match="already"), store.writing():
        fail()
    with store.writing():
        make.put(store, 3)
    store.close()
    assert numbers(SqliteStore.open(path)) == [1, 2, 3]
    assert problems(path) == []


def test_a_process_that_is_killed_loses_only_what_was_not_committed(path: Path, make: Any) -> None:
    SqliteStore.open(path).close()
    writer = run(
        "from importlib.util import module_from_spec, spec_from_file_location as spec\n"
        "module = module_from_spec(found := spec('conftest', sys.argv[2])); found.loader.exec_module(module)\n"
        "for number in range(1, 10_000):\n"
        "    with store.writing():\n"
        "        module.Make.put(store, number)\n"
        "    print(number, flush=True)\n",
        path,
        Path(__file__).with_name("conftest.py"),
    )
    assert writer.stdout
    for _ in range(20):
        acknowledged = int(writer.stdout.readline())
    writer.kill()
    acknowledged = max([acknowledged, *(int(line) for line in writer.stdout.read().split("\n")[:-1])])
    writer.wait()
    store = SqliteStore.open(path)
    assert numbers(store) in (list(range(1, acknowledged + 1)), list(range(1, acknowledged + 2)))
    store.close()
    assert problems(path) == []


# A full disk


def test_a_full_disk_leaves_the_index_as_it_was(filled: Path, make: Any) -> None:
    store = SqliteStore.open(filled)
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    article = make.article(51, text=os.urandom(20_000).hex())
    with pytest.raises(StoreError, match=f"^{filled} cannot grow .*make room"), store.writing():
        store.put(make.head(51, article), article, make.reading(51), make.keys())
    assert len(numbers(store)) == 50
    store._db.execute("PRAGMA max_page_count = 1000000")
    with store.writing():
        store.put(make.head(51, article), article, make.reading(51), make.keys([1, 51]))
    store.close()
    assert problems(filled) == []


def test_a_full_disk_in_a_batch_tells_what_is_lost(filled: Path, make: Any) -> None:
    store = SqliteStore.open(filled, durable_every=10)
    with store.writing():
        make.put(store, 51)
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    article = make.article(52, text=os.urandom(20_000).hex())
    with pytest.raises(StoreError, match=r"is full.*make room.*1 articles"), store.writing():
        store.put(make.head(52, article), article, make.reading(52), make.keys())
    assert numbers(store) == list(range(1, 51))
    with store.writing():
        assert store.next_number() == 51
    store.close()
    assert problems(filled) == []


def test_what_a_failing_disk_took_with_it_is_told(filled: Path, make: Any) -> None:
    store = SqliteStore.open(filled, durable_every=10)
    with store.writing():
        make.put(store, 51)

    def fail() -> None:
        # As SQLite itself does after some errors of the disk.
        store._db.execute("ROLLBACK")
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(StoreError, match=r"1 articles .* are lost, add them again"), store.writing():
        fail()
    with store.writing():
        assert store.next_number() == 51
        make.put(store, 51)
    store.close()
    assert problems(filled) == []


FULL = """
import resource, signal
from dedup.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 17, 1 << 17))
with store.reading():
    before = store.count()
try:
    with store.writing():
        store.drop(range(1, 40))
        store._db.execute("CREATE TABLE filler AS SELECT randomblob(1000000)")
except StoreError as error:
    print(error)
with store.reading():
    print(store.count() == before)
"""


def test_a_write_that_fails_leaves_the_index_as_it_was(filled: Path) -> None:
    said, _ = run(FULL, filled).communicate()
    message, same = said.splitlines()
    assert message.startswith(str(filled))
    assert same == "True"
    assert problems(filled) == []


# Others beside


HOLD = "with store.writing():\n    print('held', flush=True)\n    sys.stdin.readline()\n"


def test_a_second_writer_waits_and_then_says_why_not(filled: Path, make: Any) -> None:
    holder = run(HOLD, filled)
    assert holder.stdout
    assert holder.stdin
    assert holder.stdout.readline() == "held\n"
    store = SqliteStore.open(filled, timeout=0.2)
    started = time.monotonic()
    with pytest.raises(StoreError, match=r"another process, and 0.2 s .*timeout"), store.writing():
        pass
    assert 0.15 < time.monotonic() - started < 5
    assert len(numbers(store)) == 50
    patient = SqliteStore.open(filled, timeout=30)
    threading.Timer(0.2, lambda: holder.communicate("\n")).start()
    with patient.writing():
        make.put(patient, 51)
    assert len(numbers(store)) == 51
    holder.wait()


def test_several_make_one_index(tmp_path: Path, make: Any) -> None:
    def add() -> None:
        together.wait()
        try:
            store = SqliteStore.open(path)
            with store.writing():
                make.put(store, store.next_number())
            store.close()
        except StoreError as error:
            refused.append(error)

    refused: list[StoreError] = []
    for attempt in range(5):
        path, together = tmp_path / f"{attempt}.db", threading.Barrier(6)
        threads = [threading.Thread(target=add) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert numbers(SqliteStore.open(path)) == [1, 2, 3, 4, 5, 6]
    assert refused == []


def test_space_is_given_back_once_no_reader_needs_it(path: Path, make: Any) -> None:
    with_pairs(path, make, 500)
    before = path.stat().st_size
    store, reader = SqliteStore.open(path), SqliteStore.open(path, read_only=True)
    with reader.reading():
        assert reader.count() == 500
        with store.writing():
            store.drop(range(1, 500))
        started = time.monotonic()
        store.compact()
        assert time.monotonic() - started < 10
        assert len(reader.articles(range(501))) == 500
    with store.writing():
        make.put(store, 501)
    assert path.stat().st_size < before / 3


def test_a_reader_sees_one_state_beside_a_writer(filled: Path, make: Any) -> None:
    writer, reader = SqliteStore.open(filled), SqliteStore.open(filled, read_only=True)
    with reader.reading():
        assert reader.count() == 50
        with writer.writing():
            make.put(writer, 51, make.keys([51, 60]))
            writer.drop([1])
        with reader.reading():
            assert reader.count() == 50
            assert reader.articles([1]) == {1: make.article(1)}
            assert reader.band_carriers(np.array([1, 60], np.uint64), 5).number.tolist() == [1]
    with reader.reading():
        assert reader.all_numbers() == list(range(2, 52))
        assert reader.band_carriers(np.array([1, 60], np.uint64), 5).number.tolist() == [51]


def test_a_writer_sees_what_another_wrote(path: Path, make: Any) -> None:
    one, other = SqliteStore.open(path), SqliteStore.open(path)
    for number in range(1, 21):
        store = one if number % 2 else other
        with store.writing():
            assert store.next_number() == number
            make.put(store, number, make.keys([7, number + 100]))
            found = store.band_carriers(np.array([7], np.uint64), 99)
            assert found.number.tolist() == list(range(1, number + 1))


def test_a_forked_process_is_told_to_open_its_own(filled: Path) -> None:
    store = SqliteStore.open(filled)
    with store.reading():
        child = os.fork()
        if not child:
            told = 0
            for call in (lambda: numbers(store), store.commit, store.close):
                try:
                    call()
                except StoreError as error:
                    told += "open it again after a fork" in str(error)
            own = len(numbers(SqliteStore.open(filled)))
            os._exit(0 if (told, own) == (3, 50) else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert store.count() == 50
    store.close()


# What is broken


def damage(path: Path, statement: str, *values: Any) -> None:
    db = sqlite3.connect(path)
    db.execute(statement, values)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    ("statement", "values", "found"),
    [
        ("DELETE FROM texts WHERE number = 7", (), "texts holds nothing of article 7; remove the article"),
        (
            "DELETE FROM articles WHERE number = 50",
            (),
            "something of article 50, which is not there; compact",
        ),
        ("UPDATE articles SET home = 99 WHERE number = 7", (), "home of article 7 is 99, which is not there"),
        ("UPDATE articles SET near = 99 WHERE number = 7", (), "near of article 7 is 99, which is not there"),
        ("UPDATE counts SET value = 7", (), "there are 50 articles and not 7; compact"),
        (
            "UPDATE articles SET digest = ? WHERE number = 7",
            (b"x" * 16,),
            "article 7 is not the one that was added",
        ),
        ("UPDATE articles SET sign = ? WHERE number = 7", (b"[1",), "the head of article 7 cannot be read"),
        ("UPDATE texts SET packed = ? WHERE number = 7", (b"zz",), "the text of article 7 cannot be read"),
        ("UPDATE readings SET packed = ? WHERE number = 7", (b"[]",), "found in article 7 cannot be read"),
        (
            "UPDATE decisions SET record = ? WHERE number = 7",
            (b"{",),
            "decision about article 7 cannot be read",
        ),
        (
            "UPDATE pairs SET packed = ? WHERE a = 7",
            (b"\x00\x01",),
            "what articles 7 and 8 share cannot be read",
        ),
    ],
)
def test_what_is_broken_is_found(filled: Path, statement: str, values: tuple[Any, ...], found: str) -> None:
    assert problems(filled) == []
    damage(filled, statement, *values)
    assert any(found in line for line in problems(filled))


def test_damaged_pages_are_found_and_refused(filled: Path) -> None:
    with filled.open("r+b") as file:
        for page in range(3, filled.stat().st_size // PAGE):
            file.seek(page * PAGE)
            file.write(b"\xff" * PAGE)
    assert any("restore a copy" in line for line in problems(filled))
    store = SqliteStore.open(filled)
    with pytest.raises(StoreError, match=r"is damaged .*restore a copy"), store.reading():
        store.articles(range(51))
    with pytest.raises(StoreError), store.writing():
        store.drop(range(51))


def test_orphans_go_when_the_index_is_compacted(filled: Path) -> None:
    damage(filled, "DELETE FROM articles WHERE number % 2")
    store = SqliteStore.open(filled)
    with store.writing():
        store.compact()
    with store.reading():
        assert store.stats()["pairs"] == 0
        assert store.count() == 25
    store.close()
    assert not any("not there; compact" in line and "keys" not in line for line in problems(filled))


def test_the_space_of_what_was_dropped_is_given_back(path: Path, make: Any) -> None:
    with_pairs(path, make, 2000)
    before = path.stat().st_size
    store = SqliteStore.open(path)
    with store.writing():
        store.drop(range(1, 1900))
    store.compact()
    with store.reading():
        assert store.stats()["bytes"] < before / 5
        assert store.stats()["free"] == 0
        assert store.all_numbers() == list(range(1900, 2001))
    store.close()
    assert path.stat().st_size < before / 5
    assert problems(path) == []
