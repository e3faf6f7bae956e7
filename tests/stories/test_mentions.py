"""Who names another outlet as the source, and who only speaks of it."""

from typing import Any

import pytest

from dedup.model import Article
from dedup.stories.mentions import house_of, names, original_hosts, zone_of

STORY = "Barges waited at the lock of Velm on Monday.\n" * 9


@pytest.mark.parametrize(
    ("outlet", "url", "key", "host"),
    [
        ("The Velm Intelligencer", None, "velmintelligencer", ""),
        ("usatoday.com", None, "usatoday", "usatoday.com"),
        ("www.bbc.co.uk", None, "bbc", "bbc.co.uk"),
        (None, "https://eu.velmpost.example/lock", "velmpost", "eu.velmpost.example"),
        ("Velm Post", "https://velmpost.example/lock", "velmpost", "velmpost.example"),
        (None, None, "", ""),
    ],
)
def test_an_outlet_goes_by_its_name_or_its_host(
    outlet: str | None, url: str | None, key: str, host: str
) -> None:
    house = house_of(Article("a", "", outlet=outlet, url=url))
    assert (house.key, house.host) == (key, host)


@pytest.mark.parametrize(
    "text",
    [
        "Velm Post •\n" + STORY,
        "Lock jammed\nBy Jo Marsh, The Velm Post\n" + STORY,
        STORY + "(Velm Post)",
        STORY + "Source: Velm Post",
        STORY + "This story was first published in the Velm Post.",
        "The Velm Post first reported that barges waited.\n" + STORY,
        STORY + "https://www.velmpost.com/2031/05/06/lock-jammed/",
        "VELM POST\n" + STORY * 500,
    ],
)
def test_a_credit_names_the_source(text: str) -> None:
    assert names(zone_of(text), house_of(Article("a", "", outlet="velmpost.com")))


@pytest.mark.parametrize(
    "text",
    [
        STORY,
        "The Velm Post will close its office at the lock, its publisher said.\n" + STORY,
        "He wrote for the Velm Post and for others.\n" + STORY,
        "Follow us: https://www.velmpost.com/\n" + STORY,
        "The post at Velm reported high water.\n" + STORY,
        STORY * 100 + "Source: Velm Post\n" + STORY * 100,
        "velm post reported\n" + STORY,
    ],
)
def test_other_mentions_are_no_credit(text: str) -> None:
    assert not names(zone_of(text), house_of(Article("a", "", outlet="velmpost.com")))


def test_a_name_that_is_a_common_word_is_none() -> None:
    assert not names(zone_of("Source: Post\n" + STORY), house_of(Article("a", "", outlet="Post")))


def test_a_page_declares_where_the_original_stands() -> None:
    original: list[dict[str, Any]] = [
        {"canonical_url": "https://www.velmpost.example/lock"},
        {"isBasedOn": {"url": "http://velmpost.example/lock"}},
        {"syndication-source": "https://velmpost.example/lock"},
        {"jsonld": '[{"@type": "NewsArticle", "isBasedOn": "https://velmpost.example/lock"}]'},
    ]
    other: list[dict[str, Any]] = [
        {"canonical": "https://sund.example/lock"},
        {"link": "https://velmpost.example/lock"},
        {"canonical": None},
    ]
    for metadata in original:
        assert original_hosts(Article("b", "", metadata=metadata)) == {"velmpost.example"}
    for metadata in other:
        assert "velmpost.example" not in original_hosts(Article("b", "", metadata=metadata))
