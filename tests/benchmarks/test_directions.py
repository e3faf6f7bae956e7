"""What the measure of directions counts."""

import json
from pathlib import Path

import pytest

from benchmarks.directions import directed, measure
from dedup.model import Direction, Match


def match(a: str, b: str, direction: Direction, why: str = "") -> Match:
    return Match(a, b, 0, 9, 0, 9, 1.0, "verbatim", "substantial", direction, direction_reason=why)


def test_a_pair_is_read_as_the_gold_names_it() -> None:
    assert directed([match("x", "y", "a->b", "why")], "x") == ("a->b", "why")
    assert directed([match("x", "y", "a->b", "why")], "y") == ("b->a", "why")
    assert directed([match("x", "y", "unknown", "both AP's")], "x") == ("unknown", "both AP's")
    assert directed([], "x") == ("unknown", "")


@pytest.mark.parametrize(("gold", "clocks", "bin"), [
    ("a->b", True, "right"), ("b->a", True, "wrong"), ("unknown", True, "unasked"),
    ("a->b", False, "missed"), ("unknown", False, "silent"),
])  # fmt: skip
def test_every_pair_is_counted_once(gold: str, clocks: bool, bin: str, tmp_path: Path) -> None:
    text = " ".join(
        f"The harbour master of Velm counted {n} barges at the lock on Monday." for n in range(20)
    )
    folder = tmp_path / "helsinki" / "gold"
    folder.mkdir(parents=True)
    rows = [
        {"id": "x", "text": text, "outlet": "velm.example", "date": "2031-05-01T10:00:00Z"},
        {"id": "y", "text": text, "outlet": "sund.example", "date": "2031-05-06T10:00:00Z"},
    ]
    (tmp_path / "helsinki" / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)))
    pair = {"a": "x", "b": "y", "label": "duplicate", "kind": "exact", "direction": gold, "note": ""}
    (folder / "pairs.jsonl").write_text(json.dumps(pair))
    score = measure(tmp_path, clocks=clocks)
    counted = {name: len(getattr(score, name)) for name in ("right", "wrong", "missed", "unasked", "silent")}
    assert counted == {**dict.fromkeys(counted, 0), bin: 1}
