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
from dedup.matching.chains import LEAST_LONGEST_RUN
from dedup.matching.runs import Runs
from dedup.matching.vocabulary import Vocabulary, add_up, no_places, number_together, place_words
from dedup.text.passages import Passages
from dedup.text.tokens import Tokens

LEAST_COSINE = 0.25
LEAST_DICE = 0.25
SHORTEST_PASSAGE = 4
_UNCOVERED = 0.6  # a passage covered by runs to less than this is looked up
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


class Counts(NamedTuple):
    """How often each word stands in each passage of each text of a batch.

    Passage q has the entries ``bounds[q]:bounds[q + 1]``, one for each of its words, as they are met. The words of all
    texts are numbered one text after another.

    Attributes:
        bounds: int64 (q + 1,).
        words: int32 (e,), as each text numbers its own.
        counts: int32 (e,), tokens.
        passages_of: int32 (v,), how many of the text's passages have each of its words.
        entries: int64 (e,), the entries of the text's first word, then those of the next.
        owners: int32 (e,), beside `entries`: the passage, counted from the text's first.
        entry_bounds: int64 (v + 1,), where those of each word begin.
    """

    bounds: npt.NDArray[np.int64]
    words: npt.NDArray[np.int32]
    counts: npt.NDArray[np.int32]
    passages_of: npt.NDArray[np.int32]
    entries: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int32]
    entry_bounds: npt.NDArray[np.int64]


def passage_seeds(
    tokens: Tokens,
    words: Vocabulary,
    passages: Passages,
    pairs: npt.NDArray[np.int64],
    runs: Runs,
    left_out: npt.NDArray[np.bool_],
) -> Seeds:
    """Seeds among the passages of a batch of pairs that runs leave uncovered.

    Args:
        tokens: A batch of texts.
        words: Of these texts.
        passages: The same.
        pairs: int64 (m, 2), indices of texts.
        runs: Of these pairs. What stands in those of five tokens or more needs no seed, and counts towards IDF only.
        left_out: bool (m,), pairs that are not looked at.
    """
    counts = count_words(tokens, words, passages)
    first = np.searchsorted(passages.text, np.arange(len(tokens.bounds)))
    sizes = np.diff(first)[pairs]
    cells = sizes.prod(axis=1)[~left_out].max(initial=0)
    scratch = np.empty(min(int(cells), _MOST_CELLS), np.float64)
    cut_short = np.zeros(len(pairs), np.bool_)
    room = len(passages.starts)
    while True:
        found, cosine = np.empty((room, 4), np.int64), np.empty(room, np.float64)
        count = _compare(
            tokens.bounds, words, passages.starts, passages.ends, first, counts, pairs, runs, left_out, scratch,
            found, cosine, cut_short,
        )  # fmt: skip
        if count <= room:
            break
        room = count
    pair, a, b, shared = found[:count].T
    return Seeds(pair, a, b, cosine[:count], shared, cut_short)


def count_words(tokens: Tokens, words: Vocabulary, passages: Passages) -> Counts:
    """Count the words of every passage of a batch."""
    room, count = len(tokens.hashes), len(words.words)
    bounds, entry_bounds = np.zeros(len(passages.starts) + 1, np.int64), np.zeros(count + 1, np.int64)
    number, counts = np.empty(room, np.int32), np.empty(room, np.int32)
    filled = _count(
        words.tokens, words.bounds, passages.starts, passages.ends, passages.text, bounds, number, counts,
        np.full(count, -1, np.int64), entry_bounds,
    )  # fmt: skip
    number, counts = number[:filled], counts[:filled]
    passages_of = np.diff(entry_bounds).astype(np.int32)
    entries, owners = np.empty(filled, np.int64), np.empty(filled, np.int32)
    _turn(words.bounds, passages.text, bounds, number, entry_bounds[:-1].copy(), entries, owners)
    return Counts(bounds, number, counts, passages_of, entries, owners, entry_bounds)


@kernel
def _count(
    tokens: npt.NDArray[np.int32],
    word_bounds: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    texts: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    words: npt.NDArray[np.int32],
    counts: npt.NDArray[np.int32],
    seen_at: npt.NDArray[np.int64],
    entry_bounds: npt.NDArray[np.int64],
) -> int:
    filled = 0
    for q in range(len(starts)):
        first = filled
        base = word_bounds[texts[q]]
        for t in range(starts[q], ends[q]):
            word = base + tokens[t]
            if seen_at[word] < first:
                seen_at[word] = filled
                words[filled] = tokens[t]
                counts[filled] = 0
                entry_bounds[word + 1] += 1
                filled += 1
            counts[seen_at[word]] += 1
        bounds[q + 1] = filled
    for word in range(len(seen_at)):
        entry_bounds[word + 1] += entry_bounds[word]
    return filled


