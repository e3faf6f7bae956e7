"""Sentences about whose text it is, made from records."""

from __future__ import annotations

from typing import Any

import pytest

from dedup.cli.english import listed, percent, possessive
from dedup.cli.wording import Piece, Signature, against, evidence, tell, verdict


def credit(agency: str | None, role: str, kind: str, weight: float, **more: Any) -> dict[str, Any]:
    found = {
        "agency": agency,
        "role": role,
        "kind": kind,
        "start": 5,
        "end": 9,
        "text": "…",
        "weight": weight,
    }
    return found | more


def origin(agency: str | None, status: str, share: str = "whole", **more: Any) -> dict[str, Any]:
    return {"agency": agency, "status": status, "share": share, "score": 5.0, "inferred_from": None} | more


NOBODY = origin(None, "unknown", "none")
DATELINE = credit("AP", "origin", "dateline", 5.0)
OWN = Piece("own byline", "the outlet's own byline stands over it", "Jo Hale, staff", 0, 0)


@pytest.mark.parametrize(
    ("whose", "credits", "expected"),
    [
        (origin("AP", "confirmed"), [DATELINE], "AP wrote this (confirmed): its dateline opens the text."),
        (origin("AP", "probable"), [DATELINE], "AP probably wrote this: its dateline opens the text."),
        (
            origin("AP", "confirmed", "partial"),
            [DATELINE],
            "AP wrote part of this (confirmed): its dateline opens the text.",
        ),
        (
            origin("AFP", "confirmed", agencies=["AFP", "AP"]),
            [DATELINE | {"agency": "AFP"}, DATELINE],
            "AFP and AP wrote this (confirmed): their dateline opens the text.",
        ),
        (
            origin("Reuters", "possible", "partial"),
            [credit("Reuters", "cited", "told", 1.0), credit("Reuters", "cited", "told", 0.0)],
            "Reuters possibly wrote this: somebody told it something twice (counted once), "
            "and no byline says otherwise.",
        ),
        (
            origin("AP", "confirmed"),
            [DATELINE, credit("PTI", "carrier", "dateline", 5.0)],
            "AP wrote this (confirmed), passed on by PTI: its dateline opens the text.",
        ),
        (
            origin(None, "confirmed", issuer="Acme"),
            [credit("Business Wire", "carrier", "dateline", 5.0)],
            "Acme issued this as a press release (confirmed), sent through Business Wire: "
            "a line of Business Wire opens the text.",
        ),
        (NOBODY, [], "Nobody can tell from the text alone: it names no agency."),
        (
            NOBODY,
            [credit("Reuters", "photo", "photo", 0.0), credit("Reuters", "cited", "told", 0.0)],
            "Nobody can tell from the text alone: Reuters took a picture and is quoted; neither makes an author.",
        ),
        (
            NOBODY,
            [credit(name, "cited", "said", -1.0) for name in ("AP", "dpa", "EFE")],
            "Nobody can tell from the text alone: AP, dpa and EFE are quoted; none of it makes an author.",
        ),
        (
            NOBODY,
            [credit(None, "unnamed", "byline", 0.0)],
            "Nobody can tell from the text alone: agencies are credited without a name, "
            "which makes nobody its author.",
        ),
    ],
)
def test_a_verdict_is_one_sentence(whose: dict[str, Any], credits: list[Any], expected: str) -> None:
    assert verdict(whose, credits) == expected


def test_a_kind_of_credit_that_nobody_knows_yet_is_named_all_the_same() -> None:
    told = verdict(origin("AP", "confirmed"), [credit("AP", "origin", "{water}mark", 6.0)])
    assert told == "AP wrote this (confirmed): it is named ({water}mark)."


def test_evidence_is_the_best_of_each_kind_and_three_pieces_at_most() -> None:
    credits = [
        credit("AP", "origin", "initials", 0.5),
        credit("AP", "origin", "tail", 5.0, start=90, end=94),
        credit("AP", "origin", "byline", 4.5),
        credit("AP", "origin", "tail", 2.0, start=1, end=3),
        credit("AP", "origin", "dateline", 5.0),
        credit("Reuters", "photo", "photo", 0.0),
    ]
    found = evidence(origin("AP", "confirmed"), credits)
    assert [piece.label for piece in found] == ["credit line", "dateline", "byline"]
    assert found[0].start == 90


def test_a_rival_s_claim_a_stranger_s_words_and_what_lost_speak_against_a_verdict() -> None:
    credits = [
        credit("CNN", "origin", "host", 1.0),
        credit("Reuters", "origin", "byline", 4.5),
        credit("Reuters", "cited", "said", -1.0),
    ]
    whose = origin("Reuters", "probable", conflicts=["CNN", "AFP"], score=4.5)
    assert [piece.says for piece in against(whose, credits)] == [
        "CNN has a weaker claim, too: it is published on its own site",
        "Reuters is quoted as by a stranger",
        "AFP has a claim, too, by what the text shares with others",
    ]


def test_a_staff_byline_is_the_outlet_s_own_and_speaks_against_an_agency() -> None:
    staff = Signature("staff", OWN)
    assert tell(NOBODY, [], staff).verdict == "The outlet's own, says its byline; no agency is credited."
    assert tell(NOBODY, [], staff).evidence == [OWN]
    story = tell(origin("AP", "confirmed", "partial"), [DATELINE], staff)
    assert [(piece.label, piece.text) for piece in story.against] == [("against", "Jo Hale, staff")]
    assert not tell(origin("CNN", "confirmed"), [credit("CNN", "origin", "host", 5.0)], staff).against


def test_a_writer_s_name_alone_speaks_against_a_mere_possibility_only() -> None:
    writer = Signature("writer", OWN)
    assert not tell(origin("AP", "confirmed"), [DATELINE], writer).against
    told = credit("AP", "cited", "told", 1.0)
    assert tell(origin("AP", "possible", "partial"), [told], writer).against
    assert "its byline names a writer and no agency" in tell(NOBODY, [], writer).verdict


def test_names_are_listed_and_own_things() -> None:
    assert [listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert (possessive("AP"), possessive("Reuters")) == ("AP's", "Reuters'")


def test_a_share_is_neither_none_nor_all_where_it_is_not() -> None:
    assert [percent(x) for x in (0.001, 0.01, 0.5, 0.994, 0.999, 1.0)] == [
        "less than 1%", "1%", "50%", "99%", "nearly all", "all",
    ]  # fmt: skip
