"""What the readings of a run say, on results made by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import helsinki
from dedup.model import Match, Origin, PairRelation, Relation, Repeat, RepeatKind, Result, Verdict


def verdict(
    id: str,
    cluster: str | None = None,
    relation: Relation = "unique",
    canonical: str | None = None,
    origin: Origin | None = None,
    repeats: tuple[Repeat, ...] = (),
) -> Verdict:
    return Verdict(
        id,
        f"{id}.example",
        None,
        None,
        None,
        cluster,
        relation,
        canonical,
        None,
        origin or Origin(),
        (),
        {},
        repeats,
    )


def match(a: str, b: str, weight: Any, relation: PairRelation | None = None) -> Match:
    return Match(a, b, 0, 10, 0, 10, 1.0, "verbatim", weight, relation=relation)


def reading(verdicts: list[Verdict], *matches: Match) -> helsinki.Reading:
    return helsinki.read(Result(tuple(verdicts), (), matches, (), {}))


def write(root: Path, name: str, rows: list[dict[str, Any]]) -> None:
    path = root / "helsinki" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


CLUSTERED = [
    verdict("a", "c1", "original"),
    verdict("b", "c1", "duplicate", "a"),
    verdict("c", "c1", "version", "a"),
    verdict("d"),
    verdict("e"),
]


@pytest.mark.parametrize(
    ("pair", "itself", "by_clusters"),
    [
        ("ab", "none", "duplicate"),
        ("ac", "none", "version"),
        ("bc", "duplicate", "version"),
        ("da", "partial", "partial"),
        ("ad", "partial", "partial"),
        ("ae", "incidental", "incidental"),
        ("de", "none", "none"),
    ],
)
def test_relation_of_a_pair(pair: str, itself: str, by_clusters: str) -> None:
    of = reading(
        CLUSTERED,
        match("b", "c", "substantial", "duplicate"),
        match("a", "d", "incidental", "partial"),
        match("a", "d", "substantial", "partial"),
        match("e", "a", "incidental"),
    )
    assert of.relation(*pair) == itself
    assert of.cluster_relation(*pair) == by_clusters


def test_relations_are_measured_as_the_gold_is_read(tmp_path: Path) -> None:
    labels = ["duplicate", "version", "partial", "incidental", "unrelated", "version"]
    rows: list[dict[str, Any]] = [{"a": str(i), "b": "x", "label": label} for i, label in enumerate(labels)]
    rows[5]["same_story_text_missing"] = True
    write(tmp_path, "gold/pairs.jsonl", rows)
    told = dict(zip("01234", ["version", "partial", "partial", "duplicate", "boilerplate"], strict=True))
    relations = helsinki.relations(tmp_path, lambda a, b: told[a])
    assert relations.counts == dict.fromkeys(zip(labels[:5], told.values(), strict=True), 1)
    assert relations.same_text == (1, 1, 1)
    assert relations.share(["incidental", "unrelated"], helsinki.RELATIONS[3:]) == (1, 2)
    assert [row["a"] for row, _ in relations.errors()] == ["1", "3"]


def test_reuse_tells_direct_from_canonical_from_missed(tmp_path: Path) -> None:
    pairs = [("a", "b", 0.9), ("b", "d", 0.6), ("d", "e", 0.5), ("a", "e", 0.49)]
    write(tmp_path, "exact_pairs.jsonl", [{"a": a, "b": b, "containment5": c} for a, b, c in pairs])
    found = helsinki.reuse(tmp_path, reading(CLUSTERED, match("a", "d", "substantial")))
    assert [len(rows) for rows in (found.direct, found.through_canonicals, found.missed)] == [1, 1, 1]
    assert found.total == 3


@pytest.mark.parametrize(
    ("span", "of", "kind"), [((100, 200), (0, 90), "repeat"), ((150, 200), (0, 90), "none")]
)
def test_a_repeat_answers_when_it_covers_more_than_half_of_both_spans(
    tmp_path: Path, span: tuple[int, int], of: tuple[int, int], kind: RepeatKind
) -> None:
    row = {"id": "a", "label": "repeat", "spans": [[100, 200], [0, 90]]}
    write(tmp_path, "gold/repeats.jsonl", [row])
    stray = Repeat(900, 950, (800, 850), "caption")
    found = helsinki.repeats(tmp_path, reading([verdict("a", repeats=(Repeat(*span, of, "repeat"), stray))]))
    assert found.found == {("repeat", kind): 1}
    assert found.answering == {"repeat": 1}
    assert found.strays == [("a", stray)]


def test_two_repeats_of_one_place_answer_a_pair_of_their_blocks(tmp_path: Path) -> None:
    row = {"id": "a", "label": "caption", "spans": [[100, 200], [300, 400]]}
    write(tmp_path, "gold/repeats.jsonl", [row])
    ours = (Repeat(100, 200, (0, 90), "caption"), Repeat(300, 400, (0, 90), "caption"))
    found = helsinki.repeats(tmp_path, reading([verdict("a", repeats=ours)]))
    assert found.found == {("caption", "caption"): 1}
    assert (found.answering, found.strays) == ({"caption": 2}, [])


def test_a_repeat_that_answers_a_template_is_a_stray(tmp_path: Path) -> None:
    row = {"id": "a", "label": "template/not a repeat", "spans": [[100, 200], [0, 90]]}
    write(tmp_path, "gold/repeats.jsonl", [row])
    ours = Repeat(100, 200, (0, 90), "pullquote")
    found = helsinki.repeats(tmp_path, reading([verdict("a", repeats=(ours,))]))
    assert found.found == {("template/not a repeat", "pullquote"): 1}
    assert (found.answering, found.strays) == ({}, [("a", ours)])


def test_origins_read_and_inferred_are_counted_apart(tmp_path: Path) -> None:
    def gold(id: str, origin: list[str], status: str, **fields: Any) -> dict[str, Any]:
        return {"id": id, "origin": origin, "status": status, "own_site": False, "sampled": "x", **fields}

    rows = [
        gold("a", ["RTR"], "credited"),
        gold("b", ["AP"], "inferred"),
        gold("c", [], "unknown"),
        gold("d", ["AP"], "credited", own_site=True),
        gold("e", ["AP"], "credited", sampled="supplement_matched_text"),
    ]
    write(tmp_path, "gold/origins.jsonl", rows)
    verdicts = [
        verdict("a", origin=Origin("Reuters", "whole", "confirmed", 5.0)),
        verdict("b", origin=Origin("AP", "whole", "probable", 4.0, inferred_from="e")),
        verdict("c", origin=Origin("AP", "partial", "possible", 1.0)),
        verdict("d"),
        verdict("e"),
    ]
    origins = helsinki.origins(tmp_path, reading(verdicts))
    assert len(origins.rows) == 3
    read = origins.claims(helsinki.CLAIMED, inferred=False)
    assert [row["id"] for row, _ in read] == [row["id"] for row, _ in origins.right(read)] == ["a"]
    assert [row["id"] for row, _ in origins.claims(helsinki.CLAIMED, inferred=True)] == ["b"]
    possible = origins.claims(["possible"], inferred=False)
    assert [row["id"] for row, _ in possible] == ["c"]
    assert origins.right(possible) == []
    assert [row["id"] for row, _ in origins.gold("credited")] == ["a"]
