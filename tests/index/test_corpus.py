"""A run with an index says what a run over everything says of its articles, and remembers them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup import Article, Index, StoreError, run
from dedup.index.corpus import run_with
from dedup.readers import read, refuse

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    """Of the seeds' stories, the earliest published first."""
    found = read([str(SEEDS)], on_reject=refuse, on_notice=lambda _: None)
    return sorted(found, key=lambda article: (article.published is None, article.published or ""))


def test_with_an_empty_index_the_result_is_that_of_a_run(articles: list[Article]) -> None:
    told, plain = run_with(Index.in_memory(), articles), run(articles)
    assert told.articles == plain.articles
    assert told.clusters == plain.clusters
    assert told.matches == plain.matches
    assert {
        key: told.summary[key] for key in ("articles", "relations", "clusters", "matches", "origins")
    } == {key: plain.summary[key] for key in ("articles", "relations", "clusters", "matches", "origins")}


def test_two_runs_say_of_the_later_articles_what_one_run_says_of_all(articles: list[Article]) -> None:
    half = len(articles) // 2
    index = Index.in_memory()
    run_with(index, articles[:half])
    told, whole = run_with(index, articles[half:]), run(articles)
    assert len(index) == len(articles)
    later = {article.id for article in articles[half:]}
    known = {verdict.id: verdict for verdict in whole.articles}
    assert [(v.id, v.cluster) for v in told.articles] == [
        (a.id, known[a.id].cluster) for a in articles[half:]
    ]
    clusters = {cluster.id: set(cluster.members) for cluster in whole.clusters}
    assert {cluster.id: set(cluster.members) for cluster in told.clusters} == {
        id: members for id, members in clusters.items() if members & later
    }
    pairs = {frozenset((match.a, match.b)) for match in told.matches}
    assert pairs == {frozenset(pair) for m in whole.matches if not later.isdisjoint(pair := (m.a, m.b))}
    assert any(len(pair & later) == 1 for pair in pairs)


def test_what_is_removed_meanwhile_is_told() -> None:
    class Forgetful(Index):
        def query(self, id: str) -> None:
            return None

    with pytest.raises(StoreError, match="article 'a' was removed from the index while the run needed it"):
        run_with(Forgetful.in_memory(), [Article("a", "The pier closed.")])
