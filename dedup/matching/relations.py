"""Relations: what two articles are to each other, judged from exact overlap and copied words.

Text alone does not tell a version from an article that borrows a part: write-throughs of one file share as little as
a quarter, reports with a borrowed half share more. So it counts, too, whether one desk filed both.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.matching.columns import A0, B0, MATCHED, MOVED, PAIR
from dedup.matching.weights import SUBSTANTIAL, Weights
from dedup.model import PairRelation
from dedup.text.pages import DIGEST, INDEX

NONE, PARTIAL, VERSION, DUPLICATE = range(4)
RELATIONS: tuple[PairRelation | None, ...] = (None, "partial", "version", "duplicate")

LITTLE_BODY = 8  # tokens: an article with less has no body to speak of, and joins nothing
_SAME_TEXT = 0.7  # of the shorter body covered: one text, whatever was trimmed from the longer
_FEW_CHANGES = 0.8
_FOLLOW_UP = 0.4  # share of a later, longer text before the shared text: it has a lead of its own
# Where one desk filed both, less makes them versions of one file: so much of the shorter text, or of both.
_ONE_DESK = 0.35
_ONE_DESK_BOTH = 0.3
# Otherwise they have to share as much of the longer text too: an article that borrows half of its text from a longer
# one covers little of that. Articles of one outlet share more without being one text: its own background.
_STRANGERS_BOTH = 0.4
_OWN_BOTH = 0.5
_OWN_TEXT = 0.85
_PAGE = 30  # tokens: a page of captions with less is a scrap that many pages may have
_NOWHERE = 1 << 30


class Filing(NamedTuple):
    """What is known of the articles of m pairs beside their words.

    Attributes:
        one_page: bool (m,), they have the same URL.
        one_desk: bool (m,), the same agency or writers signed both, in the same days.
        one_outlet: bool (m,), the same outlet printed both.
        pages: uint8 (m, 2), what sort of page each is, as `dedup.text.pages.page_kind` tells it.
    """

    one_page: npt.NDArray[np.bool_]
    one_desk: npt.NDArray[np.bool_]
    one_outlet: npt.NDArray[np.bool_]
    pages: npt.NDArray[np.uint8]


def relate(
    rows: npt.NDArray[np.int32],
    weights: Weights,
    pairs: npt.NDArray[np.int64],
    jaccard: npt.NDArray[np.float64],
    body: npt.NDArray[np.int64],
    threshold: float,
    filing: Filing,
) -> npt.NDArray[np.uint8]:
    """The relation of every pair: uint8 (m,), `NONE`, `PARTIAL`, `VERSION` or `DUPLICATE`.

    One text (Jaccard at the threshold, or most of the shorter body covered) is a duplicate, unless a figure was
    exchanged or more than trims and house edits were made: then it is a version. Less makes a version where the two
    have one URL or were signed by one desk, or where both texts are covered; else a partial. A partial too is a
    follow-up, which re-uses an earlier brief far below a lead of its own, and what a digest shares with articles.
    Lists of teasers and articles without a body are nothing to any other, save to a second crawl of the same page.

    Args:
        rows: Matches of all pairs.
        weights: Of these matches.
        pairs: int64 (m, 2), texts numbered in order of precedence, the earlier first.
        jaccard: float64 (m,), exact.
        body: int64 (n,), tokens of each text outside captions.
        threshold: Jaccard similarity from which two articles are near-duplicates.
        filing: What is known of the articles beside their words.
    """
    kept = rows[weights.reason == SUBSTANTIAL]
    moved = np.bincount(kept[:, PAIR], kept[:, MOVED], minlength=len(pairs))
    begins = np.full((len(pairs), 2), _NOWHERE)
    np.minimum.at(begins[:, 0], kept[:, PAIR], kept[:, A0])
    np.minimum.at(begins[:, 1], kept[:, PAIR], kept[:, B0])
    most, least = weights.coverage.max(axis=1), weights.coverage.min(axis=1)
    shares = np.bincount(kept[:, PAIR], minlength=len(pairs)) > 0

    follow_up = (begins[:, 1] > _FOLLOW_UP * body[pairs[:, 1]]) & (body[pairs[:, 1]] > body[pairs[:, 0]])
    own = filing.one_outlet & ~filing.one_desk
    copied = ~follow_up & (most >= np.where(own, _OWN_TEXT, _SAME_TEXT))
    same_text = (jaccard >= threshold) | (shares & copied)
    same_file = least >= np.where(own, _OWN_BOTH, _STRANGERS_BOTH)
    same_file |= filing.one_desk & ((most >= _ONE_DESK) | (least >= _ONE_DESK_BOTH))
    same_file |= filing.one_page
    # Two digests share items; they are versions only where they share most.
    digests = filing.pages == DIGEST
    same_file &= ~digests.any(axis=1) | (least >= _OWN_BOTH)
    few_changes = (moved == 0) & ((jaccard >= threshold) | (most >= _FEW_CHANGES))

    relation = np.where(shares, PARTIAL, NONE).astype(np.uint8)
    relation[same_text | (shares & same_file)] = VERSION
    relation[same_text & few_changes] = DUPLICATE
    one = digests[:, 0] != digests[:, 1]
    relation[one] = np.minimum(relation[one], PARTIAL)
    bodiless = body[pairs].min(axis=1) < LITTLE_BODY
    relation[bodiless | (filing.pages == INDEX).any(axis=1)] = NONE
    shared = np.bincount(rows[:, PAIR], rows[:, MATCHED], minlength=len(pairs))
    crawled_again = (jaccard == 1) & (filing.one_page | filing.one_outlet) & (shared >= _PAGE)
    relation[crawled_again] = DUPLICATE
    return relation
