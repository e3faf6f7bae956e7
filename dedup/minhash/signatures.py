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
    words: npt.NDArray[np.uint64],
    out: npt.NDArray[np.uint64],
) -> int:
    """Fill `out` with the shingles of one text, captions left out as if they were not there; return how many.

    Args:
        words: Room for the tokens outside captions, as `out` is for shingles: ``end - start`` of each.
    """
    seen = 0
    for k in range(start, end):
        words[seen] = hashes[k]
        seen += (flags[k] & CAPTION) == 0
    if seen == 0:
        return 0
    # A short text is one shingle, told apart from every part of a longer one.
    count = max(seen - width + 1, 1)
    whole = min(seen, width)
    # A polynomial of each window by itself, not rolled from its neighbour's: so many are made at once.
    for k in range(count):
        out[k] = words[k]
    for j in range(1, whole):
        for k in range(count):
            out[k] = out[k] * _BASE + words[k + j]
    if whole < width:
        out[0] += np.uint64(whole)
    for k in range(count):
        out[k] = _finish(out[k])
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
    words = np.empty(longest, np.uint64)
    shingles = np.empty(longest, np.uint64)
    mixed = np.empty(longest, np.uint32)
    for i in range(len(signatures)):
        count = fill_shingles(hashes, flags, bounds[i], bounds[i + 1], width, words, shingles)
        for k in range(count):
            h = np.uint32((shingles[k] >> _SHIFT_32) & _LOW_32)
            h = np.uint32(np.uint32(h ^ (h >> _SHIFT_16)) * _PRE_1)
            h = np.uint32(np.uint32(h ^ (h >> _SHIFT_13)) * _PRE_2)
            mixed[k] = np.uint32(h ^ (h >> _SHIFT_16))
        _permute(mixed[:count], factors, summands, signatures[i])


@kernel
def _permute(
    mixed: npt.NDArray[np.uint32],
    factors: npt.NDArray[np.uint32],
    summands: npt.NDArray[np.uint32],
    row: npt.NDArray[np.uint32],
) -> None:
    """Lower a signature to the minima under each permutation.

    Four shingles at a time: permutations and signature are then fetched and stored a quarter as often, and what is left
    is the arithmetic itself.
    """
    in_fours = len(mixed) & ~3
    for k in range(0, in_fours, 4):
        a = mixed[k]
        b = mixed[k + 1]
        c = mixed[k + 2]
        d = mixed[k + 3]
        for p in range(len(row)):
            one = min(_permuted(a, factors[p], summands[p]), _permuted(b, factors[p], summands[p]))
            other = min(_permuted(c, factors[p], summands[p]), _permuted(d, factors[p], summands[p]))
            row[p] = min(row[p], min(one, other))
    for k in range(in_fours, len(mixed)):
        for p in range(len(row)):
            row[p] = min(row[p], _permuted(mixed[k], factors[p], summands[p]))


@kernel
def _permuted(h: np.uint32, factor: np.uint32, summand: np.uint32) -> np.uint32:
    return np.uint32(np.uint32(factor * h) + summand)


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
    words = np.empty(longest, np.uint64)
    raw = np.empty(longest, np.uint64)
    filled = 0
    for i in range(len(token_bounds) - 1):
        first = filled
        count = fill_shingles(hashes, flags, token_bounds[i], token_bounds[i + 1], width, words, raw)
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
