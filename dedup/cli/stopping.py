"""Asked to end, a command that works for ever ends between two pieces of work."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = signal.SIGINT, signal.SIGTERM


_PATIENCE = 1.0  # seconds


class Stopped(KeyboardInterrupt):
    """Ctrl-C or SIGTERM came."""


class Stopper:
    """Answers the signals that ask a process to end.

    Where there is nothing in hand (`idle`), and to whoever asks again a second later, with `Stopped`; otherwise the
    command finds ``asked`` when it has done what it had in hand.
    """

    def __init__(self) -> None:
        self.asked: int | None = None
        """The signal that came first."""
        self._since = 0.0
        self._idle = False

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Answer signals as long as the block lasts; in another thread than the main one there are none."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = [signal.signal(number, self._on_signal) for number in _SIGNALS]
        try:
            yield
        finally:
            for number, handler in zip(_SIGNALS, before, strict=True):
                signal.signal(number, handler)

    @contextmanager
    def idle(self) -> Iterator[None]:
        """A block that may be ended in its middle.

        Raises:
            Stopped: The process is asked to end.
        """
        self._idle = True
        try:
            if self.asked is not None:
                raise Stopped
            yield
        finally:
            self._idle = False

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        # Some, as `timeout` does, ask a process and then the group that it is of: that is not impatience.
        if self.asked is None:
            self.asked, self._since = number, time.monotonic()
        elif time.monotonic() - self._since > _PATIENCE:
            raise Stopped
        if self._idle:
            raise Stopped
