"""Alignment: from token runs and alike passages to matches with exact edges.

Two depths. `runs` finds every stretch of equal tokens, and `chains` joins those that follow each other. `tfidf` finds
passages that say the same where runs leave them uncovered. From both, `growth` finds how far the sharing reaches.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.chains import chains
from dedup.matching.columns import A0, A1, B0, B1, FRESH_A, FRESH_B, MATCHED, SENTENCES, WIDTH
from dedup.matching.digests import add_digests
from dedup.matching.growth import TABLE
from dedup.matching.merging import merge
from dedup.matching.runs import Runs, common_runs
from dedup.matching.tfidf import passage_seeds
from dedup.matching.vocabulary import (
    NOWHERE,
    REMEMBERED,
    Vocabulary,
    Words,
    add_up,
    by_frequency,
    no_places,
    number_together,
    number_words,
    place_words,
    tell,
    weigh_met,
)
from dedup.text.passages import Passages, split
from dedup.text.tokens import BREAK, Tokens

_MOST_TOKENS = 40_000  # of both texts together: a hundred articles long
_PIECE = 24  # tokens of a passage, about, when it is compared
_ORDINARY = 440  # tokens: an article of usual length
_TOKENS_PER_DOUBLING = 14.0  # that a match must have more, whenever there is twice as much to compare
_MOST_TOKENS_MORE = 21.0  # that it must have more at all
_TOGETHER = 4.0  # times that, of matches that are too short alone
_KNOWN = 0.3  # of both spans in stronger matches: the match says little new, and that twice
_SENTENCE_INSIDE = 6  # tokens of a sentence inside a match from which it is counted, whole or not


class Alignment(NamedTuple):
    """Matches of a batch of pairs.

    Attributes:
        rows: int32 (k, 13), as `columns` tells.
        cut_short: bool (m,), pairs whose texts are so repetitive or long that not everything was followed up.
    """

    rows: npt.NDArray[np.int32]
    cut_short: npt.NDArray[np.bool_]


def align(tokens: Tokens, pairs: npt.NDArray[np.int64], shortest: int) -> Alignment:
    """All shared passages of every pair, strongest first within a pair.

    Args:
        tokens: A batch of texts.
        pairs: int64 (m, 2), indices of texts. For a mirror-image answer under exchange of the texts, order the pair by
            `oriented` first.
        shortest: Fewest matched tokens that count as a match.
    """
    if not len(pairs):
        return Alignment(np.zeros((0, WIDTH), np.int32), np.zeros(0, np.bool_))
    passages = split(tokens)
    words = number_words(tokens, passages)
    runs = common_runs(tokens.hashes, tokens.bounds, pairs)
    chained, chain_bounds = chains(tokens, pairs, runs, shortest)
    apart = np.diff(tokens.bounds)[pairs].sum(axis=1) > _MOST_TOKENS
    cut_short = runs.cut_short | apart
    alike, alike_bounds = _alike_passages(tokens, words, pairs, runs, _in_pieces(passages), apart, cut_short)
    rows = np.zeros((len(chained) + len(alike) + 2 * len(pairs), WIDTH), np.int32)
    count = _assemble(
        tokens.flags, tokens.bounds, words, pairs, chained, chain_bounds, alike, alike_bounds,
        np.searchsorted(passages.text, np.arange(len(tokens.bounds))), passages.starts, apart,
        shortest, *_most(tokens, pairs), rows, cut_short,
    )  # fmt: skip
    return Alignment(rows[:count].copy(), cut_short)


def _in_pieces(passages: Passages) -> Passages:
    """Long passages in equal pieces: a long sentence is not alike a short one that it holds."""
    sizes = passages.ends - passages.starts
    pieces = np.maximum(1, (sizes + _PIECE // 2) // _PIECE)
    of = np.repeat(np.arange(len(sizes)), pieces)
    number = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    starts = passages.starts[of] + sizes[of] * number // pieces[of]
    ends = passages.starts[of] + sizes[of] * (number + 1) // pieces[of]
    return Passages(starts, ends, passages.text[of])


def _most(tokens: Tokens, pairs: npt.NDArray[np.int64]) -> tuple[int, int]:
    """Tokens of the longest text, and of the longest pair of texts."""
    sizes = np.diff(tokens.bounds)[pairs]
    return int(sizes.max()), int(sizes.sum(axis=1).max())


def oriented(tokens: Tokens, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which pairs to exchange so that the order of their texts no longer depends on who was named first."""
    sizes = np.diff(tokens.bounds)
    sums = np.zeros(len(sizes), np.uint64)
    _add_up(tokens.hashes, tokens.bounds, sums)
    a, b = pairs[:, 0], pairs[:, 1]
    exchange = (sizes[a] < sizes[b]) | ((sizes[a] == sizes[b]) & (sums[a] < sums[b]))
    return np.asarray(exchange)


