"""Whoever does the work, results come in order, and what goes wrong is told."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import pytest

from dedup.errors import DedupError
from dedup.workers import Workers

FORKS = sys.platform == "linux"


@pytest.mark.parametrize("jobs", [0, 1, 2, 3])
@pytest.mark.parametrize("forked", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 7, 60])
def test_results_come_in_the_order_of_the_batches(jobs: int, forked: bool, count: int) -> None:
    offset = 1000  # seen by the workers without being sent

    def work(batch: range) -> list[int]:
        return [offset + i for i in batch] * (1 + len(batch) % 3)

    batches = [range(i, i + i % 5) for i in range(count)]
    assert list(Workers(jobs, forked=forked).map(work, batches)) == [work(batch) for batch in batches]


def test_large_results_do_not_block() -> None:
    sizes = [3_000_000, 10, 2_000_000, 0, 1_000_000, 5, 7, 9] * 4
    found = Workers(2, forked=True).map(lambda size: bytes(size), sizes)
    assert [len(each) for each in found] == sizes


def test_work_is_shared_out_to_processes_where_it_is_much() -> None:
    told = set(Workers(2, forked=True).map(lambda _: os.getpid(), range(40)))
    assert (os.getpid() not in told) == FORKS
    assert set(Workers(2).map(lambda _: os.getpid(), range(40))) == {os.getpid()}


@pytest.mark.parametrize("forked", [False, True])
def test_an_error_in_a_batch_is_raised_as_it_was(forked: bool) -> None:
    def work(number: int) -> int:
        if number == 11:
            raise ValueError("eleven")
        return number

    with pytest.raises(ValueError, match="eleven"):
        list(Workers(2, forked=forked).map(work, range(40)))


@pytest.mark.skipif(not FORKS, reason="processes are forked on Linux only")
def test_a_process_that_is_ended_from_outside_is_told() -> None:
    def work(number: int) -> int:
        if number == 11:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(DedupError, match=r"ended from outside.*--jobs"):
        list(Workers(2, forked=True).map(work, range(40)))


def test_nobody_is_left_when_only_some_results_are_taken() -> None:
    results = Workers(2, forked=True).map(lambda _: os.getpid(), range(400))
    pids = {next(results), next(results)}
    results.close()  # type: ignore[attr-defined]
    for pid in pids - {os.getpid()}:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.parametrize("forked", [False, True])
@pytest.mark.parametrize("count", [0, 1, 3, 4, 70])
def test_batches_may_be_made_while_others_are_worked_on(jobs: int, forked: bool, count: int) -> None:
    made: list[int] = []

    def batches() -> Iterator[range]:
        for number in range(count):
            made.append(number)
            yield range(number % 7)

    found = []
    for result in Workers(jobs, forked=forked).stream(lambda batch: sum(batch), batches()):
        found.append(result)
        # They are made as they are wanted, not all at once.
        assert len(made) <= len(found) + 12 * jobs
    assert found == [sum(range(number % 7)) for number in range(count)]


class Particular(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code}: {reason}")


@pytest.mark.parametrize("result", [lambda: None, Particular], ids=["a result", "an error"])
def test_what_cannot_be_sent_is_told_as_what_it_is(result: object) -> None:
    def work(number: int) -> object:
        if number == 5 and result is Particular:
            raise Particular(7, "seven")
        return result if number == 5 else number

    with pytest.raises(Exception, match=r"7: seven|pickle|lambda") as told:
        list(Workers(2, forked=True).map(work, range(20)))
    assert "memory" not in str(told.value)
    assert any("worker process" in note for note in getattr(told.value, "__notes__", ["worker process"]))
