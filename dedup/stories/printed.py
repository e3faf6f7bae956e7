"""What a page prints of its own time: a line "Updated 8:50 a.m. ET July 16, 2018", a slug "UPDATE 2-".

Crawlers and feeds stamp an article with clocks of their own; the line that readers see is the outlet's word. Only a
time of day counts, in a line that is no prose: days alone stand in every story.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from dedup.stories.dates import Moment

_HEAD = 1500  # code points of a text in which it prints its time
_TAIL = 400
_LINE = 200  # code points of a line that is no paragraph
_APART = 16  # code points between a time of day and its date, at most

# The first three letters tell the months of each language apart, but for June and July and French accents.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen jän", "feb fév fev", "mar mär mrz", "apr avr abr", "may mai mag maj", "jun juin giu",
            "jul juil lug", "aug aoû aou ago", "sep set", "oct okt ott out", "nov", "dec dez déc dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_WORD = r"(?P<{0}>[^\W\d_]{{3,10}})\.?"
_BLANK = r"[ \t\xa0]{1,3}"
_DATE = re.compile(
    rf"(?<!\w)(?:{_WORD.format('mdy')}{_BLANK}(?P<mdy_day>\d{{1,2}})(?:st|nd|rd|th)?,?{_BLANK}(?P<mdy_year>(?:19|20)\d\d)"
    rf"|(?P<dmy_day>\d{{1,2}})(?:st|nd|rd|th|\.|º)?{_BLANK}(?:de{_BLANK})?{_WORD.format('dmy')},?{_BLANK}(?:de{_BLANK})?(?P<dmy_year>(?:19|20)\d\d)"
    r"|(?P<iso_year>(?:19|20)\d\d)-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)"
    r"|(?P<first>\d{1,2})(?P<by>[/.])(?P<second>\d{1,2})(?P=by)(?P<year>(?:19|20)\d\d))(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d:.])(?:(?P<h12>1[0-2]|0?\d)(?:[:.](?P<m12>[0-5]\d))?[ \xa0]?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<h24>[01]?\d|2[0-3])(?:[:h]| h )(?P<m24>[0-5]\d)(?![\d/])"
    r"|(?P<h4>[01]\d|2[0-3])(?P<m4>[0-5]\d)(?=[ \xa0](?:GMT|UTC)\b))"
    r"(?:[ \xa0]{0,2}\(?(?P<zone>[A-Z]{2,4})\b)?",
    re.IGNORECASE,
)
# Hours from UTC. What two zones share (IST, CST of China) is left out, but for the American ones.
_ZONES = {
    "UTC": 0, "GMT": 0, "BST": 1, "WET": 0, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "EST": -5, "EDT": -4, "CDT": -5, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9, "HKT": 8, "SGT": 8,
}  # fmt: skip
_SEASONAL = {"ET": -5, "CT": -6, "MT": -7, "PT": -8}
_LABEL = re.compile(
    r"\b(?:updated?|published|posted|modified|aktualisiert|veröffentlicht|mis à jour|publié|actualizad[oa]|publicad[oa]"
    r"|aggiornat[oa]|pubblicat[oa]|atualizad[oa])\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[a-z]{3}[.!?…][\"”’']?\s*$")
_SLUG = re.compile(
    r"(?P<update>\bUPDATE[ -]?(?P<nth>\d{1,2})[ \-–—:])|\b(?P<lead>\d{1,2})(?:st|nd|rd|th) (?:Ld|LD|Lead)\b"
    r"|\((?:(?P<ordinal>\d)(?:st|nd|rd|th) )?LE?A?D\)"
)
_DAY = timedelta(days=1)


class Printed(NamedTuple):
    """What a page says of its own time.

    Attributes:
        moment: The latest that it prints; without a zone, give or take half a day.
        version: The number of a write-through (`UPDATE 2-`, `3rd Ld`), with the sort of numbering; None for no slug.
    """

    moment: Moment | None
    version: tuple[str, int] | None


def printed(text: str, title: str | None = None) -> Printed:
    """Read a page's own time from its first and last lines, and its slug from its title or first line."""
    found: Moment | None = None
    for line in _lines(text):
        when = _latest(line)
        if when is not None and (found is None or when.written > found.written):
            found = when
    return Printed(found, _version(title or "") or _version(text[:120]))


