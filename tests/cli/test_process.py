"""Real processes: exit statuses, what is said where, terminals, Ctrl-C, pipes that close, light start."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import random
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SEEDS = Path(__file__).parents[2] / "seeds"
COMMAND = (sys.executable, "-m", "dedup")
Call = Callable[..., Any]
Terminal = Callable[..., tuple[int, str, str]]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Four articles of the seeds in a folder: an original with a reprint, and two strangers."""
    folder = tmp_path / "news"
    folder.mkdir()
    for name in (
        "ferry-strike/ap-original",
        "ferry-strike/herald-full-reprint",
        "unrelated/chess",
        "credits/upi-dateline",
    ):
        source = SEEDS / f"{name}.txt"
        (folder / source.name).write_bytes(source.read_bytes())
    return folder


def test_a_run_exits_with_0_and_says_nothing_when_piped(process: Call, corpus: Path, tmp_path: Path) -> None:
    done = process("run", corpus, "--out", "result")
    assert done == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "result").iterdir()) == [
        "articles.jsonl", "clusters.jsonl", "matches.jsonl", "rejects.jsonl", "summary.json",
    ]  # fmt: skip


def test_a_run_with_rejects_exits_with_3_and_names_them(process: Call, corpus: Path) -> None:
    (corpus / "void.txt").touch()
    done = process("run", corpus, "--out", "result")
    assert (done.status, done.out) == (3, "")
    assert f"{corpus}/void.txt: empty file" in done.err
    assert "1 rejected; the reasons are in result/rejects.jsonl" in done.err


def test_a_run_that_fails_exits_with_1_and_a_wrong_use_with_2(process: Call) -> None:
    failed = process("run", "nowhere")
    assert failed == (1, "", "dedup: nowhere: no such file or folder; check the path\n")
    wrong = process("run", "--thresh", "0.5")
    assert (wrong.status, wrong.out) == (2, "")
    assert "No such option: --thresh" in wrong.err or "No such option '--thresh'" in wrong.err


def test_articles_may_come_through_a_pipe(process: Call, tmp_path: Path) -> None:
    line = json.dumps({"id": "one", "text": "A text of a few words."}) + "\n"
    assert process("run", "-", "--out", "result", stdin=line.encode()) == (0, "", "")
    assert json.loads((tmp_path / "result" / "articles.jsonl").read_text())["id"] == "one"


@pytest.fixture
def on_terminal(tmp_path: Path, environment: dict[str, str]) -> Terminal:
    """Run with stderr on a terminal of 80 columns."""

    def on_terminal(*arguments: object, until: str = "") -> tuple[int, str, str]:
        """Run with stderr on a terminal of 80 columns; press Ctrl-C as soon as ``until`` stands on it.

        Returns:
            Exit status, stdout, and what came to the terminal.
        """
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs,
            env=environment, cwd=tmp_path,
        )  # fmt: skip
        os.close(theirs)
        seen, pressed = b"", False
        while True:
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:  # so Linux tells the end of a terminal
                break
            if not piece:
                break
            seen += piece
            if until and not pressed and until.encode() in seen:
                process.send_signal(signal.SIGINT)
                pressed = True
        os.close(ours)
        out, _ = process.communicate(timeout=60)
        return process.returncode, out.decode(), seen.decode()

    return on_terminal


def test_a_terminal_shows_bars_and_a_summary(corpus: Path, on_terminal: Terminal) -> None:
    status, out, seen = on_terminal("run", corpus, "--out", "result")
    assert (status, out) == (0, "")
    stages = "Reading signing Proposing Verifying Aligning Weighing Concluding"
    assert not [stage for stage in stages.split() if stage not in seen]
    table = plain(seen[seen.index("articles") :]).splitlines()
    rows = {line.split("  ")[0]: line.rstrip() for line in table if line}
    assert rows["articles"].split()[1:] == ["4", "2", "unique"]
    assert rows["duplicates"].split()[1] == "1"
    assert rows["clusters"].split()[1] == "1"
    assert rows["repeats"].split()[1] == "0"
    assert rows["shared passages"].split()[2] == "1"
    assert [rows[row].split()[-1] for row in ("origin AP", "origin UPI")] == ["2", "1"]
    assert rows["seconds"].endswith("articles/s")
    assert "Results are in result/" in seen


def test_quiet_says_nothing_on_a_terminal_either(corpus: Path, on_terminal: Terminal) -> None:
    (corpus / "void.txt").touch()
    assert on_terminal("run", corpus, "--out", "result", "-q") == (3, "", "")


