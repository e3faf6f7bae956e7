"""Lists of agencies as TOML: read, validated, and extended by a user's own. `agencies.toml` documents the form."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, NoReturn, cast, get_args

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
    hosts: tuple[str, ...] = ()
    homonyms: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    relays: bool = False
    dateline: bool = True
    weak: bool = False
    signoff: bool = False
    initials: float = 0.0


class Listed(NamedTuple):
    """One table of a list: where it stands, for messages, and its fields, each of the right type."""

    where: str
    row: dict[str, Any]


_FIELDS = tuple(f.name for f in fields(Agency))
_SCALARS = ("name", "code", "kind", "country")
_TEXTS = ("names", "tags", "hosts", "homonyms", "not_before", "not_after")
_BOOLS = ("relays", "dateline", "weak", "signoff")


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
    rows = data.get("agency")
    if not isinstance(rows, list) or not rows:
        raise AgenciesError("holds no [[agency]] table; give each agency one")
    if others := sorted(set(data) - {"agency"}):
        raise AgenciesError(f"{others[0]!r} stands outside of the [[agency]] tables; move it into one")
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
        AgenciesError: A field is missing, or has a value that cannot work.
    """
    tables = {item.row["name"]: item for item in listed}
    for item in own:
        name = item.row["name"]
        tables[name] = Listed(item.where, _joined(tables[name].row, item.row)) if name in tables else item
    return [_agency(item) for item in tables.values()]


def _joined(row: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    added = {key: [*row.get(key, []), *value] for key, value in more.items() if isinstance(value, list)}
    return {**row, **more, **added}


def _refuse(where: str, field: str, reason: str) -> NoReturn:
    raise AgenciesError(f"{where}: {field} {reason}")


def _typed(row: Any, where: str) -> Listed:
    """A table whose fields are known and of the right type, whatever they say."""
    if not isinstance(row, dict):
        raise AgenciesError(f"{where}: is not a table; begin it with [[agency]]")
    if not isinstance(row.get("name"), str) or not row["name"].strip():
        _refuse(where, "name", "is missing; it must be a text")
    where = f"{where} ({row['name']})"
    for key, value in row.items():
        if key not in _FIELDS:
            near = get_close_matches(key, _FIELDS, 1)
            meant = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(_FIELDS)}"
            raise AgenciesError(f"{where}: unknown field {key!r}; {meant}")
        if key in _SCALARS and not isinstance(value, str):
            _refuse(where, key, "must be a text")
        if key in _BOOLS and not isinstance(value, bool):
            _refuse(where, key, "must be true or false")
        if key in _TEXTS and not (
            isinstance(value, list) and all(isinstance(v, str) and v.strip() for v in value)
        ):
            _refuse(where, key, "must be a list of texts that are not empty")
        if key == "initials" and not _is_number(value):
            _refuse(where, key, "must be a number")
        if key == "phrases" and not (isinstance(value, list) and all(isinstance(v, dict) for v in value)):
            _refuse(where, key, "must be a list of {text, kind, role, weight}")
    return Listed(where, row)


def _agency(item: Listed) -> Agency:
    where, row = item
    for key in ("code", "kind"):
        if not row.get(key):
            _refuse(where, key, "is missing; it must be a text")
    if row["kind"] not in get_args(AgencyKind):
        _refuse(where, "kind", f"is {row['kind']!r}; it must be one of {', '.join(get_args(AgencyKind))}")
    if not row.get("names") and not row.get("tags"):
        raise AgenciesError(f"{where}: has neither names nor tags, so no text could name it")
    texts = {key: tuple(dict.fromkeys(row.get(key, ()))) for key in _TEXTS}
    for key in ("not_before", "not_after", "homonyms"):
        texts[key] = tuple(value.casefold() for value in texts[key])
    phrases = tuple(_phrase(phrase, where) for phrase in row.get("phrases", ()))
    return Agency(**{**row, **texts, "phrases": phrases, "initials": float(row.get("initials", 0.0))})


def _phrase(row: dict[str, Any], where: str) -> Phrase:
    if set(row) != {f.name for f in fields(Phrase)}:
        raise AgenciesError(f"{where}: a phrase needs exactly text, kind, role and weight")
    if not isinstance(row["text"], str) or not row["text"].strip() or not isinstance(row["kind"], str):
        raise AgenciesError(f"{where}: a phrase's text and kind must be texts that are not empty")
    if row["role"] not in get_args(Role):
        raise AgenciesError(f"{where}: role {row['role']!r} must be one of {', '.join(get_args(Role))}")
    if not _is_number(row["weight"]):
        raise AgenciesError(f"{where}: a phrase's weight must be a number")
    return Phrase(row["text"], row["kind"], cast("Role", row["role"]), float(row["weight"]))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
