"""Columns of the rows that describe matches: one int32 row a match, token spans counted from each text's start."""

from __future__ import annotations

PAIR, A0, A1, B0, B1, MATCHED, COPIED, LONGEST, QUOTES, CAPTIONS, SENTENCES, MOVED, FRESH_A, FRESH_B = range(
    14
)

COLUMNS = range(14)
WIDTH = len(COLUMNS)
