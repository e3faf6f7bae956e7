"""The owner's five samples, alone and run together, read as a careful reader reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup import Result, attribute, compare, run
from dedup.model import Article

SAMPLES = {
    "000": "000_04afcfc14185e94d.txt",
    "001": "001_941e628dc7e601e0.txt",
    "002": "002_bebe84cf457cb3ca.txt",
    "003": "003_80179bf869acf651.txt",
    "004": "004_58bcf51014b2217e.txt",
}
BLOCK, AGAIN = (426, 1766), (1767, 3107)


@pytest.fixture(scope="module")
def samples(shared: Path) -> dict[str, Article]:
    return {
        name: Article(name, (shared / "seeds" / file).read_bytes().decode("utf-8"))
        for name, file in SAMPLES.items()
    }


@pytest.fixture(scope="module")
def together(samples: dict[str, Article]) -> Result:
    return run(samples.values())


def test_five_unique_articles_and_no_cluster(together: Result) -> None:
    assert [verdict.relation for verdict in together.articles] == ["unique"] * 5
    assert together.clusters == ()


def test_one_block_is_printed_twice(together: Result) -> None:
    repeats = {
        verdict.id: [(r.of, (r.start, r.end), r.kind) for r in verdict.repeats]
        for verdict in together.articles
    }
    assert repeats == {"000": [], "001": [], "002": [], "003": [], "004": [(BLOCK, AGAIN, "repeat")]}


def test_origins(together: Result, samples: dict[str, Article]) -> None:
    run_together = {verdict.id: verdict.origin for verdict in together.articles}
    for origins in (run_together, {name: attribute(article).origin for name, article in samples.items()}):
        assert origins["000"].status in ("unknown", "possible")
        assert origins["000"].agency in (None, "AP")
        assert (origins["001"].agency, origins["001"].status, origins["001"].share) == (
            "AP",
            "confirmed",
            "whole",
        )
        assert (origins["002"].agency, origins["002"].status) == ("AFP", "probable")
        assert (origins["003"].agency, origins["003"].status) == (None, "unknown")
        assert (origins["004"].agency, origins["004"].status) == ("Reuters", "possible")


def test_roles(together: Result) -> None:
    credits = {
        verdict.id: {(c.agency, c.role, c.text, c.start, c.end) for c in verdict.credits}
        for verdict in together.articles
    }
    assert credits["000"] == set()
    told = {id: {(agency, role) for agency, role, *_ in found} for id, found in credits.items()}
    assert told["001"] == {("AP", "origin")}
    assert told["002"] == {("AFP", "origin")}
    assert told["003"] == {("Reuters", "photo"), ("Reuters", "cited")}
    assert (None, "unnamed") in told["004"]
    assert ("Reuters", "cited") in told["004"]


def test_only_000_and_001_share_a_run_of_words_and_it_is_background(samples: dict[str, Article]) -> None:
    names = sorted(samples)
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            found = compare(samples[a], samples[b])
            assert all(match.weight == "incidental" for match in found), (a, b, found)
            spans = [(m.a_start, m.a_end, m.b_start, m.b_end) for m in found if m.kind == "verbatim"]
            assert spans == ([(334, 393, 935, 994)] if (a, b) == ("000", "001") else [])
