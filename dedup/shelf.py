"""A shelf: things kept in a file, or as bytes in memory, each read when it is asked for.

What a run knows of each article in words (its text, its credits) would as objects take ten times the room that its
signatures take. Numbers are kept in arrays; words on a shelf.
"""

from __future__ import annotations

import os
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, Generic, NamedTuple, TypeVar, overload

import numpy as np
import numpy.typing as npt

T = TypeVar("T")

_BOUNDS = ".bounds.npy"
_GAP = 4096  # bytes that are read and thrown away rather than skipped
_AT_ONCE = 512
_PREADS = hasattr(os, "pread")
_BLOCK = 1 << 22  # bytes that are read at once, about


class Packed(NamedTuple):
    """Things as bytes, one after another, and how many bytes each has."""

    data: bytes
    sizes: list[int]


class Window(NamedTuple):
    """Several things in a row on a shelf: the number of the first, the byte at which it begins, the size of each."""

    first: int
    start: int
    sizes: list[int]


class Kind(NamedTuple, Generic[T]):
    """How things of one kind become bytes and things again; no bytes at all may stand for the usual one."""

    pack: Callable[[T], bytes]
    unpack: Callable[[bytes], T]

    def packed(self, things: Iterable[T]) -> Packed:
        """Several things, for `Shelf.extend`: what another process makes travels as bytes."""
        pieces = [self.pack(thing) for thing in things]
        return Packed(b"".join(pieces), [len(piece) for piece in pieces])


class Shelf(Sequence[T]):
    """Things in the order in which they were put there; none is ever changed.

    Args:
        kind: What they are.
        file: An empty file to keep them in, open for writing and reading; without it they are kept in memory.
    """

    def __init__(self, kind: Kind[T], file: BinaryIO | None = None) -> None:
        self._kind = kind
        self._bounds = array("q", [0])
        self._pieces: list[bytes] = []
        self._file = file
        self._written = 0
        self._lock = threading.Lock()

    @classmethod
    def opened(cls, kind: Kind[T], path: Path) -> Shelf[T]:
        """The shelf that was kept at ``path``, and sealed.

        Raises:
            OSError, ValueError: There is none, or it is damaged.
        """
        bounds = np.load(path.with_name(path.name + _BOUNDS))
        shelf = cls(kind, path.open("rb"))
        assert shelf._file is not None
        shelf._bounds = array("q", bounds.astype(np.int64).tobytes())
        shelf._written = os.fstat(shelf._file.fileno()).st_size
        if shelf._written != shelf._bounds[-1]:
            raise ValueError(f"{path} has another length than when it was sealed")
        return shelf

    def append(self, thing: T) -> None:
        """Put one thing there."""
        piece = self._kind.pack(thing)
        self.extend(Packed(piece, [len(piece)]))

    def extend(self, packed: Packed) -> Window:
        """Put several things there, and tell where."""
        window = Window(len(self), self._bounds[-1], packed.sizes)
        last = self._bounds[-1]
        self._bounds.extend(
            accumulate(packed.sizes[1:], initial=last + packed.sizes[0]) if packed.sizes else ()
        )
        if self._file is not None:
            with self._lock:
                if not _PREADS:
                    self._file.seek(0, os.SEEK_END)
                self._file.write(packed.data)
        else:
            start = 0
            for size in packed.sizes:
                self._pieces.append(packed.data[start : start + size])
                start += size
        return window

    def window(self, window: Window) -> list[T]:
        """What stands somewhere, also in a process that was forked before it was put there."""
        if self._file is None:
            return self[window.first : window.first + len(window.sizes)]
        data = _read(self._file, window.start, sum(window.sizes), self._lock)
        ends = accumulate(window.sizes)
        return [
            self._kind.unpack(data[end - size : end]) for size, end in zip(window.sizes, ends, strict=True)
        ]

    def raw(self, number: int) -> bytes:
        """One thing as the bytes that it is kept as."""
        if self._file is None:
            return self._pieces[number]
        low, high = self._bounds[number], self._bounds[number + 1]
        if high == low:
            return b""
        if high > self._written:
            with self._lock:
                self._file.flush()
                self._written = self._bounds[-1]
        return _read(self._file, low, high - low, self._lock)

    def pieces(self, numbers: Sequence[int] | npt.NDArray[np.int64]) -> list[bytes]:
        """Several things as the bytes that they are kept as; neighbours in the file are read together."""
        if self._file is None:
            return [self._pieces[int(number)] for number in numbers]
        self.flush()
        wanted = np.asarray(numbers, np.int64)
        bounds = np.frombuffer(self._bounds, np.int64)
        low, high = bounds[wanted], bounds[wanted + 1]
        del bounds  # an array that lends its memory cannot grow
        if not len(low):
            return []
        apart = np.append(True, (low[1:] < high[:-1]) | (low[1:] > high[:-1] + _GAP))[: len(low)]
        run = np.cumsum(high - low)
        apart[1:] |= run[1:] // _BLOCK != run[:-1] // _BLOCK
        first = np.flatnonzero(apart)
        found: list[bytes] = []
        for start, end in zip(first.tolist(), [*first[1:].tolist(), len(low)], strict=True):
            at = int(low[start])
            block = _read(self._file, at, int(high[end - 1]) - at, self._lock)
            found += [
                block[a:b]
                for a, b in zip((low[start:end] - at).tolist(), (high[start:end] - at).tolist(), strict=True)
            ]
        return found

    def some(self, numbers: Sequence[int] | npt.NDArray[np.int64]) -> list[T]:
        """Several things."""
        return [*map(self._kind.unpack, self.pieces(numbers))]

    def flush(self) -> None:
        """Hand on what was put there to the system, so that a forked process finds it in the file."""
        if self._file is not None and self._written < self._bounds[-1]:
            self._file.flush()
            self._written = self._bounds[-1]

    def seal(self) -> None:
        """Make it last, where its file has a name: `opened` finds it again."""
        if self._file is None:
            return
        self.flush()
        os.fsync(self._file.fileno())
        path = Path(self._file.name)
        with path.with_name(path.name + _BOUNDS).open("wb") as bounds:
            np.save(bounds, self.bounds)
            bounds.flush()
            os.fsync(bounds.fileno())

    @property
    def files(self) -> list[Path]:
        """Where it is kept, once it is sealed."""
        if self._file is None:
            return []
        path = Path(self._file.name)
        return [path, path.with_name(path.name + _BOUNDS)]

    @property
    def bounds(self) -> npt.NDArray[np.int64]:
        """int64 (n + 1,), where each thing begins in the file, and where the last one ends."""
        return np.array(self._bounds, np.int64)

    def close(self) -> None:
        """Let go of the file; it stays where it is."""
        if self._file is not None:
            self._file.close()

    def __len__(self) -> int:
        return len(self._bounds) - 1

    @overload
    def __getitem__(self, number: int) -> T: ...
    @overload
    def __getitem__(self, number: slice) -> list[T]: ...
    def __getitem__(self, number: int | slice) -> T | list[T]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        if not -len(self) <= number < len(self):
            raise IndexError(number)
        return self._kind.unpack(self.raw(number % len(self)))

    def __iter__(self) -> Iterator[T]:
        for start in range(0, len(self), _AT_ONCE):
            yield from self.some(range(start, min(start + _AT_ONCE, len(self))))


