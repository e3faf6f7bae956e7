"""What a writer does that will be killed, and what an index must hold after it: both told from the script alone."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from benchmarks.stream import DAY, Stream, number_to_id
from dedup.index.index import Index
from dedup.model import Article

Kind = Literal["add", "add again", "revise", "remove", "expire", "compact"]
_SHARES: dict[Kind, float] = {
    "add": 0.7, "add again": 0.03, "revise": 0.08, "remove": 0.09, "expire": 0.06, "compact": 0.04
}  # fmt: skip
_FEW = 50  # articles, below which a script only adds


class Held(NamedTuple):
    """An article of the stream: the one of this number, or the text that replaced it under its id."""

    number: int
    revised: bool

    @property
    def published(self) -> int:
        """The number of the article that is published at the same moment."""
        return self.number + DAY * self.revised


class State(NamedTuple):
    """What an index must hold.

    Attributes:
        entries: By id, in order of arrival.
        next_number: Of the first article that was never added.
    """

    entries: Mapping[str, Held] = MappingProxyType({})
    next_number: int = 0


class Op(NamedTuple):
    """One thing that a writer does, durable when it is done.

    Attributes:
        numbers: Of the articles that are added, revised or removed; for `expire`, of the first that stays.
    """

    kind: Kind
    numbers: tuple[int, ...] = ()


def draw(rng: random.Random, state: State, count: int, batch: int, most: int) -> list[Op]:
    """A script for an index in this state.

    Args:
        count: Operations.
        batch: Articles in one `add`.
        most: Articles beyond which an `expire` drops all older ones; otherwise it drops one in two hundred.
    """
    ops: list[Op] = []
    for _ in range(count):
        kind = rng.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
        op = _draw_one(rng, state, kind if len(state.entries) >= _FEW else "add", batch, most)
        ops.append(op)
        state = after(state, op)
    return ops


def _draw_one(rng: random.Random, state: State, kind: Kind, batch: int, most: int) -> Op:
    if kind == "compact":
        return Op(kind)
    if kind == "add":
        return Op(kind, tuple(range(state.next_number, state.next_number + batch)))
    if kind == "expire":
        moments = sorted(held.published for held in state.entries.values())
        return Op(kind, (moments[max(len(moments) - most, len(moments) // 200)],))
    # Another text than that of the day would be one more version.
    first = [held.number for id, held in state.entries.items() if not held.revised and "#" not in id]
    return Op(kind, tuple(rng.sample(first, batch if kind == "add again" else 1)))


def perform(index: Index, stream: Stream, op: Op) -> None:
    """Do it, durably: what is added the index commits by itself, opened with ``durable_every`` as large as a batch."""
    if op.kind in ("add", "add again"):
        for number in op.numbers:
            index.add(stream.article(number))
    elif op.kind == "revise":
        index.add(article(stream, number_to_id(op.numbers[0]), Held(op.numbers[0], revised=True)))
    elif op.kind == "remove":
        index.remove(number_to_id(op.numbers[0]))
    elif op.kind == "expire":
        index.expire(stream.article(op.numbers[0]).published or "")
    else:
        index.compact()
    if op.kind != "add":
        index.commit()


def after(state: State, op: Op) -> State:
    """What an index holds when it is done."""
    entries, next_number = state
    if op.kind == "add":
        new = {number_to_id(number): Held(number, revised=False) for number in op.numbers}
        return State({**entries, **new}, max(next_number, op.numbers[-1] + 1))
    if op.kind == "revise":
        id = number_to_id(op.numbers[0])
        before = {f"{id}#1" if name == id else name: held for name, held in entries.items()}
        return State({**before, id: Held(op.numbers[0], revised=True)}, next_number)
    if op.kind == "remove":
        return _without(state, lambda held: held.number == op.numbers[0])
    if op.kind == "expire":
        return _without(state, lambda held: held.published < op.numbers[0])
    return state


def _without(state: State, leaves: Callable[[Held], bool]) -> State:
    kept = {name: held for name, held in state.entries.items() if not leaves(held)}
    return state._replace(entries=kept)


def between(state: State, op: Op, is_done: Mapping[str, bool]) -> State | None:
    """What an index holds that was stopped while it did it; None where it cannot hold that.

    Args:
        is_done: Of each id that the operation changes, whether the index shows it changed.
    """
    changed = list(is_done.values())
    if all(changed):
        return after(state, op)
    if not any(changed):
        return state
    if op.kind == "add" and changed == sorted(changed, reverse=True):
        return after(state, op._replace(numbers=op.numbers[: sum(changed)]))
    if op.kind == "expire":
        kept = {name: held for name, held in state.entries.items() if not is_done.get(name)}
        return state._replace(entries=kept)
    return None


def changes(state: State, op: Op) -> dict[str, tuple[Held | None, Held | None]]:
    """What stands under each id that the operation changes, before and after."""
    then = after(state, op).entries
    ids = dict.fromkeys([*state.entries, *then])
    both = ((id, state.entries.get(id), then.get(id)) for id in ids)
    return {id: (old, new) for id, old, new in both if old != new}


def article(stream: Stream, id: str, held: Held) -> Article:
    """The article that stands under an id."""
    own = number_to_id(held.number)
    given = stream.reprint(held.number, "lead", id=own) if held.revised else stream.article(held.number)
    return replace(given, id=id)
