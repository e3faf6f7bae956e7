"""What pages print of their own time, and slugs of write-throughs."""

import pytest

from dedup.stories.printed import printed

PROSE = "\nThe lock at Velm was shut on Monday, and the harbour master said that he did not know why.\n" * 30


@pytest.mark.parametrize(
    ("line", "expected", "minutes"),
    [
        ("Updated: May 6, 2031 @ 2:52 am", "2031-05-06T02:52", None),
        ("Originally published May 5, 2031 at 9:06 pm\nUpdated May 6, 2031 at 6:12 am", "2031-05-06T06:12", None),
        ("Tuesday, 6 May 2031 06:16 AM", "2031-05-06T06:16", None),
        ("Published\n4:53\xa0am PDT, Tuesday, May 6, 2031", "2031-05-06T11:53", 1),
        ("Nation/World 05/16/2031, 11:06am", "2031-05-16T11:06", None),
        ("J. Marsh Published 3:55 a.m. ET May 6, 2031 | Updated 8:50 a.m. ET May 6, 2031", "2031-05-06T12:50", 1),
        ("Updated 0420 GMT (1220 HKT) May 6, 2031", "2031-05-06T04:20", 1),
        ("Updated 6:35 PM ET, Tue January 7, 2031", "2031-01-07T23:35", 1),
        ("Posted 5:57 am, May 6, 2031, by Jo Marsh , Updated at 06:00AM, May 6, 2031", "2031-05-06T06:00", None),
        ("12:05 a.m. GMT, 6 May 2031", "2031-05-06T00:05", 1),
        ("Stand: 6. Mai 2031, 14:30 Uhr", "2031-05-06T14:30", None),
        ("Publié le 6 mai 2031 à 14h30", "2031-05-06T14:30", None),
        ("Actualizado el 6 de mayo de 2031 a las 14:30", "2031-05-06T14:30", None),
        ("6 maggio 2031 14:30", "2031-05-06T14:30", None),
        ("2031-05-06 06:12 UTC", "2031-05-06T06:12", 1),
        ("06.05.2031 06:12 MESZ", "2031-05-06T04:12", 1),
    ],
)  # fmt: skip
def test_the_latest_time_that_a_page_prints(line: str, expected: str, minutes: int | None) -> None:
    """With a zone to the minute, in UTC; without one as it is written, give or take half a day."""
    for text in (f"{line}\n{PROSE}", f"{PROSE}\n{line}\n"):
        when = printed(text).moment
        assert when is not None
        assert (when.earliest if minutes else when.written).isoformat()[:16] == expected
        assert (when.latest - when.earliest).total_seconds() == (60 if minutes else 24 * 3600)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "May 6, 2031",  # a day alone stands in every story
        "The bridge fell at 9:05 p.m. on May 6, 2031, and nobody has been near it since that night.",
        "05/06/2031 11:06am",  # May or June, by the side of the ocean
        "Updated 11:06am, February 31, 2031",
        "2:05 to 3:15 in the year 2031",
        f"{PROSE}Updated May 6, 2031 at 6:12 am{PROSE}",
    ],
)
def test_what_is_no_time_of_publication(text: str) -> None:
    assert printed(text).moment is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("UPDATE 3-Lock at Velm opens", ("update", 3)),
        ("UPDATE 1 - Lock at Velm opens", ("update", 1)),
        ("Lock at Velm, 2nd Ld-Writethru", ("lead", 2)),
        ("(LEAD) Lock at Velm opens", ("lead", 1)),
        ("(3rd LD) Lock at Velm opens", ("lead", 3)),
        ("Update on the lock at Velm", None),
        ("Windows update 3 is out", None),
        ("Marlow takes 2nd lead role", None),
    ],
)
def test_slugs_number_versions(title: str, expected: tuple[str, int] | None) -> None:
    assert printed("Barges waited.", title).version == expected
    assert printed(f"{title}\nBarges waited.").version == expected
