"""The stages as pure functions over batches: `sign_batch`, `verify_batch`, `align_batch`, `judge`.

They open no file and hold no state; the batch run and whatever else needs verdicts call the same ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.attribution.spread import Link
from dedup.errors import DedupError
from dedup.matching.align import align, oriented
from dedup.matching.chains import LEAST_LONGEST_RUN
from dedup.matching.columns import (
    A0,
    A1,
    B0,
    B1,
    FRESH_A,
    FRESH_B,
    LONGEST,
    MATCHED,
    PAIR,
    WIDTH,
)
from dedup.matching.copied import copies
from dedup.matching.overlap import overlaps
from dedup.matching.relations import DUPLICATE, PARTIAL, RELATIONS, VERSION, relate
from dedup.matching.repeats import find_repeats
from dedup.matching.spans import char_spans
from dedup.matching.weights import BOILERPLATE, REASONS, SUBSTANTIAL, Weights, weigh
from dedup.minhash.bands import band_keys
from dedup.minhash.fingerprints import Fingerprints, winnow
from dedup.minhash.signatures import shingle_sets, sign_articles
from dedup.model import Match, MatchKind, Repeat
from dedup.settings import Settings
from dedup.stories.clusters import settle
from dedup.stories.filing import Signs, body_left, filing
from dedup.text.furniture import Furniture
from dedup.text.tokens import CAPTION, Tokens, furnished_tokens, tokenise

_EDITED = 0.5  # similarity: less counts as rewritten, as a match without a long run does

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Signed(NamedTuple):
    """What is kept of a batch of n articles once their tokens are gone.

    Attributes:
        keys: uint64 (n, bands).
        body: int64 (n,), tokens outside captions.
        fingerprints: Of all articles; none where no passages are looked for.
        repeats: The repeated blocks of each article.
        furniture: What in each article is not prose, so that it need not be sought again.
    """

    keys: npt.NDArray[np.uint64]
    body: Ints
    fingerprints: Fingerprints
    repeats: Sequence[tuple[Repeat, ...]]
    furniture: Sequence[list[Furniture]]


class Aligned(NamedTuple):
    """What is known of m pairs after comparing them.

    Attributes:
        pairs: int64 (m, 2).
        jaccard: float64 (m,), exact.
        containment: float64 (m,), exact.
        rows: int32 (k, 13), the matches, of the columns that `dedup.matching.columns` names.
        spans: int32 (k, 4), ``a_start a_end b_start b_end`` in code points.
        copied: int32 (k, 4), of each match the words in exact runs, as `Copies` counts them.
        stretches: int32 (s, 7), where within the matches the texts are copies, as `Copies` tells it.
        cut_short: bool (m,), pairs of texts so repetitive or long that not every match was followed up.
    """

    pairs: Ints
    jaccard: Floats
    containment: Floats
    rows: npt.NDArray[np.int32]
    spans: npt.NDArray[np.int32]
    copied: npt.NDArray[np.int32]
    stretches: npt.NDArray[np.int32]
    cut_short: npt.NDArray[np.bool_]


class Judged(NamedTuple):
    """What k matches, m pairs and n articles are.

    Attributes:
        reason: uint8 (k,), what each match weighs and why, an index into `REASONS`.
        relation: uint8 (m,), `NONE`, `PARTIAL`, `VERSION` or `DUPLICATE`.
        home: int64 (n,), the canonical article of each: itself where it stands alone.
        coverage: float64 (m, 2), share of each body that stands in copied words.
    """

    reason: npt.NDArray[np.uint8]
    relation: npt.NDArray[np.uint8]
    home: Ints
    coverage: Floats


def sign_batch(texts: Sequence[str], settings: Settings) -> Signed:
    """Band keys and fingerprints of a batch of texts, and what each of them repeats."""
    tokens, furniture = furnished_tokens(texts)
    keys = band_keys(
        sign_articles(tokens, settings.shingle, settings.num_perm, settings.seed),
        settings.bands,
        settings.rows,
    )
    body = bodies(tokens)
    if not settings.passages:
        return Signed(keys, body, Fingerprints.none(len(texts)), [()] * len(texts), furniture)
    fingerprints = winnow(tokens, settings.passage_shingle, settings.passage_window)
    return Signed(keys, body, fingerprints, find_repeats(texts, tokens, settings.repeat_tokens), furniture)


def verify_batch(
    texts: Sequence[str], pairs: Ints, settings: Settings, furniture: Sequence[list[Furniture]] | None = None
) -> Aligned:
    """Exact overlap of pairs of a batch of texts, without matches.

    Args:
        furniture: What `sign_batch` found in each text, when the caller has kept it.
    """
    return _verified(tokenise(texts, furniture), pairs, settings)


def align_batch(
    texts: Sequence[str], pairs: Ints, settings: Settings, furniture: Sequence[list[Furniture]] | None = None
) -> Aligned:
    """Exact overlap of pairs of a batch of texts, and their matches; the answer for (a, b) mirrors that for (b, a).

    Args:
        furniture: What `sign_batch` found in each text, when the caller has kept it.
    """
    return align_tokens(texts, tokenise(texts, furniture), pairs, settings)


def align_tokens(texts: Sequence[str], tokens: Tokens, pairs: Ints, settings: Settings) -> Aligned:
    """As `align_batch`, where the caller has the tokens of the texts."""
    exchange = oriented(tokens, pairs)
    ordered = np.where(exchange[:, None], pairs[:, ::-1], pairs)
    rows, cut_short = align(tokens, ordered, settings.match_tokens)
    spans = char_spans(texts, tokens, ordered, rows)
    copied, found = copies(tokens, ordered, rows)
    # A run too short for a chain shows here; one that fills the match would have been a chain.
    width = np.maximum(rows[:, A1] - rows[:, A0], rows[:, B1] - rows[:, B0])
    rows[:, LONGEST] = np.maximum(rows[:, LONGEST], np.minimum(copied[:, 3], width - 1))
    back = exchange[rows[:, PAIR]]
    for left, right in ((A0, B0), (A1, B1), (FRESH_A, FRESH_B)):
        rows[back, left], rows[back, right] = rows[back, right], rows[back, left]
    spans[back] = spans[back][:, [2, 3, 0, 1]]
    copied[back] = copied[back][:, [1, 0, 2, 3]]
    stretched = back[found[:, 0]]
    found[stretched] = found[stretched][:, [0, 3, 4, 1, 2, 5, 6]]
    verified = _verified(tokens, pairs, settings)
    return verified._replace(rows=rows, spans=spans, copied=copied, stretches=found, cut_short=cut_short)


def uncovered(
    fingerprints: Fingerprints, width: int, aligned: Aligned, members: Ints
) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Fingerprints to look up elsewhere: all of an article that stands for itself, of a member what is its own.

    Only the places of members' fingerprints are looked at, and without members nothing is copied.

    Args:
        width: Tokens in one fingerprint.
        members: Articles for which their canonical, the first of each pair with them, speaks; ascending.

    Returns:
        ``keys`` and ``bounds``, as of `Fingerprints`.
    """
    keys, starts, bounds = fingerprints
    owner = aligned.pairs[aligned.rows[:, PAIR], 1]
    of_member = np.isin(owner, members)
    if not of_member.any():
        return keys, bounds
    owner, rows = owner[of_member], aligned.rows[of_member]
    sizes = np.diff(bounds)[members]
    own = np.arange(sizes.sum()) + np.repeat(bounds[members] - np.cumsum(sizes) + sizes, sizes)
    carrier = np.repeat(members, sizes)
    places = _places(carrier, starts[own])
    inside = np.zeros(len(places) + 1, np.int64)
    np.add.at(inside, np.searchsorted(places, _places(owner, rows[:, B0])), 1)
    last = np.maximum(rows[:, B1] - width + 1, rows[:, B0])
    np.add.at(inside, np.searchsorted(places, _places(owner, last)), -1)
    covered = np.cumsum(inside)[:-1] > 0
    left = np.ones(len(keys), np.bool_)
    left[own[covered]] = False
    gone = np.bincount(carrier[covered], minlength=len(bounds) - 1)
    return keys[left], bounds - np.append(0, np.cumsum(gone))


