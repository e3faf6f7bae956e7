"""A writer that is killed at any moment: what it acknowledged is there, and nothing is half there.

In full, and with more kills: `python -m benchmarks.index crash`.
"""

import random
from pathlib import Path

import pytest

from benchmarks.index.aftermath import OUTCOMES, differing, faults, returned, settle
from benchmarks.index.building import warm_up
from benchmarks.index.crash import Trial, kill_a_birth, small_segments
from benchmarks.index.script import Op, State, after, perform
from benchmarks.stream import Stream
from dedup.index.index import Index


@pytest.fixture(scope="module")
def stream() -> Stream:
    stream = Stream(words=150, seed=3)
    warm_up(stream)
    return stream


def test_nothing_acknowledged_is_lost_and_nothing_half_done_stays(tmp_path: Path, stream: Stream) -> None:
    trial = Trial(tmp_path / "index.db", seed=3, most=120, seconds=0.4, words=150)
    with small_segments(8):
        rounds = [trial.kill(durable_every) for durable_every in (1, 10) * 4]
        assert [r.complaints for r in rounds] == [[]] * len(rounds)
        assert sum(max(0, r.killed.done) for r in rounds) > 0
        assert trial.look_at_all() == []


def test_an_index_that_was_killed_as_it_was_made_is_made_again(tmp_path: Path, stream: Stream) -> None:
    rng = random.Random(3)
    assert [kill_a_birth(tmp_path, stream, rng.uniform(0, 0.05)) for _ in range(5)] == [[]] * 5


def test_the_trial_would_see_what_is_lost_or_comes_back(stream: Stream) -> None:
    adding = Op("add", tuple(range(12)))
    own = [number for number in adding.numbers if stream.plan(number).kind == "own"]
    removed, *kept = own
    state = after(after(State(), adding), Op("remove", (removed,)))
    ids = [f"wire-{number:08d}" for number in kept]
    with Index.in_memory() as index:
        perform(index, stream, adding)
        assert list(faults(index, stream, state, ids)) == ["12 articles, 11 expected"]
        assert len(list(returned(index, stream, state, [removed, *kept]))) == 1
        assert list(differing(index, stream, state)) == []
        for lost in ids[:2]:
            index.remove(lost)
        assert len(list(faults(index, stream, state, ids))) == 3
        # Of a batch that was cut off, an article is missing before one that is there.
        settled = settle(index, stream, State(), adding)
        assert settled[:2] == (State(), OUTCOMES[2])
        assert len(settled[2]) == 1
