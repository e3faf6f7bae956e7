"""What compiled code sees in a text spares searching it, and changes nothing of what is found there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.bait import BAITS
from dedup.attribution.agencies import load_agencies, parse_agencies
from dedup.attribution.credits import find_credits
from dedup.attribution.sightings import beginnings, sight
from dedup.model import Article

LISTED = load_agencies()
SOUGHT = beginnings(LISTED)
PIECES = st.one_of(
    st.sampled_from(sorted(LISTED.forms)),
    st.sampled_from(sorted({spelling.replace(" ", "\n  ") for spelling in LISTED.forms if " " in spelling})),
    st.sampled_from(
        ("(", ")", " - ", "\n", "’s ", "By Anna Berg, ", "\ud800", "é", "told ", "© 2031 ", "(ag.)", " Ag. D")
    ),
    st.sampled_from(("Agencies", "from wire reports", "AGENCE", "AGÊNCIAS", "وكالات", "Combined Dispatches")),
    st.text(max_size=4),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=12).map("".join), max_size=4))
def test_credits_are_the_same_as_by_searching(texts: list[str]) -> None:
    for text, seen in zip(texts, sight(texts, SOUGHT), strict=True):
        article = Article("a", text)
        assert find_credits(article, (), LISTED, seen) == find_credits(article, (), LISTED)


@pytest.mark.parametrize("name", sorted(BAITS))
def test_so_they_are_in_hostile_text(name: str) -> None:
    text = BAITS[name](5000)
    (seen,) = sight([text], SOUGHT)
    article = Article("a", text)
    assert find_credits(article, (), LISTED, seen) == find_credits(article, (), LISTED)


def test_every_spelling_is_seen_where_it_stands() -> None:
    spellings = sorted(LISTED.forms)
    texts = [f"x {spelling} x" for spelling in spellings]
    unseen = [
        s for s, seen in zip(spellings, sight(texts, SOUGHT), strict=True) if 2 not in (seen.names or ())
    ]
    assert not unseen


def test_most_prose_holds_nothing_to_look_at() -> None:
    text = "Ferries stopped on Monday when the harbour froze, and the islands waited for bread.\n" * 20
    (seen,) = sight([text], SOUGHT)
    assert (seen.names, seen.nobody, seen.abbreviated) == ([], False, False)


def test_a_list_of_ones_own_is_seen_as_well() -> None:
    own = parse_agencies('[[agency]]\nname = "Q"\ncode = "Q"\nkind = "agency"\nnames = ["x Ünwire"]\n')
    (seen,) = sight(["- x\n\nÜnwire"], beginnings(own))
    assert seen.names == [2]