def _places(owner: npt.NDArray[Any], starts: npt.NDArray[np.int32]) -> Ints:
    """One ascending number for each place in a batch's texts."""
    return owner.astype(np.int64) << 32 | starts


class Alone(NamedTuple):
    """What m pairs are, each judged as if nothing else were known.

    Attributes:
        relation: uint8 (m,), `NONE`, `PARTIAL`, `VERSION` or `DUPLICATE`.
        strength: float64 (m,), how well they match.
        countable: bool (m,), how many others carry what they share may change the relation.
        reason: uint8 (k,), what each match weighs and why, an index into `REASONS`.
    """

    relation: npt.NDArray[np.uint8]
    strength: Floats
    countable: npt.NDArray[np.bool_]
    reason: npt.NDArray[np.uint8]


def judge_alone(aligned: Aligned, body: Ints, signs: Signs, threshold: float) -> Alone:
    """Relate every pair by itself: what `judge` says of it, but for what many other articles carry as well.

    Args: as of `judge`.
    """
    weights, relation = related(aligned, body, signs, threshold, None)
    return Alone(relation, strength_of(aligned, relation), weights.countable, weights.reason)


def judge(aligned: Aligned, body: Ints, signs: Signs, threshold: float, home: Ints | None = None) -> Judged:
    """Weigh all matches, relate all pairs, and give every article its canonical.

    Args:
        body: int64 (n,), tokens of each article outside captions.
        signs: What is known of each article beside its words.
        threshold: Jaccard similarity from which two articles are near-duplicates.
        home: int64 (n,), the canonical of each when pairs are judged alone: what is common to many stories is told
            by them. By default it is made of these pairs.
    """
    pairs = aligned.pairs
    if home is None:
        alone = judge_alone(aligned, body, signs, threshold)
        home = settle(len(body), pairs, alone.relation, alone.strength).home
    weights, relation = related(aligned, body, signs, threshold, home)
    stories = settle(len(body), pairs, relation, strength_of(aligned, relation)).home
    # Who joined a canonical through other versions, and shares a part with it, is a version of it.
    relation[(relation == PARTIAL) & (stories[pairs[:, 1]] == pairs[:, 0])] = VERSION
    return Judged(weights.reason, relation, stories, weights.coverage)


