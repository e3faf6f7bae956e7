"""What every store promises, asked of each; and that no sequence of changes tells them apart."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dedup.errors import InputError, StoreError
from dedup.index.base import Decision, Reading, Store
from dedup.index.memory import MemoryStore
from dedup.index.packing import pack_article, unpack_article
from dedup.index.sqlite import SqliteStore
from dedup.model import Article, Attribution, Origin
from dedup.stories.filing import Sign


class Reopened:
    """An SQLite store that is closed, and opened again before every block."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._store = SqliteStore.open(path)
        self._depth = 0

    @contextmanager
    def _block(self, kind: str) -> Iterator[None]:
        if not self._depth:
            self._store.close()
            self._store = SqliteStore.open(self._path)
        self._depth += 1
        try:
            with getattr(self._store, kind)():
                yield
        finally:
            self._depth -= 1

    def reading(self) -> Any:
        return self._block("reading")

    def writing(self) -> Any:
        return self._block("writing")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Maker(Protocol):
    def __getattr__(self, name: str) -> Any: ...


KINDS = ("memory", "sqlite", "reopened")
KEPT_OPEN = KINDS[:2]  # the third opens its file anew for every block


def opened(kind: str, folder: Path) -> Any:
    if kind == "memory":
        return MemoryStore()
    return SqliteStore.open(folder / "news.db") if kind == "sqlite" else Reopened(folder / "news.db")


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = opened(request.param, tmp_path)
    yield made
    made.close()


def test_a_new_store_is_empty(store: Store) -> None:
    with store.reading():
        assert (store.count(), store.next_number(), store.all_numbers()) == (0, 1, [])
        assert store.problems() == []
        assert store.stats()["articles"] == store.stats()["pairs"] == 0


def test_articles_come_back_as_they_were_put(store: Store, make: Maker) -> None:
    with store.writing():
        for number in range(1, 6):
            make.put(store, number)
    with store.reading():
        numbers = range(1, 6)
        assert store.heads(numbers) == {n: make.head(n) for n in numbers}
        assert store.articles(numbers) == {n: make.article(n) for n in numbers}
        assert store.readings(numbers) == {n: make.reading(n) for n in numbers}
        assert store.numbers(["a2", "a5", "a9"]) == {"a2": 2, "a5": 5}
        assert store.count() == store.stats()["articles"] == 5
        assert store.problems() == []


def test_answers_are_ascending_and_leave_out_what_is_not_there(store: Store, make: Maker) -> None:
    with store.writing():
        for number in (1, 2, 3):
            make.put(store, number)
    with store.reading():
        asked = [7, 3, 1, 3]
        assert (
            list(store.heads(asked)) == list(store.articles(asked)) == list(store.readings(asked)) == [1, 3]
        )
        assert list(store.heads(np.array(asked))) == [1, 3]
        assert store.heads([]) == {}
        assert store.decision(7) is None
        assert store.pairs([7]) == []


HOSTILE = (
    "",
    "\0",
    "a\0b",
    "\ud800",
    "\ud83d\ude00",  # not the same as the character that it looks like
    "\U0001f600",
    "é\u0301\u2029\u202e",
    "".join(map(chr, range(33, 10_273))),
    "{}[]'\";--%_\\",
)


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: ascii(text[:8]))
def test_any_string_comes_back(store: Store, make: Maker, hostile: str) -> None:
    article = Article(
        hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile, {hostile: [hostile]}
    )
    head = make.head(1, article, sign=Sign(hostile, hostile, (hostile,), -1e12, 2, len(hostile)))
    credit = make.reading(2).own.credits[0].__class__(hostile, "cited", hostile, 0, 1, hostile, 0.5, hostile)
    origin = Origin(hostile, inferred_from=hostile, agencies=(hostile,), issuer=hostile)
    reading = Reading(Attribution(origin, (credit,)), [], ())
    decision = Decision({"canonical": hostile, hostile: 1}, 3)
    with store.writing():
        store.put(head, article, reading, make.keys())
        store.decide(1, decision)
    with store.reading():
        assert store.numbers([hostile, hostile + " "]) == {hostile: 1}
        assert store.articles([1]) == {1: article}
        assert store.heads([1]) == {1: head}
        assert store.readings([1]) == {1: reading}
        assert store.decision(1) == decision
        assert store.problems() == []


