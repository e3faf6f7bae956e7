"""The script of a writer that is killed: what an index must hold after each part of it."""

import random

from benchmarks.index.script import Held, Op, State, after, article, between, changes, draw
from benchmarks.stream import Stream

FIRST = Held(0, revised=False)
REVISED = Held(0, revised=True)
THREE = after(State(), Op("add", (0, 1, 2)))


def test_a_revision_takes_the_id_and_the_earlier_version_keeps_its_place() -> None:
    revised = after(THREE, Op("revise", (0,)))
    assert list(revised.entries) == ["wire-00000000#1", "wire-00000001", "wire-00000002", "wire-00000000"]
    assert revised.entries["wire-00000000#1"] == FIRST
    assert revised.entries["wire-00000000"] == REVISED


def test_removal_takes_the_earlier_versions_along_and_expiry_only_what_is_old() -> None:
    revised = after(THREE, Op("revise", (0,)))
    assert [held.number for held in after(revised, Op("remove", (0,))).entries.values()] == [1, 2]
    assert list(after(revised, Op("expire", (2,))).entries.values()) == [Held(2, revised=False), REVISED]


def test_what_was_removed_is_not_added_again() -> None:
    assert after(THREE, Op("remove", (2,))).next_number == 3


def test_a_batch_may_be_there_up_to_some_article_but_not_with_a_gap() -> None:
    op = Op("add", (3, 4, 5))
    a, b, c = changes(THREE, op)
    assert between(THREE, op, {a: False, b: False, c: False}) == THREE
    assert between(THREE, op, {a: True, b: True, c: False}) == after(THREE, Op("add", (3, 4)))
    assert between(THREE, op, {a: True, b: True, c: True}) == after(THREE, op)
    assert between(THREE, op, {a: True, b: False, c: True}) is None


def test_a_revision_is_there_whole_or_not_at_all_and_an_expiry_may_be_half_done() -> None:
    op = Op("revise", (0,))
    assert between(THREE, op, dict.fromkeys(changes(THREE, op), True)) == after(THREE, op)
    assert between(THREE, op, {"wire-00000000": True, "wire-00000000#1": False}) is None
    expired = between(THREE, Op("expire", (2,)), {"wire-00000000": False, "wire-00000001": True})
    assert expired is not None
    assert list(expired.entries) == ["wire-00000000", "wire-00000002"]


def test_the_same_seed_gives_the_same_script_with_all_kinds_in_it() -> None:
    many = after(State(), Op("add", tuple(range(200))))
    script = draw(random.Random(1), many, 300, 10, 150)
    assert script == draw(random.Random(1), many, 300, 10, 150)
    assert {op.kind for op in script} == {"add", "add again", "revise", "remove", "expire", "compact"}
    assert {len(op.numbers) for op in script if op.kind == "add"} == {10}


def test_an_expiry_keeps_no_more_than_it_may() -> None:
    state = after(State(), Op("add", tuple(range(200))))
    for op in draw(random.Random(2), state, 300, 1, 150):
        state = after(state, op)
        assert op.kind != "expire" or len(state.entries) <= 150


def test_an_entry_is_the_streams_article_or_a_text_of_its_own_under_the_same_id() -> None:
    stream = Stream()
    id = "wire-00000000"
    assert article(stream, id, FIRST) == stream.article(0)
    assert article(stream, f"{id}#1", FIRST).id == f"{id}#1"
    revised = article(stream, id, REVISED)
    assert (revised.id, revised.published) == (id, stream.article(10_000).published)
    assert revised.text != stream.article(0).text
