"""Tokens with their offsets, a whole batch of texts in one pass over their code points.

A token is a run of letters, digits and marks, folded; in scripts written without spaces each character is one.
Copies of one text differ in small ways that must not matter, so inside a token an apostrophe, a soft hyphen and the
dots of an initialism count for nothing (`U.N.` is `UN`, `didn’t` is `didnt`), as does a comma between digits.

The pass also marks where sentence-like passages begin. The marks need not be linguistically right, only the same
in both copies of a text, whether or not one of them is hard-wrapped or re-paragraphed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.text.fold import (
    DIGIT,
    EXPANDS,
    FOLDED,
    IGNORED,
    LOWER,
    NEWLINE,
    SOLO,
    SPACE,
    TERMINAL,
    TOKEN,
    UPPER,
    fold_table,
)
from dedup.text.furniture import SIGNS, WORD_JOINER, Furniture, dated, find_furniture, mask

BREAK = 1  # a passage begins here
NUMBER = 2  # holds a digit
QUOTED = 4  # inside quotation marks
CAPTION = 8  # inside a photo caption

_SORTS = TOKEN | SOLO | EXPANDS | IGNORED
_FNV_BASIS = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_MIX_1 = np.uint64(0xFF51AFD7ED558CCD)
_MIX_2 = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)

# A full stop behind one of these ends no sentence.
_ABBREVIATIONS = (
    "mr mrs ms dr prof gen gov sen rep lt col maj capt cmdr adm sgt cpl pvt rev hon st ste mt ft no nos vs etc inc "
    "ltd co corp bros jr sr jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun ala ariz "
    "ark calif colo conn del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa penn tenn tex "
    "va vt wash wis wyo approx dept est fig hr min dist atty supt pres sec amb messrs mme mlle str bzw ca evtl nr "
    "usw vgl zb sra srta dott sig"
)
# A capital word of this list behind `U.N.` begins a sentence after all.
_STARTERS = (
    "the a an in on at he she it they we but and this that these those his her their its there as for after before "
    "while when if with from to by meanwhile however"
)
# A line that ends in one of these goes on in the next.
_UNFINISHED = (
    "a an the of in on at to for by with from and or but as that which who is are was were be been has have had will "
    "would could should may might its his her their this these those than into over under about after before"
)


class Tokens(NamedTuple):
    """The tokens of a batch of texts.

    Attributes:
        hashes: uint64 (t,), one folded token each.
        starts: int32 (t,), first code point, counted from the start of the token's own text.
        ends: int32 (t,), one past the last.
        flags: uint8 (t,), `BREAK`, `NUMBER`, `QUOTED`, `CAPTION`.
        bounds: int64 (n + 1,); text i owns the tokens ``bounds[i]:bounds[i + 1]``.
    """

    hashes: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint8]
    bounds: npt.NDArray[np.int64]

    def one(self, i: int) -> Tokens:
        """Text i alone, as views."""
        lo, hi = int(self.bounds[i]), int(self.bounds[i + 1])
        return Tokens(
            self.hashes[lo:hi],
            self.starts[lo:hi],
            self.ends[lo:hi],
            self.flags[lo:hi],
            np.array([0, hi - lo], np.int64),
        )


def tokenise(texts: Sequence[str], furniture: Sequence[list[Furniture]] | None = None) -> Tokens:
    """Tokenise a batch.

    Args:
        texts: Any strings; lone surrogates and NUL are separators like other non-letters.
        furniture: What `find_furniture` says of each text, when the caller already knows it.
    """
    codes, bounds = encode(texts)
    if furniture is None:
        furniture = _furniture(texts, codes, bounds)
    if any(furniture):
        codes = codes.copy()
        for i, items in enumerate(furniture):
            if items:
                mask(codes[bounds[i] : bounds[i + 1]], items)
    tokens = _tokens(codes, bounds, *_word_lists())
    for i, items in enumerate(furniture):
        for item in items:
            if item.kind == "caption":
                _flag_span(tokens, i, item.start, item.end, CAPTION)
    return tokens


def batch_furniture(texts: Sequence[str]) -> list[list[Furniture]]:
    """What `find_furniture` finds in each text, much sooner where most have none."""
    return _furniture(texts, *encode(texts))


def token_hashes(words: str) -> npt.NDArray[np.uint64]:
    """Hashes of the words of one plain string, as `tokenise` gives them."""
    empty = np.zeros(0, np.uint64)
    codes = np.frombuffer(words.encode("utf-32-le"), np.uint32)
    return _tokens(codes, np.array([0, len(codes)], np.int64), empty, empty, empty).hashes


def encode(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The code points of a batch, one text after another, and where each text is."""
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=bounds[1:])
    return np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32), bounds


