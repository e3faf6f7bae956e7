"""The stages as pure functions: what each promises of its batch, whatever the order and the company of the pairs."""

import random
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dedup import Article, compare
from dedup.attribution.spread import Link
from dedup.matching.columns import (
    A0,
    A1,
    B0,
    B1,
    COLUMNS,
    FRESH_A,
    FRESH_B,
    LONGEST,
    MATCHED,
    PAIR,
)
from dedup.matching.relations import DUPLICATE, NONE, PARTIAL, VERSION
from dedup.matching.weights import BOILERPLATE, REASONS, SUBSTANTIAL
from dedup.minhash.fingerprints import Fingerprints
from dedup.settings import Settings
from dedup.stages import (
    Aligned,
    Judged,
    align_batch,
    bodies,
    boilerplate_spans,
    joined,
    judge,
    links,
    match_of,
    selected,
    sign_batch,
    uncovered,
    verify_batch,
    without,
)
from dedup.stories.filing import Signs, signs_of
from dedup.text.tokens import tokenise

Ints = npt.NDArray[np.int64]
MIRRORED = np.arange(len(COLUMNS))
MIRRORED[[A0, A1, FRESH_A, B0, B1, FRESH_B]] = B0, B1, FRESH_B, A0, A1, FRESH_A


def ints(*rows: tuple[int, ...], width: int = 2) -> Ints:
    return np.array(rows, np.int64).reshape(-1, width)


def aligned_of(pairs: Ints, rows: npt.NDArray[np.int32] | None = None, spans: Ints | None = None) -> Aligned:
    """Pairs that have these matches, and nothing else in common."""
    count = len(pairs)
    rows = np.zeros((0, len(COLUMNS)), np.int32) if rows is None else rows
    spans = np.zeros((len(rows), 4), np.int64) if spans is None else spans
    copied = np.zeros((len(rows), 4), np.int32)
    # Each match is one stretch of narrative.
    stretched = np.column_stack((np.arange(len(rows)), spans, np.full((len(rows), 2), 20)))
    return Aligned(
        pairs,
        np.zeros(count),
        np.zeros(count),
        rows,
        spans.astype(np.int32),
        copied,
        stretched.astype(np.int32),
        np.zeros(count, np.bool_),
    )


def rows_in(*told: tuple[int, int, int]) -> npt.NDArray[np.int32]:
    """Matches by their pair and their span in its second text."""
    rows = np.zeros((len(told), len(COLUMNS)), np.int32)
    for row, (pair, start, end) in zip(rows, told, strict=True):
        row[[PAIR, A1, B0, B1]] = pair, end - start, start, end
    return rows


@pytest.fixture(scope="module")
def texts(seeds: Path) -> list[str]:
    """Invented articles: copies, versions, a stitched text, and one outlet's boilerplate under five stories."""
    folders = ("ferry-strike", "dam-burst", "coastal-times", "bank-statement", "tunnel-fire")
    files = [file for folder in folders for file in sorted((seeds / folder).glob("*.txt"))]
    return [file.read_bytes().decode().split("---\n", 2)[2] for file in files]


@pytest.fixture(scope="module")
def everything(texts: list[str]) -> Aligned:
    return align_batch(texts, ints(*combinations(range(len(texts)), 2)), Settings())


# Fingerprints to look up

WIDTH = 4
# Two articles of 40 tokens, with a fingerprint at every tenth.
PLACES = [(owner, start) for owner in range(3) for start in (0, 10, 20, 30)]


def left(aligned: Aligned, *members: int) -> list[tuple[int, int]]:
    """Owner and place of what is looked up."""
    owner, starts = ints(*PLACES).T
    keys = np.arange(len(PLACES), dtype=np.uint32)
    bounds = np.searchsorted(owner, np.arange(4))
    kept, kept_bounds = uncovered(
        Fingerprints(keys, starts.astype(np.int32), bounds),
        WIDTH,
        aligned,
        np.array(members, np.int64),
    )
    assert np.searchsorted(owner[kept], np.arange(4)).tolist() == kept_bounds.tolist()
    return [PLACES[key] for key in kept.tolist()]


def test_all_of_articles_that_stand_for_themselves_is_looked_up() -> None:
    assert left(aligned_of(ints((0, 1)), rows_in((0, 0, 40)))) == PLACES