def related(
    aligned: Aligned,
    body: Ints,
    signs: Signs,
    threshold: float,
    story: Ints | None,
    asked: npt.NDArray[np.bool_] | None = None,
) -> tuple[Weights, npt.NDArray[np.uint8]]:
    """What the matches weigh, and the relations of the pairs: uint8 (m,).

    Args:
        story: int64 (n,), the canonical of each article when pairs are judged alone; None to judge them so.
        asked: bool (m,), the pairs that are asked about, as `weigh` takes it.
    """
    left = body_left(signs, body)
    weights = weigh(
        aligned.rows, aligned.copied, aligned.pairs, left, signs.outlet, story, signs.pages, asked
    )
    filed = filing(signs, aligned.pairs)
    return weights, relate(aligned.rows, weights, aligned.pairs, aligned.jaccard, left, threshold, filed)


def strength_of(aligned: Aligned, relation: npt.NDArray[np.uint8]) -> Floats:
    """How well pairs of these relations match: float64 (m,)."""
    strength: Floats = aligned.jaccard + aligned.containment + (relation == DUPLICATE)
    return strength


def selected(aligned: Aligned, kept: npt.NDArray[np.bool_]) -> Aligned:
    """What is known of some of the pairs.

    Args:
        kept: bool (m,).
    """
    if kept.all():
        return aligned
    rows_kept = kept[aligned.rows[:, PAIR]]
    stretches_kept = rows_kept[aligned.stretches[:, 0]]
    rows, stretched = aligned.rows[rows_kept], aligned.stretches[stretches_kept]
    rows[:, PAIR] = (np.cumsum(kept) - 1)[rows[:, PAIR]]
    stretched[:, 0] = (np.cumsum(rows_kept) - 1)[stretched[:, 0]]
    return Aligned(
        aligned.pairs[kept],
        aligned.jaccard[kept],
        aligned.containment[kept],
        rows,
        aligned.spans[rows_kept],
        aligned.copied[rows_kept],
        stretched,
        aligned.cut_short[kept],
    )


