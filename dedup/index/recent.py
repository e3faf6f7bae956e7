"""The keys of the latest articles, in memory: a hash table in arrays, for each key its articles in order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel

Keys32 = npt.NDArray[np.uint32]
_Links = npt.NDArray[np.int32]
_Ints = npt.NDArray[np.int64]

_ROOM = 1 << 12


class Recent:
    """Pairs of a key and a number, in the order in which they were added."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget all."""
        self._count = 0
        self._make_room(_ROOM)

    def __len__(self) -> int:
        return self._count

    def add(self, number: int, keys: Keys32) -> None:
        """Add an article, whose number is above those that are there, with its distinct keys."""
        room = len(self._keys)
        if self._count + len(keys) > room:
            old = self._keys[: self._count], self._numbers[: self._count]
            while self._count + len(keys) > room:
                room *= 2
            self._make_room(room)
            self._keys[: self._count], self._numbers[: self._count] = old
            _link(self._slots, self._keys, self._after, self._tail, 0, self._count)
        stop = self._count + len(keys)
        self._keys[self._count : stop] = keys
        self._numbers[self._count : stop] = number
        _link(self._slots, self._keys, self._after, self._tail, self._count, stop)
        self._count = stop

    def entries(self) -> npt.NDArray[np.uint64]:
        """Everything, ascending: uint64 (e,), a key above its number."""
        keys = self._keys[: self._count].astype(np.uint64)
        entries: npt.NDArray[np.uint64] = (keys << np.uint64(32)) | self._numbers[: self._count]
        entries.sort()
        return entries

    def carriers(self, keys: Keys32, wanted: _Ints) -> tuple[_Ints, _Ints]:
        """Of each key the first so many articles as are wanted of it.

        Returns:
            int64 (c,) index into `keys`, and int64 (c,) the article's number.
        """
        table = self._slots, self._keys, self._numbers, self._after
        nothing = np.empty(0, np.int64)
        count = _find(*table, keys, wanted, nothing, nothing)
        index, number = np.empty(count, np.int64), np.empty(count, np.int64)
        if count:
            _find(*table, keys, wanted, index, number)
        return index, number

    def _make_room(self, room: int) -> None:
        self._keys = np.empty(room, np.uint32)
        self._numbers = np.empty(room, np.uint32)
        self._after = np.empty(room, np.int32)
        self._tail = np.empty(room, np.int32)
        self._slots = np.full(2 * room, -1, np.int32)


@kernel
def _slot(slots: _Links, keys: Keys32, key: np.uint32) -> np.int64:
    """Where the first entry of a key stands, or would stand."""
    mask = len(slots) - 1
    at = np.int64(key) & mask
    while slots[at] >= 0 and keys[slots[at]] != key:
        at = (at + 1) & mask
    return at


@kernel
def _link(slots: _Links, keys: Keys32, after: _Links, tail: _Links, start: int, stop: int) -> None:
    for i in range(start, stop):
        after[i] = -1
        at = _slot(slots, keys, keys[i])
        head = slots[at]
        if head < 0:
            slots[at] = i
            tail[i] = i
        else:
            after[tail[head]] = i
            tail[head] = i


@kernel
def _find(
    slots: _Links,
    keys: Keys32,
    numbers: Keys32,
    after: _Links,
    asked: Keys32,
    wanted: _Ints,
    index: _Ints,
    number: _Ints,
) -> int:
    """Count what is found; write it down as well where there is room."""
    count = 0
    for k in range(len(asked)):
        entry = slots[_slot(slots, keys, asked[k])]
        taken = 0
        while entry >= 0 and taken < wanted[k]:
            if count < len(index):
                index[count] = k
                number[count] = numbers[entry]
            count += 1
            taken += 1
            entry = after[entry]
    return count
