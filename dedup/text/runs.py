"""Runs of plain letters and digits: where they end, and what they hash to.

Nearly all that a text holds are such runs, and the spaces between them. A bit for each code point says whether it is
plain; these are made many at a time, and a run's end is then one instruction away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from numba import types
from numba.extending import intrinsic

from dedup.jit import kernel
from dedup.text.fold import EXPANDS, FOLDED, IGNORED, SOLO, TOKEN

SORTS = TOKEN | SOLO | EXPANDS | IGNORED
"""Of a table's entry: what of these is `TOKEN` alone is plain."""
FNV_BASIS = np.uint64(0xCBF29CE484222325)
FNV_PRIME = np.uint64(0x100000001B3)

WORD = 64
"""Bits in one number of a row of them."""
_ONE = np.uint64(1)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_CASE = np.uint32(0x20)
_A = np.uint32(0x61)
_LETTERS = np.uint32(26)
_ZERO = np.uint32(0x30)
_DIGITS = np.uint32(10)
_ASCII = np.uint32(0x80)
_RETURN = np.uint32(0x0D)
_PARAGRAPH = np.uint32(0x2029)


def _count_trailing_zeros(_typing: Any, _bits: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], context.get_constant(types.boolean, True))

    return types.int64(types.uint64), generate


next_bit = cast("Callable[[np.uint64], int]", intrinsic(_count_trailing_zeros))
"""The place of the lowest bit that is set, inside a kernel; there must be one."""


@kernel
def mark(
    codes: npt.NDArray[np.uint32],
    table: npt.NDArray[np.uint32],
    plain: npt.NDArray[np.uint64],
    breaks: npt.NDArray[np.uint64],
) -> None:
    """Set a bit for each plain code point of a text, and one for each that breaks its lines.

    Args:
        plain: Room for more bits than there are code points; one that is not set follows the last.
        breaks: As much.
    """
    for w in range(len(codes) // WORD + 1):
        block = codes[w * WORD : (w + 1) * WORD]
        if len(block) == WORD:
            bits, beyond, ends = _bits(block, WORD)  # so many, always: they are looked at together
        else:
            bits, beyond, ends = _bits(block, len(block))
        while beyond:
            k = next_bit(beyond)
            bits |= np.uint64(table[block[k]] & SORTS == TOKEN) << np.uint64(k)
            beyond &= beyond - _ONE
        plain[w] = bits
        breaks[w] = ends


@kernel
def _bits(block: npt.NDArray[np.uint32], length: int) -> tuple[np.uint64, np.uint64, np.uint64]:
    """A bit for each ASCII letter or digit, for each code point beyond ASCII, and for each that breaks lines."""
    plain = np.uint64(0)
    beyond = np.uint64(0)
    breaks = np.uint64(0)
    for k in range(length):
        code = block[k]
        letter = (code | _CASE) - _A < _LETTERS  # what is less than nothing is a great number here
        digit = code - _ZERO < _DIGITS
        plain |= np.uint64(letter | digit) << np.uint64(k)
        beyond |= np.uint64(code >= _ASCII) << np.uint64(k)
        breaks |= np.uint64((code <= _RETURN) | (code == _PARAGRAPH)) << np.uint64(k)
    return plain, beyond, breaks


@kernel
def at(codes: npt.NDArray[np.uint32], place: int) -> np.uint32:
    """The code point at a place; none is negative, and not to allow for it saves a sixth of the time of a pass."""
    code: np.uint32 = codes[np.uintp(place)]
    return code


@kernel
def run_length(plain: npt.NDArray[np.uint64], start: int) -> int:
    """How many plain code points there are from `start` on."""
    w = np.uintp(start >> 6)
    other = ~plain[w] >> np.uint64(start & 63)
    if other:
        return next_bit(other)
    length = WORD - (start & 63)
    w += np.uintp(1)
    while plain[w] == _ALL:
        length += WORD
        w += np.uintp(1)
    return length + next_bit(~plain[w])


@kernel
def hash_run(
    codes: npt.NDArray[np.uint32], start: int, length: int, table: npt.NDArray[np.uint32]
) -> tuple[np.uint64, np.uint32]:
    """The hash of a run as far as it goes, to be finished, and the bits that the table sets for any of it."""
    h = FNV_BASIS
    seen = np.uint32(0)
    for k in range(start, start + length):
        entry = table[at(codes, k)]
        h = (h ^ np.uint64(entry & FOLDED)) * FNV_PRIME
        seen |= entry
    return h, seen
