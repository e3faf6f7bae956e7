"""Plagdet on cases small enough to work out by hand."""

import math

import pytest

from benchmarks.plagdet import Passage, score

PAIR = ("susp", "src")
CASE = Passage(PAIR, (100, 200), (1000, 1100))


def at(this: tuple[int, int], source: tuple[int, int], pair: tuple[str, str] = PAIR) -> Passage:
    return Passage(pair, this, source)


def test_an_exact_detection_scores_one() -> None:
    result = score([CASE], [CASE])
    assert (result.recall, result.precision, result.granularity, result.plagdet) == (1, 1, 1, 1)


def test_half_of_a_case_is_half_the_recall() -> None:
    result = score([CASE], [at((100, 150), (1000, 1050))])
    assert result.recall == 0.5
    assert result.precision == 1
    assert result.plagdet == pytest.approx(2 / 3)


def test_too_wide_a_detection_costs_precision() -> None:
    result = score([CASE], [at((100, 300), (1000, 1200))])
    assert result.recall == 1
    assert result.precision == 0.5


def test_both_sides_count_together() -> None:
    # 100 of 100 characters here, 50 of 100 there: 150 of the case's 200; all 150 of the detection's.
    result = score([CASE], [at((100, 200), (1000, 1050))])
    assert result.recall == 0.75
    assert result.precision == 1


def test_overlap_on_one_side_only_detects_nothing() -> None:
    result = score([CASE], [at((100, 200), (0, 100))])
    assert (result.recall, result.precision, result.granularity, result.plagdet) == (0, 0, 1, 0)


def test_touching_spans_do_not_overlap() -> None:
    assert score([CASE], [at((200, 300), (1000, 1100))]).recall == 0


def test_other_documents_detect_nothing() -> None:
    assert score([CASE], [at(CASE.this, CASE.source, pair=("susp", "other"))]).plagdet == 0


def test_two_pieces_of_one_case_are_granularity_two() -> None:
    result = score([CASE], [at((100, 150), (1000, 1050)), at((150, 200), (1050, 1100))])
    assert (result.recall, result.precision, result.granularity) == (1, 1, 2)
    assert result.plagdet == pytest.approx(1 / math.log2(3))


def test_overlapping_detections_are_not_counted_twice() -> None:
    result = score([CASE], [at((100, 160), (1000, 1060)), at((140, 180), (1040, 1080))])
    assert result.recall == 0.8
    assert result.precision == 1


def test_recall_and_precision_average_over_passages_not_characters() -> None:
    long_case = at((500, 1500), (5000, 6000))
    missed = score([CASE, long_case], [CASE])
    assert missed.recall == 0.5
    spurious = score([CASE], [CASE, at((500, 1500), (5000, 6000))])
    assert spurious.precision == 0.5
    assert spurious.granularity == 1


def test_one_detection_over_two_cases_joins_their_characters() -> None:
    second = at((200, 300), (1100, 1200))
    result = score([CASE, second], [at((100, 300), (1000, 1200))])
    assert (result.recall, result.precision, result.granularity) == (1, 1, 1)


def test_nothing_to_find() -> None:
    assert score([], []).plagdet == 1
    assert score([], [CASE]).plagdet == 0
    assert score([CASE], []).plagdet == 0
