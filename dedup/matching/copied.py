"""Copied words: those of a match that stand in exact shared runs.

Alignment tells where two texts say the same, loosely too: it bridges gaps and finds passages put in other words. What
was copied shows only in runs that both have word for word, so weights and relations are judged by these.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.columns import A0, A1, B0, B1, LONGEST, PAIR
from dedup.matching.shingles import RUN, look_up, room_for
from dedup.matching.stretches import follow, write
from dedup.text.tokens import CAPTION, QUOTED, Tokens


class Copies(NamedTuple):
    """What of k matches is copied.

    Attributes:
        words: int32 (k, 4). The first two columns count, on either side, the tokens outside captions that stand in a
            run of five tokens which the match's other side has too; the third those of them that neither side has
            inside quotation marks; the fourth the tokens of the longest run.
        stretches: int32 (s, 7), in order of row and of position in the first text: the row;
            ``a_start a_end b_start b_end`` in code points; the tokens of the stretch that stand in runs of five or
            more which both texts have; and those of them that are neither quoted nor in a caption in either text. The
            answer for (a, b) need not mirror that for (b, a) where a text repeats itself.
    """

    words: npt.NDArray[np.int32]
    stretches: npt.NDArray[np.int32]


def copies(tokens: Tokens, pairs: npt.NDArray[np.int64], rows: npt.NDArray[np.int32]) -> Copies:
    """What of every match is copied.

    Args:
        tokens: A batch of texts.
        pairs: int64 (m, 2), indices of texts.
        rows: Matches as `align` gives them.
    """
    words = np.zeros((len(rows), 4), np.int32)
    found = _find(tokens.hashes, tokens.flags, tokens.bounds, pairs, rows, words)
    if len(found):
        for start, end in ((1, 2), (3, 4)):
            found[:, start] = tokens.starts[found[:, start]]
            found[:, end] = tokens.ends[found[:, end] - 1]
    return Copies(words, found)


@kernel
def _find(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int32],
    words: npt.NDArray[np.int32],
) -> npt.NDArray[np.int32]:
    found = np.empty((max(len(rows), 16), 7), np.int32)
    count = 0
    longest = 0
    for r in range(len(rows)):
        longest = max(longest, rows[r, A1] - rows[r, A0], rows[r, B1] - rows[r, B0])
    places = room_for(longest)
    copied_a = np.empty(longest, np.bool_)
    copied_b = np.empty(longest, np.bool_)
    for r in range(len(rows)):
        a_start = bounds[pairs[rows[r, PAIR], 0]] + rows[r, A0]
        b_start = bounds[pairs[rows[r, PAIR], 1]] + rows[r, B0]
        a_width, b_width = rows[r, A1] - rows[r, A0], rows[r, B1] - rows[r, B0]
        if count + a_width + 1 > len(found):
            grown = np.empty((2 * (count + a_width + 1), 7), np.int32)
            grown[:count] = found[:count]
            found = grown
        if rows[r, LONGEST] == a_width and a_width == b_width:
            write(flags, r, a_start, b_start, a_width, found, count)
            count += 1
            count_a = count_b = max(a_width - RUN + 1, 0)
            copied_a[:count_a] = True
            copied_b[:count_b] = True
        else:
            count_a, count_b = look_up(
                hashes[a_start : a_start + a_width], hashes[b_start : b_start + b_width], places
            )
            count = follow(flags, a_start, a_width, b_start, b_width, r, places, found, count)
            for i in range(count_a):
                copied_a[i] = places.first[i] >= 0
            for j in range(count_b):
                copied_b[j] = places.met[places.same[j]]
        words[r, 0], told_a, longest_a = _count_side(copied_a[:count_a], flags[a_start : a_start + a_width])
        words[r, 1], told_b, longest_b = _count_side(copied_b[:count_b], flags[b_start : b_start + b_width])
        words[r, 2] = min(told_a, told_b)
        words[r, 3] = min(longest_a, longest_b)
    return found[:count].copy()


@kernel
def _count_side(copied: npt.NDArray[np.bool_], flags: npt.NDArray[np.uint8]) -> tuple[int, int, int]:
    """Tokens in shingles that the other side has too: outside captions, and quotations as well; in a row."""
    words = 0
    told = 0
    longest = 0
    reached = 0
    first = 0
    for i in range(len(copied)):
        if not copied[i]:
            first = i + 1
            continue
        longest = max(longest, i + RUN - first)
        for t in range(max(reached, i), i + RUN):
            words += (flags[t] & CAPTION) == 0
            told += (flags[t] & (CAPTION | QUOTED)) == 0
        reached = i + RUN
    return words, told, longest
