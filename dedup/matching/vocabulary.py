"""Vocabulary: the words of two texts, numbered, and how much each tells.

A word that stands in most sentences of the two texts tells nothing about copying, one that stands in two of them tells
much. Nothing but the two texts and a fixed list of function words is asked, so a pair's answer does not depend on what
else was in the run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.text.function_words import is_function_word

NOWHERE = 1 << 30
_FOLD = np.uint64(32)
_CONTRAST = 1.5  # exponent: above 1, common words count for less than their IDF alone would make them
_LEAST = 0.003  # weight of a word that every passage has
_FUNCTION_WORD = 0.1  # weight of a function word at most, however rare in two short texts


class Words(NamedTuple):
    """Two texts as numbered words.

    Attributes:
        a: int32 (n,), the first text's tokens; equal numbers are equal words.
        b: int32 (m,), the second's.
        flags_a: uint8 (n,), as `Tokens.flags`.
        flags_b: uint8 (m,).
        breaks_a: bool (n + 1,), where passages begin, the end of the text included.
        breaks_b: bool (m + 1,).
        weights: float64, of each word.
        bag: int32, scratch for counting words: 0 for every word.
        first: int32, scratch for places of words: `NOWHERE` for every word.
    """

    a: npt.NDArray[np.int32]
    b: npt.NDArray[np.int32]
    flags_a: npt.NDArray[np.uint8]
    flags_b: npt.NDArray[np.uint8]
    breaks_a: npt.NDArray[np.bool_]
    breaks_b: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float64]
    bag: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]


@kernel
def number_words(
    hashes: npt.NDArray[np.uint64],
    start: int,
    end: int,
    table: npt.NDArray[np.int32],
    words: npt.NDArray[np.uint64],
    count: int,
    numbers: npt.NDArray[np.int32],
) -> int:
    """Number the distinct tokens of ``hashes[start:end]``, on from `count`; return how many there are by now.

    Args:
        table: Slots, a power of two of them, at least twice the words; -1 where free.
        words: Filled with the hash of each number.
        numbers: Filled with the number of each token, from index 0 on.
    """
    slot_mask = np.uint64(len(table) - 1)
    for k in range(start, end):
        slot = (hashes[k] ^ (hashes[k] >> _FOLD)) & slot_mask
        while table[slot] >= 0 and words[table[slot]] != hashes[k]:
            slot = (slot + np.uint64(1)) & slot_mask
        if table[slot] < 0:
            table[slot] = count
            words[count] = hashes[k]
            count += 1
        numbers[k - start] = table[slot]
    return count


@kernel
def forget_words(table: npt.NDArray[np.int32], words: npt.NDArray[np.uint64], count: int) -> None:
    """Give the table back empty, touching only what was used."""
    slot_mask = np.uint64(len(table) - 1)
    for number in range(count):
        slot = (words[number] ^ (words[number] >> _FOLD)) & slot_mask
        while table[slot] >= 0:
            table[slot] = -1
            slot = (slot + np.uint64(1)) & slot_mask


@kernel
def count_passages(
    numbers: npt.NDArray[np.int32],
    starts: npt.NDArray[np.int64],
    base: int,
    frequency: npt.NDArray[np.int32],
    last: npt.NDArray[np.int32],
    passage: int,
) -> int:
    """Add to each word's frequency the passages of one text that it stands in; return the next passage's number.

    Args:
        numbers: Of the text's tokens.
        starts: First tokens of its passages, counted as `base` is.
        base: Where the text's own first token is.
        frequency: Added to.
        last: The passage that each word was last seen in.
    """
    for k in range(len(starts)):
        end = starts[k + 1] - base if k + 1 < len(starts) else len(numbers)
        for t in range(starts[k] - base, end):
            word = numbers[t]
            if last[word] != passage:
                last[word] = passage
                frequency[word] += 1
        passage += 1
    return passage


@kernel
def tell(
    words: npt.NDArray[np.uint64],
    frequency: npt.NDArray[np.int32],
    count: int,
    passages: int,
    common: npt.NDArray[np.uint64],
    weights: npt.NDArray[np.float64],
) -> None:
    """The weight of each word, in (0, 1]: IDF over the passages of both texts.

    From eight passages on, a word that two of them have weighs 1.

    Args:
        words: The hash of each word.
        frequency: Passages that it stands in.
        count: Words.
        passages: Passages of both texts.
        common: The table of `function_words`.
        weights: Filled.
    """
    most = 0
    for word in range(count):
        most = max(most, frequency[word])
    whole = max(1.0, np.log((1.0 + passages) / 3.0))
    by_frequency = np.empty(most + 1, np.float64)
    for f in range(most + 1):
        share = min(1.0, np.log((1.0 + passages) / (1.0 + f)) / whole)
        by_frequency[f] = max(_LEAST, max(share, 0.0) ** _CONTRAST)
    for word in range(count):
        weights[word] = by_frequency[frequency[word]]
        if weights[word] > _FUNCTION_WORD and is_function_word(common, words[word]):
            weights[word] = _FUNCTION_WORD
