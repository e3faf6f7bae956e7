"""The closed list of agencies: read from `agencies.toml`, validated, and compiled into one matcher.

Nothing here knows an agency by name. The matcher is one alternation factored into a prefix tree, so that
looking for hundreds of names costs little more than looking for one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast, get_args

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


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling found in texts, and the agencies (usually one) that it names."""

    agencies: tuple[Agency, ...]
    tag: bool
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Agencies:
    """The compiled list: immutable, safe to share between threads."""

    agencies: tuple[Agency, ...]
    forms: Mapping[str, Form] = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)
    by_name: Mapping[str, Agency] = field(repr=False)
    by_host: Mapping[str, Agency] = field(repr=False)
    signoffs: tuple[Agency, ...] = ()
    initialled: tuple[Agency, ...] = ()
    folded: Mapping[str, Form] = field(default_factory=dict, repr=False)
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    small: tuple[tuple[str, re.Pattern[str]], ...] = field(default=(), repr=False)
    large: re.Pattern[str] = field(default=re.compile(""), repr=False)

    def pattern_for(self, text: str) -> re.Pattern[str]:
        """A pattern that finds in ``text`` what ``pattern`` finds, five times as fast in most.

        Few names begin with a small letter, yet for their sake every "a" of a text would be tried.
        """
        for sign, begins in self.small:  # a loop, since a generator takes as long as the search itself
            if sign in text and begins.search(text) is not None:
                return self.pattern
        return self.large

    def form(self, spelling: str) -> Form:
        """The form that a match of ``pattern`` spells; blanks inside may differ."""
        found = self.forms.get(spelling)
        return found if found is not None else self.forms[" ".join(spelling.split())]

    def named(self, text: str) -> Agency | None:
        """The agency whose name or tag ``text`` is, whole and in any case, or None."""
        return self.by_name.get(" ".join(text.split()).casefold())

    def of_host(self, host: str) -> Agency | None:
        """The agency that owns a web host or one of its parent domains, or None."""
        host = host.casefold().removeprefix("www.")
        while host:
            if host in self.by_host:
                return self.by_host[host]
            _, _, host = host.partition(".")
        return None


def parse_agencies(source: str, name: str = "agencies") -> Agencies:
    """Read a TOML list of agencies.

    Raises:
        AgenciesError: The TOML is damaged, a field is missing, unknown or of the wrong type, or two agencies
        claim
            one name, code or host.
    """
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise AgenciesError(f"{name}: not valid TOML: {error}") from error
    rows = data.get("agency")
    if not isinstance(rows, list) or not rows:
        raise AgenciesError(f"{name}: holds no [[agency]] table")
    return _compile([_agency(row, f"{name}: agency {i}") for i, row in enumerate(rows, 1)], name)


@cache
def load_agencies() -> Agencies:
    """The list that comes with the program (a constant, read once)."""
    path = files("dedup.attribution").joinpath("agencies.toml")
    return parse_agencies(path.read_text("utf-8"), "agencies.toml")


_FOLDED = 32  # letters of the longest name that is also looked for folded
_LONG = 5  # letters from which a name may be told with one of them wrong
_SHARED = Phrase("", "", "origin", 0.0)
_SIGN = 4  # letters of a name in which it shows that it may stand in a text
_TEXTS = ("names", "tags", "bracketed", "hosts", "homonyms", "not_before", "not_after")
_BOOLS = ("relays", "dateline", "weak", "signoff")


