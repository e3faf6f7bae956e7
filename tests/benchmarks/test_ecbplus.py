"""Substantial matches are held against shingles counted without the program."""

from typing import Any

from benchmarks import ecbplus
from dedup.model import Article, Match, Result


def match(a_end: int, b_end: int, weight: Any = "substantial") -> Match:
    return Match("a", "b", 0, a_end, 0, b_end, 1.0, "edited", weight)


def test_a_match_is_borne_out_by_an_exact_shingle() -> None:
    a, b = "The ferry at Osen will cross no more.", "A ferry at Osen will cross, no less!"
    result = Result((), (), (match(len(a), len(b)), match(20, 20), match(9, 9, "incidental")), (), {})
    least, most = ecbplus.substantial([Article("a", a), Article("b", b)], result)
    assert (least.shingles, most.shingles) == (0, 2)
    assert (most.a, most.b) == (a, b)
