"""Scores by obfuscation, and samples of pairs."""

from typing import Any

from benchmarks.pan13 import CLEAN, Comparison, choose, clean, is_held_out, scores
from benchmarks.plagdet import Passage
from dedup.model import Match

PAIR = ("susp", "src")


def compared(obfuscation: str, weights: list[Any], cases: int) -> Comparison:
    case = Passage(PAIR, (0, 100), (0, 100))
    matches = [Match(*PAIR, 0, 100, 0, 100, 1.0, "verbatim", weight) for weight in weights]
    return Comparison(obfuscation, [case] * cases, matches, PAIR)


def test_scores_overall_come_first_and_incidental_matches_count_only_when_asked() -> None:
    done = [compared("02-verbatim", ["substantial"], 1), compared("01-clean", ["incidental"], 0)]
    strict, every = scores(done, substantial=True), scores(done, substantial=False)
    assert list(strict) == ["overall", "01-clean", "02-verbatim"]
    assert strict["overall"].plagdet == strict["02-verbatim"].plagdet == strict["01-clean"].plagdet == 1
    assert every["01-clean"].precision == 0


def test_a_sample_takes_as_many_of_each_obfuscation() -> None:
    pairs = [{"obfuscation": kind, "number": i} for kind in "ab" for i in range(20)]
    chosen = choose(pairs, 10, 1)
    assert [sum(pair["obfuscation"] == kind for pair in chosen) for kind in "ab"] == [5, 5]
    assert chosen == choose(pairs, 10, 1) != choose(pairs, 10, 2)
    assert choose(pairs, None, 1) == pairs


def test_a_tenth_of_the_pairs_is_held_out_and_always_the_same() -> None:
    pairs = [{"susp": f"s{i}", "src": f"t{i}"} for i in range(1000)]
    held = [pair for pair in pairs if is_held_out(pair)]
    assert 70 < len(held) < 130
    assert held == [pair for pair in pairs if is_held_out({**pair, "obfuscation": "any"})]


def test_clean_pairs_are_those_without_any_match() -> None:
    done = [compared(CLEAN, [], 0), compared(CLEAN, ["incidental"], 0), compared("02-verbatim", [], 1)]
    assert clean(done) == (1, 2)
