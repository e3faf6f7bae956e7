"""The endless stream: the same article under its number wherever one enters, and the mix that it promises."""

from collections import Counter

import pytest

from benchmarks.desk import DERIVATIONS
from benchmarks.stream import DAY, Stream, number_to_id
from dedup.pipeline import run


@pytest.fixture(scope="module")
def stream() -> Stream:
    return Stream()


def test_an_article_is_a_function_of_its_number(stream: Stream) -> None:
    in_order = list(stream.articles(DAY - 30, DAY + 30))
    assert in_order[::-1] == list(map(Stream().article, reversed(range(DAY - 30, DAY + 30))))
    assert in_order[0] != Stream(seed=2).article(DAY - 30)
    assert [a.id for a in in_order[:2]] == [number_to_id(DAY - 30), number_to_id(DAY - 29)]


def test_time_goes_on(stream: Stream) -> None:
    moments = [article.published or "" for article in stream.articles(DAY - 5, DAY + 5)]
    assert moments == sorted(moments)
    assert len(set(moments)) == 10


def test_a_day_has_the_mix_that_is_promised(stream: Stream) -> None:
    plans = [stream.plan(number) for number in range(DAY, 2 * DAY)]
    kinds = Counter(plan.kind for plan in plans)
    assert set(kinds) == {"own", "wire", *DERIVATIONS}
    assert kinds["own"] + kinds["wire"] == pytest.approx(0.75 * DAY, rel=0.03)
    printed = Counter(source for plan in plans for source in plan.sources)
    assert all(stream.plan(source).kind == "wire" for source in printed)
    assert max(printed.values()) > 50
    assert all(source < number for number, plan in enumerate(plans, DAY) for source in plan.sources)


def test_a_copy_is_found_as_the_duplicate_of_its_article(stream: Stream) -> None:
    own = [number for number in range(60) if stream.plan(number).kind == "own"][:20]
    copies = [stream.reprint(number) for number in own]
    result = run([*(stream.article(number) for number in own), *copies])
    for original, copy in zip(own, result.articles[len(own) :], strict=True):
        assert (copy.relation, copy.canonical) == ("duplicate", number_to_id(original))
