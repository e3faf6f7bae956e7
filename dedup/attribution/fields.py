"""Evidence from the fields beside the text: byline, outlet, URLs, and what feeds and pages declare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dedup.attribution.agencies import Agencies, Agency
from dedup.attribution.bylines import read_field
from dedup.attribution.hosts import host_of
from dedup.attribution.mentions import chains, find_mentions
from dedup.attribution.page import read_page
from dedup.attribution.reading import WEIGHTS
from dedup.attribution.unnamed import find_unnamed
from dedup.model import Article, Credit, Role

_LONGEST = 400
_TITLE_TAG = re.compile(r"\(([^()]{2,40})\)\s*$")
_WITH = re.compile(r"\b(?:with|avec|mit|con|com)\s(?:the\s|l['’])?$", re.I)
# Fields that say who wrote or supplied the text. Publisher, site name and a footer's copyright say who
# printed it.
_SUPPLIERS = frozenset(
    [
        "author",
        "authors",
        "creator",
        "dccreator",
        "sourceorganization",
        "provider",
        "distributor",
        "creditline",
        "credit",
        "byline",
        "infosource",
        "infosources",
    ]
)
_ORIGINALS = frozenset(
    ["syndicationsource", "originalsource", "canonical", "canonicalurl", "isbasedon", "isbasedonurl"]
)
_DISTRIBUTES = ("distribut", "aggregat", "modif", "enhanc", "suppl")


def field_credits(article: Article, agencies: Agencies) -> Iterator[Credit]:
    """Credits that an article's fields carry; their span is (0, 0) and their text quotes the field."""
    if article.byline:
        yield from _byline(article.byline[:_LONGEST], agencies)
    if article.title:
        yield from _title(article.title, agencies)
    yield from _host(article, agencies)
    if article.metadata:
        yield from _declared(article, agencies)


def _credit(agency: Agency | None, role: Role, kind: str, text: str, weight: float, rule: str) -> Credit:
    return Credit(agency.name if agency else None, role, kind, 0, 0, text[:_LONGEST], weight, rule)


def _byline(byline: str, agencies: Agencies) -> Iterator[Credit]:
    mentions = find_mentions(byline, agencies)
    for chain in chains(byline, mentions):
        start, end = chain[0].start, chain[-1].end
        tags_only = all(m.form.tag for m in chain)
        helped = _WITH.search(byline, 0, start) is not None
        named = read_field(byline, start, end, not tags_only)
        for mention in chain:
            agency = mention.agencies[0]
            if agency.kind == "photo":
                continue
            if agency.kind in ("wire", "carrier"):
                yield _credit(
                    agency, "carrier", "byline", byline, WEIGHTS["byline"], "the byline field names a carrier"
                )
            elif helped:
                yield _credit(
                    agency,
                    "contributor",
                    "byline",
                    byline,
                    WEIGHTS["contributor"],
                    "the byline field adds it",
                )
            elif named is not None:
                yield _credit(
                    agency, "origin", "byline", byline, WEIGHTS["metadata"], "the byline field names it"
                )
    if not mentions and any(find_unnamed(read_page(byline))):
        yield _credit(None, "unnamed", "byline", byline, 0.0, "the byline field names no agency")


def _title(title: str, agencies: Agencies) -> Iterator[Credit]:
    match = _TITLE_TAG.search(title[-60:])
    agency = agencies.named(match[1]) if match else None
    if agency is not None and not agency.weak and agency.kind in ("agency", "service"):
        yield _credit(agency, "origin", "title", title, WEIGHTS["dateline"], "a tag at the end of the title")


def _host(article: Article, agencies: Agencies) -> Iterator[Credit]:
    for value in dict.fromkeys((host_of(article.url), host_of(article.outlet))):
        agency = agencies.of_host(value) if value else None
        if agency is not None:
            break
    else:
        agency, value = (agencies.named(article.outlet) if article.outlet else None), article.outlet or ""
    if agency is not None and agency.kind != "photo":
        role: Role = "carrier" if agency.kind in ("wire", "carrier") else "origin"
        yield _credit(agency, role, "host", value, WEIGHTS["host"], "printed at its own host")


def _declared(article: Article, agencies: Agencies) -> Iterator[Credit]:
    own = host_of(article.url) or host_of(article.outlet)
    for key, value in _flat(article.metadata, 0):
        plain = re.sub(r"[^a-z]", "", key.rpartition(":")[2].casefold())
        if plain in _ORIGINALS:
            url = value if isinstance(value, str) else str(value.get("url") or value.get("@id") or "")
            agency = agencies.of_host(host_of(url)) if url else None
            if agency is not None and agencies.of_host(own) is not agency:
                yield _credit(
                    agency, "origin", "metadata", url, WEIGHTS["metadata"], f"{key} points to its host"
                )
        elif plain in _SUPPLIERS:
            name, role = _name_and_role(value)
            agency = _named(name, agencies)
            if agency is not None and agency.kind != "photo":
                carries = agency.kind in ("wire", "carrier") or any(
                    sign in role.casefold() for sign in _DISTRIBUTES
                )
                yield _credit(
                    agency,
                    "carrier" if carries else "origin",
                    "metadata",
                    name,
                    WEIGHTS["inner"] if carries else WEIGHTS["metadata"],
                    f"{key} names it",
                )


def _named(name: str, agencies: Agencies) -> Agency | None:
    agency = agencies.named(name)
    if agency is not None or not name:
        return agency
    mentions = find_mentions(name[:_LONGEST], agencies)
    if len(mentions) == 1 and read_field(name, mentions[0].start, mentions[0].end, not mentions[0].form.tag):
        return mentions[0].agencies[0]
    return None


def _name_and_role(value: Any) -> tuple[str, str]:
    if isinstance(value, Mapping):
        name = value.get("name") or value.get("literal") or value.get("@id") or ""
        return (str(name)[:_LONGEST], str(value.get("role") or ""))
    return (value[:_LONGEST] if isinstance(value, str) else "", "")


def _flat(value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Every (key, text or object) of nested metadata, lists opened, as deep as JSON-LD goes in practice."""
    if depth > 5:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            for item in inner if isinstance(inner, list | tuple) else (inner,):
                if isinstance(item, str | Mapping):
                    yield str(key), item
                if isinstance(item, Mapping):
                    yield from _flat(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item, depth + 1)
