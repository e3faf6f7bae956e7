"""House style as weak evidence: which of several spellings a text chooses, and whose habit that is.

All features of an agency together are worth one point at most, for or against it. Style is looked at only where
something else hints at the agency (a sign-off, a line of initials, a credit deep in the text): alone it names
nobody, a claim needs no support by it, and it makes no origin `confirmed`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dedup.attribution.reading import Reading
from dedup.errors import AgenciesError

MOST = 1.0
"""Points for all of a text's style together, for an agency or against it."""

_ENGLISH = re.compile(r"\b(?:[Tt]he|of|and|with|said)\b")  # whose habits these are
_LONGEST = 20_000  # code points of a text that are read: a habit shows early
_QUOTED = 4  # features that a rule names
_SENTENCE = '.!?\n"“”»:'


@dataclass(frozen=True, slots=True)
class Style:
    """The choices, compiled.

    Attributes:
        points: By choice, what keeping to a habit is worth.
        spellings: Spelling → the choice that it belongs to, and who writes so.
        habits: By choice, all agencies with a known habit.
    """

    points: tuple[float, ...]
    spellings: Mapping[str, tuple[int, frozenset[str]]]
    habits: tuple[frozenset[str], ...]
    pattern: re.Pattern[str]


@cache
def load_style() -> Style:
    """The table that comes with the program (a constant, read once)."""
    return parse_style(files("dedup.attribution").joinpath("style.toml").read_text("utf-8"))


def parse_style(source: str, name: str = "style.toml") -> Style:
    """Read a TOML table of choices.

    Raises:
        AgenciesError: The TOML is damaged, a field is missing or of the wrong type, or a spelling stands twice.
    """
    try:
        rows = tomllib.loads(source).get("choice", [])
    except tomllib.TOMLDecodeError as error:
        raise AgenciesError(f"{name}: not valid TOML: {error}") from error
    points: list[float] = []
    spellings: dict[str, tuple[int, frozenset[str]]] = {}
    for index, row in enumerate(rows):
        where = f"{name}: choice {index + 1}"
        worth = row.get("points")
        if isinstance(worth, bool) or not isinstance(worth, int | float) or not 0 < worth <= MOST:
            raise AgenciesError(f"{where}: points must be a number above 0 and at most {MOST:g}")
        points.append(float(worth))
        for spelling, by in _spelled(row, where):
            if spelling in spellings:
                raise AgenciesError(f"{where}: {spelling!r} stands twice")
            spellings[spelling] = index, by
    habits = [
        frozenset[str]().union(*(by for at, by in spellings.values() if at == i)) for i in range(len(points))
    ]
    return Style(tuple(points), spellings, tuple(habits), _pattern(spellings))


def _spelled(row: Mapping[str, Any], where: str) -> Iterator[tuple[str, frozenset[str]]]:
    lines = row.get("spelled")
    if not isinstance(lines, list) or not lines:
        raise AgenciesError(f"{where}: spelled must be a list that is not empty")
    for line in lines:
        by, spellings = (line.get("by"), line.get("as")) if isinstance(line, dict) else (None, None)
        for told in (by, spellings):
            if not isinstance(told, list) or not all(isinstance(item, str) and item for item in told):
                raise AgenciesError(f"{where}: a spelling needs `by` and `as`, both lists of texts")
        for spelling in spellings or ():
            yield spelling, frozenset(by or ())


def _pattern(spellings: Collection[str]) -> re.Pattern[str]:
    longest_first = sorted(spellings, key=lambda s: (-len(s), s))
    return re.compile(
        rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)" if spellings else r"(?!)"
    )


def find_style(text: str, agencies: Collection[str]) -> Iterator[tuple[str, Reading]]:
    """How far a text keeps to the habits of some agencies: each with the sum of its features, in [-1, 1].

    The reading quotes the first feature; the rule names the rest. An agency whose features cancel out, or of
    which there is none, is left out.
    """
    style = load_style()
    known = [name for name in agencies if any(name in by for by in style.habits)]
    if not known or _ENGLISH.search(text, 0, _LONGEST) is None:
        return
    chosen: dict[int, re.Match[str]] = {}
    mixed: set[int] = set()
    for match in style.pattern.finditer(text, 0, _LONGEST):
        choice, by = style.spellings[match[0]]
        first = chosen.get(choice)
        if first is None:
            if not _begins_sentence(text, match, style):
                chosen[choice] = match
        elif style.spellings[first[0]][1] != by:
            mixed.add(choice)
    for name in sorted(known):
        features = [
            (style.points[i] * (1 if name in style.spellings[m[0]][1] else -1), m)
            for i, m in chosen.items()
            if i not in mixed and name in style.habits[i]
        ]
        total = round(max(-MOST, min(MOST, sum(points for points, _ in features))), 2)
        leading = [m for points, m in features if points * total > 0]
        if leading:
            quoted = ", ".join(m[0] for m in leading[:_QUOTED])
            rule = f"its house style: {quoted}" if total > 0 else f"not its house style: {quoted}"
            yield name, Reading("cited", "style", *leading[0].span(), total, rule)


def _begins_sentence(text: str, match: re.Match[str], style: Style) -> bool:
    """Is the capital the sentence's, and so no choice?"""
    spelling = match[0]
    if spelling[0].lower() + spelling[1:] not in style.spellings or spelling[0].islower():
        return False
    before = text[max(0, match.start() - 3) : match.start()].rstrip(" ")
    return not before or before[-1] in _SENTENCE
