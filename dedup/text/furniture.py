"""Furniture: what stands in a scraped text and is not its prose, found so that it can be masked, never cut.

WordPress shortcodes, HTML tags and entities, a crawler's date in front, and photo captions with their credits.
Every pattern is anchored or bounded, so hostile text costs linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Literal

import numpy as np
import numpy.typing as npt

from dedup.text import pictures

FurnitureKind = Literal["shortcode", "inline", "tag", "entity", "caption", "date"]

_PARAGRAPH_SEPARATOR = 0x2029
WORD_JOINER = 0x2060  # folds to nothing, so that what stands on both sides is one word
_SOFT_HYPHEN = 0x00AD  # the same, but belongs to the word that it follows

_LONGEST_CAPTION = 700
_TAIL = 160  # code points at the end of a line in which a photo credit stands
_SHORTCODE = re.compile(r"\[(/?)([A-Za-z][A-Za-z0-9_-]{1,40})((?:\s[^\[\]]{0,300})?)\]")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,9})(?=[\s/>])[^<>]{0,600}>|<!--[^<>]{0,600}-->")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CRAWLED_DATE = re.compile(r"\s{0,20}date \d{4}-\d\d-\d\d(?=\s)\s?")
# Inside a word these leave the word whole: a drop cap, a link, emphasis.
_INLINE = frozenset(
    "a abbr b big cite code dropcap em font i ins mark q s small span strike strong sub sup tt u wbr".split()
)
_BLOCK = frozenset(
    "address article aside audio blockquote body br button caption center dd div dl dt embed figcaption figure footer "
    "form frame h1 h2 h3 h4 h5 h6 head header hr html iframe img input label li link main meta nav noscript object ol "
    "option p param picture pre script section select source style svg table tbody td textarea tfoot th thead time "
    "title tr ul video".split()
)
_NAME = rf"(?:[^\W\d_a-z]|(?:{pictures.SMALL})\b)[\w.'’\-]{{0,30}}"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,5}}"
# A photographer's name is set in upper and lower case: "SHR/DLRS" in a headline of capitals is no credit.
_FORENAME = r"[^\W\d_a-z]\w{0,20}(?<=[a-z])[\w.'’\-]{0,20}"
_PERSON = rf"{_FORENAME}(?: {_NAME}){{0,4}}"
_FULL_NAME = rf"{_FORENAME}(?: {_NAME}){{1,4}}"
# "(Name Surname/House via House, File)", "| Name Surname/House", "House Photo/Name", "HOUSE/Name Surname", "Photograph:
# Name/House", "... House Images", all at the end of a line.
_CREDIT_AT_END = re.compile(
    rf"(?:\((?:Photo(?:s|graph)?(?: by|:) ?)?(?:{_PERSON} ?/ ?{_NAMES}|{_NAMES} ?/ ?{_PERSON})"
    rf"(?: ?/ ?{_NAMES}){{0,3}}(?: via {_NAMES})?(?:, ?[Ff]ile)?\)"
    rf"|\| ?{_FULL_NAME} ?/ ?{_NAMES}"
    rf"|\b(?:[A-Z]\w+ )?(?:Photo|Foto|File Photo|Pool) ?/ ?{_NAMES}\)?"
    rf"|\b[A-Z]{{2,10}}(?:-[A-Z]{{2,6}})?/{_FULL_NAME}\)?"
    rf"|\b(?:Photo|Photograph|Picture|Image|Foto)s?(?: credit)?(?:: ?| by ){_NAMES}(?: ?/ ?{_NAMES}){{0,2}}\)?"
    rf"|\b(?:{pictures.MARKS})(?: ?/ ?[\w ]{{1,40}})?\)?"
    r"|\((?:Photo|File [Pp]hoto|[A-Z]\w+ (?:File )?Photo)\))"
    # Some pages print the photographer's name once more behind the credit.
    rf"(?:[\s.]{{0,3}}|(?<=\)) {_NAMES})$"
)
_CAPTION_AT_START = re.compile(
    r"(?:FILE ?(?:PHOTO|-|–|—)|File photo|Image (?:copyright|caption|source)|Media caption|Photo(?:graph)?:|PHOTO:"
    r"|Caption:|Image:)"
)
# Every caption has one of these.
_CAPTION_SIGNS = (
    "/", "Photo", "PHOTO", "File photo", "FILE", "Foto", "Image", "Caption", "Media caption", *pictures.SIGNS
)  # fmt: skip
SIGNS = ("[", "<", "&", *_CAPTION_SIGNS)
"""A text without any of these has no furniture, but for a crawler's date in front."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """A span of the text that is not prose.

    ``inline`` is markup inside a word, ``entity`` stands for the character(s) ``stands_for``; a ``caption`` is a whole
    line that carries a photo's caption and credit.
    """

    start: int
    end: int
    kind: FurnitureKind
    stands_for: str = ""


def find_furniture(text: str, signs: Collection[str] = SIGNS) -> list[Furniture]:
    """All furniture of a text, in order of position; captions may hold other furniture inside.

    Args:
        signs: All those of `SIGNS` that the text holds, and any others, when the caller knows them.
    """
    found: list[Furniture] = []
    if "[" in text and "]" in text:
        found.extend(_shortcodes(text))
    if "<" in text and ">" in text:
        found.extend(_tags(text))
    if "&" in text and ";" in text:
        found.extend(_entities(text))
    if dated(text) and (match := _CRAWLED_DATE.match(text)):
        found.append(Furniture(match.start(), match.end(), "date"))
    after_date = next((f.end for f in found if f.kind == "date"), 0)
    found.extend(_captions(text, after_date, [sign for sign in signs if sign in _CAPTION_SIGNS]))
    found.sort(key=lambda f: (f.start, -f.end))
    return found


def captions(furniture: Iterable[Furniture]) -> list[tuple[int, int]]:
    """Where the captions among a text's furniture are."""
    return [(item.start, item.end) for item in furniture if item.kind == "caption"]


