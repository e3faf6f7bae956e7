"""Pages that are no article, told by their form."""

import time

import pytest

from dedup.text.pages import ARTICLE, DIGEST, INDEX, page_kind

TEASER = "The council of Brekke will vote tonight on whether the old tram line may be ...\nFjord Post\n2 hours ago\n"
ITEM = "BREKKE, Norway (AP) — The council voted on Monday to dig up the old tram line. Work begins in May.\n___\n"
PROSE = (
    "“Well ... nobody asked us,” said the keeper of the depot. The line was laid in 1911 and has no lamps.\n"
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", ARTICLE),
        (PROSE * 20, ARTICLE),
        (ITEM + PROSE * 20, ARTICLE),
        ("They waited …\n" * 4, ARTICLE),
        # Teasers that break off, line after line.
        (TEASER * 5, INDEX),
        (TEASER.replace(" ...", "… more") * 5, INDEX),
        (TEASER.replace("\n", "\r\n") * 5, INDEX),
        (TEASER * 4, ARTICLE),
        (TEASER * 5 + PROSE * 40, ARTICLE),
        # Items under datelines of their own, or under bullets.
        (ITEM * 3, DIGEST),
        (ITEM * 2, ARTICLE),
        (ITEM.replace("BREKKE, Norway (AP)", "SÃO TOMÉ (Reuters)") * 3, DIGEST),
        (PROSE.replace("“", "(AP) — “") * 9, ARTICLE),
        ("• The tram line is dug up.\nIt was laid in 1911.\n" * 8, DIGEST),
        ("• The tram line is dug up.\n" * 7, ARTICLE),
    ],
)
def test_a_page_is_known_by_its_form(text: str, kind: int) -> None:
    assert page_kind(text) == kind


@pytest.mark.parametrize("text", ["...", "… ", "A" * 9, "AB (AB) ", "• ", "\n ", "AB, Ab Ab (", ". . ."])
def test_hostile_text_costs_linear_time(text: str) -> None:
    started = time.perf_counter()
    page_kind(text * (2_000_000 // len(text)))
    assert time.perf_counter() - started < 5
