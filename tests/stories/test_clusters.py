"""Clusters: every member matches its canonical directly, whatever the order of the input."""

import random

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.matching.relations import DUPLICATE, NONE, PARTIAL, VERSION
from dedup.model import Article, Direction, Match, Origin
from dedup.stories.clusters import Settled, build_clusters, precedence, settle

laws = settings(deadline=None, derandomize=True)

Links = list[tuple[int, int, float]]


def homes(count: int, links: Links) -> list[int]:
    pairs: npt.NDArray[np.int64] = np.array([link[:2] for link in links], np.int64).reshape(-1, 2)
    same = np.full(len(links), VERSION, np.uint8)
    home = settle(count, pairs, same, np.array([link[2] for link in links], np.float64)).home
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


def settled(count: int, *told: tuple[int, int, int], joining: tuple[int, ...] = ()) -> Settled:
    """Of pairs and their relations; ``joining`` lists those that were compared for joining only."""
    pairs: npt.NDArray[np.int64] = np.array([each[:2] for each in told], np.int64).reshape(-1, 2)
    joined = np.isin(np.arange(len(told)), joining)
    relation = np.array([each[2] for each in told], np.uint8)
    return settle(count, pairs, relation, relation.astype(np.float64), joined)


def test_a_version_of_a_member_is_to_be_compared_with_the_canonical() -> None:
    told = settled(4, (0, 1, DUPLICATE), (1, 2, DUPLICATE), (2, 3, PARTIAL))
    assert told.missing.tolist() == [[0, 2]]


def test_it_joins_where_it_shares_a_part_with_the_canonical_and_better_where_more() -> None:
    for relation, home in ((NONE, 2), (PARTIAL, 0), (VERSION, 0)):
        told = settled(3, (0, 1, DUPLICATE), (1, 2, VERSION), (0, 2, relation), joining=(2,))
        assert told.home.tolist() == [0, 0, home]
        assert told.justified.tolist() == [False, False, True]
        assert not len(told.missing)


def test_what_was_compared_for_joining_counts_only_where_joining_asks_for_it() -> None:
    told = settled(3, (0, 1, PARTIAL), (1, 2, VERSION), (0, 2, VERSION), joining=(2,))
    assert told.home.tolist() == [0, 1, 1]
    assert not told.justified.any()


@laws
@given(graphs(), st.data())
def test_who_comes_later_changes_nothing_for_the_earlier(
    graph: tuple[int, Links], data: st.DataObject
) -> None:
    count, links = graph
    kinds = st.sampled_from([NONE, PARTIAL, VERSION, DUPLICATE])
    told = [(i, j, data.draw(kinds)) for i, j, _ in links]
    whole = settled(count, *told)
    assert all(first < second for first, second in whole.missing.tolist())
    assert not {(i, j) for i, j, _ in told} & {(i, j) for i, j in whole.missing.tolist()}
    for fewer in range(count):
        part = settled(fewer, *(each for each in told if each[1] < fewer))
        assert part.home.tolist() == whole.home[:fewer].tolist()
        assert part.missing.tolist() == [pair for pair in whole.missing.tolist() if pair[1] < fewer]


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
    (cluster,) = build_clusters(
        articles, np.array([0, 1, 0, 0]), [nothing, nothing, credited, nothing], [{}] * 4
    )
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
    (cluster,) = build_clusters(articles, np.array([0, 0]), [Origin(), Origin()], [{}, {}])
    assert cluster.first is None
    assert cluster.canonical == "a"


def test_who_took_the_text_from_another_member_was_not_first() -> None:
    articles = [
        Article("early", "t", published="2019-04-08T09:00:00Z"),
        Article("late", "t", published="2019-04-08T12:00:00Z"),
        Article("elsewhere", "t", published="2019-04-08T07:00:00Z"),
    ]
    nothing = [Origin()] * 3

    def first(*matches: Match) -> str | None:
        return build_clusters(articles, np.array([0, 0, 2]), nothing, [{}] * 3, matches)[0].first

    def match(a: str, b: str, direction: Direction) -> Match:
        return Match(a, b, 0, 1, 0, 1, 1.0, "verbatim", "substantial", direction)

    assert first() == "early"
    assert first(match("early", "late", "a->b"), match("early", "elsewhere", "b->a")) == "early"
    assert first(match("early", "late", "b->a")) == "late"


def test_a_cluster_counts_its_sources_by_what_its_members_are_made_of() -> None:
    articles = [Article(name, "t") for name in "abc"]
    credited = [Origin("AP", "whole", "confirmed", 6.0)] * 3
    parts = [{"AP": 1.0}, {"AP": 0.6, "Reuters": 0.4}, {"AP": 1.0}]
    (cluster,) = build_clusters(articles, np.array([0, 0, 0]), credited, parts)
    assert cluster.independent_sources == 2