def _agency(row: Any, where: str) -> Agency:
    if not isinstance(row, dict):
        raise AgenciesError(f"{where}: is not a table")
    for key in ("name", "code", "kind"):
        if not isinstance(row.get(key), str) or not row[key]:
            raise AgenciesError(f"{where}: {key} is missing; it must be a text")
    where = f"{where} ({row['name']})"
    unknown = sorted(set(row) - {f.name for f in fields(Agency)})
    if unknown:
        raise AgenciesError(f"{where}: unknown field {unknown[0]!r}")
    if row["kind"] not in get_args(AgencyKind):
        raise AgenciesError(
            f"{where}: kind is {row['kind']!r}; it must be one of {', '.join(get_args(AgencyKind))}"
        )
    values: dict[str, Any] = dict(row)
    for key in _TEXTS:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise AgenciesError(f"{where}: {key} must be a list of texts that are not empty")
        values[key] = tuple(value)
    for key in _BOOLS:
        if not isinstance(row.get(key, False), bool):
            raise AgenciesError(f"{where}: {key} must be true or false")
    if not values["names"] and not values["tags"]:
        raise AgenciesError(f"{where}: has neither names nor tags, so no text could name it")
    for key in ("not_before", "not_after", "homonyms"):
        values[key] = tuple(v.casefold() for v in values[key])
    values["initials"] = _number(row.get("initials", 0.0), f"{where}: initials")
    values["phrases"] = tuple(_phrase(p, where) for p in row.get("phrases", []))
    return Agency(**values)


def _phrase(row: Any, where: str) -> Phrase:
    if not isinstance(row, dict) or set(row) != {f.name for f in fields(Phrase)}:
        raise AgenciesError(f"{where}: a phrase needs exactly text, kind, role and weight")
    if not isinstance(row["text"], str) or not row["text"].strip() or not isinstance(row["kind"], str):
        raise AgenciesError(f"{where}: a phrase's text and kind must be texts that are not empty")
    if row["role"] not in get_args(Role):
        raise AgenciesError(f"{where}: role {row['role']!r} must be one of {', '.join(get_args(Role))}")
    return Phrase(
        row["text"], row["kind"], cast("Role", row["role"]), _number(row["weight"], f"{where}: weight")
    )


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AgenciesError(f"{where} must be a number")
    return float(value)


def _compile(agencies: list[Agency], where: str) -> Agencies:
    forms: dict[str, Form] = {}
    by_name: dict[str, Agency] = {}
    by_host: dict[str, Agency] = {}
    seen: dict[tuple[str, str], str] = {}
    for agency in agencies:
        for field_name, value in (("name", agency.name), ("code", agency.code)):
            other = seen.setdefault((field_name, value), agency.name)
            if other is not agency.name:
                raise AgenciesError(
                    f"{where}: {field_name} {value!r} is claimed twice, by {other} and {agency.name}"
                )
        for host in agency.hosts:
            if by_host.setdefault(host, agency) is not agency:
                raise AgenciesError(
                    f"{where}: host {host!r} is claimed by {by_host[host].name} and {agency.name}"
                )
        for spelling, form in _spellings(agency):
            known = forms.get(spelling)
            if known is None or agency in known.agencies:
                forms.setdefault(spelling, form)
            elif known.tag and form.tag:
                forms[spelling] = Form((*known.agencies, agency), tag=True)
            else:
                raise AgenciesError(
                    f"{where}: {spelling!r} names both {known.agencies[0].name} and {agency.name}"
                )
        for spelling in (*agency.names, *agency.tags, agency.name):
            by_name.setdefault(spelling.casefold(), agency)
            by_name.setdefault(f"the {spelling.casefold()}", agency)
    small = {spelling for spelling in forms if spelling[0].islower()}
    folded = fold_forms(forms, agencies)
    return Agencies(
        agencies=tuple(agencies),
        forms=forms,
        pattern=re.compile(_alternation(forms)),
        by_name=by_name,
        by_host=by_host,
        signoffs=tuple(a for a in agencies if a.signoff),
        initialled=tuple(a for a in agencies if a.initials > 0),
        folded=folded,
        near=near_forms(folded),
        small=tuple((sign, re.compile(_beginning(sign, small))) for sign in _signs(small)),
        large=re.compile(_alternation(spelling for spelling in forms if spelling not in small) or r"(?!)"),
    )


