"""The command as users meet it: `call` runs it in this process, `process` in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from dedup.cli import status

ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    status: int
    out: str
    err: str


Call = Callable[..., Outcome]


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """Of a process that finds the package wherever it stands, and takes no colour or width from outside."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return kept | {"PYTHONPATH": path, "COLUMNS": "80", "TERM": "xterm-256color"}


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Run the command in this process: as fast as a function, for everything that needs no process.

    In `tmp_path`, for the results of another run may lie where the tests were started.
    """
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Outcome:
        capfd.readouterr()
        code = status([str(each) for each in arguments])
        return Outcome(code, *capfd.readouterr())

    return call


@pytest.fixture
def is_golden() -> Callable[[str, Path], None]:
    """See that what was told is what a golden file holds; with RENEW_GOLDEN in the environment, write it anew first."""

    def is_golden(told: str, golden: Path) -> None:
        if os.environ.get("RENEW_GOLDEN"):
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(told, encoding="utf-8")
        assert told == golden.read_text(encoding="utf-8")

    return is_golden


@pytest.fixture
def process(tmp_path: Path, environment: dict[str, str]) -> Call:
    """Run the command in a process of its own, in `tmp_path`."""

    def process(*arguments: object, stdin: bytes = b"") -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "dedup", *(str(each) for each in arguments)],
            input=stdin, capture_output=True, env=environment, cwd=tmp_path, timeout=120,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return process
