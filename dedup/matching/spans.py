"""Spans: from token indices back to code points of the texts as they were given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dedup.matching.columns import A0, A1, B0, B1, PAIR
from dedup.text.tokens import Tokens

# A match takes along what closes or opens its sentence, when both texts have it.
_CLOSING = frozenset(".!?…)]}\"'”’»。！？」』।॥؟۔။።")
OPENING = frozenset("([{\"'“‘„«¿¡「『")


def char_spans(
    texts: Sequence[str], tokens: Tokens, pairs: npt.NDArray[np.int64], rows: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """Where each match stands: int32 (k, 4), ``a_start a_end b_start b_end`` in code points, half-open."""
    a, b = pairs[rows[:, PAIR], 0], pairs[rows[:, PAIR], 1]
    found = []
    for i, j, a_start, a_end, b_start, b_end in zip(
        a.tolist(),
        b.tolist(),
        tokens.starts[tokens.bounds[a] + rows[:, A0]].tolist(),
        tokens.ends[tokens.bounds[a] + rows[:, A1] - 1].tolist(),
        tokens.starts[tokens.bounds[b] + rows[:, B0]].tolist(),
        tokens.ends[tokens.bounds[b] + rows[:, B1] - 1].tolist(),
        strict=True,
    ):
        text_a, text_b = texts[i], texts[j]
        while (mark := text_a[a_end : a_end + 1]) in _CLOSING and text_b[b_end : b_end + 1] == mark:
            a_end, b_end = a_end + 1, b_end + 1
        while (
            a_start and b_start and (mark := text_a[a_start - 1]) in OPENING and text_b[b_start - 1] == mark
        ):
            a_start, b_start = a_start - 1, b_start - 1
        found.append((a_start, a_end, b_start, b_end))
    return np.array(found, np.int32).reshape(-1, 4)
