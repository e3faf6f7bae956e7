"""Where in a text the names of agencies may begin: one pass of compiled code, which spares most texts all searching.

A place is told by its first four letters, those that are no ASCII letters or digits taken for one another; whatever is
told is to be looked at, whatever is not holds nothing. Importing this module imports Numba: a run that reads many
articles does, and who reads one searches it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.attribution.agencies import Agencies, spaced
from dedup.attribution.items import ABBREVIATIONS
from dedup.attribution.unnamed import SIGNS
from dedup.jit import kernel
from dedup.text.tokens import encode

_NAMES, _NOBODY, _ABBREVIATED = 1, 2, 4
_MOST = 1000  # places; a text with more of them is searched as a whole,
_SPARSE = 8  # unless there are no more than one in 2⁸ characters
_CELLS = 4
_BITS = 6  # of a letter that tell it
_OTHER = 0  # what is no ASCII letter or digit
_ANY = tuple(range(1 << _BITS))

Cells = tuple[tuple[int, ...], ...]


class Sightings(NamedTuple):
    """What a text may hold.

    Attributes:
        names: Where names of agencies may begin, in order; None where they may anywhere.
        nobody: May it credit agencies without a name?
        abbreviated: May it do so in brackets?
    """

    names: list[int] | None
    nobody: bool
    abbreviated: bool


class Beginnings(NamedTuple):
    """The letters with which what is looked for begins, for `sight`: a bit for each sort of it.

    Attributes:
        pairs: uint8 (2¹⁴,), by the first two letters: small, so that a processor has it at hand for every letter.
        front: uint8 (2²⁰,), by the first three letters.
        back: uint8 (2²⁰,), by the first, the third and the fourth.
        letters: uint8 (2⁷,), what is left of each ASCII letter or digit, 0 of everything else.
    """

    pairs: npt.NDArray[np.uint8]
    front: npt.NDArray[np.uint8]
    back: npt.NDArray[np.uint8]
    letters: npt.NDArray[np.uint8]


def beginnings(agencies: Agencies) -> Beginnings:
    """What to look for, made once for a list of agencies."""
    letters = np.array([_letter(code) for code in range(128)], np.uint8)
    front, back = np.zeros((2, 1 << 20), np.uint8)
    found = Beginnings(np.zeros(1 << 14, np.uint8), front, back, letters)
    for spelling in agencies.forms:
        _add(found, _cells(spelling, ends=spaced(spelling[-1])), _NAMES)
    for sign in SIGNS:
        _add(found, _cells(sign, ends=False, any_case=True), _NOBODY)
    for sign in ABBREVIATIONS:
        _add(found, _cells(sign, ends=True), _ABBREVIATED)
    return found


def sight(texts: Sequence[str], sought: Beginnings) -> list[Sightings]:
    """Look through a batch of texts once."""
    codes, bounds = encode(texts)
    places = np.empty(min(len(codes), _MOST * len(texts) + (len(codes) >> _SPARSE)), np.int32)
    counts, sorts = _sight(codes, bounds, *sought, places)
    found = []
    end = 0
    for text, count, seen in zip(texts, counts.tolist(), sorts.tolist(), strict=True):
        most = max(_MOST, len(text) >> _SPARSE)
        first, end = end, end + min(count, most)
        names = None if count > most else places[first:end].tolist()
        found.append(Sightings(names, seen & _NOBODY > 0, seen & _ABBREVIATED > 0))
    return found


def _cells(spelling: str, *, ends: bool, any_case: bool = False) -> Cells:
    """What the first four letters of a spelling may be; ``ends``: no letter follows it."""
    first = {_first(ord(each)) for each in _cases(spelling[0], any_case)}
    cells: list[Iterable[int]] = [first]
    blank = False
    for char in spelling[1:_CELLS]:
        # Two or three blanks may stand for one, and what follows farther on.
        cells.append(_ANY if blank else {_letter(ord(each)) for each in _cases(char, any_case)})
        blank = blank or char == " "
    if len(spelling) < _CELLS:
        cells.append((_OTHER,) if ends and not blank else _ANY)
    cells += [_ANY] * (_CELLS - len(cells))
    return tuple(tuple(cell) for cell in cells)


def _cases(char: str, any_case: bool) -> Iterator[str]:
    yield char
    if any_case and char.isascii():
        yield char.swapcase()


def _first(code: int) -> int:
    return code if code < 128 else code & 127 | 128


def _letter(code: int) -> int:
    return code & 63 if code < 128 and (chr(code).isalnum() or chr(code) == "_") else _OTHER


def _add(found: Beginnings, cells: Cells, sort: int) -> None:
    for first, second, third in product(*cells[:3]):
        found.pairs[first << 6 | second] |= sort
        found.front[first << 12 | second << 6 | third] |= sort
    for first, third, fourth in product(cells[0], *cells[2:]):
        found.back[first << 12 | third << 6 | fourth] |= sort


@kernel
def _sight(
    codes: npt.NDArray[np.uint32],
    bounds: npt.NDArray[np.int64],
    pairs: npt.NDArray[np.uint8],
    front: npt.NDArray[np.uint8],
    back: npt.NDArray[np.uint8],
    letters: npt.NDArray[np.uint8],
    places: npt.NDArray[np.int32],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Write down where in each text names may begin, the first ones; count them, and tell what sorts were seen."""
    texts = len(bounds) - 1
    counts, sorts = np.zeros(texts, np.int64), np.zeros(texts, np.uint8)
    written = 0
    for text in range(texts):
        low, size = bounds[text], bounds[text + 1]
        count, all_seen = 0, np.uint8(0)
        most = max(_MOST, size >> _SPARSE)
        code = np.int64(codes[low]) if low < size else np.int64(0)
        for at in range(low, size):
            first = code
            code = np.int64(codes[at + 1]) if at + 1 < size else np.int64(0)
            if first >= 128:
                first = first & 127 | 128
            second = np.int64(letters[code]) if code < 128 else np.int64(0)
            if not pairs[first << 6 | second]:
                continue
            third, fourth = np.int64(0), np.int64(0)
            if at + 2 < size and codes[at + 2] < 128:
                third = np.int64(letters[codes[at + 2]])
            if at + 3 < size and codes[at + 3] < 128:
                fourth = np.int64(letters[codes[at + 3]])
            seen = front[first << 12 | second << 6 | third] & back[first << 12 | third << 6 | fourth]
            all_seen |= seen
            if seen & _NAMES:
                if count < most:
                    places[written] = at - low
                    written += 1
                count += 1
        counts[text], sorts[text] = count, all_seen
    return counts, sorts
