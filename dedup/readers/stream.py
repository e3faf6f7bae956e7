"""An open source as lines, gzipped or not; a break in the data ends the lines instead of losing them."""

from __future__ import annotations

import gzip
import io
import select
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from dedup.readers.encoding import UTF8_MARK, Line, decode_utf16, utf16_by_mark

_GZIP_MARK = b"\x1f\x8b"
_BUFFER = 1 << 20
_HEAD = 4096


class _Tolerant(io.RawIOBase):
    """Ends where the data under it breaks off, and remembers why in ``broken``."""

    def __init__(self, inner: BinaryIO) -> None:
        self._read = getattr(inner, "read1", inner.read)
        self.broken: str | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.broken is not None:
            return 0
        try:
            data: bytes = self._read(len(buffer))
        except EOFError:
            self.broken = "the gzip data is cut off"
            return 0
        except (OSError, zlib.error) as error:
            self.broken = f"the data cannot be read on: {error}"
            return 0
        buffer[: len(data)] = data
        return len(data)


class Stream:
    """One source, open for reading, unpacked when its first bytes say that it is gzipped.

    Args:
        path: The file, or None for standard input.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: Path | None) -> None:
        self._file = None if path is None else path.open("rb")
        source = cast(BinaryIO, sys.stdin.buffer) if self._file is None else self._file
        self._layers = [_Tolerant(source)]
        self._buffer = io.BufferedReader(self._layers[0], _BUFFER)
        if self._buffer.peek(2)[:2] == _GZIP_MARK:
            unpacked = gzip.GzipFile(fileobj=self._buffer, mode="rb")
            self._layers.append(_Tolerant(cast(BinaryIO, unpacked)))
            self._buffer = io.BufferedReader(self._layers[1], _BUFFER)
        self.read_lines = 0

    @property
    def broken(self) -> str | None:
        """Why the data ended early, or None as long as it did not."""
        return next((layer.broken for layer in reversed(self._layers) if layer.broken), None)

    def head(self) -> bytes:
        """The first bytes, at most 4096, as long as no line was taken."""
        return self._buffer.peek(_HEAD)[:_HEAD]

    def lines(self) -> Iterator[Line]:
        r"""Lines ended by ``\n``, with their ends, without a byte-order mark, without a line that was cut."""
        codec = utf16_by_mark(self._buffer.peek(2))
        if codec is not None:
            # Records in UTF-16 are rare enough to be held in memory whole.
            yield from self._counted(
                io.StringIO(decode_utf16(self._buffer.read()[2:], codec), newline="\n"), "\n"
            )
            return
        if self._buffer.peek(3)[:3] == UTF8_MARK:
            self._buffer.read(3)
        yield from self._counted(self._buffer, b"\n")

    def _counted(self, lines: Iterator[Line], end: Line) -> Iterator[Line]:
        for number, line in enumerate(lines, 1):
            if line[-1:] != end and self.broken:
                return
            self.read_lines = number
            yield line

    def piece(self) -> bytes:
        """What can be had by reading once, up to a mebibyte; empty at the end. Waits only if there is nothing."""
        return self._buffer.read1(_BUFFER)

    def ready(self, seconds: float | None = 0) -> bool:
        """Whether `piece`, once it was called, would not wait; known only of what is not packed, which may wait."""
        if len(self._layers) > 1:
            return True
        source = sys.stdin.buffer if self._file is None else self._file
        return bool(select.select([source], [], [], seconds)[0])

    def close(self) -> None:
        """Close the file; standard input stays open."""
        if self._file is not None:
            self._file.close()
