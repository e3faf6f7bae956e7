"""The oracle knows each pair with a run of words in common, and says of none that it is boilerplate by mistake."""

import random
from itertools import combinations

import numpy as np
import pytest

from benchmarks.candidates import Measured, Rule, carried, missed, packed, pairs_with_a_run, reason
from dedup import Article

LENGTH = 4


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[at : at + LENGTH]) for at in range(len(words) - LENGTH + 1)}


@pytest.mark.parametrize("rule", [Rule(None, None), Rule(2, None), Rule(None, 3), Rule(2, 3)], ids=str)
def test_the_oracle_agrees_with_comparing_every_pair(rule: Rule) -> None:
    rng = random.Random(2)
    texts = [" ".join(rng.choices(["one", "two", "THREE", "four"], k=rng.randint(0, 12))) for _ in range(40)]
    outlets = [rng.choice(["a", "b", "c", None]) for _ in texts]
    sets = [runs_of(text) for text in texts]
    common = set()
    for found in set().union(*sets):
        having = [i for i, own in enumerate(sets) if found in own]
        most = max([0, *(sum(outlets[i] == name for i in having) for name in "abc")])
        if not (rule.of_one_outlet and most >= rule.of_one_outlet) and not (
            rule.of_all and len(having) >= rule.of_all
        ):
            common.add(found)
    expected = [(i, j) for i, j in combinations(range(len(texts)), 2) if sets[i] & sets[j] & common]
    numbers = pairs_with_a_run(carried(texts, LENGTH), list(outlets), rule)
    assert [(n >> 32, n & 0xFFFFFFFF) for n in numbers.tolist()] == expected


def test_what_speakers_compare_counts_apart() -> None:
    known = packed(np.array([[0, 1], [2, 3], [1, 4], [5, 6]]))
    pairs, speaker = np.array([[1, 0], [0, 2]]), np.array([0, 1, 2, 0, 1, 5, 6])
    lost, spoken = missed(known, Measured(pairs, speaker, 0.0, None))
    assert lost.tolist() == packed(np.array([[5, 6]])).tolist()
    assert spoken.tolist() == packed(np.array([[2, 3], [1, 4]])).tolist()


def test_the_reason_tells_captions_from_what_a_run_should_have_found() -> None:
    words = " ".join(f"word{i}" for i in range(30))
    bare, caption = (
        Article("bare", words),
        Article("caption", f"FILE - {words}. (Nadia Fell/Reuters)\nThe end."),
    )
    assert "caption" in reason(bare, caption)
    assert "common" in reason(bare, Article("other", f"And {words} again"))
