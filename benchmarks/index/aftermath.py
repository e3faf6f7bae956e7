"""What an index must be like after its writer was killed, told from the script that the writer followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from benchmarks.index.script import Held, Op, State, article, between, changes
from benchmarks.stream import Stream, number_to_id
from dedup.index.index import Index
from dedup.model import Verdict

OUTCOMES = ("done", "not done", "done in part")


def settle(index: Index, stream: Stream, state: State, op: Op) -> tuple[State, str, list[str]]:
    """What the index holds where an operation was cut off: the state, how far it came, and what is wrong."""
    done: dict[str, bool] = {}
    for id, (old, new) in changes(state, op).items():
        if _is_there(index, stream, id, new):
            done[id] = True
        elif _is_there(index, stream, id, old):
            done[id] = False
        else:
            return state, OUTCOMES[2], [f"{id} is neither as before nor as after `{op.kind}`"]
    settled = between(state, op, done)
    outcome = OUTCOMES[0 if all(done.values()) else 2 if any(done.values()) else 1] if done else ""
    if settled is None:
        return (
            state,
            outcome,
            [f"`{op.kind}` is done for {[id for id, is_done in done.items() if is_done]} alone"],
        )
    return settled, outcome, []


def _is_there(index: Index, stream: Stream, id: str, held: Held | None) -> bool:
    return index.get(id) == (None if held is None else article(stream, id, held))


def faults(index: Index, stream: Stream, state: State, sample: Iterable[str]) -> Iterator[str]:
    """What is wrong with the count of articles, and with some of them: kept, judged, and found by a copy."""
    if len(index) != len(state.entries):
        yield f"{len(index)} articles, {len(state.entries)} expected"
    for id in sample:
        held = state.entries[id]
        if not _is_there(index, stream, id, held):
            yield f"{id} is not as it was given"
        elif (verdict := index.query(id)) is None or verdict.id != id:
            yield f"{id} has no verdict"
        elif not held.revised and "#" not in id and stream.plan(held.number).kind == "own":
            found = index.check(stream.reprint(held.number))
            # A short text with many edits is a version of it, by a batch run too.
            if found.relation not in ("duplicate", "version") or found.canonical != id:
                yield f"a copy of {id} is {found.relation} of {found.canonical}"


def returned(index: Index, stream: Stream, state: State, numbers: Iterable[int]) -> Iterator[str]:
    """Articles that were removed, or never added, and are there or are found by a copy."""
    held = {entry.number for entry in state.entries.values()}
    for number in numbers:
        if number not in held and stream.plan(number).kind == "own":
            found = index.check(stream.reprint(number))
            if index.get(number_to_id(number)) is not None or found.relation != "unique":
                yield f"{number_to_id(number)} is gone, and a copy of it is {found.relation} of {found.canonical}"


def differing(index: Index, stream: Stream, state: State) -> Iterator[str]:
    """Verdicts that an index never killed, which was given the same articles and no others, does not give.

    What is incidental is left out: which articles share a phrase that many carry is followed up only as long as they
    are few, and an index that has forgotten some has seen more.
    """
    with Index.in_memory(index.settings) as other:
        for id, held in state.entries.items():
            other.add(article(stream, id.partition("#")[0], held))
        for id in state.entries:
            ours, theirs = index.query(id), other.query(id)
            if ours is None or theirs is None or _told(ours) != _told(theirs):
                yield f"{id} is judged otherwise than by a fresh index"


def _told(verdict: Verdict) -> tuple[object, ...]:
    substantial = [match for match in verdict.matches if match.weight == "substantial"]
    return (
        verdict.relation,
        verdict.canonical,
        verdict.cluster,
        verdict.similarity,
        verdict.origin,
        substantial,
    )
