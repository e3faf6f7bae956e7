"""JSON documents: a list of articles, one article, or an object that holds the list under a common key.

The document is walked item by item, so that every article has a line and those before a break are not lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dedup.readers.jsonl import DECODER, kind
from dedup.readers.log import SourceLog

LIST_KEYS = ("articles", "items", "results", "data", "records", "docs", "stories", "entries")
"""Keys under which an object may hold its articles, best first."""

_SPACE = re.compile(r"[ \t\r\n]*")


def records(
    text: str, is_article: Callable[[dict[str, Any]], bool], log: SourceLog
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line and object of every article in the document ``text``.

    An object for which ``is_article`` holds is an article itself, whatever lists it has.
    """
    walk = _Walk(text)
    found: Iterator[tuple[int, object]]
    if walk.at("["):
        found = walk.items()
    elif walk.at("{"):
        found = iter(_enveloped(walk, is_article))
    else:
        if walk.pos < len(text):
            log.reject(walk.line(), "not JSON: neither an object nor a list")
        return
    try:
        for line, record in found:
            if isinstance(record, dict):
                yield line, record
            else:
                log.reject(line, f"an article is an object, not {kind(record)}")
        walk.done()
    except json.JSONDecodeError as error:
        log.reject(error.lineno, f"not JSON: {error.msg} at column {error.colno}; nothing after it was read")
    except (RecursionError, ValueError) as error:
        log.reject(walk.line(), f"not JSON that can be read: {error}; nothing after it was read")


def _enveloped(walk: _Walk, is_article: Callable[[dict[str, Any]], bool]) -> Iterator[tuple[int, object]]:
    start = walk.line()
    members: dict[str, Any] = {}
    lists: dict[str, list[tuple[int, object]]] = {}
    broken: Exception | None = None
    try:
        for key in walk.names():
            if key in LIST_KEYS and walk.at("["):
                lists[key] = []
                for item in walk.items():
                    lists[key].append(item)
                members[key] = [item for _, item in lists[key]]
            else:
                members[key] = walk.value()
    except (RecursionError, ValueError) as error:
        broken = error
    name = next((key for key in LIST_KEYS if key in lists), None)
    if name is not None and not is_article(members):
        yield from lists[name]
    elif broken is None:
        yield start, members
    if broken is not None:
        raise broken


@dataclass(slots=True)
class _Walk:
    """A place in a JSON document, and the line it is on."""

    text: str
    pos: int = 0
    _counted: int = 0
    _lines: int = 1

    def line(self) -> int:
        self._lines += self.text.count("\n", self._counted, self.pos)
        self._counted = self.pos
        return self._lines

    def at(self, char: str) -> bool:
        self._skip()
        return self.text.startswith(char, self.pos)

    def value(self) -> object:
        self._skip()
        value, self.pos = DECODER.raw_decode(self.text, self.pos)
        return value

    def items(self) -> Iterator[tuple[int, object]]:
        for _ in self._members("[", "]"):
            self._skip()
            line = self.line()
            yield line, self.value()

    def names(self) -> Iterator[str]:
        for _ in self._members("{", "}"):
            key = self.value()
            if not isinstance(key, str):
                raise self._expected("a name in double quotes")
            self._take(":")
            yield key

    def done(self) -> None:
        self._skip()
        if self.pos < len(self.text):
            raise self._expected("the end of the document")

    def _members(self, opening: str, closing: str) -> Iterator[None]:
        self._take(opening)
        if self.at(closing):
            self._take(closing)
            return
        while True:
            yield
            if self.at(closing):
                self._take(closing)
                return
            self._take(",")

    def _take(self, char: str) -> None:
        if not self.at(char):
            raise self._expected(repr(char))
        self.pos += 1

    def _skip(self) -> None:
        space = _SPACE.match(self.text, self.pos)
        self.pos = self.pos if space is None else space.end()

    def _expected(self, what: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(f"Expecting {what}", self.text, self.pos)
