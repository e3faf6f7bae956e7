"""An index that several use at once: readers beside a writer, a second writer, threads, forked workers.

The readers in full: `python -m benchmarks.index readers`.
"""

import multiprocessing
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import pytest

from benchmarks.index.building import warm_up
from benchmarks.index.readers import beside
from benchmarks.stream import Stream
from dedup.errors import StoreError
from dedup.index.index import Index
from dedup.model import Article

WORKERS = 3


@pytest.fixture(scope="module")
def stream() -> Stream:
    stream = Stream(words=150, seed=4)
    warm_up(stream)
    return stream


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.db"


def test_two_readers_beside_a_writer_get_no_error_and_no_wrong_answer(path: Path, stream: Stream) -> None:
    writer, readers = beside(path, stream, readers=2, seconds=3, held=200, keep=150)
    assert [(reader.wrong, reader.errors) for reader in readers] == [([], [])] * 2
    assert all(len(reader.seconds) == 4 for reader in readers)
    with Index.open(path) as index:
        assert index.verify() == []
        assert len(writer.seconds["add"]) >= 10
        assert stream.article(199 + len(writer.seconds["add"])).id in index


def test_a_second_writer_waits_and_is_told(path: Path, stream: Stream) -> None:
    first, second, third = stream.articles(0, 3)
    with Index.open(path, durable_every=10) as writer:
        writer.add(first)  # not committed: whoever else writes has to wait
        with Index.open(path, timeout=0.2) as other:
            start = time.monotonic()
            with pytest.raises(StoreError, match="another process"):
                other.add(second)
            assert 0.15 < time.monotonic() - start < 5
            writer.commit()
            other.add(second)
        writer.add(first)
        writer.add(third)
        with Index.open(path, timeout=30) as patient:
            committing = threading.Timer(0.2, writer.commit)
            committing.start()
            patient.add(stream.article(3))
            committing.join()
            assert len(patient) == 4
            assert patient.verify() == []


def test_threads_share_an_index(path: Path, stream: Stream) -> None:
    parts = [list(stream.articles(40 * k, 40 * (k + 1))) for k in range(WORKERS)]

    def work(articles: list[Article]) -> list[str]:
        told = []
        for article in articles:
            told.append(index.add(article).id)
            assert index.get(article.id) == article
            seen = index.query(article.id)
            assert seen is not None
            assert seen.id == index.check(article).id == article.id
        return told

    with Index.open(path, durable_every=7) as index:
        with ThreadPoolExecutor(WORKERS) as threads:
            told = list(threads.map(work, parts))
        assert told == [[article.id for article in part] for part in parts]
        assert len(index) == 40 * WORKERS
        assert index.verify() == []
    with Index.open(path) as index:
        assert sorted(index.ids()) == sorted(id for ids in told for id in ids)


def test_a_forked_worker_opens_its_own(path: Path, stream: Stream) -> None:
    fork = multiprocessing.get_context("fork")
    with Index.open(path) as index:
        for article in stream.articles(0, 20):
            index.add(article)
        with ProcessPoolExecutor(WORKERS, mp_context=fork) as processes:
            adding = [processes.submit(_work, path, stream, 20 * k, 20 * (k + 1)) for k in range(1, 4)]
            assert sum(job.result() for job in adding) == 60
        assert len(index) == 80
        assert index.verify() == []
        assert index.get(stream.article(79).id) == stream.article(79)


def _work(path: Path, stream: Stream, start: int, stop: int) -> int:
    with Index.open(path) as index:
        return sum(index.add(article).id == article.id for article in stream.articles(start, stop))


def test_an_index_that_was_forked_along_is_refused(path: Path, stream: Stream) -> None:
    with Index.open(path) as index:
        index.add(stream.article(0))
        told = multiprocessing.get_context("fork").SimpleQueue()
        child = multiprocessing.get_context("fork").Process(target=_misuse, args=(index, stream, told))
        child.start()
        child.join()
        assert "fork" in told.get()
        assert len(index) == 1


def _misuse(index: Index, stream: Stream, told: "SimpleQueue[str]") -> None:
    try:
        index.add(stream.article(1))
    except StoreError as error:
        told.put(str(error))
    else:
        told.put("nothing was said")
