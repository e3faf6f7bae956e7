"""Lines as they come: in batches where many are there, one by one where their writer waits for an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.cli.stopping import Stopper
    from dedup.readers.stream import Stream

_BATCH = 1 << 20  # bytes
_PAUSE = 1.0  # seconds


def batches(stream: Stream, stopper: Stopper, on_pause: Callable[[], None]) -> Iterator[list[bytes]]:
    r"""The lines of a stream, each with its ``\n`` if it has one, in batches of about a mebibyte.

    A batch ends before the next read that would wait. What data that breaks off leaves of a line is no line.

    Args:
        stopper: Asked to end, no more is read.
        on_pause: Called when no line came for a second.

    Raises:
        Stopped: The process is asked to end while there is nothing in hand.
    """
    begun: list[bytes] = []
    lines: list[bytes] = []
    size = 0
    first = True
    while stopper.asked is None:
        # What opening the stream has read already no system call can tell of.
        if not (first or stream.ready()):
            if lines:
                yield lines
                lines, size = [], 0
                continue
            _wait(stream, stopper, on_pause)
        first = False
        piece = stream.piece()
        if not piece:
            break
        size += len(piece)
        *whole, rest = piece.split(b"\n")
        if whole:
            lines.append(b"".join((*begun, whole[0], b"\n")))
            lines += [line + b"\n" for line in whole[1:]]
            begun = []
        if rest:
            begun.append(rest)
        if size >= _BATCH and lines:
            yield lines
            lines, size = [], 0
    if begun and stopper.asked is None and not stream.broken:
        lines.append(b"".join(begun))
    if lines:
        yield lines


def _wait(stream: Stream, stopper: Stopper, on_pause: Callable[[], None]) -> None:
    with stopper.idle():
        come = stream.ready(_PAUSE)
    if not come:
        on_pause()
        with stopper.idle():
            stream.ready(None)
