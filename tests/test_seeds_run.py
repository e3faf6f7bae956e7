"""The golden test: what `dedup run seeds` says, against what the authors of the corpus say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from dedup import run
from dedup.readers import read, refuse

GOLD: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "seeds" / "gold.json").read_text("utf-8")
)
PAIRS = {f"{pair['a']}~{pair['b']}": pair for pair in GOLD["pairs"]}
MIRRORED = {"a->b": "b->a", "b->a": "a->b", "unknown": "unknown"}
STRENGTH = {"none": 0, "boilerplate": 1, "incidental": 2, "substantial": 3}
# How far the edges of a match may be from those that a reader would draw: a reader goes by words, and where the words
# at an edge were changed, to the end of the sentence.
SLACK = {"verbatim": 3, "edited": 45, "rewritten": 60}
SHARE_SLACK = 0.05


@pytest.fixture(scope="module")
def articles(seeds_run: Path) -> dict[str, Any]:
    return {record["id"]: record for record in _records(seeds_run / "articles.jsonl")}


@pytest.fixture(scope="module")
def texts(seeds: Path) -> dict[str, str]:
    return {each.id: each.text for each in read([str(seeds)], on_reject=refuse, on_notice=lambda _: None)}


@pytest.fixture(scope="module")
def matches(seeds_run: Path) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for match in _records(seeds_run / "matches.jsonl"):
        found.setdefault((match["a"], match["b"]), []).append(match)
        there = {
            "a_start": match["b_start"],
            "a_end": match["b_end"],
            "b_start": match["a_start"],
            "b_end": match["a_end"],
            "direction": MIRRORED[match["direction"]],
        }
        found.setdefault((match["b"], match["a"]), []).append({**match, **there})
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


@pytest.mark.parametrize("id", GOLD["articles"])
def test_rival_claims_are_told_where_there_are_any(id: str, articles: dict[str, Any]) -> None:
    gold, told = (
        GOLD["articles"][id]["origin"].get("conflicts", []),
        articles[id]["origin"].get("conflicts", []),
    )
    assert len(told) == len(gold)
    assert all(set(told) & set(_any_of(others)) for others in gold)
    assert articles[id]["origin"]["agency"] not in told


@pytest.mark.parametrize("id", [id for id, gold in GOLD["articles"].items() if "passages" in gold])
def test_each_passage_is_put_down_to_who_wrote_it(
    id: str, articles: dict[str, Any], texts: dict[str, str]
) -> None:
    gold = GOLD["articles"][id]["passages"]
    told = [p for p in articles[id]["passages"] if p["whose"] not in ("repeated", "boilerplate")]
    assert len(told) == len(gold)
    for expected, found in zip(gold, told, strict=True):
        assert found["whose"] in _any_of(expected["whose"])
        assert found.get("inferred_from") in expected.get("inferred_from", [None])
        start = texts[id].index(expected["from"])
        edges = start, texts[id].index(expected["to"], start) + len(expected["to"])
        assert all(
            abs(a - b) <= SLACK["verbatim"] for a, b in zip(_bare(texts[id], found), edges, strict=True)
        )
        if "of" in found:
            # The words of the passage, most of them, stand at the place that vouches for it.
            there = texts[found["inferred_from"]][slice(*found["of"])].split()
            here = texts[id][found["start"] : found["end"]].split()
            assert sum((Counter(here) & Counter(there)).values()) >= 0.8 * max(len(here), len(there))


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
    assert told == {frozenset(cluster["members"]) for cluster in GOLD["clusters"].values()}


@pytest.mark.parametrize("label", GOLD["clusters"])
def test_a_cluster_says_who_was_first_and_how_many_reported_it(label: str, seeds_run: Path) -> None:
    gold = GOLD["clusters"][label]
    (told,) = [c for c in _records(seeds_run / "clusters.jsonl") if set(c["members"]) == set(gold["members"])]
    assert (told["first"], told["independent_sources"]) == (gold["first"], gold["independent_sources"])


@pytest.mark.parametrize("id", [id for id, gold in GOLD["articles"].items() if "composition" in gold])
def test_a_text_is_made_of_what_a_reader_sees_in_it(id: str, articles: dict[str, Any]) -> None:
    gold, told = GOLD["articles"][id]["composition"], articles[id]["composition"]
    assert bool(gold) == bool(told)
    for labels, share in gold:
        given = sum(told.get(label, 0) for label in _any_of(labels))
        assert given == pytest.approx(share, abs=SHARE_SLACK), (labels, told)


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_shares_what_its_authors_made_it_share(
    name: str, matches: dict[tuple[str, str], list[Any]]
) -> None:
    pair = PAIRS[name]
    found = matches.get((pair["a"], pair["b"]), [])
    weight = max((match["weight"] for match in found), key=STRENGTH.__getitem__, default="none")
    allowed = set(_any_of(pair["weight"]))
    if "incidental" in allowed:
        # A shared quotation or caption decides nothing, so not even comparing the two articles is no error.
        allowed.add("none")
    assert weight in allowed
    for span in pair["spans"] if found else []:
        slack = SLACK[pair["kind"]]
        covering = [match for match in found if _beyond(match, span, -slack)]
        assert covering, (span, found)
        # A piece that was copied as it is may stand in a longer match, with changes around it.
        assert any(
            match["kind"] == pair["kind"]
            or (match["kind"] == "edited" and _beyond(match, span, 0, more=slack))
            for match in covering
        ), (span, covering)


@pytest.mark.parametrize("name", [name for name, pair in PAIRS.items() if "direction" in pair])
def test_a_passage_went_the_way_that_dates_and_credits_tell(
    name: str, matches: dict[tuple[str, str], list[Any]]
) -> None:
    pair = PAIRS[name]
    told = {m["direction"] for m in matches[pair["a"], pair["b"]] if m["weight"] == "substantial"}
    assert told <= set(_any_of(pair["direction"]))
    assert told or pair["weight"] != "substantial"


@pytest.mark.parametrize(
    ("brief", "follow_up", "expected"),
    [
        ("2031-11-02T01:15:00Z", "2031-11-07T15:00:00Z", "a->b"),
        ("2031-11-02", "2031-11-02", "unknown"),
        ("2031-11-02T01:15:00Z", "2031-11-02T01:15:00Z", "unknown"),
        ("2031-11-02T01:15:00Z", None, "unknown"),
    ],
)
def test_an_own_story_is_the_source_only_where_the_dates_tell(
    brief: str, follow_up: str | None, expected: str, seeds: Path
) -> None:
    articles = [
        {
            "id": name,
            "text": (seeds / "tunnel-fire" / f"{name}.txt").read_text("utf-8").split("---\n", 2)[2],
            "published": published,
        }
        for name, published in (("brief", brief), ("follow-up", follow_up))
    ]
    (match,) = run(articles).matches
    assert match.direction == (expected if match.a == "brief" else MIRRORED[expected])


def _beyond(match: dict[str, Any], span: list[int], by: int, *, more: int = 0) -> bool:
    """Whether a match reaches beyond a span, on every side by so much, and by more on one."""
    a_start, a_end, b_start, b_end = span
    margins = (
        a_start - match["a_start"],
        match["a_end"] - a_end,
        b_start - match["b_start"],
        match["b_end"] - b_end,
    )
    return bool(min(margins) >= by and max(margins) >= by + more)


def _bare(text: str, passage: dict[str, Any]) -> tuple[int, int]:
    """A passage's edges without the blanks around it."""
    said = text[passage["start"] : passage["end"]]
    return passage["start"] + len(said) - len(said.lstrip()), passage["end"] - len(said) + len(said.rstrip())


def _records(path: Path) -> Iterable[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _any_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
