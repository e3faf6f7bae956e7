"""Shingles: where in one stretch of text every five words of another stretch stand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel

RUN = 5  # tokens: shorter runs are names and turns of phrase
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(32)


class Places(NamedTuple):
    """Room for what is known of the shingles of two stretches, ``mine`` and ``theirs``, of at most n tokens each.

    Attributes:
        mine: uint64 (n,), hash of each of my shingles.
        theirs: uint64 (n,), of each of theirs.
        first: int32 (n,), of mine, where it stands first among theirs; -1 where it does not.
        same: int32 (n,), of theirs, where the same shingle stands first.
        met: bool (n,), of theirs that stand first: it is among mine.
        begin: int32 (n,), of those, where its places begin in `places`.
        often: int32 (n,), of those, how many places it has.
        places: int32 (n,), where each distinct shingle stands, in order.
        table: int32, a power of two of slots, at least 2 n; -1 where free.
    """

    mine: npt.NDArray[np.uint64]
    theirs: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int32]
    same: npt.NDArray[np.int32]
    met: npt.NDArray[np.bool_]
    begin: npt.NDArray[np.int32]
    often: npt.NDArray[np.int32]
    places: npt.NDArray[np.int32]
    table: npt.NDArray[np.int32]


@kernel
def room_for(longest: int) -> Places:
    """Room for stretches of at most so many tokens."""
    slots = 16
    while slots < 2 * longest:
        slots *= 2
    return Places(
        np.empty(longest, np.uint64),
        np.empty(longest, np.uint64),
        np.empty(longest, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest, np.bool_),
        np.empty(longest, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest, np.int32),
        np.full(slots, -1, np.int32),
    )


@kernel
def _shingles(hashes: npt.NDArray[np.uint64], found: npt.NDArray[np.uint64]) -> int:
    """Hashes of every five tokens in a row; how many there are."""
    count = max(len(hashes) - RUN + 1, 0)
    for i in range(count):
        h = hashes[i]
        for k in range(1, RUN):
            h = h * _FACTOR + hashes[i + k]
        found[i] = h ^ (h >> _FOLD)
    return count


@kernel
def look_up(mine: npt.NDArray[np.uint64], theirs: npt.NDArray[np.uint64], places: Places) -> tuple[int, int]:
    """Fill `places` for the tokens of two stretches; how many shingles each has."""
    table, first, same, met = places.table, places.first, places.same, places.met
    mask = np.uint64(len(table) - 1)
    my_count = _shingles(mine, places.mine)
    count = _shingles(theirs, places.theirs)
    for j in range(count):
        slot = places.theirs[j] & mask
        while table[slot] >= 0 and places.theirs[table[slot]] != places.theirs[j]:
            slot = (slot + np.uint64(1)) & mask
        if table[slot] < 0:
            table[slot] = j
            met[j] = False
            places.often[j] = 0
        same[j] = table[slot]
        places.often[same[j]] += 1
    filled = 0
    for j in range(count):
        if same[j] == j:
            places.begin[j] = filled
            filled += places.often[j]
            places.often[j] = 0
        at = same[j]
        places.places[places.begin[at] + places.often[at]] = j
        places.often[at] += 1
    for i in range(my_count):
        slot = places.mine[i] & mask
        while table[slot] >= 0 and places.theirs[table[slot]] != places.mine[i]:
            slot = (slot + np.uint64(1)) & mask
        first[i] = table[slot]
        if first[i] >= 0:
            met[first[i]] = True
    # Give the table back empty, touching only what was used.
    for j in range(count):
        if same[j] == j:
            slot = places.theirs[j] & mask
            while table[slot] >= 0:
                table[slot] = -1
                slot = (slot + np.uint64(1)) & mask
    return my_count, count
