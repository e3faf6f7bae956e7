"""`run --resume`: what a run that ended early had finished is not done again, and the results are the same bytes."""

from __future__ import annotations

import gzip
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedup import working
from dedup.errors import OutputError

SEEDS = Path(__file__).parents[2] / "seeds"
FILES = ("articles.jsonl", "clusters.jsonl", "matches.jsonl", "rejects.jsonl")
STEPS = ("read", "credit", "near", "copies", "passages", "settled")
Call = Callable[..., Any]


class Stopped(Exception):
    """As if the machine had gone down."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Part of the seeds, and two lines that are no article."""
    folder = tmp_path / "news"
    shutil.copytree(SEEDS / "ferry-strike", folder)
    (folder / "broken.jsonl").write_text('{"id": "x"}\n{"id": "y", "text": \n')
    return folder


def written(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES}


def stop_after(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = working.Working.step

    def stopping(self: working.Working, name: str, *arguments: Any, **shelves: Any) -> Any:
        made = usual(self, name, *arguments, **shelves)
        if name == step:
            raise Stopped
        return made

    monkeypatch.setattr(working.Working, "step", stopping)


@pytest.mark.parametrize("step", STEPS)
def test_a_run_goes_on_after_any_step(
    step: str, corpus: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("run", corpus, "--out", "whole", "-q").status == 3
    with monkeypatch.context() as patched:
        stop_after(step, patched)
        with pytest.raises(Stopped):
            call("run", corpus, "--out", "result", "--resume")
    assert not Path("result").exists()
    done = {path.stem for path in Path("result.partial").glob("*.step")}
    assert step in done
    made = []
    monkeypatch.setattr(working, "_save", lambda product, folder, *_: made.append(folder.stem))
    told = call("run", corpus, "--out", "result", "--resume")
    assert told.status == 3
    assert "going on from what" in told.err
    assert not done.intersection(made), "a finished step is not done again"
    assert written(Path("result")) == written(Path("whole"))
    assert not Path("result.partial").exists()


def test_other_settings_or_input_are_refused_and_begin_anew_with_force(
    corpus: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        stop_after("read", patched)
        with pytest.raises(Stopped):
            call("run", corpus, "--out", "result", "--resume")
    assert call("run", corpus, "--out", "other", "-q", "--threshold", "0.4").status == 3
    told = call("run", corpus, "--out", "result", "--resume", "--threshold", "0.4")
    assert (told.status, "other input or settings" in told.err) == (1, True)
    strict = call("run", corpus, "--out", "result", "--resume", "--strict")
    assert (strict.status, "other input or settings" in strict.err) == (1, True)
    told = call("run", corpus, "--out", "result", "--resume", "--threshold", "0.4", "--force")
    assert (told.status, "going on" in told.err) == (3, False)
    assert written(Path("result")) == written(Path("other"))
    with monkeypatch.context() as patched:
        stop_after("read", patched)
        with pytest.raises(Stopped):
            call("run", corpus, "--out", "again", "--resume")
    (corpus / "more.txt").write_text("A text that was not there before.")
    assert call("run", corpus, "--out", "again", "--resume").status == 1
    assert "going on" not in call("run", corpus, "--out", "again", "--resume", "--force").err
    more, before = ((Path(out) / "articles.jsonl").read_bytes() for out in ("again", "result"))
    assert len(more.splitlines()) == 1 + len(before.splitlines())


def test_two_runs_do_not_share_a_place(tmp_path: Path) -> None:
    working_here, goes_on = working.claimed(tmp_path / "result.partial", {"id": 1})
    assert not goes_on
    with pytest.raises(OutputError, match="another run works"):
        working.claimed(tmp_path / "result.partial", {"id": 1})
    with pytest.raises(OutputError, match="another run works"):
        working.claimed(tmp_path / "result.partial", {"id": 2}, anew=True)
    working_here.close()
    again, goes_on = working.claimed(tmp_path / "result.partial", {"id": 1})
    assert goes_on
    again.remove()
    assert not (tmp_path / "result.partial").exists()


def test_quiet_says_nothing_of_going_on(corpus: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        stop_after("read", patched)
        with pytest.raises(Stopped):
            call("run", corpus, "--out", "result", "--resume", "-q")
    assert call("run", corpus, "--out", "result", "--resume", "-q") == (3, "", "")


def test_a_damaged_place_is_told_and_left_alone(
    corpus: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        stop_after("read", patched)
        with pytest.raises(Stopped):
            call("run", corpus, "--out", "result", "--resume")
    (Path("result.partial") / "articles").write_bytes(b"cut")
    told = call("run", corpus, "--out", "result", "--resume")
    assert told.status == 1
    assert "result.partial" in told.err
    assert "damaged" in told.err
    assert "remove it" in told.err


@pytest.mark.parametrize(
    "file", ["read.step/signed.body.npy", "articles", "own", "own.bounds.npy", "run.json"]
)
@pytest.mark.parametrize("harm", ["emptied", "changed"])
def test_any_damage_is_told(
    file: str, harm: str, corpus: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        stop_after("credit", patched)
        with pytest.raises(Stopped):
            call("run", corpus, "--out", "result", "--resume")
    place = Path("result.partial") / file
    data = place.read_bytes()
    place.write_bytes(b"" if harm == "emptied" else data[:-5] + bytes(255 - byte for byte in data[-5:]))
    told = call("run", corpus, "--out", "result", "--resume")
    assert told.status == 1
    assert "damaged" in told.err or "other input or settings" in told.err
    assert "Traceback" not in told.err


def test_what_others_put_beside_it_is_left_alone(
    corpus: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        stop_after("read", patched)
        with pytest.raises(Stopped):
            call("run", corpus, "--out", "result", "--resume")
    thesis = Path("result.partial") / "thesis.tex"
    thesis.write_text("years of work")
    told = call("run", corpus, "--out", "result", "--resume", "--force", "--threshold", "0.5")
    assert (told.status, "thesis.tex" in told.err) == (1, True)
    assert thesis.read_text() == "years of work"


def test_what_is_no_place_of_ours_is_left_alone(corpus: Path, call: Call) -> None:
    Path("result.partial").mkdir()
    (Path("result.partial") / "thesis.tex").write_text("years of work")
    told = call("run", corpus, "--out", "result", "--resume")
    assert told.status == 1
    assert "no place of an interrupted run" in told.err
    assert (Path("result.partial") / "thesis.tex").read_text() == "years of work"


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [(("-",), "standard input"), ((SEEDS / "ferry-strike", "--index", "news.db"), "the index keeps")],
    ids=["standard input", "index"],
)
def test_what_cannot_be_resumed_is_a_wrong_use(
    arguments: tuple[object, ...], reason: str, call: Call
) -> None:
    told = call("run", *arguments, "--resume")
    assert told.status == 2
    assert reason in told.err


def test_a_killed_process_is_resumed(tmp_path: Path, environment: dict[str, str]) -> None:
    lines = []
    for place in sorted(SEEDS.rglob("*.jsonl")):
        lines += place.read_bytes().splitlines()
    with gzip.open(tmp_path / "news.jsonl.gz", "wb") as file:
        file.write(b"\n".join(lines))
    command = [
        sys.executable,
        "-m",
        "dedup",
        "run",
        str(tmp_path / "news.jsonl.gz"),
        str(SEEDS),
        "-q",
        "--out",
    ]
    subprocess.run([*command, "whole"], env=environment, cwd=tmp_path, check=False)
    process = subprocess.Popen([*command, "result", "--resume"], env=environment, cwd=tmp_path)
    kept = tmp_path / "result.partial"
    deadline = time.monotonic() + 60
    while not (kept / "read.step").exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert (kept / "read.step").exists()
    status = subprocess.run(
        [*command, "result", "--resume"], env=environment, cwd=tmp_path, check=False
    ).returncode
    assert status in (0, 3)
    assert written(tmp_path / "result") == written(tmp_path / "whole")
    assert not kept.exists()
