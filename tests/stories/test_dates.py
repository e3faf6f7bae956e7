"""Moments of publication: every form that sources write, each with the precision that it has."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.stories.dates import moment

laws = settings(deadline=None, derandomize=True)

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
NOON = datetime(2019, 4, 8, 12, 30, tzinfo=UTC)
MIDNIGHT = datetime(2019, 4, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("published", "earliest", "precision"),
    [
        ("2019-04-08T12:30:00Z", NOON, SECOND),
        ("2019-04-08T12:30:00.250+00:00", NOON + timedelta(milliseconds=250), SECOND),
        ("2019-04-08T14:30:00+02:00", NOON, SECOND),
        ("2019-04-08T12:30Z", NOON, MINUTE),
        ("2019-04-08 14:30:00+0200", NOON, SECOND),
        ("2019-04-08 12:30:00 UTC", NOON, SECOND),
        ("2019-04-08T12:30:00 GMT", NOON, SECOND),
        ("2019-04-08T12:30:00GMT", NOON, SECOND),
        ("2019-04-08 12:30:00 z", NOON, SECOND),
        ("2019-04-08 14:30:00 +0200", NOON, SECOND),
        ("2019-04-08 14:30:00.5 +02:00", NOON + timedelta(milliseconds=500), SECOND),
        ("2019-04-08 14:30:00+02", NOON, SECOND),
        ("2019-04-08T14:30+02:00", NOON, MINUTE),
        ("2019-04-08T14:30+0200", NOON, MINUTE),
        ("2019-04-08 14:30+02", NOON, MINUTE),
        ("2019-04-08 12:30 UTC", NOON, MINUTE),
        ("20190408T123000Z", NOON, SECOND),
        ("2019/04/08 12:30 UTC", NOON, MINUTE),
        ("2019-04-08Z", MIDNIGHT, DAY),
        ("2019-04-08+02:00", MIDNIGHT - timedelta(hours=2), DAY),
        ("Mon, 08 Apr 2019 12:30:00 GMT", NOON, SECOND),
        ("Mon, 08 Apr 2019 08:30:00 EDT", NOON, SECOND),
        ("8 Apr 2019 14:30:00 +0200", NOON, SECOND),
        ("1554726600", NOON, SECOND),
        ("1554726600000", NOON, SECOND),
        ("1554726600.5", NOON + timedelta(milliseconds=500), SECOND),
        ("2019-04-08", MIDNIGHT, DAY),
        ("20190408", MIDNIGHT, DAY),
        ("2019/04/08", MIDNIGHT, DAY),
        ("08.04.2019", MIDNIGHT, DAY),
        ("8 April 2019", MIDNIGHT, DAY),
        ("8 Apr 2019", MIDNIGHT, DAY),
        ("April 8, 2019", MIDNIGHT, DAY),
        ("Apr 8, 2019", MIDNIGHT, DAY),
        ("8-APR-1987", datetime(1987, 4, 8, tzinfo=UTC), DAY),
        ("  2019-04-08\n", MIDNIGHT, DAY),
    ],
)
def test_forms_with_their_precision(published: str, earliest: datetime, precision: timedelta) -> None:
    found = moment(published)
    assert found is not None
    assert found[:2] == (earliest, earliest + precision)


@pytest.mark.parametrize(
    "published",
    [
        "2019-04-08T12:30:00", "2019-04-08 12:30", "2019/04/08 12:30:00", "2019/04/08 12:30", "20190408123000",
        "201904081230", "08-APR-2019 12:30:00.00", "Mon, 08 Apr 2019 12:30:00 -0000",
    ],
)  # fmt: skip
def test_a_time_without_a_zone_may_be_half_a_day_off(published: str) -> None:
    assert moment(published) == (NOON - DAY / 2, NOON + DAY / 2, NOON)


@pytest.mark.parametrize(
    "published",
    [
        None, "", "  ", "yesterday", "08 Apr", "2019", "12:30", "31 February 2019", "2019-13-01",
        "Mon, 31 Feb 2019 10:00:00 GMT",
        "nan", "inf", "-1", "0", "123", "9" * 5000, "99999999999999", "٢٠١٩", "\x00", "\ud800", "9999-12-31",
        "0001-01-01T00:00:00+14:00",
        "2019-04-08 12:30:00 +9999", "2019-04-08 12:30:00 XYZ", "UTC", "1 Jan 2020 00:00:00 +999999999999999999",
    ],
)  # fmt: skip
def test_what_is_no_date(published: str | None) -> None:
    assert moment(published) is None


@laws
@given(st.datetimes(datetime(2001, 9, 10), datetime(2199, 1, 1), timezones=st.just(UTC)))
@example(datetime.fromtimestamp(1701100812.3, UTC))  # whose milliseconds read like a night in 1701
def test_milliseconds_since_1970_come_back(when: datetime) -> None:
    milliseconds = int(when.timestamp()) * 1000
    found = moment(str(milliseconds))
    assert found is not None
    assert found.earliest == datetime.fromtimestamp(milliseconds / 1000, UTC)


@laws
@given(st.one_of(st.text(), st.from_regex(r"\A[0-9A-Za-z:,+./ -]{1,40}\Z"), st.text("0123456789-:T+Z. ")))
def test_any_text_is_a_moment_or_none(published: str) -> None:
    found = moment(published)
    assert found is None or found.earliest < found.latest


@laws
@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))
def test_iso_times_mean_the_same_moment_whatever_the_zone(when: datetime) -> None:
    here, there = moment(when.isoformat()), moment(when.astimezone(UTC).isoformat())
    assert here is not None
    assert here == there
