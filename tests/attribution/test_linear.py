"""Reading credits takes time in proportion to the text, whatever the text.

Shown in two halves, neither of them timed. Of every regular expression it is worked out from its parsed form how many
steps one attempt to match may take at most: finitely many, and not too many, so that a search takes at most so many a
character. And the calls that reading a bait makes are counted: four times the bait, no more than four times the calls.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import dedup.attribution
from benchmarks.bait import BAITS
from dedup.attribution.agencies import load_agencies
from dedup.attribution.origin import attribute
from dedup.attribution.style import load_style
from dedup.model import Article

MADE_OF_DATA = ("agencies", "style")  # their expressions are looked at all the same
STEPS = 1_000_000  # of one attempt, by a count that takes every detour for possible
SIZE = 3000  # code points of the bait

C: Any = re._constants  # type: ignore[attr-defined]
PARSER: Any = re._parser  # type: ignore[attr-defined]
COMPILER: Any = re._compiler  # type: ignore[attr-defined]
REPEATS = (C.MAX_REPEAT, C.MIN_REPEAT, C.POSSESSIVE_REPEAT)
LOOKS = (C.ASSERT, C.ASSERT_NOT)
CLASSES = (C.LITERAL, C.NOT_LITERAL, C.IN, C.ANY)
ENDLESS = float("inf")
# Letters, digits and blanks of several scripts; what the patterns name themselves lies in here or is added.
ALPHABET = [
    chr(i) for i in (*range(0x300), 0x2028, 0x3000, 0x416, 0x645, 0x967, 0x96F8, 0xD55C, 0xD800, 0x1F600)
]


def modules() -> list[Any]:
    found = pkgutil.iter_modules(dedup.attribution.__path__, "dedup.attribution.")
    return [importlib.import_module(module.name) for module in found]


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every expression that a module of the package holds, or writes down where it is used."""
    for module in modules():
        name = module.__name__.rpartition(".")[2]
        for attribute_, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{name}.{attribute_}", value
        for call in calls_of_re(module):
            if call.func.attr != "compile":  # type: ignore[attr-defined]
                yield f"{name}, line {call.lineno}", re.compile(ast.literal_eval(call.args[0]))
    listed = load_agencies()
    for attribute_ in listed.__slots__:
        if isinstance(value := getattr(listed, attribute_), re.Pattern):
            yield f"agencies: {attribute_}", value
    yield "style: pattern", load_style().pattern


def calls_of_re(module: Any) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "re" and node.func.attr != "escape":
                yield node


