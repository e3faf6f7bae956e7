"""Numba behind one typed decorator, so that kernels keep their signatures under a type checker.

Importing this module imports Numba: only modules that hold kernels do, and those are imported when first needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile to machine code on first use, cache on disk, and release the interpreter lock while running.

    The cache knows when a kernel's own file changed, not when a constant that it imports did: whoever edits such a
    constant deletes the ``*.nbi`` files (``make clean``). An installation writes all files anew, so users need not.
    """
    return cast("Callable[P, R]", numba.njit(cache=True, nogil=True, boundscheck=False)(function))
