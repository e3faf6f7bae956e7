"""Where a run keeps what it has of every article: in memory, or in a folder beside its results.

With ``resumable`` the folder also keeps what each finished step gave, in arrays, and survives a run that ends before
its time: the next one with the same input and settings goes on from there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, TypeVar, cast, get_type_hints

import numpy as np

from dedup.errors import OutputError
from dedup.progress import Stages
from dedup.shelf import Kind, Shelf

T = TypeVar("T")
P = TypeVar("P", bound=tuple[Any, ...])

_BUFFER = 1 << 20
_IDENTITY = "run.json"
_SECONDS = "seconds.json"


class Working:
    """The place of one run's work.

    Args:
        folder: The folder, which exists; without it everything is kept in memory. Unless it is ``resumable`` there is
            no trace of the run in it once `close` was called, or the process has ended.
        resumable: Keep what finished steps gave, and use what is there.
    """

    def __init__(self, folder: Path | None = None, *, resumable: bool = False) -> None:
        self.folder = folder
        self._resumable = resumable and folder is not None
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
                stages.restore(json.loads((place / _SECONDS).read_bytes()))
                return _loaded(like, place, "", shelves)
        made = make()
        for each in shelves.values():
            each.seal()
        draft = place.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        _save(made, draft, "", shelves)
        (draft / _SECONDS).write_text(json.dumps(stages.state()))
        draft.rename(place)
        return made

    def flush(self) -> None:
        """Hand on to the system what is on the shelves, so that forked processes find it there."""
        for each in self._shelves:
            each.flush()

    def close(self) -> None:
        """Let go of the files."""
        for each in self._shelves:
            each.close()


def claim(folder: Path, identity: Mapping[str, Any]) -> bool:
    """Make ``folder`` the place of a resumable run, or take up the one that is there.

    Args:
        identity: What the run is of; JSON.

    Returns:
        Whether a run of the same identity left its work there. That of another one is thrown away.

    Raises:
        OutputError: Something else stands there.
        OSError: It cannot be made.
    """
    known = folder / _IDENTITY
    told = json.dumps(identity, sort_keys=True)
    if folder.exists():
        if not known.is_file():
            raise OutputError(f"{folder} is no place of an interrupted run; move it away to use --resume")
        if known.read_text("utf-8") == told:
            return True
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    known.write_text(told, "utf-8")
    return False


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(f"{folder} is damaged: {error}; remove it, and the run begins anew") from error


def _save(product: tuple[Any, ...], folder: Path, prefix: str, shelves: Mapping[str, Shelf[Any]]) -> None:
    for name, value in zip(product._fields, product, strict=True):  # type: ignore[attr-defined]
        if isinstance(value, np.ndarray):
            with (folder / f"{prefix}{name}.npy").open("wb") as file:
                np.save(file, value)
                file.flush()
                os.fsync(file.fileno())
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
