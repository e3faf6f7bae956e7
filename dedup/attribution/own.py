"""Evidence that an outlet wrote the text itself: a writer without an agency, a staff byline.

A missing agency credit is no evidence of own copy; only a signature is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from dedup.attribution.agencies import Agencies
from dedup.attribution.bylines import read_field
from dedup.attribution.hosts import host_of, is_host, printed_by
from dedup.attribution.mentions import Mention, find_mentions
from dedup.model import Article

_STAFF = re.compile(
    r"\b(?:staff (?:writers?|reporters?|correspondents?|report)|special correspondents?"
    r"|our (?:own )?correspondents?|correspondent for "
    r"|(?:globe|times|post|tribune|herald|star|news|journal|gazette|courier|chronicle|sun) (?:staff"
    r"|correspondent|reporter))\b|\bstaff$|\b(?:editor|correspondent|reporter|columnist|critic)s?$",
    re.I,
)
_BYLINE = re.compile(r"[ \t]{0,8}(?:By|BY|by)[ \t]{1,60}([^\n]{3,160})")
_SIGNED_LINE = re.compile(r"\n[ \t]{0,8}[Bb][Yy][ \t]")  # what `_BYLINE` matches, sought in one go
_NAME = re.compile(r"[^\W\d_][\w.'’\-]{0,40}(?:\s[^\W\d_][\w.'’\-]{0,40}){1,4}")
_SURNAME = re.compile(r"\s[^\W\d_a-z][\w'’\-]{1,40}")
_HEAD = 1500
_TITLE = 40  # code points of a line that holds a writer's title and nothing else


@dataclass(frozen=True, slots=True)
class Own:
    """A signature of the outlet's own people at ``[start, end)``; (0, 0) for one from the byline field.

    ``staff`` says so in words; ``writer`` is a person's name with no agency beside it.
    """

    kind: Literal["staff", "writer"]
    start: int
    end: int


def find_own(article: Article, agencies: Agencies) -> Own | None:
    """The strongest signature of the outlet's own people, or None.

    A byline that names an agency is none, unless the agency itself prints the article.
    """
    found: Own | None = None
    if article.byline:
        kind = _kind(article.byline, article, agencies)
        if kind == "staff":
            return Own("staff", 0, 0)
        if kind == "writer":
            found = Own("writer", 0, 0)
    head = article.text[:_HEAD]
    first = _SIGNED_LINE.search(f"\n{head}")
    if first is None:
        return found
    at = first.start()
    signed: Own | None = None  # by the line before this one
    for line in head[at:].split("\n"):
        match = _BYLINE.match(line)
        kind = _kind(match[1], article, agencies) if match else None
        if match and kind:
            signed = Own(kind, at + match.start(1), at + match.end(1))
            found = signed if found is None or kind == "staff" else found
        elif signed and line.strip():
            # "By NAME", and below it what the writer is there.
            title = line.strip() if len(line) <= _TITLE else ""
            kind = "staff" if title and _kind(title, article, agencies) == "staff" else None
            found = Own("staff", signed.start, at + len(line.rstrip())) if kind else found
            signed = None
        if found is not None and found.kind == "staff":
            break
        at += len(line) + 1
    return found


def _kind(byline: str, article: Article, agencies: Agencies) -> Literal["staff", "writer"] | None:
    line = byline.strip()[:200]
    if agencies.pattern_for(line).search(line):
        named = [m for m in find_mentions(line, agencies) if not _person(line, m)]
        if named:
            home = printed_by(article, agencies)[0]
            return "staff" if all(home in m.agencies for m in named) else None
    if _STAFF.search(line):
        return "staff"
    house = _house(article.outlet) if article.outlet else ""
    if house and house in re.sub(r"[\W_]+", "", line.casefold()):
        return "staff"
    words = line.removeprefix("By ").removeprefix("by ")
    match = _NAME.match(words)
    return "writer" if match is not None and words[0].isupper() else None


def _person(line: str, mention: Mention) -> bool:
    """Is what spells a tag a person's first name, as in "Petra Olsen"?"""
    start, end = mention.start, mention.end
    if not mention.form.tag or line[start:end].isupper() or read_field(line, start, end, False) is not None:
        return False
    return _SURNAME.match(line, end) is not None


def _house(outlet: str) -> str:
    """An outlet's name as a byline would spell it, letters only: "usatoday" for "usatoday.com"."""
    name = host_of(outlet)
    if is_host(name):
        name = name.rsplit(".", 1)[0]
    letters = re.sub(r"[\W_]+", "", name)
    return letters if len(letters) >= 4 else ""
