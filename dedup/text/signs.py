"""Signs of furniture, looked for in a batch's code points: most texts have none, and are spared the closer look."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.text.furniture import SIGNS

_BITS = 64
_ASCII = 128
_ONE = np.uint64(1)
_LAST = np.uint32(_ASCII - 1)  # stands for all code points beyond


class _Automaton(NamedTuple):
    """Shift-and (Baeza-Yates and Gonnet, A new approach to text searching, CACM 35(10), 1992) for all signs at once.

    Attributes:
        moves: uint64 (128,), the places in signs where a character stands.
        begins: The places where signs begin.
        ends: Those where they end, in the order of the signs.
    """

    moves: npt.NDArray[np.uint64]
    begins: np.uint64
    ends: tuple[int, ...]


def signs_in(codes: npt.NDArray[np.uint32], bounds: npt.NDArray[np.int64]) -> list[tuple[str, ...]]:
    """Which signs of furniture each text of a batch may hold: all that it does, and few others.

    Args:
        codes: Code points of the texts, one after another.
        bounds: int64 (n + 1,), where each text is.
    """
    moves, begins, ends = _automaton(SIGNS)
    seen = np.zeros(len(bounds) - 1, np.uint64)
    _run(moves, begins, np.uint64(sum(ends)), codes, bounds, seen)
    return [_named(places) for places in seen.tolist()]


@lru_cache(maxsize=1)
def _automaton(signs: Sequence[str]) -> _Automaton:
    # As much of each sign as there are bits for; who reads on learns whether the rest is there.
    length = max(n for n in range(1, _BITS) if sum(len(sign[:n]) for sign in signs) <= _BITS)
    moves, begins, ends, place = np.zeros(_ASCII, np.uint64), 0, [], 0
    for sign in signs:
        begins |= 1 << place
        for char in sign[:length]:
            moves[min(ord(char), _ASCII - 1)] |= np.uint64(1 << place)
            place += 1
        ends.append(1 << (place - 1))
    return _Automaton(moves, np.uint64(begins), tuple(ends))


@lru_cache(maxsize=1 << 12)
def _named(places: int) -> tuple[str, ...]:
    return tuple(sign for sign, end in zip(SIGNS, _automaton(SIGNS).ends, strict=True) if places & end)


@kernel
def _run(
    moves: npt.NDArray[np.uint64],
    begins: np.uint64,
    ends: np.uint64,
    codes: npt.NDArray[np.uint32],
    bounds: npt.NDArray[np.int64],
    seen: npt.NDArray[np.uint64],
) -> None:
    for text in range(len(bounds) - 1):
        own = codes[bounds[text] : bounds[text + 1]]
        state = np.uint64(0)
        ever = np.uint64(0)
        for i in range(len(own)):
            state = (state << _ONE | begins) & moves[min(own[i], _LAST)]
            ever |= state
        seen[text] = ever & ends
