"""What fields declare: read by name and role, however nested, once; hostile metadata cost nothing."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import run
from dedup.attribution.agencies import load_agencies
from dedup.attribution.credits import find_credits
from dedup.attribution.declared import declared
from dedup.attribution.fields import field_credits
from dedup.attribution.origin import attribute
from dedup.model import Article

TEXT = "Ferries stopped on Monday when the harbour froze."
PAGE = "https://fjord.example/x"


def found(metadata: dict[str, Any], **fields: str) -> list[tuple[str | None, str, str, float]]:
    article = Article("a", TEXT, url=PAGE, metadata=metadata, **fields)
    return [(c.agency, c.role, c.kind, c.weight) for c in field_credits(article, load_agencies())]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (None, "origin"),
        ("isrol:originfo", "origin"),
        ("http://cv.iptc.org/newscodes/contentprodpartyrole/origcont", "origin"),
        ("sRole:origProv", "origin"),
        ("sRole:source", "origin"),
        ("Information Originator", "origin"),
        ("cpprole:author", "origin"),
        ("cpprole:contentSource", "contributor"),
        ("cpprole:distributor", "carrier"),
        ("aggregator", "carrier"),
        ("cRole:enhancer", "carrier"),
        ("modified", "carrier"),
        ("supplier", "carrier"),
        ("cpprole:imgSupplier", "photo"),
        ("cpprole:spokesperson", "cited"),
        ("x-role:7", "contributor"),
        ("distributor isrol:origcont", "origin"),
    ],
)
def test_a_party_counts_by_its_role(role: str | None, expected: str) -> None:
    party = {"name": "Reuters"} if role is None else {"name": "Reuters", "role": role}
    assert [credit[1] for credit in found({"infosources": [party]})] == [expected]


@pytest.mark.parametrize(
    "key",
    ["creator", "dc:creator", "DC.creator", "dcterms.creator", "{http://purl.org/dc/elements/1.1/}creator",
     "parsely-author", "AUTHOR", "article:author", "byl", "news_author", "@author"],
)  # fmt: skip
def test_a_key_is_known_in_any_spelling(key: str) -> None:
    assert found({key: "By The Associated Press"}) == [("AP", "origin", "byline", 6.0)]


@pytest.mark.parametrize(
    "metadata",
    [
        {"publisher": {"@type": "Organization", "name": "Reuters"}},
        {"og:site_name": "Reuters"},
        {"sitename": "Reuters"},
        {"keywords": ["Reuters", "AP"], "about": {"name": "AP", "provider": "AP"}},
        {"summary": "By Reuters", "description": "© Reuters", "headline": "(AP)"},
        {"comments": [{"author": "AP"}], "related_articles": [{"author": "AP"}]},
        {"author": None, "creator": "", "provider": [], "source": {}},
        {"author": 3, "authors": [1, None, ["AP"]], "infosource": True},
        {"twitter:creator": "@AP", "article:author": "https://social.example/AP"},
    ],
)
def test_what_names_the_house_or_other_pages_is_no_evidence(metadata: dict[str, Any]) -> None:
    assert found(metadata) == []


@pytest.mark.parametrize(
    "metadata",
    [
        {"image": {"creditText": "Reuters"}},
        {"creditText": "Reuters"},
        {"og:image:author": "Reuters"},
        {"photo_credit": "Jan Olsen/Reuters"},
        {"jsonld": {"@graph": [{"@type": "ImageObject", "copyrightHolder": {"name": "Reuters"}}]}},
        {"caption": "A ferry in the fog. (Jan Olsen/Reuters)"},
        {"media_content": [{"type": "image/jpeg", "credit": "Reuters"}]},
    ],
)
def test_what_credits_a_picture_is_a_photo_credit(metadata: dict[str, Any]) -> None:
    assert found(metadata) == [("Reuters", "photo", "photo", 0.0)]


def test_json_inside_a_string_is_read() -> None:
    graph = [{"@graph": [{"@type": "NewsArticle", "author": [{"name": "Anna Berg"}, {"name": "AFP"}]}]}]
    assert found({"ld": json.dumps(graph)}) == [("AFP", "origin", "byline", 6.0)]
    assert found({"ld": "[not JSON", "author": '{"name": "Reuters"}'}) == [
        ("Reuters", "origin", "byline", 6.0)
    ]


def test_the_same_statement_in_many_fields_is_one_credit() -> None:
    metadata = {"author": "AP", "authors": ["AP"], "jsonld": {"author": {"name": "Associated Press"}}}
    assert found(metadata, byline="AP") == [("AP", "origin", "byline", 6.0)]


def test_a_field_outranks_the_text_and_both_are_shown() -> None:
    text = "OSLO, May 3 (Reuters) - " + TEXT
    told = attribute(Article("a", text, url=PAGE, metadata={"provider": "AP"}))
    assert {(c.agency, c.kind) for c in told.credits} == {("AP", "metadata"), ("Reuters", "dateline")}
    assert (told.origin.agency, told.origin.status, told.origin.conflicts) == ("AP", "probable", ("Reuters",))


def test_the_conflict_is_in_the_results_of_a_run() -> None:
    record = {"id": "a", "text": "OSLO, May 3 (Reuters) - " + TEXT, "url": PAGE, "provider": "AP"}
    (verdict,) = run([record]).articles
    assert (verdict.origin.agency, verdict.origin.conflicts) == ("AP", ("Reuters",))


@pytest.mark.parametrize(
    "record",
    [
        {"author": {"@type": "Organization", "name": "Agence France-Presse"}},
        {"authors": [{"name": "Anna Berg"}, {"name": "AFP"}]},
        {"byline": "Anna Berg, AFP", "author": "Anna Berg"},
        {"author": "Anna Berg", "byline": None, "dc:creator": "AFP"},
    ],
)
def test_the_readers_hand_over_what_is_needed(record: dict[str, Any]) -> None:
    (verdict,) = run([{"id": "a", "text": TEXT, "url": PAGE, **record}]).articles
    assert (verdict.origin.agency, verdict.origin.status) == ("AFP", "confirmed")


trees = st.recursive(
    st.one_of(
        st.none(), st.integers(), st.text(max_size=12), st.sampled_from(["AP", "{", '{"author":"AP"}'])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["author", "name", "@id", "role", "image", "url", "x", "", "provider"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=12), trees, max_size=4))
@settings(max_examples=200, deadline=None)
def test_no_metadata_is_too_odd(metadata: dict[str, Any]) -> None:
    for credit in find_credits(Article("a", TEXT, metadata=metadata)):
        assert (credit.start, credit.end) == (0, 0)


def test_deep_wide_and_long_metadata_cost_little() -> None:
    deep: Any = "AP"
    for _ in range(5_000):
        deep = {"x": deep}
    loop = {"@id": "#a", "author": {"@id": "#a"}}
    wide = {"authors": ["Anna Berg"] * 100_000, "deep": deep, "long": "[" * 300_000, "loop": loop}
    begun = time.perf_counter()
    assert find_credits(Article("a", TEXT, metadata=wide)) == ()
    assert time.perf_counter() - begun < 2


def test_a_field_is_quoted_by_its_parties() -> None:
    (field,) = declared({"creator": [{"name": "Anna Berg"}, "AP", "AP"]})
    assert (field.key, field.family, field.quote) == ("creator", "author", "Anna Berg, AP")