def _furniture(
    texts: Sequence[str], codes: npt.NDArray[np.uint32], bounds: npt.NDArray[np.int64]
) -> list[list[Furniture]]:
    signs, sign_bounds = _signs()
    suspect = np.zeros(len(texts), np.bool_)
    _look_for(signs, sign_bounds, codes, bounds, suspect)
    return [
        find_furniture(text) if look or dated(text) else []
        for text, look in zip(texts, suspect.tolist(), strict=True)
    ]


@lru_cache(maxsize=1)
def _signs() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    return encode(SIGNS)


def _flag_span(tokens: Tokens, text: int, start: int, end: int, flag: int) -> None:
    lo, hi = int(tokens.bounds[text]), int(tokens.bounds[text + 1])
    first = lo + int(np.searchsorted(tokens.starts[lo:hi], start))
    last = lo + int(np.searchsorted(tokens.starts[lo:hi], end))
    tokens.flags[first:last] |= flag


@lru_cache(maxsize=1)
def _word_lists() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    return (
        np.sort(token_hashes(_ABBREVIATIONS)),
        np.sort(token_hashes(_STARTERS)),
        np.sort(token_hashes(_UNFINISHED)),
    )


def _tokens(
    codes: npt.NDArray[np.uint32],
    bounds: npt.NDArray[np.int64],
    abbreviations: npt.NDArray[np.uint64],
    starters: npt.NDArray[np.uint64],
    unfinished: npt.NDArray[np.uint64],
) -> Tokens:
    room = len(codes)
    hashes = np.empty(room, np.uint64)
    starts = np.empty(room, np.int32)
    ends = np.empty(room, np.int32)
    flags = np.empty(room, np.uint8)
    token_bounds = np.zeros(len(bounds), np.int64)
    count = _scan(
        codes, bounds, *fold_table(), abbreviations, starters, unfinished, hashes, starts, ends, flags, token_bounds
    )  # fmt: skip
    # Copies, so that the scratch room (one slot a code point) is given back.
    return Tokens(
        hashes[:count].copy(), starts[:count].copy(), ends[:count].copy(), flags[:count].copy(), token_bounds
    )


@kernel
def _holds(words: npt.NDArray[np.uint64], word: np.uint64) -> bool:
    at = np.searchsorted(words, word)
    return bool(at < len(words) and words[at] == word)


@kernel
def _past_ignored(codes: npt.NDArray[np.uint32], start: int, stop: int, table: npt.NDArray[np.uint32]) -> int:
    """The first place from `start` on that counts; `stop` where there is none."""
    i = start
    while i < stop and table[codes[i]] & IGNORED:
        i += 1
    return i


