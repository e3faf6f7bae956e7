from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.model import Article, Reject
from dedup.readers.encoding import decode

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]
TEXT = "Grüße – “Łódź” 東京 🗞 ᾳ"


@pytest.mark.parametrize(
    ("mark", "codec"),
    [(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")],
)
def test_unicode_with_and_without_a_mark(mark: bytes, codec: str, tmp_path: Path, gather: Gather) -> None:
    record = json.dumps({"id": "1", "text": TEXT}, ensure_ascii=False)
    contents = {
        "a.jsonl": f"\n{record}\r\nbad\r\n",
        "b.json": f"[{record.replace('1', '2', 1)}]",
        "c.csv": f'id,text\r\n3,"{TEXT}"\r\n',
        "d.txt": TEXT,
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(mark + content.encode(codec))
    articles, rejects, notices = gather(tmp_path)
    assert [(article.id, article.text) for article in articles] == [
        (id, TEXT) for id in ("1", "2", "3", "d.txt")
    ]
    assert [reject.line for reject in rejects] == [3]
    assert notices == []


def test_windows_1252_is_read_and_reported_once_a_source(tmp_path: Path, gather: Gather) -> None:
    text = "“Grüße” – café €"
    record = json.dumps({"id": "1", "text": text}, ensure_ascii=False)
    names = ("a.jsonl", "b.json", "c.csv", "d.txt")
    contents = (f"{record}\n", f"\n[{record.replace('1', '2', 1)}]", f"id,text\n3,{text}\n4,{text}\n", text)
    for name, content in zip(names, contents, strict=True):
        (tmp_path / name).write_bytes(content.encode("cp1252"))
    articles, rejects, notices = gather(tmp_path)
    assert [article.text for article in articles] == [text] * 5
    assert rejects == []
    stray = "stray bytes were read as Windows-1252"
    assert notices == [
        f"{tmp_path / 'a.jsonl'}: line 1 is not UTF-8; its {stray}",
        f"{tmp_path / 'b.json'}: line 2 is not UTF-8; its {stray}",
        f"{tmp_path / 'c.csv'}: 2 lines are not UTF-8, first line 2; their {stray}",
        f"{tmp_path / 'd.txt'}: line 1 is not UTF-8; its {stray}",
    ]


def test_a_single_bad_line_falls_back_alone(tmp_path: Path, gather: Gather) -> None:
    lines = [json.dumps({"text": f"café {n}"}, ensure_ascii=False).encode() + b"\n" for n in range(5)]
    lines[2] = lines[2].decode().encode("cp1252")
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"".join(lines))
    articles, _, notices = gather(path)
    assert [article.text for article in articles] == [f"café {n}" for n in range(5)]
    assert notices == [f"{path}: line 3 is not UTF-8; its stray bytes were read as Windows-1252"]


def test_bytes_without_a_meaning_in_windows_1252_are_not_lost() -> None:
    assert decode(b"a\x81\x8d\x8f\x90\x9d") == ("a\x81\x8d\x8f\x90\x9d", False)
    assert decode(bytes(range(0x80, 0x100)))[0] == "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte)
        for byte in range(0x80, 0x100)
    )


def test_a_text_cut_in_the_middle_of_a_character_keeps_its_other_characters() -> None:
    assert decode("“Grüße aus Łódź”".encode()[:-1]) == ("“Grüße aus Łódźâ€", False)


@given(st.text())
def test_utf_8_is_sound(text: str) -> None:
    kept = text.encode("utf-8", "ignore")
    assert decode(kept) == (kept.decode(), True)


@given(st.binary())
def test_any_bytes_are_some_text(data: bytes) -> None:
    text, sound = decode(data)
    assert len(text) <= len(data)
    assert sound or not text.isascii()


def test_utf_16_with_lone_surrogates_and_an_odd_byte(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe" + "a\ud800b".encode("utf-16-le", "surrogatepass") + b"c")
    (tmp_path / "b.jsonl").write_bytes(
        b"\xfe\xff" + '{"text": "a\ud800b"}\n'.encode("utf-16-be", "surrogatepass")
    )
    assert [article.text for article in gather(tmp_path)[0]] == ["a\ud800bc", "a\ud800b"]
