"""Common runs: the same as looking at every pair of places, as long as texts do not repeat themselves without end."""

import numpy as np
import numpy.typing as npt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.matching.runs import SHORTEST_RUN, Runs, common_runs

laws = settings(deadline=None, derandomize=True, max_examples=300)

LETTERS = np.random.default_rng(5).integers(0, 2**64 - 1, 8, np.uint64)
words = st.lists(st.integers(0, 3), max_size=17)


def runs_of(texts: list[list[int]], pairs: list[tuple[int, int]]) -> Runs:
    hashes = LETTERS[np.array([x for text in texts for x in text], np.int64)]
    bounds = np.append(0, np.cumsum([len(text) for text in texts])).astype(np.int64)
    return common_runs(hashes, bounds, np.array(pairs, np.int64).reshape(-1, 2))


def rows(runs: Runs, pair: int) -> list[tuple[int, int, int]]:
    own: npt.NDArray[np.int64] = np.arange(runs.bounds[pair], runs.bounds[pair + 1])
    return list(zip(runs.a[own].tolist(), runs.b[own].tolist(), runs.length[own].tolist(), strict=True))


def naive(a: list[int], b: list[int], itself: bool) -> list[tuple[int, int, int]]:
    found = []
    for j in range(len(b)):
        for i in range(min(j, len(a)) if itself else len(a)):
            if i and j and a[i - 1] == b[j - 1]:
                continue
            most = min(len(a) - i, len(b) - j, j - i if itself else len(a))
            length = next((k for k in range(most) if a[i + k] != b[j + k]), most)
            if length >= SHORTEST_RUN:
                found.append((i, j, length))
    return found


@laws
@given(words, words)
@example([], [])
@example([0] * 17, [0] * 17)
def test_every_maximal_run_in_order_of_the_second_text(a: list[int], b: list[int]) -> None:
    runs = runs_of([a, b], [(0, 1), (1, 0)])
    assert not runs.cut_short.any()
    assert rows(runs, 0) == naive(a, b, itself=False)
    assert sorted((i, j, n) for j, i, n in rows(runs, 1)) == sorted(rows(runs, 0))


@laws
@given(words)
def test_a_text_with_itself_gives_its_repeats_off_the_diagonal(text: list[int]) -> None:
    found = rows(runs_of([text], [(0, 0)]), 0)
    assert found == naive(text, text, itself=True)
    assert all(a + length <= b for a, b, length in found)


@laws
@given(st.lists(words, min_size=2, max_size=4), st.data())
def test_pairs_of_a_batch_do_not_hear_of_each_other(texts: list[list[int]], data: st.DataObject) -> None:
    index = st.integers(0, len(texts) - 1)
    pairs = data.draw(st.lists(st.tuples(index, index), min_size=1, max_size=6))
    together = runs_of(texts, pairs)
    for k, pair in enumerate(pairs):
        assert rows(together, k) == rows(runs_of(texts, [pair]), 0)


def test_more_runs_than_there_was_room_for_at_first() -> None:
    # A run of four between every two of these blocks, each behind another word.
    blocks = [[0, 1, 2, 3, 4 + k % 4] for k in range(15)] * 8
    text = [x for block in blocks for x in block]
    runs = runs_of([text[:60], text], [(0, 1)])
    assert len(runs.a) == len(set(rows(runs, 0)))


def test_one_word_a_hundred_thousand_times_is_cut_short() -> None:
    text = [0] * 100_000
    runs = runs_of([text, text, [1, 2, 3] * 30_000], [(0, 1), (0, 0), (2, 2), (0, 2)])
    assert runs.cut_short.tolist() == [True, True, True, False]
    # The first place of the second text still finds the whole.
    assert rows(runs, 0)[0] == (0, 0, 100_000)
    assert len(runs.a) < 1_000_000
