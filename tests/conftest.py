"""What all tests share: the corpus, the command, and the collections beside the project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real collections, which are not part of a clone."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not here")
    return folder


@pytest.fixture(scope="session")
def seeds_run(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of `dedup run seeds`, run as a process."""
    out = tmp_path_factory.mktemp("seeds") / "out"
    command = [
        sys.executable,
        "-c",
        "from dedup.cli import main; main()",
        "run",
        str(seeds),
        "--out",
        str(out),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return out
