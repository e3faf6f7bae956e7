"""What two sequences have in common, and in which order: changed words and moved passages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

_SMALL = 2_500  # product of two lengths up to which blocks are compared token by token
_PHRASES = 1, 4, 16  # tokens
_DEEPEST = 40  # times that a block is divided: hostile texts could be for ever


def in_common(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int]]:
    """Places of tokens that both sequences have, in order in both: pairs of indices.

    Patience diff: tokens that stand once on both sides divide a block, and small ones are compared outright. What is
    left of a large block without such a token counts as changed, so time stays near linear.
    """
    found: list[tuple[int, int]] = []
    blocks = [(0, len(a), 0, len(b), 0)]
    while blocks:
        a0, a1, b0, b1, depth = blocks.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            found.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            found.append((a1, b1))
        if a0 == a1 or b0 == b1:
            continue
        if (a1 - a0) * (b1 - b0) <= _SMALL:
            for i, j, size in SequenceMatcher(None, a[a0:a1], b[b0:b1], autojunk=False).get_matching_blocks():
                found.extend((a0 + i + k, b0 + j + k) for k in range(size))
        elif depth < _DEEPEST:
            last_a, last_b = a0, b0
            anchors = _anchors(a, a0, a1, b, b0, b1)
            for i, j in anchors:
                blocks.append((last_a, i, last_b, j, depth + 1))
                last_a, last_b = i + 1, j + 1
            if anchors:
                blocks.append((last_a, a1, last_b, b1, depth + 1))
            found.extend(anchors)
    return sorted(found)


def _anchors(a: Sequence[int], a0: int, a1: int, b: Sequence[int], b0: int, b1: int) -> list[tuple[int, int]]:
    """Tokens that stand once in both blocks, as many as are in the same order; in want of any, the first of phrases."""
    for size in _PHRASES:
        at_a, at_b = _once(a, a0, a1, size), _once(b, b0, b1, size)
        places = [(i, at_b[phrase]) for phrase, i in at_a.items() if phrase in at_b]
        if places:
            return [places[k] for k in rising([j for _, j in places], [1] * len(places))]
    return []


def _once(tokens: Sequence[int], start: int, end: int, size: int) -> dict[tuple[int, ...], int]:
    """Where each phrase of so many tokens begins that stands once in the block, in order."""
    phrases = list(zip(*(tokens[start + k : end - size + 1 + k] for k in range(size)), strict=True))
    count = Counter(phrases)
    return {phrase: i for i, phrase in enumerate(phrases, start) if count[phrase] == 1}


def rising(values: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Indices of the heaviest subsequence of ``values`` that never falls; of two that weigh the same, one."""
    rank = {value: k for k, value in enumerate(sorted(set(values)), 1)}
    # A Fenwick tree over the ranks: the heaviest chain that ends at or below each, by weight and last index.
    heaviest = [(0, -1)] * (len(rank) + 1)
    before: list[int] = []
    best = (0, -1)
    for i, (value, weight) in enumerate(zip(values, weights, strict=True)):
        chain = (0, -1)
        k = rank[value]
        while k:
            chain = max(chain, heaviest[k])
            k -= k & -k
        before.append(chain[1])
        chain = (chain[0] + weight, i)
        best = max(best, chain)
        k = rank[value]
        while k < len(heaviest):
            heaviest[k] = max(heaviest[k], chain)
            k += k & -k
    found = []
    last = best[1]
    while last >= 0:
        found.append(last)
        last = before[last]
    return found[::-1]
