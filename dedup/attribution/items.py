"""Tags that open or close one item of a newspaper page, where no dateline in full can be read around them.

A page of short items gives each a tag of its own: behind a date that stands in the line above, "Rome, 19 March.\\n
(TAG.) — ..."; under its headline, "(TAG) — ..."; or at its end, "... said. (TAG, our staff)". Old type and OCR put
blanks and stops wherever they like. A tag that fills its brackets and has a dash behind it, or a date before it, or
an item's end behind it, is a credit; what looks so in running prose is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice

from dedup.attribution.dateline import SHAPES, Shape
from dedup.attribution.lexicon import DAYS, MONTHS
from dedup.attribution.page import Page
from dedup.attribution.reading import Reading, weighed

_COMPANY = (
    r"[^\W\d_][\w.]{1,9}(?:\s[A-Z]{2,5})?"  # who shares the brackets: the paper itself, a reporter's initials
)
_OPENER = re.compile(rf"[(\[{{]{{1,2}}\s{{0,2}}(?:{_COMPANY}\s?[,/+\-]\s?){{0,2}}$")
_MISREAD = re.compile(r"(?:^|\s)[lIJt1|!]$")
_CLOSER = re.compile(rf"(?:\s?[,/+\-–]\s?{_COMPANY}){{0,2}}[\s.,:]{{0,4}}[)\]}}]{{1,2}}")
_DASH = re.compile(r"[\s.,:;\"'”»]{0,4}[-–—~=]{1,2}")
_STOP = re.compile(r"[.,:;](?=\s)")
_SENTENCE = re.compile(r"\s{1,3}[«„“\"'‘(]?\s?[^\W\d_a-zß-ÿ]")
_ITEM_END = re.compile(r"[ \t.,]{0,4}(?:[A-Z]\w{2,11}\s?)?(?:\n|\Z)")
_ENDED = re.compile(r"[.!?,;:»”\")…]\s{0,3}$")
_LAST = re.compile(r"([^\s.,;:'’\-–—]{1,28})[\s.,;:'’]{0,4}[-–—]{0,2}[\s.,]{0,3}$")
_PLACED = re.compile(
    r"(?:^|\n)\s{0,2}[^\W\d_a-zß-ÿ][\w’'-]{2,20}(?:\s[^\W\d_a-zß-ÿ][\w’'-]{2,20})?\s?[.,]\s?$|[-–—]\s?$"
)
_PLACE_AND_DAY = re.compile(
    r"[.:]?\s{1,2}[^\W\d_a-zß-ÿ][\w’'-]{2,20}(?:\s[^\W\d_a-zß-ÿ][\w’'-]{2,20})?\s?[,.]\s?"
    r"(?:(?:den|le|il|el|the)\s)?\d{1,2}(?!\w)"
)
_NEXT_WORD = re.compile(r"\.?\s{0,2}(?:de\s)?([^\W\d_]{1,16})")
_BREAKS = ("-", "–", "—", ".", ",")
_YEAR = re.compile(r"\d{4}[\s.,]{0,3}$")  # a caption ends with the year, an item's dateline with the day
_CAPITALS = re.compile(r"(?<!\w)[^\W\d_]{3,20}$")
_ORDINAL = re.compile(r"\d{1,2}(?:er|st|nd|rd|th|º|°)?|\d{4}")
_SLASH = re.compile(r"[.!?»”\")]\s{0,2}/\s?$")
_FULL_STOP = re.compile(r"[.!?»”]\s{1,2}$")
_LEAST = 200  # a bare tag under less is a picture's
_BRACKETED = r"\(\s?([aA]gs?)\s?[.,]?\s?\)"
_IN_BRACKETS = re.compile(_BRACKETED)  # by itself, since a search finds a bracket fast
_ABBREVIATED = re.compile(rf"{_BRACKETED}| ([aA]g)\.(?= [^\W\d_a-zß-ÿ])")
ABBREVIATIONS = ("ag", "Ag", "ags", "Ags")
"""A text without any of these, as a word, has no agencies in brackets."""
_MOST = 200
_HEAD_PROSE = 900  # a tag behind more prose than this speaks for an item further down
_REACH = 28


def read_item(page: Page, start: int, end: int, shapes: Collection[Shape] = SHAPES) -> Reading | None:
    """The item's credit that the chain of tags ``[start, end)`` is, or None.

    ``shapes`` are those of the agency's datelines; one that signs none needs a date before its tag.
    """
    text, signs = page.text, "brackets" in shapes
    opener = _OPENER.search(text, max(0, start - _REACH), start) or _MISREAD.search(
        text, max(0, start - 2), start
    )
    closer = _CLOSER.match(text, end, end + _REACH) if opener else None
    if opener is None or closer is None:
        return _bare(page, start, end) or _behind_slash(page, start, end)
    low, high = opener.end() - len(opener[0].lstrip()), closer.end()
    before = text[max(0, low - _REACH) : low]
    dated = _dated(before)
    if text[low] == "[" and not dated and before.rpartition("\n")[2].strip():
        return None  # a source in a digest: "... for it. [TAG] - ANOTHER STORY"
    dash = _DASH.match(text, high, high + 8)
    leads = signs and _may_lead(before) and ("first" in shapes or bool(before.strip()))
    if dash is not None and (dated or leads):
        return _opening(page, low, dash.end(), dated=dated)
    if before.strip(" ")[-1:] in ("\n", "") and (ahead := _PLACE_AND_DAY.match(text, high, high + 60)):
        return _opening(page, low, ahead.end(), dated=True)
    stop = _STOP.match(text, high, high + 2)
    following = stop.end() if stop else high
    headed = before[-1:] in ("\n", "") and stop is not None and signs
    placed = headed or (dated and _YEAR.search(before) is None) or _PLACED.search(before) is not None
    if placed and _SENTENCE.match(text, following, following + 6):
        return _opening(page, low, following, dated=dated)
    if signs and _ITEM_END.match(text, high, high + 24) and _ENDED.search(before.rstrip("\n") or "."):
        return _closing(page, low, high)
    return None


def _names_month(text: str, at: int) -> bool:
    word = _NEXT_WORD.match(text, at, at + 20)
    return word is not None and word[1].casefold() in MONTHS


def _bare(page: Page, start: int, end: int) -> Reading | None:
    """ "LONDON, 5. — TAG. — The ...", "Berlin, 4. Mai. TAG. Der ..." and "TAG. London, 5 May. The ..."."""
    text = page.text
    before = text[max(0, start - _REACH) : start]
    if (
        before.strip(" ")[-1:] in ("\n", "")
        and (ahead := _PLACE_AND_DAY.match(text, end, end + 60)) is not None
        # "Tag Pereira, 34, said": a person and her age.
        and (ahead[0][0] in ".:" or _names_month(text, ahead.end()))
    ):
        return _opening(page, start, ahead.end(), dated=True)
    if before.rstrip()[-1:] not in _BREAKS or not _dated(before):
        return None
    dash = _DASH.match(text, end, end + 6)
    if dash is not None:
        return _opening(page, start, dash.end(), dated=True)
    # A number alone may count anything; only a month makes it a date where no dash follows.
    last = _LAST.search(before)
    monthly = last is not None and last[1].casefold() in MONTHS
    if not monthly or text[end : end + 1] != "." or not _SENTENCE.match(text, end + 1, end + 7):
        return None
    return _opening(page, start, end + 1, dated=True)


def _behind_slash(page: Page, start: int, end: int) -> Reading | None:
    """ "... was hurt. / tag-tag" at an item's end, and "... was hurt. TAG" at the text's."""
    text = page.text
    if not _ITEM_END.match(text, end, end + 24):
        return None
    slash = _SLASH.search(text, max(0, start - 8), start)
    if slash is not None:
        return _closing(page, slash.end() - len(slash[0].lstrip('.!?»”") ')), end)
    last = len(text) - end <= 3 and start >= _LEAST
    return _closing(page, start, end) if last and _FULL_STOP.search(text, max(0, start - 4), start) else None


def _dated(before: str) -> bool:
    """Does what stands before the tag end with a date: a month, a day, a number of the calendar?"""
    last = _LAST.search(before)
    if last is None:
        return False
    word = last[1].casefold()
    return (
        word in MONTHS
        or word in DAYS
        or _ORDINAL.fullmatch(word) is not None
        or (word in ("er", "st", "th") and before[: last.start()].rstrip()[-1:].isdigit())
    )


def _may_lead(before: str) -> bool:
    """May an item begin behind this: at a line's start, after a stop, after a place in capitals?"""
    lead = before.rstrip(" \t")
    if lead[-1:] in ("\n", "", "."):
        return True
    last = _CAPITALS.search(lead)
    return last is not None and sum(map(str.isupper, last[0])) >= len(last[0]) - 1


def may_abbreviate(text: str) -> bool:
    """May `find_abbreviated` find something? A quick look, before the text's lines are measured."""
    return " ag. " in text or " Ag. " in text or _IN_BRACKETS.search(text) is not None


def find_abbreviated(page: Page) -> Iterator[Reading]:
    """ "(ag.)", which credits agencies without a name, where it opens or closes an item."""
    for match in islice(_ABBREVIATED.finditer(page.text), _MOST):
        reading = read_item(page, *match.span(match.lastindex or 0))
        if reading is not None:
            yield replace(reading, role="unnamed", kind="byline", weight=0.0, rule="agencies in brackets")


def _opening(page: Page, low: int, high: int, *, dated: bool) -> Reading:
    inner = not dated or page.is_deep(low, _HEAD_PROSE)
    evidence = "teaser" if page.teases(high) else "inner" if inner else "dateline"
    return weighed("origin", "dateline", low, high, "a tag that opens an item", evidence)


def _closing(page: Page, low: int, high: int) -> Reading:
    inner = not page.is_tail(high) or page.prose_before(low) == 0
    return weighed("origin", "tail", low, high, "a tag that closes an item", "inner" if inner else "tail")
