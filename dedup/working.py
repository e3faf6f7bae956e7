"""Where a run keeps what it has of every article: in memory, or in a folder beside its results.

With ``resumable`` the folder also keeps what each finished step gave, in arrays, and survives a run that ends before
its time: the next one with the same input and settings goes on from there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, TypeVar, cast, get_type_hints
from zlib import crc32

import numpy as np

from dedup.errors import OutputError
from dedup.progress import Stages
from dedup.shelf import Kind, Shelf

T = TypeVar("T")
P = TypeVar("P", bound=tuple[Any, ...])

_BUFFER = 1 << 20
_FORMAT = 1  # of what is kept
_IDENTITY = "run.json"
_LOCK = "lock"
_OURS = (".step", ".draft", ".npy", _IDENTITY)
_SHELVES = {"articles", "ids", "repeats", "furniture", "rejects", "own", "verdicts", "clusters", "matches"}
_KEPT = "kept.json"


class Working:
    """The place of one run's work.

    Args:
        folder: The folder, which exists; without it everything is kept in memory. Unless it is resumable there is
            no trace of the run in it once `close` was called, or the process has ended.
        lock: What `claimed` holds of a folder that is resumable: finished steps are kept there, and found.
    """

    def __init__(self, folder: Path | None = None, lock: BinaryIO | None = None) -> None:
        self.folder = folder
        self._lock = lock
        self._resumable = lock is not None
        self._shelves: list[Shelf[Any]] = []

    def shelf(self, name: str, kind: Kind[T], *, of: str) -> Shelf[T]:
        """A shelf to fill in the step ``of``, or the one that was filled there."""
        if self.folder is None:
            made = Shelf(kind)
        elif not self._resumable:
            # A file without a name: however the run ends, nothing of it is left.
            file = TemporaryFile(buffering=_BUFFER, dir=self.folder)  # noqa: SIM115
            made = Shelf(kind, cast(BinaryIO, file))
        elif self.finished(of):
            with _whole(self.folder):
                made = Shelf.opened(kind, self.folder / name)
        else:
            made = Shelf(kind, (self.folder / name).open("w+b", buffering=_BUFFER))
        self._shelves.append(made)
        return made

    def finished(self, step: str) -> bool:
        """Whether a step is done already."""
        return self._resumable and self.folder is not None and (self.folder / f"{step}.step").is_dir()

    def step(
        self, name: str, like: type[P], make: Callable[[], P], stages: Stages, **shelves: Shelf[Any]
    ) -> P:
        """What a step gives: made now, or found as it was made.

        Args:
            like: A NamedTuple of arrays, of such NamedTuples, and of the ``shelves``, by the names of their fields.
            stages: Takes over how long the step took when it was made.

        Raises:
            OutputError: What was kept is damaged.
            OSError: It cannot be kept.
        """
        if not self._resumable or self.folder is None:
            return make()
        place = self.folder / f"{name}.step"
        if self.finished(name):
            with _whole(self.folder):
                kept = json.loads((place / _KEPT).read_bytes())
                if kept["sums"] != _sums(place, shelves):
                    raise ValueError(f"what the step {name!r} kept was changed")
                stages.restore(kept["stages"])
                return _loaded(like, place, "", shelves)
        made = make()
        for each in shelves.values():
            each.seal()
        draft = place.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        _save(made, draft, "", shelves)
        sums = _sums(draft, shelves)
        with (draft / _KEPT).open("w") as file:
            json.dump({"stages": stages.state(), "sums": sums}, file)
            _lasting(file)
        draft.rename(place)
        return made

    def flush(self) -> None:
        """Hand on to the system what is on the shelves, so that forked processes find it there."""
        for each in self._shelves:
            each.flush()

    def close(self) -> None:
        """Let go of the files."""
        with ExitStack() as open_files:
            if self._lock is not None:
                open_files.callback(self._lock.close)
            for each in self._shelves:
                open_files.callback(each.close)

    def remove(self) -> None:
        """Let go of the files, and of the folder."""
        self.close()
        if self.folder is not None and self._resumable:
            shutil.rmtree(self.folder, ignore_errors=True)


def claimed(folder: Path, identity: Mapping[str, Any], *, anew: bool = False) -> tuple[Working, bool]:
    """The place of a resumable run at ``folder``, and whether a run of the same identity left its work there.

    Args:
        identity: What the run is of; JSON.
        anew: Throw away what a run of another identity left there.

    Raises:
        OutputError: Another run works there, or left its work, or something else stands there.
        OSError: It cannot be made.
    """
    told = json.dumps({**identity, "format": _FORMAT}, sort_keys=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        inside = set(os.listdir(folder)) - {_LOCK}
    except (FileExistsError, NotADirectoryError):
        inside = {folder.name}
    if inside and _IDENTITY not in inside:
        raise OutputError(f"{folder} is no place of an interrupted run; move it away to use --resume")
    lock = (folder / _LOCK).open("wb")
    if not _locked(lock):
        lock.close()
        raise OutputError(f"another run works in {folder}; let it finish, or name another folder with --out")
    known = inside and (folder / _IDENTITY).read_bytes() == told.encode()
    strangers = {entry for entry in inside if not entry.endswith(_OURS) and entry not in _SHELVES}
    if strangers:
        lock.close()
        raise OutputError(
            f"{folder} holds {min(strangers)!r}, which no run put there; move it away to use --resume"
        )
    if inside and not known:
        if not anew:
            lock.close()
            raise OutputError(
                f"{folder} keeps the work of a run of other input or settings; go on with those, or remove it, "
                "or begin anew with --force"
            )
        for entry in inside:
            place = folder / entry
            shutil.rmtree(place) if place.is_dir() else place.unlink()
    if not known:
        draft = folder / f"{_IDENTITY}.draft"
        draft.write_text(told, "utf-8")
        draft.rename(folder / _IDENTITY)
    return Working(folder, lock), bool(known)


def _locked(lock: BinaryIO) -> bool:
    try:
        import fcntl
    except ImportError:  # where there is none, two runs at once are the user's to avoid
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{folder} is damaged: {error}; remove it, and the run begins anew") from error


def _sums(place: Path, shelves: Mapping[str, Shelf[Any]]) -> dict[str, int]:
    """Checksums of what a step keeps, by the names of the files."""
    paths = [*place.glob("*.npy"), *(path for shelf in shelves.values() for path in shelf.files)]
    return {path.name: _sum(path) for path in sorted(paths)}


def _sum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while block := file.read(_BUFFER):
            found = crc32(block, found)
    return found


def _lasting(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _save(product: tuple[Any, ...], folder: Path, prefix: str, shelves: Mapping[str, Shelf[Any]]) -> None:
    for name, value in zip(product._fields, product, strict=True):  # type: ignore[attr-defined]
        if isinstance(value, np.ndarray):
            with (folder / f"{prefix}{name}.npy").open("wb") as file:
                np.save(file, value)
                _lasting(file)
        elif name not in shelves:
            _save(value, folder, f"{prefix}{name}.", shelves)


def _loaded(like: type[P], folder: Path, prefix: str, shelves: Mapping[str, Shelf[Any]]) -> P:
    hints = get_type_hints(like)
    values: list[Any] = []
    for name in like._fields:  # type: ignore[attr-defined]
        if name in shelves:
            values.append(shelves[name])
        elif hasattr(hints[name], "_fields"):
            values.append(_loaded(hints[name], folder, f"{prefix}{name}.", shelves))
        else:
            values.append(np.load(folder / f"{prefix}{name}.npy"))
    return like(*values)
