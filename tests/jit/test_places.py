"""Kernels are kept where the user may write, and taken only from where nobody else may."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numba
import pytest

from dedup.jit import places
from dedup.jit.store import Kept

resource = pytest.importorskip("resource")

KEPT = Kept("a.kernel", b"m" * 32)


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package, a home and a temporary folder of the test's own."""
    package = tmp_path / "site-packages" / "dedup"
    package.mkdir(parents=True)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(places, "_PACKAGE", package)
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    places.folders.cache_clear()
    yield package
    places.folders.cache_clear()


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def keep() -> None:
    KEPT.keep(b"running", b"linking")


def block(folder: Path) -> None:
    """Make it impossible to write into a folder, for root too."""
    folder.write_text("in the way")


def test_beside_the_package(package: Path) -> None:
    keep()
    assert files(package) == ["__pycache__/a.kernel"]
    assert (KEPT.running(), KEPT.linking()) == (b"running", b"linking")
    assert (package / "__pycache__" / "a.kernel").stat().st_mode & 0o777 == 0o644


def test_what_was_made_from_something_else_is_not_taken(package: Path) -> None:
    keep()
    assert Kept(KEPT.name, b"n" * 32).running() is None


def test_in_the_users_folder_where_the_installation_is_read_only(package: Path, tmp_path: Path) -> None:
    block(package / "__pycache__")
    keep()
    (place,) = files(tmp_path / "cache")
    assert place.startswith("dedup/")
    assert (tmp_path / "cache" / "dedup").stat().st_mode & 0o777 == 0o700
    assert KEPT.linking() == b"linking"


def test_an_installation_brings_kernels_that_its_users_cannot_write(package: Path, tmp_path: Path) -> None:
    keep()
    (package / "__pycache__").chmod(0o555)
    assert KEPT.running() == b"running"


def test_in_a_private_temporary_folder_without_a_home(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block(package / "__pycache__")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere" / "at all"))
    block(tmp_path / "nowhere")
    keep()
    (place,) = files(tmp_path / "tmp")
    assert place.startswith(f"dedup-{os.geteuid()}/")
    assert KEPT.running() == b"running"


@pytest.mark.parametrize("how", ["writable for others", "a link", "somebody else's"])
def test_nothing_is_taken_from_a_folder_that_others_could_fill(
    package: Path, tmp_path: Path, how: str
) -> None:
    block(package / "__pycache__")
    block(tmp_path / "cache")
    keep()
    (kept,) = (tmp_path / "tmp").iterdir()
    if how == "writable for others":
        kept.chmod(0o777)
    elif how == "a link":
        kept.symlink_to(kept.rename(tmp_path / "elsewhere"))
    elif os.geteuid():
        pytest.skip("only root gives folders away")
    else:
        os.chown(kept, 12345, -1)
    assert KEPT.running() is None
    Kept("b.kernel", KEPT.made_from).keep(b"running", b"linking")
    assert not [path for path in tmp_path.rglob("b.kernel*") if path.is_file()]


def test_nowhere_on_a_full_disk(package: Path, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        KEPT.keep(bytes(100_000), b"")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert files(tmp_path) == []
    assert KEPT.running() is None


def test_where_numba_is_told_to(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "told"))
    places.folders.cache_clear()
    keep()
    assert len(files(tmp_path / "told")) == 1
    assert files(package) == []
    assert KEPT.running() == b"running"


def test_numbas_own_cache_is_asked_for_only_where_it_has_a_place(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert places.known_to_numba(str(package / "a.py"))
    monkeypatch.setattr(os, "access", lambda path, mode: tmp_path / "told" in (path, *path.parents))
    assert not places.known_to_numba(str(package / "a.py"))
    (tmp_path / "told").mkdir()
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "told" / "here"))
    assert places.known_to_numba(str(package / "a.py"))
