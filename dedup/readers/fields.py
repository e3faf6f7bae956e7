"""From a record with somebody's field names to an `Article`."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from dedup.errors import InputError, SettingsError
from dedup.model import Article

Record = Mapping[str, Any]

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "maintext", "article"),
    "title": ("title", "headline"),
    "url": ("url", "link"),
    "published": ("published", "date", "date_publish", "pubdate"),
    "outlet": ("outlet", "source", "source_domain", "publisher", "domain"),
    "byline": ("byline", "author", "authors"),
    "id": ("id", "uri", "guid"),
    "language": ("language", "lang"),
}
"""Field of an article → the names it is known by, best first, in lower case (case does not matter)."""

_REMEMBERED_SHAPES = 256


class Unusable(InputError):
    """A record that is no article; ``id`` is the record's own, where it has one."""

    def __init__(self, message: str, id: str | None = None) -> None:
        super().__init__(message)
        self.id = id


class NoText(Unusable):
    """A record in which no text was found."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which key of a record holds which field (or None); ``rest`` are the keys that become metadata."""

    text: str | None
    title: str | None
    url: str | None
    published: str | None
    outlet: str | None
    byline: str | None
    id: str | None
    language: str | None
    rest: tuple[str, ...]
    ambiguous: bool


class Mapper:
    """Makes articles of records. Holds nothing of an article: only how records of a known shape are read.

    Args:
        fields: Field of an article → the column that holds it (dotted where it is nested), instead of the
        known names.

    Raises:
        SettingsError: ``fields`` names something that an article does not have.
    """

    def __init__(self, fields: Mapping[str, str] = {}) -> None:
        for name, column in fields.items():
            if name not in NAMES:
                raise SettingsError(
                    f"an article has no field {name!r} (--field {name}={column}); it has {', '.join(NAMES)}"
                )
            if not column:
                raise SettingsError(f"--field {name}= names no field of the input")
        self.fields = dict(fields)
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def article(self, record: Record) -> tuple[Article, bool]:
        """The article that ``record`` tells of, and whether its id was given (not made).

        Raises:
            NoText: There is no text in it, or one that is not a string.
        """
        keys = tuple(record)
        plan = self._plans.get(keys)
        if plan is None:
            plan = self._plan(record)
            if len(self._plans) >= _REMEMBERED_SHAPES:
                self._plans.clear()
            self._plans[keys] = plan
        if plan.ambiguous:
            plan = self._plan(record)
        text = None if plan.text is None else _value(record, plan.text)
        if not isinstance(text, str):
            raise self._no_text(record, plan, text)
        text = _plain(text)
        title = None if plan.title is None else _told(_value(record, plan.title))
        url = None if plan.url is None else _told(_value(record, plan.url))
        published = None if plan.published is None else _told(_value(record, plan.published))
        outlet = None if plan.outlet is None else _told(_value(record, plan.outlet))
        byline = None if plan.byline is None else _told(_value(record, plan.byline))
        language = None if plan.language is None else _told(_value(record, plan.language))
        given = None if plan.id is None else _told(_value(record, plan.id))
        return Article(
            given or _made_id(text, title, outlet, url, published, byline, language),
            text,
            title,
            outlet,
            url,
            published,
            byline,
            language,
            {key: record[key] for key in plan.rest},
        ), given is not None

    def absent(self, name: str, record: Record) -> bool:
        """Whether ``record`` lacks the column that ``fields`` gives for ``name``."""
        return _value(record, self.fields[name], _ABSENT) is _ABSENT

    def absence(self, names: Iterable[str], record: Record) -> str:
        """Say that the columns given for ``names`` are missing, and what there is instead."""
        asked = ", ".join(f"{self.fields[name]!r} (--field {name}={self.fields[name]})" for name in names)
        return f"no field {asked}; there is {listed(record)}"

    def knows_text(self, record: Record) -> bool:
        """Whether some field of ``record`` is where a text is looked for."""
        return self._plan(record).text is not None

    def _plan(self, record: Record) -> _Plan:
        by_name: dict[str, list[str]] = {}
        for key in record:
            by_name.setdefault(str(key).strip().lower(), []).append(key)
        chosen: dict[str, str | None] = {}
        ambiguous = False
        for name, known in NAMES.items():
            if name in self.fields:
                column = self.fields[name]
                chosen[name] = column if _value(record, column, _ABSENT) is not _ABSENT else None
                continue
            # A column that was given for one field is not read as another as well.
            candidates = [
                key for alias in known for key in by_name.get(alias, ()) if key not in self.fields.values()
            ]
            ambiguous |= len(candidates) > 1
            wanted = (str,) if name == "text" else (object,)
            filled = (key for key in candidates if isinstance(record[key], wanted) and _tells(record[key]))
            chosen[name] = next(filled, candidates[0] if candidates else None)
        used = set(chosen.values())
        # A dotted column is as good as absent from one record and present in the next of the same shape.
        nested = any(column not in record for column in self.fields.values())
        return _Plan(
            **chosen, rest=tuple(key for key in record if key not in used), ambiguous=ambiguous or nested
        )

    def _no_text(self, record: Record, plan: _Plan, text: object) -> NoText:
        id = None if plan.id is None else _told(_value(record, plan.id))
        if plan.text is None:
            if "text" in self.fields:
                return NoText(self.absence(["text"], record), id)
            return NoText(
                f"no text; there is {listed(record)}. Name the field that holds it with --field text=NAME",
                id,
            )
        return NoText(f"the text (field {plan.text!r}) is {_kind(text)}, not a string", id)


