"""CSV and TSV: rows that may run over lines; a broken row costs itself and no other.

Where a row breaks, the lines that it swallowed are read again, each as a row of its own, so that a quote
that is never closed does not take the rest of the file with it. Every line is read at most three times,
whatever the file holds.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from dedup.readers.encoding import Line, decode
from dedup.readers.log import SourceLog
from dedup.readers.sniff import delimiter

_LONGEST_CELL = 1 << 28
_ENOUGH = 5
_SEP = re.compile(r"\s*\"?sep=([^\"\r\n])\"?\s*", re.IGNORECASE)
_LINE_END = re.compile(r"\r?\n|\r")
_LONE_RETURN = re.compile(r"\r(?=[^\n])")
_AFTER_LONE_RETURN = re.compile(r"(?<=\r)(?!\n)")
# The csv module takes every return outside quotes for the end of a row. Half of a surrogate pair stands in
# for one that is none: no file in UTF-8 can hold it.
_RETURN_IN_CELL = "\udc0d"

Numbered = tuple[int, str]


def records(
    lines: Iterable[Line],
    log: SourceLog,
    judge: Callable[[dict[str, str]], str | None],
    *,
    tabs: bool = False,
) -> Iterator[tuple[int, dict[str, str]]]:
    """First line and cells of every row, by the names in the first row.

    Args:
        lines: The file.
        log: Takes rejects: rows that are not well formed or have not as many cells as the first.
        judge: Why rows with these columns can hold no article, or None; asked once.
        tabs: Only TAB parts columns; else the one of ``, ; TAB |`` that the first row has most of.
    """
    # One limit for the whole process is all that the csv module has; a long article must not break a run.
    csv.field_size_limit(_LONGEST_CELL)
    tape = _Tape(lines, log)
    head = tape.skip_blank()
    if head is None:
        return
    told = _SEP.fullmatch(head[1])
    if told is not None:
        # So a spreadsheet tells itself what parts the columns.
        next(tape)
        head = tape.skip_blank()
        if head is None:
            return
    mark = told[1] if told else "\t" if tabs else delimiter(head[1])
    rows = csv.reader(tape, delimiter=mark, strict=True)
    try:
        names = _distinct(tape.told(next(rows)))
    except csv.Error as error:
        log.reject(head[0], f"the row of column names is broken: {_fault(error, tape.taken)}")
        return
    reason = judge(dict.fromkeys(names, ""))
    if reason is not None:
        log.reject(head[0], reason)
        return
    shape = _Shape(len(names))
    for line, cells in _rows(rows, tape, mark, shape, log):
        shape.learn(cells)
        yield line, dict(zip(names, tape.told(cells), strict=True))


class _Tape:
    """The lines of the file as text, those handed out since the last ``mark``, and those put back."""

    def __init__(self, lines: Iterable[Line], log: SourceLog) -> None:
        self._lines = self._numbered(lines, log)
        self._hides_returns = False
        self._waiting: deque[Numbered] = deque()
        self.taken: list[Numbered] = []

    def __iter__(self) -> _Tape:
        return self

    def __next__(self) -> str:
        pair = self._waiting.popleft() if self._waiting else next(self._lines)
        self.taken.append(pair)
        return pair[1]

    def mark(self) -> None:
        self.taken = []

    def put_back(self, pair: Numbered) -> None:
        self._waiting.appendleft(pair)

    def skip_blank(self) -> Numbered | None:
        """The first line that holds something, which stays on the tape; None when there is none."""
        for pair in self._lines:
            if pair[1].strip():
                self.put_back(pair)
                return pair
        return None

    def told(self, cells: list[str]) -> list[str]:
        """``cells`` as they stand in the file."""
        if not self._hides_returns:
            return cells
        return [cell.replace(_RETURN_IN_CELL, "\r") for cell in cells]

    def _numbered(self, lines: Iterable[Line], log: SourceLog) -> Iterator[Numbered]:
        number = 0
        parts_lines: bool | None = None
        for line in lines:
            text, sound = (line, True) if isinstance(line, str) else decode(line)
            if not sound:
                log.foreign(number + 1)
            if parts_lines is None and (end := _LINE_END.search(text)):
                # In files of old spreadsheets a return alone ends a line; elsewhere it stands in a text.
                parts_lines = end.group() == "\r"
            if parts_lines:
                for piece in filter(None, _AFTER_LONE_RETURN.split(text)):
                    number += 1
                    yield number, piece
                continue
            number += 1
            if "\r" in text[:-2]:
                self._hides_returns = True
                text = _LONE_RETURN.sub(_RETURN_IN_CELL, text)
            yield number, text


class _Shape:
    """What the rows of a file have in common: their width, and the columns that are one word in each."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows = 0
        self._one_word = list(range(width))

    def learn(self, cells: list[str]) -> None:
        self._rows += 1
        self._one_word = [column for column in self._one_word if _is_word(cells[column])]

    def misfit(self, cells: list[str], *, after_break: bool) -> str:
        """Why ``cells`` are no row; empty where they are.

        A sentence of a text whose row is broken may have as many commas as a row has; it will hardly have one
        word where all rows have an id or a date.
        """
        if len(cells) != self._width:
            cell = "cell" if len(cells) == 1 else "cells"
            return f"{len(cells)} {cell} where the first row has {self._width}"
        known = self._one_word if after_break and self._rows >= _ENOUGH else ()
        return "" if all(_is_word(cells[column]) for column in known) else "a piece of a row, not a row"


