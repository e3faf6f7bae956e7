"""Which pairs a run compares: all that share a passage, however deep inside a sentence, and no squares."""

import random

import numpy as np
import pytest

from dedup import Article, Settings, run
from dedup.pipeline import compared

VOCABULARY = [
    f"{a}{b}{c}" for a in "bdfgklmprst" for b in "aeiou" for c in ("lan", "mor", "tis", "nek", "sur")
]


def prose(rng: random.Random, words: int) -> list[str]:
    """Words of nobody else, without a full stop."""
    return rng.choices(VOCABULARY, k=words)


def pairs_of(articles: list[Article], settings: Settings | None = None) -> set[frozenset[str]]:
    found = compared(articles, settings)
    return {frozenset((articles[a].id, articles[b].id)) for a, b in found.pairs.tolist()}


@pytest.fixture(scope="module")
def newsroom() -> list[Article]:
    """Forty stories of one long sentence each; two of them share fifteen words in its midst."""
    rng = random.Random(3)
    run_of_words = prose(rng, 15)
    texts = [prose(rng, 90) for _ in range(40)]
    texts[11][30:30] = run_of_words
    texts[29][71:71] = run_of_words
    return [Article(f"story-{i:02}", " ".join(words)) for i, words in enumerate(texts)]


def test_a_run_in_the_midst_of_long_sentences_is_compared_and_little_else(newsroom: list[Article]) -> None:
    found = pairs_of(newsroom)
    assert frozenset(("story-11", "story-29")) in found
    assert len(found) < 5
    result = run(newsroom)
    assert result.summary["compared_pairs"] == len(found)
    assert ("story-11", "story-29") in {(match.a, match.b) for match in result.matches}


def test_the_order_of_the_input_and_the_threads_do_not_matter(newsroom: list[Article]) -> None:
    shuffled = random.Random(1).sample(newsroom, len(newsroom))
    assert pairs_of(shuffled, Settings(jobs=3)) == pairs_of(newsroom, Settings(jobs=1))


def test_where_copies_are_many_their_canonical_speaks_for_them() -> None:
    rng = random.Random(9)
    story, other, addition = prose(rng, 120), prose(rng, 60), prose(rng, 40)
    copies = [
        Article(f"copy-{i:02}", " ".join(story), published=f"2024-05-{1 + i % 28:02}") for i in range(60)
    ]
    digest = Article("digest", " ".join([*other, *story[40:80]]), published="2024-06-01")
    copies[33] = Article("copy-33", " ".join([*story, *addition]), published="2024-05-30")
    echo = Article("echo", " ".join([*prose(rng, 50), *addition]), published="2024-06-02")
    articles = [*copies, digest, echo]
    found = compared(articles)
    # The first 48 are compared with each other, the canonical included; later ones with it alone.
    late = np.flatnonzero(found.speaker != np.arange(62)).tolist()
    assert len(late) == 12
    assert 33 in late
    assert set(found.speaker[late].tolist()) == {0}
    # The digest meets the canonical only; what one copy alone has is looked up for itself.
    beyond = found.pairs[(found.pairs >= 60).any(axis=1)]
    assert sorted(np.sort(beyond, axis=1).tolist()) == [[0, 60], [33, 61]]


@pytest.mark.parametrize("most", [5, 40])
def test_an_article_is_compared_with_so_many_others_at_most(most: int) -> None:
    rng = random.Random(7)
    held: list[list[str]] = [[] for _ in range(300)]
    for _ in range(300 * 12 // 15):
        passage = prose(rng, 20)
        for i in rng.sample(range(300), 15):
            held[i] += passage
    articles = [Article(f"{i:03}", " ".join(words)) for i, words in enumerate(held)]
    assert 300 * most * 0.4 < len(pairs_of(articles, Settings(neighbours=most))) <= 300 * most
