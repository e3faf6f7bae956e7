"""Common token runs: every maximal stretch of equal tokens between two texts, or between a text and itself."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel

SHORTEST_RUN = 3
_MOST_OCCURRENCES = (
    16  # of one 3-gram in a text that are followed up: a text of one word repeated stays linear
)
_STEPS_PER_TOKEN = 64  # work allowed a pair, in token comparisons per token of its texts
_BASE = np.uint64(0x9E3779B97F4A7C15)
_FOLD = np.uint64(32)


class Runs(NamedTuple):
    """The runs of a batch of pairs, in order of pair, then of b, then of a.

    Attributes:
        a: int32 (r,), first token in the pair's first text, counted from that text's start.
        b: int32 (r,), the same in its second text.
        length: int32 (r,), tokens.
        bounds: int64 (m + 1,); pair p owns the runs ``bounds[p]:bounds[p + 1]``.
        cut_short: bool (m,), pairs whose texts repeat themselves so much that not every run was followed up.
    """

    a: npt.NDArray[np.int32]
    b: npt.NDArray[np.int32]
    length: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]
    cut_short: npt.NDArray[np.bool_]


def common_runs(
    hashes: npt.NDArray[np.uint64], bounds: npt.NDArray[np.int64], pairs: npt.NDArray[np.int64]
) -> Runs:
    """Every maximal run of at least three equal tokens.

    Args:
        hashes: Token hashes of a batch of texts.
        bounds: int64 (n + 1,), where each text's tokens are.
        pairs: int64 (m, 2), indices of texts. A text paired with itself gives the runs off its diagonal, each
            once (a before b), and none that overlaps itself.
    """
    sizes = bounds[1:] - bounds[:-1]
    longest = int(sizes[pairs[:, 0]].max()) if len(pairs) else 0
    slots = 1 << max(4, (2 * longest - 1).bit_length())
    scratch = (
        np.full(slots, -1, np.int32),
        np.empty(max(longest, 1), np.int32),
        np.empty(max(longest, 1), np.uint64),
    )
    room = 1024 + int(sizes[pairs].min(axis=1).sum())
    while True:
        out = np.empty((room, 3), np.int32)
        run_bounds = np.zeros(len(pairs) + 1, np.int64)
        cut_short = np.zeros(len(pairs), np.bool_)
        count = _find(hashes, bounds, pairs, *scratch, out, run_bounds, cut_short)
        if count <= room:
            break
        room = count
        scratch[0].fill(-1)
    return Runs(out[:count, 0].copy(), out[:count, 1].copy(), out[:count, 2].copy(), run_bounds, cut_short)


@kernel
def _gram(hashes: npt.NDArray[np.uint64], at: int) -> np.uint64:
    h = (hashes[at] * _BASE + hashes[at + 1]) * _BASE + hashes[at + 2]
    return np.uint64(h ^ (h >> _FOLD))


@kernel
def _find(
    hashes: npt.NDArray[np.uint64],
    bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    table: npt.NDArray[np.int32],
    chain: npt.NDArray[np.int32],
    grams: npt.NDArray[np.uint64],
    out: npt.NDArray[np.int32],
    run_bounds: npt.NDArray[np.int64],
    cut_short: npt.NDArray[np.bool_],
) -> int:
    """Fill `out` as far as it goes; return how many rows all runs need.

    The table of a pair's first text is kept for the next pair if that has the same: many excerpts of one long text
    cost no more than the excerpts.
    """
    slot_mask = np.uint64(len(table) - 1)
    count = 0
    for p in range(len(pairs)):
        a0 = bounds[pairs[p, 0]]
        b0 = bounds[pairs[p, 1]]
        a_size = bounds[pairs[p, 0] + 1] - a0
        b_size = bounds[pairs[p, 1] + 1] - b0
        itself = pairs[p, 0] == pairs[p, 1]
        if p == 0 or pairs[p, 0] != pairs[p - 1, 0]:
            # Last occurrence first, so that following the chain goes through the text in order.
            for i in range(a_size - 3, -1, -1):
                grams[i] = _gram(hashes, a0 + i)
                slot = grams[i] & slot_mask
                while table[slot] >= 0 and grams[table[slot]] != grams[i]:
                    slot = (slot + np.uint64(1)) & slot_mask
                chain[i] = table[slot]
                table[slot] = i
        steps = _STEPS_PER_TOKEN * (a_size + b_size)
        for j in range(b_size - 2):
            wanted = _gram(hashes, b0 + j)
            slot = wanted & slot_mask
            while table[slot] >= 0 and grams[table[slot]] != wanted:
                slot = (slot + np.uint64(1)) & slot_mask
            i = table[slot]
            occurrences = 0
            while i >= 0 and not (itself and i >= j):
                occurrences += 1
                if occurrences > _MOST_OCCURRENCES or steps < 0:
                    cut_short[p] = True
                    break
                if i == 0 or j == 0 or hashes[a0 + i - 1] != hashes[b0 + j - 1]:
                    most = min(a_size - i, b_size - j)
                    if itself:
                        most = min(most, j - i)
                    length = 0
                    while length < most and hashes[a0 + i + length] == hashes[b0 + j + length]:
                        length += 1
                    steps -= length
                    if length >= SHORTEST_RUN:
                        if count < len(out):
                            out[count, 0] = i
                            out[count, 1] = j
                            out[count, 2] = length
                        count += 1
                i = chain[i]
        if p + 1 == len(pairs) or pairs[p, 0] != pairs[p + 1, 0]:
            # Give the table back empty, touching only what was used.
            for i in range(a_size - 2):
                slot = grams[i] & slot_mask
                while table[slot] >= 0:
                    table[slot] = -1
                    slot = (slot + np.uint64(1)) & slot_mask
        run_bounds[p + 1] = count
    return count
