"""Weights: what makes a shared passage copied reporting, and what makes it merely common; rows are made by hand."""

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from dedup.matching import columns
from dedup.matching.weights import (
    BACKGROUND,
    BOILERPLATE,
    CAPTION,
    COMMON,
    QUOTATION,
    REASONS,
    REWORDED,
    STANDING,
    SUBSTANTIAL,
    TEASERS,
    Weights,
    weigh,
)
from dedup.text.pages import ARTICLE, INDEX

Rows = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]


def row(tokens: int, *, pair: int = 0, a: int = 0, b: int = 0, **more: int) -> dict[str, int]:
    """A verbatim match of one sentence, all narrative, that begins at token `a` of one text and `b` of the other."""
    return {
        "PAIR": pair, "A0": a, "A1": a + tokens, "B0": b, "B1": b + tokens, "MATCHED": tokens, "LONGEST": tokens,
        "QUOTES": 0, "CAPTIONS": 0, "SENTENCES": 1, "MOVED": 0, "FRESH_A": tokens, "FRESH_B": tokens, **more,
    }  # fmt: skip


def rows_of(matches: Sequence[dict[str, int]]) -> Rows:
    rows = np.zeros((len(matches), len(columns.COLUMNS)), np.int32)
    for filled, match in zip(rows, matches, strict=True):
        for name, value in match.items():
            if name not in ("EXACT", "LONGEST"):
                filled[getattr(columns, name)] = value
    return rows


def copied_in(matches: Sequence[dict[str, int]]) -> Rows:
    """The words of these matches that stand in exact runs: all that are matched, unless told."""
    words = [match.get("EXACT", match["MATCHED"]) - match["CAPTIONS"] for match in matches]
    told = [max(count - match["QUOTES"], 0) for count, match in zip(words, matches, strict=True)]
    longest = [match["LONGEST"] for match in matches]
    return np.array([words, words, told, longest], np.int32).T.reshape(-1, 4)


def plain(count: int) -> npt.NDArray[np.uint8]:
    """So many pages that are articles."""
    return np.full(count, ARTICLE, np.uint8)


def weighed(*matches: dict[str, int], body: tuple[int, int] = (400, 500)) -> Weights:
    """One pair of two outlets' articles on different stories."""
    pairs = np.array([[0, 1]], np.int64)
    return weigh(
        rows_of(matches),
        copied_in(matches),
        pairs,
        np.array(body, np.int64),
        np.array([0, 1]),
        np.arange(2),
        plain(2),
    )


def reasons(*matches: dict[str, int], body: tuple[int, int] = (400, 500)) -> list[int]:
    return [int(reason) for reason in weighed(*matches, body=body).reason]


@pytest.mark.parametrize(
    ("reason", "weight"),
    [
        (SUBSTANTIAL, "substantial"),
        (CAPTION, "incidental"),
        (QUOTATION, "incidental"),
        (BACKGROUND, "incidental"),
        (BOILERPLATE, "boilerplate"),
        (COMMON, "incidental"),
        (STANDING, "incidental"),
        (TEASERS, "boilerplate"),
        (REWORDED, "incidental"),
    ],
)
def test_only_shared_reporting_is_substantial(reason: int, weight: str) -> None:
    assert REASONS[reason][0] == weight
    assert REASONS[reason][1]


