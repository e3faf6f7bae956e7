"""Whose own people signed: a byline of the house, and none of an agency's."""

from __future__ import annotations

import pytest

from dedup.attribution.agencies import load_agencies
from dedup.attribution.own import find_own
from dedup.model import Article

TEXT = "\nFerries stopped on Monday when the harbour froze."


@pytest.mark.parametrize(
    ("byline", "outlet", "kind"),
    [
        ("By Anna Berg", None, "writer"),
        ("By Anna Berg, Staff writer", None, "staff"),
        ("By Anna Berg, Fjord Times", "fjordtimes.example", "staff"),
        ("By Anna Berg\nSenior Correspondent", None, "staff"),
        ("By Jan Olsen, CNN", "cnn.com", "staff"),
        ("By Jan Olsen, CNN", "fjord.example", None),
        ("By Jan Olsen, CNN and Reuters", "cnn.com", None),
        ("By Jan Olsen, Associated Press", "AP", "staff"),
        ("By Jan Olsen, Associated Press", "cnn.com", None),
        ("By Petra Olsen", None, "writer"),
        ("By AP Staff", None, None),
        ("By the sea", None, None),
    ],
)
def test_tells_the_house_from_the_agencies(byline: str, outlet: str | None, kind: str | None) -> None:
    listed = load_agencies()
    in_text = find_own(Article("a", byline + TEXT, outlet=outlet), listed)
    assert (in_text.kind if in_text else None) == kind
    if "\n" not in byline:
        field = find_own(Article("a", TEXT, outlet=outlet, byline=byline), listed)
        assert (field.kind if field else None) == kind


def test_points_at_the_signature() -> None:
    own = find_own(Article("a", "Harbour closed\nBy Anna Berg, Staff writer" + TEXT), load_agencies())
    assert own is not None
    assert (own.start, own.end) == (18, 41)
