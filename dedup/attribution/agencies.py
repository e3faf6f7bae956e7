"""The closed list of agencies, compiled into one matcher.

Nothing here knows an agency by name. The matcher is one alternation factored into a prefix tree, so that
looking for hundreds of names costs little more than looking for one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from dedup.attribution.listing import Agency, Phrase, extended, read_list
from dedup.settings import Settings

__all__ = ["Agencies", "Agency", "Form", "load_agencies", "parse_agencies", "wanted_agencies"]


_FOLDED = 32  # letters of the longest name that is also looked for folded
_LONG = 5  # letters from which a name may be told with one of them wrong
_SHARED = Phrase("", "", "origin", 0.0)
_SIGN = 4  # letters of a name in which it shows that it may stand in a text


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling found in texts, and the agencies (usually one) that it names."""

    agencies: tuple[Agency, ...]
    tag: bool
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Agencies:
    """The compiled list: immutable, safe to share between threads.

    Attributes:
        forms: By spelling, with single blanks.
        pattern: Finds every spelling of `forms`.
        by_name: By name and tag in small letters, with and without "the".
        by_host: By web host, without "www.".
        signoffs: Those that a sign-off without a name points to.
        initialled: Those that a line of editors' initials points to.
        folded: By letters and digits alone: spellings that may stand in brackets, where type and OCR spoil them.
        near: Keys of `folded` by what is left of them without any one letter.
        small: Finds the spellings that begin with a small letter.
        large: Finds the others.
        signs: What the small spellings begin with.
    """

    agencies: tuple[Agency, ...]
    forms: Mapping[str, Form] = field(repr=False)
    pattern: re.Pattern[str] = field(repr=False)
    by_name: Mapping[str, Agency] = field(repr=False)
    by_host: Mapping[str, Agency] = field(repr=False)
    signoffs: tuple[Agency, ...]
    initialled: tuple[Agency, ...]
    folded: Mapping[str, Form] = field(repr=False)
    near: Mapping[str, tuple[str, ...]] = field(repr=False)
    small: re.Pattern[str] = field(repr=False)
    large: re.Pattern[str] = field(repr=False)
    signs: tuple[str, ...]

    def pattern_for(self, text: str) -> re.Pattern[str]:
        """A pattern that finds in ``text`` what ``pattern`` finds, five times as fast in most.

        Few names begin with a small letter, yet for their sake every "a" of a text would be tried. So ``large`` finds
        the others, unless one of ``signs`` shows where ``small`` may find one of these, and does.
        """
        for sign in self.signs:
            at = text.find(sign)
            while at >= 0:
                if self.small.match(text, at):
                    return self.pattern
                at = text.find(sign, at + 1)
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


def parse_agencies(source: str) -> Agencies:
    """Read and compile a TOML list of agencies that stands by itself.

    Raises:
        AgenciesError: The TOML is damaged, a field is missing, unknown or has a value that cannot work, or two
            agencies claim one name, code or host.
    """
    return _compile(extended((), read_list(source)))


@lru_cache(maxsize=8)
def load_agencies(extension: str = "") -> Agencies:
    """The list that comes with the program, extended by a user's own.

    Args:
        extension: The text of a TOML file: agencies of new names are added, those of listed names are extended.

    Raises:
        AgenciesError: As for `parse_agencies`; it tells which agency of the extension is wrong.
    """
    listed = read_list(files("dedup.attribution").joinpath("agencies.toml").read_text("utf-8"))
    return _compile(extended(listed, read_list(extension) if extension else ()))


def wanted_agencies(settings: Settings) -> Agencies | None:
    """The list to attribute by; a run without origins does not pay for compiling its patterns."""
    return load_agencies(settings.agencies) if settings.origin else None


def _compile(agencies: Sequence[Agency]) -> Agencies:
    forms: dict[str, Form] = {}
    by_name: dict[str, Agency] = {}
    by_host: dict[str, Agency] = {}
    for agency in agencies:
        by_host.update(dict.fromkeys(agency.hosts, agency))
        for spelling, form in _spellings(agency):
            known = forms.setdefault(spelling, form)
            if agency not in known.agencies:
                forms[spelling] = Form((*known.agencies, agency), tag=True)
        for spelling in (*agency.names, *agency.tags, agency.name):
            by_name.setdefault(spelling.casefold(), agency)
            by_name.setdefault(f"the {spelling.casefold()}", agency)
    small = {spelling for spelling in forms if spelling[0].islower()}
    folded = _fold_forms(forms, agencies)
    return Agencies(
        agencies=tuple(agencies),
        forms=forms,
        pattern=re.compile(_alternation(forms)),
        by_name=by_name,
        by_host=by_host,
        signoffs=tuple(a for a in agencies if a.signoff),
        initialled=tuple(a for a in agencies if a.initials > 0),
        folded=folded,
        near=_near_forms(folded),
        small=re.compile(_alternation(small) or r"(?!)"),
        large=re.compile(_alternation(spelling for spelling in forms if spelling not in small) or r"(?!)"),
        signs=_beginnings(small),
    )


def _beginnings(spellings: Iterable[str]) -> tuple[str, ...]:
    """The first letters of the spellings, those left out that begin as a shorter one does."""
    cut = {spelling.split()[0][:_SIGN] for spelling in spellings}
    return tuple(sorted(s for s in cut if not any(s[:size] in cut for size in range(1, len(s)))))


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


def _fold_forms(forms: Mapping[str, Form], agencies: Iterable[Agency]) -> dict[str, Form]:
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


def _near_forms(folded: Mapping[str, Form]) -> dict[str, tuple[str, ...]]:
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
