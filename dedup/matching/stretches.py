"""Stretches: where exactly, within a match, one text copies the other.

A match may bridge gaps and passages told in other words: it tells where two texts say the same. Whose words they are
can only be told of what stands in both, so origins and boilerplate go by stretches.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.shingles import RUN, Places
from dedup.text.tokens import CAPTION, QUOTED

_GAP = 6  # tokens that an edit may put between two runs of one stretch, on either side
_LEAST = 12  # tokens of a stretch: reports of one event share shorter runs by chance, unless they are the whole match


@kernel
def follow(
    flags: npt.NDArray[np.uint8],
    a_start: int,
    a_width: int,
    b_start: int,
    b_width: int,
    row: int,
    places: Places,
    found: npt.NDArray[np.int32],
    count: int,
) -> int:
    """Write the row's stretches, in tokens, to ``found`` from ``count`` on; how many there are now.

    Args:
        places: Where the shingles of the first span stand in the second.
    """
    mine, theirs = places.mine[: max(a_width - RUN + 1, 0)], places.theirs[: max(b_width - RUN + 1, 0)]
    first = count
    i, reached_a, reached_b = 0, 0, 0
    while i < len(mine):
        at = places.first[i]
        if at < 0:
            i += 1
            continue
        # Of several places the next one behind what was copied last; the first where there is none behind.
        same = places.places[places.begin[at] : places.begin[at] + places.often[at]]
        behind = np.searchsorted(same, max(reached_b - RUN + 1, 0))
        j = same[behind] if behind < len(same) else at
        length = 1
        while i + length < len(mine) and j + length < len(theirs) and mine[i + length] == theirs[j + length]:
            length += 1
        low_a, low_b, high_a, high_b = i, j, i + length + RUN - 1, j + length + RUN - 1
        if low_a < reached_a:
            low_a, low_b = reached_a, low_b + reached_a - low_a
        if low_a < high_a:
            gap_a, gap_b = low_a - reached_a, low_b - reached_b
            if count > first and gap_a <= _GAP and 0 <= gap_b <= _GAP:
                write(flags, row, a_start + low_a, b_start + low_b, high_a - low_a, found, count)
                found[count - 1, 2] = found[count, 2]
                found[count - 1, 4] = found[count, 4]
                found[count - 1, 5:] += found[count, 5:]
            else:
                write(flags, row, a_start + low_a, b_start + low_b, high_a - low_a, found, count)
                count += 1
            reached_a, reached_b = high_a, high_b
        i += length
    return _lasting(found, first, count, min(_LEAST, a_width, b_width))


@kernel
def write(
    flags: npt.NDArray[np.uint8],
    row: int,
    a: int,
    b: int,
    width: int,
    found: npt.NDArray[np.int32],
    at: int,
) -> None:
    """Write the run of so many tokens from ``a`` and from ``b`` on to ``found[at]``."""
    told = 0
    for k in range(width):
        told += ((flags[a + k] | flags[b + k]) & (CAPTION | QUOTED)) == 0
    found[at] = (row, a, a + width, b, b + width, width, told)


@kernel
def _lasting(found: npt.NDArray[np.int32], start: int, end: int, least: int) -> int:
    """Close up over the stretches from ``start`` on that are too short; where the last one ends."""
    kept = start
    for at in range(start, end):
        if found[at, 5] >= least:
            found[kept] = found[at]
            kept += 1
    return kept
