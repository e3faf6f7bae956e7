"""Who has a key, by segments: of each key the first few, reading no more chunks than these take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.index.segments import Rows, Segment, Words, after, place, seek
from dedup.jit import kernel

Ints = npt.NDArray[np.int64]
Keys32 = npt.NDArray[np.uint32]

SLICE = 1024
"""Keys looked up at once, which bounds the chunks that are held in memory."""

_HIGH = np.uint64(32)
_NUMBER = np.uint64(0xFFFFFFFF)


def carriers(
    rows: Rows, segments: Sequence[Segment], keys: Keys32, wanted: Ints, dead: Keys32
) -> tuple[Ints, Ints]:
    """Of each key the first so many articles as are wanted of it.

    Args:
        segments: By the numbers of the articles that a key has in them.
        keys: At most `SLICE`.
        wanted: int64 (keys,); receives how many were not found.
        dead: Numbers of articles to leave out, ascending.

    Returns:
        int64 (c,) index into `keys`, and int64 (c,) the article's number; of one key ascending.

    Raises:
        StoreError: A chunk is missing.
    """
    runs = np.empty((len(keys) * len(segments), 4), np.int64)
    count = 0
    for i, segment in enumerate(segments):
        count = seek(segment.filter, segment.fences, np.uint64(segment.low), keys, i, count, runs)
    runs = runs[:count]
    if count and len(segments) > 1:
        runs = runs[np.argsort(runs[:, 0], kind="stable")]
    lows = np.array([segment.low for segment in segments], np.uint64)
    indexes, numbers = [], []
    width = 1
    while len(runs):
        due = np.empty((len(runs) * width, 3), np.int64)
        due = due[: _due(runs, wanted, width, due)]
        if not len(due):
            break
        ids = [place(segments[segment].id, chunk) for _, segment, chunk in due.tolist()]
        chunks = rows.chunks(ids)
        slots = dict(zip(chunks, range(len(chunks)), strict=True))
        due[:, 2] = [slots[id] for id in ids]
        bounds = np.zeros(len(chunks) + 1, np.int64)
        np.cumsum([len(chunk) // 8 for chunk in chunks.values()], out=bounds[1:])
        words = np.frombuffer(b"".join(chunks.values()), "<u8")
        room = len(due) * int(np.diff(bounds).max())
        index, number = np.empty(room, np.int64), np.empty(room, np.int64)
        found = _collect(words, bounds, due, keys, lows, wanted, dead, index, number)
        indexes.append(index[:found])
        numbers.append(number[:found])
        width *= 2
    if not indexes:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate(indexes), np.concatenate(numbers)


@kernel
def _due(runs: Ints, wanted: Ints, width: int, due: Ints) -> int:
    """Choose up to `width` chunks for each key of which more is wanted, and take them off its runs.

    Args:
        runs: As `seek` leaves them, by key and within it by age; the first chunk moves on.
        due: int64 (room, 3): receives the index of the key, the segment and the chunk.
    """
    count, key, taken = 0, -1, 0
    for i in range(len(runs)):
        if runs[i, 0] != key:
            key = runs[i, 0]
            taken = 0
        while taken < width and wanted[key] > 0 and runs[i, 2] <= runs[i, 3]:
            due[count, 0] = key
            due[count, 1] = runs[i, 1]
            due[count, 2] = runs[i, 2]
            runs[i, 2] += 1
            count += 1
            taken += 1
    return count


@kernel
def _collect(
    words: Words,
    bounds: Ints,
    due: Ints,
    keys: Keys32,
    lows: Words,
    wanted: Ints,
    dead: Keys32,
    index: Ints,
    number: Ints,
) -> int:
    """Take what is wanted from the chunks that were due.

    Args:
        words: The chunks, number i of them ``words[bounds[i] : bounds[i + 1]]``.
        due: As `_due` leaves it, but with a chunk's number among these in the place of the one in its segment.
    """
    count = 0
    for i in range(len(due)):
        k = due[i, 0]
        chunk = words[bounds[due[i, 2]] : bounds[due[i, 2] + 1]]
        key = np.uint64(keys[k])
        start = max(lows[due[i, 1]], key << _HIGH)
        at = after(chunk, start)
        if at > 0 and chunk[at - 1] == start:
            at -= 1
        while at < len(chunk) and chunk[at] >> _HIGH == key and wanted[k] > 0:
            carrier = chunk[at] & _NUMBER
            if not is_dead(dead, carrier):
                index[count] = k
                number[count] = carrier
                count += 1
                wanted[k] -= 1
            at += 1
    return count


@kernel
def is_dead(dead: Keys32, number: np.uint64) -> bool:
    """Whether a number is among these, which ascend."""
    low, high = 0, len(dead)
    while low < high:
        middle = (low + high) >> 1
        if np.uint64(dead[middle]) < number:
            low = middle + 1
        else:
            high = middle
    return low < len(dead) and np.uint64(dead[low]) == number


@kernel
def without(entries: Words, dead: Keys32, kept: Words) -> int:
    """Copy the entries of articles that are not dead; return how many."""
    count = 0
    for entry in entries:
        if not is_dead(dead, entry & _NUMBER):
            kept[count] = entry
            count += 1
    return count