def taken(aligned: Aligned, numbers: Ints) -> tuple[Aligned, Ints]:
    """What is known of some of the pairs, much sooner than `selected` where they are few.

    Args:
        aligned: All pairs, the matches and stretches in their order.
        numbers: int64 (n,), which of them, in the order that is wanted.

    Returns:
        These, and the numbers of their matches, int64 (k,).
    """
    rows, of_pair = _ranges(aligned.rows[:, PAIR], numbers)
    stretched, of_row = _ranges(aligned.stretches[:, 0], rows)
    own, stretches = aligned.rows[rows], aligned.stretches[stretched]
    own[:, PAIR], stretches[:, 0] = of_pair, of_row
    few = Aligned(
        aligned.pairs[numbers],
        aligned.jaccard[numbers],
        aligned.containment[numbers],
        own,
        aligned.spans[rows],
        aligned.copied[rows],
        stretches,
        aligned.cut_short[numbers],
    )
    return few, rows


def _ranges(column: npt.NDArray[Any], wanted: Ints) -> tuple[Ints, Ints]:
    """Where an ascending column has the wanted values, one after another; and of each place which wanted one it is."""
    low, high = np.searchsorted(column, wanted), np.searchsorted(column, wanted, "right")
    which = np.repeat(np.arange(len(wanted)), high - low)
    first = np.cumsum(high - low) - (high - low)
    return np.arange(len(which)) - first[which] + low[which], which


def split(aligned: Aligned) -> list[Aligned]:
    """What is known of each of the pairs, in their order; `joined` puts it together again."""
    by_row = np.argsort(aligned.rows[:, PAIR], kind="stable")
    row_bounds = np.searchsorted(aligned.rows[by_row, PAIR], np.arange(len(aligned.pairs) + 1)).tolist()
    place = np.empty_like(by_row)
    place[by_row] = np.arange(len(by_row))
    of_row = place[aligned.stretches[:, 0]]
    by_stretch = np.argsort(of_row, kind="stable")
    bounds = np.searchsorted(of_row[by_stretch], row_bounds).tolist()
    parts = []
    for i in range(len(aligned.pairs)):
        rows = by_row[row_bounds[i] : row_bounds[i + 1]]
        inside = by_stretch[bounds[i] : bounds[i + 1]]
        own, stretched = aligned.rows[rows], aligned.stretches[inside]
        own[:, PAIR] = 0
        stretched[:, 0] = of_row[inside] - row_bounds[i]
        one = slice(i, i + 1)
        parts.append(
            Aligned(
                aligned.pairs[one],
                aligned.jaccard[one],
                aligned.containment[one],
                own,
                aligned.spans[rows],
                aligned.copied[rows],
                stretched,
                aligned.cut_short[one],
            )
        )
    return parts


def without(pairs: Ints, known: Ints) -> Ints:
    """The pairs that are not among the known ones."""
    packed, done = (each[:, 0] << 32 | each[:, 1] for each in (pairs, known))
    done.sort()
    others: Ints = pairs[np.append(done, -1)[np.searchsorted(done, packed)] != packed]
    return others


def match_of(a: str, b: str, row: Sequence[int], span: Sequence[int], reason: int, relation: int) -> Match:
    """The match that a row of `Aligned` describes, between the articles of these ids, of this relation."""
    width_a, width_b = row[A1] - row[A0], row[B1] - row[B0]
    similarity = min(1.0, 2 * row[MATCHED] / (width_a + width_b))
    kind: MatchKind = "rewritten"
    if row[LONGEST] == width_a == width_b:
        kind = "verbatim"
    elif similarity >= _EDITED and row[LONGEST] >= LEAST_LONGEST_RUN:
        kind = "edited"
    weight, why = REASONS[reason]
    a_start, a_end, b_start, b_end = span
    return Match(
        a,
        b,
        a_start,
        a_end,
        b_start,
        b_end,
        similarity,
        kind,
        weight,
        reason=why,
        relation=RELATIONS[relation],
    )


def _verified(tokens: Tokens, pairs: Ints, settings: Settings) -> Aligned:
    jaccard, containment = overlaps(*shingle_sets(tokens, settings.shingle), pairs)
    return _nothing_aligned(pairs)._replace(jaccard=jaccard, containment=containment)


