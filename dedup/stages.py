"""The stages as pure functions over batches: `sign_batch` and `align_batch`.

They open no file and hold no state; the batch run and whatever else needs verdicts call the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.matching.align import (
    A0,
    A1,
    B0,
    B1,
    FRESH_A,
    FRESH_B,
    LEAST_LONGEST_RUN,
    LONGEST,
    MATCHED,
    PAIR,
    align,
    oriented,
)
from dedup.matching.overlap import overlaps
from dedup.matching.repeats import find_repeats
from dedup.matching.spans import char_spans
from dedup.matching.weights import FURNITURE, REASONS
from dedup.minhash.bands import band_keys
from dedup.minhash.signatures import shingle_sets, sign, sign_articles
from dedup.model import Match, MatchKind, Repeat
from dedup.settings import Settings
from dedup.text.furniture import Furniture, find_furniture
from dedup.text.passages import split
from dedup.text.tokens import CAPTION, Tokens, tokenise

_EDITED = 0.5  # similarity below which a match counts as rewritten, as one without a long run does

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Signed(NamedTuple):
    """What is kept of a batch of n articles with p passages once their tokens are gone.

    Attributes:
        keys: uint64 (n, bands).
        body: int64 (n,), tokens outside captions.
        passage_keys: uint64 (p, passage bands).
        passage_owner: int64 (p,), the article, counted in the batch.
        passage_start: int64 (p,), first token, counted in the article.
        passage_end: int64 (p,), one past the last.
        repeats: The repeated blocks of each article.
        furniture: What in each article is not prose, so that it need not be sought again.
    """

    keys: npt.NDArray[np.uint64]
    body: Ints
    passage_keys: npt.NDArray[np.uint64]
    passage_owner: Ints
    passage_start: Ints
    passage_end: Ints
    repeats: list[tuple[Repeat, ...]]
    furniture: list[list[Furniture]]


class Aligned(NamedTuple):
    """What is known of m pairs after comparing them.

    Attributes:
        pairs: int64 (m, 2).
        jaccard: float64 (m,), exact.
        containment: float64 (m,), exact.
        rows: int32 (k, 13), the matches as `align` gives them.
        spans: int64 (k, 4), ``a_start a_end b_start b_end`` in code points.
    """

    pairs: Ints
    jaccard: Floats
    containment: Floats
    rows: npt.NDArray[np.int32]
    spans: Ints


def sign_batch(texts: Sequence[str], settings: Settings) -> Signed:
    """Sign a batch of texts at both levels, and find what each of them repeats."""
    furniture = [find_furniture(text) for text in texts]
    tokens = tokenise(texts, furniture)
    keys = band_keys(
        sign_articles(tokens, settings.shingle, settings.num_perm, settings.seed),
        settings.bands,
        settings.rows,
    )
    body = _body(tokens)
    if not settings.passages:
        nothing = np.zeros(0, np.int64)
        no_keys = np.zeros((0, settings.passage_bands), np.uint64)
        return Signed(keys, body, no_keys, nothing, nothing, nothing, [()] * len(texts), furniture)
    passages = split(tokens)
    kept = passages.ends - passages.starts >= settings.passage_tokens
    kept &= tokens.flags[passages.starts] & CAPTION == 0
    starts, ends, owner = passages.starts[kept], passages.ends[kept], passages.text[kept].astype(np.int64)
    hashes = settings.passage_bands * settings.passage_rows
    passage_keys = band_keys(
        sign(tokens, starts, ends, settings.passage_shingle, hashes, settings.seed),
        settings.passage_bands,
        settings.passage_rows,
    )
    base = tokens.bounds[owner]
    repeats = find_repeats(texts, tokens, settings.repeat_tokens)
    return Signed(keys, body, passage_keys, owner, starts - base, ends - base, repeats, furniture)


def align_batch(
    texts: Sequence[str],
    pairs: Ints,
    settings: Settings,
    furniture: Sequence[list[Furniture]] | None = None,
) -> Aligned:
    """Compare pairs of a batch of texts: exact overlap always, matches unless ``settings.passages`` is off.

    The answer for (a, b) mirrors that for (b, a).

    Args:
        furniture: What `sign_batch` found in each text, when the caller has kept it.
    """
    tokens = tokenise(texts, furniture)
    sets, bounds = shingle_sets(tokens, settings.shingle)
    jaccard, containment = overlaps(sets, bounds, pairs)
    if not settings.passages:
        return Aligned(pairs, jaccard, containment, np.zeros((0, 13), np.int32), np.zeros((0, 4), np.int64))
    exchange = oriented(tokens, pairs)
    ordered = np.where(exchange[:, None], pairs[:, ::-1], pairs)
    rows = align(tokens, ordered, settings.match_tokens).rows
    spans = char_spans(texts, tokens, ordered, rows)
    back = exchange[rows[:, PAIR]]
    for left, right in ((A0, B0), (A1, B1), (FRESH_A, FRESH_B)):
        rows[back, left], rows[back, right] = rows[back, right], rows[back, left]
    spans[back] = spans[back][:, [2, 3, 0, 1]]
    return Aligned(pairs, jaccard, containment, rows, spans)


def match_of(a: str, b: str, row: Sequence[int], span: Sequence[int], reason: int) -> Match:
    """The match that a row of `Aligned` describes, between the articles of these ids."""
    width_a, width_b = row[A1] - row[A0], row[B1] - row[B0]
    similarity = min(1.0, 2 * row[MATCHED] / (width_a + width_b))
    kind: MatchKind = "rewritten"
    if row[LONGEST] == width_a == width_b:
        kind = "verbatim"
    elif similarity >= _EDITED and row[LONGEST] >= LEAST_LONGEST_RUN:
        kind = "edited"
    weight, why = REASONS[reason]
    a_start, a_end, b_start, b_end = span
    return Match(a, b, a_start, a_end, b_start, b_end, similarity, kind, weight, reason=why)


def _body(tokens: Tokens) -> Ints:
    captions = np.append(0, np.cumsum(tokens.flags & CAPTION > 0))
    sizes: Ints = np.diff(tokens.bounds) - np.diff(captions[tokens.bounds])
    return sizes


def joined(*parts: Aligned) -> Aligned:
    """Several batches as one."""
    if not parts:
        return Aligned(
            np.zeros((0, 2), np.int64),
            np.zeros(0),
            np.zeros(0),
            np.zeros((0, 13), np.int32),
            np.zeros((0, 4), np.int64),
        )
    rows = []
    first = 0
    for part in parts:
        shifted = part.rows.copy()
        shifted[:, PAIR] += first
        rows.append(shifted)
        first += len(part.pairs)
    return Aligned(
        np.concatenate([p.pairs for p in parts]),
        np.concatenate([p.jaccard for p in parts]),
        np.concatenate([p.containment for p in parts]),
        np.concatenate(rows),
        np.concatenate([p.spans for p in parts]),
    )


def furniture_spans(
    count: int, aligned: Aligned, reason: npt.NDArray[np.uint8]
) -> list[list[tuple[int, int]]]:
    """Where each of `count` articles prints its outlet's boilerplate: spans in code points, in order."""
    spans: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for k in np.flatnonzero(reason == FURNITURE).tolist():
        a, b = aligned.pairs[aligned.rows[k, PAIR]].tolist()
        a_start, a_end, b_start, b_end = aligned.spans[k].tolist()
        spans[a].append((a_start, a_end))
        spans[b].append((b_start, b_end))
    return [sorted(set(found)) for found in spans]