@pytest.mark.parametrize(
    ("match", "reason"),
    [
        # A caption: half of the match, and little body text beside it.
        (row(30, CAPTIONS=30), CAPTION),
        (row(30, CAPTIONS=15), CAPTION),
        (row(30, CAPTIONS=14), BACKGROUND),
        (row(50, CAPTIONS=26), CAPTION),
        (row(50, CAPTIONS=25), BACKGROUND),
        (row(30, CAPTIONS=30, QUOTES=30), CAPTION),
        # Speech that both quote.
        (row(20, QUOTES=12), QUOTATION),
        (row(20, QUOTES=11), BACKGROUND),
        (row(120, QUOTES=120, SENTENCES=5), QUOTATION),
        # A sentence of background.
        (row(8), BACKGROUND),
        (row(39), BACKGROUND),
        # Reporting, by its narrative…
        (row(40), SUBSTANTIAL),
        (row(60, QUOTES=20), SUBSTANTIAL),
        (row(60, QUOTES=21), BACKGROUND),
        (row(70, CAPTIONS=30), SUBSTANTIAL),
        (row(69, CAPTIONS=30), BACKGROUND),
        (row(100, FRESH_A=40), SUBSTANTIAL),
        (row(100, FRESH_A=39), BACKGROUND),
        # … copied word for word, with a run that chance does not give: the same event in other words is no copy.
        (row(60, LONGEST=12), SUBSTANTIAL),
        (row(60, LONGEST=11), BACKGROUND),
        (row(200, EXACT=40), SUBSTANTIAL),
        (row(200, EXACT=39), BACKGROUND),
        # … or by one run that spans two sentences of it.
        (row(30, SENTENCES=2), SUBSTANTIAL),
        (row(30, SENTENCES=1), BACKGROUND),
        (row(30, SENTENCES=2, QUOTES=1), BACKGROUND),
        (row(39, SENTENCES=2, LONGEST=29), BACKGROUND),
        (row(39, SENTENCES=2, LONGEST=30), SUBSTANTIAL),
    ],
)
def test_a_passage_is_weighed_by_what_it_is_made_of(match: dict[str, int], reason: int) -> None:
    assert reasons(match) == [reason]


def test_narrative_adds_up_over_a_pairs_matches() -> None:
    assert reasons(row(25), row(15, a=100, b=200)) == [SUBSTANTIAL] * 2
    assert reasons(row(25), row(14, a=100, b=200)) == [BACKGROUND] * 2
    assert weighed(row(25), row(35, a=100, b=200, QUOTES=5)).narrative.tolist() == [55]


def test_names_and_turns_of_phrase_do_not_add_up_to_reporting() -> None:
    scraps = [row(11, a=40 * i, b=40 * i) for i in range(1, 9)]
    assert reasons(row(25), *scraps) == [BACKGROUND] * 9
    assert reasons(row(25), row(12, a=100, b=200), row(12, a=200, b=300)) == [SUBSTANTIAL] * 3


def test_what_is_said_again_in_other_words_is_not_substantial_beside_what_was_copied() -> None:
    assert reasons(row(60), row(40, a=100, b=100, EXACT=0)) == [SUBSTANTIAL, REWORDED]
    assert reasons(row(60), row(40, a=100, b=100, EXACT=8)) == [SUBSTANTIAL] * 2


@pytest.mark.parametrize(
    ("brief", "shared", "reason"),
    [(40, 28, SUBSTANTIAL), (40, 27, QUOTATION), (12, 12, SUBSTANTIAL), (11, 11, QUOTATION)],
)
def test_a_brief_that_is_mostly_copied_is_reporting_quotations_and_all(
    brief: int, shared: int, reason: int
) -> None:
    assert reasons(row(shared, QUOTES=shared), body=(brief, 500)) == [reason]
    assert reasons(row(shared, QUOTES=shared), body=(500, brief)) == [reason]


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        (row(8, a=200, b=300), SUBSTANTIAL),
        (row(7, a=200, b=300), BACKGROUND),
        (row(20, a=200, b=300, QUOTES=20), QUOTATION),
        (row(20, a=200, b=300, CAPTIONS=20), CAPTION),
    ],
)
def test_scraps_beside_shared_reporting_stay_what_they_are(beside: dict[str, int], reason: int) -> None:
    assert reasons(row(60), beside) == [SUBSTANTIAL, reason]


def test_captions_cover_nothing() -> None:
    weights = weighed(row(40, CAPTIONS=40), row(60, a=100, b=100), body=(120, 240))
    assert weights.coverage.tolist() == [[0.5, 0.25]]
    assert weights.narrative.tolist() == [60]


def test_a_match_of_any_length_covers_what_it_covers() -> None:
    weights = weighed(row(300_000), body=(300_000, 600_000))
    assert weights.coverage.tolist() == [[1.0, 0.5]]


def test_what_a_stronger_match_covers_is_not_counted_twice() -> None:
    weights = weighed(row(60), row(60, b=200, FRESH_A=0), body=(120, 240))
    assert weights.narrative.tolist() == [60]
    assert weights.coverage.tolist() == [[0.5, 0.5]]


