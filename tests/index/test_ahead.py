"""`add_many` compares ahead what it reads together; that must not show in what it says or keeps."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.index.index import Index
from dedup.model import Article, Verdict
from dedup.settings import Settings

laws = settings(deadline=None, derandomize=True, max_examples=30)

_WORDS = [
    a + b + c for a in ("bel", "tor", "min", "sa") for b in ("a", "o", "ur") for c in ("k", "lin", "st")
]


def _paragraph(seed: int) -> str:
    chosen = random.Random(seed).choices(_WORDS, k=45)
    return " ".join(chosen).capitalize() + "."


article = st.builds(
    lambda id, parts, outlet, byline: Article(
        f"a{id}", "\n\n".join(map(_paragraph, parts)), outlet=outlet, byline=byline
    ),
    st.integers(0, 30),
    st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True),
    st.sampled_from((None, "Tarsim Post", "Lower Bay Echo")),
    st.sampled_from((None, "By Anna Kolb")),
)
kinds = st.sampled_from((Settings(), Settings(bucket_cap=2, neighbours=2), Settings(passages=False)))


def _state(index: Index, given_: list[Article]) -> list[Verdict | None]:
    return [index.query(each.id) for each in given_]


@laws
@given(st.lists(article, min_size=2, max_size=14), kinds)
def test_many_at_once_are_judged_and_kept_as_one_by_one(given_: list[Article], how: Settings) -> None:
    with Index.in_memory(how) as alone, Index.in_memory(how) as together:
        assert list(together.add_many(given_)) == [alone.add(each) for each in given_]
        assert _state(together, given_) == _state(alone, given_)


@laws
@given(st.lists(article, min_size=4, max_size=14), st.integers(1, 5), kinds)
def test_what_is_removed_between_two_of_a_batch_is_not_met(
    given_: list[Article], every: int, how: Settings
) -> None:
    with Index.in_memory(how) as alone, Index.in_memory(how) as together:
        expected, found = [], []
        for place, each in enumerate(given_):
            expected.append(alone.add(each))
            if place % every == 0:
                alone.remove(each.id)
        for place, verdict in enumerate(together.add_many(given_)):
            found.append(verdict)
            if place % every == 0:
                together.remove(given_[place].id)
        assert found == expected
        assert _state(together, given_) == _state(alone, given_)
