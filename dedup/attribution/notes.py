"""What editors set beside a text: the agencies that they drew on, a note in its own name, a pointer to its pages."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dedup.attribution.lexicon import WITH
from dedup.attribution.page import Page
from dedup.attribution.reading import EDITED, Reading, weighed

_BRACKETED = 90  # code points on either side of a name within which its brackets open and close
_AT_END = 1500  # farther from the end than this, brackets close no text
_HELPED = re.compile(rf"{WITH}\s(?=\w)", re.I)
_INITIALS = 40  # code points in front of the brackets that may hold the initials of all who edited a text
_BETWEEN = re.compile(r"[\s,;/&\-]{1,20}")
_LISTED = re.compile(r"and|und|et|y|e|the|news|agency|agencies|[^\W\d_a-z][\w.'’]{0,40}|[a-z]{3}")
# A house that edits agency copy signs with its editors' initials in front: "… he said. ab/cd (TAG, TAG)".
_EDITED = re.compile(
    r"(?:^|[\s\-–])(?!and/or|he/she|km/h)[a-z]{2,4}(?:(?:[/,][a-z]{2,4}){1,7}/?|/)[\s\-–]{0,3}$"
)
_EDITED_ALONE = re.compile(r"[.!?\"”]\s{1,3}[a-z]{2,3}[\s\-–]{1,3}$")
_PARTIES = re.compile(r"[,/]")
_PARTY = 40  # code points of one that such brackets name
_HOUSE_LINE = re.compile(r"\s{0,8}[a-z]{2,4}(?:/[a-z]{2,4}){0,2}/")
_NOTE = re.compile(r"\[[^\[\]\n]{1,120}\s[-–—]\s?$|\([a-z][^()\n]{8,120}\s[-–—]\s?$")
_POINTS = re.compile(r"(?:^|[^\w])(?:More|Follow|For more|See more|Read more)\s(?:the\s)?$")
_REACH = 130


def read_note(page: Page, start: int, end: int, hosts: Sequence[str]) -> Reading | None:
    """What an editor's hand says of the agency ``[start, end)``, whose own web hosts are ``hosts``; or None."""
    text = page.text
    before = text[max(0, start - _REACH) : start].rpartition("\n")[2]
    if text[end : end + 1] in ("]", ")") and _NOTE.search(before):
        # "[the minister - TAG]" explains the agency's text in its own name.
        return weighed("origin", "witness", start, end, "a note in its own name")
    if _POINTS.search(before):
        after = text[end : end + _REACH].partition("\n")[0]
        if any(host in after for host in hosts):
            return weighed("origin", "tail", start, end, "a pointer to its own pages", "address")
    if _HOUSE_LINE.fullmatch(before) and not text[end : end + 8].partition("\n")[0].strip():
        return weighed("contributor", "contributor", start, end, EDITED)
    return _drawn_on(text, start, end)


def _drawn_on(text: str, start: int, end: int) -> Reading | None:
    """ "(With AFP and Reuters)" at the end of a text, "ab/cd (AFP, Reuters)" anywhere: a page may go on below it."""
    low, high = text.rfind("(", max(0, start - _BRACKETED), start), text.find(")", end, end + _BRACKETED)
    if low < 0 or high < 0:
        return None
    inner, above = text[low + 1 : high], text[max(0, low - _INITIALS) : low]
    closes = len(text) - high <= _AT_END
    if _EDITED.search(above):
        drawn = all(len(party) <= _PARTY for party in _PARTIES.split(inner))
    elif closes and _EDITED_ALONE.search(above):
        drawn = _names_only(inner)
    else:
        helped = _HELPED.match(inner)
        drawn = (
            closes
            and bool(helped or "agenc" in inner)
            and _names_only(inner[helped.end() if helped else 0 :])
        )
    return weighed("contributor", "contributor", start, end, EDITED) if drawn else None


def _names_only(inner: str) -> bool:
    return all(word == "" or _LISTED.fullmatch(word) for word in _BETWEEN.split(inner))
