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
from dedup.text.furniture import WORD_JOINER, Furniture, dated, find_furniture
from dedup.text.furniture import mask as mask_furniture
from dedup.text.runs import FNV_PRIME, SORTS, WORD, at, hash_run, mark, next_bit, run_length
from dedup.text.signs import signs_in

BREAK = 1  # a passage begins here
NUMBER = 2  # holds a digit
QUOTED = 4  # inside quotation marks
CAPTION = 8  # inside a photo caption

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
    if furniture is None:
        return furnished_tokens(texts)[0]
    return _tokenise(*encode(texts), furniture)


def furnished_tokens(texts: Sequence[str]) -> tuple[Tokens, list[list[Furniture]]]:
    """The tokens of a batch, and what `find_furniture` finds in each text, much sooner where most have none."""
    codes, bounds = encode(texts)
    furniture = [
        find_furniture(text, signs) if signs or dated(text) else []
        for text, signs in zip(texts, signs_in(codes, bounds), strict=True)
    ]
    return _tokenise(codes, bounds, furniture), furniture


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


def _tokenise(
    codes: npt.NDArray[np.uint32], bounds: npt.NDArray[np.int64], furniture: Sequence[list[Furniture]]
) -> Tokens:
    if any(furniture):
        codes = codes.copy()
        for i, items in enumerate(furniture):
            if items:
                mask_furniture(codes[bounds[i] : bounds[i + 1]], items)
    tokens = _tokens(codes, bounds, *_word_lists())
    for i, items in enumerate(furniture):
        for item in items:
            if item.kind == "caption":
                _flag_span(tokens, i, item.start, item.end, CAPTION)
    return tokens


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
    while i < stop and table[at(codes, i)] & IGNORED:
        i += 1
    return i


@kernel
def _hard_wrapped(
    codes: npt.NDArray[np.uint32], breaks: npt.NDArray[np.uint64], table: npt.NDArray[np.uint32]
) -> bool:
    """Whether lines are broken at a column: several long lines end in mid-sentence and go on in lower case."""
    broken = 0
    lines = 0
    line_start = 0
    for w in range(len(codes) // WORD + 1):
        left = breaks[w]
        while left:
            i = w * WORD + next_bit(left)
            left &= left - np.uint64(1)
            behind = i + 1
            if not table[codes[i]] & NEWLINE or (
                codes[i] == 0x0D and behind < len(codes) and codes[behind] == 0x0A
            ):
                continue
            length = i - line_start
            line_start = behind
            if length < 1:
                continue
            lines += 1
            # Shorter lines are headlines and lists, longer ones whole paragraphs: neither is cut at a column.
            if 30 <= length <= 120 and behind < len(codes) and table[codes[behind]] & LOWER:
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
    longest = 0
    for text in range(len(bounds) - 1):
        longest = max(longest, bounds[text + 1] - bounds[text])
    plain = np.empty(longest // WORD + 1, np.uint64)
    breaks = np.empty(longest // WORD + 1, np.uint64)
    count = 0
    for text in range(len(bounds) - 1):
        own = codes[bounds[text] : bounds[text + 1]]
        stop = len(own)
        mark(own, table, plain, breaks)
        wrapped = _hard_wrapped(own, breaks, table)
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
        i = 0
        while i < stop:
            code = at(own, i)
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
            dots = 0
            segment = run_length(plain, i)  # letters since the token or its last dot began
            h, seen = hash_run(own, i, segment, table)
            i += segment
            last = entry if segment == 0 else table[at(own, i - 1)]
            end = i
            while i < stop:
                inner = table[at(own, i)]
                if inner & SORTS == TOKEN:  # a plain letter or digit, as nearly all are
                    h = (h ^ np.uint64(inner & FOLDED)) * FNV_PRIME
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
                                h = (h ^ np.uint64(folded)) * FNV_PRIME
                    else:
                        h = (h ^ np.uint64(inner & FOLDED)) * FNV_PRIME
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
                    if (
                        at(own, i - 1) != WORD_JOINER
                    ):  # an accent belongs to its letter, masked markup does not
                        end = i
                    continue
                point = at(own, i)
                if point != 0x2E and point != 0x2C and point != 0x27 and point != 0x2019:
                    break
                behind = _past_ignored(own, i + 1, stop, table)
                if behind >= stop:
                    break
                after = table[at(own, behind)]
                if (
                    point == 0x2E
                    and dots > 0
                    and segment == 1
                    and (at(own, behind) == 0x27 or at(own, behind) == 0x2019)
                ):
                    # `U.N.'s`: the last dot counts for nothing either, if the apostrophe goes on.
                    behind = _past_ignored(own, behind + 1, stop, table)
                    if behind >= stop or not table[at(own, behind)] & (LOWER | UPPER):
                        break
                    i += 1
                elif not after & TOKEN or after & SOLO:
                    break
                elif (point == 0x27 or point == 0x2019) and not after & DIGIT:
                    i += 1
                elif (point == 0x2C or point == 0x2E) and last & DIGIT and after & DIGIT:
                    if point == 0x2E:
                        h = (h ^ np.uint64(0x2E)) * FNV_PRIME
                    i += 1
                elif point == 0x2E and segment == 1 and not last & DIGIT and not after & DIGIT:
                    behind = _past_ignored(own, behind + 1, stop, table)
                    if behind < stop and table[at(own, behind)] & TOKEN:
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
            if (stopped > 0 or newlines > 0) and not first and not lower:
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
            slot = np.uintp(count)
            hashes[slot] = h
            starts[slot] = start
            ends[slot] = end
            flags[slot] = flag
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