@kernel
def _turn(
    word_bounds: npt.NDArray[np.int64],
    texts: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    words: npt.NDArray[np.int32],
    ends: npt.NDArray[np.int64],
    entries: npt.NDArray[np.int64],
    owners: npt.NDArray[np.int32],
) -> None:
    """Put the entries in order of word."""
    first = 0
    for q in range(len(texts)):
        if texts[q] != texts[first]:
            first = q
        for k in range(bounds[q], bounds[q + 1]):
            word = word_bounds[texts[q]] + words[k]
            entries[ends[word]] = k
            owners[ends[word]] = q - first
            ends[word] += 1


@kernel
def _look_for_uncovered(
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    base: int,
    runs: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.int32],
    covered: npt.NDArray[np.int64],
    wanted: npt.NDArray[np.bool_],
) -> bool:
    """Mark the passages of a text that runs of five tokens or more leave uncovered; whether there are any.

    A token in two runs counts twice: good enough.
    """
    covered[: len(starts)] = 0
    for r in range(len(runs)):
        if lengths[r] < LEAST_LONGEST_RUN:
            continue
        start = base + runs[r]
        end = start + lengths[r]
        q = np.searchsorted(ends, start, side="right")
        while q < len(starts) and starts[q] < end:
            covered[q] += min(end, ends[q]) - max(start, starts[q])
            q += 1
    some = False
    for q in range(len(starts)):
        wanted[q] = covered[q] < _UNCOVERED * (ends[q] - starts[q])
        some |= wanted[q]
    return some


@kernel
def idf_of(passages: int, most: int) -> npt.NDArray[np.float64]:
    """IDF of words in so many of a pair's passages, up to `most`, as scikit-learn fits it to them."""
    idf = np.empty(most + 1, np.float64)
    for frequency in range(most + 1):
        idf[frequency] = np.log((1.0 + passages) / (1.0 + frequency)) + 1.0
    return idf


@kernel
def _unit_vector(
    words: npt.NDArray[np.int32],
    counts: npt.NDArray[np.int32],
    idf: npt.NDArray[np.float64],
    vector: npt.NDArray[np.float64],
) -> None:
    """TF-IDF of a passage's entries, of length 1."""
    squares = 0.0
    for k in range(len(words)):
        vector[k] = counts[k] * idf[words[k]]
        squares += vector[k] * vector[k]
    length = np.sqrt(squares)
    for k in range(len(words)):
        vector[k] /= length


