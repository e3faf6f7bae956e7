from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.model import Article, Reject

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]


def lines(rejects: list[Reject]) -> list[int | None]:
    return [reject.line for reject in rejects]


def ids(articles: list[Article]) -> list[str]:
    return [article.id for article in articles]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_first_row_names_the_columns_and_shows_the_delimiter(
    mark: str, tmp_path: Path, gather: Gather
) -> None:
    rows = [["ID", "Headline", "Body", "page"], ["1", "A title", 'Say "yes",\r\nthen; go\t| on.\n', "4"]]
    file = io.StringIO()
    csv.writer(file, delimiter=mark).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbf" + file.getvalue().encode())
    articles, rejects, _ = gather(path)
    assert articles == [Article("1", rows[1][2], "A title", metadata={"page": "4"})]
    assert rejects == []


def test_tsv_and_gzip(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.tsv.gz").write_bytes(
        gzip.compress(b"id\ttext, with commas, in its name\ttext\n1\tx\tOne.\n")
    )
    articles, rejects, _ = gather(tmp_path / "a.tsv.gz")
    assert [(article.id, article.text) for article in articles] == [("1", "One.")]
    assert rejects == []


def test_empty_cells_tell_nothing_but_an_empty_text_is_an_article(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.csv").write_text("id,title,text\n1,,\n2,,  \n")
    articles, rejects, _ = gather(tmp_path)
    assert articles == [Article("1", ""), Article("2", "  ")]
    assert rejects == []


def test_rows_with_too_few_or_too_many_cells_are_rejected_with_their_line(
    tmp_path: Path, gather: Gather
) -> None:
    (tmp_path / "a.csv").write_text('id,outlet,text\n1,A,"One\nline."\n2,A\n3,A,Three.,x\n\n4,A,Four.\n')
    articles, rejects, _ = gather(tmp_path)
    assert ids(articles) == ["1", "4"]
    assert lines(rejects) == [4, 5]
    assert rejects[0].reason == "2 cells where the first row has 3"
    assert rejects[1].reason.startswith("4 cells where the first row has 3")


def test_an_unclosed_quote_costs_its_row_and_no_other(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.csv").write_text(
        "id,outlet,text\n1,A,One.\n" + '2,A,"Two.\n' + "".join(f"{n},A,Text {n}.\n" for n in range(3, 500))
    )
    articles, rejects, _ = gather(tmp_path)
    assert ids(articles) == [str(n) for n in range(1, 500) if n != 2]
    assert lines(rejects) == [3]
    assert rejects[0].reason == "the quote opened here is never closed"


def test_an_unclosed_quote_in_a_later_line_of_a_row_is_named(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.csv").write_text('id,title,text\n1,"A\ntitle","Text\n2,B,Two.\n')
    articles, rejects, _ = gather(tmp_path)
    assert ids(articles) == ["2"]
    assert rejects[0] == Reject(str(tmp_path / "a.csv"), 2, "the quote opened at line 3 is never closed")
    assert lines(rejects) == [2, 3]


def test_a_quote_that_is_not_doubled_costs_its_row_and_no_other(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.csv").write_text(
        'id,text\n1,One.\n2,"Say "yes" to\nParis and\nstop."\n'
        '3,"Three,\nand on."\n4,"Four.\n5,"Five,\nand on."\n'
    )
    articles, rejects, _ = gather(tmp_path)
    assert [(article.id, article.text) for article in articles] == [
        ("1", "One."),
        ("3", "Three,\nand on."),
        ("5", "Five,\nand on."),
    ]
    assert lines(rejects) == [3, 4, 5, 8]
    assert rejects[0].reason == "a quote stands inside a quoted cell and is not doubled"
    assert rejects[1].reason == "1 cell where the first row has 2 (after the broken row at line 3)"
    assert rejects[3].reason == "a quote stands inside a quoted cell and is not doubled (line 9)"


def test_a_sentence_after_a_broken_row_does_not_become_an_article(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.csv").write_text(
        "id,text\n"
        + "".join(f"{n},Text {n}.\n" for n in range(5))
        + '5,"Say "yes" to\nThe old town, and the new one\nstop."\n6,Text 6.\n'
    )
    articles, rejects, _ = gather(tmp_path)
    assert ids(articles) == ["0", "1", "2", "3", "4", "6"]
    assert [reject.reason for reject in rejects if reject.line == 8] == [
        "a piece of a row, not a row (after the broken row at line 7)"
    ]


def test_a_file_made_to_be_slow_is_read_in_time(tmp_path: Path, gather: Gather) -> None:
    # Each line leaves a quote open, whether one was open before it or not.
    (tmp_path / "a.csv").write_text("id,text\n" + 'a","c\n' * 50_000)
    articles, rejects, _ = gather(tmp_path)
    assert len(articles) + len(rejects) >= 50_000


@pytest.mark.parametrize(
    ("content", "fields", "reason"),
    [
        (
            "id,story\n1,One.\n",
            {},
            "no column is known as the text; there is id, story. Name it with --field",
        ),
        ("id,text\n1,One.\n", {"outlet": "site"}, "no field 'site' (--field outlet=site); there is id, text"),
        ("id,text\n1,One.\n", {"text": "story"}, "no field 'story' (--field text=story); there is id, text"),
        ('id,"text\n1,One.\n', {}, "the row of column names is broken"),
    ],
)
def test_columns_that_hold_no_article_are_told_once(
    content: str, fields: dict[str, str], reason: str, tmp_path: Path, gather: Gather
) -> None:
    (tmp_path / "a.csv").write_text(content)
    articles, rejects, _ = gather(tmp_path, fields=fields)
    assert articles == []
    assert lines(rejects) == [1]
    assert rejects[0].reason.startswith(reason)


def test_two_columns_of_one_name_are_both_kept(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.csv").write_text("id,text,tag,tag\n1,One.,x,y\n")
    assert gather(tmp_path)[0][0].metadata == {"tag": "x", "tag (2)": "y"}


def test_lines_that_end_in_a_return_alone(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.csv").write_bytes(b'id,text\r1,One.\r2,"Two\rlines"\r')
    assert [article.text for article in gather(tmp_path)[0]] == ["One.", "Two\rlines"]


def test_a_return_alone_ends_no_line_where_lines_end_otherwise(tmp_path: Path, gather: Gather) -> None:
    data = 'id,text\n1,One\rand more\n2,"Two\rlines"\n3,\rx\r\n4,Four.'
    for content, end in ((data, "\n"), (data.replace("\n", "\r\n").replace("\r\r", "\r"), "\r\n")):
        (tmp_path / "a.csv").write_bytes(content.encode())
        articles, rejects, _ = gather(tmp_path)
        assert rejects == [], end
        assert [article.text for article in articles] == ["One\rand more", "Two\rlines", "\rx", "Four."]


def test_nul_bytes_are_kept(tmp_path: Path, gather: Gather) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,text\n1,a\0b\n")
    assert gather(tmp_path)[0][0].text == "a\0b"


def test_a_file_without_rows_is_a_notice(tmp_path: Path, gather: Gather) -> None:
    path = tmp_path / "a.csv"
    for content in ("", "\n", "id,text\n"):
        path.write_text(content)
        assert gather(path) == ([], [], [f"{path}: no article in it"])


def test_a_truncated_gzip_leaves_the_cut_row_out(tmp_path: Path, gather: Gather) -> None:
    rows = "".join(f"{n},Text number {n * n}.\n" for n in range(5000))
    whole = gzip.compress(b"id,text\n" + rows.encode())
    path = tmp_path / "a.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    articles, rejects, _ = gather(path)
    assert len(articles) > 1000
    assert all(article.text == f"Text number {int(article.id) ** 2}." for article in articles)
    assert lines(rejects) == [len(articles) + 2]
