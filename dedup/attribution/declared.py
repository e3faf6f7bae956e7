"""What an article's metadata declare about its making: who wrote, supplied, holds, or first printed it.

Fields are told by their names as news formats and common tools spell them (ninjs, NewsML-G2, NITF, schema.org,
Dublin Core, RSS, HTML meta), in any case and with any namespace, however deep they stand. Nothing here knows an
agency; `dedup.attribution.fields` reads the parties.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

Family = Literal["author", "contributor", "supplier", "original", "rights", "dateline", "picture"]
PartyRole = Literal["origin", "carrier", "contributor", "photo", "cited"]


@dataclass(frozen=True, slots=True)
class Party:
    """One person or house that a field names: by name or code, by URL, or both.

    ``role`` is None where the field gives none.
    """

    name: str = ""
    urls: tuple[str, ...] = ()
    role: PartyRole | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its URLs, or the bare host that stands in place of a name."""
        return self.urls or ((self.name,) if "." in self.name else ())


@dataclass(frozen=True, slots=True)
class Declared:
    """One field: its name as the source writes it, what kind of statement it makes, and the parties in it."""

    key: str
    family: Family
    parties: tuple[Party, ...]

    @property
    def quote(self) -> str:
        """The field's parties as a reader would write them down."""
        return ", ".join(dict.fromkeys(p.name or p.urls[0] for p in self.parties if p.name or p.urls))


_FAMILIES: Mapping[Family, str] = {
    "author": """author authors creator creators byline bylines by byl writer writers authorname authornames
        authordetail authordetails newsauthor articleauthor journalist journalists reporter""",
    "contributor": "contributor contributors additionalreporting",
    "supplier": """infosource infosources provider sourceorganization sourceorganisation distributor creditline
        credit credits source newssource newsagency agency agencies wire wireservice contentprovider supplier
        syndicator sourcename""",
    "original": """syndicationsource originalsource canonical canonicalurl canonicallink isbasedon isbasedonurl
        originalurl republishedfrom""",
    "rights": """copyrightholder copyrightnotice copyright rights rightsinfo rightsholder usageterms
        doccopyrightholder holder licensor""",
    "dateline": "dateline",
    "picture": """image images photo photos picture pictures thumbnail thumbnails primaryimageofpage
        thumbnailurl photocredit photocredits imagecredit imagecredits photographer photographers credittext video
        videos audio gallery galleries media mediacontent mediacredit multimedia featuremedia caption captions
        renditions logo""",
}
# These name the house that prints the page, or other pages: no evidence at all.
_APART = frozenset(
    """publisher sitename brand ispartof mentions about subject subjects keywords tags people persons places
    organisations organizations related relateditems relatedlink relatedlinks relatedarticles itemlistelement
    haspart citation citations comment comments review breadcrumb potentialaction associations events
    products""".split()
)
_TEXTS = frozenset(
    """text body bodies content maintext html excerpt description descriptions summary headline headlines title
    titles""".split()
)
_BY_KEY: Mapping[str, Family] = {key: family for family, keys in _FAMILIES.items() for key in keys.split()}
_PICTURED = re.compile(r"image|photo|picture|thumbnail|video|audio|gallery|caption")
_PREFIX = re.compile(r"(?:parsely|article|citation|meta|dcterms|dc|sailthru|item|news|rss|entry)[-_]")
_SEGMENT = re.compile(r"[:./}@#$\s]+")
_PICTURE_TYPES = frozenset(
    "imageobject photograph videoobject audioobject mediaobject picture photo graphic video audio".split()
)
_NAMES = ("name", "fullname", "literal", "person", "holder", "value", "text", "", "title", "label")
_HOUSES = ("affiliation", "worksfor", "memberof", "sourceorganization", "byttl", "org", "organization")
_CODES = ("qcode", "code", "id")
_URLS = ("url", "href", "uri", "id", "link", "homepage")
_PAIR = 4  # keys of an object that may be one meta tag
_OPENS = frozenset("{[ \t\r\n")  # what a string that holds JSON begins with
_SMALL = 16  # keys of an object from which it is a record in itself, not a party
_DEEPEST = 12
_LONGEST = 400
_LONGEST_JSON = 400_000

