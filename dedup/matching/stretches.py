"""Stretches: where exactly, within a match, one text copies the other.

A match may bridge gaps and passages told in other words: it tells where two texts say the same. Whose words they are
can only be told of what stands in both, so origins and boilerplate go by stretches.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.columns import A0, A1, B0, B1, LONGEST, PAIR
from dedup.matching.copied import RUN, shingles
from dedup.text.tokens import CAPTION, QUOTED, Tokens

_GAP = 6  # tokens that an edit may put between two runs of one stretch, on either side
_LEAST = 12  # tokens of a stretch: reports of one event share shorter runs by chance, unless they are the whole match


def stretches(
    tokens: Tokens, pairs: npt.NDArray[np.int64], rows: npt.NDArray[np.int32]
) -> npt.NDArray[np.int64]:
    """The copied stretches of every match: int64 (s, 7), in order of row and of position in the first text.

    The columns are the row; ``a_start a_end b_start b_end`` in code points; the tokens of the stretch that stand in
    runs of five or more which both texts have; and those of them that are neither quoted nor in a caption in either
    text. The answer for (a, b) need not mirror that for (b, a) where a text repeats itself.

    Args:
        tokens: A batch of texts.
        pairs: int64 (m, 2), indices of texts.
        rows: Matches as `align` gives them.
    """
    found = _find(tokens.hashes, tokens.flags, tokens.bounds, pairs, rows)
    if len(found):
        for start, end in ((1, 2), (3, 4)):
            found[:, start] = tokens.starts[found[:, start]]
            found[:, end] = tokens.ends[found[:, end] - 1]
    return found


@kernel
def _find(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int32],
) -> npt.NDArray[np.int64]:
    found = np.empty((max(len(rows), 16), 7), np.int64)
    count = 0
    for r in range(len(rows)):
        a_start = bounds[pairs[rows[r, PAIR], 0]] + rows[r, A0]
        b_start = bounds[pairs[rows[r, PAIR], 1]] + rows[r, B0]
        a_width, b_width = rows[r, A1] - rows[r, A0], rows[r, B1] - rows[r, B0]
        if count + a_width + 1 > len(found):
            grown = np.empty((2 * (count + a_width + 1), 7), np.int64)
            grown[:count] = found[:count]
            found = grown
        if rows[r, LONGEST] == a_width and a_width == b_width:
            _write(flags, r, a_start, b_start, a_width, found, count)
            count += 1
            continue
        before = count
        count = _follow(hashes, flags, a_start, a_width, b_start, b_width, r, found, count)
        count = _lasting(found, before, count, min(_LEAST, a_width, b_width))
    return found[:count].copy()


@kernel
def _follow(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    a_start: int,
    a_width: int,
    b_start: int,
    b_width: int,
    row: int,
    found: npt.NDArray[np.int64],
    count: int,
) -> int:
    """Write the row's stretches to ``found`` from ``count`` on; how many there are now."""
    mine = shingles(hashes, a_start, a_start + a_width)
    theirs = shingles(hashes, b_start, b_start + b_width)
    order = np.argsort(theirs, kind="mergesort")
    ordered = theirs[order]
    first = count
    i, reached_a, reached_b = 0, 0, 0
    while i < len(mine):
        low = np.searchsorted(ordered, mine[i])
        if low == len(ordered) or ordered[low] != mine[i]:
            i += 1
            continue
        # Of several places the next one behind what was copied last; the first where there is none behind.
        high = np.searchsorted(ordered, mine[i], side="right")
        at = low + np.searchsorted(order[low:high], max(reached_b - RUN + 1, 0))
        j = order[at] if at < high else order[low]
        length = 1
        while i + length < len(mine) and j + length < len(theirs) and mine[i + length] == theirs[j + length]:
            length += 1
        low_a, low_b, high_a, high_b = i, j, i + length + RUN - 1, j + length + RUN - 1
        if low_a < reached_a:
            low_a, low_b = reached_a, low_b + reached_a - low_a
        if low_a < high_a:
            gap_a, gap_b = low_a - reached_a, low_b - reached_b
            if count > first and gap_a <= _GAP and 0 <= gap_b <= _GAP:
                _write(flags, row, a_start + low_a, b_start + low_b, high_a - low_a, found, count)
                found[count - 1, 2] = found[count, 2]
                found[count - 1, 4] = found[count, 4]
                found[count - 1, 5:] += found[count, 5:]
            else:
                _write(flags, row, a_start + low_a, b_start + low_b, high_a - low_a, found, count)
                count += 1
            reached_a, reached_b = high_a, high_b
        i += length
    return count


@kernel
def _write(
    flags: npt.NDArray[np.uint8],
    row: int,
    a: int,
    b: int,
    width: int,
    found: npt.NDArray[np.int64],
    at: int,
) -> None:
    """Write the run of so many tokens from ``a`` and from ``b`` on to ``found[at]``."""
    told = 0
    for k in range(width):
        told += ((flags[a + k] | flags[b + k]) & (CAPTION | QUOTED)) == 0
    found[at] = (row, a, a + width, b, b + width, width, told)


@kernel
def _lasting(found: npt.NDArray[np.int64], start: int, end: int, least: int) -> int:
    """Close up over the stretches from ``start`` on that are too short; where the last one ends."""
    kept = start
    for at in range(start, end):
        if found[at, 5] >= least:
            found[kept] = found[at]
            kept += 1
    return kept