def article_from(record: Record | Article | str, *, fields: Mapping[str, str] = {}) -> Article:
    """One article out of a mapping, a bare text, or an `Article` (returned as it is, a date of its as text).

    Args:
        record: The article. A mapping is read by the field names of `NAMES`.
        fields: Field of an article → the key that holds it, as ``--field`` on the command line.

    Raises:
        InputError: The mapping holds no text, a field of the `Article` is not of its type, or it is something
            else altogether.
        SettingsError: ``fields`` names something that an article does not have.
    """
    return identified(record, _mapper(tuple(fields.items())))[0]


def identified(record: Record | Article | str, mapper: Mapper) -> tuple[Article, bool]:
    """`article_from`, with whether the id was given."""
    if isinstance(record, Article):
        return _checked(record), True
    if isinstance(record, str):
        return Article(_made_id(record), _plain(record)), False
    if isinstance(record, Mapping):
        return mapper.article(record)
    raise InputError(f"an article is a mapping, an Article or a string, not {type(record).__name__}")


def _checked(article: Article) -> Article:
    """``article``, whose fields Python lets anybody fill with anything."""
    id = article.id if isinstance(article.id, str) else None
    if not isinstance(article.text, str):
        raise NoText(f"the text is {_kind(article.text)}, not a string", id)
    if isinstance(article.published, date):
        article = replace(article, published=article.published.isoformat())
    for name in NAMES:
        value = getattr(article, name)
        if not (isinstance(value, str) or (value is None and name != "id")):
            raise Unusable(f"the {name} is {_kind(value)}, not a string", id)
        if isinstance(value, str) and type(value) is not str:
            plain: dict[str, Any] = {name: _plain(value)}
            article = replace(article, **plain)
    if not isinstance(article.metadata, Mapping):
        raise Unusable(f"the metadata is {_kind(article.metadata)}, not a mapping", id)
    return article


def _kind(value: object) -> str:
    kinds = {type(None): "null", list: "a list", dict: "an object", bool: "true or false"}
    kinds |= dict.fromkeys((int, float), "a number")
    return kinds.get(type(value), f"of type {type(value).__name__}")


@lru_cache(maxsize=32)
def _mapper(fields: tuple[tuple[str, str], ...]) -> Mapper:
    return Mapper(dict(fields))


def _made_id(
    text: str,
    title: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    published: str | None = None,
    byline: str | None = None,
    language: str | None = None,
) -> str:
    """An id for an article without one: always the same, and another where the text or a field differs.

    The URL alone would not do: an agency's write-throughs replace each other under one, and which of them
    had come first would decide what each is called.
    """
    digest = hashlib.sha256()
    for part in (text, title, outlet, url, published, byline, language):
        data = (part or "").encode("utf-8", "surrogatepass")
        # The length keeps the boundary between two parts, whatever they hold.
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return f"made-{digest.hexdigest()[:16]}"


def _plain(text: str) -> str:
    """``text`` without what a subclass of str (NumPy's, a parser's) adds to it, whatever it prints itself as."""
    return text if type(text) is str else str.__str__(text)


_ABSENT = object()


def _value(record: Record, column: str, default: object = None) -> object:
    if column in record:
        return record[column]
    value: object = record
    for step in column.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return default
        value = value[step]
    return value


def _tells(value: object) -> bool:
    # Whatever compares by element, as NumPy's arrays do, has no truth of its own; NaN is pandas' word for nothing.
    if isinstance(value, float):
        return not math.isnan(value)
    return value is not None and not (isinstance(value, (str, list, tuple, Mapping)) and not value)


def _told(value: object) -> str | None:
    """A field's value as people write it, None where it tells nothing."""
    if value is None or type(value) is str:
        return value or None
    if isinstance(value, str):
        return _plain(value) or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        # {"name": …} is schema.org's way; {"$oid": …} and {"$date": …} are MongoDB's.
        return _told(value.get("name", next(iter(value.values())) if len(value) == 1 else None))
    if isinstance(value, (list, tuple)):
        return ", ".join(told for told in map(_told, value) if told) or None
    return str(value)


def listed(record: Record, most: int = 12) -> str:
    """The names of a record's fields as they may stand in a message: cut short, and not too many."""
    # What a stranger's file calls its fields goes to a terminal: no control character may.
    names = [name if name.isprintable() else ascii(name) for name in (str(key)[:40] for key in record)]
    if not names:
        return "no field at all"
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