# The IPTC's vocabularies of roles (information source, content production party) and those of large feeds. A
# party that did anything else than originate must have a role (NewsML-G2), so no role means origin.
_ROLES: tuple[tuple[str, PartyRole], ...] = (
    ("img", "photo"),
    ("image", "photo"),
    ("photo", "photo"),
    ("camera", "photo"),
    ("orig", "origin"),
    ("author", "origin"),
    ("creator", "origin"),
    ("writer", "origin"),
    ("correspondent", "origin"),
    ("producer", "origin"),
    ("source", "origin"),
    ("contentsource", "contributor"),
    ("contrib", "contributor"),
    ("distrib", "carrier"),
    ("aggreg", "carrier"),
    ("suppl", "carrier"),
    ("provider", "carrier"),
    ("enhanc", "carrier"),
    ("modif", "carrier"),
    ("transf", "carrier"),
    ("transl", "carrier"),
    ("contenteditor", "carrier"),
    ("editor", "carrier"),
    ("publish", "carrier"),
    ("interviewee", "cited"),
    ("spokesperson", "cited"),
    ("mediaoffice", "cited"),
    ("eventorg", "cited"),
)
_RANK: tuple[PartyRole, ...] = ("origin", "carrier", "contributor", "photo", "cited")


def declared(metadata: Mapping[str, Any]) -> Iterator[Declared]:
    """Every field of nested metadata that says who made the text (or a picture), in the metadata's order.

    Lists and objects are opened, strings that hold JSON are read, and references to another node of a JSON-LD
    graph are followed. What other pages, the publisher and the subjects are called is left out.
    """
    yield from _walk(metadata, _Graph(metadata), False, 0)


class _Graph:
    """The named nodes of JSON-LD graphs by their id, sought when the first reference asks for one."""

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        self._metadata: Mapping[str, Any] = metadata

    @cached_property
    def _nodes(self) -> dict[str, Mapping[str, Any]]:
        return _named_nodes(self._metadata, {}, 0)

    def get(self, id: object) -> Mapping[str, Any] | None:
        return self._nodes.get(id) if isinstance(id, str) else None


def _walk(value: Any, graph: _Graph, pictured: bool, depth: int) -> Iterator[Declared]:
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        value = _json(value)
    if isinstance(value, list | tuple):
        for item in value:
            if not isinstance(item, str) or item[:1] in _OPENS:
                yield from _walk(item, graph, pictured, depth + 1)
    if not isinstance(value, Mapping):
        return
    pictured = pictured or bool(_types(value) & _PICTURE_TYPES)
    for key, inner in _members(value):
        if not inner:
            continue
        family = _family(key)
        if family == "apart" or (family == "text" and not isinstance(inner, Mapping)):
            continue
        named = None if family == "text" else family
        parties = _parties(inner, graph) if named is not None else ()
        if named is not None and parties:
            yield Declared(key, "picture" if pictured else named, parties)
        opens = not isinstance(inner, str) or inner[:1] in _OPENS
        if opens and (named is None or named == "picture" or not parties):
            yield from _walk(inner, graph, pictured or named == "picture", depth + 1)


def _members(node: Mapping[Any, Any]) -> Iterable[tuple[str, Any]]:
    """An object's fields; `{"name": key, "content": value}` is how HTML's meta tags are kept."""
    if len(node) <= _PAIR:
        content = node.get("content", node.get("href"))
        named = node.get("name") or node.get("property") or node.get("rel") or node.get("itemprop")
        if isinstance(content, str) and isinstance(named, str):
            return [(named, content)]
    return ((str(key), value) for key, value in node.items())


@lru_cache(maxsize=4096)
def _family(key: str) -> Family | Literal["apart", "text"] | None:
    folded = key[:200].casefold()
    whole = _letters(_PREFIX.sub("", folded, count=1))
    last = _letters(_PREFIX.sub("", _last(folded), count=1))
    if _PICTURED.search(whole):
        return "picture"
    for spelling in (whole, last):
        if spelling in _BY_KEY:
            return _BY_KEY[spelling]
        if spelling in _APART:
            return "apart"
        if spelling in _TEXTS:
            return "text"
    return None


