"""`dedup filter`: the same lines out, annotated or dropped, and what it makes of lines that are none."""

from __future__ import annotations

import base64
import gzip
import json
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from dedup.cli import stopping
from dedup.cli.stage import Stage

Call = Callable[..., Any]

PIER = (
    "The council of Port Hesk voted on Tuesday to close the old grain pier before winter, after engineers found cracks "
    "in all but two of its forty piles and said that nobody could vouch for it. The harbour master asked fishermen to "
    "move their boats to the northern basin by the end of the month, and promised them berths for a year."
)
CHESS = (
    "A girl of twelve won the open chess tournament in Varna on Sunday without losing a game, and said that she would "
    "rather have gone swimming with her brothers in the afternoon, as they had wanted her to."
)
FIELDS = "id cluster relation canonical similarity origin credits composition repeats page passages".split()


def article(id: str, text: str, **fields: object) -> str:
    return json.dumps({"id": id, "text": text, **fields})


FEED = [
    article("pier", PIER, outlet="wire.example"),
    article("chess", CHESS),
    article("copy", PIER + " It did.", outlet="echo.example"),
    article("pier", PIER, outlet="wire.example"),
]


@pytest.fixture
def news(tmp_path: Path) -> Callable[..., Path]:
    """A file of these lines."""

    def news(*lines: str | bytes, end: bytes = b"\n", name: str = "news.jsonl") -> Path:
        data = b"".join((line.encode() if isinstance(line, str) else line) + end for line in lines)
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return tmp_path / name

    return news


def answers(out: str) -> list[dict[str, Any]]:
    return [json.loads(line)["dedup"] for line in out.splitlines()]


def relations(out: str) -> list[tuple[str, str]]:
    return [(each["id"], each["relation"]) for each in answers(out)]


def test_each_line_comes_out_with_its_answer(call: Call, news: Callable[..., Path]) -> None:
    told = call("filter", news(*FEED))
    assert (told.status, told.err) == (0, "")
    for line, given in zip(told.out.splitlines(), FEED, strict=True):
        assert line.startswith(given[:-1] + ',"dedup":{"id":"')
        assert {**json.loads(line), "dedup": None} == {**json.loads(given), "dedup": None}
    pier, chess, copy, again = answers(told.out)
    assert [key for key in pier if key not in ("matches", "as_of", "previous", "again")] == FIELDS
    assert (pier["relation"], chess["relation"]) == ("unique", "unique")
    assert (copy["relation"], copy["canonical"], copy["cluster"]) == ("duplicate", "pier", "pier")
    assert copy["similarity"]["containment"] == 1
    (match,) = copy["matches"]
    assert {PIER[match["a_start"] : match["a_end"]]} == {
        (PIER + " It did.")[match["b_start"] : match["b_end"]]
    }
    assert (pier["as_of"], copy["as_of"]) == (1, 3)
    assert again["again"] is True
    assert (again["id"], again["relation"]) == ("pier", "original")
    assert not any("again" in each for each in (pier, chess, copy))


@pytest.mark.parametrize(
    ("drop", "left"),
    [
        (["duplicate"], ["pier", "chess", "pier"]),
        (["duplicate, version ,again"], ["pier", "chess"]),
        (["unique", "again"], ["copy"]),
        ((), ["pier", "chess", "copy", "pier"]),
    ],
    ids=str,
)
def test_what_is_to_be_dropped_is_left_out(
    drop: Iterable[str], left: list[str], call: Call, news: Callable[..., Path]
) -> None:
    options = [part for name in drop for part in ("--drop", name)]
    told = call("filter", news(*FEED), *options)
    assert (told.status, [each["id"] for each in answers(told.out)]) == (0, left)
    plain = call("filter", news(*FEED), *options, "--plain").out.splitlines()
    assert set(plain) <= set(FEED)
    assert [json.loads(line)["id"] for line in plain] == left


def test_a_relation_that_is_none_is_wrong_use(call: Call, news: Callable[..., Path]) -> None:
    told = call("filter", news(*FEED), "--drop", "duplicate,copies")
    assert (told.status, told.out) == (2, "")
    assert "'copies' is none of unique, original, duplicate, version, partial, again" in told.err


@pytest.mark.parametrize(
    "line",
    [
        b'{"text":"One.", "n": 1.50, "e":"\\u00e9\xc3\xa9" }',
        b'\xef\xbb\xbf  {"text":"One."}\t',
        b'{"text":"One.","big":123456789012345678901234567890,"nan":NaN}',
        b'{"text":"\\ud800 lone","a":{"dedup":1},"a":2}',
        b'{"text":"\\u0000 nul","id":"\\u0000"}',
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""], ids=repr)
def test_every_other_byte_stays(line: bytes, end: bytes, call: Call, news: Callable[..., Path]) -> None:
    told = call("filter", news(line, end=end)).out.encode()
    start = told.rindex(b',"dedup":{"id"')
    value, length = json.JSONDecoder().raw_decode(told[start + len(b',"dedup":') :].decode())
    assert value["relation"] == "unique"
    after = told[start + len(b',"dedup":') :].decode()[length:].encode()
    assert told[:start] + after == line + end


