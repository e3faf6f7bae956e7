"""Relations: what two articles are to each other, judged from exact overlap and verified coverage."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dedup.matching.columns import A0, B0, MOVED, PAIR
from dedup.matching.weights import SUBSTANTIAL, Weights

NONE, PARTIAL, VERSION, DUPLICATE = range(4)

LITTLE_BODY = 8  # tokens: an article with less has no body to speak of, and joins nothing
_SAME_TEXT = 0.7  # of the shorter body covered: one text, whatever was trimmed from the longer
_FEW_CHANGES = 0.8
# Write-throughs of one file keep as little as a quarter of the shorter text, but near the top of both. The less there
# is, the nearer it has to be.
_SAME_STORY = (
    (0.40, 90, 130),
    (0.28, 60, 60),
)  # coverage, and where in both texts the shared text begins at the latest
_FOLLOW_UP = 0.4  # share of a later, longer text before the shared text: it has a lead of its own
_NOWHERE = 1 << 30


def relate(
    rows: npt.NDArray[np.int32],
    weights: Weights,
    pairs: npt.NDArray[np.int64],
    jaccard: npt.NDArray[np.float64],
    body: npt.NDArray[np.int64],
    threshold: float,
) -> npt.NDArray[np.uint8]:
    """The relation of every pair: uint8 (m,), `NONE`, `PARTIAL`, `VERSION` or `DUPLICATE`.

    One text (Jaccard at the threshold, or most of the shorter body covered) is a duplicate, unless a figure was
    exchanged or more than trims and house edits were made: then it is a version. Less coverage makes a version where
    both texts share their beginning, else a partial. A partial too is a follow-up, which
    re-uses an earlier brief far below a lead of its own.

    Args:
        rows: Matches of all pairs.
        weights: Of these matches.
        pairs: int64 (m, 2), texts numbered in order of precedence, the earlier first.
        jaccard: float64 (m,), exact.
        body: int64 (n,), tokens of each text outside captions.
        threshold: Jaccard similarity from which two articles are near-duplicates.
    """
    substantial = weights.reason == SUBSTANTIAL
    kept = rows[substantial]
    moved = np.bincount(kept[:, PAIR], kept[:, MOVED], minlength=len(pairs))
    begins = np.full((len(pairs), 2), _NOWHERE)
    np.minimum.at(begins[:, 0], kept[:, PAIR], kept[:, A0])
    np.minimum.at(begins[:, 1], kept[:, PAIR], kept[:, B0])
    coverage = weights.coverage.max(axis=1)
    shares = np.bincount(kept[:, PAIR], minlength=len(pairs)) > 0

    relation = np.where(shares, PARTIAL, NONE).astype(np.uint8)
    follow_up = (begins[:, 1] > _FOLLOW_UP * body[pairs[:, 1]]) & (body[pairs[:, 1]] > body[pairs[:, 0]])
    early, late = begins.min(axis=1), begins.max(axis=1)
    for least, first, second in _SAME_STORY:
        relation[shares & (coverage >= least) & (early <= first) & (late <= second) & ~follow_up] = VERSION
    same_text = (jaccard >= threshold) | (shares & (coverage >= _SAME_TEXT) & ~follow_up)
    relation[same_text] = VERSION
    relation[same_text & (moved == 0) & ((jaccard >= threshold) | (coverage >= _FEW_CHANGES))] = DUPLICATE
    relation[body[pairs].min(axis=1) < LITTLE_BODY] = NONE
    return relation
