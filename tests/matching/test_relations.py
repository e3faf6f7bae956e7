"""Relations: one text, a version of it, a part of it, or nothing; each from numbers made by hand."""

import itertools
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from dedup.matching.columns import A0, B0, COLUMNS, MATCHED, MOVED, PAIR
from dedup.matching.relations import DUPLICATE, NONE, PARTIAL, VERSION, Filing, relate
from dedup.matching.weights import BACKGROUND, BOILERPLATE, SUBSTANTIAL, Weights
from dedup.text.pages import ARTICLE, DIGEST, INDEX


class Pair(NamedTuple):
    """What two articles share: one match, the coverage of both, and their exact similarity; and who filed them."""

    coverage: float = 0.0
    least: float = 0.0
    jaccard: float = 0.0
    begins: tuple[int, int] = (0, 0)
    moved: int = 0
    reason: int = SUBSTANTIAL
    body: tuple[int, int] = (200, 300)
    matches: int = 1
    matched: int = 0
    one_page: bool = False
    one_desk: bool = False
    one_outlet: bool = False
    pages: tuple[int, int] = (ARTICLE, ARTICLE)


def relations(*told: Pair, threshold: float = 0.7) -> list[int]:
    rows = np.zeros((sum(pair.matches for pair in told), len(COLUMNS)), np.int32)
    reason = np.zeros(len(rows), np.uint8)
    at = 0
    for number, pair in enumerate(told):
        for _ in range(pair.matches):
            rows[at, [PAIR, A0, B0, MOVED, MATCHED]] = number, *pair.begins, pair.moved, pair.matched
            reason[at] = pair.reason
            at += 1
    coverage = np.array([(pair.coverage, pair.least) for pair in told]).reshape(-1, 2)
    weights = Weights(reason, np.zeros(len(told)), coverage, np.zeros(len(told), np.bool_))
    articles = np.arange(2 * len(told)).reshape(-1, 2)
    body: npt.NDArray[np.int64] = np.array([pair.body for pair in told], np.int64).reshape(-1)
    jaccard = np.array([pair.jaccard for pair in told])
    filing = Filing(
        np.array([pair.one_page for pair in told], np.bool_),
        np.array([pair.one_desk for pair in told], np.bool_),
        np.array([pair.one_outlet for pair in told], np.bool_),
        np.array([pair.pages for pair in told], np.uint8).reshape(-1, 2),
    )
    return [int(r) for r in relate(rows, weights, articles, jaccard, body, threshold, filing)]


SCRAP: dict[str, Any] = {"jaccard": 1.0, "body": (3, 3), "matched": 29}
CAPTIONS: dict[str, Any] = {"jaccard": 1.0, "body": (3, 3), "matched": 30}
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
    "less than one text": (Pair(coverage=0.69, begins=(150, 110)), PARTIAL),
    "version because a figure moved, alike": (Pair(coverage=0.95, jaccard=0.8, moved=1), VERSION),
    "version because a figure moved, covered": (Pair(coverage=0.95, moved=1), VERSION),
    "a figure moved in what is no reporting": (
        Pair(coverage=0.95, jaccard=0.8, moved=1, reason=BOILERPLATE),
        DUPLICATE,
    ),
    "strangers share both their texts": (Pair(coverage=0.6, least=0.4), VERSION),
    "a borrowed half of a short text": (Pair(coverage=0.6, least=0.39), PARTIAL),
    "one outlet's own background": (Pair(coverage=0.6, least=0.49, one_outlet=True), PARTIAL),
    "one outlet's rewritten text": (Pair(coverage=0.6, least=0.5, one_outlet=True), VERSION),
    "one outlet's blog quotes its news": (Pair(coverage=0.84, least=0.1, one_outlet=True), PARTIAL),
    "one outlet's excerpt of its own": (Pair(coverage=0.85, least=0.1, one_outlet=True), DUPLICATE),
    "write-throughs of one desk": (Pair(coverage=0.35, least=0.1, one_desk=True), VERSION),
    "write-throughs of one desk, in one outlet": (
        Pair(coverage=0.35, least=0.1, one_desk=True, one_outlet=True),
        VERSION,
    ),
    "one desk's two long texts": (Pair(coverage=0.3, least=0.3, one_desk=True), VERSION),
    "one desk's background": (Pair(coverage=0.34, least=0.29, one_desk=True), PARTIAL),
    "one page rewritten": (Pair(coverage=0.05, least=0.03, one_page=True), VERSION),
    "one page, nothing shared": (Pair(matches=0, one_page=True), NONE),
    "a digest and one of its items": (Pair(coverage=1.0, least=0.1, pages=(DIGEST, ARTICLE)), PARTIAL),
    "two editions of a digest": (
        Pair(coverage=0.6, least=0.49, one_desk=True, pages=(DIGEST, DIGEST)),
        PARTIAL,
    ),
    "one digest in two outlets": (Pair(coverage=0.9, least=0.8, pages=(DIGEST, DIGEST)), DUPLICATE),
    "two states of a list of teasers": (
        Pair(coverage=0.9, least=0.9, jaccard=0.9, one_page=True, pages=(INDEX, INDEX)),
        NONE,
    ),
    "a list of teasers and an article": (Pair(coverage=1.0, least=0.1, pages=(ARTICLE, INDEX)), NONE),
    "a list of teasers, crawled again unchanged": (
        Pair(jaccard=1.0, matched=900, one_outlet=True, pages=(INDEX, INDEX)),
        DUPLICATE,
    ),
    "a page of captions, crawled again": (Pair(**CAPTIONS, one_outlet=True), DUPLICATE),
    "a page of captions at the same URL": (Pair(**CAPTIONS, one_page=True), DUPLICATE),
    "the same captions in two outlets": (Pair(**CAPTIONS), NONE),
    "a scrap that many pages may have": (Pair(**SCRAP, one_outlet=True), NONE),
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


def test_no_pairs_no_relations() -> None:
    assert relations() == []
