from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path

import pytest

from dedup.errors import OutputError
from dedup.model import (
    Cluster,
    Credit,
    Match,
    Origin,
    Passage,
    Reject,
    Repeat,
    Result,
    Similarity,
    Verdict,
)
from dedup.writers import check_out, records, write

GOLDEN = Path(__file__).parent / "golden"
NAMES = ["articles.jsonl", "clusters.jsonl", "matches.jsonl", "rejects.jsonl", "summary.json"]

AP = Origin("AP", "whole", "confirmed", 5.0, None, ("AP",))
RESULT = Result(
    articles=(
        Verdict(
            "a1", "Example Times", "Grüße aus Łódź", "https://example.org/1", "2024-05-06", "c1", "original",
            None, None, AP, (Credit("AP", "origin", "dateline", 0, 10, "CAIRO (AP)", 5.0, "dateline"),),
            {"AP": 1.0}, (Repeat(120, 240, (0, 120), "repeat", 0.98765),),
        ),
        Verdict(
            "a2", None, "cut \ud83d", None, None, "c1", "duplicate", "a1", Similarity(0.912345, 1.0),
            Origin("AP", "whole", "probable", 3.14159, "a1", ("AP",)), (), {"AP": 0.6666, "own": 0.3334}, (),
            passages=(Passage(0, 80, "AP", "a1", (10, 90)), Passage(80, 120, "own")),
        ),
    ),
    clusters=(Cluster("c1", 2, ("a1", "a2"), ("Example Times",), "a1", "a1", AP, 1),),
    matches=(Match("a1", "a2", 0, 100, 5, 105, 0.99999, "edited", "substantial", "a->b"),),
    rejects=(Reject("news.jsonl", 7, "not JSON"), Reject("x.txt", None, "empty file")),
    summary={"articles": 2, "settings": {"threshold": 0.7}, "seconds": {"read": 0.125}},
)  # fmt: skip
EMPTY = Result((), (), (), (), {"articles": 0})


def entries(place: Path) -> list[str]:
    return sorted(os.listdir(place))


