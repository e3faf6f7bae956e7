from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.errors import InputError
from dedup.model import Article, Reject
from dedup.readers import read, refuse

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]


def test_one_bad_line_never_stops_a_run(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"id": 1, "text": "One."}\n'
        '{"id": 2, "text": "Two.\n'
        "\n"
        '["id", "text"]\n'
        "nonsense\n"
        '{"id": 6, "text": "Six."}'
    )
    articles, rejects, notices = gather(path)
    assert [(article.id, article.text) for article in articles] == [("1", "One."), ("6", "Six.")]
    assert [(reject.source, reject.line) for reject in rejects] == [(str(path), n) for n in (2, 4, 5)]
    assert rejects[0].reason.startswith("not JSON: ")
    assert rejects[1].reason == "a line of JSONL is an object, not a list"
    assert notices == []


def test_a_strict_run_stops_with_place_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "text": "One."}\nnonsense\n')
    articles = read([str(path)], on_reject=refuse, on_notice=print)
    assert next(articles).id == "1"
    with pytest.raises(InputError, match=r"a\.jsonl:2: not JSON"):
        next(articles)
    with pytest.raises(InputError, match=r"^b\.txt: empty file$"):
        refuse(Reject("b.txt", None, "empty file"))


def test_lone_surrogates_control_characters_and_nul_survive(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b'{"id": "s", "text": "a\\ud800b"}\n'
        b'{"id": "n", "text": "a\\u0000b"}\n'
        b'{"id": "raw", "text": "a\x00b\tc"}\n'
        b'{"id": "nan", "text": "x", "score": NaN}\n'
    )
    articles, rejects, _ = gather(path)
    assert [article.text for article in articles] == ["a\ud800b", "a\0b", "a\0b\tc", "x"]
    assert rejects == []


def test_only_a_line_feed_ends_a_line(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.jsonl"
    texts = ["a\u2028b\u2029c\x85d\x0be\x0cf", "windows"]
    path.write_bytes(
        "\r\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in texts).encode("utf-8")
    )
    articles, rejects, _ = gather(path)
    assert [article.text for article in articles] == texts
    assert rejects == []


def test_ten_megabytes_on_one_line(tmp_path: Path, gather: Gather) -> None:
    text = "A sentence, and “more” of it. " * (10_000_000 // 30)
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "big", "text": text}, ensure_ascii=False) + "\n")
    (tmp_path / "b.csv").write_text(f'id,text\nbigger,"{text}"\n')
    (tmp_path / "c.txt").write_text(text)
    (tmp_path / "d.jsonl").write_bytes(json.dumps({"text": text}, ensure_ascii=False).encode("cp1252"))
    articles, rejects, _ = gather(tmp_path)
    assert [article.text == text for article in articles] == [True] * 4
    assert rejects == []


def test_deep_nesting_is_one_bad_line(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": ' + "[" * 100_000 + "\n" + '{"text": "fine"}\n')
    articles, rejects, _ = gather(path)
    assert [article.text for article in articles] == ["fine"]
    assert [reject.line for reject in rejects] == [1]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_a_notice(content: bytes, tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    assert gather(path) == ([], [], [f"{path}: no article in it"])


def test_articles_before_the_break_of_a_truncated_gzip_are_kept(tmp_path: Path, gather: Gather) -> None:
    lines = [json.dumps({"id": str(n), "text": f"Text number {n * n}."}) + "\n" for n in range(5000)]
    whole = gzip.compress("".join(lines).encode())
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    articles, rejects, _ = gather(path)
    assert 1000 < len(articles) < 4000
    assert [article.id for article in articles] == [str(n) for n in range(len(articles))]
    assert len(rejects) == 1
    assert rejects[0].line == len(articles) + 1
    assert "cut off" in rejects[0].reason


def test_a_gzip_with_a_wrong_checksum_is_reported(tmp_path: Path, gather: Gather) -> None:
    whole = bytearray(gzip.compress(b'{"id": "1", "text": "One."}\n'))
    whole[-8] ^= 0xFF
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(bytes(whole))
    articles, rejects, _ = gather(path)
    assert [article.id for article in articles] == ["1"]
    assert "CRC" in rejects[0].reason


def test_what_is_gzipped_shows_in_its_bytes_not_its_name(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.jsonl").write_bytes(gzip.compress(b'{"id": "1", "text": "One."}\n'))
    (tmp_path / "b.jsonl.gz").write_bytes(b'{"id": "2", "text": "Two."}\n')
    assert [article.id for article in gather(tmp_path)[0]] == ["1", "2"]
