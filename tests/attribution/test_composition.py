"""What a text is made of, where credits conflict."""

from pathlib import Path

from dedup import run
from dedup.readers import read, refuse


def test_of_two_copies_with_rival_credits_each_keeps_its_own(seeds: Path) -> None:
    (original,) = read(
        [str(seeds / "ferry-strike" / "ap-original.txt")], on_reject=refuse, on_notice=lambda _: None
    )
    body = original.text.split("—", 1)[1]
    result = run([{"id": "a", "text": f"OSLO (AP) —{body}"}, {"id": "b", "text": f"OSLO (Reuters) -{body}"}])
    assert [dict(verdict.composition) for verdict in result.articles] == [{"AP": 1.0}, {"Reuters": 1.0}]
