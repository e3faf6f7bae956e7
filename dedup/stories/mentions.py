"""Outlets that name each other: a line with the name, "X reported", a link to the page, a canonical URL."""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import NamedTuple

from dedup.attribution.declared import declared
from dedup.attribution.hosts import host_of, is_host
from dedup.model import Article

_HEAD, _TAIL = 2000, 1000  # code points in which a source is named
_LEAST = 5  # letters of a name that is no common word
_MOST = 40
_SUFFIXES = frozenset("co com org net ac gov edu".split())
_BEFORE = re.compile(
    r"(?:\bvia|\bsource:?|\bcourtesy of|\b(?:first|originally) (?:published|appeared|reported)(?: \w{2,4})?"
    r"|\breported by|\baccording to|\breport in)(?: the)?\s{0,2}$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(?:['’]s? [\w ]{1,40})? (?:first )?report(?:ed|s)\b")
_BYLINE = re.compile(r"\A[^.!?\n]{3,80}[,|/•–—-]\s{0,2}(?:the )?\Z", re.IGNORECASE)
_PLAIN = re.compile(r"[\W_]+")
_MARKS = (string.punctuation + string.whitespace).encode()


class Zone(NamedTuple):
    """Where a text names its source.

    Attributes:
        letters: Its ASCII letters and digits alone, folded.
        addresses: The text folded; empty where it holds no slash, and so no address of a page.
    """

    text: str
    letters: bytes
    addresses: str


class House(NamedTuple):
    """An outlet as others would name it.

    Attributes:
        name: As the source gives it.
        host: Of its pages; empty where not known.
        key: Its name in letters and digits only: "thegazette" for The Gazette, "usatoday" for usatoday.com.
        letters: What of the key is ASCII; None where the key is too short or too long to be looked for.
    """

    name: str
    host: str
    key: str
    letters: bytes | None


def house_of(article: Article) -> House:
    """The outlet of an article, by its name or else by its URL's host."""
    name = (article.outlet or "").strip()
    host = host_of(article.url) or (host_of(name) if is_host(name) else "")
    named = name if name and not is_host(name) else _label(host_of(name) or host)
    return House(name or host, host, *_key(named[: 4 * _MOST]))


@lru_cache(maxsize=4096)  # few outlets print most of what is compared
def _key(named: str) -> tuple[str, bytes | None]:
    key = _PLAIN.sub("", named.casefold()[: 4 * _MOST])
    if key.startswith("the") and len(key) > 3 + _LEAST:
        key = key[3:]
    return key, _letters(key) if _LEAST <= len(key) <= _MOST else None


def original_hosts(article: Article) -> frozenset[str]:
    """The hosts at which an article's page declares that the original stands."""
    originals = (found for found in declared(article.metadata) if found.family == "original")
    urls = (url for found in originals for party in found.parties for url in party.addresses)
    return frozenset(map(host_of, urls)) - {""}


def zone_of(text: str) -> Zone:
    """The beginning and the end of a text, where it names its source."""
    zone = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]}\n{text[-_TAIL:]}"
    folded = zone.casefold()
    return Zone(zone, _letters(folded), folded if "/" in folded else "")


def _letters(folded: str) -> bytes:
    return folded.encode("ascii", "ignore").translate(None, _MARKS)


def names(zone: Zone, house: House) -> bool:
    """Does a text name this outlet as where it is from?

    By a line of its own, or the end of a byline; by "X reported", "via X", "first published in X"; or by a link to one
    of its pages. Mentions of other sorts are no credit: a story about a broadcaster names it six times.
    """
    if house.host and house.host in zone.addresses and _links(zone.addresses, house.host):
        return True
    if house.letters is None or house.letters not in zone.letters:
        return False
    return any(_is_credit(zone.text, found) for found in _pattern(house.key).finditer(zone.text))


def _links(folded: str, host: str) -> bool:
    at = folded.find(host)
    while at >= 0:
        path = re.match(r"/[^\s/]{0,200}/?[^\s]{8}", folded[at + len(host) : at + len(host) + 220])
        if path is not None and (at == 0 or folded[at - 1] in "/. \n"):
            return True
        at = folded.find(host, at + 1)
    return False


def _is_credit(zone: str, found: re.Match[str]) -> bool:
    if not zone[found.start()].isupper():
        return False
    opening = max(zone.rfind("\n", 0, found.start()) + 1, found.start() - 120)
    ending = zone.find("\n", found.end(), found.end() + 60)
    before = zone[opening : found.start()]
    after = zone[found.end() : ending if ending >= 0 else found.end() + 60]
    if not after.strip(" \t\xa0•|.:)"):
        alone = not before.strip(" \t\xa0•|©(") or before.strip().casefold() in ("the", "by", "from")
        if alone or _BYLINE.search(before):
            return True
    return _BEFORE.search(before) is not None or _AFTER.match(after) is not None


@lru_cache(maxsize=4096)
def _pattern(key: str) -> re.Pattern[str]:
    """A name with blanks and marks anywhere between its letters."""
    return re.compile(r"(?<![^\W_])" + r"[\W_]{0,2}".join(map(re.escape, key)) + r"(?![^\W_])", re.IGNORECASE)


def _label(host: str) -> str:
    """The part of a host that names the outlet: "usatoday" of eu.usatoday.com, "bbc" of bbc.co.uk."""
    parts = host.split(".")[:-1] or [host]
    if len(parts) > 1 and parts[-1] in _SUFFIXES:
        parts.pop()
    return parts[-1]
