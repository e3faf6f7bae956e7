"""Single texts, each with the verdict and every credit that a careful reader finds."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dedup.attribution.credits import find_credits
from dedup.attribution.origin import attribute, weigh
from dedup.model import Article, Credit

CASES: list[dict[str, Any]] = [
    case
    for path in sorted(Path(__file__).parent.glob("cases*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
FIELDS = ("title", "outlet", "url", "byline")


def article_of(case: dict[str, Any]) -> Article:
    return Article(
        "case", case["text"], metadata=case.get("metadata", {}), **{f: case.get(f) for f in FIELDS}
    )


def told(credit: Credit) -> str:
    return f"{credit.agency or '-'} {credit.role} {credit.kind}: {credit.text}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_reads_as_a_careful_reader_does(case: dict[str, Any]) -> None:
    found = attribute(article_of(case))
    assert [told(c) for c in found.credits] == case["credits"]
    origin = found.origin
    assert (origin.agency or "", origin.status) == (case["origin"], case["status"])
    assert origin.issuer == case.get("issuer")
    if "share" in case:
        assert origin.share == case["share"]
    if "agencies" in case:
        assert list(origin.agencies) == case["agencies"]
    if "conflicts" in case:
        assert list(origin.conflicts) == case["conflicts"]
    if "score" in case:
        assert origin.score == case["score"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_needs_no_captions_from_the_text_stage(case: dict[str, Any]) -> None:
    article = article_of(case)
    credits = find_credits(article)
    assert [told(c) for c in credits] == case["credits"]
    assert weigh(article, credits) == attribute(article).origin
