"""Signatures: shingle hashes and their minimum under every permutation, in one fused loop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.minhash.scheme import EMPTY, permutations
from dedup.text.tokens import CAPTION, Tokens

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT_33 = np.uint64(33)
_SHIFT_32 = np.uint64(32)
_PRE_1 = np.uint32(0x85EBCA6B)
_PRE_2 = np.uint32(0xC2B2AE35)
_SHIFT_16 = np.uint32(16)
_SHIFT_13 = np.uint32(13)
_LOW_32 = np.uint64(0xFFFFFFFF)


def sign_articles(tokens: Tokens, width: int, num_perm: int, seed: int) -> npt.NDArray[np.uint32]:
    """MinHash signatures, one for each text of the batch.

    Args:
        width: Tokens in one shingle. A text shorter than that has a single shingle of all its tokens.

    Returns:
        uint32 (n, num_perm), identical to ``datasketch.MinHash(num_perm, seed, hashfunc=int, scheme="affine32")``
        updated with `shingle_hashes`. A text without tokens has `EMPTY` throughout.
    """
    factors, summands = permutations(num_perm, seed)
    signatures = np.full((len(tokens.bounds) - 1, num_perm), EMPTY, np.uint32)
    _sign(tokens.hashes, tokens.flags, tokens.bounds, width, factors, summands, signatures)
    return signatures


def shingle_sets(tokens: Tokens, width: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The exact shingle set of each text, as distinct 64-bit hashes, in the order in which they are met.

    Returns:
        The sets one after another, uint64, and their bounds, int64 (n + 1,).
    """
    room = np.empty(len(tokens.hashes), np.uint64)
    bounds = np.zeros(len(tokens.bounds), np.int64)
    count = _shingle_sets(tokens.hashes, tokens.flags, tokens.bounds, width, room, bounds)
    return room[:count].copy(), bounds


def shingle_hashes(tokens: Tokens, width: int) -> npt.NDArray[np.uint32]:
    """The 32-bit shingle hashes of a batch's only text, which `sign` permutes: what to feed to datasketch."""
    sets, _ = shingle_sets(tokens, width)
    return (sets >> _SHIFT_32).astype(np.uint32)


@kernel
def _finish(h: np.uint64) -> np.uint64:
    h = (h ^ (h >> _SHIFT_33)) * _MIX_1
    h = (h ^ (h >> _SHIFT_33)) * _MIX_2
    return h ^ (h >> _SHIFT_33)


@kernel
def fill_shingles(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    start: int,
    end: int,
    width: int,
    ring: npt.NDArray[np.uint64],
    out: npt.NDArray[np.uint64],
) -> int:
    """Fill `out` with the shingles of one text, captions left out as if they were not there; return how many."""
    top = np.uint64(1)
    for _ in range(width - 1):
        top = top * _BASE
    rolling = np.uint64(0)
    seen = 0
    count = 0
    for k in range(start, end):
        if flags[k] & CAPTION:
            continue
        slot = seen % width
        if seen >= width:
            rolling = rolling - ring[slot] * top
        ring[slot] = hashes[k]
        rolling = rolling * _BASE + hashes[k]
        seen += 1
        if seen >= width:
            out[count] = _finish(rolling)
            count += 1
    if 0 < seen < width:
        # A short text is one shingle, told apart from every part of a longer one.
        out[0] = _finish(rolling + np.uint64(seen))
        count = 1
    return count


@kernel
def _sign(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    bounds: npt.NDArray[np.int64],
    width: int,
    factors: npt.NDArray[np.uint32],
    summands: npt.NDArray[np.uint32],
    signatures: npt.NDArray[np.uint32],
) -> None:
    longest = 0
    for i in range(len(signatures)):
        longest = max(longest, bounds[i + 1] - bounds[i])
    shingles = np.empty(longest, np.uint64)
    ring = np.empty(width, np.uint64)
    num_perm = len(factors)
    for i in range(len(signatures)):
        count = fill_shingles(hashes, flags, bounds[i], bounds[i + 1], width, ring, shingles)
        row = signatures[i]
        for k in range(count):
            h = np.uint32((shingles[k] >> _SHIFT_32) & _LOW_32)
            h = np.uint32(np.uint32(h ^ (h >> _SHIFT_16)) * _PRE_1)
            h = np.uint32(np.uint32(h ^ (h >> _SHIFT_13)) * _PRE_2)
            h = np.uint32(h ^ (h >> _SHIFT_16))
            for p in range(num_perm):
                value = np.uint32(np.uint32(factors[p] * h) + summands[p])
                row[p] = min(row[p], value)


@kernel
def _shingle_sets(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    token_bounds: npt.NDArray[np.int64],
    width: int,
    room: npt.NDArray[np.uint64],
    bounds: npt.NDArray[np.int64],
) -> int:
    longest = 0
    for i in range(len(token_bounds) - 1):
        longest = max(longest, token_bounds[i + 1] - token_bounds[i])
    slots = 16
    while slots < 2 * longest:
        slots *= 2
    table = np.full(slots, -1, np.int64)  # where in the room each shingle of the text is
    mask = np.uint64(slots - 1)
    ring = np.empty(width, np.uint64)
    raw = np.empty(longest, np.uint64)
    filled = 0
    for i in range(len(token_bounds) - 1):
        first = filled
        count = fill_shingles(hashes, flags, token_bounds[i], token_bounds[i + 1], width, ring, raw)
        for k in range(count):
            slot = raw[k] & mask
            while table[slot] >= first and room[table[slot]] != raw[k]:
                slot = (slot + np.uint64(1)) & mask
            # What an earlier text left in the table counts as free.
            if table[slot] < first:
                table[slot] = filled
                room[filled] = raw[k]
                filled += 1
        bounds[i + 1] = filled
    return filled
