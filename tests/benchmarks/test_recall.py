"""The plain shingles that the program's own are checked against."""

from pathlib import Path

import numpy as np

from benchmarks.newswire import generate
from benchmarks.recall import Agreement, measure, plain_shingles
from dedup import Article


def test_shingles_are_runs_of_words_without_case() -> None:
    shingles, bounds = plain_shingles(["One, two three FOUR.", "one two three four", "one two three five"], 3)
    first, second, third = (set(shingles[bounds[i] : bounds[i + 1]].tolist()) for i in range(3))
    assert first == second
    assert len(first) == 2
    assert len(first & third) == 1


def test_a_short_text_is_one_shingle_and_an_empty_one_none() -> None:
    _, bounds = plain_shingles(["one two", "", "..."], 5)
    assert np.diff(bounds).tolist() == [1, 0, 0]


def test_agreement_counts_what_is_missed_and_what_is_too_much() -> None:
    found = {(0, 1), (3, 4), (6, 7)}
    agreement = Agreement({(0, 1): 0.9, (0, 2): 0.8, (6, 7): 1.0}, found, below={(3, 4): 0.5})
    assert agreement.pairs == (3, 2)
    assert agreement.recall == 2 / 3
    assert agreement.missed == {(0, 2): 0.8}
    assert agreement.articles == (5, 4)
    assert agreement.within(2) == (1, 1)


def test_a_run_finds_the_pairs_of_a_newswire_and_none_below_the_threshold(tmp_path: Path) -> None:
    records = generate(150, words=80, seed=3)
    articles = [Article(r["id"], r["text"], outlet=r["outlet"], published=r["published"]) for r in records]
    measured = measure(articles, tmp_path)
    assert measured.own.pairs.exact > 5
    assert measured.own.recall == 1
    assert not measured.own.below
    assert measured.plain.recall > 0.9
    told = measured.record()["oracles"][0]
    assert told["pairs"] == {"exact": measured.own.pairs.exact, "found": measured.own.pairs.found}
