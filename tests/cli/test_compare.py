"""`dedup compare`: what it prints, for people and as JSON, into a pipe and on a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from dedup import compare
from dedup.pairwise import compare_fully
from dedup.readers import read, refuse

SEEDS = Path(__file__).parents[2] / "seeds"
GOLDEN = Path(__file__).parent / "golden" / "compare"
FERRY = SEEDS / "ferry-strike"
DAM = SEEDS / "dam-burst"
Call = Callable[..., Any]

SHARED = (
    "Divers found eleven of the pier's oak piles eaten through below the low-water line, the council said on Tuesday. "
    "Engineers had given the pier two more years in their last survey, which the harbour master called optimistic. "
    "Boats that land there now will share the fish quay until a floating stage arrives from the yard at Tarn."
)
EDITED = SHARED.replace("council", "mayor").replace("fish quay", "coal quay")
OWN = (
    "None of them was asked whether the regatta should go ahead, and most had already paid for their berths."
)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text(f"The pier at Port Hesk will not see the spring. {SHARED} A hearing is set for January.")
    two.write_text(f"Anglers are up in arms this week. {SHARED} {OWN}")
    return one, two


def test_each_passage_stands_in_both_texts(pair: tuple[Path, Path], call: Call) -> None:
    told = call("compare", *pair)
    assert (told.status, told.err) == (0, "")
    lines = told.out.splitlines()
    assert (lines[0], lines[2]) == ("A one.txt", "B two.txt")
    assert "; 1 shared passage (1 substantial); " in lines[5]
    assert "1  verbatim, similarity 1.00, substantial: shared reporting" in lines
    for name, path in zip("AB", pair, strict=True):
        start, end = map(int, re.search(rf"^{name} \[(\d+), (\d+)\)$", told.out, re.MULTILINE).groups())  # type: ignore[union-attr]
        assert path.read_text()[start:end] == SHARED
    assert told.out.count(f"\n1 ┃ {SHARED}\n") == 2


def test_words_that_only_one_side_has_are_marked(call: Call, tmp_path: Path) -> None:
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    one.write_text(SHARED)
    two.write_text(EDITED)
    out = call("compare", one, two).out
    assert "the {council} said" in out
    assert "the {mayor} said" in out
    assert "share the {fish} quay" in out
    assert out.count("{") == 5  # with the legend's own
    assert "{only here}: words that the other side lacks" in out


def test_json_is_one_object_with_the_names_of_matches(pair: tuple[Path, Path], call: Call) -> None:
    told = call("compare", *pair, "--json")
    assert (told.status, told.err) == (0, "")
    record = json.loads(told.out)
    assert list(record) == ["a", "b", "similarity", "coverage", "relation", "cut_short", "matches"]
    assert (record["a"], record["b"]) == ("one.txt", "two.txt")
    assert record["relation"] == "version"
    assert record["cut_short"] is False
    (match,) = record["matches"]
    assert list(match) == [
        "a", "b", "a_start", "a_end", "b_start", "b_end", "similarity", "kind", "weight", "direction", "reason",
        "relation",
        "a_text", "b_text",
    ]  # fmt: skip
    assert match["a_text"] == match["b_text"] == SHARED
    assert pair[1].read_text()[match["b_start"] : match["b_end"]] == SHARED


def test_as_much_context_is_shown_as_is_asked_for(pair: tuple[Path, Path], call: Call) -> None:
    bare = call("compare", *pair, "--context", "0").out
    assert "Anglers" not in bare
    assert re.search(r"^ {4}… \d+ characters …$", bare, re.MULTILINE)
    assert "whether the regatta" not in call("compare", *pair, "--context", "20").out
    assert f"    {OWN}\n" in call("compare", *pair, "--context", "200").out
    whole = call("compare", *pair, "--context", "all").out
    assert "…" not in whole
    assert whole.count(SHARED) == 2


@pytest.mark.parametrize("asked", ["-1", "some", "1.5", "²", ""])
def test_context_is_a_number_or_all(pair: tuple[Path, Path], call: Call, asked: str) -> None:
    told = call("compare", *pair, "--context", asked)
    assert told.status == 2
    assert "is neither a number of characters nor 'all'" in told.err


def test_it_says_so_when_nothing_is_shared(call: Call) -> None:
    chess, roof = SEEDS / "unrelated" / "chess.txt", SEEDS / "unrelated" / "roof.txt"
    told = call("compare", chess, roof)
    assert told.status == 0
    assert "No shared reporting; no shared passage; 0% of A, 0% of B" in told.out
    assert json.loads(call("compare", chess, roof, "--json").out)["relation"] is None


def test_it_says_so_when_not_everything_was_followed_up(call: Call, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("again " * 100_000)
    out = call("compare", long, long).out
    assert "Not every passage was followed up" in out
    assert max(map(len, out.splitlines())) < 7_000
    assert json.loads(call("compare", long, long, "--json").out)["cut_short"] is True


def test_one_article_comes_from_standard_input(pair: tuple[Path, Path], process: Call) -> None:
    record = json.dumps({"id": "piped", "text": pair[1].read_text()})
    told = process("compare", pair[0], "-", stdin=record.encode())
    assert (told.status, told.err) == (0, "")
    assert "\nB piped\n" in told.out


def test_what_a_terminal_would_obey_is_not_printed(call: Call, tmp_path: Path) -> None:
    evil = tmp_path / "evil.jsonl"
    text = f"\x1b]0;owned\x07[bold red] {SHARED} \x9b2J \u202e \ud800 \x1b[2J"
    evil.write_text(json.dumps({"id": "\x1b[31m[link=x]", "title": "\x1b[5m", "text": text}) + "\n")
    for options in ((), ("--width", "120"), ("--context", "all"), ("--json",)):
        told = call("compare", evil, evil, *options)
        assert told.status == 0
        assert not set("\x1b\x07\x9b") & set(told.out)
        assert "[31m[link=x]" in told.out
        if options != ("--json",):
            assert "\u202e" not in told.out


@pytest.mark.parametrize("relation", ["duplicate", "version", "partial"])
def test_a_pair_is_to_each_other_what_it_is_in_a_run(relation: str) -> None:
    names = {
        "duplicate": ("ferry-strike/ap-original", "ferry-strike/herald-full-reprint"),
        "version": ("dam-burst/reuters-update-1", "dam-burst/reuters-update-3"),
        "partial": ("ferry-strike/ap-original", "ferry-strike/observer-two-agencies-stitched"),
    }[relation]
    one, two = read([str(SEEDS / f"{name}.txt") for name in names], on_reject=refuse, on_notice=print)
    there, back = compare_fully(one, two), compare_fully(two, one)
    assert there.relation == back.relation == relation
    assert there.coverage == back.coverage[::-1]
    assert there.matches == compare(one, two)


@pytest.mark.parametrize("width", [60, 120])
def test_seeds_are_shown_as_in_the_golden_file(call: Call, width: int, is_golden: Call) -> None:
    told = call("compare", DAM / "reuters-update-1.txt", DAM / "reuters-update-3.txt", "--width", width)
    is_golden(told.out, GOLDEN / f"dam-burst-{width}.txt")


def on_terminal(columns: int, *arguments: object, **environment: str) -> str:
    """What a terminal of so many columns gets to see."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "dedup", "compare", *map(str, arguments)],
        stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:  # so Linux tells the end of a terminal
            break
        seen += piece
    os.close(ours)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, b"")
    return seen.decode()


@pytest.mark.parametrize(("columns", "two"), [(60, False), (99, False), (100, True), (160, True)])
def test_a_terminal_gets_two_columns_where_they_fit(
    columns: int, two: bool, pair: tuple[Path, Path], environment: dict[str, str]
) -> None:
    unmeasured = {name: value for name, value in environment.items() if name != "COLUMNS"}
    seen = on_terminal(columns, *pair, **unmeasured)
    assert "\x1b[32m" in seen  # the green of what is verbatim
    lines = re.sub(r"\x1b\[[\d;]*m", "", seen).replace("\r", "").splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert any("A one.txt" in line and "B two.txt" in line for line in lines) is two
    assert not {"{", "}"} & set(seen)


def test_no_color_is_heeded_on_a_terminal(pair: tuple[Path, Path], environment: dict[str, str]) -> None:
    pair[1].write_text(EDITED)
    seen = on_terminal(120, *pair, **environment | {"NO_COLOR": "1"})
    assert not re.search(r"\x1b\[[\d;]*3[0-7]", seen)
    assert "{mayor}" in re.sub(r"\x1b\[[\d;]*m", "", seen)
