"""Forms: where a block stands on its page, told from its lines."""

import pytest

from dedup.matching.forms import FILLS, NEARLY, Page, Span, is_credit

SENTENCE = "Every crane along the eastern quay has been looked at by two engineers"


def block(text: str, of: str = SENTENCE) -> tuple[Page, Span]:
    start = text.index(of)
    return Page(text), (start, start + len(of))


@pytest.mark.parametrize(
    "line",
    [
        "(Nadia Fell / Harbour News)",
        "Nadia Fell/Harbour News via AP)",
        "Nadia Fell, AP",
        "Nadia Fell | EPA-EFE",
        "Photo: Nadia Fell, The Harbour",
        "Credit: Harbour Police",
        "Nadia Fell, Getty Images",
        "(AP Photo/Nadia Fell)",
    ],
)
def test_lines_of_credit(line: str) -> None:
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "By Nadia Fell, AP",
        "PORT ANSEL, May 3",
        "The harbour is shut, the AP said.",
        "Harbour news",
        "",
        "A" * 90,
    ],
)
def test_lines_that_are_no_credit(line: str) -> None:
    assert not is_credit(line)


@pytest.mark.parametrize(
    ("line", "fills"),
    [
        (SENTENCE, FILLS),
        (f"“{SENTENCE}.”", FILLS),
        (f"{SENTENCE} ... more", FILLS),
        (f"Safe again: {SENTENCE}", NEARLY),
        (f"{SENTENCE}, the master of the harbour told the council.", 0),
    ],
)
def test_how_far_a_block_fills_its_line(line: str, fills: int) -> None:
    page, span = block(f"Before.\n{line}\nBehind.")
    assert page.fills(span) == fills


def test_lines_of_text_broken_at_a_column_are_its_paragraphs() -> None:
    lines = [
        "   The harbour of the",
        "town is shut for now and",
        SENTENCE,
        "as the master said on",
        "Monday.",
    ]
    page, span = block("\n".join([*lines, "   It will open."]))
    assert page.fills(span) == 0
    assert page.lines_behind(span[1], 1) == ["It will open."]


def test_neighbouring_lines_are_the_nearest_that_are_not_empty() -> None:
    page, span = block(f"One\nTwo\n\n{SENTENCE}\n \n\nThree\tFour")
    assert page.lines_before(span[0], 2) == ["Two", "One"]
    assert page.lines_behind(span[1], 2) == ["Three", "Four"]
    assert page.lines_before(0, 2) == []
