"""Datelines: ``[PLACE][, DATE] (AGENCY[/AGENCY]) DASH``, and the shapes that agencies have of their own.

A tag in brackets is no dateline by itself: a dash or a date must be there, and the words before it must read
as a place. The words are read one by one from the tag back to the start of the line, so nothing can
backtrack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from dedup.attribution.page import Page
from dedup.attribution.places import IGNORED, Place, read_place

_DASH = re.compile(
    r"(?:</\w{1,8}>|[*_]{1,3}(?=\s)){0,2}\s{0,3}"
    r"(?:-{1,3}|[–—―‒‑－_:：|=]|\.\s?[-–—]|&[mn]dash;|&#(?:821[12]|x201[34]);)(?!\w{0,40}\))"
)
_MONTH_AFTER = re.compile(r"\s?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]{0,7}\s\d")
# "<agency> Beijing, 27 October, by wire": no dash, no brackets, the word for a cable closes it.
_HAN = re.compile(r"[\u3400-\u9fff0-9（）()]{2,24}?[电電](?!话|話|影|视|視|力|子|脑|腦|台)[)）]?")
# "[Tokyo, 8th, <agency>]", "(Seoul=<agency>)": place and tag in one pair of brackets, in a script without case.
_TOGETHER = re.compile(r"[(（\[［【〔][^\W_A-Za-z][^\n()（）\[\]【】]{0,30}")
_GAP = "   "  # blanks that a scrape left of a line's end: "By NAME    CITY (TAG) --"
_BLANKS = " \t\xa0\u3000"
_OPEN = {"(": ")", "（": "）", "/": "/", "|": "|", "[": "]", "［": "］", "【": "】", "〔": "〕"}
# "(TAG/DESK)" names a desk of the agency, "(TAG/PAPER)" and "(STATION/TAG)" a house that shares the credit.
_DESK = re.compile(r"/[a-z]{2,4}(?=[)）])")
_PARTNER_BEFORE = re.compile(r"\(\s?[A-Z][\w.&'’ ]{1,30}?\s?/\s?$")
_PARTNER_AFTER = re.compile(r"\s?/\s?[A-Z][\w.&'’ ]{1,30}(?=\))")
_RELAYED = re.compile(r"\s?[-–—]\s?[\w.&'’ ]{1,60}(?:\(\w{2,8}\))?\)")
_COUNTRY = re.compile(r"\s\[[A-Z][\w ]{2,30}\]$")
_THE = re.compile(r"\bthe\s$", re.I)
_PROSE = re.compile(r"\s{1,2}[\"“‘'«]?\w[^\n]{20}")
_CAPITAL = re.compile(r"\s{1,3}[\"“‘']?[^\W\d_a-z][\w'’]{0,40}[,\s]")
_STOPPED_WORDS = 2  # of a place that a full stop sets off

Shape = Literal["brackets", "slashes", "bars", "bare", "first", "cable"]
"""How a dateline sets off its tag: "OSLO (TAG) -", "OSLO /TAG/", "OSLO | TAG |", "OSLO, May 3 TAG -", the tag in front,
or, in Chinese, in front of a place and the word for a cable."""
SHAPES: tuple[Shape, ...] = get_args(Shape)


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline's span, ``[start, end)`` with its dash, and its shape."""

    start: int
    end: int
    shape: Shape


def read_dateline(page: Page, start: int, end: int, ambiguous: bool) -> Dateline | None:
    """The dateline that the tag or chain of tags ``[start, end)`` belongs to, or None.

    ``ambiguous`` tags need a place or a date before them and a dash after.
    """
    text = page.text
    line = page.line_start(start)
    if text[line : line + 1] == "," and _COUNTRY.search(text, max(0, line - 34), line):
        line = page.line_start(text.rindex("[", 0, line))  # "Ujjain [India], Apr 13": no markup
    left, right = _widened(text, line, start, end)
    opener = text[left - 1] if left > line else ""
    closer = text[right] if right < len(text) else ""
    if not text[start:end].isascii():
        native = _native(text, line, start, end)
        if native is not None:
            return native
    wrapped = opener in _OPEN and opener != "" and closer == _OPEN[opener]
    if wrapped:
        return _wrapped(page, line, left - 1, right + 1, text[start:end], ambiguous)
    return _bare(page, line, _behind_blanks(text, start), end, ambiguous)


def _widened(text: str, line: int, start: int, end: int) -> tuple[int, int]:
    """The tag with the article, the desk and the partner beside it: all that its brackets may hold."""
    left, right = start, end
    if text[start - 1 : start].isspace() and (the := _THE.search(text, max(line, start - 4), start)):
        left = the.start()
    if (partner := _PARTNER_BEFORE.search(text, max(line, left - 36), left)) is not None:
        left = partner.start() + 1
    for tail in (_DESK, _PARTNER_AFTER):
        if (partner := tail.match(text, right, right + 40)) is not None:
            right = partner.end()
            break
    last = right
    left = _behind_blanks(text, left)
    while right < len(text) and text[right] in " \t" and right - last < 3:
        right += 1
    if text[right : right + 1] == "." and text[right + 1 : right + 2] in (")", "]"):
        right += 1
    return left, right