@kernel
def _add_up(
    hashes: npt.NDArray[np.uint64], bounds: npt.NDArray[np.int64], sums: npt.NDArray[np.uint64]
) -> None:
    """One number for each text, weighted by position: two texts may differ in the order of their words alone."""
    for i in range(len(sums)):
        for k in range(bounds[i], bounds[i + 1]):
            sums[i] += hashes[k] * np.uint64(2 * (k - bounds[i]) + 1)


def _alike_passages(
    tokens: Tokens,
    words: Vocabulary,
    pairs: npt.NDArray[np.int64],
    runs: Runs,
    passages: Passages,
    apart: npt.NDArray[np.bool_],
    cut_short: npt.NDArray[np.bool_],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Pairs of alike passages that runs leave uncovered, strongest first within a pair; none for the pairs set apart.

    Args:
        cut_short: bool (m,), set for pairs of too many passages to compare.

    Returns:
        int32 (s, 4), ``a0 a1 b0 b1`` in tokens, from each text's start; int64 (m + 1,), where each pair's begin.
    """
    seeds = passage_seeds(tokens, words, passages, pairs, runs, apart)
    cut_short |= seeds.cut_short
    order = np.lexsort((seeds.b, seeds.a, -seeds.cosine * seeds.shared, seeds.pair))
    pair, a, b = seeds.pair[order], seeds.a[order], seeds.b[order]
    base_a, base_b = tokens.bounds[pairs[pair]].T
    starts, ends = passages.starts, passages.ends
    spans = np.column_stack((starts[a] - base_a, ends[a] - base_a, starts[b] - base_b, ends[b] - base_b))
    bounds = np.searchsorted(pair, np.arange(len(pairs) + 1))
    return np.ascontiguousarray(spans, np.int32), bounds.astype(np.int64)


@kernel
def _mark(starts: npt.NDArray[np.int64], base: int, breaks: npt.NDArray[np.bool_]) -> None:
    """Where the passages of one text begin; its end counts as a beginning."""
    breaks[:] = False
    for q in range(len(starts)):
        breaks[starts[q] - base] = True
    breaks[0] = True
    breaks[len(breaks) - 1] = True


@kernel
def _assemble(
    flags: npt.NDArray[np.uint8],
    text_bounds: npt.NDArray[np.int64],
    vocabulary: Vocabulary,
    pairs: npt.NDArray[np.int64],
    chained: npt.NDArray[np.int32],
    chain_bounds: npt.NDArray[np.int64],
    alike: npt.NDArray[np.int32],
    alike_bounds: npt.NDArray[np.int64],
    first_passage: npt.NDArray[np.int64],
    passage_starts: npt.NDArray[np.int64],
    apart: npt.NDArray[np.bool_],
    shortest: int,
    longest: int,
    longest_pair: int,
    rows: npt.NDArray[np.int32],
    cut_short: npt.NDArray[np.bool_],
) -> int:
    word_bounds = vocabulary.bounds
    place = no_places(vocabulary)
    numbers_b = np.empty(longest + 1, np.int32)
    tokens_b = np.empty(longest + 1, np.int32)
    breaks = np.empty((2, longest + 1), np.bool_)
    frequency = np.empty(longest_pair + 1, np.int32)
    remembered = np.empty((REMEMBERED, REMEMBERED), np.float64)
    known = np.zeros(REMEMBERED, np.int32)
    weights = np.empty(longest_pair + 1, np.float64)
    signed = np.empty(longest_pair + 1, np.float64)
    bag = np.zeros(longest_pair + 1, np.int32)
    first = np.full(longest_pair + 1, NOWHERE, np.int32)
    taken = np.zeros((2, longest + 1), np.bool_)
    table = np.empty(TABLE, np.float64)
    most = 0
    for p in range(len(pairs)):
        most = max(most, chain_bounds[p + 1] - chain_bounds[p] + alike_bounds[p + 1] - alike_bounds[p])
    kept = np.empty((most + 2, WIDTH), np.int32)
    exact = np.empty(most + 2, np.bool_)
    count = 0
    for p in range(len(pairs)):
        text_a, text_b = pairs[p, 0], pairs[p, 1]
        base_a, end_a = text_bounds[text_a], text_bounds[text_a + 1]
        base_b, end_b = text_bounds[text_b], text_bounds[text_b + 1]
        size_a, size_b = end_a - base_a, end_b - base_b
        flags_a = flags[base_a:end_a]
        own = chained[chain_bounds[p] : chain_bounds[p + 1]]
        n = len(own)
        if apart[p] or size_a == 0 or size_b == 0:
            kept[:n] = own
        else:
            words_a = slice(word_bounds[text_a], word_bounds[text_a + 1])
            words_b = slice(word_bounds[text_b], word_bounds[text_b + 1])
            numbers = numbers_b[: words_b.stop - words_b.start]
            place_words(vocabulary.words[words_a], place, True)
            number_together(words_a.stop - words_a.start, vocabulary.words[words_b], place, numbers)
            place_words(vocabulary.words[words_a], place, False)
            a = vocabulary.tokens[base_a:end_a]
            b = tokens_b[:size_b]
            for t in range(size_b):
                b[t] = numbers[vocabulary.tokens[base_b + t]]
            starts_a = passage_starts[first_passage[text_a] : first_passage[text_a + 1]]
            starts_b = passage_starts[first_passage[text_b] : first_passage[text_b + 1]]
            highest = add_up(
                vocabulary.passages_of[words_a], vocabulary.passages_of[words_b], numbers, frequency
            )
            by = by_frequency(len(starts_a) + len(starts_b), highest, remembered, known)
            tell(vocabulary.function[words_a], vocabulary.function[words_b], numbers, frequency, by, weights)
            met_a, met_b = weigh_met(
                vocabulary.tokens_of[words_a], vocabulary.tokens_of[words_b], numbers, weights, signed
            )
            breaks_a = breaks[0, : size_a + 1]
            breaks_b = breaks[1, : size_b + 1]
            _mark(starts_a, base_a, breaks_a)
            _mark(starts_b, base_b, breaks_b)
            words = Words(
                a,
                b,
                flags_a,
                flags[base_b:end_b],
                breaks_a,
                breaks_b,
                weights,
                signed,
                met_a,
                met_b,
                bag,
                first,
            )
            passages_alike = alike[alike_bounds[p] : alike_bounds[p + 1]]
            n, bounded = merge(words, p, own, passages_alike, kept, exact, table)
            cut_short[p] |= bounded
            n = add_digests(words, p, kept, n, taken[0])
        least = _least_matched(size_a, size_b, shortest)
        count = _told_once(kept[:n], least, flags_a, taken, rows, count)
    return count


@kernel
def _least_matched(size_a: int, size_b: int, shortest: int) -> float:
    """Fewest matched tokens that tell anything between texts of these sizes: long texts share phrases by habit."""
    doublings = np.log2(max(1.0, size_a / _ORDINARY * size_b / _ORDINARY))
    return float(shortest + min(_TOKENS_PER_DOUBLING * doublings, _MOST_TOKENS_MORE))


@kernel
def _told_once(
    kept: npt.NDArray[np.int32],
    least: float,
    flags_a: npt.NDArray[np.uint8],
    taken: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.int32],
    count: int,
) -> int:
    """Add a pair's matches, strongest first, to the rows, but for those that stronger ones cover.

    Those too short to tell anything alone are added where together they tell much: an article whose sentences were put
    in another order is one.
    """
    first_row = count
    for too_short in (False, True):
        before = count
        together = 0
        for k in np.argsort(-kept[:, MATCHED], kind="mergesort"):
            row = kept[k]
            width_a = row[A1] - row[A0]
            width_b = row[B1] - row[B0]
            # Words that were exchanged count a little: an edited passage is longer than what is left of it.
            if (6 * row[MATCHED] + width_a + width_b < 8 * least) != too_short:
                continue
            known_a = taken[0, row[A0] : row[A1]].sum()
            known_b = taken[1, row[B0] : row[B1]].sum()
            if known_a > _KNOWN * width_a and known_b > _KNOWN * width_b:
                continue
            taken[0, row[A0] : row[A1]] = True
            taken[1, row[B0] : row[B1]] = True
            rows[count] = row
            rows[count, SENTENCES] = _sentences(flags_a[row[A0] : row[A1]])
            rows[count, FRESH_A] = width_a - known_a
            rows[count, FRESH_B] = width_b - known_b
            together += min(row[MATCHED], width_a - known_a, width_b - known_b)
            count += 1
        last_row = count
        if too_short and together < _TOGETHER * least:
            count = before
    for r in range(first_row, last_row):
        taken[0, rows[r, A0] : rows[r, A1]] = False
        taken[1, rows[r, B0] : rows[r, B1]] = False
    return count


@kernel
def _sentences(flags: npt.NDArray[np.uint8]) -> int:
    """Sentences of a stretch of text of which enough stands in it, whole or not."""
    sentences = 0
    piece = 0
    for t in range(len(flags)):
        piece = 1 if flags[t] & BREAK else piece + 1
        if piece == _SENTENCE_INSIDE:
            sentences += 1
    return sentences