def test_of_a_member_only_what_its_canonical_does_not_have() -> None:
    others = [place for place in PLACES if place[0] != 1]
    for matches, own in [
        (rows_in((0, 0, 20)), [20, 30]),
        (rows_in((0, 0, 40)), []),
        (rows_in(), [0, 10, 20, 30]),
        (rows_in((0, 10, 14)), [0, 20, 30]),
        (rows_in((0, 10, 13)), [0, 10, 20, 30]),
        (rows_in((0, 11, 40)), [0, 10]),
        (rows_in((0, 0, 15), (0, 8, 24), (0, 22, 30)), [30]),
    ]:
        found = left(aligned_of(ints((0, 1)), matches), 1)
        assert [place for place in found if place[0] != 1] == others
        assert [start for owner, start in found if owner == 1] == own


def test_only_a_match_where_the_member_stands_second_covers_it() -> None:
    assert left(aligned_of(ints((1, 2)), rows_in((0, 0, 40))), 1) == PLACES


# Verdicts over pairs


def signs_among(texts: list[str], outlets: int) -> Signs:
    """Of articles of which nothing is known but, of so many outlets, the one that printed them."""
    return signs_of(
        [Article(str(i), text, outlet=str(i % outlets) if outlets else None) for i, text in enumerate(texts)]
    )


def permuted(aligned: Aligned, rng: random.Random) -> tuple[Aligned, Ints, Ints]:
    """The same pairs and matches in another order: as they were at these indices."""
    by_pair = np.array(rng.sample(range(len(aligned.pairs)), len(aligned.pairs)))
    by_row = np.array(rng.sample(range(len(aligned.rows)), len(aligned.rows)))
    rows = aligned.rows[by_row]
    rows[:, PAIR] = np.argsort(by_pair)[rows[:, PAIR]]
    moved = Aligned(
        aligned.pairs[by_pair],
        aligned.jaccard[by_pair],
        aligned.containment[by_pair],
        rows,
        aligned.spans[by_row],
        aligned.copied[by_row],
        aligned.stretches[:0],
        aligned.cut_short[by_pair],
    )
    return moved, by_pair, by_row


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_the_pairs_changes_no_verdict(seed: int, texts: list[str], everything: Aligned) -> None:
    signs = signs_among(texts, outlets=3)
    before = judge(everything, bodies(tokenise(texts)), signs, 0.7)
    moved, by_pair, by_row = permuted(everything, random.Random(seed))
    after = judge(moved, bodies(tokenise(texts)), signs, 0.7)
    assert after.home.tolist() == before.home.tolist()
    assert after.relation.tolist() == before.relation[by_pair].tolist()
    assert after.reason.tolist() == before.reason[by_row].tolist()


def test_the_verdicts_of_these_articles_are_of_every_kind(texts: list[str], everything: Aligned) -> None:
    # Otherwise the order of the pairs would be permuted for nothing.
    judged = judge(everything, bodies(tokenise(texts)), signs_among(texts, outlets=1), 0.7)
    assert set(judged.relation.tolist()) == {NONE, PARTIAL, VERSION, DUPLICATE}
    assert {SUBSTANTIAL, BOILERPLATE} < set(judged.reason.tolist())
    assert not (judged.home == np.arange(len(texts))).all()


def test_every_member_matches_its_canonical(texts: list[str], everything: Aligned) -> None:
    judged = judge(everything, bodies(tokenise(texts)), signs_among(texts, outlets=0), 0.7)
    same = {tuple(pair) for pair in everything.pairs[judged.relation >= VERSION].tolist()}
    members = [i for i, home in enumerate(judged.home.tolist()) if home != i]
    assert members
    assert all((judged.home[i], i) in same for i in members)


def test_a_late_version_joins_through_the_one_between_where_it_shares_a_part_with_the_canonical() -> None:
    # Three write-throughs, each of which keeps the later half of the one before; the last keeps a quarter of the first.
    first, last = " ".join(REPORTING[:8]), " ".join([*REPORTING[6:8], *REPORTING[12:18]])
    between = " ".join([*REPORTING[4:8], *REPORTING[12:16]])
    for texts, homes in (
        ([first, between, last], [0, 0, 0]),
        ([first, between, " ".join(REPORTING[12:20])], [0, 0, 2]),
    ):
        aligned = align_batch(texts, ints((0, 1), (0, 2), (1, 2)), Settings())
        judged = judge(aligned, bodies(tokenise(texts)), signs_among(texts, outlets=0), 0.7)
        assert judged.home.tolist() == homes
        assert judged.relation[1] == (VERSION if homes[2] == 0 else NONE)


