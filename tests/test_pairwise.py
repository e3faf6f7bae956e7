"""`compare` tells the direction where outlets and dates do, and says it mirrored when the articles change places."""

from dataclasses import replace

from dedup import Article, Settings, compare

BODY = " ".join(f"The harbour master of Velm counted {n} barges at the lock on Monday." for n in range(20))
EARLY = Article("early", BODY, outlet="Velm Intelligencer", published="2031-04-01T10:00:00Z")
LATE = Article("late", BODY, outlet="Sund Chronicle", published="2031-04-08T10:00:00Z")


def test_a_direction_goes_from_the_earlier_to_the_later() -> None:
    (match,) = compare(EARLY, LATE)
    assert (match.direction, match.direction_reason) == ("a->b", "early was published 7 days before")
    (match,) = compare(LATE, EARLY)
    assert (match.direction, match.direction_reason) == ("b->a", "early was published 7 days before")


def test_ids_do_not_matter() -> None:
    (match,) = compare(EARLY, replace(LATE, id="early"))
    assert match.direction == "a->b"


def test_an_agency_s_copy_has_its_source_elsewhere() -> None:
    text = f"VELM (AP) — {BODY}"
    (match,) = compare(replace(EARLY, text=text), replace(LATE, text=text))
    assert match.direction == "unknown"
    assert "AP" in match.direction_reason


def test_bare_texts_have_no_direction_and_without_origins_nothing_is_sought() -> None:
    (match,) = compare(BODY, BODY)
    assert (match.direction, match.direction_reason) == ("unknown", "")
    (match,) = compare(EARLY, LATE, Settings(origin=False))
    assert match.direction == "unknown"