def test_an_answer_of_before_is_replaced_and_not_judged(call: Call, news: Callable[..., Path]) -> None:
    once = call("filter", news(*FEED[:3])).out
    assert call("filter", news(*once.splitlines())).out == once


def test_an_index_remembers_from_run_to_run(call: Call, news: Callable[..., Path], tmp_path: Path) -> None:
    index = tmp_path / "news.db"
    assert relations(call("filter", news(*FEED[:2]), "--index", index).out) == [
        ("pier", "unique"),
        ("chess", "unique"),
    ]
    told = call("filter", news(*FEED[2:]), "--index", index)
    assert relations(told.out) == [("copy", "duplicate"), ("pier", "original")]
    assert [each.get("again") for each in answers(told.out)] == [None, True]
    assert call("filter", news(*FEED), "--index", index, "--drop", "again") == (0, "", "")
    assert relations(call("filter", news(FEED[2])).out) == [("copy", "unique")]


def test_another_text_under_an_id_is_a_new_version(call: Call, news: Callable[..., Path]) -> None:
    later = article(
        "pier", PIER + " The mayor, who had fought it for years, called the vote a day of reason."
    )
    told = answers(call("filter", news(FEED[0], later, later, FEED[0])).out)
    assert ["previous" in each for each in told] == [False, True, told[2].get("previous") is not None, True]
    assert [each.get("again") for each in told] == [None, None, True, None]
    assert told[1]["canonical"] == told[1]["previous"]


def test_articles_without_ids_get_one_that_tells_them_apart(call: Call, news: Callable[..., Path]) -> None:
    lines = [json.dumps({"text": PIER, "title": title}) for title in ("One", "Two", "One")]
    first, second, third = answers(call("filter", news(*lines)).out)
    assert first["id"].startswith("made-")
    assert second["canonical"] == first["id"] == third["id"]
    assert (second["relation"], third["again"]) == ("duplicate", True)


def test_lines_that_hold_no_article_go_aside_and_stop_nothing(
    call: Call, news: Callable[..., Path], tmp_path: Path
) -> None:
    bad = [b"{", b'{"id":"x","title":"no text"}', b'{"text":"caf\xe9"}\r', b"[1]"]
    source = news(FEED[0], bad[0], b"", bad[1], b"  ", bad[2], bad[3], FEED[1])
    rejects = tmp_path / "rejects.jsonl"
    told = call("filter", source, "--rejects", rejects)
    assert told.status == 3
    assert relations(told.out) == [("pier", "unique"), ("chess", "unique")]
    found = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(each["source"], each["line"]) for each in found] == [(str(source), n) for n in (2, 4, 6, 7)]
    assert [each.get("id") for each in found] == [None, "x", None, None]
    assert [each.get("raw") for each in found] == ["{", bad[1].decode(), None, "[1]"]
    assert base64.b64decode(found[2]["raw_base64"]) == b'{"text":"caf\xe9"}'
    assert found[2]["reason"] == "not UTF-8 at byte 13; convert the input to UTF-8"
    assert told.err.splitlines()[0].startswith(f"dedup: {source}:2: not JSON: ")
    assert told.err.splitlines()[-1] == f"dedup: 4 rejected; the lines are in {rejects}"
    assert call("filter", source, "--rejects", rejects, "-q")[::2] == (3, "")
    assert len(rejects.read_text().splitlines()) == 8


def test_only_the_first_rejects_are_told(call: Call, news: Callable[..., Path]) -> None:
    told = call("filter", news(*[b"{"] * 50))
    assert (told.status, told.out, len(told.err.splitlines())) == (3, "", 6)
    assert told.err.splitlines()[-1] == "dedup: 50 rejected; --rejects FILE keeps them"


def test_a_strict_filter_stops_there_and_has_answered_what_came_before(
    call: Call, news: Callable[..., Path], tmp_path: Path
) -> None:
    index = tmp_path / "news.db"
    source = news(FEED[0], b"{", FEED[1])
    told = call("filter", source, "--strict", "--index", index)
    assert (told.status, relations(told.out)) == (1, [("pier", "unique")])
    assert told.err.startswith(f"dedup: {source}:2: not JSON: ")
    assert answers(call("filter", news(FEED[0]), "--index", index).out)[0]["again"]


def test_a_gzip_is_unpacked_and_one_that_is_cut_off_gives_what_came_before(
    call: Call, news: Callable[..., Path]
) -> None:
    many = [
        article(str(i), base64.b64encode(bytes(i * j % 251 for j in range(99))).decode()) for i in range(300)
    ]
    source = news(*many, name="news.jsonl.gz")
    assert len(call("filter", source, "--no-passages", "--no-origin").out.splitlines()) == 300
    source.write_bytes(source.read_bytes()[:-4000])
    told = call("filter", source, "--no-passages", "--no-origin")
    assert told.status == 3
    assert f"{source}: the gzip data is cut off; nothing from here on was read" in told.err
    given = [json.loads(line)["id"] for line in told.out.splitlines()]
    assert given == [str(i) for i in range(len(given))]
    assert given


