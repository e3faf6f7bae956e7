"""What the README shows works as it is printed."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dedup import Article, Index
from dedup.cli import status

ROOT = Path(__file__).resolve().parents[1]
STORY = (
    "OSLO (AP) — Ferries on the Hesk fjord stopped on Monday after the crews rejected a new roster. Some four "
    "thousand commuters were left to find a bus, and the council asked both sides to meet before the weekend."
)


def printed(section: str, language: str) -> str:
    """The one block in this language under the heading ``section``."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return str(block)


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    names = {
        "articles": [Article("wire", STORY), {"id": "copy", "text": STORY}],
        "text_a": STORY,
        "text_b": f"Readers wrote to us. {STORY}",
    }
    exec(compile(printed("In Python", "python"), "README.md", "exec"), names)
    first, second, match, origin = capsys.readouterr().out.splitlines()
    assert {first.split()[1], second.split()[1]} == {"original", "duplicate"}
    assert {first.split()[-1], second.split()[-1]} == {"AP"}
    assert match == f"verbatim {STORY}"
    assert "agency='AP'" in origin


def marked(name: str) -> str:
    """The block behind the mark of this name."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(rf"^<!-- {name} -->\n```\w+\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    return str(block)


def test_the_index_of_the_readme_remembers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    published: list[tuple[str, str | None]] = []
    feed = [{"id": "wire", "text": STORY}, {"id": "copy", "text": STORY, "published": "2025-12-31"}]
    names = {"feed": feed, "publish": lambda article, agency: published.append((article["id"], agency))}
    exec(compile(marked("index in Python"), "README.md", "exec"), names)
    assert capsys.readouterr().out == "copy is a duplicate of wire\n"
    assert published == [("wire", "AP")]
    with Index.open("news.db") as index:
        assert index.ids() == ["wire"]  # undated, and seen today; the copy has expired


def test_the_stage_of_the_readme_works_in_a_shell(tmp_path: Path) -> None:
    feed = [{"id": "story-17", "text": STORY}, {"id": "copy", "text": STORY}]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(line) + "\n" for line in feed))
    (tmp_path / "today.jsonl").write_text(json.dumps({"id": "late", "text": STORY}) + "\n")
    (tmp_path / "draft.txt").write_text(STORY)
    here = f'dedup() {{ {shlex.quote(sys.executable)} -m dedup "$@"; }}\nset -e\n'
    done = subprocess.run(
        ["bash", "-c", here + marked("index in a shell")], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    annotated = [
        json.loads(line)["dedup"] for line in (tmp_path / "annotated.jsonl").read_text().splitlines()
    ]
    assert [each["relation"] for each in annotated] == ["unique", "duplicate"]
    assert (tmp_path / "fresh.jsonl").read_text() == ""
    assert (tmp_path / "today" / "articles.jsonl").exists()


def test_every_command_of_the_readme_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [shlex.split(line, comments=True) for line in printed("On the command line", "sh").splitlines()]
    commands = [line for line in lines if line]
    assert {line[1] for line in commands} >= {"run", "compare", "origin"}
    for program, *arguments in commands:
        assert program == "dedup"
        for name in () if arguments[0] == "explain" else stand_ins(arguments):
            path = Path(name, "story.txt") if name.endswith("/") else Path(name)
            path.parent.mkdir(exist_ok=True)
            data = (json.dumps({"text": STORY}) if ".jsonl" in name else STORY).encode()
            path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        assert status(arguments) == 0, (arguments, capfd.readouterr().err)


def stand_ins(arguments: list[str]) -> list[str]:
    """What is read: all that is no option, nor follows ``--out``, behind the command's name."""
    after = ("", *arguments)
    return [
        each
        for before, each in zip(after, arguments, strict=False)
        if before not in ("", "--out") and not each.startswith("-")
    ]
