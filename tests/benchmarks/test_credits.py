from __future__ import annotations

from itertools import islice

import pytest

from benchmarks.bait import BAITS
from benchmarks.credits import LENGTH, Newspaper, growth, measure, rows


def test_the_invented_newspaper_is_the_same_for_the_same_seed() -> None:
    first, again, other = (list(islice(Newspaper(seed).articles(), 20)) for seed in (1, 1, 2))
    assert first == again != other


def test_its_articles_have_the_length_and_the_credits_of_real_pages() -> None:
    measured = measure(islice(Newspaper(1).articles(), 400), rounds=1)
    assert 0.9 * LENGTH < measured.characters / measured.articles < 1.2 * LENGTH
    assert 0.3 < measured.credited / measured.articles < 0.6


def test_every_reading_is_told_in_the_table() -> None:
    measured = measure(islice(Newspaper(1).articles(), 50), rounds=3)
    assert len(measured.seconds) == 3
    head, row = rows({"fifty": measured})
    assert len(head) == len(row)
    assert row[:2] == ["fifty", "50"]


@pytest.mark.parametrize("name", BAITS)
def test_bait_has_the_length_that_it_is_asked_for(name: str) -> None:
    assert 900 <= len(BAITS[name](1000)) <= 1100


def test_growth_is_told_per_bait() -> None:
    head, *told = growth(50, 1, steps=2)
    assert head == ["bait", "50", "200", "×4"]
    assert [row[0] for row in told] == list(BAITS)