def _lines(text: str) -> list[str]:
    """Lines with a year in them that may hold the time of publication, with what stands just above each."""
    zones = [text[:_HEAD]] if len(text) <= _HEAD + _TAIL else [text[:_HEAD], text[-_TAIL:]]
    kept = []
    for zone in zones:
        if "20" not in zone and "19" not in zone:
            continue
        before = ""
        for line in zone.split("\n"):
            # A label or a clock may have a line of its own: "Updated", "1:05 am PDT, Monday, July 16, 2018".
            if 8 <= len(line) <= _LINE and ("20" in line or "19" in line):
                labelled = _LABEL.search(line) is not None or _LABEL.fullmatch(before.strip(" :")) is not None
                if labelled or not _SENTENCE.search(line):
                    kept.append(line)
            before = line if line.strip() else before
    return kept


def _latest(line: str) -> Moment | None:
    """The latest time of day that stands beside a date."""
    found: Moment | None = None
    clocks = list(_CLOCK.finditer(line))
    for date in _DATE.finditer(line) if clocks else ():
        day = _day(date)
        near = min(clocks, key=lambda clock: _gap(clock, date), default=None)
        if day is None or near is None or _gap(near, date) > _APART:
            continue
        when = _moment(day, near)
        if found is None or when.written > found.written:
            found = when
    return found


def _gap(clock: re.Match[str], date: re.Match[str]) -> int:
    return max(clock.start() - date.end(), date.start() - clock.end())


def _day(date: re.Match[str]) -> datetime | None:
    """Midnight of a date; None for one that is none, or that reads otherwise on the other side of an ocean."""
    part = date.groupdict()
    try:
        if part["mdy"] or part["dmy"]:
            form = "mdy" if part["mdy"] else "dmy"
            name = part[form].casefold()
            month = _MONTHS.get(name[:3]) or _MONTHS.get(name[:4])
            return datetime(int(part[f"{form}_year"]), month, int(part[f"{form}_day"])) if month else None
        if part["iso_year"]:
            return datetime(int(part["iso_year"]), int(part["iso_month"]), int(part["iso_day"]))
        first, second, year = int(part["first"]), int(part["second"]), int(part["year"])
        if part["by"] == "." or first > 12:
            return datetime(year, second, first)
        return datetime(year, first, second) if second > 12 or first == second else None
    except ValueError:
        return None


def _moment(day: datetime, clock: re.Match[str]) -> Moment:
    part = clock.groupdict()
    if part["half"]:
        hour = int(part["h12"]) % 12 + (12 if part["half"] in "pP" else 0)
        minute = int(part["m12"] or 0)
    else:
        hour, minute = int(part["h24"] or part["h4"]), int(part["m24"] or part["m4"])
    written = (day + timedelta(hours=hour, minutes=minute)).replace(tzinfo=UTC)
    zone = (part["zone"] or "").upper()
    if zone in _ZONES or zone in _SEASONAL:
        hours = _ZONES[zone] if zone in _ZONES else _SEASONAL[zone] + (3 < day.month < 11)
        earliest = written - timedelta(hours=hours)
        return Moment(earliest, earliest + timedelta(minutes=1), written)
    return Moment(written - _DAY / 2, written + _DAY / 2, written)


def _version(line: str) -> tuple[str, int] | None:
    slug = _SLUG.search(line) if "L" in line or "UPDATE" in line else None
    if slug is None:
        return None
    if slug["update"]:
        return "update", int(slug["nth"])
    return "lead", int(slug["lead"] or slug["ordinal"] or 1)