def printed(
    outlets: Sequence[int],
    tokens: int = 36,
    story: Sequence[int] | None = None,
    body: int = 400,
    at: int = 100,
) -> list[int]:
    """Every reason for a passage that stands under all of so many articles, each compared with each."""
    count = len(outlets)
    pairs = np.array([(i, j) for j in range(count) for i in range(j)], np.int64).reshape(-1, 2)
    matches = [row(tokens, pair=p, a=at + 2 * i, b=at + 2 * j) for p, (i, j) in enumerate(pairs.tolist())]
    stories = np.arange(count) if story is None else np.array(story, np.int64)
    weights = weigh(
        rows_of(matches),
        copied_in(matches),
        pairs,
        np.full(count, body),
        np.array(outlets, np.int64),
        stories,
        plain(count),
    )
    return sorted(set(weights.reason.tolist()))


@pytest.mark.parametrize("at", [0, 36, 324])
def test_an_outlet_prints_its_boilerplate_at_the_edge_of_three_unrelated_stories(at: int) -> None:
    assert printed([5, 5, 5], at=at) == [BOILERPLATE]
    assert printed([5, 5], at=at) == [BACKGROUND]
    assert printed([5, 6, 7], at=at) == [BACKGROUND]
    assert printed([-1, -1, -1], at=at) == [BACKGROUND]


def test_a_paragraph_inside_three_stories_of_an_outlet_is_its_background() -> None:
    assert printed([5] * 3) == [BACKGROUND]
    assert printed([5] * 5, tokens=60) == [SUBSTANTIAL]
    assert printed([5] * 6, tokens=60) == [BOILERPLATE]


def test_what_unrelated_pages_carry_at_their_edge_is_no_reporting() -> None:
    assert printed([5, 6, 7], tokens=60, at=0) == [SUBSTANTIAL]
    assert printed([5, 6, 7, 8], tokens=60, at=0) == [STANDING]
    assert printed([5, 6, 7, 8], tokens=60) == [SUBSTANTIAL]


def test_nothing_is_copied_from_a_list_of_teasers() -> None:
    pairs = np.array([[0, 1], [0, 2]], np.int64)
    pages = np.array([ARTICLE, ARTICLE, INDEX], np.uint8)
    matches = [row(60), row(60, pair=1)]
    weights = weigh(
        rows_of(matches), copied_in(matches), pairs, np.full(3, 80), np.full(3, -1), np.arange(3), pages
    )
    assert weights.reason.tolist() == [SUBSTANTIAL, TEASERS]
    assert weights.coverage.tolist() == [[0.75, 0.75], [0.0, 0.0]]


def test_boilerplate_is_short_and_its_articles_differ() -> None:
    assert printed([5, 5, 5], tokens=120, at=0) == [BOILERPLATE]
    assert printed([5, 5, 5], tokens=121, at=0) == [SUBSTANTIAL]
    assert printed([5, 5, 5], body=73, at=0) == [BOILERPLATE]
    assert printed([5, 5, 5], body=72, at=0) == [BACKGROUND]


def test_a_footer_that_is_half_of_short_briefs_is_boilerplate_where_enough_print_it() -> None:
    assert printed([5] * 9, tokens=84, body=130, at=0) == [BOILERPLATE]
    assert printed([5] * 8, tokens=84, body=130, at=0) == [SUBSTANTIAL]
    assert printed([5] * 20, tokens=168, body=600, at=0) == [BOILERPLATE]
    # Nothing beside it could tell the articles apart: these are copies.
    assert printed([5] * 9, tokens=84, body=100, at=0) == [SUBSTANTIAL]


def test_boilerplate_covers_nothing() -> None:
    pairs = np.array([[0, 1], [0, 2], [1, 2]], np.int64)
    matches = [row(60, pair=p) for p in range(3)]
    weights = weigh(
        rows_of(matches),
        copied_in(matches),
        pairs,
        np.full(3, 400),
        np.zeros(3, np.int64),
        np.arange(3),
        plain(3),
    )
    assert not weights.coverage.any()
    assert not weights.narrative.any()


def test_a_passage_that_many_unrelated_stories_carry_is_common() -> None:
    assert printed(range(8), tokens=60) == [COMMON]
    assert printed(range(7), tokens=60) == [SUBSTANTIAL]
    assert printed([-1] * 8, tokens=60) == [COMMON]


