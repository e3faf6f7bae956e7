"""Vocabulary: the words of each text, numbered, and how much each tells about two of them.

A word that stands in most sentences of the two texts tells nothing about copying, one that stands in two of them tells
much. Nothing but the two texts and a fixed list of function words is asked, so a pair's answer does not depend on what
else was in the run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.text.function_words import function_words, is_function_word
from dedup.text.passages import Passages
from dedup.text.tokens import Tokens

NOWHERE = 1 << 30
_FOLD = np.uint64(32)
_CONTRAST = 1.5  # exponent: above 1, common words count for less than their IDF alone would make them
_LEAST = 0.003  # weight of a word that every passage has
_FUNCTION_WORD = 0.1  # weight of a function word at most, however rare in two short texts
REMEMBERED = 128  # passages of two texts up to which weights are kept for the next two
_FIRST_SLOTS = 1 << 12


class Vocabulary(NamedTuple):
    """The words of each text of a batch, numbered in each as they are met.

    What is said of a text's words stands in one stretch, ``bounds[i]:bounds[i + 1]`` for text i.

    Attributes:
        tokens: int32 (t,), the number of each token's word within its text.
        bounds: int64 (n + 1,).
        words: int32 (v,), a number that the word has in all texts of the batch.
        tokens_of: int32 (v,), how many tokens of the text it is.
        passages_of: int32 (v,), how many passages of the text have it.
        function: bool (v,), whether it is a function word.
    """

    tokens: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]
    words: npt.NDArray[np.int32]
    tokens_of: npt.NDArray[np.int32]
    passages_of: npt.NDArray[np.int32]
    function: npt.NDArray[np.bool_]


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
        signed: float64, the same, negative for a word that one of the texts alone has.
        met_a: The weight of all tokens of the first text whose word the second has.
        met_b: The same of the second.
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
    signed: npt.NDArray[np.float64]
    met_a: float
    met_b: float
    bag: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]


def number_words(tokens: Tokens, passages: Passages) -> Vocabulary:
    """Number the words of every text of a batch.

    Args:
        passages: Of these tokens, each token in one.
    """
    room = len(tokens.hashes)
    numbers, words = np.empty(room, np.int32), np.empty(room, np.int32)
    tokens_of, passages_of = np.zeros(room, np.int32), np.zeros(room, np.int32)
    bounds = np.zeros(len(tokens.bounds), np.int64)
    function = _number(
        tokens.hashes, tokens.bounds, passages.starts, function_words(), numbers, words, tokens_of, passages_of, bounds
    )  # fmt: skip
    kept = slice(0, int(bounds[-1]))
    words = words[kept]
    return Vocabulary(numbers, bounds, words, tokens_of[kept], passages_of[kept], function[words])


@kernel
def _slot(table: npt.NDArray[np.int32], words: npt.NDArray[np.uint64], word: np.uint64) -> int:
    """Where in the table a word is, or belongs."""
    mask = np.uint64(len(table) - 1)
    slot = (word ^ (word >> _FOLD)) & mask
    while table[slot] >= 0 and words[table[slot]] != word:
        slot = (slot + np.uint64(1)) & mask
    return int(slot)


@kernel
def _number(
    hashes: npt.NDArray[np.uint64],
    text_bounds: npt.NDArray[np.int64],
    passage_starts: npt.NDArray[np.int64],
    function_words: npt.NDArray[np.uint64],
    numbers: npt.NDArray[np.int32],
    words: npt.NDArray[np.int32],
    tokens_of: npt.NDArray[np.int32],
    passages_of: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    table = np.full(_FIRST_SLOTS, -1, np.int32)
    known = np.empty(_FIRST_SLOTS // 2, np.uint64)
    place = np.empty(_FIRST_SLOTS // 2, np.int64)  # of each word in the text that it was last met in
    filled = 0
    count = 0
    passage = 0
    passage_start = 0
    last = np.empty(len(words), np.int64)  # where the passage begins that each was last met in
    for i in range(len(text_bounds) - 1):
        first = filled
        for k in range(text_bounds[i], text_bounds[i + 1]):
            if passage < len(passage_starts) and passage_starts[passage] == k:
                passage_start = k
                passage += 1
            slot = _slot(table, known, hashes[k])
            word = table[slot]
            if word < 0:
                if count == len(known):
                    known = np.append(known, np.empty(count, np.uint64))
                    place = np.append(place, np.empty(count, np.int64))
                    table = np.full(2 * len(table), -1, np.int32)
                    for other in range(count):
                        table[_slot(table, known, known[other])] = other
                    slot = _slot(table, known, hashes[k])
                word = count
                count += 1
                table[slot] = word
                known[word] = hashes[k]
                place[word] = -1
            at = place[word]
            if at < first:
                at = filled
                place[word] = at
                words[at] = word
                last[at] = -1
                filled += 1
            numbers[k] = at - first
            tokens_of[at] += 1
            if last[at] != passage_start:
                last[at] = passage_start
                passages_of[at] += 1
        bounds[i + 1] = filled
    function = np.empty(count, np.bool_)
    for word in range(count):
        function[word] = is_function_word(function_words, known[word])
    return function


@kernel
def no_places(vocabulary: Vocabulary) -> npt.NDArray[np.int32]:
    """Room to write down where the words of a text are: `NOWHERE` for every word of the batch."""
    most = -1
    for word in vocabulary.words:
        most = max(most, word)
    return np.full(most + 1, NOWHERE, np.int32)


@kernel
def place_words(words: npt.NDArray[np.int32], place: npt.NDArray[np.int32], placed: bool) -> None:
    """Write down, or forget, where the words of a pair's first text are.

    Args:
        words: Of that text.
        place: For every word of the batch its number in that text; `NOWHERE` where it has none.
    """
    for number in range(len(words)):
        place[words[number]] = number if placed else NOWHERE


@kernel
def number_together(
    first: int, words: npt.NDArray[np.int32], place: npt.NDArray[np.int32], numbers: npt.NDArray[np.int32]
) -> int:
    """Number the words of two texts together, those of the first as they are; how many there are.

    Args:
        first: How many the first text has.
        words: Those of the second text.
        place: As `place_words` leaves it.
        numbers: Filled for each of these words; less than `first` where the first text has it too.
    """
    count = first
    for k in range(len(words)):
        number = place[words[k]]
        if number == NOWHERE:
            number = count
            count += 1
        numbers[k] = number
    return count


@kernel
def add_up(
    of_a: npt.NDArray[np.int32],
    of_b: npt.NDArray[np.int32],
    numbers: npt.NDArray[np.int32],
    total: npt.NDArray[np.int32],
) -> int:
    """How often each word is in one of two texts, by its number in both together; the most that any is.

    Args:
        of_a: How often the words of the first text are in it.
        of_b: The same of the second.
        numbers: As `number_together` fills it for the second.
        total: Filled.
    """
    total[: len(of_a)] = of_a
    for k in range(len(of_b)):
        if numbers[k] < len(of_a):
            total[numbers[k]] += of_b[k]
        else:
            total[numbers[k]] = of_b[k]
    return int(max(total[: len(of_a)].max(), of_b.max()))


@kernel
def by_frequency(
    passages: int, most: int, table: npt.NDArray[np.float64], known: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """The weight, in (0, 1], of words that stand in so many passages of two texts: their IDF, up to `most`.

    From eight passages on, a word that two of them have weighs 1.

    Args:
        passages: Of both texts.
        table: Scratch, what is known already for each number of passages;
        known: and how much of it, 0 at first.
    """
    weights = table[passages] if passages < len(table) else np.empty(most + 1, np.float64)
    start = 0
    if passages < len(table):
        start = known[passages]
        known[passages] = max(start, most + 1)
    whole = max(1.0, np.log((1.0 + passages) / 3.0))
    for f in range(start, most + 1):
        share = min(1.0, np.log((1.0 + passages) / (1.0 + f)) / whole)
        weights[f] = max(_LEAST, max(share, 0.0) ** _CONTRAST)
    return np.asarray(weights)


@kernel
def tell(
    function_a: npt.NDArray[np.bool_],
    function_b: npt.NDArray[np.bool_],
    numbers: npt.NDArray[np.int32],
    frequency: npt.NDArray[np.int32],
    by_frequency: npt.NDArray[np.float64],
    weights: npt.NDArray[np.float64],
) -> None:
    """The weight of each word of two texts.

    Args:
        function_a: Whether each word of the first text is a function word.
        function_b: The same of the second.
        numbers: Of the second text's words, as `number_together` fills them.
        frequency: Passages of both texts that have each word.
        by_frequency: The weight of words of such a frequency.
        weights: Filled.
    """
    for k in range(len(function_a)):
        weight = by_frequency[frequency[k]]
        weights[k] = min(weight, _FUNCTION_WORD) if function_a[k] else weight
    for k in range(len(function_b)):
        if numbers[k] >= len(function_a):
            weight = by_frequency[frequency[numbers[k]]]
            weights[numbers[k]] = min(weight, _FUNCTION_WORD) if function_b[k] else weight


@kernel
def weigh_met(
    tokens_of_a: npt.NDArray[np.int32],
    tokens_of_b: npt.NDArray[np.int32],
    numbers: npt.NDArray[np.int32],
    weights: npt.NDArray[np.float64],
    signed: npt.NDArray[np.float64],
) -> tuple[float, float]:
    """The weight of the tokens of either text whose word the other has.

    Args:
        tokens_of_a: How many tokens of the first text each of its words is.
        tokens_of_b: The same of the second.
        numbers: Of the second text's words, as `number_together` fills them.
        weights: Of all words.
        signed: Filled with these weights, negative for a word that one of the texts alone has.
    """
    met_a = 0.0
    met_b = 0.0
    for k in range(len(tokens_of_a)):
        signed[k] = -weights[k]
    for k in range(len(tokens_of_b)):
        number = numbers[k]
        if number < len(tokens_of_a):
            signed[number] = weights[number]
            met_a += tokens_of_a[number] * weights[number]
            met_b += tokens_of_b[k] * weights[number]
        else:
            signed[number] = -weights[number]
    return met_a, met_b