def test_fields_are_read_from_where_the_user_says(call: Call, news: Callable[..., Path]) -> None:
    lines = [json.dumps({"nr": 7, "text": "teaser", "lead": PIER, "dedup": "x"})]
    told = call("filter", news(*lines), "--field", "text=lead", "--field", "id=nr")
    assert (told.err, relations(told.out)) == ("", [("7", "unique")])
    wrong = call("filter", news(*lines), "--field", "outlet=site")
    assert (wrong.status, len(wrong.out.splitlines())) == (0, 1)
    assert "1: no field 'site' (--field outlet=site); there is nr, text, lead; check --field" in wrong.err


def test_settings_are_those_of_the_user_or_of_the_index(
    call: Call, news: Callable[..., Path], tmp_path: Path
) -> None:
    index, source = tmp_path / "news.db", news(*FEED)
    assert call("filter", source, "--index", index, "--threshold", "0.8", "--no-origin").status == 0
    assert call("filter", source, "--index", index).status == 0
    settings = json.loads(call("index", "info", index, "--json").out)["settings"]
    assert (settings["threshold"], settings["origin"], settings["passages"]) == (0.8, False, True)
    other = call("filter", source, "--index", index, "--threshold", "0.9")
    assert (other.status, other.out) == (1, "")
    assert str(index) in other.err
    assert call("filter", source, "--threshold", "7").status == 2
    assert "matches" not in answers(call("filter", source, "--no-passages").out)[2]


def test_verbose_counts(call: Call, news: Callable[..., Path]) -> None:
    told = call("filter", news(*FEED), "-v", "--drop", "duplicate,again")
    assert told.err == "dedup: 4 articles: 2 unique, 1 original, 1 duplicate, 1 again, 2 dropped\n"


@pytest.mark.parametrize("end", [b"\n", b""], ids=["lines", "none"])
def test_an_empty_stream_is_no_error(end: bytes, call: Call, news: Callable[..., Path]) -> None:
    assert call("filter", news(b"", end=end)) == (0, "", "")


def test_what_cannot_be_opened_is_told(call: Call, news: Callable[..., Path], tmp_path: Path) -> None:
    absent = call("filter", "absent.jsonl")
    assert absent == (
        1,
        "",
        "dedup: absent.jsonl: cannot be read: No such file or directory; check the path\n",
    )
    assert (
        call("filter", tmp_path).err == f"dedup: {tmp_path}: cannot be read: Is a directory; check the path\n"
    )
    source = news(*FEED)
    for option in ("--index", "--rejects"):
        told = call("filter", source, option, source)
        assert (told.status, told.out) == (1, "")
        assert "are one file; name another" in told.err
    assert call("filter", source, "--rejects", tmp_path / "no" / "where").status == 1
    assert call("filter", source, "--rejects", tmp_path).status == 2
    for index in (tmp_path, news(CHESS, name="other.txt")):
        told = call("filter", source, "--index", index)
        assert (told.status, told.out) == (1, "")
        assert str(index) in told.err


def test_ten_megabytes_on_one_line(call: Call, news: Callable[..., Path]) -> None:
    long = article("long", "word “" * 1_200_000)
    told = call("filter", news(long, FEED[0], long), "--plain", "--no-origin")
    assert (told.status, [len(line) for line in told.out.splitlines()]) == (
        0,
        [len(long), len(FEED[0]), len(long)],
    )


@pytest.mark.parametrize("index", [(), ("--index", "news.db")])
def test_metadata_that_no_index_can_keep_is_one_bad_line(
    call: Call, news: Callable[..., Path], tmp_path: Path, index: tuple[str, ...]
) -> None:
    deep = f'{{"id":"deep","text":"{PIER}","m":{"[" * 400}{"]" * 400}}}'
    told = call("filter", news(FEED[0], deep, FEED[1]), *index, "--rejects", "bad.jsonl")
    assert told.status == 3
    assert relations(told.out) == [("pier", "unique"), ("chess", "unique")]
    (reject,) = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()]
    assert (reject["line"], reject["id"], reject["raw"]) == (2, "deep", deep)
    assert "nested" in reject["reason"]


def test_asked_twice_to_end_it_does_not_claim_to_have_answered_all(
    call: Call, news: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    annotated = Stage._annotated

    def asking(*given: Any) -> bytes:
        for _ in range(2):
            signal.raise_signal(signal.SIGTERM)
        return annotated(*given)

    monkeypatch.setattr(Stage, "_annotated", asking)
    monkeypatch.setattr(stopping, "_PATIENCE", -1.0)
    told = call("filter", news(*FEED))
    assert (told.status, told.out) == (143, "")
    assert told.err == "dedup: interrupted; not every line that was read is answered\n"
