"""Columns of the rows that describe matches: one int32 row a match.

``PAIR``: the pair. ``A0 A1 B0 B1``: token spans in its two texts, half-open, counted from each text's start.
``MATCHED``: tokens that both spans have, in whatever order, or, of a chain left as it was, those in its runs.
``LONGEST``: tokens of the longest run. ``QUOTES``, ``CAPTIONS``: matched tokens that are
quoted speech or a caption. ``SENTENCES``: sentences of which six tokens or more are inside, in the first text.
``MOVED``: figures exchanged, that is places where each text has a number that the other has not. ``FRESH_A``,
``FRESH_B``: tokens of the spans that no stronger match of the pair covers.
"""

from __future__ import annotations

COLUMNS = range(13)
WIDTH = len(COLUMNS)

PAIR, A0, A1, B0, B1, MATCHED, LONGEST, QUOTES, CAPTIONS, SENTENCES, MOVED, FRESH_A, FRESH_B = COLUMNS
