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
) -> npt.NDArray[np.int64]:
    """Where each match stands: int64 (k, 4), ``a_start a_end b_start b_end`` in code points, half-open."""
    a, b = pairs[rows[:, PAIR], 0], pairs[rows[:, PAIR], 1]
    spans = np.empty((len(rows), 4), np.int64)
    spans[:, 0] = tokens.starts[tokens.bounds[a] + rows[:, A0]]
    spans[:, 1] = tokens.ends[tokens.bounds[a] + rows[:, A1] - 1]
    spans[:, 2] = tokens.starts[tokens.bounds[b] + rows[:, B0]]
    spans[:, 3] = tokens.ends[tokens.bounds[b] + rows[:, B1] - 1]
    for k, (i, j) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        text_a, text_b = texts[i], texts[j]
        a_start, a_end, b_start, b_end = spans[k].tolist()
        while (
            a_end < len(text_a) and b_end < len(text_b)
            and text_a[a_end] == text_b[b_end] and text_a[a_end] in _CLOSING
        ):  # fmt: skip
            a_end, b_end = a_end + 1, b_end + 1
        while (
            a_start and b_start and text_a[a_start - 1] == text_b[b_start - 1] and text_a[a_start - 1] in OPENING
        ):  # fmt: skip
            a_start, b_start = a_start - 1, b_start - 1
        spans[k] = a_start, a_end, b_start, b_end
    return spans
