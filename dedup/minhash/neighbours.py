"""Neighbours: pairs of articles that have fingerprints in common, by counting through an inverted index.

Whatever the corpus, an article proposes no more than a set number of earlier ones, those that it has most in common
with; so the pairs grow as the articles do. A fingerprint that many earlier articles carry is furniture, a stock phrase
or a big story's: it links with the first of them only. What an article proposes depends on the earlier ones alone:
articles that come one at a time propose the same.

There are a hundred fingerprints an article, most of them nobody else's, so memory goes by what two articles share. One
range of keys after another is sorted, each with its article in one word, and what several carry kept. One block of
articles after another is then given its links, all in one sweep over what is kept, and counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.minhash.radix import Words, sorted_by, unpacked

Ints = npt.NDArray[np.int64]
Int32s = npt.NDArray[np.int32]
Keys32 = npt.NDArray[np.uint32]

_LEAST_MEMORY = 1 << 25  # bytes; by default at least
_PASSES = 64  # over the keys at most, however little memory there is
_HALF = 32
_HIGH = np.uint64(_HALF)
_LOW = (1 << _HALF) - 1
_BIN = np.uint32(16)  # keys are divided by what is above so many bits
_BINS = 1 << 16


def neighbour_pairs(
    keys: Keys32,
    bounds: Ints,
    least: int,
    most: int,
    cap: int,
    memory: int | None = None,
    folder: Path | None = None,
) -> Ints:
    """Pairs of articles with `least` distinct fingerprints in common; with all that the later one has, if it has fewer.

    Args:
        keys: uint32 (f,), fingerprints.
        bounds: int64 (n + 1,), where those of each article begin, and the last one's end; articles are in order of
            precedence.
        most: Earlier articles that one article proposes at most: those that share most with it, the earlier of two
            that share as much.
        cap: Carriers of a fingerprint, the earliest, that it links with each other; further ones with the first only.
        memory: Bytes to work in at most, beside the keys, 40 for an article, 25 for a pair of the answer, and 4 for a
            fingerprint that is somebody else's too. Less of it takes longer, and never changes the answer. More than
            twice as many as there are fingerprints are not used.
        folder: Where to keep the latter 4 bytes, in a file without a name; by default they are in memory.

    Returns:
        int64 (m, 2), first < second, in ascending order; ``m <= most * articles``.

    Raises:
        OSError: The folder cannot be written.
    """
    used = max(_LEAST_MEMORY, 2 * len(keys))
    if memory is not None:
        used = min(used, max(memory, 16 * len(keys) // _PASSES))
    count = len(bounds) - 1
    held, load = np.diff(bounds).astype(np.int32), np.zeros(count, np.int64)
    index = _index(keys, bounds, cap, used // 16, folder, held, load)
    ends = np.cumsum(load)
    shared = np.zeros(count, np.int32)
    touched = np.empty(min(count, load.max(initial=0)), np.int64)
    met = np.empty(0, np.int32)
    found = [np.zeros(0, np.uint64)]
    for low, high in _blocks(ends, used // 4):
        first = np.append(0, ends[low:high] - ends[low] + load[low])
        if len(met) < first[-1]:
            met = np.empty(first[-1], np.int32)
        at = first[:-1].copy()
        for part in index:
            _meet(part, low, cap, at, met)
        proposed = np.empty(high - low, np.int64)
        filled = _propose(first, met, held[low:high], least, most, shared, touched, proposed)
        later = np.repeat(np.arange(low, high, dtype=np.uint64), proposed)
        found.append(met[:filled].astype(np.uint64) << _HIGH | later)
    packed = np.concatenate(found)
    del found
    return unpacked(sorted_by(packed, _HALF, count.bit_length()))


def _index(
    keys: Keys32, bounds: Ints, cap: int, room: int, folder: Path | None, held: Int32s, load: Ints
) -> list[Int32s]:
    """Who carries what, of the fingerprints that several carry: their articles ascending, the first of them inverted.

    Args:
        room: Fingerprints sorted at once.
        folder: Where to keep the answer, if not in memory.
        held: int32 (n,), how many fingerprints each article has; gets how many distinct ones.
        load: int64 (n,), all zero; gets how many links with earlier articles each has.
    """
    counts = _histogram(keys)
    ends = np.cumsum(counts)
    parts = []
    with nullcontext() if folder is None else TemporaryFile(dir=folder) as file:
        for low, high in _blocks(ends, room):
            size = int(ends[high - 1] - ends[low] + counts[low])
            chosen = np.empty(size + 1, np.uint64)
            _choose(keys, bounds, low, high, chosen)
            ordered = sorted_by(chosen[:size], _HALF, _HALF)
            del chosen
            carriers = np.empty(size, np.int32)
            part = carriers[: _sift(ordered, cap, carriers, held, load)]
            parts.append(part.copy() if file is None else _on_disk(part, file))
    return parts


def _on_disk(part: Int32s, file: IO[bytes]) -> Int32s:
    """The same numbers, read from a file whenever they are looked at."""
    if not len(part):
        return part
    start = file.tell()
    file.write(part.data)
    file.flush()
    # Nobody writes, but for kernels what cannot be written is of another type.
    return np.asarray(np.memmap(file, np.int32, "c", start, part.shape))


def _blocks(ends: Ints, room: int) -> Iterator[tuple[int, int]]:
    """Successive things of these accumulated sizes in blocks of `room`, or of one thing that is larger."""
    low = 0
    while low < len(ends):
        before = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(np.searchsorted(ends, before + room, "right")))
        yield low, high
        low = high


@kernel
def _histogram(keys: Keys32) -> Ints:
    counts = np.zeros(_BINS, np.int64)
    for key in keys:
        counts[key >> _BIN] += 1
    return counts


@kernel
def _choose(keys: Keys32, bounds: Ints, low: int, high: int, chosen: Words) -> None:
    """The keys of some bins, each with its article below it; the last of `chosen` is written at will."""
    at = 0
    for i in range(len(bounds) - 1):
        for k in range(bounds[i], bounds[i + 1]):
            chosen[at] = np.uint64(keys[k]) << _HIGH | np.uint64(i)
            at += int(low <= np.int64(keys[k] >> _BIN) < high)


@kernel
def _sift(chosen: Words, cap: int, index: Int32s, held: Int32s, load: Ints) -> int:
    """Put into the index what several carry; return how much of it is filled."""
    start = filled = 0
    while start < len(chosen):
        key = chosen[start] >> _HIGH
        first = filled
        last = np.int32(-1)
        while start < len(chosen) and chosen[start] >> _HIGH == key:
            article = np.int32(chosen[start] & _LOW)
            start += 1
            if article == last:
                held[article] -= 1
                continue
            index[filled] = last = article
            filled += 1
        if filled == first + 1:
            filled = first
            continue
        index[first] = ~index[first]
        for k in range(first + 1, filled):
            load[index[k]] += k - first if k - first < cap else 1
    return filled


@kernel
def _meet(index: Int32s, low: int, cap: int, at: Ints, met: Int32s) -> None:
    """Fill in the earlier articles that each of a block meets, as often as they share something.

    Args:
        low: The first article of the block.
        at: int64 (block,), where those of each begin; changed.
    """
    start = 0
    for k in range(len(index)):
        if index[k] < 0:
            start = k
        elif low <= index[k] < low + len(at):
            a = index[k] - low
            met[at[a]] = ~index[start]
            at[a] += 1
            if k - start < cap:
                for q in range(start + 1, k):
                    met[at[a]] = index[q]
                    at[a] += 1


@kernel
def _propose(
    first: Ints,
    met: Int32s,
    held: Int32s,
    least: int,
    most: int,
    shared: Int32s,
    touched: Ints,
    proposed: Ints,
) -> int:
    """Put the articles that each of a block proposes in the place of those that it meets, one after another.

    `shared` is all zero before and after.

    Args:
        first: int64 (block + 1,), where those that each meets begin, and the last one's end.
        proposed: int64 (block,), gets how many each proposes.

    Returns:
        How many they propose.
    """
    filled = 0
    for a in range(len(proposed)):
        distinct = 0
        for k in range(first[a], first[a + 1]):
            b = met[k]
            if shared[b] == 0:
                touched[distinct] = b
                distinct += 1
            shared[b] += 1
        kept = 0
        for k in range(distinct):
            b = touched[k]
            if shared[b] >= min(least, held[a]):
                # Sorted, the strongest come first, of equals the earliest.
                touched[kept] = b - (np.int64(shared[b]) << _HALF)
                kept += 1
            shared[b] = 0
        if kept > most:
            touched[:kept].sort()
            kept = most
        for k in range(kept):
            met[filled] = touched[k] & _LOW
            filled += 1
        proposed[a] = kept
    return filled
