"""Photo credits, which say nothing about the text: "(Name/Agency)", "AGENCY/Name", "via Agency"."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from dedup.attribution.dateline import read_dateline
from dedup.attribution.lexicon import SIGNED
from dedup.attribution.page import Page
from dedup.attribution.reading import Reading, weighed

_AFTER = re.compile(
    r"(?:[ /,|]{0,3}(?:file|archive|pool|handout|staff|video|stringer)?[ /]{0,2}"
    r"(?:photos?|images?|pictures?|pics?|foto|photography|photographers?|photograph|video|graphic"
    r"|videographer)\b"
    r"|\s?[/|,\-]\s?(?:file|pool|handout)\b|\s(?:pool|handout)\b|\svia\s[A-Z]"
    r"|,\s?file\b|\s(?:hide|toggle) caption)",
    re.I,
)
_BEFORE = re.compile(
    r"(?:\b(?:photos?|photographs?|photographers?|pictures?|images?|pool|handout|courtesy|video|media"
    r"|foto|fotos|bild|bilder|archivbild|symbolbild|fotografía|fotografia|imagen|imagem|immagine|crédit|crédito)"
    r"[^\n.;()]{0,60}(?:[/|:,–-]|\bvia|\bby|\bfrom|\bof|copyright|credit)\s{0,2}(?:the\s)?"
    r"|\b(?:images|pool)\s?/\s?"
    r"|\([^()\n]{0,80}\bvia\s(?:the\s)?|(?:image|photo|picture) (?:copyright|credit:?"
    r"|source:?)\s(?:the\s)?|hide caption\s"
    r"|\([A-Z][a-z]{2,8}\.? \d{1,2}\)\s|^credits?:\s(?:the\s)?)$",
    re.I,
)
# "Photo AGENCY", "(Téléphoto AGENCY)": no colon between, so the word must open its line, brackets or sentence.
_WIRED = re.compile(
    r"(?:^|[(\-.!?»”]\s{0,2})(?:photos?|fotos?|bild|téléphotos?|telefotos?|radiophotos?|bélinos?|funkbild|archives?)\s$",
    re.I,
)
# A film that an agency laid hands on is news; one that it took is a picture.
_OBTAINED = re.compile(
    r"\b(?:video|media)\b[^\n.;()]{0,60}\b(?:obtained|seen|reviewed|verified|viewed)\sby\s(?:the\s)?$", re.I
)
_PERSON = re.compile(
    r"(?<![^\W_])[^\W\d_a-z](?:\.|[\w'’\-]{0,40})(?:\s[^\W\d_a-z](?:\.|[\w'’\-]{0,20})){1,3}$"
)
_PERSON_AFTER = re.compile(r"\s?[/|]\s?[^\W\d_a-z][\w'’.\-]{1,40}\s[^\W\d_a-z][\w'’.\-]{1,40}")
_IN_BRACKETS = re.compile(
    r"\([^\W\d_][\w'’.\-]{0,60}+(?:\s[^\W\d_][\w'’.\-]{0,40}+){0,4}\s?[,/|•]\s?$"
    r"|\((?:[^\W\d_a-z][\w'’.\-]{0,40}+\s){1,4}(?:[^\W\d_a-z][\w'’.]{0,40}+\s?)?-\s?$"
)
_SIGNED = re.compile(SIGNED)
_SPOKEN_TO = re.compile(r"\b(?:told|tells|telling|to|with)\s(?:the\s)?$", re.I)
_SAYS = re.compile(
    r"[^.\n]{0,80}\b(?:says?|said|saw|seen|heard|reported|counted|witnessed|at the scene)\b", re.I
)
_ALONE = re.compile(r"(?:\s[^\W\d_a-z][\w'’.\-]{1,40}){0,3}[^\S\n]{0,20}\n")
_STOPS = (".", ".”", '."', "!", "?")
_STORY = 200  # code points of prose: more than this after a caption, and it stands above the text
_CAPTION_END = (".", "(", ")", '"', "”")
_PAIRS = frozenset({"agency/photographer", "(photographer/agency)"})


def read_photo(page: Page, start: int, end: int, captions: Sequence[tuple[int, int]]) -> Reading | None:
    """The photo credit that ``[start, end)`` is part of, or None; ``captions`` are spans in order, apart."""
    text = page.text
    before = text[max(0, start - 90) : start].rpartition("\n")[2]
    rule = ""
    match = _AFTER.match(text, end, end + 40)
    if match is not None and not _pictures(text, before, match):
        match = None
    if _in_span(start, captions):
        rule = "in a caption"
    elif match is not None:
        rule = "names a picture"
    elif _WIRED.search(before, max(0, len(before) - 16)) or (
        _BEFORE.search(before) and not _OBTAINED.search(before)
    ):
        rule = "credits a picture"
    elif _PERSON_AFTER.match(text, end, end + 60):
        rule = "agency/photographer"
    elif _IN_BRACKETS.search(before) and text[end : end + 1] in (")", ",", " ", "/"):
        rule = "(photographer/agency)"
    elif _photographer_before(page, start, end, before):
        rule = "photographer/agency"
    elif _closes_caption(page, start, end):
        rule = "closes a caption"
    if not rule or (rule in _PAIRS and _heads_text(page, start, end)):
        return None
    low, high = brackets(text, start, end)
    if (low, high) == (start, end) and match is not None:
        high = match.end()
    return weighed("photo", "photo", low, high, rule)


def _closes_caption(page: Page, start: int, end: int) -> bool:
    """Does a bare name, or one beside a photographer's, stand behind the last sentence of a line above the text?"""
    text = page.text
    behind = _ALONE.match(text, end, end + 60)
    if behind is None:
        return False
    low = page.line_start(start)
    stopped = text[low:start].rstrip(" \xa0").endswith(_STOPS)
    return stopped and not page.is_deep(low, _STORY - 1) and page.prose_after(end) >= _STORY


