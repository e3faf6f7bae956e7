"""The lie of a page: what of it is prose, in whatever columns it is set."""

from __future__ import annotations

import textwrap

import pytest

from dedup.attribution.page import read_page

PROSE = (
    "The ferry to the outer islands stayed at its pier on Monday because of the storm, and engineers looked for "
    "cracks in its hull. They found none before the tide came in again, and the harbour master gave no reason."
)


@pytest.mark.parametrize("width", [30, 45, 65, 72, 300])
def test_prose_is_prose_in_narrow_columns_too(width: int) -> None:
    text = "\n".join(textwrap.wrap(PROSE, width))
    page = read_page(text)
    assert page.prose[-1] >= 0.7 * len(PROSE)


def test_headlines_buttons_and_captions_are_none() -> None:
    text = "Ferry stays in port\nShare\nPrint\nMore stories\nBy Anna Berg\n"
    assert read_page(text).prose[-1] == 0
    assert read_page(f"{text}{PROSE}\n", [(0, 5)]).prose[-1] == len(PROSE)
    assert read_page(PROSE, [(3, 9)]).prose[-1] == 0