def _nothing_aligned(pairs: Ints) -> Aligned:
    count = len(pairs)
    no_rows, no_spans = np.zeros((0, WIDTH), np.int32), np.zeros((0, 4), np.int32)
    none = np.zeros(count)
    return Aligned(
        pairs,
        none,
        none,
        no_rows,
        no_spans,
        np.zeros((0, 4), np.int32),
        np.zeros((0, 7), np.int32),
        np.zeros(count, np.bool_),
    )


def bodies(tokens: Tokens) -> Ints:
    """Tokens of each text outside captions: int64 (n,)."""
    captions = np.append(0, np.cumsum(tokens.flags & CAPTION > 0))
    sizes: Ints = np.diff(tokens.bounds) - np.diff(captions[tokens.bounds])
    return sizes


def joined(*parts: Aligned) -> Aligned:
    """Several batches as one."""
    if not parts:
        return _nothing_aligned(np.zeros((0, 2), np.int64))
    if len(parts) == 1:
        return parts[0]
    pair_counts = [len(part.pairs) for part in parts]
    row_counts = [len(part.rows) for part in parts]
    if max(sum(pair_counts), sum(row_counts)) >= 1 << 31:
        raise DedupError("more than 2,147,483,647 pairs or matches; split the input")
    first = np.cumsum([0, *pair_counts[:-1]])
    first_row = np.cumsum([0, *row_counts[:-1]])
    rows = np.concatenate([part.rows for part in parts])
    rows[:, PAIR] += np.repeat(first, row_counts).astype(np.int32)
    stretched = np.concatenate([part.stretches for part in parts])
    stretched[:, 0] += np.repeat(first_row, [len(part.stretches) for part in parts])
    return Aligned(
        np.concatenate([part.pairs for part in parts]),
        np.concatenate([part.jaccard for part in parts]),
        np.concatenate([part.containment for part in parts]),
        rows,
        np.concatenate([part.spans for part in parts]),
        np.concatenate([part.copied for part in parts]),
        stretched,
        np.concatenate([part.cut_short for part in parts]),
    )


_SPOKEN = (
    0.4  # of a stretch outside quotation marks and captions: less is speech, which belongs to the speaker
)


def links(aligned: Aligned, judged: Judged, among: npt.NDArray[np.bool_] | None = None) -> list[Link]:
    """The stretches that carry an origin: copied reporting, between copies of one text whatever they copied.

    Args:
        among: bool (m,), the pairs that are asked for; by default all.
    """
    row = aligned.stretches[:, 0]
    pair = aligned.rows[row, PAIR]
    same = judged.relation[pair] >= VERSION
    _, *_, copied, told = aligned.stretches.T
    bears = (judged.reason[row] == SUBSTANTIAL) & (same | (told >= _SPOKEN * copied))
    if among is not None:
        bears &= among[pair]
    return [
        Link(a, b, (a_start, a_end), (b_start, b_end), one_text)
        for (a, b), (_, a_start, a_end, b_start, b_end, *_), one_text in zip(
            aligned.pairs[pair[bears]].tolist(),
            aligned.stretches[bears].tolist(),
            same[bears].tolist(),
            strict=True,
        )
    ]


def boilerplate_spans(
    count: int, aligned: Aligned, reason: npt.NDArray[np.uint8]
) -> list[list[tuple[int, int]]]:
    """Where each of `count` articles prints its outlet's boilerplate: spans in code points, in order."""
    spans: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for article, start, end in boilerplate_columns(aligned, reason).tolist():
        spans[article].append((start, end))
    return spans


def boilerplate_columns(aligned: Aligned, reason: npt.NDArray[np.uint8]) -> Ints:
    """Where articles print their outlet's boilerplate: int64 (k, 3), article, start and end, in order and distinct."""
    printed = aligned.stretches[reason[aligned.stretches[:, 0]] == BOILERPLATE]
    ends = aligned.pairs[aligned.rows[printed[:, 0], PAIR]]
    found = np.concatenate(
        [np.column_stack((ends[:, side], printed[:, 1 + 2 * side : 3 + 2 * side])) for side in (0, 1)]
    )
    found = found[np.lexsort(found.T[::-1])]
    fresh = np.append(True, (found[1:] != found[:-1]).any(axis=1))[: len(found)]
    distinct: Ints = found[fresh]
    return distinct
