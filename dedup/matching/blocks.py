"""Blocks: stretches that one text holds twice, word for word or nearly so, each reported once.

A block grows from a long run of equal tokens over small edits, never over more than it gains. Of n copies the n - 1
later ones are blocks, each of the first; blocks do not overlap one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.matching.runs import common_runs
from dedup.text.tokens import BREAK, NUMBER, Tokens

LEAST_SIMILARITY = 0.8
_GAP = 8  # tokens exchanged, left out or put in between two runs
_BESIDE_A_GAP = 3  # tokens of a run that may follow a gap
_MOST_ANCHORS = 256  # long runs of one text that are followed up: beyond, it is a list
_MOST_NEIGHBOURS = 64  # runs looked at for one step
_LOOSE_END = 3  # equal tokens beyond a sentence's end, there by chance
_MOVED = 60  # tokens for each number that may be exchanged: more numbers, and it is a row of a table
_ENOUGH_LEFT = 0.5  # of a block that no better block covers
_SAME_PLACE = 0.8  # of the longer of two spans that both cover


Run = tuple[int, int, int]
"""First token, first token of the copy, length."""

Chain = list[Run]


class Block(NamedTuple):
    """Tokens ``[b0, b1)`` of a text that say again what ``[a0, a1)`` says, before them.

    ``matched`` counts tokens in runs, ``longest`` those of the longest run.
    """

    a0: int
    a1: int
    b0: int
    b1: int
    matched: int
    longest: int

    @property
    def similarity(self) -> float:
        """Share of both spans' tokens that stand in common runs (Dice)."""
        return 2 * self.matched / (self.a1 - self.a0 + self.b1 - self.b0)


class Copies(NamedTuple):
    """What one text may hold twice.

    Attributes:
        chains: Runs that follow one another in both copies, for each candidate.
        anchors: int32 (r, 3), every run long enough to begin a block: first token, first token of the copy, length.
    """

    chains: list[Chain]
    anchors: npt.NDArray[np.int32]


