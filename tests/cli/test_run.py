"""`dedup run`: its options, and the files as the contract names them."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dedup import Settings, run
from dedup.readers import read, refuse
from dedup.writers import dumps, to_record

SEEDS = Path(__file__).parents[2] / "seeds"
Call = Callable[..., Any]

FIELDS = {
    "articles.jsonl": "id outlet title url published cluster relation canonical similarity origin credits composition "
    "repeats page passages",
    "clusters.jsonl": "id size members outlets canonical first origin independent_sources",
    "matches.jsonl": "a b a_start a_end b_start b_end similarity kind weight direction reason relation",
}
INSIDE = {
    "similarity": "jaccard containment",
    "origin": "agency share status score inferred_from",
    "credits": "agency role kind start end text weight",
    "repeats": "start end of kind",
}


OPTIONAL = {"direction_reason"}


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "result"


def test_files_have_the_fields_of_the_contract_in_its_order(call: Call, out: Path) -> None:
    assert call("run", SEEDS, "--out", out, "-q") == (0, "", "")
    for name, fields in FIELDS.items():
        lines = read_jsonl(out / name)
        assert lines, name
        assert {" ".join(key for key in line if key not in OPTIONAL) for line in lines} == {fields}, name
    seen = set()
    for line in read_jsonl(out / "articles.jsonl"):
        for field, names in INSIDE.items():
            for part in line[field] if isinstance(line[field], list) else [line[field] or {}]:
                if part:
                    assert " ".join(part).startswith(names), (line["id"], field)
                    seen.add(field)
    assert seen == set(INSIDE)
    summary = json.loads((out / "summary.json").read_text())
    assert (summary["inputs"], summary["fields"]) == ([str(SEEDS)], {})
    assert set(summary) >= {
        "articles",
        "settings",
        "fingerprint",
        "versions",
        "seconds",
        "stages",
        "peak_memory_mib",
    }


def test_articles_stand_in_input_order_and_ids_refer_to_them(call: Call, out: Path) -> None:
    assert call("run", SEEDS, "--out", out).status == 0
    given = [a.id for a in read([str(SEEDS)], on_reject=refuse, on_notice=lambda _: None)]
    articles = read_jsonl(out / "articles.jsonl")
    assert [article["id"] for article in articles] == given
    clusters = {cluster["id"]: cluster for cluster in read_jsonl(out / "clusters.jsonl")}
    for cluster in clusters.values():
        assert set(cluster["members"]) <= set(given)
        assert cluster["canonical"] in cluster["members"]
    for article in articles:
        assert article["cluster"] is None or article["id"] in clusters[article["cluster"]]["members"]
        assert article["canonical"] is None or article["canonical"] in given
    for match in read_jsonl(out / "matches.jsonl"):
        assert {match["a"], match["b"]} <= set(given)


def test_the_command_says_what_the_library_says(call: Call, out: Path) -> None:
    assert call("run", SEEDS, "--out", out, "--threshold", "0.8", "--jobs", "1").status == 0
    articles = read([str(SEEDS)], on_reject=refuse, on_notice=lambda _: None)
    result = run(articles, Settings(threshold=0.8, jobs=1))
    for name, part in (
        ("articles", result.articles),
        ("clusters", result.clusters),
        ("matches", result.matches),
    ):
        lines = b"".join(dumps(to_record(each)) + b"\n" for each in part)
        assert (out / f"{name}.jsonl").read_bytes() == lines, name


@pytest.mark.parametrize(
    ("options", "setting", "value"),
    [
        (["--threshold", "0.9"], "threshold", 0.9),
        (["--no-passages"], "passages", False),
        (["--no-origin"], "origin", False),
        (["--jobs", "2"], "jobs", 2),
        ([], "threshold", 0.7),
    ],
)
def test_options_are_settings(options: list[str], setting: str, value: object, call: Call, out: Path) -> None:
    assert call("run", SEEDS / "ferry-strike", "--out", out, *options).status == 0
    assert json.loads((out / "summary.json").read_text())["settings"][setting] == value


def test_without_passages_there_are_duplicates_only(call: Call, out: Path) -> None:
    assert call("run", SEEDS, "--out", out, "--no-passages").status == 0
    assert (out / "matches.jsonl").read_bytes() == b""
    articles = read_jsonl(out / "articles.jsonl")
    relations = {article["id"]: article["relation"] for article in articles}
    # A copy of a copy is like that one, and too little like the canonical article of its cluster.
    assert relations.pop("census-echo") == "partial"
    assert set(relations.values()) == {"unique", "original", "duplicate"}
    assert not any(article["repeats"] for article in articles)


def test_without_origin_nobody_is_credited(call: Call, out: Path) -> None:
    assert call("run", SEEDS, "--out", out, "--no-origin").status == 0
    for article in read_jsonl(out / "articles.jsonl"):
        assert (article["credits"], article["composition"], article["origin"]["agency"]) == ([], {}, None)


def test_a_field_is_read_from_the_column_that_was_named(call: Call, tmp_path: Path, out: Path) -> None:
    news = tmp_path / "news.csv"
    news.write_text('nr,text,lead,site\n7,"teaser","The pier of Port Hesk closes.",hesk.example\n')
    fields = ["--field", "text=lead", "--field", "id=nr", "--field", "outlet=site"]
    assert call("run", news, "--out", out, *fields) == (0, "", "")
    (article,) = read_jsonl(out / "articles.jsonl")
    assert (article["id"], article["outlet"]) == ("7", "hesk.example")
    shown = call("origin", news, "--field", "id=lead", "--json")
    assert json.loads(shown.out)["id"] == "The pier of Port Hesk closes."


def test_the_default_folder_is_named_after_the_program(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("The pier closed.")
    assert call("run", "a.txt").status == 0
    assert (tmp_path / "dedup-out" / "summary.json").exists()


@pytest.mark.parametrize("end", [SystemExit(0), BrokenPipeError(32, "Broken pipe")], ids=repr)
def test_a_run_that_something_ends_early_is_a_failure(
    end: BaseException, call: Call, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*arguments: object, **named: object) -> None:
        raise end

    monkeypatch.setattr("dedup.pipeline.analyse_on_disk", ended)
    told = call("run", SEEDS / "ferry-strike", "--out", out)
    assert told == (1, "", f"dedup: ended before its time by {end!r}; nothing was written\n")
    assert not out.exists()


def test_a_run_inside_another_program_leaves_its_collector_on(call: Call, out: Path) -> None:
    assert gc.isenabled()
    assert call("run", SEEDS / "ferry-strike", "--out", out).status == 0
    assert gc.isenabled()


def test_version_is_told(call: Call) -> None:
    from dedup import __version__

    assert call("--version").out == f"dedup, version {__version__}\n"
