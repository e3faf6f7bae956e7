"""Tables say what was measured: ratios of a round, bounds where something was cut off, how things grow."""

from typing import Any

import pytest

from benchmarks.machine import describe
from benchmarks.runs import exponent
from benchmarks.tables import parts

CORPUS = {"articles": 1000, "words": 300, "seed": 1, "megabytes": 2.0}


def ran(*walls: float, finished: bool = True) -> list[dict[str, Any]]:
    return [
        {"wall": wall, "cpu": wall * 2, "largest": 100.0, "together": 150.0, "finished": finished}
        for wall in walls
    ]


def table(benchmark: str, record: dict[str, Any], number: int = 0) -> dict[str, dict[str, str]]:
    told = parts({"benchmark": benchmark, "command": "python", "machine": describe(), **record})
    head, *rows = [part for part in told if isinstance(part, list)][number]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


def race(theirs: list[dict[str, Any]]) -> dict[str, dict[str, str]]:
    runs = {"ours": ran(1, 2, 4), "theirs": theirs}
    rest = {"cut_off": 900.0, "peers": {}, "skipped": {"absent": "is not there"}, "first": {}}
    return table("speed", {"corpus": CORPUS, "runs": runs, "against": ["theirs"], **rest})


def test_a_ratio_is_the_median_of_the_rounds_ratios() -> None:
    rows = race(ran(10, 10, 10))
    assert (
        rows["ours"]["× theirs"] == "5.00"
    )  # of 10, 5 and 2.5; medians alone would give the same of 10 by 2
    assert race(ran(10, 30, 10))["ours"]["× theirs"] == "10.00"
    assert rows["ours"]["articles/s"] == "500"
    assert rows["theirs"]["× theirs"] == "1.00"


def test_who_was_cut_off_gives_bounds() -> None:
    rows = race(ran(900, finished=False))
    assert rows["theirs"]["wall s"] == "> 900.00"
    assert rows["theirs"]["articles/s"] == "< 1"
    assert rows["ours"]["× theirs"] == "> 900.00"
    assert rows["theirs"]["× theirs"] == "–"


def test_ours_is_the_faster_of_its_two() -> None:
    seconds = {
        "dedup, processes": {"1": [1.0, 1.0], "2": [0.5, 0.5]},
        "dedup, threads": {"1": [0.8, 0.8], "2": [0.6, 0.6]},
        "theirs": {"1": [8.0, 8.0], "2": [5.0, 5.0]},
    }
    rest = {"shingle": 5, "permutations": 128, "rounds": 2, "peers": {}, "skipped": {}, "parts": []}
    rows = table("kernel", {"corpus": CORPUS, "seconds": seconds, **rest})
    assert rows["theirs"]["dedup is × as fast, 1 worker"] == "10.0"
    assert rows["theirs"]["dedup is × as fast, 2 workers"] == "10.0"
    assert rows["theirs"]["2 by 1"] == "1.60"
    assert rows["dedup, threads"]["dedup is × as fast, 1 worker"] == "–"


def test_an_exponent_is_the_power_that_things_grow_by() -> None:
    assert exponent([10, 100, 1000], [3, 30, 300]) == pytest.approx(1)
    assert exponent([10, 100, 1000], [5, 50 * 10, 500 * 100]) == pytest.approx(2)


def test_growth_is_told_for_everything_and_by_stage() -> None:
    points = [
        {
            "articles": size,
            "megabytes": size / 500,
            "runs": ran(wall),
            "stages": {"read": wall / 4, "sign": 0.0},
        }
        for size, wall in ((1000, 2.0), (10_000, 20.0))
    ]
    record = {"words": 300, "seed": 1, "rounds": 1, "cut_off": 900.0, "modes": {"all": points}}
    growth, stages = table("scale", record), table("scale", record, 1)
    assert growth["exponent, all sizes"]["wall s"] == "1.00"
    assert growth["10,000"]["articles/s"] == "500"
    assert stages["read"]["of the last"] == "25%"
    assert stages["sign"]["exponent"] == "–"
    assert stages["everything else"]["10,000"] == "15.00"


def test_a_cliff_stands_beside_its_tenth() -> None:
    points = [
        {"size": size, "articles": size, "megabytes": 1.0, "runs": ran(wall), "stages": {}}
        for size, wall in ((100, 1.0), (1000, 10.0))
    ]
    cliff = {"name": "same", "told": "all the same", "mode": "near", "points": points}
    row = table("cliffs", {"share": 1.0, "cliffs": [cliff]})["all the same"]
    assert (row["wall s"], row["wall s at a tenth"], row["exponent of time"]) == ("10.00", "1.00", "1.00")
    assert row["ms an article"] == "10.000"
