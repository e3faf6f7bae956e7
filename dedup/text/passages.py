"""Passages: the sentence-like units in which shared reporting is looked for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.text.tokens import BREAK, CAPTION, Tokens

# Nearly all sentences are shorter than 60 tokens. From there on one token in 16 fits for a cut, so a passage without a
# mark is 76 long in the mean, and the hard stop at 160, where two copies may be cut apart, is met once in 600 times.
_LONG = 60
_LONGEST = 160
_CUT_EVERY = np.uint64(16)


class Passages(NamedTuple):
    """The passages of a batch of texts.

    Attributes:
        starts: int64 (p,), first token, counted through the batch's `Tokens`.
        ends: int64 (p,), one past the last token.
        text: int32 (p,), the text that each stands in.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    text: npt.NDArray[np.int32]


def split(tokens: Tokens) -> Passages:
    """Cut every text of the batch into passages; each token is in exactly one.

    A passage ends where the tokens' marks say so, and where a caption begins or ends. One that grows long without a
    mark (a page of text with no full stop) is cut behind a token chosen by its content, so that two copies are cut at
    the same places.
    """
    room = len(tokens.hashes)
    starts = np.empty(room, np.int64)
    text = np.empty(room, np.int32)
    count = _cut(tokens.hashes, tokens.flags, tokens.bounds, starts, text)
    starts, text = starts[:count].copy(), text[:count].copy()
    ends = np.append(starts, room)[1:]
    return Passages(starts, ends, text)


@kernel
def _cut(
    hashes: npt.NDArray[np.uint64],
    flags: npt.NDArray[np.uint8],
    bounds: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
    text: npt.NDArray[np.int32],
) -> int:
    count = 0
    for i in range(len(bounds) - 1):
        length = 0
        for k in range(bounds[i], bounds[i + 1]):
            cut = length == 0 or flags[k] & BREAK or (flags[k] ^ flags[k - 1]) & CAPTION
            if not cut and length >= _LONG:
                cut = hashes[k - 1] % _CUT_EVERY == np.uint64(0) or length >= _LONGEST
            if cut:
                starts[count] = k
                text[count] = i
                count += 1
                length = 0
            length += 1
    return count
