from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.model import Article, Reject

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]
ONE, TWO = {"id": "1", "text": "One."}, {"id": "2", "text": "Two."}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("document", "ids"),
    [
        ([ONE, TWO], ["1", "2"]),
        (ONE, ["1"]),
        ({"status": "ok", "articles": [ONE, TWO], "total": 2}, ["1", "2"]),
        ({"items": [ONE]}, ["1"]),
        ({"results": [ONE]}, ["1"]),
        ({"data": [TWO]}, ["2"]),
        ({**ONE, "items": [1, 2]}, ["1"]),
        ({"items": ["x"], **ONE}, ["1"]),
        ([], []),
    ],
)
def test_a_document_is_a_list_an_article_or_an_object_that_holds_the_list(
    document: object, ids: list[str], indent: int | None, tmp_path: Path, gather: Gather
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document, indent=indent))
    articles, rejects, _ = gather(tmp_path / "a.json")
    assert ([article.id for article in articles], rejects) == (ids, [])


def test_lines_under_the_name_json_are_read_as_lines(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.json"
    path.write_text(f"{json.dumps(ONE)}\n{json.dumps(TWO)}\n")
    assert [article.id for article in gather(path)[0]] == ["1", "2"]


def test_a_broken_document_gives_what_stands_before_the_break(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.json"
    path.write_text('[\n{"id": "1", "text": "One."},\n{"id": "2", "text": "Tw')
    articles, rejects, _ = gather(path)
    assert [article.id for article in articles] == ["1"]
    assert [(reject.source, reject.line) for reject in rejects] == [(str(path), 3)]
    assert "nothing after it was read" in rejects[0].reason
    path.write_text('{"n": 2, "articles": [\n{"id": "1", "text": "One."},\n{"id": "2"; "text": "Two."}]}')
    articles, rejects, _ = gather(path)
    assert ([article.id for article in articles], rejects[0].line) == (["1"], 3)


def test_a_truncated_gzip_gives_what_stands_before_the_break(tmp_path: Path, gather: Gather) -> None:
    lines = [json.dumps({"id": str(n), "text": f"Text number {n * n}."}) for n in range(5000)]
    whole = gzip.compress(("[" + ",\n".join(lines) + "]").encode())
    path = tmp_path / "a.json.gz"
    path.write_bytes(whole[: len(whole) // 2])
    articles, rejects, _ = gather(path)
    assert len(articles) > 1000
    assert any("cut off" in reject.reason for reject in rejects)


def test_an_item_that_is_no_article_is_rejected_with_its_line(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.json"
    path.write_text(
        '[\n{"id": "1", "text": "One."},\n"two",\n{"id": "3"},\n{"id": "4", "text": "\\ud800"}\n]\n'
    )
    articles, rejects, _ = gather(path)
    assert [(article.id, article.text) for article in articles] == [("1", "One."), ("4", "\ud800")]
    assert [(reject.line, reject.id) for reject in rejects] == [(3, None), (4, "3")]
    assert rejects[0].reason == "an article is an object, not a string"


@pytest.mark.parametrize(
    "text", ["plain text", '"text"', "[" * 100_000, '{"a":' * 100_000, "[1 2]", "[{}] x"]
)
def test_no_document_breaks_the_run(text: str, tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.json").write_text(text)
    articles, rejects, _ = gather(tmp_path)
    assert articles == []
    assert rejects


def test_an_empty_document_is_a_notice(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"")
    assert gather(path) == ([], [], [f"{path}: no article in it"])
