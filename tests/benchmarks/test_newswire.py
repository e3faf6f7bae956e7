"""The synthetic newswire: reproducible, and true to its own account."""

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import newswire
from benchmarks.desk import DERIVATIONS
from benchmarks.newswire import Pair, generate, generate_with_truth, main

ARTICLES = 400


def made(*, derived: float = 0.3, repeated: float = 0.02) -> list[Pair]:
    return list(generate_with_truth(ARTICLES, derived=derived, repeated=repeated))


def write(folder: Path, name: str, *arguments: str) -> tuple[bytes, bytes]:
    out, truth = folder / name, folder / f"{name}.truth"
    done = CliRunner().invoke(main, ["50", "--out", str(out), "--truth", str(truth), *arguments])
    assert done.exit_code == 0, done.output
    return out.read_bytes(), truth.read_bytes()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    first = write(tmp_path, "first")
    assert first == write(tmp_path, "again", "--seed", "1")
    assert first[0] != write(tmp_path, "other", "--seed", "2")[0]


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    assert list(generate(40)) == list(generate(60))[:40]


def test_editions_go_on_with_the_same_outlets_whoever_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.newswire.EDITION", 60)
    one, two = tmp_path / "one", tmp_path / "two"
    newswire.write(150, one, tmp_path / "truth", words=60)
    newswire.write(150, two, words=60, processes=2)
    assert one.read_bytes() == two.read_bytes()
    records = list(generate(150, words=60))
    assert [json.loads(line) for line in one.read_bytes().splitlines()] == records
    assert [record["id"] for record in records] == [f"wire-{number:07d}" for number in range(1, 151)]
    assert [r["published"] for r in records] == sorted(r["published"] for r in records)
    assert len({record["text"] for record in records}) > 140
    first, last = ({record["outlet"] for record in part} for part in (records[:60], records[60:]))
    assert len(first & last) > len(last) / 3
    assert len((tmp_path / "truth").read_bytes().splitlines()) == 150
    assert len(list(tmp_path.iterdir())) == 3


def test_every_kind_of_derivation_occurs_in_its_share() -> None:
    kinds = Counter(truth["kind"] for _, truth in made())
    assert set(kinds) == {"original", *DERIVATIONS}
    assert 0.2 < 1 - kinds["original"] / ARTICLES < 0.4
    assert {truth["kind"] for _, truth in made(derived=0)} == {"original"}


def test_articles_have_about_the_words_asked_for() -> None:
    mean = sum(len(record["text"].split()) for record in generate(ARTICLES)) / ARTICLES
    assert 0.9 < mean / 346 < 1.1


def test_ids_are_unique_and_time_goes_on() -> None:
    records = list(generate(ARTICLES))
    assert len({record["id"] for record in records}) == ARTICLES
    assert [r["published"] for r in records] == sorted(r["published"] for r in records)


def test_spans_hold_the_sources_words() -> None:
    pairs = made()
    texts = {record["id"]: record["text"] for record, _ in pairs}
    for record, truth in pairs:
        for span in truth["spans"]:
            here = words(record["text"][span["start"] : span["end"]])
            there = words(texts[span["source"]][span["source_start"] : span["source_end"]])
            # Each house edit and each `percent` made `per cent` changes a word or two.
            assert len(set(here) & set(there)) / len(set(here) | set(there)) > 0.7


def test_repeats_are_what_they_repeat() -> None:
    repeated = [(record, truth) for record, truth in made(repeated=1) if truth["repeats"]]
    assert len(repeated) > ARTICLES / 3
    for record, truth in repeated:
        (repeat,) = truth["repeats"]
        start, end = repeat["of"]
        assert record["text"][start:end] == record["text"][repeat["start"] : repeat["end"]]
        assert end <= repeat["start"]


def test_credits_stand_in_the_text() -> None:
    credited = [(r, t) for r, t in made() if t["credited"]]
    assert credited
    for record, truth in credited:
        assert f"({truth['origin'][0]})" in record["text"][:80]


def test_lines_are_json_of_the_contracts_fields(tmp_path: Path) -> None:
    corpus, _ = write(tmp_path, "corpus")
    lines = corpus.splitlines()
    assert len(lines) == 50
    for line in lines:
        assert set(json.loads(line)) == {"id", "title", "outlet", "published", "url", "text"}


def words(text: str) -> list[str]:
    return (
        text.replace("“", '"').replace("”", '"').replace("U.N.", "UN").replace("per cent", "percent").split()
    )
