"""Copied words: those of a match that stand in exact shared runs.

Alignment tells where two texts say the same, loosely too: it bridges gaps and finds passages put in other words. What
was copied shows only in runs that both have word for word, so weights and relations are judged by these.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.columns import A0, A1, B0, B1, PAIR
from dedup.text.tokens import CAPTION, QUOTED, Tokens

RUN = 5  # tokens: shorter runs are names and turns of phrase
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


def copied_words(
    tokens: Tokens, pairs: npt.NDArray[np.int64], rows: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """Copied tokens of every match: int32 (k, 4).

    The first two columns count, on either side, the tokens outside captions that stand in a run of five tokens which
    the match's other side has too; the third those of them that neither side has inside quotation marks; the fourth
    the tokens of the longest run.

    Args:
        tokens: A batch of texts.
        pairs: int64 (m, 2), indices of texts.
        rows: Matches as `align` gives them.
    """
    counts = np.zeros((len(rows), 4), np.int32)
    _count(tokens.hashes, tokens.flags, tokens.bounds, pairs, rows, counts)
    return counts


@kernel
def shingles(hashes: npt.NDArray[np.uint64], start: int, end: int) -> npt.NDArray[np.uint64]:
    """Hashes of every five tokens in a row within ``[start, end)``."""
    found = np.empty(max(end - start - RUN + 1, 0), np.uint64)
    for i in range(len(found)):
        h = np.uint64(0)
        for k in range(RUN):
            h = (h ^ hashes[start + i + k]) * _FACTOR
        found[i] = h
    return found


@kernel
def _count_side(
    mine: npt.NDArray[np.uint64], theirs: npt.NDArray[np.uint64], flags: npt.NDArray[np.uint8]
) -> tuple[int, int, int]:
    """Tokens in shingles that the other side, sorted, has too: outside captions, and quotations as well; in a row."""
    copied = 0
    told = 0
    longest = 0
    reached = 0
    first = 0
    for i in range(len(mine)):
        at = np.searchsorted(theirs, mine[i])
        if at == len(theirs) or theirs[at] != mine[i]:
            first = i + 1
            continue
        longest = max(longest, i + RUN - first)
        for t in range(max(reached, i), i + RUN):
            copied += (flags[t] & CAPTION) == 0
            told += (flags[t] & (CAPTION | QUOTED)) == 0
        reached = i + RUN
    return copied, told, longest


@kernel
def _count(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int32],
    counts: npt.NDArray[np.int32],
) -> None:
    for r in range(len(rows)):
        base_a = bounds[pairs[rows[r, PAIR], 0]]
        base_b = bounds[pairs[rows[r, PAIR], 1]]
        a_start, a_end = base_a + rows[r, A0], base_a + rows[r, A1]
        b_start, b_end = base_b + rows[r, B0], base_b + rows[r, B1]
        a = shingles(hashes, a_start, a_end)
        b = shingles(hashes, b_start, b_end)
        counts[r, 0], told_a, longest_a = _count_side(a, np.sort(b), flags[a_start:a_end])
        counts[r, 1], told_b, longest_b = _count_side(b, np.sort(a), flags[b_start:b_end])
        counts[r, 2] = min(told_a, told_b)
        counts[r, 3] = min(longest_a, longest_b)
