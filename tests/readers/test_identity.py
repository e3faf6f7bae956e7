from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedup.model import Article, Reject
from dedup.readers import article_from

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_a_missing_id_is_made_of_the_url_else_of_the_content() -> None:
    by_url = article_from({"text": "Text.", "url": "https://example.org/1"})
    assert re.fullmatch(r"url-[0-9a-f]{16}", by_url.id)
    assert article_from({"text": "Other.", "url": "https://example.org/1"}).id == by_url.id
    by_content = article_from({"text": "Text.", "outlet": "A"})
    assert re.fullmatch(r"text-[0-9a-f]{16}", by_content.id)
    assert article_from({"body": "Text.", "source": "A", "tags": 1}).id == by_content.id


@pytest.mark.parametrize("change", [{"text": "b"}, {"title": "b"}, {"outlet": "b"}, {"published": "b"}])
def test_the_id_made_of_content_tells_publications_apart(change: dict[str, str]) -> None:
    record = {"text": "a", "title": "a", "outlet": "a", "published": "a"}
    assert article_from(record).id != article_from(record | change).id


def test_the_made_id_is_always_the_same() -> None:
    assert article_from({"text": "a\ud800", "url": "https://example.org/1"}).id == "url-324cdbd7f831fe1c"
    assert article_from({"text": "a\ud800"}).id == "text-27d68d884a313a27"


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
