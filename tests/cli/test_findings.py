"""What a run found about one article, in sentences made from records."""

from __future__ import annotations

from typing import Any

import pytest

from dedup.cli import findings, inherited
from dedup.cli.findings import Findings, partners

NOBODY = {"agency": None, "status": "unknown", "share": "none", "score": 0.0, "inferred_from": None}


def article(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "origin": NOBODY, "credits": [], "relation": "unique"} | more


def match(a: str, b: str, start: int = 0, end: int = 100, **more: Any) -> dict[str, Any]:
    spans = {"a_start": start, "a_end": end, "b_start": start, "b_end": end}
    return {
        "a": a,
        "b": b,
        **spans,
        "kind": "verbatim",
        "weight": "substantial",
        "direction": "unknown",
    } | more


def found(
    told: dict[str, Any], *others: dict[str, Any], matches: Any = (), cluster: Any = None, **settings: Any
) -> Findings:
    return Findings(told, cluster, partners(matches, told["id"]), {o["id"]: o for o in others}, settings)


def test_what_is_shared_is_counted_once_whichever_side_a_match_was_written_from() -> None:
    matches = [
        match("x", "y", 0, 60), match("y", "x", 40, 100), match("x", "y", 500, 510),
        match("x", "z", 0, 9), match("x", "q", 0, 900, weight="boilerplate"),
    ]  # fmt: skip
    assert [(p.id, p.shared, len(p.passages)) for p in partners(matches, "x")] == [("y", 110, 3), ("z", 9, 1)]


@pytest.mark.parametrize(
    ("here", "there", "direction", "expected"),
    [
        ("2031-01-01", "2031-01-03", "a->b", ("x", "here, 2031-01-01")),
        ("2031-01-03", "2031-01-01", "b->a", ("y", "part of it in y (2031-01-01)")),
        (None, "2031-01-01", "unknown",
         (None, "cannot be told: 1 of the 2 has no date; the earliest date is that of y (2031-01-01)")),
        (None, None, "unknown", (None, "cannot be told: none of the 2 has a date")),
        ("2031-01-01", "2031-01-01T10:00:00Z", "unknown",
         (None, "cannot be told: the dates are too close or too coarse; the earliest date is that of this one")),
    ],
)  # fmt: skip
def test_where_a_part_was_seen_first_is_told_or_why_it_cannot_be(
    here: str | None, there: str | None, direction: str, expected: tuple[str | None, str]
) -> None:
    told = found(
        article("x", published=here), article("y", published=there), matches=[match("x", "y", direction=direction)]
    )  # fmt: skip
    assert findings.seen_first(told) == expected


def test_where_a_cluster_was_seen_first_is_its_own_word() -> None:
    members = article("x", published="2031-01-03"), article("y", published="2031-01-01", outlet="Quay Post")
    cluster = {"id": "y", "size": 2, "members": ["y", "x"], "outlets": ["Quay Post"], "first": "y"}
    assert findings.seen_first(found(*members, cluster=cluster)) == ("y", "y (Quay Post, 2031-01-01)")
    unsure = cluster | {"first": None}
    assert findings.seen_first(found(*members, cluster=unsure)) == (
        None,
        "cannot be told: y (Quay Post, 2031-01-01) is dated first, but other signs differ",
    )


def test_which_way_a_passage_travelled_is_told_with_its_reason() -> None:
    wire = {"agency": "AP", "status": "confirmed", "share": "whole", "score": 5.0, "inferred_from": None}
    matches = [
        match("x", "y", 0, 90, direction="b->a", direction_reason="it is cited there; and so on"),
        match("x", "z", 0, 80),
        match("x", "q", 0, 70, kind="edited"),
    ]
    others = article("y"), article("z", origin=wire), article("q", origin=wire | {"status": "possible"})
    assert findings.shared(found(article("x", origin=wire), *others, matches=matches)) == (
        "90 characters with y (word for word, there first: it is cited there), "
        "80 with z (word for word, AP's text, too) and 70 with q (edited, which was first is unknown)"
    )


def test_what_is_the_same_for_all_that_share_is_told_once() -> None:
    matches = [match("x", id) for id in ("a", "b", "c", "d", "e")]
    assert findings.shared(found(article("x"), *map(article, "abcde"), matches=matches)) == (
        "100 characters with a, 100 with b, 100 with c (word for word, which was first is unknown) "
        "and parts with 2 more"
    )


def test_what_a_text_is_made_of_leaves_out_what_is_next_to_nothing() -> None:
    told = article("x", composition={"AP": 0.6, "own": 0.396, "repeated": 0.004})
    assert findings.made_of(found(told)) == "60% AP, 40% the outlet's own"
    assert findings.made_of(found(article("x", composition={"AP": 0.995, "unknown": 0.005}))) == ""
    assert findings.made_of(found(article("x", composition={}))) == ""
    assert findings.made_of(found(article("x"))) == ""


def test_what_two_agencies_sign_together_is_told_as_one() -> None:
    wire = {"agency": "CNN", "agencies": ["CNN", "AP"], "status": "confirmed", "share": "whole", "score": 5.0}
    passage = {"start": 0, "end": 50, "whose": "CNN/AP", "inferred_from": "y", "of": [20, 70]}
    told = article(
        "x", origin=wire | {"inferred_from": "y"}, composition={"CNN/AP": 0.9, "unknown": 0.1}, passages=[passage]
    )  # fmt: skip
    byline = {
        "agency": "CNN",
        "role": "origin",
        "kind": "byline",
        "start": 3,
        "end": 9,
        "text": "…",
        "weight": 4.5,
    }
    source = article("y", origin=wire | {"inferred_from": None}, credits=[byline, byline | {"agency": "AP"}])
    story = inherited.story(found(told, source), None)
    assert story.verdict == (
        "CNN and AP wrote this (confirmed): the text itself does not say so, "
        "but 90% of it is CNN and AP's copy, as in y."
    )
    assert [(p.label, p.article) for p in story.evidence] == [("passage", None), ("byline", "y")]


def test_a_part_that_is_somebody_else_s_speaks_against_unless_it_is_small() -> None:
    passages = [
        {"start": 0, "end": 50, "whose": "AP", "inferred_from": "y", "of": [20, 70]},
        {"start": 60, "end": 65, "whose": "dpa", "inferred_from": "z", "of": [0, 5]},
    ]
    told = article("x", composition={"unknown": 0.7, "AP": 0.28, "dpa": 0.02}, passages=passages)
    story = inherited.story(found(told, article("y"), article("z")), None)
    assert story.verdict == "Nobody can tell: it names no agency."
    assert [(p.label, p.says) for p in story.against] == [("but", "28% of it is AP's copy, as in y")]
