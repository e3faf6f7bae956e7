"""Alignment: from token runs and passage seeds to matches with exact edges.

Two depths. `runs` finds every stretch of equal tokens; `tfidf` finds passages that say the same where runs leave them
uncovered. Both become fragments, which are chained in both texts at once: a fragment joins a chain when what it
matches outweighs the gap it leaves, as in local sequence alignment (Smith and Waterman 1981; the chaining follows Li,
minimap2, 2018). So a chance run near a true passage does not stretch it, a changed word does not split it, and both
edges are token edges of a run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.matching.runs import Runs, common_runs
from dedup.text.passages import split
from dedup.text.tokens import BREAK, CAPTION, NUMBER, QUOTED, Tokens

GAP = 30  # tokens that a chain may leave out in either text
_LEFT_OUT = 0.5  # cost of a token left out in both texts
_INSERTED = 0.25  # cost of a token left out in one
_LOOK_BACK = 60  # fragments that a chain's next link is sought among
LEAST_LONGEST_RUN = 5  # a match with neither such a run nor two seeds is chance
_COVERED = 0.8  # of both spans by stronger matches: the match says nothing new
_MOST_TOKENS = 40_000  # of both texts together: a hundred articles long
_SENTENCE = 6  # tokens of a sentence inside a match from which it is counted, whole or not
_SMALL_GAP = 6  # tokens: a figure exchanged, not a passage
_UNCOVERED = 0.6  # a passage covered by runs to less than this is looked up by TF-IDF

COLUMNS = PAIR, A0, A1, B0, B1, MATCHED, LONGEST, QUOTES, CAPTIONS, SENTENCES, MOVED, FRESH_A, FRESH_B = (
    range(13)
)
"""Columns of the rows of `Alignment`."""


class Alignment(NamedTuple):
    """Matches of a batch of pairs.

    Attributes:
        rows: int32 (k, 13). ``PAIR``: the pair. ``A0 A1 B0 B1``: token spans in its two texts, half-open, counted from
            each text's start. ``MATCHED``: tokens inside that both have. ``LONGEST``: tokens of the longest run.
            ``QUOTES``, ``CAPTIONS``: matched tokens that are quoted speech or a caption in either text. ``SENTENCES``:
            sentences of which six tokens or more are inside. ``MOVED``: places where both texts have a number, and not
            the same. ``FRESH_A``, ``FRESH_B``: tokens of the spans that no stronger match of the pair covers.
        cut_short: bool (m,), pairs whose texts are so repetitive or long that not everything was followed up.
    """

    rows: npt.NDArray[np.int32]
    cut_short: npt.NDArray[np.bool_]


def align(
    tokens: Tokens, pairs: npt.NDArray[np.int64], shortest: int, *, rewritten: bool = True
) -> Alignment:
    """All shared passages of every pair, strongest first within a pair.

    Args:
        tokens: A batch of texts.
        pairs: int64 (m, 2), indices of texts. For a mirror-image answer under exchange of the texts, order the pair by
            `oriented` first. A text paired with itself gives its repeats, each a block and an earlier one.
        shortest: Fewest matched tokens that count as a match.
        rewritten: Look also, by TF-IDF, for passages that share words but no long runs.
    """
    runs = common_runs(tokens.hashes, tokens.bounds, pairs)
    fragments, bounds = _fragments(tokens, pairs, runs, rewritten)
    sizes = tokens.bounds[1:] - tokens.bounds[:-1]
    longest = int(sizes[pairs].max()) if len(pairs) else 0
    room = max(256, len(fragments))
    rows = np.empty((room, len(COLUMNS)), np.int32)
    count = _chain(
        tokens.hashes, tokens.flags, tokens.bounds, pairs, fragments, bounds, shortest,
        np.zeros(longest, np.bool_), np.zeros(longest, np.bool_), rows,
    )  # fmt: skip
    return Alignment(rows[:count].copy(), runs.cut_short | (rewritten & _too_long(tokens, pairs)))


def oriented(tokens: Tokens, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which pairs to exchange so that the order of their texts no longer depends on who was named first."""
    sizes = np.diff(tokens.bounds)
    # Weighted by position: two texts may differ in the order of their words alone.
    position = np.arange(len(tokens.hashes)) - np.repeat(tokens.bounds[:-1], sizes)
    weighted = tokens.hashes * (2 * position + 1).astype(np.uint64)
    sums = np.add.reduceat(np.append(weighted, np.uint64(0)), tokens.bounds[:-1])
    sums[sizes == 0] = 0
    a, b = pairs[:, 0], pairs[:, 1]
    exchange = (sizes[a] < sizes[b]) | ((sizes[a] == sizes[b]) & (sums[a] < sums[b]))
    return np.asarray(exchange)


