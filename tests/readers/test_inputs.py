from __future__ import annotations

import gzip
import io
import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedup.errors import InputError
from dedup.model import Article, Reject

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]


def line(id: str, text: str = "Text.") -> str:
    return json.dumps({"id": id, "text": text}) + "\n"


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_a_folder_is_read_recursively_sorted_by_path_without_hidden_and_unknown_files(
    tmp_path: Path, gather: Gather
) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.jsonl", "a-b/x.txt.gz", ".hidden.txt", ".git/c.txt", "picture.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        data = line("y").encode() if name.endswith("jsonl") else name.encode()
        path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    articles, rejects, notices = gather(tmp_path)
    assert [article.id for article in articles] == ["y", "a/z.txt", "a-b/x.txt.gz", "b.txt"]
    assert rejects == []
    assert notices == [f"{tmp_path}: files of no known format skipped (1 .jpg)"]


def test_documentation_beside_articles_is_not_worth_a_word(tmp_path: Path, gather: Gather) -> None:
    for name in ("a.txt", "README", "readme.rst", "LICENSE", "notes.md", "CHANGES.MD"):
        (tmp_path / name).write_text("A.")
    articles, rejects, notices = gather(tmp_path)
    assert ([article.id for article in articles], rejects, notices) == (["a.txt"], [], [])


def test_a_folder_without_an_article_says_what_is_known(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "notes.doc").write_text("x")
    with pytest.raises(InputError, match=r"no article in this folder; known are \.jsonl"):
        gather(tmp_path)


