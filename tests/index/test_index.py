"""An index over the seeds: one article after another, with the verdicts of a run over all of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dedup import Article, Index, Match, Result, run
from dedup.readers import read, refuse
from dedup.stories.clusters import precedence


@pytest.fixture(scope="module")
def articles(seeds: Path) -> list[Article]:
    """All of them, in order of precedence."""
    found = list(read([str(seeds)], on_reject=refuse, on_notice=lambda _: None))
    return [found[i] for i in precedence(found)]


@pytest.fixture(scope="module")
def result(articles: list[Article]) -> Result:
    return run(articles)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index") / "news.db"


@pytest.fixture(scope="module")
def came(articles: list[Article], path: Path) -> dict[str, tuple[Match, ...]]:
    """What each article was found to share with earlier ones as it came."""
    with Index.open(path, durable_every=100) as index:
        return {article.id: index.add(article).matches for article in articles}


@pytest.fixture
def index(came: object, path: Path) -> Iterator[Index]:
    """The file that they were added to, opened again."""
    with Index.open(path, read_only=True) as index:
        yield index


def test_each_is_found_to_share_what_a_run_finds(
    articles: list[Article], result: Result, came: dict[str, tuple[Match, ...]]
) -> None:
    def spans(match: Match) -> tuple[object, ...]:
        return match.a, match.b, match.a_start, match.a_end, match.b_start, match.b_end, match.kind

    rank = {article.id: place for place, article in enumerate(articles)}
    for id, matches in came.items():
        earlier = [m for m in result.matches if id in (m.a, m.b) and max(rank[m.a], rank[m.b]) == rank[id]]
        assert {spans(m) for m in matches} == {spans(m) for m in earlier}


def test_once_all_are_in_it_says_what_a_run_says(result: Result, index: Index) -> None:
    for told in result.articles:
        now = index.query(told.id)
        assert now is not None
        assert replace(now, matches=(), as_of=None) == told
    for cluster in result.clusters:
        assert all(index.members(id) == list(cluster.members) for id in cluster.members)


def test_the_file_is_whole(articles: list[Article], index: Index) -> None:
    assert index.verify() == []
    assert index.ids() == [article.id for article in articles]
    assert [index.get(article.id) for article in articles] == articles
