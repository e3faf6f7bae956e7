"""What an earlier run wrote, read line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dedup.errors import InputError
from dedup.readers.results import Results


def article(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "origin": {}, "credits": []} | more


def match(a: str, b: str) -> dict[str, Any]:
    return {"a": a, "b": b, "a_start": 0, "a_end": 9, "b_start": 0, "b_end": 9, "kind": "verbatim"}


def results(folder: Path, ids: list[str], matches: list[dict[str, Any]] | None = None) -> Results:
    (folder / "summary.json").write_text("{}")
    for name, records in ("articles", [article(id) for id in ids]), ("matches", matches or []):
        lines = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records]
        data = "".join(line + "\n" for line in lines).encode("utf-8", "backslashreplace")
        (folder / f"{name}.jsonl").write_bytes(data)
    (folder / "clusters.jsonl").write_text('{"id": "a", "size": 2, "members": ["a", "b"]}\n')
    return Results(folder)


@pytest.mark.parametrize("id", ["plain", 'a"quote', "back\\slash", "tab\there", "é", "\ud800", "ends\\", "0"])
def test_an_article_is_found_whatever_its_id(id: str, tmp_path: Path) -> None:
    found = results(tmp_path, ["first", id, "last"], [match("first", "last"), match("first", id)])
    assert found.article(id)["id"] == id
    assert [(m["a"], m["b"]) for m in found.matches(id)] == [("first", id)]
    assert set(found.articles({id, "last", "absent"})) == {id, "last"}


def test_lines_that_another_program_spaced_are_read_too(tmp_path: Path) -> None:
    found = results(tmp_path, [])
    (tmp_path / "articles.jsonl").write_text(json.dumps({"origin": {}, **article("spaced")}))
    assert found.article("spaced")["id"] == "spaced"


def test_an_id_inside_another_one_s_fields_is_not_that_article(tmp_path: Path) -> None:
    found = results(tmp_path, ["a-1", "b"], [match("a-1", "b") | {"reason": "a"}])
    assert found.matches("a") == []
    assert found.cluster("a") == {"id": "a", "size": 2, "members": ["a", "b"]}
    assert found.cluster("b") is None
    assert found.cluster(None) is None


def test_near_ids_are_suggested_the_nearest_first(tmp_path: Path) -> None:
    found = results(tmp_path, [f"story-{k}" for k in range(50)] + ["ferry-strike", "Ferry-Strikes"])
    with pytest.raises(InputError, match=r"no article 'ferry-strik_'; do you mean 'ferry-strike' or"):
        found.article("ferry-strik_")
    with pytest.raises(InputError, match=r"more than 3 begin so; do you mean 'story-0' or"):
        found.article("story")
