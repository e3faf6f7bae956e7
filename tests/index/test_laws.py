"""Laws of an index, over invented newsrooms: it says what a run says, whatever was asked or forgotten in between."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import Article, Index, Match, Settings, Verdict, run
from dedup.stories.clusters import precedence

WORDS = [f"{a}{b}{c}" for a in "bdfgklmprst" for b in "aeiou" for c in ("lan", "mor", "tis", "nek", "sur")]

_DICE = random.Random(7)
BLOCKS = [" ".join(_DICE.choices(WORDS, k=size)).capitalize() + "." for size in (60, 60, 45, 30, 24, 18, 14)]
"""What articles are made of: reports, paragraphs, and sentences as outlets put below every story."""

LEADS = ("", "OSLO (AP) — ", "BERGEN, May 4 (Reuters) - ", "BRYNE (AFP/AP) - ")
TAILS = ("", "\n© 2031 Reuters. All rights reserved.", "\nThe Associated Press contributed to this report.")

SMALL = Settings(bucket_cap=3, neighbours=2)
"""Few articles are many to it, so that small newsrooms meet every cap."""

laws = settings(
    deadline=None,
    derandomize=True,
    max_examples=25,
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def newsrooms(draw: st.DrawFn, most: int = 9) -> list[Article]:
    """Articles of a few outlets, in order of precedence."""
    articles = []
    for number in range(draw(st.integers(1, most))):
        blocks = draw(st.lists(st.sampled_from(BLOCKS), max_size=4))
        own = " ".join(random.Random(number).choices(WORDS, k=draw(st.sampled_from([0, 6, 40]))))
        text = draw(st.sampled_from(LEADS)) + "\n".join([*blocks, own]) + draw(st.sampled_from(TAILS))
        articles.append(
            Article(
                f"a{number}",
                text if text.strip() else "Nothing.",
                outlet=draw(st.sampled_from([None, "fell.example", "fjord.example", "moor.example"])),
                published=draw(st.sampled_from([None, "2021-05-01", "2021-05-02T06:00Z", "2021-06-03"])),
            )
        )
    return [articles[i] for i in precedence(articles)]


def filled(articles: list[Article], chosen: Settings | None = None) -> Index:
    index = Index.in_memory(chosen)
    for article in articles:
        index.add(article)
    return index


def shared(matches: tuple[Match, ...]) -> set[tuple[Any, ...]]:
    """Spans and kinds of matches: what is known of them whatever comes later."""
    return {(m.a, m.b, m.a_start, m.a_end, m.b_start, m.b_end, m.kind, m.similarity) for m in matches}


def weighed(matches: tuple[Match, ...]) -> set[Match]:
    """Matches without their direction, which a run tells with more knowledge."""
    return {replace(m, direction="unknown", direction_reason="") for m in matches}


def state(index: Index) -> dict[str, Verdict | None]:
    """All that an index says of its articles."""
    return {id: index.query(id) for id in index.ids()}


@laws
@given(newsrooms(most=12), st.sampled_from([Settings(), SMALL, Settings(passages=False)]))
def test_one_by_one_says_what_a_run_says(articles: list[Article], chosen: Settings) -> None:
    result = run(articles, chosen)
    rank = {article.id: place for place, article in enumerate(articles)}
    index = Index.in_memory(chosen)
    for article, told in zip(articles, result.articles, strict=True):
        came = index.add(article)
        assert came.as_of == rank[article.id] + 1
        earlier = tuple(m for m in result.matches if max((m.a, m.b), key=rank.__getitem__) == article.id)
        assert shared(came.matches) == shared(earlier)
        assert came.credits == told.credits
        assert came.repeats == told.repeats
    for told in result.articles:
        now = index.query(told.id)
        assert now is not None
        assert now.as_of == len(articles)
        assert replace(now, matches=(), as_of=None) == told
        assert weighed(now.matches) == weighed(tuple(m for m in result.matches if told.id in (m.a, m.b)))
    for cluster in result.clusters:
        assert all(index.members(id) == list(cluster.members) for id in cluster.members)


@laws
@given(newsrooms(), st.sampled_from([Settings(), SMALL]))
def test_checking_and_adding_again_have_no_effect(articles: list[Article], chosen: Settings) -> None:
    index, plain = Index.in_memory(chosen), Index.in_memory(chosen)
    for article in articles:
        checked = index.check(article)
        assert checked == index.check(article)
        added = index.add(article)
        assert added == checked == plain.add(article)
        assert index.add(article) == index.query(article.id) == index.check(article)
    assert state(index) == state(plain)


@laws
@given(newsrooms(), st.sampled_from([Settings(), SMALL]))
def test_many_at_once_are_many_added(articles: list[Article], chosen: Settings) -> None:
    index, plain = Index.in_memory(chosen), Index.in_memory(chosen)
    assert list(index.add_many(articles)) == [plain.add(article) for article in articles]
    assert state(index) == state(plain)


@laws
@given(newsrooms(), st.data())
def test_what_is_removed_was_never_added(articles: list[Article], data: st.DataObject) -> None:
    # As far as no cap is met: whom a removed article kept from being compared is not compared afterwards.
    gone = data.draw(st.lists(st.sampled_from([article.id for article in articles]), unique=True))
    later = data.draw(st.integers(0, len(articles)))
    before, after = articles[:later], [each for each in articles[later:] if each.id not in gone]
    index, without = filled(before), filled([each for each in before if each.id not in gone])
    there = {article.id for article in before}
    assert [index.remove(id) for id in gone] == [id in there for id in gone]
    assert index.verify() == []
    assert state(index) == state(without)
    for article in after:
        assert index.add(article) == without.add(article)
    assert state(index) == state(without)


@laws
@given(
    newsrooms(most=6),
    st.lists(st.tuples(st.sampled_from(["add", "add", "check", "remove"]), st.integers(0, 5)), max_size=24),
)
def test_only_what_is_there_and_in_what_order_it_came_matters(
    articles: list[Article], calls: list[tuple[str, int]]
) -> None:
    index, there = Index.in_memory(), dict[str, Article]()
    for call, place in calls:
        article = articles[place % len(articles)]
        getattr(index, call)(article.id if call == "remove" else article)
        if call == "add":
            there.setdefault(article.id, article)
        elif call == "remove":
            there.pop(article.id, None)
    assert index.ids() == list(there)
    assert state(index) == state(filled(list(there.values())))


@laws
@given(newsrooms())
def test_what_expires_is_what_would_have_to_be_removed(articles: list[Article]) -> None:
    index, other = filled(articles), filled(articles)
    gone = [a.id for a in articles if a.published is not None and a.published < "2021-05-02"]
    assert index.older("2021-05-02") == index.expire("2021-05-02") == len(gone)
    for id in gone:
        other.remove(id)
    assert state(index) == state(other)


@laws
@given(newsrooms(most=6), st.permutations(BLOCKS))
def test_a_new_version_is_another_article_beside_the_old_one(
    articles: list[Article], blocks: list[str]
) -> None:
    changed = replace(articles[0], text="\n".join(blocks[:3]))
    index = filled(articles)
    again = index.add(changed)
    assert again.previous == f"{changed.id}#1"
    assert index.get(changed.id) == changed
    assert index.get(again.previous) == replace(articles[0], id=again.previous)
    told, expected = (
        state(index),
        state(filled([replace(articles[0], id=again.previous), *articles[1:], changed])),
    )
    now = told.pop(changed.id)
    assert now is not None
    assert replace(now, previous=None) == expected.pop(changed.id)
    assert told == expected
