from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.errors import InputError, SettingsError
from dedup.model import Article, Reject
from dedup.readers import NAMES, article_from, from_records, read

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]


@pytest.mark.parametrize(
    ("name", "alias"),
    [
        (name, alias)
        for name, aliases in {
            "text": "text body content maintext article",
            "title": "title headline",
            "url": "url link",
            "published": "published date date_publish pubDate",
            "outlet": "outlet source source_domain publisher domain",
            "byline": "byline author authors",
            "id": "id uri guid",
            "language": "language lang",
        }.items()
        for alias in aliases.split()
    ],
)
@pytest.mark.parametrize("written", [str, str.upper, str.title])
def test_every_known_name_is_recognised_in_any_case(
    name: str, alias: str, written: Callable[[str], str]
) -> None:
    article = article_from(
        {"text": "Text."} | {written(alias): "value"} if name != "text" else {written(alias): "value"}
    )
    assert getattr(article, name) == "value"
    assert article.metadata == {}


@pytest.mark.parametrize("name", [name for name in NAMES if len(NAMES[name]) > 1])
@pytest.mark.parametrize("reverse", [False, True])
def test_the_best_name_wins_and_the_others_are_metadata(name: str, reverse: bool) -> None:
    aliases = sorted(NAMES[name], reverse=reverse)
    article = article_from({"text": "Text."} | {alias: f"by {alias}" for alias in aliases})
    best, *others = NAMES[name]
    assert getattr(article, name) == f"by {best}"
    assert article.metadata == {alias: f"by {alias}" for alias in others}


class Marked(str):
    """As a parser of HTML gives texts."""

    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


@pytest.mark.parametrize("made", [Marked, np.str_])
def test_a_text_of_a_kind_of_its_own_is_that_text(made: Callable[[str], str]) -> None:
    text, id = made("Text."), made("a")
    given: list[Any] = [text, {"id": id, "text": text}, Article(id, text, title=text)]
    for article in map(article_from, given):
        assert type(article.text) is type(article.id) is str
        assert article.text == "Text."
        assert type(article.title) is not made


def test_a_name_that_tells_nothing_gives_way() -> None:
    record = {
        "text": float("nan"),
        "content": "",
        "body": "Body.",
        "source": None,
        "publisher": "A",
        "url": "",
        "link": "u",
    }
    article = article_from(record)
    assert (article.text, article.outlet, article.url) == ("Body.", "A", "u")
    assert article_from({"article": {"n": 1}, "content": "Body."}).text == "Body."


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("authors", ["Ann Example", "Bo Example"], "Ann Example, Bo Example"),
        ("authors", [{"name": "Ann Example"}, {"name": "Bo Example"}], "Ann Example, Bo Example"),
        ("authors", [], None),
        ("author", {"@type": "Person", "name": "Ann Example"}, "Ann Example"),
        ("publisher", {"@type": "Organization", "name": "Example Times"}, "Example Times"),
        ("publisher", {"logo": 1, "size": 2}, None),
        ("id", 17, "17"),
        ("id", 0, "0"),
        ("id", {"$oid": "abc"}, "abc"),
        ("published", 1714979289, "1714979289"),
        ("published", datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), "2024-05-06T07:08:09+00:00"),
        ("published", date(2024, 5, 6), "2024-05-06"),
        ("title", "", None),
        ("title", None, None),
        ("title", float("nan"), None),
        ("authors", np.array(["Ann", "Bo"]), "['Ann' 'Bo']"),
    ],
)
def test_values_become_what_people_write(field: str, value: Any, told: str | None) -> None:
    article = article_from({"text": "Text.", field: value})
    name = next(name for name, aliases in NAMES.items() if field in aliases)
    if name == "id" or told is not None:
        assert getattr(article, name) == told
    else:
        assert getattr(article, name) is None


