"""Evidence from the fields beside the text: byline, title, outlet, URLs, and what feeds and pages declare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from dedup.attribution.agencies import Agencies, Agency
from dedup.attribution.bylines import read_field
from dedup.attribution.declared import Declared, Party, declared
from dedup.attribution.hosts import host_of, printed_by
from dedup.attribution.lexicon import WITH
from dedup.attribution.mentions import chains, find_mentions
from dedup.attribution.page import read_page
from dedup.attribution.photos import read_photo
from dedup.attribution.reading import WEIGHTS
from dedup.attribution.unnamed import find_unnamed, may_name_nobody
from dedup.model import Article, Credit, Role

_LONGEST = 400
_TITLE_TAG = re.compile(r"\(([^()]{2,40})\)\s{0,20}$")
_DATELINE_TAG = re.compile(r"\(([^()]{2,40})\)|/([^/\s]{2,20})/")
_WITH = re.compile(rf"\b{WITH}\s(?:the\s|l['’])?$", re.I)
_PIECES = re.compile(r"\s{0,20}(?:[,;|/]|\band\b|\bund\b|\bet\b|&)\s{0,20}", re.I)
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright|\brights?\b)[\s©\d,&™®\-–.:;]{0,24}(?:by\s|bei\s)?(?:the\s)?$", re.I
)
_SHORT = 4  # a tag of so few letters is no slug: only its own spelling counts


def field_credits(article: Article, agencies: Agencies) -> Iterator[Credit]:
    """Credits that an article's fields carry; their span is (0, 0) and their text quotes the field.

    Of what several fields declare alike (an author field, JSON-LD and a meta tag) the first is told.
    """
    seen: set[tuple[str | None, Role, str]] = set()
    for credit in _all(article, agencies):
        said = (credit.agency, credit.role, credit.kind)
        if said not in seen:
            seen.add(said)
            yield credit


def _all(article: Article, agencies: Agencies) -> Iterator[Credit]:
    if article.byline:
        yield from _byline(article.byline[:_LONGEST], agencies, "the byline field")
    if article.title:
        yield from _title(article.title, agencies)
    yield from _host(article, agencies)
    if article.metadata:
        yield from _declared(article, agencies)


def _credit(agency: Agency | None, role: Role, kind: str, text: str, weight: float, rule: str) -> Credit:
    return Credit(agency.name if agency else None, role, kind, 0, 0, text[:_LONGEST], weight, rule)


def _byline(byline: str, agencies: Agencies, field: str) -> Iterator[Credit]:
    mentions = find_mentions(byline, agencies)
    for chain in chains(byline, mentions):
        start, end = chain[0].start, chain[-1].end
        tags_only = all(m.form.tag for m in chain)
        helped = _WITH.search(byline, 0, start) is not None
        named = read_field(byline, start, end, not tags_only) or _piece(byline, byline[start:end])
        for mention in chain:
            agency = mention.agencies[0]
            if agency.kind == "photo":
                continue
            if agency.carries:
                weight = WEIGHTS["byline"]
                yield _credit(agency, "carrier", "byline", byline, weight, f"{field} names a carrier")
            elif helped:
                weight = WEIGHTS["contributor"]
                yield _credit(agency, "contributor", "byline", byline, weight, f"{field} adds it")
            elif named:
                yield _credit(agency, "origin", "byline", byline, WEIGHTS["metadata"], f"{field} names it")
    if not mentions and may_name_nobody(byline) and any(find_unnamed(read_page(byline))):
        yield _credit(None, "unnamed", "byline", byline, 0.0, f"{field} names no agency")


def _piece(byline: str, name: str) -> bool:
    """Does a list of authors hold the agency as one of them?"""
    return name in (piece.removeprefix("The ") for piece in _PIECES.split(byline))


def _title(title: str, agencies: Agencies) -> Iterator[Credit]:
    match = _TITLE_TAG.search(title[-60:])
    agency = agencies.named(match[1]) if match else None
    if agency is None or (agency.weak and match is not None and match[1] in agency.tags):
        return
    if agency.kind in ("agency", "service"):
        yield _credit(agency, "origin", "title", title, WEIGHTS["dateline"], "a tag at the end of the title")


def _host(article: Article, agencies: Agencies) -> Iterator[Credit]:
    agency, value = printed_by(article, agencies)
    if agency is not None:
        role: Role = "carrier" if agency.carries else "origin"
        # A paper or a broadcaster prints agencies' text too, and seldom says so on the page.
        weight = WEIGHTS["host"] if agency.kind != "service" else WEIGHTS["house"]
        yield _credit(agency, role, "host", value, weight, "printed at its own host")


def _declared(article: Article, agencies: Agencies) -> Iterator[Credit]:
    host = printed_by(article, agencies)[0]
    for found in declared(article.metadata):
        match found.family:
            case "author":
                yield from _authors(found, agencies)
            case "contributor":
                weight = WEIGHTS["contributor"]
                for agency in _all_named(found.parties, agencies):
                    yield _credit(
                        agency, "contributor", "metadata", found.quote, weight, f"{found.key} names it"
                    )
            case "supplier":
                yield from _suppliers(found, agencies, host)
            case "original":
                yield from _originals(found, agencies, article, host)
            case "rights":
                yield from _rights(found, agencies, host)
            case "dateline":
                yield from _dateline(found, agencies)
            case "picture":
                for agency in _all_named(found.parties, agencies):
                    yield _credit(agency, "photo", "photo", found.quote, 0.0, f"{found.key} is of a picture")


def _authors(found: Declared, agencies: Agencies) -> Iterator[Credit]:
    for party in found.parties:
        for credit in _byline(party.name, agencies, found.key):
            # Authors of one list share one quotation: joint, not rivals.
            yield replace(credit, text=found.quote[:_LONGEST])


_SUPPLIED: dict[Role, float] = {
    "origin": WEIGHTS["metadata"],
    "carrier": WEIGHTS["inner"],
    "contributor": WEIGHTS["contributor"],
}


def _suppliers(found: Declared, agencies: Agencies, host: Agency | None) -> Iterator[Credit]:
    for party in found.parties:
        for agency in _named(party, agencies):
            role: Role = party.role or "origin"
            rule = f"{found.key} names it"
            if agency.carries:
                yield _credit(agency, "carrier", "metadata", found.quote, WEIGHTS["metadata"], rule)
            elif role == "origin" and agency is host:
                yield _credit(agency, "origin", "host", found.quote, WEIGHTS["host"], rule)
            else:
                yield _credit(agency, role, "metadata", found.quote, _SUPPLIED.get(role, 0.0), rule)


def _originals(
    found: Declared, agencies: Agencies, article: Article, host: Agency | None
) -> Iterator[Credit]:
    known = bool(article.url or article.outlet)
    for party in found.parties:
        for url in party.addresses:
            agency = agencies.of_host(host_of(url))
            if agency is None or agency.kind == "photo" or agency is host:
                continue
            # Where the page's own host is not known, its canonical address may be just that.
            kind = "metadata" if known else "host"
            role: Role = "carrier" if agency.carries else "origin"
            yield _credit(agency, role, kind, url, WEIGHTS[kind], f"{found.key} points to its host")
            break
        else:
            for agency in _named(party, agencies):
                if agency is not host:
                    yield _credit(
                        agency,
                        "origin",
                        "metadata",
                        found.quote,
                        WEIGHTS["metadata"],
                        f"{found.key} names it",
                    )


def _rights(found: Declared, agencies: Agencies, host: Agency | None) -> Iterator[Credit]:
    """Who holds the rights in the text. The house that prints it claims them in everything."""
    for party in found.parties:
        held = list(_named(party, agencies)) if party.name else []
        for mention in [] if held else find_mentions(party.name, agencies):
            before = party.name[: mention.start]
            if _RIGHTS.search(before[-60:]):
                held.append(mention.agencies[0])
        for agency in held:
            if agency is not host and agency.writes:
                weight = WEIGHTS["copyright"]
                yield _credit(agency, "origin", "copyright", found.quote, weight, f"{found.key} names it")


def _dateline(found: Declared, agencies: Agencies) -> Iterator[Credit]:
    for party in found.parties:
        match = _DATELINE_TAG.search(party.name)
        agency = agencies.named(match[1] or match[2]) if match else None
        if agency is not None and agency.datelines and agency.kind in ("agency", "service"):
            weight = WEIGHTS["dateline"]
            yield _credit(agency, "origin", "dateline", party.name, weight, f"{found.key} holds its tag")


def _all_named(parties: Iterable[Party], agencies: Agencies) -> Iterator[Agency]:
    for party in parties:
        yield from _named(party, agencies, photo=True)


def _pictured(credit: str, start: int, end: int) -> bool:
    return read_photo(read_page(credit), start, end, ()) is not None


def _named(party: Party, agencies: Agencies, photo: bool = False) -> Iterator[Agency]:
    """The agencies that a party is: by its whole name, by a credit line, by its host."""
    agency = agencies.named(party.name)
    if agency is not None and len(party.name) <= _SHORT and party.name not in agencies.forms:
        agency = None
    found = [] if agency is None else [agency]
    if agency is None and party.name:
        for chain in chains(party.name, find_mentions(party.name, agencies)):
            start, end = chain[0].start, chain[-1].end
            full = any(not m.form.tag for m in chain)
            if read_field(party.name, start, end, full) or (photo and _pictured(party.name, start, end)):
                found += [m.agencies[0] for m in chain]
    if not found and not party.name:
        found = [a for url in party.urls if (a := agencies.of_host(host_of(url))) is not None][:1]
    yield from (a for a in dict.fromkeys(found) if photo or a.kind != "photo")
