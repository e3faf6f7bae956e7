"""Moments of publication, with the precision that their source gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_DAY = timedelta(days=1)
_SHORT_FORMS = (
    ("%Y/%m/%d", _DAY),
    ("%d.%m.%Y", _DAY),
    ("%d %B %Y", _DAY),
    ("%d %b %Y", _DAY),
    ("%B %d, %Y", _DAY),
    ("%b %d, %Y", _DAY),
    ("%Y/%m/%d %H:%M:%S", timedelta(seconds=1)),
    ("%Y/%m/%d %H:%M", timedelta(minutes=1)),
    ("%d-%b-%Y %H:%M:%S.%f", timedelta(seconds=1)),
    ("%d-%b-%Y", _DAY),
)
# An offset in hours alone, as databases write it, is one only after a time: 2019-04-08 ends in a day.
_ZONE = re.compile(r"(?<=\d)\s*(UTC|GMT|Z|[+-]\d\d:?\d\d|(?<=:\d\d)[+-]\d\d)$", re.IGNORECASE)
_DIGIT_FORMS = {12: ("%Y%m%d%H%M", timedelta(minutes=1)), 14: ("%Y%m%d%H%M%S", timedelta(seconds=1))}


class Moment(NamedTuple):
    """An interval of UTC time, half-open, that holds the moment; ``written`` is the time that the source gives."""

    earliest: datetime
    latest: datetime
    written: datetime


def moment(published: str | None) -> Moment | None:
    """Read a date as news sources write it; None where there is none or it cannot be read.

    ISO 8601 (a date alone lasts a day), RFC 2822, seconds or milliseconds since 1970, digits alone
    (`20190408123000`), and a few common forms. A time without a zone is taken as UTC, give or take half a day, so that
    it never decides who was first by hours.
    """
    text = (published or "").strip()
    if not text:
        return None
    # `datetime` reads 1701100812300, a moment of 2023 in milliseconds, as a night in 1701.
    number = text.isdecimal() and len(text) > 8
    for read in (_digits, _epoch) if number else (_iso, _epoch, _rfc, _short):
        found = read(text)
        if found is not None:
            return found
    return None


def before_all(dated: Iterable[tuple[Moment | None, str]]) -> str | None:
    """The id that is dated before all others, beyond the precision of the dates; None where one has no date."""
    moments: list[tuple[Moment, str]] = []
    for when, id in dated:
        if when is None:
            return None
        moments.append((when, id))
    moments.sort()
    if not moments or (len(moments) > 1 and moments[0][0].latest > moments[1][0].earliest):
        return None
    return moments[0][1]


def _iso(text: str) -> Moment | None:
    if len(text) >= 19 and text[10] == "T" and text[16] == ":":
        # Nearly all feeds write "2019-04-08T12:30:00Z"; the standard library reads it at once.
        with suppress(ValueError):
            return _span(datetime.fromisoformat(text), timedelta(seconds=1))
    try:
        clock, zone = _parted(text)
        when = datetime.fromisoformat(clock)
    except ValueError:
        return None
    time = timedelta(seconds=1) if sum(map(str.isdigit, clock)) >= 14 else timedelta(minutes=1)
    return _span(when.replace(tzinfo=zone or when.tzinfo), _DAY if len(clock) <= 10 else time)


def _digits(text: str) -> Moment | None:
    """Year to minute or second without a mark between them, as GDELT writes it; other numbers are no years."""
    form = _DIGIT_FORMS.get(len(text))
    if form is None:
        return None
    try:
        when = datetime.strptime(text, form[0])
    except ValueError:
        return None
    return _span(when, form[1]) if 1900 <= when.year < 2100 else None


def _epoch(text: str) -> Moment | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    if not 1e8 <= abs(seconds) < 1e13:
        return None
    seconds = seconds / 1000 if abs(seconds) >= 1e11 else seconds
    return _span(datetime.fromtimestamp(seconds, UTC), timedelta(seconds=1))


def _rfc(text: str) -> Moment | None:
    try:
        return _span(parsedate_to_datetime(text), timedelta(seconds=1))
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def _short(text: str) -> Moment | None:
    try:
        clock, zone = _parted(text)
    except ValueError:
        return None
    for form, precision in _SHORT_FORMS:
        try:
            return _span(datetime.strptime(clock, form).replace(tzinfo=zone), precision)
        except ValueError:
            continue
    return None


def _parted(text: str) -> tuple[str, tzinfo | None]:
    """What stands before the zone at the end of ``text``, and that zone, if there is one.

    Raises:
        ValueError: An offset that no zone has.
    """
    found = _ZONE.search(text)
    if found is None:
        return text, None
    if found[1][0] not in "+-":
        return text[: found.start()], UTC
    return text[: found.start()], datetime.fromisoformat(f"2000-01-01T00:00{found[1]}").tzinfo


def _span(when: datetime, precision: timedelta) -> Moment | None:
    zone_unknown = when.tzinfo is None and precision < _DAY
    try:
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
        if zone_unknown:
            return Moment(when - _DAY / 2, when + _DAY / 2, when)
        return Moment(when, when + precision, when)
    except OverflowError:
        return None
