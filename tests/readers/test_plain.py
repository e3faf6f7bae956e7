from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.model import Article, Reject

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]


@pytest.mark.parametrize(
    "body",
    ["Text.", "  Text.\r\n\r\nMore.\n\n", "\n", " ", "a\0b", "one\rtwo\u2028three", "---", "---\n---\nx"],
)
def test_the_body_is_the_file_exactly(body: str, tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_bytes(body.encode())
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(body.encode()))
    articles, rejects, _ = gather(tmp_path)
    assert articles == [Article("a.txt", body), Article("b.txt.gz", body)]
    assert rejects == []


def test_a_head_names_outlet_date_and_so_on(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_bytes(
        b"---\r\nOutlet: Example Times\r\ndate: 2024-05-06T07:08:09Z\r\nurl: https://example.org/a:b\r\n"
        b"headline: Say: yes\r\nauthor:\r\nid: a1\r\nlang: en\r\n---\r\n\r\n Body.\r\n"
    )
    assert gather(tmp_path)[0] == [
        Article(
            "a1",
            "\r\n Body.\r\n",
            "Say: yes",
            "Example Times",
            "https://example.org/a:b",
            "2024-05-06T07:08:09Z",
            language="en",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "---\noutlet: A\nBody without an end of the head.",
        "---\noutlet: A\nmood: sad\n---\nBody.",
        "---\noutlet: A\n\n---\nBody.",
        "---\noutlet: A\nsource: B\n---\nBody.",
        "---\ntext: A\n---\nBody.",
        "--- \noutlet: A\n---\nBody.",
        "\n---\noutlet: A\n---\nBody.",
        "---\noutlet A\n---\nBody.",
    ],
)
def test_a_head_that_is_not_exactly_one_is_body(text: str, tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_text(text)
    assert gather(tmp_path)[0] == [Article("a.txt", text)]


def test_a_body_may_be_missing_under_a_head(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_text("---\noutlet: A\n---")
    assert gather(tmp_path)[0] == [Article("a.txt", "", outlet="A")]


def test_an_empty_file_is_rejected(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b""))
    articles, rejects, notices = gather(tmp_path)
    assert articles == []
    assert rejects == [Reject(str(tmp_path / name), None, "empty file") for name in ("a.txt", "b.txt.gz")]
    assert notices == []


def test_ids_given_in_heads_that_collide_are_rejected(tmp_path: Path, gather: Gather) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(f"---\nid: x\n---\n{name}")
    articles, rejects, _ = gather(tmp_path)
    assert [article.text for article in articles] == ["a.txt"]
    assert rejects[0].reason == f"id 'x' already stands at {tmp_path / 'a.txt'}"


def test_half_an_article_is_no_article(tmp_path: Path, gather: Gather) -> None:
    whole = gzip.compress("".join(f"Sentence {n * n}. " for n in range(5000)).encode())
    (tmp_path / "a.txt.gz").write_bytes(whole[: len(whole) // 2])
    articles, rejects, _ = gather(tmp_path)
    assert articles == []
    assert len(rejects) == 1
    assert "cut off" in rejects[0].reason


def test_a_field_mapping_does_not_touch_plain_texts(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_text("Text.")
    articles, rejects, notices = gather(tmp_path, fields={"outlet": "site"})
    assert (articles, rejects, notices) == ([Article("a.txt", "Text.")], [], [])
