"""Digests: a few sentences of one text that tell, in its own words, what the whole of the other says.

A summary shares no sentence with its source, and its words come from all over it. So the stretch is sought whose words
the other text has most of, wherever they stand there (the maximum-scoring segment of Karlin and Altschul 1990), and it
counts when it stands out from the rest of its text.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.columns import A0, B0, LONGEST, MATCHED, MOVED, PAIR
from dedup.matching.merging import measure
from dedup.matching.vocabulary import Words

_LEAST_GAIN = 16.0  # telling words, net of those that the source has not
_MOST_TOKENS = 2500  # of the source: a longer one has any words
_LEAST_SHARE = 0.6  # of the stretch's weight that the source has
_STANDS_OUT = 2.1  # times that share of the rest of its text
_USUAL = 0.2  # that share in texts that have nothing to do with each other, when the source is short,
_USUAL_GROWTH = 0.00015  # and more for each token of the source:
_USUAL_WEIGHT = 60.0  # assumed with so much weight where there is little rest
_SENTENCE = 25  # tokens of a run: an extract, whose matches tell it better
_CONDENSED = 0.6  # of the source's length at most
_LEAST_BESIDE = 8.0  # weight of the stretch that the source has beside what other matches explain
_STANDS_OUT_BESIDE = 1.7  # times that share of the rest of its text, of what they do not explain
_ROUNDING = 1e-6  # far more than sums of weights in another order differ by
_TELLING = 0.5  # weight of a word that shows where in the source the digest draws from


@kernel
def _stretch(text: npt.NDArray[np.int32], signed: npt.NDArray[np.float64]) -> tuple[int, int, float]:
    """The stretch of a text whose words that the other text has outweigh the others most: start, end, gain."""
    best = 0.0
    best_start = 0
    best_end = 0
    value = 0.0
    start = 0
    for t in range(len(text)):
        if value <= 0.0:
            value = 0.0
            start = t
        value += signed[text[t]]
        if value > best:
            best = value
            best_start = start
            best_end = t + 1
    return best_start, best_end, best


@kernel
def _fill(bag: npt.NDArray[np.int32], text: npt.NDArray[np.int32], start: int, end: int, value: int) -> None:
    for t in range(start, end):
        bag[text[t]] = value


@kernel
def _drawn_from(
    source: npt.NDArray[np.int32],
    breaks: npt.NDArray[np.bool_],
    weights: npt.NDArray[np.float64],
    bag: npt.NDArray[np.int32],
) -> tuple[int, int]:
    """From the first to the last sentence of the source that has a telling word of the bag."""
    first = -1
    behind = 0
    for t in range(len(source)):
        if bag[source[t]] > 0 and weights[source[t]] >= _TELLING:
            first = t if first < 0 else first
            behind = t + 1
    if first < 0:
        return 0, 0
    while not breaks[first]:
        first -= 1
    while not breaks[behind]:
        behind += 1
    return first, behind


@kernel
def _digest_of(
    words: Words,
    text: npt.NDArray[np.int32],
    source: npt.NDArray[np.int32],
    breaks: npt.NDArray[np.bool_],
    met_at_all: float,
    here: int,
    there: int,
    kept: npt.NDArray[np.int32],
    n: int,
    explained: npt.NDArray[np.bool_],
) -> int:
    """Add the digest of `source` in `text`, if there is one, to the n matches kept; return how many there are.

    Args:
        breaks: Where the source's passages begin.
        met_at_all: Weight of the tokens of `text` whose word the source has: no stretch has more.
        here: The column where a match begins in `text`.
        there: The column where it begins in `source`.
        explained: Scratch, False for every token of `text`.
    """
    weights, signed, bag = words.weights, words.signed, words.bag
    if len(source) > _MOST_TOKENS or met_at_all + _ROUNDING < _LEAST_GAIN:
        return n
    start, end, gain = _stretch(text, signed)
    if gain < _LEAST_GAIN or end - start > _CONDENSED * len(source):
        return n
    inside = 0.0
    met = 0.0
    rest = _USUAL_WEIGHT
    rest_met = _USUAL_WEIGHT * (_USUAL + _USUAL_GROWTH * len(source))
    for t in range(len(text)):
        weight = weights[text[t]]
        of_source = max(signed[text[t]], 0.0)
        if start <= t < end:
            inside += weight
            met += of_source
        else:
            rest += weight
            rest_met += of_source
    if met < _LEAST_SHARE * inside or met * rest < _STANDS_OUT * rest_met * inside:
        return n

    # What other matches explain does not show that the stretch draws from the whole of the source.
    told = 0.0
    for k in range(n):
        if kept[k, here] >= end or kept[k, here + 1] <= start:
            continue
        if kept[k, LONGEST] >= _SENTENCE:
            explained[start:end] = False
            return n
        _fill(bag, source, kept[k, there], kept[k, there + 1], 1)
        for t in range(max(start, kept[k, here]), min(end, kept[k, here + 1])):
            if bag[text[t]] > 0 and not explained[t]:
                explained[t] = True
                told += weights[text[t]]
        _fill(bag, source, kept[k, there], kept[k, there + 1], 0)
    explained[start:end] = False
    beside = met - told
    if beside < _LEAST_BESIDE or beside * rest < _STANDS_OUT_BESIDE * rest_met * (inside - told):
        return n
    _fill(bag, text, start, end, 1)
    first, behind = _drawn_from(source, breaks, weights, bag)
    _fill(bag, text, start, end, 0)

    longest = 0
    moved = 0
    left = 0
    for k in range(n):
        if kept[k, here] >= start and kept[k, here + 1] <= end:
            longest = max(longest, kept[k, LONGEST])
            moved += kept[k, MOVED]
        else:
            kept[left] = kept[k]
            left += 1
    row = kept[left]
    row[:] = 0
    row[here] = start
    row[here + 1] = end
    row[there] = first
    row[there + 1] = behind
    row[LONGEST] = longest
    row[MOVED] = moved
    return left + 1


@kernel
def add_digests(
    words: Words,
    pair: int,
    kept: npt.NDArray[np.int32],
    n: int,
    explained: npt.NDArray[np.bool_],
) -> int:
    """Add the digest of either text in the other to the n matches of a pair; return how many there are now."""
    n = _digest_of(words, words.a, words.b, words.breaks_b, words.met_a, A0, B0, kept, n, explained)
    n = _digest_of(words, words.b, words.a, words.breaks_a, words.met_b, B0, A0, kept, n, explained)
    for k in range(n):
        if kept[k, MATCHED] == 0:
            kept[k, PAIR] = pair
            measure(words, kept[k])
    return n