def _spellings(agency: Agency) -> Iterable[tuple[str, Form]]:
    for phrase in agency.phrases:
        yield phrase.text, Form((agency,), tag=False, phrase=phrase)
    for tag in agency.tags:
        yield tag, Form((agency,), tag=True)
    for name in agency.names:
        form = Form((agency,), tag=False)
        yield name, form
        yield name.upper(), form


def fold(spelling: str) -> str:
    """Letters and digits alone, without case and accents: what is left of "A. F. P.", "Havàs", "( R e u t e r . )"."""
    if not spelling.isascii():
        spelling = unicodedata.normalize("NFKD", spelling)
    return "".join(filter(str.isalnum, spelling.casefold()))


def fold_forms(forms: Mapping[str, Form], agencies: Iterable[Agency]) -> dict[str, Form]:
    """What may stand folded in brackets: the agencies' short names and tags, but for those that two of them share."""
    folded: dict[str, Form] = {}
    bracketed = [(spelling, Form((a,), tag=True)) for a in agencies for spelling in a.bracketed]
    for spelling, form in [*forms.items(), *bracketed]:
        agency = form.agencies[0]
        key = fold(spelling)
        if form.phrase is None and agency.kind == "agency" and key.isascii() and 1 < len(key) <= _FOLDED:
            known = folded.setdefault(key, form)
            if known.agencies != form.agencies:
                folded[key] = Form(known.agencies, tag=True, phrase=_SHARED)
    return {key: form for key, form in folded.items() if form.phrase is not _SHARED}


def near_forms(folded: Mapping[str, Form]) -> dict[str, tuple[str, ...]]:
    """The long folded names by what is left of them without any one of their letters.

    Two spellings are one error apart only if they agree when each loses one letter at most: so a name that OCR spoilt
    is found by as many look-ups as it has letters.
    """
    near: dict[str, tuple[str, ...]] = {}
    for key in sorted(folded):
        if len(key) >= _LONG:
            for shorter in sorted(set(less_one(key))):
                near[shorter] = (*near.get(shorter, ()), key)
    return near


def less_one(word: str) -> Iterable[str]:
    """The word with each of its letters left out in turn."""
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def _signs(spellings: Iterable[str]) -> Iterable[str]:
    """The first letters of the spellings, but for those that begin with others."""
    signs = sorted({spelling[:_SIGN] for spelling in spellings})
    return (s for s in signs if not any(s != other and s.startswith(other) for other in signs))


def _beginning(sign: str, spellings: Iterable[str]) -> str:
    """What follows where one of the spellings that begin with ``sign`` stands: its first word, whole.

    The sign comes first, which a search finds fast; so "sda" is not looked for on every "Wednesday".
    """
    words = sorted(
        {spelling.split()[0].removeprefix(sign) for spelling in spellings if spelling.startswith(sign)}
    )
    return f"{re.escape(sign)}(?:{'|'.join(map(re.escape, words))})(?!\\w)"


def _alternation(spellings: Iterable[str]) -> str:
    """A regular expression for the spellings, longest first, that reads each character once."""
    tree: dict[str, Any] = {}
    for spelling in spellings:
        node = tree
        for char in spelling:
            node = node.setdefault(char, {})
        node[""] = r"(?!\w)" if spaced(spelling[-1]) else ""
    return _branch(tree)


def spaced(char: str) -> bool:
    """Do blanks divide the words of this letter's script, so that a name must end where a word does?

    Han, Kana and Thai run on, and Hangul's particles cling to the name.
    """
    runs_on = "\u0e00" <= char <= "\u0eff" or "\u1100" <= char <= "\u11ff" or "\u2e80" <= char <= "\ud7ff"
    return char.isalnum() and not runs_on


def _branch(node: Mapping[str, Any]) -> str:
    end = node.get("")
    branches = []
    for char in sorted(key for key in node if key):
        literal = r"\s{1,3}" if char == " " else re.escape(char)
        branches.append(literal + _branch(node[char]))
    if not branches:
        return cast("str", end)
    joined = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    if end is None:
        return joined
    return f"(?:{joined}|{end})" if end else f"(?:{joined})?"
