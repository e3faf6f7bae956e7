"""The suite, tiny and without a peer: corpora are kept, who is missing is named, figures are written."""

import sys
from pathlib import Path
from typing import Any

import click
import orjson
import pytest
from click.testing import CliRunner

from benchmarks import corpora
from benchmarks.__main__ import main
from benchmarks.contestants import Contestant, missing, ours, peers
from benchmarks.peers import sign
from benchmarks.scale import MODES, earlier, with_falls, with_growth
from benchmarks.speed import race

HERE = Path(sys.executable)


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def test_corpora_are_made_once_and_cut_from_longer_ones(tmp_path: Path) -> None:
    corpus = corpora.newswire(tmp_path, 12, words=60)
    made = corpus.stat().st_mtime_ns
    assert corpora.newswire(tmp_path, 12, words=60).stat().st_mtime_ns == made
    assert lines(corpora.newswire(tmp_path, 5, words=60)) == lines(corpus)[:5]
    parts = sorted(corpora.shards(corpus, 2).iterdir())
    assert [lines(part) for part in parts] == [lines(corpus)[::2], lines(corpus)[1::2]]


def test_a_peer_that_is_not_there_is_named_with_what_to_install() -> None:
    nobody = Contestant("nobody", lambda *_: [], (("no_such_module", "nobody==1.0"),))
    hindered = Contestant("hindered", lambda *_: [], (("json", "json"),), "wants a model")
    assert missing([*ours(), nobody, hindered], HERE) == {
        "nobody": "needs nobody==1.0 (extra `bench`)",
        "hindered": "wants a model",
    }


def test_each_peer_gets_the_corpus_in_two_parts_or_whole(tmp_path: Path) -> None:
    corpus = corpora.newswire(tmp_path, 4, words=60)
    for peer in peers(HERE):
        command = peer.command(corpus, tmp_path / "scratch")
        assert command[0] == str(HERE)
        assert any(corpus.stem in part for part in command)


def test_a_race_goes_round_and_leaves_out_who_was_cut_off(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.touch()

    def sleeper(seconds: float) -> list[str]:
        return [sys.executable, "-c", f"import time; time.sleep({seconds})"]

    quick = Contestant("quick", lambda *_: sleeper(0))
    late = Contestant("late", lambda *_: sleeper(60))
    rare = Contestant("rare", lambda *_: sleeper(0), (("json", "json"),))
    runs = race([quick, late, rare], corpus, rounds=3, cut_off=1, peer_rounds=1)
    assert {name: [run.finished for run in of] for name, of in runs.items()} == {
        "quick": [True] * 3,
        "late": [False],
        "rare": [True],
    }
    assert list(tmp_path.iterdir()) == [corpus]


def test_growth_is_measured_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.scale.SMALL", 20)
    record = called("scale", tmp_path, "--size", "20", "--words", "60", "--mode", "near")
    (point,) = record["modes"]["dedup, near-duplicates"]
    assert point["articles"] == 20
    assert point["runs"][0]["finished"]
    assert {"read and sign", "verify"} <= point["stages"].keys()


def test_what_earlier_calls_measured_is_kept_when_it_was_measured_alike(tmp_path: Path) -> None:
    near, both = MODES["near"][0], MODES["both"][1]
    old, new = ({"articles": size, "megabytes": size} for size in (20, 10))
    assert with_growth({near: [old], both: [old]}, {near: [new]}) == {near: [new, old], both: [old]}
    again = {"articles": 20, "megabytes": 5}
    assert with_growth({near: [old]}, {near: [again]}) == {near: [again]}
    same, copies = ({"name": name, "mode": near} for name in ("same", "copies"))
    assert with_falls([same], [copies]) == [copies, same]
    path = tmp_path / "scale.json"
    assert earlier(path, {"seed": 1})["modes"] == {}
    path.write_bytes(orjson.dumps({"seed": 2, "modes": {}}))
    with pytest.raises(click.ClickException, match="another way"):
        earlier(path, {"seed": 1})


@pytest.mark.parametrize("measure", [sign.in_threads, sign.in_processes])
def test_signing_is_timed(measure: Any) -> None:
    def make() -> sign.Sign:
        return lambda texts: [hash(text) for text in texts]

    assert measure(make, ["a text", "another"] * 5, 2) > 0


def test_the_shingles_for_peers_are_ours() -> None:
    text = "“Well,” she said — twice! — to A.B. of under_scored Häuser; 3.5 per cent."
    words = "well she said twice to a b of under scored häuser 3 5 per cent".split()
    assert sign._strings(text) == [" ".join(words[at : at + 5]) for at in range(len(words) - 4)]
    assert len(sign._hashed(text)) == len(words) - 4


def called(command: str, folder: Path, *arguments: str) -> dict[str, Any]:
    places = ["--work", str(folder), "--results", str(folder / "results")]
    done = CliRunner().invoke(main, [command, *arguments, *places], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    (path,) = (folder / "results").iterdir()
    assert "articles" in done.output
    record: dict[str, Any] = orjson.loads(path.read_bytes())
    return record