@kernel
def _look_for(
    signs: npt.NDArray[np.uint32],
    sign_bounds: npt.NDArray[np.int64],
    codes: npt.NDArray[np.uint32],
    bounds: npt.NDArray[np.int64],
    found: npt.NDArray[np.bool_],
) -> None:
    """Mark the texts that hold one of the signs, none of which begins with a small letter."""
    begins = np.zeros(0x60, np.bool_)
    for w in range(len(sign_bounds) - 1):
        begins[signs[sign_bounds[w]]] = True
    for text in range(len(bounds) - 1):
        stop = bounds[text + 1]
        for i in range(bounds[text], stop):
            if codes[i] >= 0x60 or not begins[codes[i]]:
                continue
            for w in range(len(sign_bounds) - 1):
                length = sign_bounds[w + 1] - sign_bounds[w]
                if i + length > stop:
                    continue
                k = 0
                while k < length and codes[i + k] == signs[sign_bounds[w] + k]:
                    k += 1
                if k == length:
                    found[text] = True
            if found[text]:
                break


@kernel
def _hard_wrapped(codes: npt.NDArray[np.uint32], start: int, end: int, table: npt.NDArray[np.uint32]) -> bool:
    """Whether lines are broken at a column: several long lines end in mid-sentence and go on in lower case."""
    broken = 0
    lines = 0
    line_start = start
    for i in range(start, end):
        if codes[i] > 0x0D and codes[i] != 0x2029:
            continue
        if not table[codes[i]] & NEWLINE or (codes[i] == 0x0D and i + 1 < end and codes[i + 1] == 0x0A):
            continue
        length = i - line_start
        line_start = i + 1
        if length < 1:
            continue
        lines += 1
        # Shorter lines are headlines and lists, longer ones whole paragraphs: neither is cut at a column.
        if 30 <= length <= 120 and i + 1 < end and table[codes[i + 1]] & LOWER:
            broken += 1
    return broken >= 3 and broken * 4 >= lines