def _last(text: str) -> str:
    """The last segment of a name with namespaces, a path or a code."""
    return next((part for part in reversed(_SEGMENT.split(text)) if part), "")


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalpha())


def _types(node: Mapping[Any, Any]) -> set[str]:
    told = node.get("@type", node.get("type"))
    return {
        _letters(_last(t).casefold())
        for t in (told if isinstance(told, list) else [told])
        if isinstance(t, str)
    }


def _json(text: str) -> Any:
    """The object or list that a string holds, or None."""
    start = text[:64].lstrip()[:1]
    if start not in ("{", "[") or len(text) > _LONGEST_JSON:
        return None
    import orjson

    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _named_nodes(value: Any, found: dict[str, Mapping[str, Any]], depth: int) -> dict[str, Mapping[str, Any]]:
    if depth > _DEEPEST:
        return found
    if isinstance(value, str):
        value = _json(value)
    if isinstance(value, Mapping):
        id = value.get("@id")
        if isinstance(id, str) and isinstance(value.get("name"), str):
            found.setdefault(id, value)
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    for item in inner:
        if isinstance(item, str | list | tuple | Mapping):
            _named_nodes(item, found, depth + 1)
    return found


def _parties(value: Any, graph: _Graph) -> tuple[Party, ...]:
    listed = value if isinstance(value, list | tuple) else (value,)
    found = (_party(item, graph) for item in listed[:100])
    return tuple(party for party in found if party is not None and (party.name or party.urls))


def _party(value: Any, graph: _Graph) -> Party | None:
    if isinstance(value, str):
        loaded = _json(value)
        if loaded is None:
            told = value.strip()[:_LONGEST]
            return Party(urls=(told,)) if _is_url(told) else Party(told)
        value = loaded[0] if isinstance(loaded, list) and loaded else loaded
    if not isinstance(value, Mapping) or len(value) > _SMALL:
        return None
    fields = {_letters(_last(str(key)).casefold()): inner for key, inner in value.items()}
    if "name" not in fields and "@id" in value and (node := graph.get(value["@id"])) is not None:
        return _party(node, graph)
    name = next((told for key in _NAMES if (told := _told(fields.get(key)))), "")
    code = next((told for key in _CODES if (told := _told(fields.get(key))) and not _is_url(told)), "")
    houses = [told for key in _HOUSES if (told := _told(fields.get(key)))]
    urls = (fields.get(key) for key in _URLS)
    return Party(
        ", ".join([part for part in (name or _last(code), *houses) if part])[:_LONGEST],
        tuple(url[:_LONGEST] for url in urls if isinstance(url, str) and _is_url(url)),
        _role(fields.get("role", fields.get("roles", fields.get("roleuri")))),
    )


def _told(value: Any, depth: int = 0) -> str:
    """A name that may itself be an object or a list: `{"name": …}`, `{"en": …}`, `[{"value": …}]`."""
    if isinstance(value, str):
        return value.strip()
    if depth > 3:
        return ""
    if isinstance(value, Mapping):
        value = [value["name"]] if "name" in value else list(value.values())
    if isinstance(value, list | tuple):
        return next((told for item in value[:8] if (told := _told(item, depth + 1))), "")
    return ""


def _is_url(text: str) -> bool:
    return "://" in text[:12] or text.startswith("//")


def _role(value: Any) -> PartyRole | None:
    """The strongest role that a role field tells; `contributor` for one that nobody knows."""
    told = value if isinstance(value, list | tuple) else [value]
    words = [word for item in told if isinstance(item, str) for word in item[:_LONGEST].split()]
    if not words:
        return None
    found = {_read_role(_letters(_last(word.casefold()))) for word in words}
    return next((role for role in _RANK if role in found), "contributor")


def _read_role(word: str) -> PartyRole | None:
    exact = next((role for sign, role in _ROLES if word == sign), None)
    return exact or next((role for sign, role in _ROLES if word.startswith(sign)), None)
