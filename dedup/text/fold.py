"""Folding: one table says, for every code point, what it counts as when texts are compared.

Case, accents, full-width and other compatibility forms fold to their base letter, one code point to one code
point (or, for `ß`, `æ`, `ﬁ` and the like, to two or three, kept in a side table), so offsets survive. Zero-width
characters, soft hyphens and combining marks of scripts that write them optionally are ignored. Everything that
is no letter, digit or mark separates tokens.

The table is computed from `unicodedata` once, by ``python -m dedup.text.fold``, and shipped as ``fold.npz``: the
same text folds the same under every Python, whatever version of Unicode that Python knows.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

TOKEN = 1 << 31  # part of a token
SOLO = 1 << 30  # a token of its own: scripts written without spaces
IGNORED = 1 << 29  # as if it were not there
EXPANDS = 1 << 28  # the low bits number a row of the expansions
DIGIT = 1 << 27
UPPER = 1 << 26
LOWER = 1 << 25
TERMINAL = 1 << 24  # ends a sentence
SPACE = 1 << 23
NEWLINE = 1 << 22
FOLDED = (1 << 21) - 1

_CODE_POINTS = 0x110000
_PAGE = 256
_TABLE_FILE = Path(__file__).with_name("fold.npz")

# Marks that careful and careless copies of one text differ by. Marks of other scripts (Devanagari vowels, say) are
# letters to us.
_OPTIONAL_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
)  # fmt: skip
_SOLO_BLOCKS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F), (0x1780, 0x17FF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),  # Myanmar, Khmer
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3031, 0x312F), (0x31A0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFD),
)  # fmt: skip
_TERMINALS = ".!?…‼⁇⁈⁉。！？｡．؟۔।॥։።၊။។៕"
# No compatibility decomposition exists for these, yet house styles exchange them freely.
_EXCHANGED = {
    "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d",
    "Ð": "d", "þ": "th", "Þ": "th", "ł": "l", "Ł": "l", "ı": "i", "ħ": "h", "Ħ": "h", "ŧ": "t", "Ŧ": "t",
}  # fmt: skip


class FoldTable(NamedTuple):
    """``entries``: uint32, one per code point. ``expansions``: uint32, rows of up to three code points, 0-padded."""

    entries: npt.NDArray[np.uint32]
    expansions: npt.NDArray[np.uint32]


@lru_cache(maxsize=1)
def fold_table() -> FoldTable:
    """The shipped table; about 4.5 MB, read once a process and never written to."""
    with np.load(_TABLE_FILE, allow_pickle=False) as stored:
        entries = _code_relative(stored["pages"][stored["page_of"]].reshape(-1), -1)
        expansions = stored["expansions"]
    entries.setflags(write=False)
    expansions.setflags(write=False)
    return FoldTable(entries, expansions)


def fold(text: str) -> str:
    """The text as comparison sees it, for people: letters folded, ignored code points dropped, the rest kept."""
    entries, expansions = fold_table()
    out: list[str] = []
    for char in text:
        entry = int(entries[ord(char)])
        if entry & IGNORED:
            continue
        if entry & EXPANDS:
            out.extend(chr(c) for c in expansions[entry & FOLDED] if c)
        else:
            out.append(chr(entry & FOLDED) if entry & TOKEN else char)
    return "".join(out)


def build_table() -> FoldTable:
    """Compute the table from this Python's `unicodedata` (about two seconds)."""
    entries = np.zeros(_CODE_POINTS, np.uint32)
    rows: dict[str, int] = {}
    for code in range(_CODE_POINTS):
        entries[code] = _entry(chr(code), rows)
    expansions = np.zeros((max(len(rows), 1), 3), np.uint32)
    for folded, row in rows.items():
        expansions[row, : len(folded)] = [ord(c) for c in folded]
    return FoldTable(entries, expansions)


def _entry(char: str, rows: dict[str, int]) -> int:
    category = unicodedata.category(char)
    if category == "Cf" or _within(char, _OPTIONAL_MARKS):
        return IGNORED
    if char in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
        return NEWLINE | SPACE
    if category == "Zs" or char == "\t":
        return SPACE
    if category[0] not in "LNM":
        return TERMINAL if char in _TERMINALS else 0
    folded = _folded(char)
    flags = TOKEN
    if _within(char, _SOLO_BLOCKS):
        flags |= SOLO
    if category == "Nd":
        flags |= DIGIT
    if category in ("Lu", "Lt"):
        flags |= UPPER
    elif category == "Ll":
        flags |= LOWER
    if len(folded) == 1:
        return flags | ord(folded)
    return flags | EXPANDS | rows.setdefault(folded[:3], len(rows))


def _folded(char: str) -> str:
    if char in _EXCHANGED:
        return _EXCHANGED[char]
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    if "\uac00" <= char <= "\ud7a3" or _within(char, _SOLO_BLOCKS):
        composed = unicodedata.normalize("NFKC", char)
        return composed if composed.isalnum() else char
    parts = unicodedata.normalize("NFKD", char).casefold()
    kept = "".join(
        c for c in parts if unicodedata.category(c)[0] in "LNM" and not _within(c, _OPTIONAL_MARKS)
    )
    return "".join(_EXCHANGED.get(c, c) for c in kept) or char


def _within(char: str, blocks: tuple[tuple[int, int], ...]) -> bool:
    code = ord(char)
    return any(low <= code <= high for low, high in blocks)


def _code_relative(entries: npt.NDArray[np.uint32], sign: int) -> npt.NDArray[np.uint32]:
    """Folded letters as distances from their code point (and back): equal pages are then stored once."""
    letters = (entries & np.uint32(TOKEN | EXPANDS)) == TOKEN
    codes = np.arange(_CODE_POINTS, dtype=np.uint32)
    low = entries - codes if sign > 0 else entries + codes  # wraps; only the low bits are kept
    shifted = (entries & ~np.uint32(FOLDED)) | (low & np.uint32(FOLDED))
    return np.where(letters, shifted, entries)


def _write_table() -> None:
    entries, expansions = build_table()
    relative = _code_relative(entries, 1)
    pages, page_of = np.unique(relative.reshape(-1, _PAGE), axis=0, return_inverse=True)
    np.savez_compressed(
        _TABLE_FILE, pages=pages, page_of=page_of.reshape(-1).astype(np.uint16), expansions=expansions
    )


if __name__ == "__main__":
    _write_table()
