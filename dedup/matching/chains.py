"""Chains: token runs that follow each other in both texts, one verbatim or edited passage each.

A run joins a chain when what it matches outweighs the gap it leaves, as in local sequence alignment (Smith and
Waterman 1981; the chaining follows Li, minimap2, 2018). So a chance run near a true passage does not stretch it, a
changed word does not split it, and both edges are token edges of a run.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.columns import (
    A0,
    A1,
    B0,
    B1,
    CAPTIONS,
    LONGEST,
    MATCHED,
    MOVED,
    PAIR,
    QUOTES,
    WIDTH,
)
from dedup.matching.runs import Runs
from dedup.text.tokens import CAPTION, NUMBER, QUOTED, Tokens

GAP = 30  # tokens that a chain may leave out in either text
LEAST_LONGEST_RUN = 5  # a chain without such a run is chance
_LEFT_OUT = 0.5  # cost of a token left out in both texts
_INSERTED = 0.25  # cost of a token left out in one
_LOOK_BACK = 60  # runs that a chain's next link is sought among
_SMALL_GAP = 6  # tokens: a figure exchanged, not a passage


def chains(
    tokens: Tokens, pairs: npt.NDArray[np.int64], runs: Runs, shortest: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """The chains of every pair, strongest first, and where each pair's begin.

    Args:
        shortest: Fewest matched tokens that make a chain.

    Returns:
        int32 (k, 13), rows as `columns` names them, ``SENTENCES`` and ``FRESH`` not filled yet; int64 (m + 1,).
    """
    pair_of = np.repeat(np.arange(len(pairs)), np.diff(runs.bounds))
    order = np.lexsort((runs.b, runs.a, pair_of))
    rows = np.zeros((max(256, len(order)), WIDTH), np.int32)
    row_bounds = np.zeros(len(pairs) + 1, np.int64)
    count = _chain(
        tokens.hashes, tokens.flags, tokens.bounds, pairs, runs.a[order], runs.b[order], runs.length[order],
        runs.bounds, shortest, rows, row_bounds,
    )  # fmt: skip
    return rows[:count], row_bounds


@kernel
def _numbers_of_one(
    hashes: npt.NDArray[np.uint64], flags: npt.NDArray[np.uint8], a: int, a_end: int, b: int, b_end: int
) -> int:
    """How many numbers of a gap the other gap has not; -1 where it holds no number at all."""
    numbers = 0
    alone = 0
    for i in range(a, a_end):
        if flags[i] & NUMBER:
            numbers += 1
            here = False
            for j in range(b, b_end):
                here = here or hashes[j] == hashes[i]
            alone += not here
    return alone if numbers else -1


@kernel
def _numbers_moved(
    hashes: npt.NDArray[np.uint64], flags: npt.NDArray[np.uint8], a: int, a_end: int, b: int, b_end: int
) -> bool:
    """Whether both gaps, small ones, hold numbers, and one of them a number that the other has not."""
    if a_end - a > _SMALL_GAP or b_end - b > _SMALL_GAP:
        return False
    both = _numbers_of_one(hashes, flags, a, a_end, b, b_end)
    if both < 0 or _numbers_of_one(hashes, flags, b, b_end, a, a_end) < 0:
        return False
    return both > 0 or _numbers_of_one(hashes, flags, b, b_end, a, a_end) > 0


@kernel
def _chain(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    text_bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    run_a: npt.NDArray[np.int32],
    run_b: npt.NDArray[np.int32],
    run_length: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    shortest: int,
    rows: npt.NDArray[np.int32],
    row_bounds: npt.NDArray[np.int64],
) -> int:
    most = 0
    for p in range(len(pairs)):
        most = max(most, bounds[p + 1] - bounds[p])
    score = np.empty(most, np.float64)
    before = np.empty(most, np.int32)
    used = np.empty(most, np.bool_)
    path = np.empty(most, np.int32)
    count = 0
    for p in range(len(pairs)):
        base = bounds[p]
        n = bounds[p + 1] - base
        a_base = text_bounds[pairs[p, 0]]
        b_base = text_bounds[pairs[p, 1]]
        for j in range(n):
            a0 = run_a[base + j]
            b0 = run_b[base + j]
            matched = run_length[base + j]
            best = np.float64(matched)
            link = -1
            for i in range(j - 1, max(-1, j - 1 - _LOOK_BACK), -1):
                a = run_a[base + i]
                b = run_b[base + i]
                length = run_length[base + i]
                if b >= b0 or a >= a0 or a + length >= a0 + matched or b + length >= b0 + matched:
                    continue
                gap_a = a0 - a - length
                gap_b = b0 - b - length
                if gap_a > GAP or gap_b > GAP:
                    continue
                overlap = max(-gap_a, -gap_b, 0)
                if overlap >= matched:
                    continue
                out_a = max(gap_a, 0)
                out_b = max(gap_b, 0)
                cost = _LEFT_OUT * min(out_a, out_b) + _INSERTED * abs(out_a - out_b)
                value = score[i] + matched - overlap - cost
                if value > best:
                    best = value
                    link = i
            score[j] = best
            before[j] = link
            used[j] = False
        for end in np.argsort(-score[:n], kind="mergesort"):
            if used[end]:
                continue
            steps = 0
            at = end
            while at >= 0 and not used[at]:
                path[steps] = at
                steps += 1
                at = before[at]
            for k in range(steps):
                used[path[k]] = True
            head = base + path[steps - 1]
            tail = base + path[0]
            matched = 0
            longest = 0
            quotes = 0
            captions = 0
            moved = 0
            last_a = run_a[head]
            last_b = run_b[head]
            for k in range(steps - 1, -1, -1):
                a = run_a[base + path[k]]
                b = run_b[base + path[k]]
                length = run_length[base + path[k]]
                skip = max(last_a - a, last_b - b, 0)
                matched += length - skip
                longest = max(longest, length)
                if k < steps - 1 and _numbers_moved(
                    hashes, flags, a_base + last_a, a_base + a, b_base + last_b, b_base + b
                ):
                    moved += 1
                for t in range(skip, length):
                    either = flags[a_base + a + t] | flags[b_base + b + t]
                    captions += (either & CAPTION) > 0
                    quotes += (either & (CAPTION | QUOTED)) == QUOTED
                last_a = a + length
                last_b = b + length
            if matched < shortest or longest < LEAST_LONGEST_RUN:
                continue
            row = rows[count]
            row[PAIR] = p
            row[A0] = run_a[head]
            row[A1] = run_a[tail] + run_length[tail]
            row[B0] = run_b[head]
            row[B1] = run_b[tail] + run_length[tail]
            row[MATCHED] = matched
            row[LONGEST] = longest
            row[QUOTES] = quotes
            row[CAPTIONS] = captions
            row[MOVED] = moved
            count += 1
        row_bounds[p + 1] = count
    return count