def test_the_files_are_the_golden_ones(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(RESULT, out)
    assert entries(out) == NAMES
    for name in NAMES:
        assert (out / name).read_bytes() == (GOLDEN / name).read_bytes(), name
    assert json.loads((out / "articles.jsonl").read_bytes().splitlines()[1])["title"] == "cut \ud83d"


def test_nothing_but_the_folder_is_left_and_missing_parents_are_made(tmp_path: Path) -> None:
    out = tmp_path / "new" / "deep" / "out"
    write(EMPTY, out)
    assert entries(out.parent) == ["out"]
    assert (out / "articles.jsonl").read_bytes() == b""
    assert out.stat().st_mode & 0o777 == (tmp_path / "new").stat().st_mode & 0o777


def test_an_existing_folder_is_refused_with_a_remedy(tmp_path: Path) -> None:
    for use in (partial(check_out, tmp_path), partial(write, EMPTY, tmp_path)):
        with pytest.raises(OutputError, match=r"exists already; name another folder .* with --force"):
            use()
    assert entries(tmp_path) == []


def test_force_replaces_earlier_results_and_empty_folders(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    write(RESULT, out, force=True)
    (out / "report.html").write_text("old")
    write(EMPTY, out, force=True)
    assert entries(out) == NAMES
    assert entries(tmp_path) == ["out"]
    assert json.loads((out / "summary.json").read_text()) == {"articles": 0}


@pytest.mark.parametrize("earlier", [False, True])
def test_force_leaves_alone_a_folder_that_holds_anything_but_results(earlier: bool, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if earlier:
        write(RESULT, out)
    (out / "plots").mkdir(parents=True)
    (out / "thesis.tex").write_text("years of work")
    before = entries(out)
    reason = r"holds something else than results \('plots' and 1 more\), .*; move that away, or name another"
    for use in (partial(check_out, out, True), partial(write, EMPTY, out, force=True)):
        with pytest.raises(OutputError, match=reason):
            use()
    assert entries(out) == before
    assert (out / "thesis.tex").read_text() == "years of work"


def test_force_leaves_alone_what_only_has_the_name_of_a_result(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text("years of work")
    with pytest.raises(OutputError, match=r"holds something else than results \(there is no summary\.json\)"):
        write(EMPTY, tmp_path, force=True)
    assert entries(tmp_path) == ["articles.jsonl"]


def test_a_file_is_refused_whether_it_is_the_folder_or_its_parent(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for force in (False, True):
        with pytest.raises(OutputError, match="is a file; name a folder"):
            check_out(file, force)
        with pytest.raises(OutputError, match="is a file; name another folder"):
            check_out(file / "deep" / "out", force)


def test_a_folder_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A process of root may write everywhere, so the refusal is played.
    monkeypatch.setattr(os, "access", lambda *args: False)
    with pytest.raises(OutputError, match="no permission to write in"):
        check_out(tmp_path / "out")


def test_a_name_that_the_system_refuses_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be looked at: File name too long"):
        check_out(tmp_path / ("x" * 5000))


def test_a_name_that_the_system_refuses_is_told_below_a_folder_to_be_made(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be looked at: File name too long"):
        check_out(tmp_path / "new" / ("x" * 300) / "out")


def test_the_longest_name_that_the_system_takes_is_taken(tmp_path: Path) -> None:
    out = tmp_path / ("x" * os.pathconf(tmp_path, "PC_NAME_MAX"))
    write(EMPTY, out)
    write(EMPTY, out, force=True)
    assert entries(tmp_path) == [out.name]


@pytest.mark.parametrize("below", ["", "out"])
def test_links_in_a_circle_are_refused(below: str, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    for use in (check_out, partial(write, EMPTY)):
        with pytest.raises(OutputError, match=r"one.*name another folder"):
            use(tmp_path / "one" / below)


def test_a_link_to_a_folder_of_results_stays_a_link(tmp_path: Path) -> None:
    write(RESULT, tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    write(EMPTY, tmp_path / "link", force=True)
    assert (tmp_path / "link").is_symlink()
    assert entries(tmp_path) == ["link", "real"]
    assert json.loads((tmp_path / "real" / "summary.json").read_text()) == {"articles": 0}


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError, ValueError])
@pytest.mark.parametrize("force", [False, True])
def test_an_interrupted_write_leaves_all_as_it_was(
    stop: type[BaseException], force: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if force:
        write(RESULT, tmp_path / "out")
    before = entries(tmp_path)

    line = records.line

    def interrupted(thing: object) -> bytes:
        if isinstance(thing, Match):
            raise stop
        return line(thing)

    monkeypatch.setattr(records, "line", interrupted)
    with pytest.raises(stop):
        write(RESULT, tmp_path / "out", force=force)
    assert entries(tmp_path) == before
    if force:
        assert (tmp_path / "out" / "matches.jsonl").read_bytes() == (GOLDEN / "matches.jsonl").read_bytes()


def test_the_second_of_two_runs_into_a_new_folder_leaves_the_first_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, line = tmp_path / "out", records.line

    def overtaken(thing: object) -> bytes:
        monkeypatch.setattr(records, "line", line)
        write(EMPTY, out)
        return line(thing)

    monkeypatch.setattr(records, "line", overtaken)
    with pytest.raises(OutputError, match=r"exists already; .* replace it with --force"):
        write(RESULT, out)
    assert entries(tmp_path) == ["out"]
    assert json.loads((out / "summary.json").read_text()) == {"articles": 0}


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_swap_that_fails_puts_the_earlier_results_back(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(RESULT, tmp_path / "out")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.suffix == ".tmp":
            raise error
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises((OutputError, KeyboardInterrupt)) as caught:
        write(EMPTY, tmp_path / "out", force=True)
    assert entries(tmp_path) == ["out"]
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["articles"] == 2
    if isinstance(error, OSError):
        assert str(caught.value).endswith("No space left on device; nothing was changed")


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(RESULT, tmp_path / name)
    for name in NAMES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
