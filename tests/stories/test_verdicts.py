"""Verdicts: by which pair an article is judged, and what is then said of it."""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from dedup.matching.relations import DUPLICATE, NONE, PARTIAL, VERSION
from dedup.model import Article, Credit, Origin, Repeat, Similarity, Verdict
from dedup.stories.clusters import build_clusters
from dedup.stories.verdicts import Provenance, best_partners, build_verdicts

Link = tuple[int, int, int, float]  # earlier, later, relation, containment


def split(
    links: Sequence[Link],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8], npt.NDArray[np.float64]]:
    pairs = np.array([link[:2] for link in links], np.int64).reshape(-1, 2)
    return pairs, np.array([link[2] for link in links], np.uint8), np.array([link[3] for link in links])


def partners(links: Sequence[Link], home: Sequence[int]) -> list[tuple[int, int] | None]:
    """The pair that each article is judged by."""
    pairs, relation, containment = split(links)
    best = best_partners(pairs, containment, relation, np.array(home, np.int64))
    return [(int(pairs[k, 0]), int(pairs[k, 1])) if k >= 0 else None for k in best.tolist()]


def verdicts(links: Sequence[Link], home: Sequence[int]) -> list[Verdict]:
    """Of articles "0", "1", …; the Jaccard similarity of each pair is half its containment."""
    articles = [Article(str(i), "text") for i in range(len(home))]
    pairs, relation, containment = split(links)
    homes = np.array(home, np.int64)
    clusters = build_clusters(articles, homes, [Origin()] * len(home), [{}] * len(home))
    nothing = [Provenance(Origin(), (), {})] * len(home)
    similarity = containment / 2, containment
    repeats: list[tuple[Repeat, ...]] = [()] * len(home)
    return build_verdicts(
        articles, pairs, similarity, relation, homes, clusters, nothing, repeats, ["article"] * len(home)
    )


def told(links: Sequence[Link], home: Sequence[int]) -> list[tuple[str, str | None]]:
    return [(verdict.relation, verdict.canonical) for verdict in verdicts(links, home)]


def test_a_member_is_judged_against_its_canonical() -> None:
    # 2 has more in common with 1, but both belong to 0.
    links = [(0, 1, DUPLICATE, 0.9), (0, 2, VERSION, 0.5), (1, 2, DUPLICATE, 1.0)]
    assert partners(links, [0, 0, 0]) == [None, (0, 1), (0, 2)]
    assert told(links, [0, 0, 0]) == [("original", "0"), ("duplicate", "0"), ("version", "0")]


def test_a_member_has_the_similarity_with_its_canonical() -> None:
    links = [(0, 1, DUPLICATE, 0.9), (0, 2, VERSION, 0.5), (1, 2, DUPLICATE, 1.0)]
    first, second, third = verdicts(links, [0, 0, 0])
    assert first.similarity is None
    assert second.similarity == Similarity(0.45, 0.9)
    assert third.similarity == Similarity(0.25, 0.5)


def test_an_original_is_its_own_canonical_though_it_shares_with_an_earlier_article() -> None:
    links = [(0, 1, PARTIAL, 0.4), (1, 2, DUPLICATE, 0.9)]
    first, original, copy = verdicts(links, [0, 1, 1])
    assert (first.relation, first.canonical, first.cluster) == ("unique", None, None)
    assert (original.relation, original.canonical, original.similarity) == ("original", "1", None)
    assert original.cluster == copy.cluster == "1"


def test_a_near_duplicate_of_a_member_that_does_not_match_the_canonical_is_partial() -> None:
    links = [(0, 1, DUPLICATE, 0.9), (1, 2, DUPLICATE, 0.8)]
    assert told(links, [0, 0, 2]) == [("original", "0"), ("duplicate", "0"), ("partial", "1")]
    bridged = verdicts(links, [0, 0, 2])[2]
    assert bridged.cluster is None
    assert bridged.similarity == Similarity(0.4, 0.8)


def test_a_partial_goes_with_the_earlier_article_that_it_has_most_in_common_with() -> None:
    links = [(0, 2, PARTIAL, 0.2), (1, 2, PARTIAL, 0.3), (2, 3, PARTIAL, 0.9)]
    assert partners(links, range(4)) == [None, None, (1, 2), (2, 3)]
    assert told(links, range(4)) == [("unique", None), ("unique", None), ("partial", "1"), ("partial", "2")]


def test_of_two_alike_the_earlier_one_wins() -> None:
    assert partners([(1, 2, PARTIAL, 0.3), (0, 2, PARTIAL, 0.3)], range(3))[2] == (0, 2)


def test_who_shares_nothing_that_counts_is_unique() -> None:
    links = [(0, 1, NONE, 0.9)]
    assert partners(links, [0, 1]) == [None, None]
    assert [(v.relation, v.canonical, v.similarity, v.cluster) for v in verdicts(links, [0, 1])] == [
        ("unique", None, None, None)
    ] * 2
    assert told([], [0]) == [("unique", None)]
    assert told([], []) == []


def test_a_pair_that_counts_is_not_hidden_by_a_stronger_one_that_does_not() -> None:
    assert told([(0, 2, NONE, 0.9), (1, 2, PARTIAL, 0.1)], range(3))[2] == ("partial", "1")


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_the_pairs_does_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    home = [0, 0, 2, 0, 2, 5, 6]
    every = [(i, j) for j in range(7) for i in range(j)]
    links = [
        (i, j, DUPLICATE if home[j] == i else rng.choice([NONE, PARTIAL, DUPLICATE]), rng.choice([0.2, 0.4]))
        for i, j in every
    ]
    before = told(links, home)
    rng.shuffle(links)
    assert told(links, home) == before


def test_a_verdict_carries_what_is_known_of_its_article() -> None:
    article = Article("a", "text", "Title", "Argus", "https://argus.example/1", "2031-04-08", "By A. Body")
    origin, credit = (
        Origin("AP", "whole", "confirmed", 6.0),
        Credit("AP", "origin", "dateline", 0, 4, "(AP)", 6.0),
    )
    known, repeat = Provenance(origin, (credit,), {"AP": 1.0}), Repeat(30, 60, (0, 30), "repeat")
    pairs, relation, none = split([])
    (verdict,) = build_verdicts(
        [article], pairs, (none, none), relation, np.zeros(1, np.int64), [], [known], [(repeat,)], ["digest"]
    )
    assert (verdict.id, verdict.title, verdict.outlet) == ("a", "Title", "Argus")
    assert (verdict.url, verdict.published) == ("https://argus.example/1", "2031-04-08")
    assert (verdict.origin, verdict.credits, verdict.composition) == (origin, (credit,), {"AP": 1.0})
    assert (verdict.repeats, verdict.page) == ((repeat,), "digest")