def _fragments(
    tokens: Tokens, pairs: npt.NDArray[np.int64], runs: Runs, rewritten: bool
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Rows (a0, a1, b0, b1, matched, run), sorted by pair, a0, b0; and the bounds of each pair's rows.

    ``run`` is the length of a run, 0 for a seed: all words of a seed may be matched, and yet in another order.
    """
    pair_of = np.repeat(np.arange(len(pairs)), np.diff(runs.bounds))
    rows = np.column_stack(
        (runs.a, runs.a + runs.length, runs.b, runs.b + runs.length, runs.length, runs.length)
    )
    if rewritten and len(pairs):
        seeds, seed_pair = _seed_fragments(tokens, pairs, runs)
        rows = np.concatenate((rows, seeds))
        pair_of = np.concatenate((pair_of, seed_pair))
    order = np.lexsort((rows[:, 2], rows[:, 0], pair_of))
    bounds = np.searchsorted(pair_of[order], np.arange(len(pairs) + 1))
    return np.ascontiguousarray(rows[order], np.int32), bounds.astype(np.int64)


def _too_long(tokens: Tokens, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Pairs of texts for which runs alone must do: comparing all their passages would cost squares."""
    return np.asarray(np.diff(tokens.bounds)[pairs].sum(axis=1) > _MOST_TOKENS)


def _seed_fragments(
    tokens: Tokens, pairs: npt.NDArray[np.int64], runs: Runs
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    nothing = np.zeros((0, 6), np.int32), np.zeros(0, np.int64)
    passages = split(tokens)
    first = np.searchsorted(passages.text, np.arange(len(tokens.bounds)))
    counts = np.diff(first)
    sides = pairs.reshape(-1)  # a0 b0 a1 b1 …
    per_side = np.where(np.repeat(_too_long(tokens, pairs), 2), 0, counts[sides])
    total = int(per_side.sum())
    if total == 0:
        return nothing
    passage = (
        np.arange(total)
        - np.repeat(np.cumsum(per_side) - per_side, per_side)
        + np.repeat(first[sides], per_side)
    )
    side = np.repeat(np.arange(len(sides)), per_side)
    starts, ends = passages.starts[passage], passages.ends[passage]
    covered = np.zeros(total, np.int64)
    side_bounds = np.append(0, np.cumsum(per_side))
    _cover(starts, ends, side_bounds, tokens.bounds, pairs, runs.a, runs.b, runs.length, runs.bounds, covered)
    wanted = covered < _UNCOVERED * (ends - starts)
    # Only pairs with something left on both sides are worth the vectors.
    left = np.zeros(len(sides), np.bool_)
    left[side[wanted]] = True
    worth = np.repeat(left[0::2] & left[1::2], 2)[side]
    if not worth.any():
        return nothing
    from dedup.matching.tfidf import passage_seeds

    side, starts, ends, wanted = side[worth], starts[worth], ends[worth], wanted[worth]
    numbered = np.unique(side // 2, return_inverse=True)
    seeds = passage_seeds(tokens.hashes, starts, ends, numbered[1], side % 2 == 1, wanted)
    if not len(seeds.pair):
        return nothing
    seed_pair = numbered[0][seeds.pair]
    rows = np.zeros((len(seeds.pair), 6), np.int32)
    base_a = tokens.bounds[pairs[seed_pair, 0]]
    base_b = tokens.bounds[pairs[seed_pair, 1]]
    _trim(tokens.hashes, starts[seeds.a], ends[seeds.a], starts[seeds.b], ends[seeds.b], base_a, base_b, rows)
    return rows, seed_pair


@kernel
def _cover(
    starts: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    side_bounds: npt.NDArray[np.int64],
    text_bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    run_a: npt.NDArray[np.int32],
    run_b: npt.NDArray[np.int32],
    run_length: npt.NDArray[np.int32],
    run_bounds: npt.NDArray[np.int64],
    covered: npt.NDArray[np.int64],
) -> None:
    """Tokens of each passage that stand in runs of five or more (a token in two runs counts twice: good enough)."""
    for p in range(len(pairs)):
        for half in range(2):
            base = text_bounds[pairs[p, half]]
            lo = side_bounds[2 * p + half]
            hi = side_bounds[2 * p + half + 1]
            for r in range(run_bounds[p], run_bounds[p + 1]):
                if run_length[r] < LEAST_LONGEST_RUN:
                    continue
                start = base + (run_b[r] if half else run_a[r])
                end = start + run_length[r]
                q = lo + np.searchsorted(ends[lo:hi], start, side="right")
                while q < hi and starts[q] < end:
                    covered[q] += min(end, ends[q]) - max(start, starts[q])
                    q += 1


@kernel
def _shared_stretch(tokens: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> tuple[int, int, int]:
    """From the first to behind the last token that the other passage, sorted, has too; and how many it has."""
    first = len(tokens)
    end = 0
    matched = 0
    for i in range(len(tokens)):
        at = np.searchsorted(other, tokens[i])
        if at < len(other) and other[at] == tokens[i]:
            first = min(first, i)
            end = i + 1
            matched += 1
    return first, end, matched


@kernel
def _trim(
    hashes: npt.NDArray[np.uint64],
    starts_a: npt.NDArray[np.int64],
    ends_a: npt.NDArray[np.int64],
    starts_b: npt.NDArray[np.int64],
    ends_b: npt.NDArray[np.int64],
    base_a: npt.NDArray[np.int64],
    base_b: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int32],
) -> None:
    """Cut each seed's two passages to the tokens from the first to the last that the other passage has too."""
    for s in range(len(rows)):
        a = hashes[starts_a[s] : ends_a[s]]
        b = hashes[starts_b[s] : ends_b[s]]
        a0, a1, matched_a = _shared_stretch(a, np.sort(b))
        b0, b1, matched_b = _shared_stretch(b, np.sort(a))
        rows[s, 0] = starts_a[s] - base_a[s] + a0
        rows[s, 1] = starts_a[s] - base_a[s] + a1
        rows[s, 2] = starts_b[s] - base_b[s] + b0
        rows[s, 3] = starts_b[s] - base_b[s] + b1
        rows[s, 4] = min(matched_a, matched_b)


@kernel
def _numbers_moved(
    hashes: npt.NDArray[np.uint64], flags: npt.NDArray[np.uint8], a: int, a_end: int, b: int, b_end: int
) -> bool:
    """Whether both gaps, small ones, hold numbers, and one of them a number that the other has not."""
    if a_end - a > _SMALL_GAP or b_end - b > _SMALL_GAP:
        return False
    both = _numbers_of_one(hashes, flags, a, a_end, b, b_end)
    if both < 0 or _numbers_of_one(hashes, flags, b, b_end, a, a_end) < 0:
        return False
    return both > 0 or _numbers_of_one(hashes, flags, b, b_end, a, a_end) > 0


@kernel
def _numbers_of_one(
    hashes: npt.NDArray[np.uint64], flags: npt.NDArray[np.uint8], a: int, a_end: int, b: int, b_end: int
) -> int:
    """How many numbers of a gap the other gap has not; -1 where it holds no number at all."""
    numbers = 0
    alone = 0
    for i in range(a, a_end):
        if flags[i] & NUMBER:
            numbers += 1
            here = False
            for j in range(b, b_end):
                here = here or hashes[j] == hashes[i]
            alone += not here
    return alone if numbers else -1


@kernel
def _flagged(flags: npt.NDArray[np.uint8], start: int, end: int, flag: int, of: int) -> int:
    """So many of `of` tokens as the flagged share of a span."""
    count = 0
    for t in range(start, end):
        count += (flags[t] & flag) > 0
    return count * of // (end - start)


@kernel
def _chain(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    text_bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.int64],
    fragments: npt.NDArray[np.int32],
    bounds: npt.NDArray[np.int64],
    shortest: int,
    taken_a: npt.NDArray[np.bool_],
    taken_b: npt.NDArray[np.bool_],
    rows: npt.NDArray[np.int32],
) -> int:
    most = 0
    for p in range(len(pairs)):
        most = max(most, bounds[p + 1] - bounds[p])
    score = np.empty(most, np.float64)
    before = np.empty(most, np.int32)
    opening = np.empty(most, np.int32)
    used = np.empty(most, np.bool_)
    path = np.empty(most, np.int32)
    count = 0
    for p in range(len(pairs)):
        base = bounds[p]
        n = bounds[p + 1] - base
        if n == 0:
            continue
        a_base = text_bounds[pairs[p, 0]]
        b_base = text_bounds[pairs[p, 1]]
        itself = pairs[p, 0] == pairs[p, 1]
        for j in range(n):
            a0, a1, b0, b1, matched, _ = fragments[base + j]
            best = np.float64(matched)
            link = -1
            for i in range(j - 1, max(-1, j - 1 - _LOOK_BACK), -1):
                f = fragments[base + i]
                if f[2] >= b0 or f[0] >= a0 or f[1] >= a1 or f[3] >= b1:
                    continue
                gap_a = a0 - f[1]
                gap_b = b0 - f[3]
                if gap_a > GAP or gap_b > GAP:
                    continue
                if itself and a1 > opening[i]:
                    continue
                overlap = max(-gap_a, -gap_b, 0)
                if overlap >= matched:
                    continue
                out_a = max(gap_a, 0)
                out_b = max(gap_b, 0)
                cost = _LEFT_OUT * min(out_a, out_b) + _INSERTED * abs(out_a - out_b)
                value = score[i] + matched - overlap - cost
                if value > best:
                    best = value
                    link = i
            score[j] = best
            before[j] = link
            opening[j] = opening[link] if link >= 0 else b0
            used[j] = False
        first_row = count
        for end in np.argsort(-score[:n], kind="mergesort"):
            if used[end]:
                continue
            length = 0
            at = end
            while at >= 0 and not used[at]:
                path[length] = at
                length += 1
                at = before[at]
            for k in range(length):
                used[path[k]] = True
            head = fragments[base + path[length - 1]]
            tail = fragments[base + path[0]]
            a0, a1, b0, b1 = head[0], tail[1], head[2], tail[3]
            matched = 0
            longest = 0
            seeded = False
            quotes = 0
            captions = 0
            moved = 0
            last_a = a0
            last_b = b0
            for k in range(length - 1, -1, -1):
                f = fragments[base + path[k]]
                skip = max(last_a - f[0], last_b - f[2], 0)
                matched += f[4] - skip
                longest = max(longest, f[5])
                seeded = seeded or f[5] == 0
                if k < length - 1 and _numbers_moved(
                    hashes, flags, a_base + last_a, a_base + f[0], b_base + last_b, b_base + f[2]
                ):
                    moved += 1
                for t in range(skip, f[5]):
                    either = flags[a_base + f[0] + t] | flags[b_base + f[2] + t]
                    captions += (either & CAPTION) > 0
                    quotes += (either & (CAPTION | QUOTED)) == QUOTED
                if f[5] == 0:
                    # Which words of a seed answer each other is not known: its passages' shares stand in.
                    captions += _flagged(flags, a_base + f[0], a_base + f[1], CAPTION, f[4])
                    quotes += _flagged(flags, a_base + f[0], a_base + f[1], QUOTED, f[4])
                last_a = f[1]
                last_b = f[3]
            if matched < shortest or (longest < LEAST_LONGEST_RUN and not (seeded and length > 1)):
                continue
            known_a = 0
            for t in range(a0, a1):
                known_a += taken_a[t]
            known_b = 0
            for t in range(b0, b1):
                known_b += taken_b[t]
            if known_a >= _COVERED * (a1 - a0) and known_b >= _COVERED * (b1 - b0):
                continue
            sentences = 0
            piece = 0
            for t in range(a0, a1):
                taken_a[t] = True
                piece = 1 if flags[a_base + t] & BREAK else piece + 1
                if piece == _SENTENCE:
                    sentences += 1
            for t in range(b0, b1):
                taken_b[t] = True
            rows[count, PAIR] = p
            rows[count, A0] = a0
            rows[count, A1] = a1
            rows[count, B0] = b0
            rows[count, B1] = b1
            rows[count, MATCHED] = matched
            rows[count, LONGEST] = longest
            rows[count, QUOTES] = quotes
            rows[count, CAPTIONS] = captions
            rows[count, SENTENCES] = sentences
            rows[count, MOVED] = moved
            rows[count, FRESH_A] = a1 - a0 - known_a
            rows[count, FRESH_B] = b1 - b0 - known_b
            count += 1
        for r in range(first_row, count):
            for t in range(rows[r, A0], rows[r, A1]):
                taken_a[t] = False
            for t in range(rows[r, B0], rows[r, B1]):
                taken_b[t] = False
    return count
