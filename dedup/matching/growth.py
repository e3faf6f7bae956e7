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
        table: float64 (3, REACH + 1), scratch.
    """
    middle_a = (span[0] + span[1]) // 2
    middle_b = (span[2] + span[3]) // 2
    for turn in range(_MOST_STEPS):
        moved = False
        for step in (1, -1):
            side = 1 if step > 0 else 0
            from_middle = unsure and turn == 0
            at_a = middle_a if from_middle else span[side]
            at_b = middle_b if from_middle else span[side + 2]
            x, y, gain = _corner(words, at_a, at_b, step, walls, _OVERLAP if unsure else 0, table)
            if not from_middle and (gain < (0.0 if unsure else _LEAST_GAIN) or x == 0 or y == 0):
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
    overlap: int,
    table: npt.NDArray[np.float64],
) -> tuple[int, int, float]:
    """How many tokens to take on each side from ``(at_a, at_b)`` on, and what that gains.

    The gain of taking x and y tokens is the weight of those whose word the other side has, less `_ALONE` of the weight
    of the others. The best corner of a table of x by y is taken, with a bonus for the end of a sentence that the gain
    told does not hold.
    """
    a, b, weights = words.a, words.b, words.weights
    size_a = min(REACH, walls[1] - at_a if step > 0 else at_a - walls[0])
    size_b = min(REACH, walls[3] - at_b if step > 0 else at_b - walls[2])
    next_a = at_a if step > 0 else at_a - 1
    next_b = at_b if step > 0 else at_b - 1
    met_a, met_b, column = table
    found = _meet(a, next_a, step, size_a, b, next_b, size_b, overlap, words.first, met_a)
    found = _meet(b, next_b, step, size_b, a, next_a, size_a, overlap, words.first, met_b) or found
    best = 0.0
    best_x = 0
    best_y = 0
    best_gain = 0.0
    if not found:
        return best_x, best_y, best_gain
    column[: size_b + 1] = 0.0
    for x in range(size_a + 1):
        if x > 0:
            weight = weights[a[next_a + step * (x - 1)]]
            needs = met_a[x - 1]
            for y in range(size_b + 1):
                column[y] += weight if y >= needs else -_ALONE * weight
        gain = 0.0
        edge = _SENTENCE_END if words.breaks_a[at_a + step * x] else 0.0
        for y in range(size_b + 1):
            if y > 0:
                weight = weights[b[next_b + step * (y - 1)]]
                gain += weight if x >= met_b[y - 1] else -_ALONE * weight
            value = gain + column[y] + edge
            if value + _SENTENCE_END > best:
                if words.breaks_b[at_b + step * y]:
                    value += _SENTENCE_END
                if value > best + 1e-9:
                    best = value
                    best_gain = gain + column[y]
                    best_x = x
                    best_y = y
    return best_x, best_y, best_gain


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