def _pictures(text: str, before: str, match: re.Match[str]) -> bool:
    """Does what follows the name speak of a picture, and not of a writer, a witness or a byline's host?"""
    said = match[0].casefold().strip()
    if said.startswith("via"):
        return _SIGNED.match(before) is None and _SPOKEN_TO.search(before) is None
    return not (said.startswith("photographer") and _SAYS.match(text, match.end()))


def _heads_text(page: Page, start: int, end: int) -> bool:
    """Does a place stand before the brackets and a dash behind: "TOLEDO, Ohio (STATION/AGENCY) — text"?"""
    dateline = read_dateline(page, start, end, ambiguous=False)
    return dateline is not None and dateline.shape != "first"


def _in_span(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(spans, at, key=itemgetter(0)) - 1
    return index >= 0 and at < spans[index][1]


def _photographer_before(page: Page, start: int, end: int, before: str) -> bool:
    bar = before.rstrip()
    if not bar or bar[-1] not in "/|" or page.text[end : end + 2].strip()[:1] == bar[-1]:
        return False
    person = _PERSON.search(bar[:-1].rstrip()[-60:])
    if person is None:
        return False
    low = page.line_start(start)
    rest = page.text[low:start].rstrip()[:-1].rstrip().removesuffix(person[0]).strip()
    if rest:
        # "By A B, C D and E F / AGENCY" is a byline; a sentence before the name is a caption.
        return not rest.startswith(("By ", "BY ", "by ")) and not rest.endswith((" and", ",", "&"))
    if page.text[end : end + 2].partition("\n")[0].strip(" \t.)"):
        return True
    above = page.text[max(0, low - 240) : low].rstrip()
    return bar[-1] == "/" or above.endswith(_CAPTION_END)


def brackets(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a credit to the brackets or the house-and-name around it, within its line."""
    low = max(start - 90, text.rfind("\n", max(0, start - 90), start) + 1)
    high = text.find("\n", end, end + 60)
    high = min(len(text), end + 60) if high < 0 else high
    opening = text.rfind("(", low, start)
    closing = text.find(")", end, high)
    if opening >= 0 and closing >= 0 and ")" not in text[opening:start] and "(" not in text[end:closing]:
        return opening, closing + 1
    return start, end