def test_a_text_of_ten_million_code_points_comes_back(store: Store, make: Maker) -> None:
    article = make.article(1, text="Wind. " * (10_000_000 // 6))
    with store.writing():
        store.put(make.head(1, article), article, make.reading(1), make.keys())
    with store.reading():
        assert store.articles([1]) == {1: article}


def test_an_id_that_is_taken_is_refused(store: Store, make: Maker) -> None:
    with store.writing():
        make.put(store, 1)
    with pytest.raises(StoreError), store.writing():
        store.put(
            make.head(2, make.article(2, id="a1")), make.article(2, id="a1"), make.reading(2), make.keys()
        )
    with pytest.raises(StoreError), store.writing():
        make.put(store, 1)
    with store.reading():
        assert store.all_numbers() == [1]
        assert store.problems() == []


def test_a_number_is_never_given_again(store: Store, make: Maker) -> None:
    with store.writing():
        for number in (1, 2, 3):
            make.put(store, number)
        store.drop([3])
    with store.writing():
        store.drop([1, 2])
        assert store.next_number() == 4
    with store.reading():
        assert store.next_number() == 4
        assert store.count() == 0


def test_heads_change_and_ids_are_exchanged(store: Store, make: Maker) -> None:
    with store.writing():
        for number in (1, 2, 3):
            make.put(store, number)
    with store.writing():
        one, two, three = store.heads([1, 2, 3]).values()
        store.change(
            [one._replace(id="a2"), two._replace(id="a1#1", seen=5.0), three._replace(id="a1", previous=2)]
        )
        store.change([make.head(9)])
    with store.reading():
        assert store.numbers(["a1", "a2", "a3", "a1#1"]) == {"a1": 3, "a2": 1, "a1#1": 2}
        assert [article.id for article in store.articles([1, 2, 3]).values()] == ["a2", "a1#1", "a1"]
        assert store.heads([2, 3])[2].seen == 5.0
        assert store.heads([3])[3].previous == 2
        assert store.all_numbers() == [1, 2, 3]
        assert store.before(6.0, "seen") == [2]


def test_groups_follow_the_heads(store: Store, make: Maker) -> None:
    with store.writing():
        for number in (1, 2, 3, 4):
            make.put(store, number, near=min(number, 2), home=1)
    with store.reading():
        assert [store.near_size(number, 9) for number in (1, 2, 3)] == [1, 3, 0]
        assert store.near_size(2, 2) == 2
    with store.writing():
        heads = store.heads([1, 3])
        store.change(
            [heads[3]._replace(near=3, home=3, settled=True, folded=True), heads[1]._replace(home=4)]
        )
        store.drop([2])
    with store.reading():
        assert [store.near_size(number, 9) for number in (1, 2, 3)] == [1, 1, 1]
        assert (store.heads([3])[3].settled, store.heads([3])[3].folded) == (True, True)


def test_carriers_are_the_first_of_each_key(store: Store, make: Maker) -> None:
    top = (1 << 64) - 1
    with store.writing():
        make.put(store, 1, make.keys([5, top], [7, (1 << 32) - 1]))
        make.put(store, 2, make.keys([5], [7]))
        make.put(store, 3, make.keys([5, 6], [7]))
    with store.reading():
        found = store.band_carriers(np.array([4, 5, 6, top], np.uint64), 2)
        assert (found.key.tolist(), found.number.tolist()) == ([1, 1, 2, 3], [1, 2, 3, 1])
        found = store.fingerprint_carriers(np.array([7, (1 << 32) - 1], np.uint32), 9)
        assert (found.key.tolist(), found.number.tolist()) == ([0, 0, 0, 1], [1, 2, 3, 1])
        assert found.key.dtype == found.number.dtype == np.int64
        assert len(store.band_carriers(np.array([], np.uint64), 2).key) == 0
    with store.writing():
        store.drop([1])
    with store.reading():
        found = store.band_carriers(np.array([5, top], np.uint64), 2)
        assert (found.key.tolist(), found.number.tolist()) == ([0, 0], [2, 3])


def test_pairs_come_back_as_they_were_put(store: Store, make: Maker) -> None:
    pairs = [
        make.pair(1, 2),
        make.pair(1, 3, rows=0, relation=0),
        make.pair(2, 3, rows=40, joined=True),
        make.pair(2, 4, rows=3, largest=1 << 30, relation=3, countable=True),
    ]
    huge = make.pair(3, 4)
    huge = huge._replace(aligned=huge.aligned._replace(spans=huge.aligned.spans + (1 << 30)))
    with store.writing():
        store.put_pairs([*pairs[::-1], huge])
    with store.reading():
        assert make.same_pairs(store.pairs([1, 2, 3, 4]), [*pairs, huge])
        assert make.same_pairs(store.pairs([1]), pairs[:2])
        assert store.stats()["pairs"] == 5


def test_pairs_are_replaced_chosen_and_dropped(store: Store, make: Maker) -> None:
    def listed(numbers: list[int], **how: Any) -> list[tuple[int, int]]:
        return [(pair.a, pair.b) for pair in store.pairs(numbers, **how)]

    with store.writing():
        for number in range(1, 7):
            make.put(store, number)
        store.put_pairs([make.pair(a, 4, countable=a == 3) for a in (3, 2, 1)])
        store.put_pairs([make.pair(4, 5), make.pair(4, 6, countable=True), make.pair(2, 6), make.pair(1, 2)])
        store.put_pairs([make.pair(1, 2, relation=3)])
    with store.reading():
        assert listed([4]) == [(1, 4), (2, 4), (3, 4), (4, 5), (4, 6)]
        assert listed([4], most=4) == [(1, 4), (2, 4), (3, 4), (4, 5)]
        assert listed([4], most=1) == [(1, 4)]
        assert listed([4], most=0) == []
        assert listed([4], countable=True) == [(3, 4), (4, 6)]
        assert listed([4], countable=True, most=1) == [(3, 4)]
        assert listed([4, 6], most=1) == [(1, 4), (2, 6)]
        assert [pair.relation for pair in store.pairs([1])] == [3, 2]
    with store.writing():
        store.drop_pairs([(1, 4), (5, 6)])
        store.drop([2])
    with store.reading():
        assert listed([1, 2, 3, 4, 5, 6]) == [(3, 4), (4, 5), (4, 6)]
        assert store.problems() == []


def test_decisions_are_kept_until_their_article_goes(store: Store, make: Maker) -> None:
    with store.writing():
        make.put(store, 1)
        store.decide(1, make.decision(5))
        store.decide(1, make.decision(1))
    with store.reading():
        assert store.decision(1) == make.decision(1)
    with store.writing():
        store.drop([1])
    with store.reading():
        assert store.decision(1) is None


def test_articles_before_a_moment(store: Store, make: Maker) -> None:
    with store.writing():
        for number, published in enumerate((-1e10, math.nan, 2e9, 9e11), 1):
            sign = make.head(number).sign._replace(published=published)
            make.put(store, number, sign=sign, seen=100.0 * (5 - number))
    with store.reading():
        assert store.before(300.0, "seen") == [3, 4]
        assert store.before(301.0, "published") == [1, 2]
        assert store.before(300.0, "published") == [1]
        assert store.before(math.inf, "published") == [1, 2, 3, 4]
        assert store.before(-math.inf, "seen") == store.before(math.nan, "published") == []


def test_an_error_undoes_its_block_and_no_other(store: Store, make: Maker) -> None:
    with store.writing():
        make.put(store, 1, make.keys([5], [6]))
        store.put_pairs([make.pair(1, 2)])

    def fail() -> None:
        make.put(store, 2, make.keys([5], [6]))
        store.change([make.head(1)._replace(near=2, id="z")])
        store.put_pairs([make.pair(1, 2, relation=0), make.pair(1, 3)])
        store.decide(1, make.decision(1))
        store.drop([1])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.writing():
        fail()
    with store.reading():
        assert store.heads([1, 2]) == {1: make.head(1)}
        assert store.numbers(["a1", "a2", "z"]) == {"a1": 1}
        assert make.same_pairs(store.pairs([1]), [make.pair(1, 2)])
        assert store.decision(1) is None
        assert store.next_number() == 2
        assert store.band_carriers(np.array([5], np.uint64), 9).number.tolist() == [1]


def test_an_inner_block_is_undone_alone(store: Store, make: Maker) -> None:
    def fail() -> None:
        make.put(store, 2)
        raise ZeroDivisionError

    with store.writing():
        make.put(store, 1)
        with pytest.raises(ZeroDivisionError), store.writing():
            fail()
        with store.reading():
            assert store.all_numbers() == [1]
        with store.writing():
            make.put(store, 3)
    with store.reading(), store.reading():
        assert store.all_numbers() == [1, 3]


def test_nothing_changes_outside_a_block_that_writes(store: Store, make: Maker) -> None:
    with pytest.raises(StoreError), store.reading():
        make.put(store, 1)
    with pytest.raises(StoreError), store.reading(), store.writing():
        pass
    with pytest.raises(StoreError):
        make.put(store, 1)
    with store.writing():
        make.put(store, 1)
    with store.reading():
        assert store.all_numbers() == [1]


@pytest.mark.parametrize("block", ["reading", "writing"])
def test_nothing_is_committed_inside_a_block(store: Store, block: str) -> None:
    with pytest.raises(StoreError, match="inside a block"), getattr(store, block)():
        store.commit()
    store.commit()


def test_metadata_keeps_what_json_can_say(store: Store, make: Maker) -> None:
    metadata = {
        "when": datetime(2024, 5, 1, tzinfo=UTC),
        "big": 1 << 90,
        "share": 0.1,
        7: (1, None),
        "nan": math.nan,
    }
    article = make.article(1, metadata=metadata)
    with store.writing():
        store.put(make.head(1, article), article, make.reading(1), make.keys())
    with store.reading():
        kept = store.articles([1])[1].metadata
        assert (kept["big"], kept["share"]) == (1 << 90, 0.1)
    if not isinstance(store, MemoryStore):
        assert kept == {
            "when": "2024-05-01T00:00:00+00:00",
            "big": 1 << 90,
            "share": 0.1,
            "7": [1, None],
            "nan": None,
        }


@pytest.mark.parametrize("store", KINDS[1:], indirect=True)
def test_metadata_without_a_bottom_is_refused(store: Store, make: Maker) -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(InputError, match="nested"), store.writing():
        store.put(make.head(1), make.article(1, metadata={"deep": deep}), make.reading(1), make.keys())
    with store.reading():
        assert store.count() == 0


@pytest.mark.parametrize("store", KEPT_OPEN, indirect=True)
def test_threads_take_turns(store: Store, make: Maker) -> None:
    def add(first: int) -> None:
        for _ in range(20):
            with store.writing():
                make.put(store, store.next_number())
            with store.reading():
                numbers = store.all_numbers()
                assert len(store.heads(numbers)) == store.count() == len(numbers)

    threads = [threading.Thread(target=add, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading():
        assert store.all_numbers() == list(range(1, 81))


@pytest.mark.parametrize("store", KEPT_OPEN, indirect=True)
def test_a_closed_store_refuses(store: Store) -> None:
    store.close()
    store.close()
    for block in (store.reading, store.writing):
        with pytest.raises(StoreError, match="closed"), block():
            pass


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
STRINGS = st.text(st.characters(exclude_categories=()), max_size=20)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STRINGS, STRINGS, st.none() | STRINGS, st.dictionaries(STRINGS, JSON, max_size=3))
def test_packed_articles_come_back(id: str, text: str, title: str | None, metadata: dict[str, Any]) -> None:
    article = Article(id, text, title, metadata=metadata)
    assert unpack_article(id, pack_article(article)) == article


def test_no_sequence_of_changes_tells_the_stores_apart(make: Maker, tmp_path_factory: Any) -> None:
    numbers = st.integers(1, 12)
    several = st.lists(numbers, max_size=4)

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.plain = MemoryStore()
            self.path = tmp_path_factory.mktemp("store") / "news.db"
            self.sqlite = SqliteStore.open(self.path, durable_every=3)

        def teardown(self) -> None:
            self.sqlite.close()

        def there(self, numbers: list[int]) -> list[int]:
            with self.plain.reading():
                return list(self.plain.heads(numbers))

        def both(self, change: Any, fails: bool) -> None:
            outcomes = []
            for store in (self.plain, self.sqlite):
                try:
                    with store.writing():
                        change(store)
                        if fails:
                            raise ZeroDivisionError
                    outcomes.append("done")
                except (StoreError, ZeroDivisionError) as error:
                    outcomes.append(type(error).__name__)
            assert outcomes[0] == outcomes[1]

        @rule(id=st.sampled_from("abcdef"), near=numbers, bands=several, prints=several, fails=st.booleans())
        def put(self, id: str, near: int, bands: list[int], prints: list[int], fails: bool) -> None:
            def change(store: Store) -> None:
                number = store.next_number()
                article = make.article(number, id=id)
                head = make.head(number, article, near=near, home=near)
                store.put(head, article, make.reading(number), make.keys(bands, prints))

            self.both(change, fails)

        @rule(numbers=several, id=st.sampled_from("abcxyz"), home=numbers, fails=st.booleans())
        def change(self, numbers: list[int], id: str, home: int, fails: bool) -> None:
            self.both(
                lambda store: store.change(
                    head._replace(id=id if n % 2 else head.id, home=home, settled=True, seen=float(home))
                    for n, head in store.heads(numbers).items()
                ),
                fails,
            )

        @rule(numbers=several, fails=st.booleans())
        def drop(self, numbers: list[int], fails: bool) -> None:
            self.both(lambda store: store.drop(numbers), fails)

        @rule(a=numbers, more=several, countable=st.booleans(), fails=st.booleans())
        def put_pairs(self, a: int, more: list[int], countable: bool, fails: bool) -> None:
            there = self.there([a, *(a + step for step in more)])
            pairs = [make.pair(a, b, countable=countable) for b in there if a in there and b > a]
            self.both(lambda store: store.put_pairs(pairs), fails)

        @rule(a=numbers, b=numbers, fails=st.booleans())
        def drop_pairs(self, a: int, b: int, fails: bool) -> None:
            self.both(lambda store: store.drop_pairs([(a, b)]), fails)

        @rule(number=numbers, fails=st.booleans())
        def decide(self, number: int, fails: bool) -> None:
            if self.there([number]):
                self.both(lambda store: store.decide(number, make.decision(number)), fails)

        @rule(fails=st.booleans())
        def compact(self, fails: bool) -> None:
            self.both(lambda store: store.compact(), fails)

        @rule()
        def reopen(self) -> None:
            self.sqlite.close()
            self.sqlite = SqliteStore.open(self.path, durable_every=3)

        @invariant()
        def same(self) -> None:
            with self.plain.reading(), self.sqlite.reading():
                assert seen(self.plain) == seen(self.sqlite)
                for most, only in ((None, False), (1, False), (2, True)):
                    plain, sqlite = (
                        store.pairs([2, 3, 5], most=most, countable=only)
                        for store in (self.plain, self.sqlite)
                    )
                    assert make.same_pairs(plain, sqlite)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def seen(store: Store) -> list[Any]:
    numbers = range(1, 15)
    carriers = (
        store.band_carriers(np.arange(14, dtype=np.uint64), 2),
        store.fingerprint_carriers(np.arange(14, dtype=np.uint32), 3),
    )
    return [
        store.count(),
        store.next_number(),
        store.all_numbers(),
        store.numbers("abcdefxyz"),
        store.heads(numbers),
        store.articles(numbers),
        store.readings(numbers),
        [store.decision(number) for number in numbers],
        [store.near_size(number, 2) for number in numbers],
        [column.tolist() for found in carriers for column in found],
        store.before(7.0, "seen"),
        store.stats()["pairs"],
    ]
