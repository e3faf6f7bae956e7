"""Compiled kernels on disk: one file for each kernel, signature and machine, replaced when the kernel has changed.

A file begins with the digest of everything that its content was made from. Two parts follow, each checked by its own
sum: what it takes to run the kernel, and what it takes besides to compile another one that calls it. Files come into
being whole, by a rename, so that processes that compile the same kernel at the same time don't meet.
"""

from __future__ import annotations

import os
import struct
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from dedup.jit import places

_HEAD = struct.Struct("<32sQIQI")


class Kept(NamedTuple):
    """Where a kernel's machine code for one signature is kept, and the digest of what it was made from."""

    name: str
    made_from: bytes

    def running(self) -> bytes | None:
        """What it takes to run it, or None where there is none, or one of another making."""
        return self._part(0)

    def linking(self) -> bytes | None:
        """What it takes to compile it into another kernel, or None."""
        return self._part(1)

    def _part(self, number: int) -> bytes | None:
        for folder in places.folders():
            # A folder that cannot be read holds nothing for us.
            with suppress(OSError):
                if (found := _read(folder / self.name, self.made_from, number)) is not None:
                    return found if places.safe(folder) else None
        return None

    def keep(self, running: bytes, linking: bytes) -> None:
        """Put both parts into the first folder that takes them; none need, and the kernel is compiled again."""
        head = _HEAD.pack(
            self.made_from, len(running), zlib.crc32(running), len(linking), zlib.crc32(linking)
        )
        for folder in places.folders():
            # A read-only installation, a missing home, a full disk: there is another folder, or there is none.
            with suppress(OSError):
                places.make(folder)
                _write(folder / self.name, head + running + linking)
                return


def _read(path: Path, made_from: bytes, number: int) -> bytes | None:
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
        if len(head) < _HEAD.size or not head.startswith(made_from):
            return None
        _, *sizes_and_sums = _HEAD.unpack(head)
        if number:
            file.seek(sizes_and_sums[0], os.SEEK_CUR)
        size, checksum = sizes_and_sums[2 * number : 2 * number + 2]
        if size > os.fstat(file.fileno()).st_size:
            return None
        part = file.read(size)
    return part if len(part) == size and zlib.crc32(part) == checksum else None


def _write(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise
