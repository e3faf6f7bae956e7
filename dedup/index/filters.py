"""Blocked Bloom filters: which keys a segment certainly lacks, at the price of one cache line a key.

A key's block is where it stands in the order of all keys, so that a filter can be filled, written and thrown away
from its low end while a segment is merged. Within its block of 512 bits a key sets one bit in each of the eight words
(Putze, Sanders and Singler, Cache-, Hash- and Space-Efficient Bloom Filters, 2009; the split is that of the Parquet
format). At 10 bits a key about 1.3 % of the keys that are not there seem to be, at 16 bits 0.15 %.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel

Words = npt.NDArray[np.uint64]

BLOCK = 8
"""Words in a block."""

_HIGH = np.uint64(32)
_ONE = np.uint64(1)
_SIX = np.uint64(6)
_LOW_SIX = np.uint64(63)
_START = np.uint64(16)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def words(keys: int, bits: int) -> int:
    """Size of a filter, in words, that spends so many bits on each of so many keys."""
    return BLOCK * max(1, -(-keys * bits // (64 * BLOCK)))


def block_of(size: int, key: int) -> int:
    """The block of a key in a filter of `size` words."""
    return (key * (size // BLOCK)) >> 32


@kernel
def fill(words: Words, entries: Words) -> None:
    """Add the keys of entries: the high halves of uint64 (e,), which need not be distinct."""
    blocks = np.uint64(len(words) // BLOCK)
    for entry in entries:
        key = entry >> _HIGH
        at = np.int64((key * blocks) >> _HIGH) * BLOCK
        bits = _scattered(key)
        for word in range(BLOCK):
            words[at + word] |= _ONE << (bits & _LOW_SIX)
            bits >>= _SIX


@kernel
def distinct(entries: Words) -> int:
    """How many keys sorted entries have."""
    count = 0
    for i in range(len(entries)):
        if i == 0 or entries[i] >> _HIGH != entries[i - 1] >> _HIGH:
            count += 1
    return count


@kernel
def may_hold(words: Words, key: np.uint64) -> bool:
    """False only for a key that was never added."""
    at = np.int64((key * np.uint64(len(words) // BLOCK)) >> _HIGH) * BLOCK
    bits = _scattered(key)
    for word in range(BLOCK):
        if (words[at + word] >> (bits & _LOW_SIX)) & _ONE == 0:
            return False
        bits >>= _SIX
    return True


@kernel
def first_missing(words: Words, entries: Words) -> int:
    """Index of the first entry whose key the filter denies; -1 where there is none."""
    for i in range(len(entries)):
        if not may_hold(words, entries[i] >> _HIGH):
            return i
    return -1


@kernel
def _scattered(key: np.uint64) -> np.uint64:
    mixed = (key + _ONE) * _MULTIPLIER
    mixed ^= mixed >> _HIGH
    return np.uint64((mixed * _MULTIPLIER) >> _START)