def test_verbose_shows_the_summary_in_a_pipe_without_bars_or_colour(process: Call, corpus: Path) -> None:
    done = process("run", corpus, "--out", "result", "-v")
    assert (done.status, done.out) == (0, "")
    assert "\x1b" not in done.err
    assert "signing" not in done.err
    assert done.err.split()[:2] == ["articles", "4"]
    assert done.err.endswith("Results are in result/\n")


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_asked_to_end_while_reading_leaves_nothing(
    tmp_path: Path, environment: dict[str, str], asked: signal.Signals
) -> None:
    place = tmp_path / "work"
    place.mkdir()
    pipe = place / "news.jsonl"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [*COMMAND, "run", str(pipe), "--out", "result"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment, cwd=place, text=True,
    )  # fmt: skip
    with pipe.open("w") as writer:  # waits until it is read from
        writer.write(json.dumps({"id": "one", "text": "A text of a few words."}) + "\n")
        writer.flush()
        time.sleep(0.5)  # the first article is read, the second is waited for
        process.send_signal(asked)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert err.strip() == "dedup: interrupted; nothing was written"
    assert [path.name for path in place.iterdir()] == ["news.jsonl"]


@pytest.mark.parametrize("command", ["origin", "compare"])
def test_a_command_that_may_have_printed_says_only_that_it_was_interrupted(
    command: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    pipe = tmp_path / "news.jsonl"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [*COMMAND, command, str(pipe), *([str(pipe)] if command == "compare" else [])],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
    )  # fmt: skip
    with pipe.open("w") as writer:  # waits until it is read from
        writer.write(json.dumps({"id": "one", "text": "A text of a few words."}) + "\n")
        writer.flush()
        time.sleep(0.5)  # the first article is read, the second is waited for
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.strip()) == (1, "dedup: interrupted")