def dated(text: str) -> bool:
    """Whether a crawler's date may stand in front."""
    return "date" in text[:24]


def mask(codes: npt.NDArray[np.uint32], furniture: list[Furniture]) -> None:
    """Overwrite furniture in one text's code points (uint32, length of the text), keeping every offset.

    Inline markup becomes word joiners, an entity the character that it stands for (and a filling that a word
    ending in it takes along), all else paragraph breaks. Captions stay: they are prose of another
    sort, which later stages tell apart by position.
    """
    for item in furniture:
        if item.kind == "caption":
            continue
        if item.kind in ("inline", "entity"):
            codes[item.start : item.end] = WORD_JOINER if item.kind == "inline" else _SOFT_HYPHEN
            for at, char in enumerate(item.stands_for[: item.end - item.start]):
                codes[item.start + at] = ord(char)
        else:
            codes[item.start : item.end] = _PARAGRAPH_SEPARATOR


def _shortcodes(text: str) -> Iterator[Furniture]:
    found = list(_SHORTCODE.finditer(text))
    closed = {match[2] for match in found if match[1]}
    for match in found:
        name, attributes = match[2], match[3]
        # "[sic]" and "[he]" are an editor's words, not markup.
        if "_" in name or "=" in attributes or name in closed:
            inline = name.lower().removeprefix("su_") in _INLINE or "dropcap" in name.lower()
            yield Furniture(match.start(), match.end(), "inline" if inline else "shortcode")


def _tags(text: str) -> Iterator[Furniture]:
    for match in _TAG.finditer(text):
        name = (match[1] or "br").lower()
        # "<IBM>" is a ticker symbol in wire copy: only names that HTML knows are tags.
        if name in _INLINE:
            yield Furniture(match.start(), match.end(), "inline")
        elif name in _BLOCK:
            yield Furniture(match.start(), match.end(), "tag")


def _entities(text: str) -> Iterator[Furniture]:
    for match in _ENTITY.finditer(text):
        # "&notit;" is no entity, though browsers read one into its beginning.
        if match[0][1] != "#" and match[0][1:] not in html5:
            continue
        stands_for = html.unescape(match[0])
        if stands_for != match[0]:
            yield Furniture(match.start(), match.end(), "entity", stands_for)


def _captions(text: str, start: int, signs: Iterable[str]) -> Iterator[Furniture]:
    lines: set[tuple[int, int]] = set()
    for sign in signs:
        at = text.find(sign, start)
        while at >= 0:
            line_start = max(text.rfind("\n", 0, at) + 1, start)
            line_end = text.find("\n", at)
            line_end = len(text) if line_end < 0 else line_end
            if line_end - line_start <= _LONGEST_CAPTION:
                lines.add((line_start, line_end))
            at = text.find(sign, line_end)
    for line_start, line_end in sorted(lines):
        line = text[line_start:line_end]
        kept = line.strip()
        indent = len(line) - len(line.lstrip())
        if kept and (_CAPTION_AT_START.match(kept) or _CREDIT_AT_END.search(kept, max(0, len(kept) - _TAIL))):
            yield Furniture(line_start + indent, line_start + indent + len(kept), "caption")
