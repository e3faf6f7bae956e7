"""Fingerprints: the few shingles by which articles that share a passage find each other, chosen by winnowing.

Of every ``window`` successive shingles the one of the least hash is kept (Schleimer, Wilkerson and Aiken, Winnowing:
Local Algorithms for Document Fingerprinting, SIGMOD 2003), so that two texts with ``width + window - 1`` tokens in a
row in common keep a common one, wherever that run stands, in however long a sentence; about two in ``window + 1`` are
kept. Chosen by content alone, they survive whatever is cut off, put in front or stitched on.

Why the defaults are what they are (settings; `benchmarks.candidates` measures them). Short shingles find edited
reporting too: four words between two changed ones are common, eight are not. What a single one of them has in common by
chance is made good by asking for two: with shingles of 4, windows of 6 and two in common, no run of 15 tokens is
overlooked, and of edited sentences more are found than by signatures of the sentences, at a fraction of the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.minhash.signatures import fill_shingles
from dedup.text.tokens import CAPTION, Tokens

_HIGH = np.uint64(32)


class Fingerprints(NamedTuple):
    """The fingerprints of a batch of n texts, in order of position within each text.

    Attributes:
        keys: uint32 (f,), the high half of the shingle's hash: two texts have to agree in several of them.
        starts: int32 (f,), first token of the shingle, counted in its text.
        bounds: int64 (n + 1,), where those of each text begin, and the last one's end.
    """

    keys: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]

    @classmethod
    def none(cls, texts: int) -> Fingerprints:
        """Those of texts that have none."""
        return cls(np.zeros(0, np.uint32), np.zeros(0, np.int32), np.zeros(texts + 1, np.int64))


def winnow(tokens: Tokens, width: int, window: int) -> Fingerprints:
    """The fingerprints of every text of the batch, captions left out as if they were not there.

    Args:
        width: Tokens in one shingle. A text shorter than that has no fingerprint.
        window: Successive shingles of which one is kept; a text of fewer shingles keeps one.
    """
    room = len(tokens.hashes)
    keys, starts, bounds = np.empty(room, np.uint32), np.empty(room, np.int32), np.empty_like(tokens.bounds)
    count = _winnow(tokens.hashes, tokens.flags, tokens.bounds, width, window, keys, starts, bounds)
    return Fingerprints(keys[:count].copy(), starts[:count].copy(), bounds)


def joined(parts: Sequence[Fingerprints]) -> Fingerprints:
    """Several batches as one, their texts in a row."""
    parts = [Fingerprints.none(0), *parts]
    return Fingerprints(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.starts for part in parts]),
        np.append(0, np.cumsum(np.concatenate([np.diff(part.bounds) for part in parts]))),
    )


def reordered(fingerprints: Fingerprints, order: npt.NDArray[np.int64]) -> Fingerprints:
    """Those of the same texts in another order.

    Args:
        order: int64 (n,), the texts by number.
    """
    bounds = np.append(0, np.cumsum(np.diff(fingerprints.bounds)[order]))
    keys, starts = np.empty_like(fingerprints.keys), np.empty_like(fingerprints.starts)
    _reorder(fingerprints.keys, fingerprints.bounds, order, bounds, keys)
    _reorder(fingerprints.starts.view(np.uint32), fingerprints.bounds, order, bounds, starts.view(np.uint32))
    return Fingerprints(keys, starts, bounds)


@kernel
def _reorder(
    column: npt.NDArray[np.uint32],
    bounds: npt.NDArray[np.int64],
    order: npt.NDArray[np.int64],
    new_bounds: npt.NDArray[np.int64],
    out: npt.NDArray[np.uint32],
) -> None:
    for i in range(len(order)):
        first = bounds[order[i]]
        for k in range(new_bounds[i], new_bounds[i + 1]):
            out[k] = column[first + k - new_bounds[i]]


@kernel
def _winnow(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    bounds: npt.NDArray[np.int64],
    width: int,
    window: int,
    keys: npt.NDArray[np.uint32],
    starts: npt.NDArray[np.int32],
    kept_from: npt.NDArray[np.int64],
) -> int:
    longest = 0
    for i in range(len(bounds) - 1):
        longest = max(longest, bounds[i + 1] - bounds[i])
    shingles = np.empty(longest, np.uint64)
    place = np.empty(longest, np.int64)
    words = np.empty(longest, np.uint64)
    kept = 0
    for i in range(len(bounds) - 1):
        kept_from[i] = kept
        seen = 0
        for k in range(bounds[i], bounds[i + 1]):
            place[seen] = k - bounds[i]
            seen += (flags[k] & CAPTION) == 0
        if seen < width:
            continue
        count = fill_shingles(hashes, flags, bounds[i], bounds[i + 1], width, words, shingles)
        least = -1
        for last in range(min(window, count) - 1, count):
            first = max(0, last - window + 1)
            if least < first:
                least = first
                for k in range(first + 1, last + 1):
                    if shingles[k] <= shingles[least]:
                        least = k
            elif shingles[last] < shingles[least]:
                least = last
            else:
                continue
            keys[kept] = np.uint32(shingles[least] >> _HIGH)
            starts[kept] = place[least]
            kept += 1
    kept_from[len(bounds) - 1] = kept
    return kept
