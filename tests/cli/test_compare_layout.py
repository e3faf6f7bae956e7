"""How a comparison is laid out, from comparisons made by hand.

RENEW_GOLDEN=1 pytest tests/cli/test_compare_layout.py

writes the golden files anew; read the difference before you commit it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from dedup.cli.excerpts import flowing, shown
from dedup.cli.side_by_side import NARROWEST, Look, lines
from dedup.model import Article, Match, MatchKind, MatchWeight, Similarity
from dedup.pairwise import Comparison, compare_fully

GOLDEN = Path(__file__).parent / "golden" / "compare"
IsGolden = Callable[[str, Path], None]

FLOOD = (
    "The Orrin rose three metres overnight and carried off the footbridge at Sill, which had stood since 1911. "
    "Nobody was on it. "
)
PUMPS = "Crews from four districts brought eleven pumps before dawn, and the hospital moved its records upstairs. "
QUOTE = "“I have fished here for fifty years and never seen it brown,” said Tolla Brandwick. "
FORECAST = "Forecasters expect the river to fall by Thursday, though more rain is on the way from the west. "
A = (
    "SILL — Schools stayed shut on Monday as the valley counted the cost of the night.\n\n"
    f"{FLOOD}{PUMPS}\n\n{QUOTE}The council meets on Tuesday to speak of a new bridge. {FORECAST}"
)
B = (
    f"{FORECAST.replace('Thursday', 'Friday')}That is too late for the lower town. "
    f"{FLOOD.replace('three', 'four')}Volunteers took pumps from four districts to the hospital, whose records were "
    f"carried to an upper floor. The mayor asked for patience, and for blankets.\n\n{QUOTE}"
)


def match(a: str, b: str, kind: MatchKind, similarity: float, weight: MatchWeight, reason: str) -> Match:
    a_start, b_start = A.index(a), B.index(b)
    return Match(
        "sill-courier", "orrin-post", a_start, a_start + len(a), b_start, b_start + len(b), similarity, kind, weight,
        reason=reason,
    )  # fmt: skip


@pytest.fixture
def flood() -> Comparison:
    """Four passages: edited, rewritten, a verbatim quotation, and one that stands at the end of A and the top of B."""
    new = "Volunteers took pumps from four districts to the hospital, whose records were carried to an upper floor."
    reporting = "shared reporting"
    matches = [
        match(
            FLOOD.strip(), FLOOD.replace("three", "four").strip(), "edited", 0.96, "substantial", reporting
        ),
        match(PUMPS.strip(), new, "rewritten", 0.42, "substantial", reporting),
        match(QUOTE.strip(), QUOTE.strip(), "verbatim", 1.0, "incidental", "quoted speech"),
        match(
            FORECAST.strip(),
            FORECAST.replace("Thursday", "Friday").strip(),
            "edited",
            0.94,
            "substantial",
            reporting,
        ),
    ]
    return Comparison(
        Article("sill-courier", A, "Night of the brown river", "Sill Courier", published="2031-11-03T07:30:00Z"),
        Article("orrin-post", B, "Orrin may fall by Friday", "Orrin Post", published="2031-11-03"),
        matches, Similarity(0.4321, 0.61), (0.78, 0.8), "version", True,
    )  # fmt: skip


def plain(found: Comparison, look: Look) -> list[str]:
    return [line.plain for line in lines(found, look)]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_page_is_the_golden_one(flood: Comparison, width: int, is_golden: IsGolden) -> None:
    told = plain(flood, Look(width))
    assert max(map(cell_len, told)) <= width
    is_golden("\n".join(told) + "\n", GOLDEN / f"flood-{width}.txt")


def test_the_coloured_page_is_the_golden_one(flood: Comparison, is_golden: IsGolden) -> None:
    console = Console(
        file=io.StringIO(), force_terminal=True, color_system="standard", width=120, no_color=False, highlight=False,
        legacy_windows=False, _environ={},
    )  # fmt: skip
    with console.capture() as capture:
        for line in lines(flood, Look(120, marked=False)):
            console.print(line, soft_wrap=True)
    is_golden(capture.get(), GOLDEN / "flood-120.ansi")


def test_a_passage_has_one_number_on_both_sides_and_says_that_it_was_moved(flood: Comparison) -> None:
    told = plain(flood, Look(120))
    for number in "1234":
        (row,) = [line for line in told if line.startswith(f"{number} ┃")]
        assert re.search(rf"│ {number} ┃ ", row)
    place = next(line for line in told if line.startswith("A [") and f"{flood.matches[3].a_start}, " in line)
    assert place.endswith("B [0, 93)  ↑ moved up")
    assert sum("moved up" in line for line in told) == 1


def test_in_a_pipe_every_piece_stands_on_one_line(flood: Comparison) -> None:
    told = plain(flood, Look(None))
    assert f"1 ┃ {FLOOD.replace('three', '{three}').strip()}" in told
    assert f"3 ┃ {QUOTE.strip()}" in told
    assert "A sill-courier" in told
    assert "B orrin-post" in told


def test_all_context_shows_every_word_of_both_texts_once(flood: Comparison) -> None:
    told = " ".join(plain(flood, Look(None, None, marked=False)))
    for sentence in re.split(r"(?<=\.) |\n+", A + "\n" + B):
        assert told.count(sentence.strip(" .,")) >= 1, sentence
    assert "…" not in told


def test_no_context_shows_nothing_but_what_is_shared(flood: Comparison) -> None:
    told = " ".join(plain(flood, Look(None, 0)))
    assert "SILL — Schools" not in told
    assert "patience" not in told
    assert "… 83 characters …" in told


def test_what_is_the_same_at_length_is_folded_alike_on_both_sides() -> None:
    a = " ".join(f"word{i}" for i in range(400))
    b = a.replace("word200 ", "other ")
    whole = Match("a", "b", 0, len(a), 0, len(b), 0.99, "edited", "substantial", reason="shared reporting")
    found = Comparison(Article("a", a), Article("b", b), [whole], Similarity(0.9, 0.9), (1.0, 1.0))
    told = plain(found, Look(None))
    left, right = ([line for line in told if "┃" in line][k * 5 : k * 5 + 5] for k in range(2))
    assert [line.replace("{word200}", "{other}") for line in left] == right
    assert [line for line in left if re.fullmatch(r"  ┃ … [\d,]+ characters …", line)] == [left[1], left[3]]
    assert "{word200}" in left[2]
    assert "…" not in "".join(plain(found, Look(None, None)))


def test_a_passage_without_end_is_shown_by_its_ends() -> None:
    text = "b" * 2_000_000
    whole = Match("a", "b", 0, len(text), 0, len(text), 1.0, "verbatim", "substantial")
    found = Comparison(Article("a", text), Article("b", text), [whole], Similarity(1.0, 1.0), (1.0, 1.0))
    assert len(plain(found, Look(120))) < 300
    assert any("b … 1,994,000 characters … b" in line for line in plain(found, Look(None)))


def test_passages_that_overlap_are_shown_each() -> None:
    text = "One two three four five six seven eight nine ten."
    matches = [
        Match("a", "b", 0, 28, 0, 28, 1.0, "verbatim", "substantial"),
        Match("a", "b", 8, 18, 28, 38, 0.5, "rewritten", "incidental"),
        Match("a", "b", 14, 48, 14, 48, 1.0, "verbatim", "boilerplate"),
    ]
    found = Comparison(Article("a", text), Article("b", text), matches, Similarity(1.0, 1.0), (1.0, 1.0))
    for width in (None, 60, 120):
        assert (
            len([line for line in plain(found, Look(width)) if "verbatim" in line or "rewritten" in line])
            >= 3
        )


def test_nothing_hidden_or_obeyed_comes_through() -> None:
    assert shown("a\x1b[2J\x00\x7f\x9b\u202e\ud800\ue000") == "a␛[2J␀\ufffd\ufffd\ufffd\ufffd\ufffd"
    assert shown("so\u00adft\ufeff \u200ftext\u2028end\x1c") == "soft text end "
    assert shown("می\u200cشود, е\u0301, 漢字, 👍🏽") == "می\u200cشود, е\u0301, 漢字, 👍🏽"
    assert flowing("one \t two\nthree\r\n\r\nfour") == "one two three ¶ four"


def test_columns_of_arabic_stay_where_they_are() -> None:
    text = "اندلع حريق في مستودع للحبوب"
    whole = Match("a", "b", 0, len(text), 0, len(text), 1.0, "verbatim", "substantial")
    found = Comparison(Article("a", text), Article("b", text), [whole], Similarity(1.0, 1.0), (1.0, 1.0))
    (row,) = [line for line in plain(found, Look(100)) if text in line]
    assert row == f"\u200e1 ┃ {text}\u200e{' ' * (48 - 4 - len(text))} │ 1 ┃ {text}"


ODD = st.text(st.sampled_from("ab漢字е\u0301ب\u202e\u200d\x1b\x00\ud800 \n.👍🏽\ufe0f\t“"), max_size=300)
SHARED = "the quick tide took the lower quay and eleven boats with it before the watch was awake"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ODD, ODD, ODD, st.integers(NARROWEST, 230), st.sampled_from([0, 1, 7, 40, None]), st.booleans())
def test_any_texts_are_shown_and_every_line_fits(
    one: str, two: str, three: str, width: int, context: int | None, marked: bool
) -> None:
    a = Article(one, f"{one} {SHARED}. {two} {SHARED} {three}", title=two, outlet=three, published=one)
    b = Article(three, f"{SHARED} {three} {two} {SHARED.replace('eleven', two)}", title=one)
    for found in (compare_fully(a, b), compare_fully(one, two)):
        told = plain(found, Look(width, context, marked))
        assert max(map(cell_len, told)) <= width
        assert not set("\x1b\x00\u202e\ud800\n") & set("".join(told))
        assert plain(found, Look(None, context, marked))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_matches_are_shown_whatever_they_claim(data: st.DataObject) -> None:
    a, b = data.draw(ODD.filter(bool)), data.draw(ODD.filter(bool))
    kinds = st.sampled_from(get_args(MatchKind))
    weights = st.sampled_from(get_args(MatchWeight))
    matches = []
    for _ in range(data.draw(st.integers(0, 12))):
        (a0, a1), (b0, b1) = (
            sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2))) for text in (a, b)
        )
        matches.append(Match("a", "b", a0, a1, b0, b1, 0.5, data.draw(kinds), data.draw(weights)))
    matches.sort(key=lambda match: (match.a_start, match.a_end, match.b_start, match.b_end))
    found = Comparison(Article("a", a), Article("b", b), matches, Similarity(0.5, 0.5), (0.5, 0.5))
    width = data.draw(st.sampled_from([NARROWEST, 60, 100, 160]))
    assert max(map(cell_len, plain(found, Look(width, data.draw(st.sampled_from([0, 9, None])))))) <= width
