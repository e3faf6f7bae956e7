"""What closes a text without spelling out its agency: sign-offs, editors' initials, tags written small, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from dedup.attribution.agencies import Agencies, Agency
from dedup.attribution.reading import EDITED, Reading, weighed

_SIGN_OFF = re.compile(
    r"\((?:Additional )?(?:Reporting|Writing|Editing|Compiled|Additonal reporting"
    r"|Additional reporting) [^()\n]{2,600}"
    r"\b(?:Editing|Writing|Additional reporting|Reporting|writing|editing) by [^()\n]{2,200}\)"
    r"|\((?:Reporting|Writing|Editing) by [^()\n]{2,300}\)"
    r"|(?:^|\n)Reporting by [^()\n]{2,300}; ?(?:[Ww]riting|[Ee]diting) by [^()\n]{2,200}",
)
# Behind a full stop or on a line of their own: "a good-cop" and "3 dlrs/bbl" are cut off, not signed.
_INITIALS = re.compile(r"(?:^|\n[ \t]{0,8}|[.!?…\"”»)]\s{1,5})([a-z]{2,4}(?:[-/][a-z]{2,4}){1,4})\s{0,5}$")
_HYPHENED = re.compile(r"[a-z]{1,40}-[a-z]{1,40}")
_ADDRESS = re.compile(r"(?<=[\w.\-])@[A-Za-z][\w\-]{1,40}(?:\.[A-Za-z][\w\-]{1,20}){1,3}")
_HOUSE = re.compile(
    r"\b(?:jobs?|careers?|info|support|sales|press|help|contact|permissions|licen[cs]ing|advertising|privacy)$",
    re.I,
)
_WORDS = frozenset({"and/or", "he/she"})
_ADDRESSES = 20
_END = 6000
_LAST = 40


def find_signoffs(text: str, agencies: Agencies) -> Iterator[tuple[Agency, Reading]]:
    """Each agency that the close of a text speaks for, and the reading."""
    tail = max(0, len(text) - _END)
    if agencies.signoffs and (text.find("diting by", tail) >= 0 or text.find("eporting by", tail) >= 0):
        signed = list(_SIGN_OFF.finditer(text, tail))
        if signed:
            match = signed[-1]
            low = match.start() + (text[match.start()] == "\n")
            for agency in agencies.signoffs:
                yield agency, weighed("origin", "signoff", low, match.end(), "a sign-off of its kind")
    yield from _addresses(text, tail, agencies)
    low = max(0, len(text) - _LAST)
    if text.find("/", low) >= 0 or text.find("-", low) >= 0:
        yield from _initials(text, low, agencies)


def _initials(text: str, low: int, agencies: Agencies) -> Iterator[tuple[Agency, Reading]]:
    """ "ab/cd" of agencies that sign so, "afp/ats" of those two, "ab/afp" of a house that edits the one."""
    match = _INITIALS.search(text, low)
    if match is None or match[1] in _WORDS:
        return
    named = [agencies.named(part) for part in re.split("[-/]", match[1])]
    if not any(named):
        if _HYPHENED.fullmatch(match[1]):
            return
        for agency in agencies.initialled:
            yield agency, Reading("origin", "initials", *match.span(1), agency.initials, "a line of initials")
        return
    for tagged in named:
        if tagged is None or tagged.kind != "agency":
            continue
        if all(named):
            yield tagged, weighed("origin", "tail", *match.span(1), "tags in small letters at the end")
        else:
            yield tagged, weighed("contributor", "contributor", *match.span(1), EDITED)


def _addresses(text: str, tail: int, agencies: Agencies) -> Iterator[tuple[Agency, Reading]]:
    """The agency at whose host the writer of the text is reached ("Write to Anna Berg at ...")."""
    for match in islice(_matches(text, tail), _ADDRESSES):
        if _HOUSE.search(text, max(0, match.start() - 16), match.start()):
            continue  # where one applies or asks, not where a writer is reached
        agency = agencies.of_host(match[0][1:])
        if agency is not None and agency.kind == "agency":
            rule = "an address at its own host"
            yield agency, weighed("origin", "tail", *match.span(), rule, "address")
            return


def _matches(text: str, low: int) -> Iterator[re.Match[str]]:
    """What `_ADDRESS` finds; its sign alone is sought many times as fast."""
    at = text.find("@", low)
    while at >= 0:
        if (match := _ADDRESS.match(text, at)) is not None:
            yield match
        at = text.find("@", at + 1)