@kernel
def _scan(
    codes: npt.NDArray[np.uint32],
    bounds: npt.NDArray[np.int64],
    table: npt.NDArray[np.uint32],
    expansions: npt.NDArray[np.uint32],
    abbreviations: npt.NDArray[np.uint64],
    starters: npt.NDArray[np.uint64],
    unfinished: npt.NDArray[np.uint64],
    hashes: npt.NDArray[np.uint64],
    starts: npt.NDArray[np.int32],
    ends: npt.NDArray[np.int32],
    flags: npt.NDArray[np.uint8],
    token_bounds: npt.NDArray[np.int64],
) -> int:
    count = 0
    for text in range(len(bounds) - 1):
        base = bounds[text]
        stop = bounds[text + 1]
        wrapped = _hard_wrapped(codes, base, stop, table)
        first = True
        quote = 0  # none; 1 opened by “ « or 「, 2 by „, 3 by », 4 by a straight mark: each ends with its own
        stopped = (
            0  # since the last token: 1 a full stop, 2 another terminal, 3 one that needs no space behind it
        )
        spaced = False
        newlines = 0
        indent = 0
        comma = False
        dotted = False  # the last token was an initialism or a single initial
        previous = np.uint64(0)
        i = base
        while i < stop:
            code = codes[i]
            entry = table[code]
            if not entry & TOKEN:
                if entry & IGNORED:
                    i += 1
                    continue
                if entry & SPACE:
                    spaced = True
                    if entry & NEWLINE:
                        if code != 0x0D:
                            newlines += 1
                        indent = 0
                        if not wrapped or newlines > 1:
                            quote = 0
                    else:
                        indent += 1
                elif entry & TERMINAL:
                    strength = 1 if code == 0x2E else (3 if code >= 0x3001 else 2)
                    stopped = max(stopped, strength)
                    comma = False
                elif code == 0x22:
                    quote = 0 if quote == 4 else 4
                elif code == 0x201C:
                    quote = 0 if quote == 2 else 1
                elif code == 0x201D:
                    quote = 0
                elif code == 0x201E:
                    quote = 2
                elif code == 0xAB:
                    quote = 0 if quote == 3 else 1
                elif code == 0xBB:
                    quote = 0 if quote == 1 else 3
                elif code == 0x300C:
                    quote = 1
                elif code == 0x300D:
                    quote = 0
                elif code == 0x2C or code == 0x060C:
                    comma = True
                i += 1
                continue

            # One token, from here to where the run ends.
            start = i
            seen = entry
            dots = 0
            segment = 0  # letters since the token or its last dot began
            last = entry
            h = _FNV_BASIS
            end = i
            while i < stop:
                inner = table[codes[i]]
                if inner & _SORTS == TOKEN:  # a plain letter or digit, as nearly all are
                    h = (h ^ np.uint64(inner & FOLDED)) * _FNV_PRIME
                    seen |= inner
                    last = inner
                    segment += 1
                    i += 1
                    end = i
                    continue
                if inner & TOKEN:
                    if inner & SOLO and i > start:
                        break
                    if inner & EXPANDS:
                        row = inner & FOLDED
                        for k in range(3):
                            folded = expansions[row, k]
                            if folded:
                                h = (h ^ np.uint64(folded)) * _FNV_PRIME
                    else:
                        h = (h ^ np.uint64(inner & FOLDED)) * _FNV_PRIME
                    seen |= inner
                    last = inner
                    segment += 1
                    i += 1
                    end = i
                    if inner & SOLO:
                        break
                    continue
                if inner & IGNORED:
                    i += 1
                    if codes[i - 1] != WORD_JOINER:  # an accent belongs to its letter, masked markup does not
                        end = i
                    continue
                mark = codes[i]
                if mark != 0x2E and mark != 0x2C and mark != 0x27 and mark != 0x2019:
                    break
                behind = _past_ignored(codes, i + 1, stop, table)
                if behind >= stop:
                    break
                after = table[codes[behind]]
                if (
                    mark == 0x2E
                    and dots > 0
                    and segment == 1
                    and (codes[behind] == 0x27 or codes[behind] == 0x2019)
                ):
                    # `U.N.'s`: the last dot counts for nothing either, if the apostrophe goes on.
                    behind = _past_ignored(codes, behind + 1, stop, table)
                    if behind >= stop or not table[codes[behind]] & (LOWER | UPPER):
                        break
                    i += 1
                elif not after & TOKEN or after & SOLO:
                    break
                elif (mark == 0x27 or mark == 0x2019) and not after & DIGIT:
                    i += 1
                elif (mark == 0x2C or mark == 0x2E) and last & DIGIT and after & DIGIT:
                    if mark == 0x2E:
                        h = (h ^ np.uint64(0x2E)) * _FNV_PRIME
                    i += 1
                elif mark == 0x2E and segment == 1 and not last & DIGIT and not after & DIGIT:
                    behind = _past_ignored(codes, behind + 1, stop, table)
                    if behind < stop and table[codes[behind]] & TOKEN:
                        break
                    dots += 1
                    segment = 0
                    i += 1
                else:
                    break
            h = (h ^ (h >> _SHIFT)) * _MIX_1
            h = (h ^ (h >> _SHIFT)) * _MIX_2
            h = h ^ (h >> _SHIFT)

            lower = bool(entry & LOWER)
            begins = first
            if not first and not lower:
                if stopped == 3:
                    begins = True
                elif stopped == 2:
                    begins = spaced
                elif stopped == 1 and spaced:
                    if newlines > 0 and not wrapped:
                        begins = True
                    elif dotted:
                        begins = _holds(starters, h)
                    else:
                        begins = not _holds(abbreviations, previous)
                if not begins and newlines > 0 and not comma and not _holds(unfinished, previous):
                    begins = not wrapped or newlines > 1 or indent > 1
            flag = 0
            if begins:
                flag |= BREAK
            if seen & DIGIT:
                flag |= NUMBER
            if quote != 0:
                flag |= QUOTED
            hashes[count] = h
            starts[count] = start - base
            ends[count] = end - base
            flags[count] = flag
            count += 1

            dotted = dots > 0 or (segment == 1 and bool(entry & UPPER))
            previous = h
            first = False
            stopped = 0
            spaced = False
            newlines = 0
            indent = 0
            comma = False
        token_bounds[text + 1] = count
    return count
