"""Clusters: every member matches its canonical directly, whatever the order of the input."""

import random

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.model import Article, Origin
from dedup.stories.clusters import build_clusters, canonicals, precedence

laws = settings(deadline=None, derandomize=True)

Links = list[tuple[int, int, float]]


def homes(count: int, links: Links) -> list[int]:
    pairs: npt.NDArray[np.int64] = np.array([link[:2] for link in links], np.int64).reshape(-1, 2)
    home = canonicals(count, pairs, np.array([link[2] for link in links], np.float64))
    return [int(canonical) for canonical in home]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Links]:
    count = draw(st.integers(1, 12))
    every = [(i, j) for j in range(count) for i in range(j)]
    chosen = draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    return count, [(i, j, draw(st.sampled_from([0.5, 0.7, 0.9]))) for i, j in chosen]


@laws
@given(graphs(), st.randoms(use_true_random=False))
def test_members_match_their_canonical_directly_and_best(
    graph: tuple[int, Links], rng: random.Random
) -> None:
    count, links = graph
    home = homes(count, links)
    strength = {(i, j): s for i, j, s in links}
    for i, canonical in enumerate(home):
        assert home[canonical] == canonical
        neighbours = {c: strength[c, i] for c in range(i) if (c, i) in strength and home[c] == c}
        if canonical == i:
            assert not neighbours, "an earlier canonical neighbour would have taken it in"
        else:
            assert neighbours[canonical] == max(neighbours.values())
    rng.shuffle(links)
    assert homes(count, links) == home


def test_a_bridge_joins_no_chain() -> None:
    # 0 ~ 1 and 1 ~ 2, but 0 and 2 are different texts.
    assert homes(3, [(0, 1, 0.8), (1, 2, 0.9)]) == [0, 0, 2]


def test_two_true_pairs_with_one_false_bridge_stay_two_clusters() -> None:
    assert homes(4, [(0, 2, 0.9), (1, 3, 0.9), (2, 3, 0.7)]) == [0, 1, 0, 1]


def test_no_pairs_no_clusters() -> None:
    assert homes(3, []) == [0, 1, 2]
    assert homes(0, []) == []


def test_precedence_is_time_then_length_then_id() -> None:
    articles = [
        Article("undated long", "x" * 50),
        Article("b", "xx", published="2019-04-08T10:00:00Z"),
        Article("a", "xx", published="2019-04-08T10:00:00Z"),
        Article("longer", "xxx", published="2019-04-08T10:00:00Z"),
        Article("first", "x", published="2019-04-08T09:00:00Z"),
        Article("undated", "x"),
        Article("garbled", "xx", published="yesterday"),
    ]
    order = [articles[i].id for i in precedence(articles)]
    assert order == ["first", "longer", "a", "b", "undated long", "garbled", "undated"]
    backwards = articles[::-1]
    assert [backwards[i].id for i in precedence(backwards)] == order


def test_clusters_name_members_outlets_first_and_origin() -> None:
    articles = [
        Article("canon", "t", outlet="Courier", published="2019-04-08T09:00:00Z"),
        Article("alone", "t", outlet="Gazette", published="2019-04-08T09:30:00Z"),
        Article("copy", "t", outlet="Argus", published="2019-04-08T10:00:00Z"),
        Article("again", "t", outlet="Argus", published="2019-04-08T11:00:00Z"),
    ]
    credited = Origin("AP", "whole", "confirmed", 6.0)
    nothing = Origin()
    (cluster,) = build_clusters(articles, np.array([0, 1, 0, 0]), [nothing, nothing, credited, nothing])
    assert cluster.id == cluster.canonical == "canon"
    assert cluster.members == ("canon", "copy", "again")
    assert cluster.size == 3
    assert cluster.outlets == ("Argus", "Courier")
    assert cluster.first == "canon"
    assert cluster.origin == credited
    assert cluster.independent_sources == 1


def test_the_first_publication_is_unknown_where_dates_are_too_coarse() -> None:
    articles = [
        Article("a", "t", published="2019-04-08"),
        Article("b", "t", published="2019-04-08T10:00:00Z"),
    ]
    (cluster,) = build_clusters(articles, np.array([0, 0]), [Origin(), Origin()])
    assert cluster.first is None
    assert cluster.canonical == "a"


def test_a_canonical_that_knows_its_origin_keeps_it() -> None:
    articles = [Article("a", "t"), Article("b", "t")]
    own = Origin("Reuters", "whole", "probable", 3.5)
    (cluster,) = build_clusters(articles, np.array([0, 0]), [own, Origin("AP", "whole", "confirmed", 9.0)])
    assert cluster.origin == own
    assert cluster.independent_sources == 2