def test_a_folder_without_an_article_stops_no_other_input(tmp_path: Path, gather: Gather) -> None:
    for name in ("images/pier.png", "logos/hesk.svg", "news/a.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("A.")
    articles, rejects, notices = gather(tmp_path / "*")
    assert ([article.id for article in articles], rejects) == (["a.txt"], [])
    assert [notice.split(";")[0] for notice in notices] == [
        f"{tmp_path / name}: no article in this folder" for name in ("images", "logos")
    ]
    with pytest.raises(InputError, match=r"images: no article in this folder.* \(1 more folder is like it\)"):
        gather(tmp_path / "images", tmp_path / "logos")


def test_the_results_of_a_run_inside_a_folder_are_no_input(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_text("A.")
    out = tmp_path / "dedup-out"
    out.mkdir()
    for name in ("articles.jsonl", "clusters.jsonl", "matches.jsonl", "rejects.jsonl", "summary.json"):
        (out / name).write_text("{}\n")
    articles, rejects, notices = gather(tmp_path)
    assert [article.id for article in articles] == ["a.txt"]
    assert (rejects, notices) == ([], [f"{out}: skipped, it holds the results of a run"])


def test_a_loop_of_links_ends(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").write_text("A.")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert len(gather(tmp_path)[0]) == 1


def test_a_path_that_does_not_exist_stops_at_once(tmp_path: Path, gather: Gather) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        gather(tmp_path / "none.jsonl")


def test_a_glob_names_files_in_order(tmp_path: Path, gather: Gather) -> None:
    for name in ("b.txt", "a.txt", "c.text"):
        (tmp_path / name).write_text(name)
    assert [article.id for article in gather(tmp_path / "*.txt")[0]] == ["a.txt", "b.txt"]
    with pytest.raises(InputError, match="no file matches"):
        gather(tmp_path / "*.csv")


def test_a_name_that_looks_like_a_glob_is_a_name(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a[1].txt").write_text("A.")
    assert [article.id for article in gather(tmp_path / "a[1].txt")[0]] == ["a[1].txt"]


def test_a_file_named_twice_is_read_once(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line("1"))
    articles, rejects, notices = gather(path, tmp_path)
    assert [article.id for article in articles] == ["1"]
    assert (rejects, notices) == ([], [f"{path}: named twice, read once"])


def test_files_of_the_same_name_in_two_folders_go_by_their_paths(tmp_path: Path, gather: Gather) -> None:
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.txt").write_text(name)
    articles, rejects, _ = gather(tmp_path / "x", tmp_path / "y")
    assert [article.id for article in articles] == [f"{tmp_path}/x/1.txt", f"{tmp_path}/y/1.txt"]
    assert rejects == []


@pytest.mark.parametrize(
    "data",
    [
        (line("1") + line("2")).encode(),
        gzip.compress((line("1") + line("2")).encode()),
        f"[{line('1')},{line('2')}]".encode(),
        f'{{"status": "ok", "articles": [{line("1")},{line("2")}]}}'.encode(),
        f"\n\n [\n{line('1')},{line('2')}]".encode(),
    ],
    ids=["jsonl", "gzip", "array", "object", "array after blank lines"],
)
def test_standard_input_is_jsonl_or_json(
    data: bytes, gather: Gather, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin(monkeypatch, data)
    articles, rejects, notices = gather("-")
    assert [article.id for article in articles] == ["1", "2"]
    assert (rejects, notices) == ([], [])


def test_a_bad_first_line_on_standard_input_is_one_bad_line(
    gather: Gather, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin(monkeypatch, b'{"id": "0", "text": "cut o\n' + line("1").encode())
    articles, rejects, _ = gather("-")
    assert [article.id for article in articles] == ["1"]
    assert [(reject.source, reject.line) for reject in rejects] == [("<stdin>", 1)]


def test_a_pipe_gives_its_first_article_before_its_second_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from dedup.readers import read, refuse

    reading, writing = os.pipe()
    with os.fdopen(reading, "r") as pipe, os.fdopen(writing, "wb", buffering=0) as end:
        monkeypatch.setattr(sys, "stdin", pipe)
        articles = read(["-"], on_reject=refuse, on_notice=print)
        end.write(line("1").encode())
        assert next(articles).id == "1"
        end.write(line("2").encode())
        assert next(articles).id == "2"


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (line("1"), ["1"]),
        (f"[{line('1')}]", ["1"]),
        ("id,title,text\n1,T,Some text\n", ["1"]),
        ("id\ttext\n1\tSome text\n", ["1"]),
        ("Just a text, it seems.\n", ["thing.dat"]),
        ("[WASHINGTON] A text in brackets.", ["thing.dat"]),
    ],
)
def test_a_file_of_unknown_extension_is_what_it_looks_like(
    data: str, ids: list[str], tmp_path: Path, gather: Gather
) -> None:
    (tmp_path / "thing.dat").write_text(data)
    articles, rejects, _ = gather(tmp_path / "thing.dat")
    assert ([article.id for article in articles], rejects) == (ids, [])


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"PAR1\x15\x04", "Parquet"), (b"\x28\xb5\x2f\xfd\x04", "zstd"), (b"PK\x03\x04", "zip")],
)
def test_a_file_that_cannot_be_read_yet_is_named_for_what_it_is(
    data: bytes, kind: str, tmp_path: Path, gather: Gather
) -> None:
    (tmp_path / "thing").write_bytes(data)
    articles, rejects, _ = gather(tmp_path / "thing")
    assert articles == []
    assert kind in rejects[0].reason


def test_a_socket_is_rejected_and_the_run_goes_on(gather: Gather) -> None:
    # The path of a socket may have no more than some hundred characters.
    with tempfile.TemporaryDirectory(dir="/tmp") as place, socket.socket(socket.AF_UNIX) as listener:
        folder = Path(place)
        listener.bind(str(folder / "a.txt"))
        (folder / "b.txt").write_text("B.")
        articles, rejects, _ = gather(folder / "a.txt", folder / "b.txt")
        assert [article.id for article in articles] == ["b.txt"]
        assert [(reject.source, reject.line) for reject in rejects] == [(str(folder / "a.txt"), None)]
        assert gather(folder)[1][0].reason == "not a regular file"


def test_a_file_without_permission_is_rejected_and_the_run_goes_on(
    tmp_path: Path, gather: Gather, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("A.")
    (tmp_path / "b.txt").write_text("B.")
    real = Path.open

    # A process of root may read everything, so the refusal is played.
    def guarded(self: Path, *args: Any, **named: Any) -> Any:
        if self.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **named)

    monkeypatch.setattr(Path, "open", guarded)
    articles, rejects, _ = gather(tmp_path)
    assert [article.id for article in articles] == ["b.txt"]
    assert rejects == [Reject(str(tmp_path / "a.txt"), None, "cannot be read: Permission denied")]


def test_a_link_to_nothing_is_rejected(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    (tmp_path / "b.txt").write_text("B.")
    articles, rejects, _ = gather(tmp_path)
    assert [article.id for article in articles] == ["b.txt"]
    assert rejects[0].reason == "cannot be read: No such file or directory"


def test_a_json_file_in_a_folder_that_is_no_article_is_a_notice_not_a_reject(
    tmp_path: Path, gather: Gather
) -> None:
    (tmp_path / "a.txt").write_text("A ferry was late.")
    (tmp_path / "manifest.json").write_text('{"articles": {"a": {"lang": "en"}}}')
    articles, rejects, notices = gather(tmp_path)
    assert [a.id for a in articles] == ["a.txt"]
    assert rejects == []
    assert any("manifest.json: no article in it" in notice for notice in notices)
    _, rejects, _ = gather(tmp_path / "manifest.json")
    assert len(rejects) == 1


def test_files_put_together_with_their_byte_order_marks(tmp_path: Path, gather: Gather) -> None:
    piece = "\ufeff" + '{"text": "%s"}\n'
    path = tmp_path / "a.jsonl"
    path.write_text(piece % "One." + piece % "Two." + "\ufeff\n", encoding="utf-8")
    articles, rejects, _ = gather(path)
    assert ([article.text for article in articles], rejects) == (["One.", "Two."], [])


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a"])
def test_lines_of_jsonl_may_end_in_a_return_alone(name: str, tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / name
    path.write_bytes(b'{"text": "One."}\r{"text": "Two."}\rbad\r')
    articles, rejects, _ = gather(path)
    assert [article.text for article in articles] == ["One.", "Two."]
    assert [reject.line for reject in rejects] == [3]
    path.write_bytes(b'{"text":\r"One\rand."}')
    assert [article.text for article in gather(path)[0]] == ["One\rand."]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_an_object_before_junk_is_read(name: str, tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / name
    path.write_text('{"text":"a b"} junk\n')
    articles, rejects, _ = gather(path)
    assert [article.text for article in articles] == ["a b"]
    (reject,) = rejects
    assert reject.line == 1
    assert reject.reason == "not JSON: Extra data at column 16; the object before it was read"


def test_what_parts_columns_may_be_told_in_the_first_line(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"sep=;\r\nid;text,with,commas;text\r\n1;x;One, two.\r\n")
    articles, rejects, _ = gather(path)
    assert ([article.text for article in articles], rejects) == (["One, two."], [])


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jsonl.gz", gzip.compress(gzip.compress(b'{"text": "One."}\n')), "this is gzipped twice"),
        ("a.jsonl", '{"text": "One."}\n'.encode("utf-16-le"), "this is UTF-16 without a byte-order mark"),
        ("a.csv", "id,text\n1,One.\n".encode("utf-16-be"), "this is UTF-16 without a byte-order mark"),
        ("pier.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + bytes(range(256)), "not text"),
        ("dedup", b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\0>\0\x01", "not text"),
    ],
    ids=["gzip", "little", "big", "picture", "program"],
)
def test_what_is_no_text_is_rejected_as_what_it_is(
    name: str, data: bytes, reason: str, tmp_path: Path, gather: Gather
) -> None:
    (tmp_path / name).write_bytes(data)
    articles, rejects, _ = gather(tmp_path / name)
    assert articles == []
    assert [reject.reason[: len(reason)] for reject in rejects] == [reason]
