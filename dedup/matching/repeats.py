"""Repeats: an article aligned with itself, off the diagonal.

Body text printed twice is rare and an error; far more often a sentence is set again as a pull-quote or deck, or a
caption stands twice. The kinds are told apart by form.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dedup.matching.align import align
from dedup.matching.columns import A0, A1, B0, B1, CAPTIONS, MATCHED, PAIR
from dedup.matching.spans import char_spans
from dedup.model import Repeat, RepeatKind
from dedup.text.tokens import Tokens

_LEAST_SIMILARITY = 0.6
_PULLQUOTE = 70  # tokens: longer blocks are not set as pull-quotes
_MARGIN = 3  # code points of quotation marks and dashes around a pull-quote on its line


def find_repeats(texts: Sequence[str], tokens: Tokens, shortest: int) -> list[tuple[Repeat, ...]]:
    """The repeated blocks of every text of a batch, in order of position.

    Args:
        texts: The texts that `tokens` were made from.
        shortest: Fewest equal tokens of a block.
    """
    found: list[list[Repeat]] = [[] for _ in texts]
    pairs = np.repeat(np.arange(len(texts), dtype=np.int64)[:, None], 2, axis=1)
    rows = align(tokens, pairs, shortest, rewritten=False).rows
    spans = char_spans(texts, tokens, pairs, rows)
    for row, (of_start, of_end, start, end) in zip(rows.tolist(), spans.tolist(), strict=True):
        similarity = 2 * row[MATCHED] / (row[A1] - row[A0] + row[B1] - row[B0])
        if similarity < _LEAST_SIMILARITY or of_end > start:
            continue
        text = texts[row[PAIR]]
        kind = _kind(text, row, (of_start, of_end), (start, end))
        found[row[PAIR]].append(Repeat(start, end, (of_start, of_end), kind, similarity))
    return [tuple(sorted(repeats, key=lambda r: (r.start, r.end, r.of))) for repeats in found]


def _kind(text: str, row: list[int], of: tuple[int, int], block: tuple[int, int]) -> RepeatKind:
    if 2 * row[CAPTIONS] >= row[MATCHED]:
        return "caption"
    short = row[B1] - row[B0] <= _PULLQUOTE
    if short and _fills_its_line(text, *of) != _fills_its_line(text, *block):
        return "pullquote"
    return "repeat"


def _fills_its_line(text: str, start: int, end: int) -> bool:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    before, after = text[line_start:start].strip(), text[end:line_end].strip()
    return len(before) <= _MARGIN and len(after) <= _MARGIN
