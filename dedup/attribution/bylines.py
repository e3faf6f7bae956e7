"""Credit lines: a line of its own that names writers and their agency, or the agency alone.

A line is read token by token: it must hold nothing but names, dates, offices and separators, so that "The
Associated Press reported on Monday" and a headline about a broadcaster are no bylines.
"""

from __future__ import annotations

import re

from dedup.attribution.lexicon import DATES, NAME_PARTICLES, OFFICES, WITH, begins_name
from dedup.attribution.page import Page
from dedup.attribution.reading import Reading, weighed

_BY = re.compile(
    r"(?:^|[\s|,/•(\-–—])(by|By|BY|von|Von|VON|par|Par|PAR|por|Por|POR|di|Di|Da|door|Door|av|Av|af"
    r"|Af):?\s(?=\S)"
)
_TOKEN = re.compile(r"[^\s|,/•·;()\-–—]{1,99}+(?:-[^\s|,/•·;()\-–—]{1,99}+){0,9}|[|,/•·;()\-–—]")
_SEPARATORS = frozenset("|,/•·;()-–—")
_HELPS = re.compile(rf"(?:^|\s){WITH}\s(?:[tT]he\s|l['’])?$")
_HELPED = re.compile(rf"(?:{WITH}|via)\s")
_STATION = re.compile(r"[A-Z]{3,5}")
_PICTURE_LINE = re.compile(
    r"\b(?:trigger|enlarge|caption|zoom|photo|image|fullscreen|slideshow|gallery)\b", re.I
)
_WEEKDAY = re.compile(
    r"\s(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s\d{1,2}\s(?:Jan|Feb"
    r"|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)
_OPENING, _OPENING_WORDS = 80, 3  # code points and words of a lead that show whether it is one
_OPENS = re.compile(r"\s{0,8}(?:By|BY|Von|Par|Por)\s(?:[Tt]he\s)?")
_SENTENCE = re.compile(r"[.:]\s{1,4}[\"“‘']?[^\W\d_a-z]")
_PLACE_WORDS = 4
UNSIGNED = "a writer's name beside the tag"
_LONGEST = 230  # code points of a credit line, blanks folded
_NAME_TOKENS = 24
_SIGNED_PROSE = 90  # a text, or one paragraph of it, is longer than its caption's first line
_HEAD_PROSE = 700  # past this much prose a credit line speaks for what follows only


def read_byline(page: Page, start: int, end: int, full_name: bool, ambiguous: bool = False) -> Reading | None:
    """The credit line that the agency (or chain) ``[start, end)`` closes or makes up, or None.

    ``full_name``: a name that cannot be misread, which may follow a writer's name without a comma.
    ``ambiguous``: a tag that means many things, and alone on a line may be a headline or a button.
    """
    segment = page.segment(start, end)
    if segment is None:
        return _run_in(page, start, end)
    text = page.text
    before, after = text[segment[0] : start], text[end : segment[1]]
    if (helped := _HELPS.search(before)) is not None and _credits(before[: helped.start()], after):
        return weighed("contributor", "contributor", start, end, "a byline that adds it")
    dated = _dated_below(text, segment[1])
    told = _judge(before, after, full_name, dated)
    if told is None or (told == "label" and ambiguous and not dated and not _has_word(before + after)):
        return _run_in(page, start, end)
    signs = told == "label" and page.is_last(segment[1]) and page.prose_before(start) >= _SIGNED_PROSE
    if told != "by" and not signs and _under_picture(text, *segment, full_name):
        return weighed("photo", "photo", start, end, "a bare tag under a picture")
    low = segment[0] + len(before) - len(before.lstrip())
    high = end + _office_length(after)
    high += before.rstrip().endswith("(") and text[high : high + 1] == ")"
    return _placed(page, low, high, told, full_name)


def read_field(value: str, start: int, end: int, full_name: bool) -> str | None:
    """How a byline field names the agency at ``[start, end)``: `by`, `named`, `label`, or None."""
    return _judge(value[:start], value[end:], full_name)


def _credits(before: str, after: str) -> bool:
    """Is a line that ends "… with AGENCY" a credit line: a signature or a house's name before the "with"?"""
    head = before.strip()
    if not head or len(head) > _LONGEST or after.strip(" .)"):
        return False
    signed = _BY.match(" " + head + " x")
    names = head[signed.end() - 1 :] if signed else head
    return _names(names) and (signed is not None or len(names.split()) <= _PLACE_WORDS)


def _dated_below(text: str, end: int) -> bool:
    """Does the next line tell the time of publication?"""
    below = text[end : end + 160].lstrip().partition("\n")[0]
    return bool(below) and len(below) <= 80 and _dateish(below)


def _judge(before: str, after: str, full_name: bool, dated: bool = False) -> str | None:
    """`by`: signed with a "By"; `named`: a writer beside the agency; `label`: it alone; None: prose.

    ``dated``: a line of date and time follows, as under a byline; a place may then stand beside the agency.
    """
    glued = full_name and before[-1:].islower()
    before, after = " ".join(before.split()), " ".join(after.split())
    if len(before) + len(after) > _LONGEST:
        return None
    head = before.strip()
    bys = list(_BY.finditer(" " + head + " x"))
    rest = _after_office(after)
    if rest is None or not _trailing(rest, bool(bys), dated):
        return None
    if head.casefold().endswith(" the") or head.casefold() == "the":
        head = head[:-3].rstrip()
    if head[-1:] == "(" and not bys:
        return None  # "Name (TAG)" is a caption's credit
    # A scrape that lost the line break glues "Jan OlsenAssociated Press" together.
    separated = glued or (bool(head) and head[-1] in _SEPARATORS)
    office = after.strip() != "" and _after_office(after) != after
    names = head.rstrip("|,/•·;(-–— ")
    if bys:
        last = bys[-1]
        lead, names = head[: max(0, last.start() - 1)], head[last.end() - 1 :].rstrip("|,/•·;(-–— ")
        if not _dateish(lead):
            return None
        if not names:
            return "by"
        return "by" if _names(names) and (separated or full_name or office) else None
    if not names:
        return "label"
    if _dateish(names):
        return "label"
    if dated and full_name and head[-1] in ":|" and _place(names):
        return "label"
    if dated and head[-1] == "/" and _STATION.fullmatch(names):
        return "label"
    if _names(names) and (separated or (full_name and names.isupper())) and _persons(names):
        return "named"
    return None


def _under_picture(text: str, start: int, end: int, full_name: bool) -> bool:
    """Does the credit line ``[start, end)``, with no date below it, stand under a picture or over a teaser?

    A bare tag does so under a caption's full stop already; an agency's name there may sign the text.
    """
    above = text[max(0, start - 200) : start].rstrip()
    above_line = above.rpartition("\n")[2].strip()
    below = text[end : end + 400].lstrip().partition("\n")[0]
    if not above_line or (below and _dateish(below[:60])):
        return False
    if _PICTURE_LINE.search(above_line) and len(above_line) < 40:
        return True
    if below and below.rstrip().endswith(("...", "…")):
        return True
    return not full_name and above_line.endswith((".", "(", "”", '"')) and len(above_line) >= 40


def _after_office(after: str) -> str | None:
    """What follows the agency and the writer's office ("Diplomatic Writer"); None where prose follows."""
    tokens = _TOKEN.findall(after)
    for index, token in enumerate(tokens[:6]):
        if token in _SEPARATORS:
            break
        if token.casefold().rstrip(".:") in OFFICES:
            following = tokens[index + 1 : index + 2]
            if (
                not following
                or following[0] in _SEPARATORS
                or following[0][0].isdigit()
                or _dateish(following[0])
            ):
                at = 0
                for word in tokens[: index + 1]:
                    at = after.index(word, at) + len(word)
                return after[at:]
        elif not token[0].isupper():
            break
    return after


def _office_length(after: str) -> int:
    rest = _after_office(after)
    return 0 if rest is None else len(after) - len(rest)


def _trailing(rest: str, signed: bool, dated: bool) -> bool:
    """May this stand behind the agency: nothing, a date, a full stop, a place, more names after a separator?"""
    stripped = rest.strip()
    if not stripped or stripped in (".", ":"):
        return True
    if _dateish(stripped):
        return True
    if (helped := _HELPED.match(stripped)) is not None:
        return (signed or dated) and _names(stripped[helped.end() :])
    if stripped[0] not in _SEPARATORS:
        return False
    inner = stripped.strip("|,/•·;()-–— ")
    if not inner or _dateish(inner):
        return True
    parts = [part for part in re.split(r"[|,/•·;()–—]", inner) if part.strip()]
    places = [part for part in parts if not _dateish(part)]
    if len(places) == 1 and _place(places[0]) and (signed or dated or len(parts) > 1):
        return True
    match = _BY.match(" " + inner)
    return bool(match) and _names(inner[match.end() - 1 :]) if match else False


def _place(text: str) -> bool:
    """Could a few words be the place that a byline names beside the agency ("in Bergen")?"""
    tokens = text.strip(" :").split()
    if tokens and tokens[0] in ("in", "en", "à", "aus", "da"):
        tokens = tokens[1:]
    return 0 < len(tokens) <= _PLACE_WORDS and _names(" ".join(tokens))


def _dateish(text: str) -> bool:
    tokens = [t for t in _TOKEN.findall(text) if t not in _SEPARATORS]
    return len(tokens) <= 14 and all(
        t[0].isdigit()
        or t.casefold().rstrip(".,:") in DATES
        or t.casefold().rstrip(":") in ("source", "media")
        for t in tokens
    )


def _names(text: str) -> bool:
    tokens = [t for t in _TOKEN.findall(text) if t not in _SEPARATORS]
    return 0 < len(tokens) <= _NAME_TOKENS and all(
        t[0].isupper() or t.casefold() in NAME_PARTICLES or t[0] in "'’\"“" for t in tokens
    )


def _persons(text: str) -> bool:
    """Is every piece between commas and "and" as long as a person's name?"""
    pieces = re.split(r"[,|/•·;]|\band\b|\bund\b|\bet\b|&", text[:_LONGEST])
    return all(
        2 <= len(piece.split()) <= 5 or piece.split() in (["Staff"], ["STAFF"])
        for piece in pieces
        if piece.strip()
    )


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, text))


