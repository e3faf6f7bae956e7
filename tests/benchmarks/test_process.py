"""A whole process is measured with all that it starts, and stopped with it."""

import sys
import time
from pathlib import Path

import click
import pytest

from benchmarks.process import run

HOLD = "held = b'x' * (64 << 20); import time; time.sleep(.8)"
TWO = f"import subprocess, sys; [p.wait() for p in [subprocess.Popen([sys.executable, '-c', {HOLD!r}]) for _ in '12']]"
BUSY = "import time; end = time.process_time() + .3\nwhile time.process_time() < end: pass"
LEAVES = (
    f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BUSY!r}]); import time; time.sleep(1)"
)
SLEEPS = (
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).wait()"
)


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_memory_is_that_of_the_largest_and_of_all_together(tmp_path: Path) -> None:
    taken = run("two", python(TWO), tmp_path)
    assert taken.finished
    assert 64 < taken.largest < 100
    assert taken.together is None or 128 < taken.together < 220
    assert taken.wall > 0.8


def test_cpu_of_a_child_that_nobody_waits_for_counts(tmp_path: Path) -> None:
    assert run("leaves", python(LEAVES), tmp_path).cpu > 0.25


def test_what_is_late_is_stopped_with_its_children(tmp_path: Path) -> None:
    start = time.monotonic()
    taken = run("sleeps", python(SLEEPS), tmp_path, cut_off=0.3)
    assert not taken.finished
    assert 0.3 <= taken.wall < time.monotonic() - start < 30


def test_what_fails_says_why_unless_its_status_is_one_of_the_good(tmp_path: Path) -> None:
    program = python("import sys; print('no such thing', file=sys.stderr); sys.exit(3)")
    with pytest.raises(click.ClickException, match="status 3") as raised:
        run("fails", program, tmp_path)
    assert "no such thing" in raised.value.message
    assert run("fails", program, tmp_path, done=(0, 3)).finished
