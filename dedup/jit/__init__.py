"""Numba behind one typed decorator, so that kernels keep their signatures under a type checker.

`kernel` makes a `dispatcher`, which takes machine code from where it is kept (`places`, `store`) and puts it straight
into the process (`machine`) as long as it is of the kernel's `identity`. Numba is imported with the first kernel.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

_OPTIONS = {"nogil": True, "boundscheck": False, "no_cfunc_wrapper": True}
_LOOKED_AT = (0, 60), (0, 68)
"""The first and the last version of Numba whose inside is known to be as `dispatcher` takes it."""

_line: int | None = None  # where to write that a kernel is compiled


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile to machine code on first use, keep it on disk, and release the interpreter lock while running.

    What is kept counts as long as the kernel, the kernels and functions that it calls, and the constants that it reads
    are what they were when it was compiled. With a Numba that nobody has looked at yet, Numba's own cache serves; that
    one does not see it when what a kernel takes from another file has changed.
    """
    import numba

    _watch()
    first, last = _LOOKED_AT
    if numba.config.DISABLE_JIT or not first <= numba.version_info[:2] <= last:
        from dedup.jit import places

        kept = places.known_to_numba(function.__code__.co_filename)
        return cast("Callable[P, R]", numba.njit(cache=kept, **_OPTIONS)(function))
    from dedup.jit.dispatcher import Kernel

    return cast("Callable[P, R]", Kernel(function, targetoptions={"nopython": True, **_OPTIONS}))


def observe(on_compile: Callable[[], None] | None) -> None:
    """Have ``on_compile`` called when this process, or one that it forks, first compiles a kernel.

    It is called once, in a thread of its own. It takes the place of the observer before it; None of none.
    """
    global _line
    if _line is not None:
        os.close(_line)  # which ends the thread that listens
        _line = None
    if on_compile is None:
        return
    # A forked process has none of its parent's threads, and may find their locks taken: it only gives a sign.
    here, _line = os.pipe()

    def listen() -> None:
        told = os.read(here, 1)
        os.close(here)
        if told:
            on_compile()

    threading.Thread(target=listen, daemon=True).start()


@cache
def _watch() -> None:
    """Look on while Numba compiles."""
    from numba.core import event

    class Watcher(event.Listener):  # type: ignore[misc]
        def on_start(self, _: event.Event) -> None:
            global _line
            line, _line = _line, None
            if line is not None:
                os.write(line, b"!")

        def on_end(self, _: event.Event) -> None:
            """What has begun was told."""

    event.register("numba:compile", Watcher())
