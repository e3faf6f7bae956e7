from __future__ import annotations

import json
import re
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import Article, Reject
from dedup.readers import article_from, from_records

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


FIELDS = ("text", "title", "outlet", "url", "published", "byline", "language")


def test_a_missing_id_is_made_of_what_the_record_says() -> None:
    made = article_from({"text": "Text.", "outlet": "A"}).id
    assert re.fullmatch(r"made-[0-9a-f]{16}", made)
    assert article_from({"source": "A", "tags": 1, "body": "Text."}).id == made
    assert article_from({"text": "Text.", "title": "A"}).id != made


@pytest.mark.parametrize("changed", FIELDS)
def test_the_made_id_tells_publications_apart(changed: str) -> None:
    record = dict.fromkeys(FIELDS, "a")
    assert article_from(record).id != article_from(record | {changed: "b"}).id


def test_the_made_id_is_always_the_same() -> None:
    assert article_from({"text": "a\ud800", "url": "https://example.org/1"}).id == "made-2332e9ae2c2e3229"
    assert article_from({"text": "a\ud800"}).id == article_from("a\ud800").id == "made-586e5414a0a8fc03"


@given(
    st.lists(st.fixed_dictionaries({"text": st.sampled_from("xyz")}, optional={
        "url": st.sampled_from("uv"), "title": st.sampled_from("xy"), "published": st.just("2024-05-06")
    })),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_the_order_of_records_without_ids_does_not_decide_what_they_are_called(
    records: list[dict[str, str]], chance: Random
) -> None:
    def named(records: list[dict[str, str]]) -> list[tuple[str | None, ...]]:
        found = [(a.id, a.text, a.url or "", a.title or "", a.published) for a in from_records(records)]
        return sorted(found, key=itemgetter(0))

    before = named(records)
    assert len({id for id, *_ in before}) == len(records)
    chance.shuffle(records)
    assert named(records) == before


def test_identical_records_without_ids_are_all_kept(tmp_path: Path, gather: Gather) -> None:
    articles, rejects, _ = gather(write(tmp_path / "a.jsonl", *[{"text": "Text."}] * 20_000))
    base = articles[0].id
    assert [article.id for article in articles] == [base, *(f"{base}-{n}" for n in range(2, 20_001))]
    assert rejects == []


def test_a_made_id_steps_aside_for_a_given_one(tmp_path: Path, gather: Gather) -> None:
    made = article_from("Text.").id
    path = write(tmp_path / "a.jsonl", {"id": f"{made}-2", "text": "x"}, {"text": "Text."}, {"text": "Text."})
    assert [article.id for article in gather(path)[0]] == [f"{made}-2", made, f"{made}-3"]


def test_a_given_id_that_is_taken_is_rejected_with_both_places(tmp_path: Path, gather: Gather) -> None:
    first = write(tmp_path / "a.jsonl", {"id": "w", "text": "w"}, {"id": "x", "text": "One."})
    second = write(tmp_path / "b.jsonl", {"id": "x", "text": "One."}, {"id": "y", "text": "Two."})
    articles, rejects, _ = gather(first, second)
    assert [article.id for article in articles] == ["w", "x", "y"]
    assert rejects == [Reject(str(second), 1, f"id 'x' already stands at {first} line 2", "x")]
