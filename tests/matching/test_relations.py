"""Relations: one text, a version of it, a part of it, or nothing; each from numbers made by hand."""

import itertools
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from dedup.matching.columns import A0, B0, COLUMNS, MOVED, PAIR
from dedup.matching.relations import DUPLICATE, NONE, PARTIAL, VERSION, relate
from dedup.matching.weights import BACKGROUND, BOILERPLATE, SUBSTANTIAL, Weights


class Pair(NamedTuple):
    """What two articles share: one match, the larger coverage of the two, and their exact similarity."""

    coverage: float = 0.0
    jaccard: float = 0.0
    begins: tuple[int, int] = (0, 0)
    moved: int = 0
    reason: int = SUBSTANTIAL
    body: tuple[int, int] = (200, 300)
    matches: int = 1


def relations(*told: Pair, threshold: float = 0.7) -> list[int]:
    rows = np.zeros((sum(pair.matches for pair in told), len(COLUMNS)), np.int32)
    reason = np.zeros(len(rows), np.uint8)
    at = 0
    for number, pair in enumerate(told):
        for _ in range(pair.matches):
            rows[at, [PAIR, A0, B0, MOVED]] = number, *pair.begins, pair.moved
            reason[at] = pair.reason
            at += 1
    coverage = np.array([(pair.coverage, pair.coverage / 2) for pair in told]).reshape(-1, 2)
    weights = Weights(reason, np.zeros(len(told)), coverage)
    articles = np.arange(2 * len(told)).reshape(-1, 2)
    body: npt.NDArray[np.int64] = np.array([pair.body for pair in told], np.int64).reshape(-1)
    jaccard = np.array([pair.jaccard for pair in told])
    return [int(r) for r in relate(rows, weights, articles, jaccard, body, threshold)]


CASES = {
    "duplicate by similarity": (Pair(jaccard=0.7), DUPLICATE),
    "duplicate by similarity, whatever the weights": (
        Pair(jaccard=0.7, reason=BACKGROUND),
        DUPLICATE,
    ),
    "duplicate by similarity, with no match looked for": (Pair(jaccard=0.7, matches=0), DUPLICATE),
    "below the threshold": (Pair(jaccard=0.69, matches=0), NONE),
    "duplicate by coverage": (Pair(coverage=0.8, begins=(0, 100)), DUPLICATE),
    "more than trims and house edits": (Pair(coverage=0.79, begins=(0, 100)), VERSION),
    "one text": (Pair(coverage=0.7, begins=(150, 110)), VERSION),
    "less than one text, far down in both": (Pair(coverage=0.69, begins=(150, 110)), PARTIAL),
    "version because a figure moved, alike": (Pair(coverage=0.95, jaccard=0.8, moved=1), VERSION),
    "version because a figure moved, covered": (Pair(coverage=0.95, moved=1), VERSION),
    "a figure moved in what is no reporting": (
        Pair(coverage=0.95, jaccard=0.8, moved=1, reason=BOILERPLATE),
        DUPLICATE,
    ),
    "version by coverage and common beginning": (Pair(coverage=0.4, begins=(90, 110)), VERSION),
    "begins too late in both": (Pair(coverage=0.4, begins=(91, 110)), PARTIAL),
    "begins too late in one": (Pair(coverage=0.4, begins=(0, 131), body=(200, 400)), PARTIAL),
    "just early enough": (Pair(coverage=0.4, begins=(0, 130), body=(200, 400)), VERSION),
    "less coverage, nearer the beginning": (Pair(coverage=0.28, begins=(60, 60)), VERSION),
    "less coverage, not near enough": (Pair(coverage=0.28, begins=(60, 61)), PARTIAL),
    "too little coverage": (Pair(coverage=0.27), PARTIAL),
    "follow-up with a lead of its own": (Pair(coverage=1.0, begins=(0, 121)), PARTIAL),
    "a longer text that takes its time": (Pair(coverage=1.0, begins=(0, 120)), DUPLICATE),
    "a later text that is no longer": (
        Pair(coverage=1.0, begins=(0, 121), body=(300, 300)),
        DUPLICATE,
    ),
    "the same tail under other beginnings, yet alike": (
        Pair(coverage=1.0, jaccard=0.7, begins=(0, 121)),
        DUPLICATE,
    ),
    "only background shared": (Pair(coverage=0.3, reason=BACKGROUND), NONE),
    "much covered, but by no reporting": (Pair(coverage=0.75, reason=BACKGROUND), NONE),
    "nothing shared": (Pair(matches=0), NONE),
    "little body": (Pair(coverage=1.0, jaccard=1.0, body=(7, 300)), NONE),
    "little body of the other": (Pair(coverage=1.0, jaccard=1.0, body=(300, 7)), NONE),
    "a body to speak of": (Pair(coverage=1.0, jaccard=1.0, body=(8, 8)), DUPLICATE),
}


@pytest.mark.parametrize("name", CASES)
def test_what_two_articles_are_to_each_other(name: str) -> None:
    pair, expected = CASES[name]
    assert relations(pair) == [expected]


def test_pairs_are_judged_each_for_itself_in_any_order() -> None:
    pairs, expected = zip(*CASES.values(), strict=True)
    assert relations(*pairs) == list(expected)
    assert relations(*pairs[::-1]) == list(expected[::-1])
    for order in itertools.islice(itertools.permutations(range(6)), 0, None, 97):
        assert relations(*(pairs[i] for i in order)) == [expected[i] for i in order]


def test_the_threshold_is_the_callers() -> None:
    assert relations(Pair(jaccard=0.5, matches=0), threshold=0.5) == [DUPLICATE]
    assert relations(Pair(jaccard=0.5, matches=0), threshold=0.51) == [NONE]


def test_the_earliest_of_several_matches_is_the_beginning() -> None:
    rows = np.zeros((2, len(COLUMNS)), np.int32)
    rows[:, A0], rows[:, B0] = (10, 150), (120, 5)
    weights = Weights(np.zeros(2, np.uint8), np.zeros(1), np.array([[0.4, 0.3]]))
    pairs, body = np.array([[0, 1]], np.int64), np.array([300, 300], np.int64)
    assert relate(rows, weights, pairs, np.zeros(1), body, 0.7).tolist() == [VERSION]


def test_no_pairs_no_relations() -> None:
    assert relations() == []
