"""What a stream's lines are rejected for: told at once, kept with the line itself, never in the way."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from dedup.cli import options
from dedup.errors import OutputError
from dedup.model import Reject

_TOLD = 5


class Rejected(AbstractContextManager["Rejected"]):
    """Takes rejected lines into a file, if there is one, behind what it holds; and tells of the first few.

    Args:
        path: Of the file.
        quiet: Tell nothing.

    Raises:
        OutputError: The file cannot be written; so does every call that writes.
    """

    def __init__(self, path: Path | None, *, quiet: bool) -> None:
        self.count = 0
        self._path = path
        self._quiet = quiet
        self._open = ExitStack()
        with self._naming():
            self._file = None if path is None else self._open.enter_context(path.open("ab"))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._naming():
            self._open.close()
        if self.count and not self._quiet:
            told = f"the lines are in {self._path}" if self._path else "--rejects FILE keeps them"
            options.notice(f"{self.count:,} rejected; {told}")

    def add(self, reject: Reject, line: bytes | None = None) -> None:
        """Take a rejected line, with its end or without; None where it is the source itself that is at fault."""
        self.count += 1
        if self.count <= _TOLD and not self._quiet:
            options.tell([reject])
        if self._file is not None:
            from dedup.writers import dumps, to_record

            with self._naming():
                self._file.write(dumps({**to_record(reject), **_raw(line)}) + b"\n")

    def flush(self) -> None:
        """Give what was taken to the system."""
        if self._file is not None:
            with self._naming():
                self._file.flush()

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"{self._path}: rejects cannot be written: {error.strerror or error}"
            ) from error


def _raw(line: bytes | None) -> dict[str, Any]:
    if line is None:
        return {}
    bare = line.removesuffix(b"\n").removesuffix(b"\r")
    try:
        return {"raw": bare.decode("utf-8")}
    except UnicodeDecodeError:
        return {"raw_base64": base64.b64encode(bare).decode("ascii")}
