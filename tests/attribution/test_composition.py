"""What a text is made of, where credits conflict."""

from dedup import run


def test_of_two_copies_with_rival_credits_each_keeps_its_own() -> None:
    body = " ".join(
        f"Sentence number {n} tells of the ferry strike in the port of Velmora." for n in range(20)
    )
    result = run(
        [{"id": "a", "text": f"OSLO (AP) — {body}"}, {"id": "b", "text": f"OSLO (Reuters) - {body}"}]
    )
    assert [dict(verdict.composition) for verdict in result.articles] == [{"AP": 1.0}, {"Reuters": 1.0}]