class Analysis:
    """How many steps one attempt of a pattern takes at most, by its parsed form.

    A sequence takes the steps of its first item, and those of the rest for each of the ways in which the first can
    match. A repeated class has one way only where something follows that the class excludes, or nothing at all.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        # Where a part of it minds no case, none does here: more characters seem to be the same.
        self.flags = pattern.flags | (re.I if "(?i:" in pattern.pattern else 0)
        self.tree = list(PARSER.parse(pattern.pattern, pattern.flags))

    def steps(self) -> float:
        return self._sequence(self.tree, [], last=True)[0]

    def _sequence(self, items: list[Any], behind: list[Any], last: bool) -> tuple[float, float]:
        """Steps and ways of items in a row; ``last``: nothing must stand ``behind`` that could make one give back."""
        steps, ways = 0.0, 1.0
        for at, item in enumerate(items):
            rest = items[at + 1 :]
            optional = all(op in REPEATS and value[0] == 0 for op, value in rest)
            own_steps, own_ways = self._item(item, [*rest, *behind], last and optional)
            steps += ways * own_steps
            ways *= own_ways
        return steps, ways

    def _item(self, item: Any, behind: list[Any], last: bool) -> tuple[float, float]:
        op, value = item
        if op in CLASSES or op in (C.AT, C.GROUPREF):
            return 1, 1
        if op in LOOKS:
            return self._sequence(list(value[1]), [], last=False)[0], 1
        if op is C.ATOMIC_GROUP:
            return self._sequence(list(value), behind, last)[0], 1
        if op is C.SUBPATTERN:
            return self._sequence(list(value[3]), behind, last)
        if op is C.BRANCH:
            return self._branch([list(branch) for branch in value[1]], behind, last)
        assert op in (C.MAX_REPEAT, C.MIN_REPEAT, C.POSSESSIVE_REPEAT), op
        least, most, body = value
        if most is C.MAXREPEAT:
            # At a pattern's end it never gives back, and a search goes on behind it: each character is read once.
            return (1, 1) if last and op is C.MAX_REPEAT and is_class(list(body)) else (ENDLESS, ENDLESS)
        return self._repeat(item, least, most, list(body), behind, last)

    def _branch(self, branches: list[list[Any]], behind: list[Any], last: bool) -> tuple[float, float]:
        """Only branches that may begin with the same character are tried one after another."""
        read = [(self._first([*way, *behind]), *self._sequence(way, behind, last)) for way in branches]
        together = [[r for r in read if r[0] is None or char in r[0]] for char in ALPHABET]
        steps = len(branches) + max(sum(steps for _, steps, _ in each) for each in together)
        return steps, max(1.0, *(sum(ways for _, _, ways in each) for each in together))

    def _repeat(
        self, item: Any, least: int, most: int, body: list[Any], behind: list[Any], last: bool
    ) -> tuple[float, float]:
        steps, ways = self._sequence(body, [item, *behind], last=False)
        first, follows = self._first(body), self._first(behind)
        parted = first is not None and follows is not None and not first & follows
        turns = [ways**turn for turn in range(most + 1)]
        ending = last or item[0] is C.POSSESSIVE_REPEAT or parted
        return sum(turns[:most]) * steps, max(turns[least:]) if ending else sum(turns[least:])

    def _first(self, items: list[Any]) -> frozenset[str] | None:
        """The characters that a match may begin with; None where it may be empty."""
        found: frozenset[str] = frozenset()
        for op, value in items:
            first: frozenset[str] | None
            if op in CLASSES:
                return found | members((op, value), self.flags)
            if op is C.AT and value in (C.AT_END, C.AT_END_STRING):
                return found | {"\n"}
            if op is C.AT or op in LOOKS:
                continue
            if op is C.BRANCH:
                firsts = [self._first(list(branch)) for branch in value[1]]
                first = None if None in firsts else frozenset().union(*(f for f in firsts if f is not None))
            else:
                inner = value if op is C.ATOMIC_GROUP else value[3] if op is C.SUBPATTERN else value[2]
                first = self._first(list(inner))
            if first is None:
                return None
            found |= first
            if op not in REPEATS or value[0] > 0:
                return found
        return None


def is_class(items: list[Any]) -> bool:
    return len(items) == 1 and items[0][0] in CLASSES


KNOWN: dict[tuple[str, int], frozenset[str]] = {}


def members(item: Any, flags: int) -> frozenset[str]:
    """What of the alphabet a class holds."""
    key = repr(item), flags
    if key not in KNOWN:
        KNOWN[key] = _members(item, flags)
    return KNOWN[key]


def _members(item: Any, flags: int) -> frozenset[str]:
    """Asked of the very matcher that the program uses."""
    state = PARSER.State()
    state.flags, state.str = flags, ""
    matcher = COMPILER.compile(PARSER.SubPattern(state, [item]), flags)
    return frozenset(char for char in ALPHABET if matcher.match(char))


def pairs() -> list[Any]:
    return [pytest.param(pattern, id=name) for name, pattern in patterns()]


def test_every_expression_is_found() -> None:
    """Compiled ones stand at the top of their module, but for those made of data."""
    for module in modules():
        held = [value for value in vars(module).values() if isinstance(value, re.Pattern)]
        written = [call for call in calls_of_re(module) if call.func.attr == "compile"]  # type: ignore[attr-defined]
        if module.__name__.rpartition(".")[2] not in MADE_OF_DATA:
            assert len(written) == len(held), module.__name__


@pytest.mark.parametrize("pattern", pairs())
def test_an_attempt_to_match_takes_a_bounded_number_of_steps(pattern: re.Pattern[str]) -> None:
    assert Analysis(pattern).steps() <= STEPS


@pytest.mark.parametrize(
    "source",
    [r"(a+)+b", r"(a|a){1,40}b", r"\w+\s", r"(?:\w{0,30}\s?){0,9}x", r"[^\n]*?x", r"(?=\w+)", r"(?:ab)*c"],
)
def test_the_analysis_finds_what_takes_too_many(source: str) -> None:
    assert Analysis(re.compile(source)).steps() > STEPS


@pytest.mark.parametrize(
    "source", [r"\w{0,30}\s", r"(?:\w{1,30}\s){0,9}x", r"[^\n]{0,90}?\bsaid", r"[^\s,]+|,"]
)
def test_the_analysis_lets_pass_what_does_not(source: str) -> None:
    assert Analysis(re.compile(source)).steps() <= STEPS


def calls(text: str) -> int:
    """How many functions, ours and built-in ones, are called to read a text."""
    article = Article("bait", text, title=text, byline=text)
    count = 0

    def counted(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        attribute(article)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("bait", [pytest.param(bait, id=name) for name, bait in BAITS.items()])
def test_four_times_the_text_takes_four_times_the_calls(bait: Callable[[int], str]) -> None:
    first, fourfold = calls(bait(SIZE)), calls(bait(4 * SIZE))
    assert fourfold <= 4 * first + 500
