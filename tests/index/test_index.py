"""An index over the seeds: one article after another, with the verdicts of a run over all of them at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dedup import Article, Index, InputError, Match, Result, run
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


def test_what_was_concluded_when_an_article_came_is_kept(articles: list[Article]) -> None:
    index = Index.in_memory()
    first = next(index.add_many(articles))
    decision = index.decided(first.id)
    assert decision is not None
    assert (decision.record["relation"], decision.as_of) == (first.relation, 1)
    assert index.decided("nobody") is None


def test_many_are_added_as_they_are_asked_for(articles: list[Article]) -> None:
    index = Index.in_memory()
    verdicts = index.add_many(articles)
    assert len(index) == 0
    assert next(verdicts).id == articles[0].id
    assert index.ids() == [articles[0].id]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda index: index.get(17), "an id is a string, not int; str() makes one of it"),
        (lambda index: index.remove(None), "an id is a string, not NoneType"),
        (lambda index: index.expire("yesterday"), "'yesterday' is no date; write it as 2026-01-31"),
        (lambda index: index.expire(float("nan")), "nan is no moment; give a date, its text, or seconds"),
        (lambda index: index.expire(None), "None is no moment"),
        (lambda index: index.expire(0, by="sen"), "'sen' is no date of an article; it is one of published"),
        (lambda index: index.add_many({"text": "One."}), "this is one article; put it in a list"),
        (lambda index: index.add({"id": "a"}), "no text; there is id"),
        (lambda index: Index.open("none.db", durable_every=0), "durable_every=0: it takes 1 article or more"),
        (lambda index: Index.open("none.db", timeout=-1), "timeout=-1: it is a number of seconds"),
    ],
)
def test_what_cannot_be_meant_is_told(call: Callable[[Index], object], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        call(Index.in_memory())


TEXT = "The wind rose over the harbour of Tarsim, and every ferry of the town stayed at the pier until the evening."


@pytest.fixture(params=["in memory", "in a file"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    with Index.in_memory() if request.param == "in memory" else Index.open(tmp_path / "news.db") as index:
        yield index


@pytest.mark.parametrize("id", ["x" * 10_000, "\ud800", "a\0b", "", "' OR 1 --"])
def test_any_string_is_an_id(fresh: Index, id: str) -> None:
    assert fresh.add(Article(id, TEXT)).id == id
    assert fresh.add(Article("copy", TEXT)).canonical == id
    assert fresh.add(Article(id, TEXT + " Rain is due.")).previous == f"{id}#1"
    assert fresh.ids() == [f"{id}#1", "copy", id]
    assert fresh.remove(id)
    assert fresh.ids() == ["copy"]
    assert fresh.verify() == []


@pytest.mark.parametrize("date", [None, "", "soon", "9999-12-31", "1848-03-18", "0001-01-01", "2021-02-31"])
def test_any_date_or_none_will_do(fresh: Index, date: str | None) -> None:
    assert fresh.add(Article("first", TEXT, published=date)).relation == "unique"
    assert fresh.add(Article("copy", TEXT, published=date)).relation == "duplicate"
    assert fresh.expire("1900-01-01") == (2 if date in ("1848-03-18", "0001-01-01") else 0)
    assert fresh.verify() == []


@pytest.mark.parametrize("text", ["", " \n", "\0", "\ud800", "Rain."])
def test_texts_of_next_to_nothing_are_no_copies(fresh: Index, text: str) -> None:
    assert [fresh.add(Article(id, text)).id for id in ("a", "b")] == ["a", "b"]
    assert fresh.get("a") == Article("a", text)
    assert fresh.verify() == []


def test_of_two_with_one_id_in_a_batch_the_later_is_a_version(fresh: Index) -> None:
    given = [Article("a", TEXT), Article("a", TEXT), Article("a", TEXT + " Rain is due.")]
    assert [(v.previous, v.as_of) for v in fresh.add_many(given)] == [(None, 1), (None, 1), ("a#1", 2)]
    assert fresh.ids() == ["a#1", "a"]


def test_a_clock_that_steps_back_changes_no_verdict(fresh: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    for clock, id in ((2e9, "late"), (1e9, "early")):
        monkeypatch.setattr("time.time", lambda clock=clock: clock)
        verdict = fresh.add(Article(id, TEXT))
    assert (verdict.relation, verdict.canonical, fresh.ids()) == ("duplicate", "late", ["late", "early"])
    assert fresh.expire(1.5e9, by="seen") == 1
    assert fresh.ids() == ["late"]
