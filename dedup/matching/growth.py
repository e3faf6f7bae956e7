"""Growth: from what is surely shared to where the sharing ends.

A chain of runs or a pair of alike passages is a foothold. From its corners a passage grows outwards as long as the
words that both sides have outweigh those that one side alone has, in whatever order they come: an obfuscated,
translated or rewritten passage keeps its words and loses their order. So edges fall where the sharing ends and not
where a sentence does; between equals the end of a sentence is preferred.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.vocabulary import NOWHERE, Words

REACH = 64  # tokens, in either text, that one step of growth looks ahead
_ALONE = 0.5  # what a word costs that one side alone has, as a share of its weight
_OVERLAP = 12  # tokens inside the passage whose words count as met: order is lost across an edge too
_SENTENCE_END = 2.5  # what an edge at the end of a sentence is worth, in words, on each side
_LEAST_GAIN = 2.0  # words, net, that a passage must gain to grow at all: else its edge stays exact
_MOST_STEPS = 64  # of growth, each of up to `REACH` tokens

TABLE = (8, REACH + 1)  # shape of the scratch that growth needs


@kernel
def grow(
    words: Words,
    span: npt.NDArray[np.int32],
    unsure: bool,
    walls: npt.NDArray[np.int32],
    table: npt.NDArray[np.float64],
) -> None:
    """Move the edges of a span, ``a0 a1 b0 b1`` in tokens, to where the sharing ends.

    Args:
        unsure: What the two sides share may end inside them, so that the edges may move inwards too.
        walls: ``a0 a1 b0 b1``, the span that it may not leave.
        table: float64 of the shape `TABLE`, scratch.
    """
    middle_a = (span[0] + span[1]) // 2
    middle_b = (span[2] + span[3]) // 2
    ended = [False, False]
    for turn in range(_MOST_STEPS):
        moved = False
        for step in (1, -1):
            side = 1 if step > 0 else 0
            if ended[side]:
                continue
            from_middle = unsure and turn == 0
            at_a = middle_a if from_middle else span[side]
            at_b = middle_b if from_middle else span[side + 2]
            x, y, gain = _corner(words, at_a, at_b, step, walls, unsure, table)
            if not from_middle and (gain < (0.0 if unsure else _LEAST_GAIN) or x == 0 or y == 0):
                # An edge depends on nothing but itself: where it stays once, it stays.
                ended[side] = True
                continue
            to_a = at_a + step * x
            to_b = at_b + step * y
            moved = moved or to_a != span[side] or to_b != span[side + 2]
            span[side] = to_a
            span[side + 2] = to_b
        if not moved:
            break


@kernel
def _corner(
    words: Words,
    at_a: int,
    at_b: int,
    step: int,
    walls: npt.NDArray[np.int32],
    unsure: bool,
    table: npt.NDArray[np.float64],
) -> tuple[int, int, float]:
    """How many tokens to take on each side from ``(at_a, at_b)`` on, and what that gains.

    The gain of taking x and y tokens is the weight of those whose word the other side has, less `_ALONE` of the weight
    of the others. The best corner of a table of x by y is taken, with a bonus for the end of a sentence that the gain
    told does not hold. Corners that could not be the best if all words that are met at all were met are passed over.
    """
    a, b = words.a, words.b
    size_a = min(REACH, walls[1] - at_a if step > 0 else at_a - walls[0])
    size_b = min(REACH, walls[3] - at_b if step > 0 else at_b - walls[2])
    next_a = at_a if step > 0 else at_a - 1
    next_b = at_b if step > 0 else at_b - 1
    met_a, met_b, weight_a, weight_b, most_a, most_b, column, row = table
    overlap = _OVERLAP if unsure else 0
    found = _meet(a, next_a, step, size_a, b, next_b, size_b, overlap, words.first, met_a)
    found = _meet(b, next_b, step, size_b, a, next_a, size_a, overlap, words.first, met_b) or found
    best = 0.0
    best_x = 0
    best_y = 0
    best_gain = 0.0
    if not found:
        return best_x, best_y, best_gain
    all_a = _most(words.weights, a, next_a, step, size_a, words.breaks_a, at_a, met_a, weight_a, most_a)
    all_b = _most(words.weights, b, next_b, step, size_b, words.breaks_b, at_b, met_b, weight_b, most_b)
    if not unsure and all_a + all_b < _LEAST_GAIN:
        return best_x, best_y, best_gain
    highest_a = most_a[: size_a + 1].max()
    highest_b = most_b[: size_b + 1].max()
    while size_a > 0 and most_a[size_a] + highest_b <= best:
        size_a -= 1
    while size_b > 0 and most_b[size_b] + highest_a <= best:
        size_b -= 1
    column[: size_b + 1] = 0.0
    row[0] = 0.0
    known = 0  # of the row
    for x in range(size_a + 1):
        if x > 0:
            weight = weight_a[x - 1]
            needs = int(min(met_a[x - 1], size_b + 1))
            for y in range(needs):
                column[y] -= _ALONE * weight
            for y in range(needs, size_b + 1):
                column[y] += weight
            if needs <= size_b:
                # What the other side has of this word, from its first place on, is met from here on.
                known = min(known, max(needs - 1, 0))
        if most_a[x] + highest_b <= best:
            continue
        for y in range(known, size_b):
            row[y + 1] = row[y] + (weight_b[y] if x >= met_b[y] else -_ALONE * weight_b[y])
        known = size_b
        edge = _SENTENCE_END if words.breaks_a[at_a + step * x] else 0.0
        hopeful = False
        for y in range(size_b + 1):
            hopeful |= row[y] + column[y] + edge + _SENTENCE_END > best
        if not hopeful:
            continue
        for y in range(size_b + 1):
            value = row[y] + column[y] + edge
            if value + _SENTENCE_END > best:
                if words.breaks_b[at_b + step * y]:
                    value += _SENTENCE_END
                if value > best + 1e-9:
                    best = value
                    best_gain = row[y] + column[y]
                    best_x = x
                    best_y = y
    return best_x, best_y, best_gain


@kernel
def _most(
    word_weights: npt.NDArray[np.float64],
    text: npt.NDArray[np.int32],
    at: int,
    step: int,
    size: int,
    breaks: npt.NDArray[np.bool_],
    edge: int,
    met: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
    most: npt.NDArray[np.float64],
) -> float:
    """What taking so many of the next `size` tokens can gain at most, if all that are met somewhere are met.

    Args:
        at: The first of these tokens.
        edge: Where they begin, as `breaks` counts.
        met: Of each, as `_meet` fills it.
        weights: Filled with the weight of each.
        most: Filled, for none of them up to all, the bonus for the end of a sentence included.

    Returns:
        The weight of all that are met.
    """
    value = 0.0
    all_met = 0.0
    most[0] = _SENTENCE_END if breaks[edge] else 0.0
    for k in range(size):
        weight = word_weights[text[at + step * k]]
        weights[k] = weight
        if met[k] < NOWHERE:
            value += weight
            all_met += weight
        else:
            value -= _ALONE * weight
        most[k + 1] = value + (_SENTENCE_END if breaks[edge + step * (k + 1)] else 0.0)
    return all_met


@kernel
def _meet(
    text: npt.NDArray[np.int32],
    at: int,
    step: int,
    size: int,
    other: npt.NDArray[np.int32],
    other_at: int,
    other_size: int,
    overlap: int,
    first: npt.NDArray[np.int32],
    met: npt.NDArray[np.float64],
) -> bool:
    """For each of the next `size` tokens, how far the other text must be taken for its word to be met there.

    Args:
        at: The first of these tokens; on from there in direction `step`.
        other_at: Where the other text goes on, for `other_size` tokens.
        first: Scratch.
        met: Filled: 0 for a word met in what is taken already, `NOWHERE` for one that is not there.

    Returns:
        Whether any word is met.
    """
    for k in range(other_size - 1, -1, -1):
        first[other[other_at + step * k]] = k + 1
    for k in range(1, overlap + 1):
        inside = other_at - step * k
        if 0 <= inside < len(other):
            first[other[inside]] = 0
    found = False
    for k in range(size):
        met[k] = first[text[at + step * k]]
        found = found or met[k] < NOWHERE
    for k in range(other_size):
        first[other[other_at + step * k]] = NOWHERE
    for k in range(1, overlap + 1):
        inside = other_at - step * k
        if 0 <= inside < len(other):
            first[other[inside]] = NOWHERE
    return found