def test_everything_else_is_metadata_by_its_own_name() -> None:
    article = article_from({"text": "Text.", "Section": "world", "tags": ["a"], "n": None})
    assert article.metadata == {"Section": "world", "tags": ["a"], "n": None}


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (
            {"id": "1", "title": "T"},
            "no text; there is id, title. Name the field that holds it with --field text=NAME",
        ),
        ({}, "no text; there is no field at all"),
        ({"text": None}, "the text (field 'text') is null, not a string"),
        ({"body": ["a"]}, "the text (field 'body') is a list, not a string"),
        ({"text": 5}, "the text (field 'text') is a number, not a string"),
        ({"text": {"html": "x"}}, "the text (field 'text') is an object, not a string"),
        ({"text": b"x"}, "the text (field 'text') is of type bytes, not a string"),
    ],
)
def test_a_record_without_a_text_is_refused_with_what_it_has(record: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError) as caught:
        article_from(record)
    assert str(caught.value).startswith(reason)


def test_the_names_in_a_message_hold_no_control_characters() -> None:
    with pytest.raises(InputError, match=r"there is '\\x1b\[2J', id"):
        article_from({"\x1b[2J": 1, "id": 2})


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_empty_text_is_an_article(text: str) -> None:
    assert article_from({"id": "1", "text": text}) == Article("1", text)


def test_articles_and_bare_texts_are_articles() -> None:
    article = Article("1", "Text.")
    assert article_from(article) is article
    assert article_from("Text.").text == "Text."
    assert article_from("Text.").id == article_from({"text": "Text."}).id
    with pytest.raises(InputError, match="not int"):
        article_from(5)  # type: ignore[arg-type]


def test_a_mapping_overrides_the_known_names() -> None:
    record = {
        "text": "teaser",
        "story": "Story.",
        "meta": {"site": {"name": "Example Times"}},
        "a.b": "dotted",
    }
    article = article_from(record, fields={"text": "story", "outlet": "meta.site", "title": "a.b"})
    assert (article.text, article.outlet, article.title) == ("Story.", "Example Times", "dotted")
    assert article.metadata == {"text": "teaser", "meta": record["meta"]}
    assert article_from({"text": "T.", "source": "S"}, fields={"byline": "source"}).outlet is None


def test_a_nested_column_is_looked_for_in_each_record() -> None:
    fields = {"outlet": "meta.site"}
    records = [
        {"text": "T.", "meta": {"site": "A"}},
        {"text": "T.", "meta": {}},
        {"text": "T.", "meta": {"site": "B"}},
    ]
    assert [article_from(record, fields=fields).outlet for record in records] == ["A", None, "B"]


def test_a_mapping_of_a_field_that_no_article_has_is_a_usage_error() -> None:
    for fields in ({"headline": "x"}, {"text": ""}):
        with pytest.raises(SettingsError, match="--field"):
            read([], fields=fields, on_reject=print, on_notice=print)


def test_a_mapping_to_a_text_that_no_record_has_rejects_each_and_is_summed_up(
    tmp_path: Path, gather: Gather
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": "T."}) + "\n" for n in range(3)))
    articles, rejects, notices = gather(path, fields={"text": "story"})
    assert articles == []
    assert [(reject.line, reject.id) for reject in rejects] == [(1, "0"), (2, "1"), (3, "2")]
    assert rejects[0].reason == "no field 'story' (--field text=story); there is id, text"
    assert len(notices) == 1
    assert "none of its 3 records has a text" in notices[0]


@pytest.mark.parametrize("count", [3, 1000, 2500])
def test_a_mapping_to_a_column_that_no_record_has_rejects_each_and_is_summed_up(
    count: int, tmp_path: Path, gather: Gather
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps({"id": n, "text": "T."}) + "\n" for n in range(count)))
    articles, rejects, notices = gather(path, fields={"outlet": "site"})
    assert articles == []
    assert [reject.line for reject in rejects] == list(range(1, count + 1))
    assert rejects[0].reason == "no field 'site' (--field outlet=site); there is id, text"
    assert notices == [f"{path}: no field 'site' (--field outlet=site); there is id, text; check --field"]


