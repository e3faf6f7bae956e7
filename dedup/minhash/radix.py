"""Sorting words by some of their bits, in time that grows as they do.

NumPy's own sort is quick on some processors and six times as slow on others, by which of their instructions it takes;
digit by digit it takes some nanoseconds a word on all of them, and words that are in order already by their lower bits
need only be sorted by the others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel

Words = npt.NDArray[np.uint64]

_DIGIT = 11  # bits; more places at once to write to than caches bear cost more than another pass
_HALF = 32
_LOW = np.uint64((1 << _HALF) - 1)


def sorted_by(words: Words, low: int, bits: int) -> Words:
    """Words sorted by their bits from ``low`` on, those alike in their order; the argument's own are lost."""
    return _sort(words, np.empty_like(words), low, bits)


def sorted_pairs(pairs: Words, count: int) -> Words:
    """Pairs of numbers below ``count``, the first in the high half of a word, sorted; the argument's own are lost."""
    bits = max(count - 1, 0).bit_length()
    scratch = np.empty_like(pairs)
    half = _sort(pairs, scratch, 0, bits)
    return _sort(half, scratch if np.shares_memory(half, pairs) else pairs, _HALF, bits)


def distinct_pairs(pairs: Words, count: int) -> Words:
    """As `sorted_pairs`, each once."""
    ordered = sorted_pairs(pairs, count)
    fresh = np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]
    distinct: Words = ordered[fresh]
    return distinct


def order_of(
    first: npt.NDArray[np.int64], second: npt.NDArray[np.int64], count: int
) -> npt.NDArray[np.int64]:
    """The order of things by the first of two numbers below ``count``, then by the second: int64 (m,)."""
    bits = max(count - 1, 0).bit_length()
    at = np.arange(len(first), dtype=np.uint64)
    for column in (second, first):
        places = column[at].astype(np.uint64) << np.uint64(_HALF) | at
        at = sorted_by(places, _HALF, bits) & _LOW
    return at.astype(np.int64)


def unpacked(pairs: Words) -> npt.NDArray[np.int64]:
    """The two numbers of each pair: int64 (m, 2)."""
    columns = np.empty((len(pairs), 2), np.int64)
    columns[:, 0] = pairs >> np.uint64(_HALF)
    columns[:, 1] = pairs & _LOW
    return columns


@kernel
def _sort(words: Words, scratch: Words, low: int, bits: int) -> Words:
    """Either of the two, whichever holds the sorted ones at last."""
    passes = (bits + _DIGIT - 1) // _DIGIT
    for number in range(passes):
        first, end = number * bits // passes, (number + 1) * bits // passes
        shift, mask = np.uint64(low + first), np.uint64((1 << (end - first)) - 1)
        place = np.zeros(1 << (end - first), np.int64)
        for word in words:
            place[(word >> shift) & mask] += 1
        before = 0
        for digit in range(len(place)):
            before, place[digit] = before + place[digit], before
        for word in words:
            digit = (word >> shift) & mask
            scratch[place[digit]] = word
            place[digit] += 1
        words, scratch = scratch, words
    return words