def _placed(page: Page, start: int, end: int, told: str, full_name: bool) -> Reading:
    if not page.is_deep(start, _HEAD_PROSE):
        named = "a writer's name beside the agency" if full_name else UNSIGNED
        rule = {"by": "a byline", "named": named, "label": "the agency as byline"}[told]
        return weighed("origin", "byline", start, end, rule)
    if told != "label" and page.is_tail(end):
        return weighed("origin", "byline", start, end, "a byline after the text")
    return weighed("origin", "byline", start, end, "a credit line inside the text", "inner")


def _run_in(page: Page, start: int, end: int) -> Reading | None:
    """A byline in a page scraped onto one line: the agency, then the day and date, within the head."""
    text = page.text
    if _OPENS.fullmatch(text, 0, start) and _SENTENCE.match(text, end, end + 20):
        low = len(text[:start]) - len(text[:start].lstrip())
        return weighed("origin", "byline", low, end, "a byline, run in")
    if start <= 400 and _WEEKDAY.match(page.text, end, end + 40):
        return weighed("origin", "byline", start, end, "the agency before the date, run in", "copyright")
    if page.headline and text[page.headline : start].isspace() and _leads(text, end):
        rule = "the agency between headline and lead, run in"
        return weighed("origin", "byline", start, end, rule, "copyright")
    return None


def _leads(text: str, end: int) -> bool:
    """Does a sentence begin behind the agency, and not a photographer's name or a verb whose subject it is?"""
    words = text[end : end + _OPENING].split()[:_OPENING_WORDS]
    begins = text[end : end + 1] == " " and bool(words) and (begins_name(words[0]) or words[0][0].isdigit())
    return begins and any(word[0].islower() for word in words)
