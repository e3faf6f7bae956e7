"""TF-IDF: which passages of two articles say the same in other words.

Where copying leaves token runs, the runs show it. This stage looks at the passages that they leave uncovered: cosine
of TF-IDF vectors and overlap of words, as in Sanchez-Perez, Sidorov and Gelbukh, "A Winning Approach to Text Alignment
for Text Reuse Detection at PAN 2014". IDF is fitted on the two articles compared, so a pair's answer does not depend on
what else was in the run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.vocabulary import forget_words, number_words

LEAST_COSINE = 0.25
LEAST_DICE = 0.25
SHORTEST_PASSAGE = 4
_OF_THE_BEST = 0.8  # a seed must come this near to the best of its row and column
_MOST_CELLS = 4_000_000  # passages of one text times passages of the other: beyond, runs alone must do


class Seeds(NamedTuple):
    """Pairs of passages that say the same.

    Attributes:
        pair: int64 (s,), ascending.
        a: int64 (s,), the passage of the pair's first text, as numbered in the input.
        b: int64 (s,), the passage of its second.
        cosine: float64 (s,).
        shared: int64 (s,), distinct tokens in both.
        cut_short: bool (pairs,), of so many passages that none were compared.
    """

    pair: npt.NDArray[np.int64]
    a: npt.NDArray[np.int64]
    b: npt.NDArray[np.int64]
    cosine: npt.NDArray[np.float64]
    shared: npt.NDArray[np.int64]
    cut_short: npt.NDArray[np.bool_]


def passage_seeds(
    hashes: npt.NDArray[np.uint64],
    passage_starts: npt.NDArray[np.int64],
    passage_ends: npt.NDArray[np.int64],
    passage_pair: npt.NDArray[np.int64],
    in_second: npt.NDArray[np.bool_],
    wanted: npt.NDArray[np.bool_],
) -> Seeds:
    """Seeds among the passages of a batch of pairs.

    Args:
        hashes: Token hashes of the batch.
        passage_starts: int64 (q,), first token of each passage; a text in two pairs stands here twice.
        passage_ends: int64 (q,), one past its last token.
        passage_pair: int64 (q,), the pair that the passage is looked at for, ascending.
        in_second: bool (q,), whether it stands in the pair's second text.
        wanted: bool (q,), whether it may be a seed. The others only count towards IDF.
    """
    bounds, columns, weights, idf = _count_tokens(hashes, passage_starts, passage_ends, passage_pair)
    _weigh(bounds, columns, weights, idf)
    candidates = wanted & (passage_ends - passage_starts >= SHORTEST_PASSAGE)
    pair_bounds = np.searchsorted(passage_pair, np.arange(passage_pair[-1] + 2 if len(passage_pair) else 1))
    cut_short = np.zeros(len(pair_bounds) - 1, np.bool_)
    room = len(candidates)
    while True:
        rows = np.empty((room, 4), np.int64)
        cosine = np.empty(room, np.float64)
        count = _compare(
            bounds, columns, weights, pair_bounds, in_second, candidates, rows, cosine, cut_short
        )
        if count <= room:
            break
        room = count
    rows = rows[:count]
    return Seeds(rows[:, 0], rows[:, 1], rows[:, 2], cosine[:count], rows[:, 3], cut_short)


def _count_tokens(
    hashes: npt.NDArray[np.uint64],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    pair: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Token counts of every passage, and the IDF that fitting scikit-learn's transformer on each pair would give.

    Every pair has columns of its own, so its block of the matrix is the vector space of two articles.

    Returns:
        A matrix of compressed rows, one for each passage: int64 (q + 1,) where each begins, int64 (c,) columns and
        float64 (c,) counts; and float64 (columns,), the IDF.
    """
    total = int((ends - starts).sum())
    indptr = np.zeros(len(starts) + 1, np.int64)
    indices = np.empty(total, np.int64)
    data = np.empty(total, np.float64)
    idf = np.empty(total, np.float64)
    most = int(np.bincount(pair, ends - starts, minlength=1).max())
    slots = 1 << max(4, (2 * most).bit_length())
    filled, columns = _count(
        hashes, starts, ends, pair, np.full(slots, -1, np.int32), np.empty(total, np.uint64),
        np.empty(most, np.int32), np.empty(total, np.int64), indptr, indices, data, idf,
    )  # fmt: skip
    return indptr, indices[:filled], data[:filled], idf[:columns]


@kernel
def _weigh(
    indptr: npt.NDArray[np.int64],
    indices: npt.NDArray[np.int64],
    data: npt.NDArray[np.float64],
    idf: npt.NDArray[np.float64],
) -> None:
    """Make unit vectors of TF-IDF of the rows of counts."""
    for row in range(len(indptr) - 1):
        squares = 0.0
        for k in range(indptr[row], indptr[row + 1]):
            data[k] *= idf[indices[k]]
            squares += data[k] * data[k]
        for k in range(indptr[row], indptr[row + 1]):
            data[k] /= np.sqrt(squares)


