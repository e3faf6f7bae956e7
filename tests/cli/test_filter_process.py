"""`dedup filter` as a process in a pipe: who waits for whom, how it ends, and what is kept then."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select
from typing import Any

import pytest

from dedup import Index

COMMAND = (sys.executable, "-m", "dedup", "filter")
Filter = Callable[..., "subprocess.Popen[bytes]"]
WORDS = "pier council harbour winter engineer crack boat basin berth mayor vote reason ferry strike island crew".split()


def line(number: int) -> bytes:
    """An article like no other."""
    words = [WORDS[number * k * k % 97 % len(WORDS)] + str(number * k % 89) for k in range(60)]
    return json.dumps({"id": f"a{number}", "text": " ".join(words)}).encode() + b"\n"


@pytest.fixture
def started(tmp_path: Path, environment: dict[str, str]) -> Iterator[Filter]:
    """Start a filter between two pipes, of which this side keeps nothing back."""
    running = []

    def started(*options: str, **named: Any) -> subprocess.Popen[bytes]:
        pipes: dict[str, Any] = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        pipes |= named
        process: subprocess.Popen[bytes]
        process = subprocess.Popen([*COMMAND, *options], env=environment, cwd=tmp_path, bufsize=0, **pipes)
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        process.wait()


def told(process: subprocess.Popen[bytes], seconds: float = 60) -> dict[str, Any]:
    """The next line that comes out, which must come soon."""
    assert process.stdout is not None
    assert select([process.stdout], [], [], seconds)[0], "no answer"
    answer: dict[str, Any] = json.loads(process.stdout.readline())["dedup"]
    return answer


def give(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.flush()


def ended(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    """Its status, and what was not read yet of its output."""
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = process.stdout.read(), process.stderr.read()
    return process.wait(60), out, err


def test_whoever_waits_for_each_answer_gets_it(started: Filter) -> None:
    process = started()
    for number in range(3):
        give(process, line(number))
        assert told(process)["id"] == f"a{number}"
    give(process, b"{\n" + line(3)[:20])
    give(process, line(3)[20:-1])
    time.sleep(0.1)
    give(process, b"\n")
    assert told(process)["id"] == "a3"
    give(process, line(4)[:-1])
    assert process.stdin is not None
    process.stdin.close()
    assert told(process)["id"] == "a4"
    assert process.wait(60) == 3


def test_batches_are_answered_as_lines_are(started: Filter) -> None:
    lines = [line(number % 40) for number in range(120)]
    process = started()
    one_by_one = []
    for each in lines[:60]:
        give(process, each)
        one_by_one.append(told(process))
    process.stdin.close()  # type: ignore[union-attr]
    status, out, _ = ended(started("-v", stdin=_file(lines[:60])))
    assert status == 0
    assert [json.loads(each)["dedup"] for each in out.splitlines()] == one_by_one


def _file(lines: list[bytes]) -> int:
    """A descriptor to read these lines from, all at once."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(lines))
    os.close(writing)
    return reading


def test_asked_to_end_while_it_waits_it_keeps_what_it_answered(started: Filter, tmp_path: Path) -> None:
    process = started("--index", "news.db", "--durable-every", "1000")
    give(process, line(1) + line(2) + line(3)[:30])
    assert [told(process)["id"], told(process)["id"]] == ["a1", "a2"]
    process.send_signal(signal.SIGTERM)
    status, out, err = ended(process)
    assert (status, out) == (143, b"")
    assert err == b"dedup: interrupted; every line that was read is answered\n"
    assert kept(tmp_path) == ["a1", "a2"]


def kept(folder: Path) -> list[str]:
    """What another process finds in the index."""
    with Index.open(folder / "news.db", read_only=True) as index:
        assert index.verify() == []
        return index.ids()


def test_asked_to_end_amid_its_work_it_answers_whole_lines_and_keeps_them(
    started: Filter, tmp_path: Path
) -> None:
    process = started(
        "--index", "news.db", "--durable-every", "1000", stdin=_file([line(n) for n in range(60)])
    )
    first = told(process)
    for _ in range(2):  # as `timeout` does
        process.send_signal(signal.SIGINT)
    status, out, _ = ended(process)
    answered = [first, *(json.loads(each)["dedup"] for each in out.splitlines())]
    assert status in (0, 130)
    assert [each["id"] for each in answered] == [f"a{n}" for n in range(len(answered))] == kept(tmp_path)


def test_asked_to_end_before_the_first_line(started: Filter) -> None:
    process = started("-q")
    time.sleep(1.5)
    process.send_signal(signal.SIGTERM)
    status, out, _ = ended(process)
    assert (status in (1, 143), out) == (True, b"")


def test_a_reader_who_goes_ends_it_quietly(started: Filter, tmp_path: Path) -> None:
    process = started("--index", "news.db")
    give(process, line(1))
    assert told(process)["id"] == "a1"
    process.stdout.close()  # type: ignore[union-attr]
    give(process, line(2))
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert kept(tmp_path)[0] == "a1"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told(started: Filter, tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        process = started(stdin=_file([line(1)]), stdout=full)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, b"dedup: standard output: No space left on device\n")
    (tmp_path / "rejects").symlink_to("/dev/full")
    status, out, err = ended(started("--rejects", "rejects", "-q", stdin=_file([b"{\n", line(1)])))
    assert (status, out.count(b"\n")) == (1, 1)
    assert err == b"dedup: rejects: rejects cannot be written: No space left on device\n"


@pytest.mark.parametrize(("end", "name"), [(0, "input"), (1, "output")])
def test_a_closed_end_is_told(end: int, name: str, tmp_path: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        COMMAND, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False,
        preexec_fn=lambda: os.close(end),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"dedup: standard {name} is closed")


def test_after_a_pause_others_find_what_was_answered(started: Filter, tmp_path: Path) -> None:
    process = started("--index", "news.db", "--durable-every", "1000")
    give(process, line(1))
    assert told(process)["id"] == "a1"
    time.sleep(2)
    assert kept(tmp_path) == ["a1"]
    with Index.open(tmp_path / "news.db", timeout=5) as other:
        assert other.add({"id": "b", "text": "Another process may write now."}).relation == "unique"
    give(process, line(2))
    assert told(process)["as_of"] == 3
