"""Blocks: near-verbatim copies within one text, each once, of the first place that says the same."""

from collections.abc import Callable

import pytest

from dedup.matching.blocks import Block, find_copies, told_once
from dedup.text.tokens import tokenise


def words(name: str, count: int) -> str:
    return " ".join(f"{name}{n}x" for n in range(count))


def blocks(
    text: str, accepts: Callable[[Block], bool] = lambda block: True
) -> list[tuple[int, int, int, int]]:
    found = list(find_copies(tokenise([text]), 15))
    assert len(found) <= 1
    return [block[:4] for _, copies in found for block in told_once(copies, 15, accepts)]


@pytest.mark.parametrize(
    ("run", "found"), [(14, []), (15, [(5, 20, 25, 40)]), (40, [(5, 45, 50, 90)])]
)  # fmt: skip
def test_a_run_of_fifteen_makes_a_block(run: int, found: list[tuple[int, int, int, int]]) -> None:
    copy = words("c", run)
    assert blocks(f"{words('a', 5)} {copy} {words('b', 5)} {copy} {words('d', 5)}") == found


@pytest.mark.parametrize(("run", "whole"), [(12, True), (9, False)])
def test_shorter_runs_make_a_block_when_it_has_twice_as_many_tokens(run: int, whole: bool) -> None:
    parts = [words(name, run) for name in "cdef"]
    text = f"{' one '.join(parts)} {words('between', 20)} {' two '.join(parts)}"
    size = 4 * run + 3
    assert blocks(text) == ([(0, size, size + 20, 2 * size + 20)] if whole else [])


def test_a_gap_too_long_for_the_run_behind_it_ends_the_block() -> None:
    near, far = words("n", 20), words("f", 6)
    text = f"{near} {words('a', 7)} {far} {words('between', 20)} {near} {words('b', 7)} {far}"
    assert blocks(text) == [(0, 20, 53, 73)]


def test_rows_that_differ_in_their_figures_are_not_carried_into_one_block() -> None:
    row = words("r", 15)
    rows = " ".join(f"{row} {n}" for n in range(100, 106))
    again = " ".join(f"{row} {n}" for n in range(200, 206))
    for a0, a1, b0, b1 in blocks(f"{rows} {words('between', 20)} {again}"):
        assert max(a1 - a0, b1 - b0) <= 16


def test_what_is_no_repeat_leaves_its_place_to_others() -> None:
    inner, left, right = words("i", 20), words("l", 10), words("r", 10)
    text = (
        f"{left} {inner} {right} {words('between', 20)} {inner} {words('other', 20)} {left} {inner} {right}"
    )
    assert blocks(text) == [(10, 30, 60, 80), (0, 40, 100, 140)]
    assert blocks(text, lambda block: block.matched < 40) == [(10, 30, 60, 80), (10, 30, 110, 130)]


def test_a_block_that_another_one_has_begun_keeps_its_rest() -> None:
    head, middle, tail = words("h", 40), words("m", 10), words("t", 30)
    text = f"{head} {middle} {words('x', 20)} {middle} {tail} {words('y', 20)} {head} {middle} {tail}"
    assert blocks(text) == [(0, 50, 130, 180), (80, 110, 180, 210)]
