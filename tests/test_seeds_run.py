"""The golden test: what `dedup run seeds` says, against what the authors of the corpus say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

GOLD: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "seeds" / "gold.json").read_text("utf-8")
)
PAIRS = GOLD["pairs"]
STRENGTH = {"none": 0, "boilerplate": 1, "incidental": 2, "substantial": 3}
# How far the edges of a match may be from those that a reader would draw: a reader goes by words, and where the words
# at an edge were changed, to the end of the sentence.
SLACK = {"verbatim": 3, "edited": 45, "rewritten": 60}


@pytest.fixture(scope="module")
def articles(seeds_run: Path) -> dict[str, Any]:
    return {record["id"]: record for record in _records(seeds_run / "articles.jsonl")}


@pytest.fixture(scope="module")
def matches(seeds_run: Path) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for match in _records(seeds_run / "matches.jsonl"):
        found.setdefault((match["a"], match["b"]), []).append(match)
        mirrored = {"a_start": match["b_start"], "a_end": match["b_end"], "b_start": match["a_start"]}
        found.setdefault((match["b"], match["a"]), []).append({**match, **mirrored, "b_end": match["a_end"]})
    return found


@pytest.mark.parametrize("id", GOLD["articles"])
def test_an_article_is_what_its_author_says(id: str, articles: dict[str, Any]) -> None:
    gold, told = GOLD["articles"][id], articles[id]
    assert (told["relation"], told["canonical"]) == (gold["relation"], gold["canonical"])
    if gold["cluster"]:
        assert told["cluster"] is not None
    else:
        assert told["cluster"] is None
    origin = gold["origin"]
    assert told["origin"]["agency"] in _any_of(origin["agency"])
    assert told["origin"]["status"] in _any_of(origin["status"])
    assert told["origin"]["share"] in _any_of(origin["share"])
    assert told["origin"]["inferred_from"] in _any_of(origin["inferred_from"])
    if "issuer" in origin:
        assert told["origin"]["issuer"] == origin["issuer"]


@pytest.mark.parametrize("id", [id for id, gold in GOLD["articles"].items() if gold["roles"]])
def test_credits_have_the_role_that_a_reader_gives_them(id: str, articles: dict[str, Any]) -> None:
    told = {(credit["agency"], credit["role"]) for credit in articles[id]["credits"]}
    assert {(role["agency"], role["role"]) for role in GOLD["articles"][id]["roles"]} <= told


@pytest.mark.parametrize("id", GOLD["articles"])
def test_repeats_are_found_where_they_stand_and_nowhere_else(id: str, articles: dict[str, Any]) -> None:
    gold, told = GOLD["articles"][id]["repeats"], articles[id]["repeats"]
    assert len(told) == len(gold)
    for expected, found in zip(gold, told, strict=True):
        assert found["kind"] == expected["kind"]
        slack = SLACK["verbatim"] if found["similarity"] == 1 else SLACK["edited"]
        spans = (
            (found["start"], found["end"], *found["of"]),
            (expected["start"], expected["end"], *expected["of"]),
        )
        assert all(abs(a - b) <= slack for a, b in zip(*spans, strict=True)), spans


def test_clusters_hold_who_belongs_together(seeds_run: Path) -> None:
    told = {frozenset(cluster["members"]) for cluster in _records(seeds_run / "clusters.jsonl")}
    assert told == {frozenset(members) for members in GOLD["clusters"].values()}


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair['a']}~{pair['b']}" for pair in PAIRS])
def test_a_pair_shares_what_its_authors_made_it_share(
    pair: dict[str, Any], matches: dict[tuple[str, str], list[Any]], articles: dict[str, Any]
) -> None:
    found = matches.get((pair["a"], pair["b"]), [])
    weight = max((match["weight"] for match in found), key=STRENGTH.__getitem__, default="none")
    allowed = set(_any_of(pair["weight"]))
    if "incidental" in allowed:
        # A shared quotation or caption decides nothing, so not even comparing the two articles is no error.
        allowed.add("none")
    together = articles[pair["a"]]["cluster"] is not None and (
        articles[pair["a"]]["cluster"] == articles[pair["b"]]["cluster"]
    )
    assert weight in allowed or (together and "substantial" in allowed)
    for span in pair["spans"] if found else []:
        a_start, a_end, b_start, b_end = span
        slack = SLACK[pair["kind"]]
        assert any(
            match["a_start"] <= a_start + slack
            and match["a_end"] >= a_end - slack
            and match["b_start"] <= b_start + slack
            and match["b_end"] >= b_end - slack
            for match in found
        ), (span, found)


def _records(path: Path) -> Iterable[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _any_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