class Chosen(Sequence[T]):
    """Some of a sequence's things, by their numbers, as a sequence of its own."""

    def __init__(self, things: Sequence[T], numbers: Sequence[int] | npt.NDArray[np.int64]) -> None:
        self.things = things
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[T]:
        for start in range(0, len(self), _AT_ONCE):
            yield from some(self, range(start, min(start + _AT_ONCE, len(self))))

    @overload
    def __getitem__(self, number: int) -> T: ...
    @overload
    def __getitem__(self, number: slice) -> Chosen[T]: ...
    def __getitem__(self, number: int | slice) -> T | Chosen[T]:
        if isinstance(number, slice):
            return Chosen(self.things, self.numbers[number])
        return self.things[int(self.numbers[number])]


def some(things: Sequence[T], numbers: Sequence[int] | npt.NDArray[np.int64]) -> list[T]:
    """Several things of a sequence by their numbers, those on a shelf read together."""
    if isinstance(things, Chosen):
        return some(things.things, np.asarray(things.numbers)[numbers])
    if isinstance(things, Shelf):
        return things.some(numbers)
    return [things[int(number)] for number in numbers]


def _read(file: BinaryIO, start: int, size: int, lock: threading.Lock) -> bytes:
    if _PREADS:
        data = os.pread(file.fileno(), size, start)
        while len(data) < size:  # the system reads two gibibytes at once, at most
            more = os.pread(file.fileno(), size - len(data), start + len(data))
            if not more:
                raise OSError(f"{file.name} was cut off while it was in use")
            data += more
        return data
    with lock:
        file.seek(start)
        return file.read(size)