def test_a_column_that_only_some_records_have_rejects_none(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.jsonl"
    records: list[dict[str, Any]] = [{"id": n, "text": "T."} for n in range(5)]
    records[3]["site"] = "A"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    articles, rejects, _ = gather(path, fields={"outlet": "site"})
    assert [article.outlet for article in articles] == [None, None, None, "A", None]
    assert rejects == []


def test_records_of_python_are_read_alike() -> None:
    rejects: list[Reject] = []
    records: list[Mapping[str, Any] | Article | str] = [
        {"id": "1", "text": "One."},
        Article("2", "Two."),
        "Three.",
        {"id": "2", "text": "x"},
        {"id": "5"},
    ]
    articles = list(from_records(records, on_reject=rejects.append))
    assert [article.text for article in articles] == ["One.", "Two.", "Three."]
    assert [(reject.source, reject.line, reject.id) for reject in rejects] == [
        ("articles", 4, "2"),
        ("articles", 5, "5"),
    ]
    with pytest.raises(InputError, match="articles:4: id '2' already stands at articles line 2"):
        list(from_records(records))


@pytest.mark.parametrize(
    ("item", "id", "reason"),
    [
        (Article("x", None), "x", "the text is null, not a string"),  # type: ignore[arg-type]
        (Article("x", b"T."), "x", "the text is of type bytes, not a string"),  # type: ignore[arg-type]
        (Article(5, "T."), None, "the id is a number, not a string"),  # type: ignore[arg-type]
        (Article(None, "T."), None, "the id is null, not a string"),  # type: ignore[arg-type]
        (Article("x", "T.", title=5), "x", "the title is a number, not a string"),  # type: ignore[arg-type]
        (Article("x", "T.", outlet=7), "x", "the outlet is a number, not a string"),  # type: ignore[arg-type]
        (Article("x", "T.", url=3), "x", "the url is a number, not a string"),  # type: ignore[arg-type]
        (Article("x", "T.", published=1.5), "x", "the published is a number, not"),  # type: ignore[arg-type]
        (Article("x", "T.", byline=["A"]), "x", "the byline is a list, not a string"),  # type: ignore[arg-type]
        (Article("x", "T.", language=True), "x", "the language is true or false, not"),  # type: ignore[arg-type]
        (Article("x", "T.", metadata=None), "x", "the metadata is null, not a mapping"),  # type: ignore[arg-type]
        (5, None, "an article is a mapping, an Article or a string, not int"),
        (None, None, "an article is a mapping, an Article or a string, not NoneType"),
        (["T."], None, "an article is a mapping, an Article or a string, not list"),
        (b"T.", None, "an article is a mapping, an Article or a string, not bytes"),
    ],
)
def test_what_is_no_article_becomes_a_reject(item: Any, id: str | None, reason: str) -> None:
    rejects: list[Reject] = []
    (kept,) = from_records([item, Article("sound", "T.")], on_reject=rejects.append)
    (reject,) = rejects
    assert (kept.id, reject.line, reject.id) == ("sound", 1, id)
    assert reject.reason.startswith(reason)
    with pytest.raises(InputError, match=reason):
        article_from(item)


@pytest.mark.parametrize(
    ("when", "told"),
    [(datetime(2024, 5, 6, 7, 8, tzinfo=UTC), "2024-05-06T07:08:00+00:00"), (date(2024, 5, 6), "2024-05-06")],
)
def test_a_date_in_an_article_becomes_text(when: Any, told: str) -> None:
    assert article_from(Article("x", "T.", published=when)) == Article("x", "T.", published=told)


@pytest.mark.parametrize("one", ["T.", {"text": "T."}, Article("x", "T.")], ids=["str", "mapping", "Article"])
def test_one_article_is_no_list_of_articles(one: Any) -> None:
    with pytest.raises(InputError, match="this is one article; put it in a list"):
        list(from_records(one, on_reject=print))


def test_readers_are_light() -> None:
    code = (
        "import dedup.readers, sys; print({'numpy', 'numba', 'sklearn', 'scipy', 'rich'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
