"""Where compiled kernels are kept: the first of a few folders that may be written, and is nobody else's."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numba

_PACKAGE = Path(__file__).resolve().parents[1]
_NAME = _PACKAGE.name


@cache
def folders() -> tuple[Path, ...]:
    """Folders in the order in which they are asked for a kernel, and offered it; they may not exist yet.

    The one that ``NUMBA_CACHE_DIR`` names, if it is set. Otherwise the package's own; the user's cache folder, as the
    platform has it; and one in the system's temporary folder.
    """
    # Two installations of other versions would replace each other's.
    ours = hashlib.blake2b(str(_PACKAGE).encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    if numba.config.CACHE_DIR:
        return (Path(numba.config.CACHE_DIR) / f"{_NAME}-{ours}",)
    found = [_PACKAGE / "__pycache__"]
    found += [folder / _NAME / ours for folder in _of_user()]
    try:
        temporary = Path(tempfile.gettempdir())
    except FileNotFoundError:  # no temporary folder that can be used
        return tuple(found)
    return *found, temporary / f"{_NAME}-{_user()}" / ours


def safe(folder: Path) -> bool:
    """Whether code may be loaded from one of `folders`: nobody else could have put it there.

    What lies beside the package, or where ``NUMBA_CACHE_DIR`` points, is trusted as the package itself is.
    """
    if folder.parent == _PACKAGE or numba.config.CACHE_DIR or not hasattr(os, "getuid"):
        return True
    return all(_own(each) for each in (folder.parent, folder)) and _keeps_names(folder.parent.parent)


def make(folder: Path) -> None:
    """Make one of `folders`, for this user only.

    Raises:
        OSError: It cannot be made, or may not be used.
    """
    if folder.parent != _PACKAGE:
        folder.parent.parent.mkdir(parents=True, exist_ok=True)
        folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if not safe(folder):
        raise PermissionError(f"{folder} belongs to somebody else, or others may write there")


def known_to_numba(file: str) -> bool:
    """Whether Numba's own cache has a place for the kernels of a source file; without one it refuses to work."""
    beside = Path(file).parent / "__pycache__"
    places = [Path(numba.config.CACHE_DIR)] if numba.config.CACHE_DIR else [beside, *_of_user()]
    return any(os.access(_that_exists(place), os.W_OK) for place in places)


def _own(folder: Path) -> bool:
    """Whether a folder, itself and no link to one, is this user's, and nobody else may write there."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    mine = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return mine and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _keeps_names(folder: Path) -> bool:
    """Whether nobody else can put another folder in the place of one that lies in this one."""
    mode = folder.stat().st_mode
    return not mode & stat.S_IWOTH or bool(mode & stat.S_ISVTX)


def _of_user() -> Iterator[Path]:
    """The user's cache folder, if there is one."""
    if sys.platform == "win32":
        home = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        home = os.path.expanduser("~/Library/Caches")
    else:
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    # A home that nobody knows is left as it was; a relative one would be somewhere else in every folder.
    if home and os.path.isabs(home):
        yield Path(home)


def _user() -> str:
    return str(os.geteuid()) if hasattr(os, "geteuid") else "user"


def _that_exists(path: Path) -> Path:
    return next(each for each in (path, *path.parents) if each.exists())
