"""Merging: from chains and alike passages to the matches of a pair, each passage told once.

Chains come first, for their edges are exact. What grows beyond them takes them in only where the whole tells more than
its parts: the measure is the same as in `growth`, the weight of the words that both sides have, less a share of the
weight of those that one side alone has.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.columns import A0, A1, B0, B1, CAPTIONS, LONGEST, MATCHED, MOVED, PAIR, QUOTES
from dedup.matching.growth import grow
from dedup.matching.vocabulary import Words
from dedup.text.tokens import CAPTION, NUMBER, QUOTED

_NEAR = 40  # tokens between two passages, in both texts, that may become one
_ALONE = 0.4  # what a word costs that one side alone has, when it is judged whether the whole tells more
_ALIKE = 0.35  # of the two sides' weight that must be shared for words in another order to be a match
_ALIKE_COPY = 0.6  # the same where a chain grows: a loose likeness is not worth its exact edges
_LEAST_WEIGHT = 15.0  # shared by both sides of a match without a chain: some eight telling words each
_EXACT = 0.7  # of a chain's width in matched tokens: copied, and not to be merged for nearness alone
_FIRM = 30  # matched tokens of a chain, a sentence or more, that is told as it is whatever surrounds it
_COPIED_RUN = 15  # tokens of a run: the text around it was copied, not only obfuscated
_COVERED = 0.8  # of both sides of a span by another one: it says nothing new
_MOST_ROWS = 400  # of a pair that may grow; weaker chains stay as they are, weaker passages are left out


@kernel
def _share(words: Words, span: npt.NDArray[np.int32]) -> tuple[float, float]:
    """Weight of the words that both sides of a span have, counted on both, and twice the geometric mean of all weight.

    The mean is lower than half the sum where one side has lost words, which then count less against it.
    """
    a, b, weights, bag = words.a, words.b, words.weights, words.bag
    on_a = 0.0
    on_b = 0.0
    shared = 0.0
    for t in range(span[0], span[1]):
        bag[a[t]] += 1
        on_a += weights[a[t]]
    for t in range(span[2], span[3]):
        on_b += weights[b[t]]
        if bag[b[t]] > 0:
            bag[b[t]] -= 1
            shared += 2.0 * weights[b[t]]
    for t in range(span[0], span[1]):
        bag[a[t]] = 0
    return shared, 2.0 * np.sqrt(on_a * on_b)


@kernel
def _gain(shared: float, total: float) -> float:
    return shared - _ALONE * (total - shared)


@kernel
def _count_shared(
    text: npt.NDArray[np.int32],
    flags: npt.NDArray[np.uint8],
    start: int,
    end: int,
    other: npt.NDArray[np.int32],
    other_start: int,
    other_end: int,
    bag: npt.NDArray[np.int32],
) -> tuple[int, int, int, int]:
    """Tokens of a side that the other has too, quotations and captions among them, and numbers that it has not."""
    for t in range(other_start, other_end):
        bag[other[t]] += 1
    matched = 0
    quotes = 0
    captions = 0
    numbers = 0
    for t in range(start, end):
        if bag[text[t]] > 0:
            bag[text[t]] -= 1
            matched += 1
            captions += (flags[t] & CAPTION) > 0
            quotes += (flags[t] & (CAPTION | QUOTED)) == QUOTED
        else:
            numbers += (flags[t] & NUMBER) > 0
    for t in range(other_start, other_end):
        bag[other[t]] = 0
    return matched, quotes, captions, numbers


@kernel
def measure(words: Words, row: npt.NDArray[np.int32]) -> None:
    """Count what both spans of a row have, as words in whatever order."""
    a0, a1, b0, b1 = row[A0 : B1 + 1]
    matched, quotes_a, captions_a, numbers_a = _count_shared(
        words.a, words.flags_a, a0, a1, words.b, b0, b1, words.bag
    )
    matched, quotes_b, captions_b, numbers_b = _count_shared(
        words.b, words.flags_b, b0, b1, words.a, a0, a1, words.bag
    )
    row[MATCHED] = matched
    row[QUOTES] = max(quotes_a, quotes_b)
    row[CAPTIONS] = max(captions_a, captions_b)
    row[MOVED] = max(row[MOVED], min(numbers_a, numbers_b))


@kernel
def _common(span: npt.NDArray[np.int32], other: npt.NDArray[np.int32]) -> tuple[int, int]:
    """Tokens that two spans have in common in either text, negative for those between them."""
    return (
        min(span[1], other[1]) - max(span[0], other[0]),
        min(span[3], other[3]) - max(span[2], other[2]),
    )


@kernel
def _is_moved(span: npt.NDArray[np.int32], other: npt.NDArray[np.int32]) -> bool:
    """Whether a span lies within another one in one text and beside it in the other: a piece put elsewhere."""
    on_a, on_b = _common(span, other)
    within_a = on_a >= _COVERED * (span[1] - span[0])
    within_b = on_b >= _COVERED * (span[3] - span[2])
    return bool((within_a and on_b <= 0) or (within_b and on_a <= 0))


@kernel
def _inside(span: npt.NDArray[np.int32], other: npt.NDArray[np.int32]) -> bool:
    on_a, on_b = _common(span, other)
    return bool(on_a >= _COVERED * (span[1] - span[0]) and on_b >= _COVERED * (span[3] - span[2]))


@kernel
def _is_firm(row: npt.NDArray[np.int32]) -> bool:
    """Whether a chain is long and near enough to word for word to stay as it is."""
    width = max(row[A1] - row[A0], row[B1] - row[B0])
    return bool(row[MATCHED] >= max(_FIRM, _EXACT * width))


@kernel
def _crosses_firm(
    span: npt.NDArray[np.int32], kept: npt.NDArray[np.int32], exact: npt.NDArray[np.bool_]
) -> bool:
    """Whether a span shares text with a firm chain in both texts, which tells it better."""
    for k in range(len(kept)):
        if exact[k] and _is_firm(kept[k]):
            on_a, on_b = _common(span, kept[k, A0 : B1 + 1])
            if on_a > 0 and on_b > 0:
                return True
    return False


@kernel
def _wall_in(
    words: Words,
    chained: npt.NDArray[np.int32],
    span: npt.NDArray[np.int32],
    from_chain: bool,
    walls: npt.NDArray[np.int32],
) -> None:
    """How far a span may grow: a chain to the next chains, for it would have been joined with them if they went
    together; alike passages, from their middle, to the next firm chains."""
    walls[0] = walls[2] = 0
    walls[1] = len(words.a)
    walls[3] = len(words.b)
    for k in range(min(len(chained), _MOST_ROWS)):
        if not from_chain and not _is_firm(chained[k]):
            continue
        other = chained[k, A0 : B1 + 1]
        for side in (0, 2):
            middle = (span[side] + span[side + 1]) // 2
            start = span[side] if from_chain else middle
            end = span[side + 1] if from_chain else middle
            if other[side + 1] <= start:
                walls[side] = max(walls[side], other[side + 1])
            elif other[side] >= end:
                walls[side + 1] = min(walls[side + 1], other[side])


@kernel
def merge(
    words: Words,
    pair: int,
    chained: npt.NDArray[np.int32],
    passages: npt.NDArray[np.int32],
    kept: npt.NDArray[np.int32],
    exact: npt.NDArray[np.bool_],
    table: npt.NDArray[np.float64],
) -> tuple[int, bool]:
    """Fill `kept` with the matches of a pair; return how many there are, and whether some were not followed up.

    Args:
        chained: The pair's chains, strongest first.
        passages: int32 (s, 4), its pairs of alike passages, strongest first.
        kept: int32 (chains and passages + 2, 13).
        exact: bool, beside `kept`: a chain as it came.
        table: Scratch, as `grow` takes it.
    """
    n = 0
    old = np.empty(4, np.int32)
    union = np.empty(4, np.int32)
    walls = np.empty(4, np.int32)
    looked_at = 0
    for r in range(len(chained) + len(passages)):
        from_chain = r < len(chained)
        row = kept[n]
        if from_chain:
            row[:] = chained[r]
        else:
            row[:] = 0
            row[PAIR] = pair
            row[A0 : B1 + 1] = passages[r - len(chained)]
        span = row[A0 : B1 + 1]
        within = False
        # Of the first alone: a chain kept as it came hides no other, and that many squared would be too many.
        for k in range(min(n, _MOST_ROWS)):
            if _inside(span, kept[k, A0 : B1 + 1]):
                within = True
                break
        if within:
            continue
        looked_at += 1
        if looked_at > _MOST_ROWS:
            if not from_chain:
                break
            exact[n] = True
            n += 1
            continue
        old[:] = span
        _wall_in(words, chained, span, from_chain, walls)
        grow(words, span, not from_chain, walls, table)
        if not from_chain and _crosses_firm(span, kept[:n], exact):
            continue
        shared, total = _share(words, span)
        if from_chain and (span != old).any() and shared < _ALIKE_COPY * total:
            span[:] = old
            shared, total = _share(words, span)
        alike = from_chain or (shared >= _ALIKE * total and shared >= _LEAST_WEIGHT)
        whole = from_chain and (span == old).all()
        copied = whole and row[MATCHED] >= _EXACT * max(span[1] - span[0], span[3] - span[2])
        gain = _gain(shared, total)
        k = 0
        left_to_exact = False
        while k < n:
            other = kept[k, A0 : B1 + 1]
            on_a, on_b = _common(span, other)
            far = on_a < -_NEAR or on_b < -_NEAR
            moved = kept[k, LONGEST] >= _COPIED_RUN and _is_moved(span, other)
            if far or moved or (exact[k] and (copied or _is_firm(kept[k]))):
                k += 1
                continue
            union[0] = min(span[0], other[0])
            union[1] = max(span[1], other[1])
            union[2] = min(span[2], other[2])
            union[3] = max(span[3], other[3])
            if _crosses_firm(union, kept[:n], exact):
                k += 1
                continue
            shared, total = _share(words, union)
            of_other, total_of_other = _share(words, other)
            together = _gain(shared, total)
            if together < gain or together < _gain(of_other, total_of_other):
                left_to_exact = left_to_exact or (on_a > 0 and on_b > 0)
                k += 1
                continue
            span[:] = union
            gain = together
            alike = True
            whole = False
            copied = False
            row[LONGEST] = max(row[LONGEST], kept[k, LONGEST])
            row[MOVED] += kept[k, MOVED]
            for later in range(k + 1, n + 1):
                kept[later - 1] = kept[later]
                exact[later - 1] = exact[later]
            n -= 1
            row = kept[n]
            span = row[A0 : B1 + 1]
            k = 0
        if not alike or (left_to_exact and not from_chain and row[LONGEST] == 0):
            continue
        if not whole:
            measure(words, row)
        exact[n] = copied
        n += 1
    return n, looked_at > _MOST_ROWS
