"""Datelines: ``[PLACE][, DATE] (AGENCY[/AGENCY]) DASH``, and the shapes that agencies have of their own.

A tag in brackets is no dateline by itself: a dash or a date must be there, and the words before it must read
as a place. The words are read one by one from the tag back to the start of the line, so nothing can
backtrack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from dedup.attribution.lexicon import DAYS, MONTHS, NOT_PLACES, PLACE_PARTICLES, begins_name
from dedup.attribution.page import Page

_DATE_WORDS = (
    MONTHS | DAYS | frozenset({"de", "del", "of", "le", "il", "the", "er", "edt", "est", "gmt", "utc"})
)
_NUMBER = re.compile(r"\d{1,4}(?:st|nd|rd|th|er|º|\.)?")
_DASH = re.compile(r"\s{0,3}(?:-{1,3}|[–—―‒‑－_:：|=]|\.\s?[-–—])(?!\w*\))")
_WORD = re.compile(r"[^\s,،、/()|.]+\.?|[,،、/()|.]")
_MONTH_AFTER = re.compile(r"\s?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z.]{0,7}\s\d")
# "<agency> Beijing, 27 October, by wire": no dash, no brackets, the word for a cable closes it.
_HAN = re.compile(r"[\u3400-\u9fff0-9（）()]{2,24}?[电電](?!话|話|影|视|視|力|子|脑|腦|台)[)）]?")
# "[Tokyo, 8th, <agency>]", "(Seoul=<agency>)": place and tag in one pair of brackets, in a script without case.
_TOGETHER = re.compile(r"[(（\[［【〔][^\W_A-Za-z][^\n()（）\[\]【】]{0,30}")
_BLANKS = " \t\xa0\u3000"
_OPEN = {"(": ")", "（": "）", "/": "/", "|": "|", "[": "]", "［": "］", "【": "】", "〔": "〕"}
_PLACE_WORDS = 8
_PLAIN_WORDS = 3  # without capitals to tell a place from prose, it may not be longer
_PREFIX = 110


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
    left, right = start, end
    while left and text[left - 1] in " \t" and start - left < 3:
        left -= 1
    while right < len(text) and text[right] in " \t" and right - end < 3:
        right += 1
    line = page.line_start(start)
    opener = text[left - 1] if left > line else ""
    closer = text[right] if right < len(text) else ""
    if not text[start:end].isascii():
        native = _native(text, line, start, end)
        if native is not None:
            return native
    wrapped = opener in _OPEN and opener != "" and closer == _OPEN[opener]
    if wrapped:
        return _wrapped(page, line, left - 1, right + 1, text[start:end], ambiguous)
    return _bare(page, line, left, end, ambiguous)


def _native(text: str, line: int, start: int, end: int) -> Dateline | None:
    """The shapes of East Asian agencies, at the start of a line."""
    ahead = text[line:start].lstrip(_BLANKS)
    if not ahead.strip("(（【〔"):
        cable = _HAN.match(text, end, end + 26)
        return Dateline(start, cable.end(), "cable") if cable is not None else None
    together = _TOGETHER.fullmatch(ahead) if len(ahead) <= 40 else None
    if together is None or text[end : end + 1] not in set(_OPEN.values()) - {"/", "|"}:
        return None
    dash = _DASH.match(text, end + 1, end + 7)
    return Dateline(start - len(ahead), dash.end() if dash else end + 1, "brackets")


def _wrapped(page: Page, line: int, left: int, right: int, tag: str, ambiguous: bool) -> Dateline | None:
    text = page.text
    slash = text[left] in "/|"
    dash = _DASH.match(text, right, right + 6)
    place = _read_place(text, line, left, tag)
    if place is None:
        return None
    if place.words == 0 and not place.date:
        return _agency_first(page, line, left, dash, ambiguous)
    stop = text[left] == "|" or (
        slash and (text[right : right + 1] in (".", ":", ",") or _MONTH_AFTER.match(text, right) is not None)
    )
    if dash is None and not place.date and not stop:
        return None
    if ambiguous and dash is None and not stop:
        return None
    finish = dash.end() if dash else right + (text[right : right + 1] in (".", ":", ","))
    shape: Shape = "bars" if text[left] == "|" else "slashes" if slash else "brackets"
    return Dateline(place.start, finish, shape)


def _agency_first(
    page: Page, line: int, left: int, dash: re.Match[str] | None, ambiguous: bool
) -> Dateline | None:
    """The tag in front: "(TAG) - ROME, JUL 11 -" and the plain "(TAG) - text" at the start of a line."""
    text = page.text
    if dash is None or ambiguous or text[line:left].strip(" \t\xa0*•-–—") or line < page.line_start(left):
        return None
    return Dateline(left, dash.end(), "first")


def _bare(page: Page, line: int, left: int, end: int, ambiguous: bool) -> Dateline | None:
    """A tag without brackets: "SYDNEY, July 30 TAG -", "Brussels. April 30. TAG -", "TAG - text"."""
    text = page.text
    dash = _DASH.match(text, end, end + 6)
    if (
        dash is None
        or text[dash.end() - 1] in "|:_"
        or dash.end() >= len(text)
        or not text[dash.end()].isspace()
    ):
        return None
    if not text[end].isspace():
        return None
    place = _read_place(text, line, left, "")
    if place is None:
        return None
    if place.words == 0 and not place.date:
        blank = not text[line:left].strip(" \t\xa0\\")
        return Dateline(left, dash.end(), "first") if blank and not ambiguous else None
    return Dateline(place.start, dash.end(), "bare") if place.date else None


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    words: int
    date: bool


def _read_place(text: str, line: int, left: int, tag: str) -> _Place | None:
    """The place and date that end at ``left``; None where the words before the tag are no place."""
    low = max(line, left - _PREFIX)
    tokens = [(m.start(), m[0]) for m in _WORD.finditer(text, low, left)]
    while tokens and not any(c.isalnum() for c in tokens[-1][1]) and tokens[-1][1] not in ("(", ")"):
        tokens.pop()
    index = len(tokens)
    date = False
    while index:
        word = tokens[index - 1][1]
        bare = word.rstrip(".,:").casefold()
        if _NUMBER.fullmatch(word) or bare in MONTHS or bare in DAYS:
            date = True
        elif not (bare in _DATE_WORDS and date) and word not in (
            ",",
            "،",
            "、",
            ".",
            "/",
            "-",
            "–",
            "--",
            "—",
        ):
            break
        index -= 1
    words: list[tuple[int, str]] = []
    while index and len(words) < _PLACE_WORDS:
        at, word = tokens[index - 1]
        if not any(c.isalpha() for c in word):
            if word in (",", "،", "、", "/", "(", ")", "-", "–"):
                index -= 1
                continue
            break
        if not begins_name(word) and (word.casefold() not in PLACE_PARTICLES or not words):
            break
        if word[-1] == "." and len(word) > 6 and (words or not date):
            break
        words.append((at, word))
        index -= 1
    if sum(not word[0].isupper() and begins_name(word) for _, word in words) > _PLAIN_WORDS:
        return None
    while words and words[-1][1].casefold() in PLACE_PARTICLES and not words[-1][1][0].isupper():
        words.pop()
    if not words:
        anchored = index == 0 and low == line
        if not anchored and not date:
            return None if tokens else _Place(left, 0, date=False)
        first = tokens[index][0] if index < len(tokens) else left
        return _Place(first, 0, date) if anchored else None
    start = words[-1][0]
    names = [word for _, word in reversed(words)]
    reached = not text[low:start].strip(" \t\xa0*•·-–—\"“‘'") and low == line
    if not reached:
        shouted = _shouted(names)
        if shouted:
            start = words[shouted - 1][0]
            names = names[-shouted:]
        elif not _after_stop(text, low, start):
            return None
    if names[0].casefold().rstrip(".") in NOT_PLACES or _spells(names, tag):
        return None
    return _Place(start, len(names), date)


def _shouted(names: list[str]) -> int:
    """How many of the last words form a place in capitals ("… Twitter WASHINGTON", "AUSTIN, Texas")."""
    count = 0
    for name in reversed(names):
        if (name.isupper() and len(name.strip(".")) > 2) or (
            count == 0 and len(names) > 1 and names[-2].isupper() and len(names[-2]) > 2
        ):
            count += 1
        else:
            break
    return count


def _after_stop(text: str, low: int, start: int) -> bool:
    before = text[low:start].rstrip()
    return bool(before) and before[-1] in ".!?:…|"


def _spells(names: list[str], tag: str) -> bool:
    """Do the words' initials spell the tag ("Advanced Placement (AP)")? A place in capitals is a place."""
    if names[0].isupper() and len(names[0]) > 2:
        return False
    letters = "".join(c for c in tag.casefold() if c.isalpha())
    initials = "".join(name[0] for name in names).casefold()
    capitals = "".join(name[0] for name in names if name[0].isupper()).casefold()
    return len(letters) > 1 and (initials.endswith(letters) or capitals.endswith(letters))