def _is_word(cell: str) -> bool:
    return cell.split(None, 1) == [cell]


def _rows(
    rows: Iterator[list[str]], tape: _Tape, mark: str, shape: _Shape, log: SourceLog
) -> Iterator[tuple[int, list[str]]]:
    broken_at = 0
    while True:
        tape.mark()
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            fault = _fault(error, tape.taken)
        else:
            if not cells:
                continue
            fault = shape.misfit(cells, after_break=broken_at > 0)
            if not fault:
                broken_at = 0
                yield tape.taken[0][0], cells
                continue
        log.reject(tape.taken[0][0], fault + _after(broken_at))
        broken_at = broken_at or tape.taken[0][0]
        if len(tape.taken) > 1:
            # The line at which the row broke may well begin the next one, and that one may run over lines.
            tape.put_back(tape.taken[-1])
            yield from _alone(tape.taken[1:-1], broken_at, mark, shape, log)


def _alone(
    swallowed: list[Numbered], broken_at: int, mark: str, shape: _Shape, log: SourceLog
) -> Iterator[tuple[int, list[str]]]:
    for number, text in swallowed:
        try:
            cells = next(csv.reader([text], delimiter=mark, strict=True))
        except csv.Error as error:
            fault = _fault(error, [(number, text)])
        else:
            if not cells:
                continue
            fault = shape.misfit(cells, after_break=True)
        if fault:
            log.reject(number, fault + _after(broken_at))
        else:
            yield number, cells


def _after(broken_at: int) -> str:
    return f" (after the broken row at line {broken_at})" if broken_at else ""


def _fault(error: csv.Error, taken: list[Numbered]) -> str:
    first, last = taken[0][0], taken[-1][0]
    told = str(error)
    if told == "unexpected end of data":
        # What is left when doubled quotes are taken away opens or closes a cell.
        opened = next((number for number, text in reversed(taken) if '"' in text.replace('""', "")), first)
        return f"the quote opened {'here' if opened == first else f'at line {opened}'} is never closed"
    if told.endswith("expected after '\"'"):
        return "a quote stands inside a quoted cell and is not doubled" + (
            f" (line {last})" if last > first else ""
        )
    return told


def _distinct(names: list[str]) -> list[str]:
    """Column names, a second ``x`` as ``x (2)``."""
    counts: dict[str, int] = {}
    distinct = []
    for name in map(str.strip, names):
        counts[name] = counts.get(name, 0) + 1
        distinct.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return distinct
