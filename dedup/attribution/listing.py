"""Lists of agencies as TOML: read, validated, and extended by a user's own. `agencies.toml` documents the form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, NoReturn, get_args

from dedup.attribution import lexicon
from dedup.attribution.dateline import SHAPES, Shape
from dedup.attribution.reading import WEIGHTS
from dedup.errors import AgenciesError
from dedup.model import Role

AgencyKind = Literal["agency", "service", "wire", "republisher", "carrier", "photo"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Wording that only one agency prints, worth ``weight`` points wherever it stands."""

    text: str
    kind: str
    role: Role
    weight: float


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency; the head of `agencies.toml` says what each field means."""

    name: str
    code: str
    kind: AgencyKind
    country: str = ""
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    bracketed: tuple[str, ...] = ()
    weak: bool = False
    hosts: tuple[str, ...] = ()
    datelines: tuple[Shape, ...] = SHAPES
    phrases: tuple[Phrase, ...] = ()
    signoff: bool = False
    initials: float = 0.0
    relays: bool = False
    homonyms: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()

    @property
    def carries(self) -> bool:
        """Whether it only passes on what others wrote."""
        return self.kind in ("wire", "carrier")

    @property
    def writes(self) -> bool:
        """Whether an article can be its text."""
        return not self.carries and self.kind != "photo"


class Listed(NamedTuple):
    """One table of a list: where it stands, for messages, and its fields, each of the right type."""

    where: str
    row: dict[str, Any]


_FIELDS = tuple(f.name for f in fields(Agency))
_SCALARS = ("name", "code", "kind", "country")
_LISTS = ("names", "tags", "bracketed", "hosts", "datelines", "homonyms", "not_before", "not_after")
_BOOLS = ("relays", "weak", "signoff")
_PHRASE = ("text", "kind", "role", "weight")
_MOST = max(WEIGHTS.values())  # points that any one piece of evidence is worth
_LONGEST = 200  # letters of a name or phrase: it is looked for letter by letter
_TAKEN = frozenset({"own", "repeated", "boilerplate", "unknown"})  # what compositions have beside agencies
_HOST = re.compile(r"(?!www\.)[^\W_A-Z][\w-]{0,62}(?<![A-Z_-])(?:\.[^\W_A-Z][\w-]{0,62}(?<![A-Z_-])){1,9}")
_COUNTRY = re.compile(r"(?:[A-Z]{2})?")
_COMMON = frozenset().union(*(v for v in vars(lexicon).values() if isinstance(v, frozenset)))


def read_list(source: str) -> list[Listed]:
    """The tables of a TOML list, each by itself.

    Raises:
        AgenciesError: The TOML is damaged, a table has no name or that of another, a field is unknown or of the
            wrong type.
    """
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise AgenciesError(f"not valid TOML: {error}") from error
    except RecursionError as error:
        raise AgenciesError("not valid TOML: lists and tables lie too deep in one another") from error
    if others := sorted(set(data) - {"agency"}):
        raise AgenciesError(f"{others[0]!r} stands outside of the [[agency]] tables; move it into one")
    rows = data.get("agency")
    if not isinstance(rows, list) or not rows:
        raise AgenciesError("holds no [[agency]] table; begin each agency with that line")
    listed: dict[str, Listed] = {}
    for number, row in enumerate(rows, 1):
        item = _typed(row, f"agency {number}")
        first = listed.setdefault(item.row["name"], item)
        if first is not item:
            _refuse(item.where, "name", f"{item.row['name']!r} is claimed twice; make one table of both")
    return list(listed.values())


def extended(listed: Sequence[Listed], own: Sequence[Listed]) -> list[Agency]:
    """A list with a user's own: tables of new names are added, those of listed names extend what is there.

    Lists are appended to, everything else is replaced.

    Raises:
        AgenciesError: A field is missing, has a value that cannot work, or contradicts another.
    """
    tables = {item.row["name"]: item for item in listed}
    for item in own:
        name = item.row["name"]
        tables[name] = Listed(item.where, _joined(tables[name].row, item.row)) if name in tables else item
    agencies = {name: _agency(item) for name, item in tables.items()}
    # What is the user's own is looked at last, so that a message speaks of it and not of what was there before.
    last = {item.row["name"]: None for item in own}
    _check_claims([(tables[name].where, agencies[name]) for name in sorted(agencies, key=last.__contains__)])
    return list(agencies.values())


def _joined(row: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    added = {key: [*row.get(key, ()), *value] for key, value in more.items() if isinstance(value, list)}
    return {**row, **more, **added}


def _refuse(where: str, field: str, reason: str) -> NoReturn:
    raise AgenciesError(f"{where}: {field} {reason}")


def _typed(row: Any, where: str) -> Listed:
    """A table whose fields are known and of the right type, whatever they say."""
    if not isinstance(row, dict):
        raise AgenciesError(f"{where}: is no table; begin it with a line [[agency]]")
    if not isinstance(row.get("name"), str) or not row["name"].strip():
        _refuse(where, "name", "is missing; it must be a text")
    where = f"{where} ({row['name'][:_LONGEST]})"
    for key, value in row.items():
        if key not in _FIELDS:
            raise AgenciesError(f"{where}: unknown field {key!r}; {_meant(key, _FIELDS)}")
        if key in _SCALARS and not isinstance(value, str):
            _refuse(where, key, "must be a text")
        if key in _BOOLS and not isinstance(value, bool):
            _refuse(where, key, "must be true or false")
        if key in _LISTS and not _are_texts(value):
            _refuse(where, key, "must be a list of texts that are not empty")
        if key == "initials":
            _points(value, where, key)
        if key == "phrases":
            if not isinstance(value, list):
                _refuse(where, key, "must be a list of { text, kind, role, weight }")
            for phrase in value:
                _phrase(phrase, where)
    return Listed(where, row)


def _agency(item: Listed) -> Agency:
    """A table as an agency, once what it says makes sense together."""
    where, row = item
    for key in ("code", "kind"):
        if not row.get(key, "").strip():
            _refuse(where, key, "is missing; an agency that is not listed yet must have one")
    kind, names, tags = row["kind"], row.get("names", ()), row.get("tags", ())
    _choose(kind, get_args(AgencyKind), where, "kind")
    if row["name"].casefold() in _TAKEN:
        _refuse(where, "name", f"is {row['name']!r}, by which results call another thing; write another one")
    for shape in row.get("datelines", ()):
        _choose(shape, SHAPES, where, "datelines")
    if not _COUNTRY.fullmatch(row.get("country", "")):
        _refuse(where, "country", f'is {row["country"]!r}; write two capitals, as in "NO", or ""')
    if not names and not tags:
        raise AgenciesError(f"{where}: has neither names nor tags, so no text could name it; give it one")
    for key in ("names", "tags", "bracketed"):
        sure = key == "names" or (key == "tags" and not row.get("weak", False))
        _check_spellings(row.get(key, ()), where, key, sure=sure)
    _check_spellings((p["text"] for p in row.get("phrases", ())), where, "phrases", sure=False)
    for host in row.get("hosts", ()):
        if not _HOST.fullmatch(host):
            _refuse(
                where,
                "hosts",
                f'has {host!r}; write the bare host in small letters, as in "fjordpress.example"',
            )
    for key in ("not_before", "not_after"):
        for word in row.get(key, ()):
            if len(word.split()) > 1:
                _refuse(where, key, f"has {word!r}; it compares single words, so write one of them")
    for key in ("weak", "homonyms"):
        if row.get(key) and not tags and not row.get("bracketed"):
            _refuse(where, key, "speaks of tags, and there are none; give it tags or leave it out")
    texts = {key: tuple(dict.fromkeys(row[key])) for key in _LISTS if key in row}
    for key in ("not_before", "not_after", "homonyms"):
        texts[key] = tuple(value.casefold() for value in texts.get(key, ()))
    phrases = tuple(_phrase(phrase, where) for phrase in row.get("phrases", ()))
    agency = Agency(**{**row, **texts, "phrases": phrases, "initials": float(row.get("initials", 0.0))})
    for key in ("relays", "signoff", "initials"):
        if getattr(agency, key) and not agency.writes:
            _refuse(where, key, f"cannot be where kind is {kind!r}, which is never the origin; leave it out")
    return agency


def _check_claims(agencies: Sequence[tuple[str, Agency]]) -> None:
    """No two agencies have a name, a code or a host in common; of tags they may, and then it credits both."""
    taken: dict[tuple[str, str], str] = {}
    for where, agency in agencies:
        names = [("name", agency.name), *(("names", name) for name in agency.names)]
        hosts = [("hosts", host) for host in agency.hosts]
        phrases = [("phrases", phrase.text) for phrase in agency.phrases]
        for field, value in [*names, ("code", agency.code), *hosts, *phrases]:
            claim = ("names" if field == "name" else field, value.casefold())
            other = taken.setdefault(claim, agency.name)
            if other != agency.name:
                _refuse(where, field, f"has {value!r}, which belongs to {other}; {_extend(field, other)}")
    for where, agency in agencies:
        spellings = [("tags", tag) for tag in agency.tags]
        spellings += [("phrases", phrase.text) for phrase in agency.phrases]
        for field, value in spellings:
            other = taken.get(("names", value.casefold()), agency.name)
            if other != agency.name:
                _refuse(where, field, f"has {value!r}, which is a name of {other}; {_extend(field, other)}")


def _extend(field: str, name: str) -> str:
    remedy = "choose another" if field in ("name", "code") else "leave it out"
    return f'{remedy}, or write name = "{name}" to extend that one'


def _check_spellings(spellings: Iterable[str], where: str, key: str, *, sure: bool) -> None:
    for spelling in spellings:
        if sum(map(str.isalnum, spelling)) < 2 or spelling != " ".join(spelling.split()):
            reason = "write two letters or more, no blank around them, and single spaces between words"
            _refuse(where, key, f"has {spelling[:_LONGEST]!r}; {reason}")
        if len(spelling) > _LONGEST:
            _refuse(
                where, key, f"has {spelling[:20]!r}..., which is longer than {_LONGEST} letters; cut it short"
            )
        if sure and spelling.casefold() in _COMMON:
            remedy = "make it one of the tags, with weak = true" if key == "names" else "add weak = true"
            _refuse(where, key, f"has {spelling!r}, which is a common word; {remedy}, or leave it out")


def _phrase(row: Any, where: str) -> Phrase:
    if not isinstance(row, dict):
        _refuse(where, "phrases", "must be a list of { text, kind, role, weight }")
    for key in row:
        if key not in _PHRASE:
            raise AgenciesError(f"{where}: unknown field {key!r} of a phrase; {_meant(key, _PHRASE)}")
    for key in ("text", "kind"):
        if not isinstance(row.get(key), str) or not row[key].strip():
            _refuse(where, "phrases", f"has one without a {key}; it must be a text")
    _choose(row["kind"], WEIGHTS, where, "a phrase's kind")
    role = _choose(row.get("role", "origin"), get_args(Role), where, "a phrase's role")
    weight = _points(row.get("weight", WEIGHTS[row["kind"]]), where, "a phrase's weight")
    return Phrase(row["text"], row["kind"], role, weight)


def _choose(value: Any, known: Iterable[str], where: str, field: str) -> Any:
    if value not in list(known):
        _refuse(where, field, f"{value!r} is unknown; {_meant(str(value), known)}")
    return value


def _meant(word: str, known: Iterable[str]) -> str:
    listed = list(known)
    near = get_close_matches(word, listed, 1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(listed)}"


def _points(value: Any, where: str, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_MOST <= value <= _MOST:
        _refuse(where, field, f"is {value!r}; it must be a number from {-_MOST:g} to {_MOST:g}")
    return float(value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