@pytest.mark.parametrize("seed", range(5))
def test_selected_pairs_keep_what_is_theirs(texts: list[str], seed: int) -> None:
    rng = np.random.default_rng(seed)
    pairs = ints(*combinations(range(len(texts)), 2))
    kept = rng.random(len(pairs)) < 0.5
    everything, alone = align_batch(texts, pairs, Settings()), align_batch(texts, pairs[kept], Settings())
    for mine, theirs in zip(selected(everything, kept), alone, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_without_leaves_the_rest_in_order() -> None:
    pairs = ints((3, 4), (0, 1), (1, 0), (2**31, 1), (1, 2**31))
    assert without(pairs, ints((0, 1), (2**31, 1), (7, 8))).tolist() == [[3, 4], [1, 0], [1, 2**31]]
    assert without(pairs, ints()).tolist() == pairs.tolist()
    assert without(ints(), pairs).tolist() == []


# Batches


def test_joined_batches_keep_every_match_with_its_pair() -> None:
    first = aligned_of(ints((0, 1), (2, 3)), rows_in((1, 0, 9)), ints((0, 50, 0, 50), width=4))
    second = aligned_of(
        ints((4, 5)), rows_in((0, 5, 14), (0, 20, 30)), ints((1, 2, 3, 4), (5, 6, 7, 8), width=4)
    )
    both = joined(first, aligned_of(ints()), second)
    assert both.pairs.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert both.pairs[both.rows[:, PAIR]].tolist() == [[2, 3], [4, 5], [4, 5]]
    assert both.rows[:, B0].tolist() == [0, 5, 20]
    assert both.spans.tolist() == [[0, 50, 0, 50], [1, 2, 3, 4], [5, 6, 7, 8]]
    assert both.stretches[:, 0].tolist() == [0, 1, 2]
    assert second.rows[:, PAIR].tolist() == [0, 0], "the parts stay as they were"


def test_nothing_joined_is_nothing() -> None:
    assert [len(part) for part in joined()] == [0] * 8


def test_pairs_are_aligned_alike_in_one_batch_and_in_many(texts: list[str], everything: Aligned) -> None:
    parts = [
        align_batch(texts, everything.pairs[start : start + 7], Settings())
        for start in range(0, len(everything.pairs), 7)
    ]
    for one, many in zip(everything, joined(*parts), strict=True):
        np.testing.assert_array_equal(one, many)


def test_known_furniture_is_not_sought_again_and_changes_nothing(texts: list[str]) -> None:
    pairs = ints((0, 1), (0, 4), (10, 11))
    known = sign_batch(texts, Settings()).furniture
    for sought, given in zip(
        align_batch(texts, pairs, Settings()), align_batch(texts, pairs, Settings(), known), strict=True
    ):
        np.testing.assert_array_equal(sought, given)


def test_the_answer_for_a_pair_mirrors_that_for_its_reverse(texts: list[str], everything: Aligned) -> None:
    mirrored = align_batch(texts, everything.pairs[:, ::-1].copy(), Settings())
    assert len(everything.rows) > 40
    np.testing.assert_array_equal(mirrored.rows[:, MIRRORED], everything.rows)
    np.testing.assert_array_equal(mirrored.spans[:, [2, 3, 0, 1]], everything.spans)
    np.testing.assert_array_equal(mirrored.jaccard, everything.jaccard)
    np.testing.assert_array_equal(mirrored.containment, everything.containment)
    np.testing.assert_array_equal(mirrored.cut_short, everything.cut_short)


def test_verifying_measures_as_aligning_does_and_finds_no_matches(
    texts: list[str], everything: Aligned
) -> None:
    verified = verify_batch(texts, everything.pairs, Settings())
    np.testing.assert_array_equal(verified.jaccard, everything.jaccard)
    np.testing.assert_array_equal(verified.containment, everything.containment)
    assert len(verified.rows) == len(verified.spans) == 0


# What is told of it


def test_boilerplate_is_told_of_both_its_articles_once_and_in_order() -> None:
    pairs = ints((0, 2), (1, 2), (0, 1))
    rows = rows_in((0, 0, 9), (1, 0, 9), (2, 0, 9), (0, 0, 9))
    spans = ints((50, 90, 10, 40), (5, 45, 10, 40), (50, 90, 5, 45), (0, 20, 60, 80), width=4)
    reason = np.array([BOILERPLATE, BOILERPLATE, SUBSTANTIAL, BOILERPLATE], np.uint8)
    found = boilerplate_spans(4, aligned_of(pairs, rows, spans), reason)
    assert found == [[(0, 20), (50, 90)], [(5, 45)], [(10, 40), (60, 80)], []]


def test_only_copied_reporting_carries_an_origin() -> None:
    pairs, rows = ints((0, 2), (1, 2)), rows_in((0, 0, 9), (1, 0, 9), (1, 20, 29))
    spans = ints((50, 90, 10, 40), (5, 45, 10, 40), (60, 80, 60, 80), width=4)
    aligned = aligned_of(pairs, rows, spans)
    aligned.stretches[:2, -1] = 4  # all but a few words are quoted
    reason = np.array([SUBSTANTIAL, SUBSTANTIAL, BOILERPLATE], np.uint8)
    relation = np.array([PARTIAL, VERSION], np.uint8)
    judged = Judged(reason, relation, np.arange(3), np.zeros((2, 2)))
    assert links(aligned, judged) == [Link(1, 2, (5, 45), (10, 40), True)]


@pytest.mark.parametrize(
    ("width_a", "width_b", "matched", "longest", "kind", "similarity"),
    [
        (20, 20, 20, 20, "verbatim", 1.0),
        (20, 20, 20, 19, "edited", 1.0),
        (20, 22, 20, 20, "edited", 40 / 42),
        (20, 20, 10, 5, "edited", 0.5),
        (20, 20, 10, 4, "rewritten", 0.5),
        (20, 21, 10, 9, "rewritten", 20 / 41),
        (20, 20, 20, 0, "rewritten", 1.0),
    ],
)
def test_the_kind_of_a_match_is_told_by_its_runs_and_its_words(
    width_a: int, width_b: int, matched: int, longest: int, kind: str, similarity: float
) -> None:
    row = [0] * len(COLUMNS)
    row[A0], row[A1], row[B0], row[B1] = 7, 7 + width_a, 30, 30 + width_b
    row[MATCHED], row[LONGEST] = matched, longest
    match = match_of("x", "y", row, (40, 140, 200, 310), SUBSTANTIAL, VERSION)
    assert match.kind == kind
    assert match.similarity == pytest.approx(similarity)
    assert (match.a, match.b, match.direction) == ("x", "y", "unknown")
    assert (match.a_start, match.a_end, match.b_start, match.b_end) == (40, 140, 200, 310)
    assert (match.weight, match.reason) == REASONS[SUBSTANTIAL]
    assert match.relation == "version"


WORDS = random.Random(5)
REPORTING = [
    " ".join("".join(WORDS.choices("aeioulnrst", k=6)) for _ in range(16)).capitalize() + "."
    for _ in range(20)
]
"""Sentences of words that no other one has."""

REPORT = (
    "The harbour of Port Ansel was closed on Monday after a crane fell across its only rail line. "
    "Engineers from the capital will examine the foundations before any ship may dock again."
)
EDITED = REPORT.replace("Engineers", "Two experts").replace("Monday", "Monday morning")
PARAPHRASED = (
    "Because a crane fell on Monday, its only line by rail is blocked and Port Ansel has closed the harbour. "
    "No ship may dock before engineers have come from the capital and examined all foundations again."
)


@pytest.mark.parametrize(
    ("other", "kind"), [(REPORT, "verbatim"), (EDITED, "edited"), (PARAPHRASED, "rewritten")]
)
def test_a_passage_is_found_again_verbatim_edited_and_rewritten(other: str, kind: str) -> None:
    a = f"Gulls sat along the fence for most of the week. {REPORT} The cafe sold no tea."
    b = f"Nobody at the chandlery had seen it coming. {other} Insurers sent a man with a notebook."
    (match,) = compare(a, b)
    assert match.kind == kind
    quote_a, quote_b = a[match.a_start : match.a_end], b[match.b_start : match.b_end]
    # The match may leave out a word or two at the edges of a passage that was put in other words.
    slack = 0 if kind == "verbatim" else 30
    assert len(quote_a) >= len(REPORT) - slack
    assert len(quote_b) >= len(other) - slack
    assert quote_a in f"{REPORT} The"
    assert quote_b in f"{other} Insurers"