def test_versions_of_one_story_do_not_make_its_text_common() -> None:
    four_versions_of_three_stories = [0, 1, 2] * 4
    assert printed(range(12), tokens=60, story=four_versions_of_three_stories) == [SUBSTANTIAL]
    # Nor is what two versions of one of many stories share.
    assert printed(range(9), tokens=60, story=[0, *range(8)]) == [SUBSTANTIAL, COMMON]


def test_a_long_block_is_reused_reporting_however_many_print_it() -> None:
    assert printed(range(8), tokens=121) == [SUBSTANTIAL]


def test_a_passage_beside_the_common_one_is_weighed_for_itself() -> None:
    pairs = np.array([(0, i) for i in range(1, 8)], np.int64)
    matches = [row(60, pair=p, a=100, b=100 + 5 * p) for p in range(7)]
    matches.append(row(60, pair=3, a=200, b=200))
    weights = weigh(
        rows_of(matches), copied_in(matches), pairs, np.full(8, 400), np.arange(8), np.arange(8), plain(8)
    )
    assert weights.reason.tolist() == [COMMON] * 7 + [SUBSTANTIAL]


def invented(rng: random.Random, count: int = 12) -> tuple[Rows, Rows, Ints, Ints, Ints, Ints]:
    """A small run: pairs of articles with a few matches each, of all sorts."""
    every = [(i, j) for j in range(count) for i in range(j)]
    pairs = np.array(sorted(rng.sample(every, 40)), np.int64)
    matches = []
    for pair in range(len(pairs)):
        for _ in range(rng.randint(0, 3)):
            tokens = rng.randint(8, 130)
            matches.append(
                row(
                    tokens, pair=pair, a=rng.randint(0, 40), b=rng.randint(0, 40),
                    QUOTES=rng.choice([0, tokens // 2, tokens]), CAPTIONS=rng.choice([0, 0, 0, tokens]),
                    SENTENCES=rng.randint(1, 4), FRESH_A=rng.randint(0, tokens), MOVED=rng.randint(0, 1),
                )
            )  # fmt: skip
    body = np.array([rng.randint(5, 400) for _ in range(count)], np.int64)
    outlet = np.array([rng.randint(-1, 2) for _ in range(count)], np.int64)
    return rows_of(matches), copied_in(matches), pairs, body, outlet, np.arange(count)


@pytest.mark.parametrize("seed", range(20))
def test_neither_the_order_of_the_pairs_nor_of_their_matches_counts(seed: int) -> None:
    rng = random.Random(seed)
    rows, copied, pairs, body, outlet, story = invented(rng)
    before = weigh(rows, copied, pairs, body, outlet, story, plain(len(body)))
    by_pair = np.array(rng.sample(range(len(pairs)), len(pairs)))
    by_row = np.array(rng.sample(range(len(rows)), len(rows)))
    moved = rows[by_row]
    moved[:, columns.PAIR] = np.argsort(by_pair)[moved[:, columns.PAIR]]
    after = weigh(moved, copied[by_row], pairs[by_pair], body, outlet, story, plain(len(body)))
    assert after.reason.tolist() == before.reason[by_row].tolist()
    np.testing.assert_allclose(after.narrative, before.narrative[by_pair], rtol=1e-12)
    np.testing.assert_allclose(after.coverage, before.coverage[by_pair], rtol=1e-12)


def test_nothing_weighs_nothing() -> None:
    nothing = np.zeros((0, 2), np.int64)
    weights = weigh(
        rows_of([]), copied_in([]), nothing, np.array([100]), np.array([-1]), np.zeros(1, np.int64), plain(1)
    )
    assert [len(part) for part in weights] == [0, 0, 0, 0]


def test_a_loose_likeness_is_told_in_other_words_whatever_short_runs_it_holds() -> None:
    loose = row(100, MATCHED=40, EXACT=9, LONGEST=9, QUOTES=30)
    near = row(100, MATCHED=60, EXACT=9, LONGEST=9, QUOTES=40)
    assert weighed(loose).reason.tolist() == [REWORDED]
    assert weighed(near).reason.tolist() == [QUOTATION]
