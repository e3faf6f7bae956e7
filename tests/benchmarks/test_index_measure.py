"""How the index's benchmarks measure: in processes of their own, and in units that a reader expects."""

import os

import pytest

from benchmarks.index.measure import Timed, apart, exponent, peak_memory, resident, spread
from benchmarks.index.redis_server import missing


def test_a_measurement_apart_has_a_process_and_a_memory_of_its_own() -> None:
    room = bytearray(200 << 20)
    room[::4096] = bytes([1]) * len(room[::4096])
    assert peak_memory() >= resident() > 200
    assert apart(os.getpid) != os.getpid()
    assert apart(peak_memory) < 200


def test_times_are_told_in_milliseconds() -> None:
    assert spread([0.001] * 99 + [1.0], (0.5, 1.0)) == ["1.00", "1000.00"]
    assert spread([]) == ["–", "–"]


def test_a_figure_that_grows_in_proportion_has_the_exponent_1() -> None:
    assert exponent((10, 1000), (3, 300)) == pytest.approx(1)
    assert exponent((10, 1000), (3, 3)) == 0


def test_items_are_passed_on_and_counted() -> None:
    items = Timed("abc")
    assert list(items) == ["a", "b", "c"]
    assert items.count == 3
    assert items.seconds > 0


def test_what_lacks_for_redis_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "redis-server (a Debian package)" in missing()
