"""Filing: the same page, the same desk, the same outlet."""

from typing import Any

import numpy as np
import pytest

from dedup.model import Article, Origin, Share, Status
from dedup.stories.filing import filing, page_address, pages, signs_of, writers
from dedup.text.pages import ARTICLE, DIGEST


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        (None, []),
        ("By Ilse Varga", ["ilse varga"]),
        ("ILSE VARGA and Jón de la Cruz, Associated Press Writers", ["ilse varga", "jon de la cruz"]),
        ("Von Ilse Varga; Ola Nordmann", ["ilse varga", "ola nordmann"]),
        ("Staff Reporter", []),
        ("Web Desk", []),
        ("admin", []),
        ("7 News", []),
    ],
)
def test_a_byline_names_persons(byline: str | None, names: list[str]) -> None:
    assert writers(byline) == names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.argus.example/a/1", "http://argus.example/a/1/"),
        ("https://m.argus.example/a/1#top", "https://argus.example/a/1?utm_source=x&fbclid=y"),
        ("https://ARGUS.example/a/1/amp", "https://argus.example/a/1"),
        ("https://argus.example/story.php?id=7&utm_medium=z", "https://argus.example/story.php?id=7"),
        ("https://argus.example/?p=7", "https://www.argus.example/?utm_campaign=q&p=7"),
    ],
)
def test_one_page_has_many_urls(one: str, other: str) -> None:
    assert page_address(one) == page_address(other) != ""


@pytest.mark.parametrize(
    "url", [None, "", "  ", "argus", "https://argus.example", "https://argus.example/?ref=x"]
)
def test_a_front_page_is_not_the_page_of_an_article(url: str | None) -> None:
    assert page_address(url) == ""


def test_pages_of_one_site_differ() -> None:
    urls = [
        "https://argus.example/a/1",
        "https://argus.example/a/2",
        "https://argus.example/a/1?p=2",
        "https://b.example/a/1",
    ]
    assert len(set(map(page_address, urls))) == 4


def origin(agency: str, share: Share = "whole", status: Status = "confirmed") -> Origin:
    return Origin(agency, share, status, 5.0, agencies=(agency,))


def one_desk(a: Article, b: Article, origins: tuple[Origin, Origin] = (Origin(), Origin())) -> bool:
    return bool(filing(signs_of([a, b], origins), np.array([[0, 1]], np.int64)).one_desk[0])


@pytest.mark.parametrize(
    ("size", "length", "kind"),
    [
        (8, 60, "article"),
        (7, 60, "no body"),
        (50, 1000, "article"),
        (49, 1000, "no body"),
        (99, 5000, "no body"),
        (100, 5000, "article"),
    ],
)
def test_an_article_with_little_body_is_said_to_have_none(size: int, length: int, kind: str) -> None:
    assert pages(signs_of([Article("x", "t" * length)]), np.array([size], np.int64)) == [kind]


def article(**fields: Any) -> Article:
    return Article("x", "text", **fields)


def test_one_desk_is_one_agency_or_one_writer() -> None:
    plain = article()
    assert one_desk(plain, plain, (origin("AP"), origin("AP", status="probable")))
    assert not one_desk(plain, plain, (origin("AP"), origin("AFP")))
    assert not one_desk(plain, plain, (origin("AP"), origin("AP", share="partial")))
    assert not one_desk(plain, plain, (origin("AP"), origin("AP", status="possible")))
    assert not one_desk(plain, plain)
    joint = Origin("AFP", "whole", "confirmed", 5.0, agencies=("AFP", "AP"))
    assert one_desk(plain, plain, (joint, origin("AP")))
    assert one_desk(article(byline="By Ilse Varga"), article(byline="OLA NORDMANN, ILSE VARGA"))
    assert not one_desk(article(byline="Staff Writer"), article(byline="Staff Writer"))


@pytest.mark.parametrize(
    ("later", "one"), [("2031-05-03T08:00:00Z", True), ("2031-05-04T08:00:00Z", False), ("", True)]
)
def test_a_desk_writes_one_file_in_two_days(later: str, one: bool) -> None:
    first = article(byline="Ilse Varga", published="2031-05-01T09:00:00Z")
    assert one_desk(first, article(byline="Ilse Varga", published=later)) is one


def test_what_is_not_known_is_not_the_same() -> None:
    told = filing(signs_of([article(), article()]), np.array([[0, 1]], np.int64))
    assert [bool(same[0]) for same in (told.one_page, told.one_desk, told.one_outlet)] == [False] * 3
    assert told.pages.tolist() == [[ARTICLE, ARTICLE]]


def test_outlets_urls_and_kinds_of_page_are_told_of_each_pair() -> None:
    digest = "OSEN (AP) — Rain.\n" * 3
    articles = [
        Article("a", "text", outlet="Argus", url="https://argus.example/1"),
        Article("b", digest, outlet="Argus", url="https://argus.example/1?utm_x=1"),
        Article("c", "text", outlet="Post", url="https://argus.example/2"),
    ]
    told = filing(signs_of(articles), np.array([[0, 1], [0, 2], [1, 2]], np.int64))
    assert told.one_page.tolist() == told.one_outlet.tolist() == [True, False, False]
    assert told.pages.tolist() == [[ARTICLE, DIGEST], [ARTICLE, ARTICLE], [DIGEST, ARTICLE]]