def _behind_blanks(text: str, at: int) -> int:
    left = at
    while left and text[left - 1] in " \t" and at - left < 3:
        left -= 1
    return left


def read_relay(page: Page, start: int, end: int) -> Dateline | None:
    """The brackets "(CARRIER- AGENCY)" that open a text which ``[start, end)``, a carrier, passes on."""
    text = page.text
    line = page.line_start(start)
    if text[line:start].strip(IGNORED) != "(":
        return None
    if text[end : end + 1] == ")":
        return Dateline(start - 1, end + 1, "brackets")
    relayed = _RELAYED.match(text, end, end + 80)
    return Dateline(start - 1, relayed.end(), "brackets") if relayed else None


def _native(text: str, line: int, start: int, end: int) -> Dateline | None:
    """The shapes of East Asian agencies, at the start of a line."""
    ahead = text[line:start].lstrip(_BLANKS)
    if not ahead.strip("(（【〔"):
        cable = _HAN.match(text, end, end + 26)
        return Dateline(start, cable.end(), "cable") if cable is not None else None
    together = _TOGETHER.fullmatch(ahead) if len(ahead) <= 40 else None
    if together is None or text[end : end + 1] not in set(_OPEN.values()) - {"/", "|"}:
        return None
    dash = _DASH.match(text, end + 1, end + 25)
    return Dateline(start - len(ahead), dash.end() if dash else end + 1, "brackets")


def _wrapped(page: Page, line: int, left: int, right: int, tag: str, ambiguous: bool) -> Dateline | None:
    text = page.text
    slash = text[left] in "/|"
    dash = _DASH.match(text, right, right + 24)
    place = read_place(text, line, left, tag)
    if place is None:
        return None
    if place.words == 0 and not place.date:
        return _agency_first(page, line, left, dash)
    stop = text[left] == "|" or (
        slash and (text[right : right + 1] in (".", ":", ",") or _MONTH_AFTER.match(text, right) is not None)
    )
    stop = stop or text[left - 2 : left] == "--"  # "AUSTIN, Texas--(WIRE)May 3"
    if dash is None and not ambiguous and place.words and _CAPITAL.match(text, right):
        stop = stop or _set_off(text, place, left)
    if dash is None and not place.date and not stop:
        # A scrape that lost the dashes: "BEIRUT (TAG) Clashes broke out".
        words = text[place.start : left]
        lost = place.shouted and not ambiguous and ")" not in words and not _abbreviated(words, tag)
        return Dateline(place.start, right, "brackets") if lost and _CAPITAL.match(text, right) else None
    if ambiguous and dash is None and not stop and not (place.words and place.date):
        return None
    finish = dash.end() if dash else right + (text[right : right + 1] in (".", ":", ","))
    shape: Shape = "bars" if text[left] == "|" else "slashes" if slash else "brackets"
    return Dateline(place.start, finish, shape)


def _agency_first(page: Page, line: int, left: int, dash: re.Match[str] | None) -> Dateline | None:
    """The tag in front: "(TAG) - ROME, JUL 11 -" and the plain "(TAG) - text" at the start of a line."""
    text = page.text
    if dash is None or text[line:left].strip(IGNORED) or line < page.line_start(left):
        return None
    return Dateline(left, dash.end(), "first")


def _bare(page: Page, line: int, left: int, end: int, ambiguous: bool) -> Dateline | None:
    """A tag without brackets: "SYDNEY, July 30 TAG -", "Brussels. April 30. TAG -", "TAG - text"."""
    text = page.text
    dash = _DASH.match(text, end, end + 24)
    if (
        dash is None
        or text[dash.end() - 1] in ":_"
        or dash.end() >= len(text)
        or not text[dash.end()].isspace()
    ):
        return None
    if not text[end].isspace():
        return None
    place = read_place(text, line, left, "")
    if place is None:
        return None
    if place.words == 0 and not place.date and text[dash.end() - 1] != "|":
        blank = not text[line:left].strip(" \t\xa0\\")
        return Dateline(left, dash.end(), "first") if blank and not ambiguous else None
    if text[dash.end() - 1] == "|":  # "KIEL TAG | Text", which else is a picture's credit
        barred = place.shouted and place.anchored and not ambiguous
        return Dateline(place.start, dash.end(), "bare") if barred else None
    # "Homs, TAG – text": a comma stands for the date, where prose follows and not the day of a byline.
    comma = text[left - 1] == "," and not ambiguous and _PROSE.match(text, dash.end(), dash.end() + 60)
    return Dateline(place.start, dash.end(), "bare") if place.date or comma else None


def _set_off(text: str, place: Place, left: int) -> bool:
    """Does the separator stand in front of the brackets: "Kiel. (TAG) Text", "Kiel - (TAG) Text"?"""
    sign = text[place.start : left].rstrip()[-1:]
    return place.anchored and (sign in "-–—" or (sign == "." and place.words <= _STOPPED_WORDS))


def _abbreviated(words: str, tag: str) -> bool:
    return "".join(word[0] for word in words.split()).casefold().endswith(tag.casefold())
