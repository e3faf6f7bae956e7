from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dedup.model import Article
from dedup.readers import read, refuse

ANY_TEXT = st.text(st.characters(exclude_categories=()))
SOUND_TEXT = st.text(st.characters(codec="utf-8"), min_size=1)


def read_back(name: str, data: bytes) -> list[Article]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return list(read([str(path)], on_reject=refuse, on_notice=lambda notice: None))


@given(st.lists(ANY_TEXT, min_size=1, max_size=5), st.booleans())
def test_any_text_survives_jsonl(texts: list[str], escaped: bool) -> None:
    lines = [json.dumps({"id": str(n), "text": text}, ensure_ascii=escaped) for n, text in enumerate(texts)]
    data = "".join(line + "\n" for line in lines).encode("utf-8", "backslashreplace")
    assert read_back("a.jsonl", data) == [Article(str(n), text) for n, text in enumerate(texts)]


@given(st.lists(ANY_TEXT, min_size=1, max_size=5))
def test_any_text_survives_json(texts: list[str]) -> None:
    document = json.dumps([{"id": str(n), "text": text} for n, text in enumerate(texts)])
    assert [article.text for article in read_back("a.json", document.encode())] == texts


@given(SOUND_TEXT.filter(lambda text: not text.startswith(("\ufeff", "---"))))
def test_a_plain_body_is_unchanged(body: str) -> None:
    assert read_back("a.txt", body.encode()) == [Article("a.txt", body)]


@given(SOUND_TEXT)
def test_a_plain_body_under_a_head_is_unchanged(body: str) -> None:
    data = f"---\noutlet: Example Times\n---\n{body}".encode()
    assert read_back("a.txt", data) == [Article("a.txt", body, outlet="Example Times")]


@given(st.lists(SOUND_TEXT, min_size=1, max_size=5))
def test_any_text_survives_csv(texts: list[str]) -> None:
    with tempfile.TemporaryFile("w+", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("id", "text"), *enumerate(texts)])
        file.seek(0)
        data = file.read().encode()
    assert [article.text for article in read_back("a.csv", data)] == texts