def find_copies(tokens: Tokens, shortest: int) -> Iterator[tuple[int, Copies]]:
    """The candidates of each text of a batch that has any, with the text's number.

    Args:
        shortest: Fewest tokens of a run that makes a block; a block without one has twice as many in shorter runs.
    """
    count = len(tokens.bounds) - 1
    pairs = np.repeat(np.arange(count, dtype=np.int64)[:, None], 2, axis=1)
    runs = common_runs(tokens.hashes, tokens.bounds, pairs)
    anchor = max(_BESIDE_A_GAP, 2 * shortest // 3)
    owner = np.repeat(np.arange(count), np.diff(runs.bounds))
    for text in np.unique(owner[runs.length >= anchor]).tolist():
        own = slice(runs.bounds[text], runs.bounds[text + 1])
        table = np.column_stack((runs.a[own], runs.b[own], runs.length[own]))
        kept = np.lexsort((table[:, 0], table[:, 1], -table[:, 2]))[:_MOST_ANCHORS]
        anchors = table[kept][table[kept, 2] >= anchor]
        chains = [chain for chain in _grown(tokens.one(text), table, anchors) if _counts(chain, shortest)]
        if chains:
            yield text, Copies(chains, anchors)


def told_once(copies: Copies, shortest: int, accepts: Callable[[Block], bool]) -> list[Block]:
    """Blocks that do not overlap, the strongest first; each of the earliest place that says the same.

    Args:
        accepts: Whether a block is a repeat; what is none leaves its place to others.
    """
    chains = sorted(copies.chains, key=lambda chain: (-block_of(chain).matched, chain))
    chains = [chain for chain in chains if accepts(block_of(chain))]
    blocks: list[Block] = []
    for chain in chains:
        whole = block_of(chain)
        low, high = _free(whole, blocks)
        if high - low < _ENOUGH_LEFT * (whole.b1 - whole.b0):
            continue
        parts = [
            _clipped(other, low, high)
            for other in chains
            if other[0][0] <= whole.a0 and other[0][1] < high and other[-1][1] + other[-1][2] > low
        ]
        alike = [
            copy
            for copy in (block_of(part) for part in parts if part and _counts(part, shortest))
            if copy.b1 - copy.b0 >= _SAME_PLACE * (high - low)
        ]
        if alike:
            blocks.append(min(alike, key=lambda copy: (copy.a0, -copy.matched)))
    blocks.sort(key=lambda block: block.b0)
    first = {block[2:4]: block[:2] for block in blocks if block.similarity == 1}
    return [block._replace(a0=a0, a1=a1) for block in blocks for a0, a1 in [first.get(block[:2], block[:2])]]


def _counts(chain: Chain, shortest: int) -> bool:
    block = block_of(chain)
    return block.longest >= shortest or block.matched >= 2 * shortest


def _grown(tokens: Tokens, runs: npt.NDArray[np.int32], anchors: npt.NDArray[np.int32]) -> list[Chain]:
    """The chains around the anchors; no anchor is in two."""
    used: set[Run] = set()
    chains = []
    for a, b, length in anchors.tolist():
        if (a, b, length) in used:
            continue
        chain = _chain(runs, (a, b, length))
        used.update(chain)
        if _numbers_moved(tokens, chain) * _MOVED > block_of(chain).matched:
            chain = [(a, b, length)]
        chains.append(_trimmed(tokens, chain))
    return chains


def _chain(runs: npt.NDArray[np.int32], anchor: Run) -> Chain:
    """The runs, in order, that carry an anchor on to both sides while both copies stay alike."""
    behind, before = [anchor], [anchor]
    a0, b0, matched = anchor
    a1, b1 = a0 + matched, b0 + matched
    while True:
        at = int(np.searchsorted(runs[:, 1], b1))
        near = runs[at : at + _MOST_NEIGHBOURS].tolist()
        steps = [(max(a - a1, b - b1), (a, b, n)) for a, b, n in near if a >= a1 and a + n <= b0]
        if step := _best(steps, matched, a1 - a0 + b1 - b0, (a1 + b1)):
            a, b, length = step
            behind.append(step)
            a1, b1, matched = a + length, b + length, matched + length
            continue
        at = int(np.searchsorted(runs[:, 1], b0))
        near = runs[max(0, at - _MOST_NEIGHBOURS) : at].tolist()
        steps = [
            (max(a0 - a - n, b0 - b - n), (a, b, n)) for a, b, n in near if a + n <= a0 and a1 <= b <= b0 - n
        ]
        if not (step := _best(steps, matched, a1 - a0 + b1 - b0, (a0 + b0))):
            return [*before[:0:-1], *behind]
        before.append(step)
        a0, b0, matched = step[0], step[1], matched + step[2]


def _best(steps: Sequence[tuple[int, Run]], matched: int, total: int, edge: int) -> Run | None:
    """The run that carries a block on, of (gap, run); `matched` of the `total` tokens of both its copies are equal."""
    fit = [(gap - run[2], run) for gap, run in steps if gap <= _GAP and run[2] >= max(_BESIDE_A_GAP, gap)]
    if not fit:
        return None
    _, (a, b, length) = best = min(fit)
    # From the block's edge to the run's far edge, whichever side it lies on.
    added = max(a + b + 2 * length - edge, edge - a - b)
    return best[1] if 2 * (matched + length) >= LEAST_SIMILARITY * (total + added) else None


def block_of(chain: Chain) -> Block:
    """What a chain of runs spans in both copies."""
    (a0, b0, _), (a, b, length) = chain[0], chain[-1]
    sizes = [run[2] for run in chain]
    return Block(a0, a + length, b0, b + length, sum(sizes), max(sizes))


def _numbers_moved(tokens: Tokens, chain: Chain) -> int:
    """Gaps of a chain in which both copies have numbers, and not the same."""
    moved = 0
    for (a, b, length), (next_a, next_b, _) in pairwise(chain):
        one, other = _numbers(tokens, a + length, next_a), _numbers(tokens, b + length, next_b)
        moved += bool(one and other and one != other)
    return moved


def _numbers(tokens: Tokens, start: int, end: int) -> set[int]:
    flagged = tokens.flags[start:end] & NUMBER > 0
    return set(tokens.hashes[start:end][flagged].tolist())


def _trimmed(tokens: Tokens, chain: Chain) -> Chain:
    """The chain without the words that two different sentences before or behind it happen to share."""
    begins = (tokens.flags & BREAK) > 0
    a, b, length = chain[0]
    if not (begins[a] or begins[b]):
        for cut in range(1, min(_LOOSE_END + 1, length)):
            if begins[a + cut] or begins[b + cut]:
                chain = [(a + cut, b + cut, length - cut), *chain[1:]]
                break
    a, b, length = chain[-1]
    a1, b1 = a + length, b + length
    if b1 < len(begins) and not (begins[a1] or begins[b1]):
        for cut in range(1, min(_LOOSE_END + 1, length)):
            if begins[a1 - cut] or begins[b1 - cut]:
                chain = [*chain[:-1], (a, b, length - cut)]
                break
    return chain


def _free(block: Block, taken: Sequence[Block]) -> tuple[int, int]:
    """The widest part of a block's tokens that no block has taken."""
    low, widest = block.b0, (block.b0, block.b0)
    inside = sorted((t.b0, t.b1) for t in taken if t.b0 < block.b1 and t.b1 > block.b0)
    for start, end in [*inside, (block.b1, block.b1)]:
        widest = max(widest, (low, start), key=lambda part: part[1] - part[0])
        low = max(low, end)
    return widest


def _clipped(chain: Chain, low: int, high: int) -> Chain:
    """What of a chain repeats in the tokens [low, high)."""
    parts = []
    for a, b, length in chain:
        start, end = max(b, low), min(b + length, high)
        if end - start >= _BESIDE_A_GAP:
            parts.append((a + start - b, start, end - start))
    return parts