@pytest.mark.parametrize("stage", ["Reading", "Aligning"])
def test_ctrl_c_in_the_middle_leaves_earlier_results_as_they_were(
    stage: str, tmp_path: Path, on_terminal: Terminal
) -> None:
    chance = random.Random(1)
    words = [f"w{i}" for i in range(3000)]
    sentences = [" ".join(chance.choices(words, k=18)).capitalize() for _ in range(2000)]
    articles = ({"id": str(i), "text": ". ".join(chance.choices(sentences, k=25))} for i in range(2500))
    (tmp_path / "news.jsonl").write_text("".join(json.dumps(article) + "\n" for article in articles))
    earlier = tmp_path / "result"
    earlier.mkdir()
    files = [f"{name}.jsonl" for name in ("articles", "clusters", "matches", "rejects")] + ["summary.json"]
    for name in files:
        (earlier / name).write_text(f"{name} of an earlier run")
    status, out, seen = on_terminal("run", "news.jsonl", "--out", "result", "--force", until=stage)
    assert (status, out) == (1, "")
    assert "interrupted; nothing was written" in seen
    assert "Traceback" not in seen
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news.jsonl", "result"]
    kept = {path.name: path.read_text() for path in earlier.iterdir()}
    assert kept == {name: f"{name} of an earlier run" for name in files}


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_a_reader_that_leaves_is_no_failure(
    form: Sequence[str], tmp_path: Path, environment: dict[str, str]
) -> None:
    # More than a pipe holds, so that the command is still writing when its reader goes.
    articles = [{"id": f"{'x' * 500}{i}", "text": "PORT HESK (AP) — The pier closed."} for i in range(500)]
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps(article) + "\n" for article in articles))
    process = subprocess.Popen(
        [*COMMAND, "origin", str(news), *form],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("options", [(), ("-v",), ("--thresh",)], ids=["notice", "summary", "usage"])
@pytest.mark.parametrize("end", ["gone", "full", "closed"])
def test_a_run_does_not_depend_on_who_hears_what_it_says(
    end: str, options: Sequence[str], corpus: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    (corpus / "pier.jpg").touch()  # a notice
    with deaf(end) as stderr:
        done = subprocess.run(
            [*COMMAND, "run", str(corpus), "--out", "result", *options],
            stderr=stderr, env=environment, cwd=tmp_path, check=False,
            preexec_fn=(lambda: os.close(2)) if end == "closed" else None,
        )  # fmt: skip
    assert done.returncode == (2 if "--thresh" in options else 0)
    assert (tmp_path / "result" / "summary.json").exists() == (done.returncode == 0)


@contextmanager
def deaf(end: str) -> Iterator[int]:
    """Something to write to where nothing can be written."""
    if end == "full":
        if not Path("/dev/full").exists():
            pytest.skip("no device that is always full")
        writing = os.open("/dev/full", os.O_WRONLY)
    else:
        reading, writing = os.pipe()
        os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "arguments", [("origin", SEEDS / "unrelated"), ("origin", SEEDS / "unrelated", "--json")], ids=str
)
def test_a_full_disk_under_stdout_is_told(arguments: Sequence[object], environment: dict[str, str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"dedup: standard output: No space left on device\n")


def test_the_command_and_its_helps_start_light(environment: dict[str, str]) -> None:
    code = (
        "import sys\n"
        "from dedup.cli import status\n"
        "for command in ([], ['run'], ['compare'], ['origin'], ['explain'], ['filter'],\n"
        "                ['index'], ['index', 'info'], ['index', 'expire']): assert status([*command, '--help']) == 0\n"
        "heavy = {'numpy', 'scipy', 'numba', 'sklearn', 'datasketch', 'pyarrow', 'rich', 'orjson'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"


@pytest.mark.parametrize(
    "given",
    [
        ("run", "\x1b]0;named.txt\x07.csv"),
        ("run", "fol\x1b[2Jder"),
        ("run", "absent\x1b[2J"),
        ("run", "good.txt", "--field", "\x9btext=x"),
        ("run", "good.txt", "--\x1b[2Jforce"),
        ("run", "good.txt", "--out", "out\x1b[2J"),
    ],
    ids=["column", "folder", "input", "field", "option", "out"],
)
def test_no_name_gives_orders_to_the_terminal(
    given: Sequence[str], tmp_path: Path, on_terminal: Terminal
) -> None:
    (tmp_path / "good.txt").write_text("PORT HESK (AP) — The pier closed.")
    (tmp_path / "\x1b]0;named.txt\x07.csv").write_text(f"id,\x1b[2J\x9b{'x' * 99}{',more' * 99}\n1,One.\n")
    (tmp_path / "fol\x1b[2Jder").mkdir()
    (tmp_path / "fol\x1b[2Jder" / "a\x1b[2J\n.txt").touch()
    (tmp_path / "fol\x1b[2Jder" / "pier.j\x1b[2Jpg").touch()
    status, _, seen = on_terminal(*given)
    assert "\x1b[2J" not in seen
    assert "\x1b]" not in seen
    assert "\x9b" not in seen
    assert r"\x1b[2J" in seen or r"\x9b" in seen
    assert seen.count("more") < 20
    assert (status == 0) == ("--out" in given)


@pytest.mark.parametrize("command", [["compare"], ["origin"]], ids=str)
def test_json_gives_no_orders_to_the_terminal_either(
    command: list[str], process: Call, tmp_path: Path
) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(json.dumps({"id": "a\x9b2J\x7f\x1b\u00a0", "text": "PORT HESK (AP) — The pier closed."}))
    done = process(*command, *[news] * (2 if command == ["compare"] else 1), "--json")
    assert r"a\u009b2J\u007f\u001b" in done.out
    record = json.loads(done.out)
    assert (record.get("id") or record["a"]) == "a\x9b2J\x7f\x1b\u00a0"


@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("command", ["compare", "origin"])
def test_a_terminal_that_lacks_characters_stops_no_command(
    command: str, form: Sequence[str], tmp_path: Path, environment: dict[str, str]
) -> None:
    text = "LYON (AP) — La grève a cessé après une longue nuit de négociations au port de Łódź, dit-on."
    name = "ł.txt"
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [*COMMAND, command, *[name] * (2 if command == "compare" else 1), *form],
        env=environment | {"PYTHONIOENCODING": "ascii"}, cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    if form:
        record = json.loads(done.stdout.decode("ascii"))
        assert (record.get("id") or record["a"]) == name
    else:
        assert b"LYON (AP)" in done.stdout


def test_ctrl_c_while_the_command_loads_is_told_in_a_line(environment: dict[str, str]) -> None:
    code = (
        "import runpy, sys\n"
        "class Pressed:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'dedup.cli.compare': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Pressed())\n"
        "runpy.run_module('dedup', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (1, "dedup: interrupted\n")


def plain(text: str) -> str:
    """Without the terminal's control sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")
