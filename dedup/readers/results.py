"""What an earlier run wrote: one article of its folder, and what belongs to it, without loading the rest."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import orjson

from dedup.errors import InputError
from dedup.readers.identity import shown
from dedup.readers.jsonl import DECODER
from dedup.readers.shapes import misshapen

Record = dict[str, Any]

_ID = b'{"id":"'
_KEYS = {
    "articles.jsonl": ("id", "origin", "credits"),
    "clusters.jsonl": ("id", "size", "members"),
    "matches.jsonl": ("a", "b", "a_start", "a_end", "b_start", "b_end", "kind"),
}
_NEAR = 3  # ids to suggest
_LOOKED_AT = 200  # code points of an id by which another is near


class Results:
    """The folder of a run, read line by line: memory follows what is asked for, not the size of the run."""

    def __init__(self, folder: Path) -> None:
        """Open the results in ``folder``.

        Raises:
            InputError: There is no such folder, or it holds something else.
        """
        self.folder = folder
        if not folder.is_dir():
            what = "is no folder" if folder.exists() else "there is no such folder"
            raise InputError(f"{folder}: {what}; name the one that `dedup run` wrote (--out)")
        if not (folder / "summary.json").is_file() or not (folder / "articles.jsonl").is_file():
            raise InputError(f"{folder}: holds no results; name the folder that `dedup run` wrote (--out)")
        self.summary = self._summary()

    def article(self, id: str) -> Record:
        """The article called ``id``, or the only one whose id begins so.

        Raises:
            InputError: There is none; the message says which ids are near, or why it was rejected.
        """
        exact = self.articles({id})
        if exact:
            return exact[id]
        begun: list[str] = []
        near: list[tuple[float, str]] = []
        wanted = _bigrams(id)
        for line in self._lines("articles.jsonl"):
            other = self._id(line, "articles.jsonl")
            if id and other.startswith(id) and len(begun) <= _NEAR:
                begun.append(other)
            alike = _likeness(wanted, _bigrams(other))
            if alike > 0 and (len(near) < _NEAR or alike > near[0][0]):
                (heapq.heappush if len(near) < _NEAR else heapq.heappushpop)(near, (alike, other))
        if len(begun) == 1:
            return self.articles({begun[0]})[begun[0]]
        suggested = begun[:_NEAR] or [other for _, other in sorted(near, reverse=True)]
        raise InputError(f"{self.folder}: {self._absence(id, len(begun))}{_hint(suggested)}")

    def articles(self, ids: Collection[str]) -> dict[str, Record]:
        """The articles of these ids, as far as there are any, by id."""
        found: dict[str, Record] = {}
        for line in self._lines("articles.jsonl"):
            if len(found) == len(ids):
                break
            id = self._id(line, "articles.jsonl")
            if id in ids:
                found[id] = self._record(line, "articles.jsonl")
        return found

    def cluster(self, id: str | None) -> Record | None:
        """The cluster called ``id``."""
        return next(self._holding("clusters.jsonl", id, lambda r: r.get("id") == id), None) if id else None

    def matches(self, id: str) -> list[Record]:
        """The passages that the article ``id`` shares, in the order of the file."""
        return list(self._holding("matches.jsonl", id, lambda r: id in (r.get("a"), r.get("b"))))

    def _holding(self, name: str, id: str, fits: Callable[[Record], bool]) -> Iterator[Record]:
        """The records of a file that fit; only lines that hold the id are read."""
        sign = _as_json(id)
        for line in self._lines(name):
            if sign in line:
                record = self._record(line, name)
                if fits(record):
                    yield record

    def _lines(self, name: str) -> Iterator[bytes]:
        path = self.folder / name
        try:
            with path.open("rb") as file:
                yield from file
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error

    def _id(self, line: bytes, name: str) -> str:
        # Most lines are not looked at any further.
        if line.startswith(_ID):
            end = line.find(b'"', len(_ID))
            if b"\\" not in line[len(_ID) : end]:
                return line[len(_ID) : end].decode("utf-8", "replace")
        return str(self._record(line, name).get("id"))

    def _record(self, line: bytes, name: str) -> Record:
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError:
            try:
                record = DECODER.decode(line.decode("utf-8", "replace"))
            except (ValueError, RecursionError) as error:
                raise InputError(f"{self.folder / name}: a line of it is damaged ({error})") from error
        lacking = [key for key in _KEYS.get(name, ()) if not isinstance(record, dict) or key not in record]
        if lacking:
            raise InputError(f"{self.folder / name}: a line of it lacks {lacking[0]!r}; run dedup again")
        if (field := misshapen(name, record)) is not None:
            raise InputError(
                f"{self.folder / name}: a line of it has a {field!r} that dedup does not write; run it again"
            )
        return dict(record)

    def _summary(self) -> Record:
        path = self.folder / "summary.json"
        try:
            summary = json.loads(path.read_bytes().decode("utf-8", "replace"))
        except (OSError, ValueError, RecursionError) as error:
            raise InputError(f"{path}: cannot be read: {error}") from error
        if not isinstance(summary, dict):
            raise InputError(f"{path}: is no summary of a run")
        return summary

    def _absence(self, id: str, begun: int) -> str:
        if (self.folder / "rejects.jsonl").is_file():
            for reject in self._holding("rejects.jsonl", id, lambda r: r.get("id") == id):
                line = f":{reject['line']}" if reject.get("line") is not None else ""
                place = f"{reject.get('source')}{line}"
                return f"article {shown(id)} was rejected: {place}: {reject.get('reason')}"
        several = f"; {'more than ' if begun > _NEAR else ''}{min(begun, _NEAR)} begin so" if begun else ""
        return f"there is no article {shown(id)}{several}"


def _as_json(id: str) -> bytes:
    """An id as the writer of results spells it."""
    try:
        return orjson.dumps(id)
    except TypeError:
        return json.dumps(id, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _bigrams(id: str) -> set[str]:
    folded = id[:_LOOKED_AT].casefold()
    return {folded[k : k + 2] for k in range(len(folded) - 1)} or {folded}


def _likeness(one: set[str], other: set[str]) -> float:
    """Of the pairs of letters that two ids have, twice the common over all (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other))


def _hint(ids: list[str]) -> str:
    return f"; do you mean {' or '.join(shown(id) for id in ids)}?" if ids else ""