@kernel
def _count(
    hashes: npt.NDArray[np.uint64],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    pair: npt.NDArray[np.int64],
    table: npt.NDArray[np.int32],
    words: npt.NDArray[np.uint64],
    numbers: npt.NDArray[np.int32],
    seen_at: npt.NDArray[np.int64],
    indptr: npt.NDArray[np.int64],
    indices: npt.NDArray[np.int64],
    data: npt.NDArray[np.float64],
    idf: npt.NDArray[np.float64],
) -> tuple[int, int]:
    filled = 0
    columns = 0
    q = 0
    while q < len(starts):
        first_column = columns
        first_row = q
        while q < len(starts) and pair[q] == pair[first_row]:
            row_start = filled
            known = columns
            columns = number_words(hashes, starts[q], ends[q], table, words, known, numbers)
            seen_at[known:columns] = -1
            idf[known:columns] = 0.0  # document frequency, for now
            for column in numbers[: ends[q] - starts[q]]:
                if seen_at[column] < row_start:
                    seen_at[column] = filled
                    indices[filled] = column
                    data[filled] = 0.0
                    idf[column] += 1.0
                    filled += 1
                data[seen_at[column]] += 1.0
            q += 1
            indptr[q] = filled
        for column in range(first_column, columns):
            idf[column] = np.log((1.0 + q - first_row) / (1.0 + idf[column])) + 1.0
        forget_words(table, words[first_column:columns], columns - first_column)
    return filled, columns


@kernel
def _compare(
    indptr: npt.NDArray[np.int64],
    indices: npt.NDArray[np.int64],
    data: npt.NDArray[np.float64],
    pair_bounds: npt.NDArray[np.int64],
    in_second: npt.NDArray[np.bool_],
    candidates: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.int64],
    cosines: npt.NDArray[np.float64],
    cut_short: npt.NDArray[np.bool_],
) -> int:
    """Fill `rows` (pair, a, b, shared) and `cosines` as far as they go; return how many seeds there are.

    Pairs of too many passages are marked in `cut_short`.
    """
    widest = 0
    tallest = 0
    for p in range(len(pair_bounds) - 1):
        lo, hi = pair_bounds[p], pair_bounds[p + 1]
        tallest = max(tallest, hi - lo)
        widest = max(widest, indptr[hi] - indptr[lo])
    dense = np.zeros(widest, np.float64)
    count = 0
    for p in range(len(pair_bounds) - 1):
        lo, hi = pair_bounds[p], pair_bounds[p + 1]
        if lo == hi:
            continue
        column_0 = indices[indptr[lo]]
        middle = lo
        while middle < hi and not in_second[middle]:
            middle += 1
        if (middle - lo) * (hi - middle) > _MOST_CELLS:
            cut_short[p] = True
            continue
        cosine = np.zeros((middle - lo, hi - middle), np.float64)
        shared = np.zeros((middle - lo, hi - middle), np.int64)
        for a in range(lo, middle):
            if not candidates[a]:
                continue
            for k in range(indptr[a], indptr[a + 1]):
                dense[indices[k] - column_0] = data[k]
            for b in range(middle, hi):
                if not candidates[b]:
                    continue
                dot = 0.0
                both = 0
                for k in range(indptr[b], indptr[b + 1]):
                    weight = dense[indices[k] - column_0]
                    if weight > 0.0:
                        dot += weight * data[k]
                        both += 1
                cosine[a - lo, b - middle] = dot
                shared[a - lo, b - middle] = both
            for k in range(indptr[a], indptr[a + 1]):
                dense[indices[k] - column_0] = 0.0
        best_of_row = np.zeros(middle - lo, np.float64)
        best_of_column = np.zeros(hi - middle, np.float64)
        for a in range(middle - lo):
            for b in range(hi - middle):
                best_of_row[a] = max(best_of_row[a], cosine[a, b])
                best_of_column[b] = max(best_of_column[b], cosine[a, b])
        for a in range(lo, middle):
            for b in range(middle, hi):
                value = cosine[a - lo, b - middle]
                if value < LEAST_COSINE:
                    continue
                both = shared[a - lo, b - middle]
                dice = 2.0 * both / (indptr[a + 1] - indptr[a] + indptr[b + 1] - indptr[b])
                best = max(best_of_row[a - lo], best_of_column[b - middle])
                if dice < LEAST_DICE or value < _OF_THE_BEST * best:
                    continue
                if count < len(rows):
                    rows[count, 0] = p
                    rows[count, 1] = a
                    rows[count, 2] = b
                    rows[count, 3] = both
                    cosines[count] = value
                count += 1
    return count