@kernel
def _compare(
    text_bounds: npt.NDArray[np.int64],
    vocabulary: Vocabulary,
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    counts: Counts,
    pairs: npt.NDArray[np.int64],
    runs: Runs,
    left_out: npt.NDArray[np.bool_],
    cells: npt.NDArray[np.float64],
    rows: npt.NDArray[np.int64],
    cosines: npt.NDArray[np.float64],
    cut_short: npt.NDArray[np.bool_],
) -> int:
    """Fill `rows` (pair, a, b, shared) and `cosines` as far as they go; return how many seeds there are.

    Pairs of too many passages are marked in `cut_short`.
    """
    most_passages = np.diff(first).max()
    most_words = np.diff(vocabulary.bounds).max()
    most_entries = 0
    for i in range(len(first) - 1):
        most_entries = max(most_entries, counts.bounds[first[i + 1]] - counts.bounds[first[i]])
    covered = np.empty(most_passages, np.int64)
    wanted = np.empty((2, most_passages), np.bool_)
    shared = np.empty(most_passages, np.int64)
    best_of_a = np.empty(most_passages, np.float64)
    place = no_places(vocabulary)
    numbers_b = np.empty(most_words, np.int32)
    frequency = np.empty(2 * most_words, np.int32)
    idf = np.empty(2 * most_words, np.float64)
    vectors_a = np.empty(most_entries, np.float64)
    vector_b = np.empty(most_entries, np.float64)
    count = 0
    for p in range(len(pairs)):
        if left_out[p]:
            continue
        text_a, text_b = pairs[p, 0], pairs[p, 1]
        passages_a = slice(first[text_a], first[text_a + 1])
        passages_b = slice(first[text_b], first[text_b + 1])
        own = slice(runs.bounds[p], runs.bounds[p + 1])
        lengths = runs.length[own]
        wanted_a, wanted_b = wanted
        # Only pairs with something left on both sides are worth the vectors.
        if not _look_for_uncovered(
            starts[passages_a], ends[passages_a], text_bounds[text_a], runs.a[own], lengths, covered, wanted_a
        ) or not _look_for_uncovered(
            starts[passages_b], ends[passages_b], text_bounds[text_b], runs.b[own], lengths, covered, wanted_b
        ):
            continue
        count_a, count_b = passages_a.stop - passages_a.start, passages_b.stop - passages_b.start
        if count_a * count_b > _MOST_CELLS:
            cut_short[p] = True
            continue
        words_a = slice(vocabulary.bounds[text_a], vocabulary.bounds[text_a + 1])
        words_b = slice(vocabulary.bounds[text_b], vocabulary.bounds[text_b + 1])
        known_a = words_a.stop - words_a.start
        numbers = numbers_b[: words_b.stop - words_b.start]
        place_words(vocabulary.words[words_a], place, True)
        number_together(known_a, vocabulary.words[words_b], place, numbers)
        place_words(vocabulary.words[words_a], place, False)
        highest = add_up(counts.passages_of[words_a], counts.passages_of[words_b], numbers, frequency)
        by_frequency = idf_of(count_a + count_b, highest)
        for k in range(known_a):
            idf[k] = by_frequency[frequency[k]]
        first_entry = counts.bounds[passages_a.start]
        for a in range(count_a):
            q = passages_a.start + a
            entries = slice(counts.bounds[q], counts.bounds[q + 1])
            vector = vectors_a[entries.start - first_entry : entries.stop - first_entry]
            if wanted_a[a] and ends[q] - starts[q] >= SHORTEST_PASSAGE:
                _unit_vector(counts.words[entries], counts.counts[entries], idf, vector)
            else:
                vector[:] = 0.0
        for k in range(len(numbers)):
            idf[k] = by_frequency[frequency[numbers[k]]]
        alike = False
        for b in range(count_b):
            q = passages_b.start + b
            cosine = cells[b * count_a : (b + 1) * count_a]
            cosine[:] = 0.0
            if not wanted_b[b] or ends[q] - starts[q] < SHORTEST_PASSAGE:
                continue
            entries = slice(counts.bounds[q], counts.bounds[q + 1])
            _unit_vector(counts.words[entries], counts.counts[entries], idf, vector_b)
            for k in range(entries.start, entries.stop):
                number = numbers[counts.words[k]]
                if number < known_a:
                    weight = vector_b[k - entries.start]
                    word = words_a.start + number
                    for e in range(counts.entry_bounds[word], counts.entry_bounds[word + 1]):
                        cosine[counts.owners[e]] += vectors_a[counts.entries[e] - first_entry] * weight
            for a in range(count_a):
                alike |= cosine[a] >= LEAST_COSINE
        if not alike:
            continue
        best_of_a[:count_a] = 0.0
        for b in range(count_b):
            for a in range(count_a):
                best_of_a[a] = max(best_of_a[a], cells[b * count_a + a])
        for b in range(count_b):
            cosine = cells[b * count_a : (b + 1) * count_a]
            best_of_b = cosine.max()
            if best_of_b < LEAST_COSINE:
                continue
            q = passages_b.start + b
            shared[:count_a] = 0
            for k in range(counts.bounds[q], counts.bounds[q + 1]):
                number = numbers[counts.words[k]]
                if number < known_a:
                    word = words_a.start + number
                    for e in range(counts.entry_bounds[word], counts.entry_bounds[word + 1]):
                        shared[counts.owners[e]] += 1
            distinct = counts.bounds[q + 1] - counts.bounds[q]
            for a in range(count_a):
                value = cosine[a]
                if value < LEAST_COSINE:
                    continue
                of_a = passages_a.start + a
                dice = 2.0 * shared[a] / (counts.bounds[of_a + 1] - counts.bounds[of_a] + distinct)
                if dice < LEAST_DICE or value < _OF_THE_BEST * max(best_of_a[a], best_of_b):
                    continue
                if count < len(rows):
                    rows[count] = (p, of_a, q, shared[a])
                    cosines[count] = value
                count += 1
    return count
