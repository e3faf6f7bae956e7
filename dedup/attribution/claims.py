"""Claims: who may have written which part of a text, and who it is put down to where claims meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

Span = tuple[int, int]

BOILERPLATE, REPEATED, VOUCHED, HOSTED, SIGNED = range(5)
"""Ranks, the strongest first: the outlet's boilerplate, what the article said before, text that a credit covers (its
own or a copy's), text at an agency's own host, an outlet's own signature."""


class Claim(NamedTuple):
    """Who may have written ``[start, end)``.

    ``whose`` is the name that results speak: an agency, two that sign together ("AFP/AP"), an issuer. ``score`` is in
    points. ``source_id`` names the copy that vouches and ``of`` the place there; None for the article's own word.
    ``family`` numbers the story that the one who vouches belongs to: its versions say nothing that one of them has
    not said. ``agencies`` are those named, none for the issuer of a press release.
    """

    start: int
    end: int
    whose: str
    rank: int = VOUCHED
    score: float = 0.0
    source_id: str | None = None
    of: Span | None = None
    family: int = -1
    agencies: tuple[str, ...] = ()


class Piece(NamedTuple):
    """A part of a text and the claim that prevails there, None where nobody has one."""

    start: int
    end: int
    claim: Claim | None


def settle(claims: Iterable[Claim], length: int) -> list[Piece]:
    """Divide ``[0, length)`` among claims: pieces in order, no two of one name side by side.

    Where claims of the strongest rank differ, that name prevails which most stories vouch for, then most articles,
    then the article's own word, then the higher score. The order of the claims does not matter.
    """
    return join(Piece(*piece) for piece in _prevailing(in_order(_needed(claims)), length))


def _needed(claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims that decide: of a rank at which all name one, those that cover what longer ones leave.

    A story that fifty credited copies share is claimed fifty times.
    """
    ranks: dict[int, list[Claim]] = {}
    for claim in claims:
        ranks.setdefault(claim.rank, []).append(claim)
    for held in ranks.values():
        if len(held) == 1 or any(claim.whose != held[0].whose for claim in held):
            yield from held
            continue
        covered: list[Span] = []
        for claim in sorted(held, key=lambda claim: (claim.start - claim.end, *_order(claim))):
            span = claim.start, claim.end
            if not any(low <= span[0] and span[1] <= high for low, high in covered):
                covered = joined([*covered, span])
                yield claim


def join(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces, which stand in order, with those of one name that stand side by side made one."""
    return [
        _as_one(list(together)) for _, together in groupby(pieces, key=lambda piece: name_of(piece.claim))
    ]


def _as_one(pieces: Sequence[Piece]) -> Piece:
    """Pieces of one name, side by side: the source that bears most of them speaks for all, from where it has them."""
    whole = pieces[0]._replace(end=pieces[-1].end)
    if len(pieces) == 1 and (whole.claim is None or whole.claim[:2] == whole[:2]):
        return whole
    borne: dict[str, int] = {}
    for start, end, claim in pieces:
        if claim is not None:
            borne[claim.source_id or ""] = borne.get(claim.source_id or "", 0) + end - start
    if not borne:
        return whole
    most = max(sorted(borne), key=lambda source: borne[source])
    its = [piece for piece in pieces if piece.claim is not None and (piece.claim.source_id or "") == most]
    claim = max(its, key=lambda piece: piece.end - piece.start).claim
    places = [
        answer((start, end), (claim.start, claim.end), claim.of)
        for start, end, claim in its
        if claim and claim.of
    ]
    if claim is not None and places:
        claim = claim._replace(of=(min(start for start, _ in places), max(end for _, end in places)))
    return whole._replace(claim=claim)


def answer(span: Span, inside: Span, there: Span) -> Span:
    """What answers the part ``span`` of a stretch ``inside`` that stands at ``there``: in proportion, side by side."""
    scale = (there[1] - there[0]) / (inside[1] - inside[0])
    return there[0] + round((span[0] - inside[0]) * scale), there[1] - round((inside[1] - span[1]) * scale)


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """The claims by position, each once."""
    return sorted(set(claims), key=_order)


def _order(claim: Claim) -> tuple[object, ...]:
    return (*claim[:5], claim.source_id or "", claim.of or (), claim.family)


def name_of(claim: Claim | None) -> str | None:
    """Whose the claim says the text is."""
    return claim.whose if claim is not None else None


def _prevailing(claims: Sequence[Claim], length: int) -> Iterator[tuple[int, int, Claim | None]]:
    edges = sorted({0, length, *(min(edge, length) for claim in claims for edge in claim[:2])})
    standing: list[Claim] = []
    opened = 0
    for low, high in pairwise(edges):
        standing = [claim for claim in standing if claim.end > low]
        while opened < len(claims) and claims[opened].start <= low:
            if claims[opened].end > low:
                standing.append(claims[opened])
            opened += 1
        yield low, high, strongest(standing)


def strongest(claims: Sequence[Claim]) -> Claim | None:
    """The claim that prevails over all the others, None of none."""
    if len(claims) <= 1:
        return claims[0] if claims else None
    rank = min(claim.rank for claim in claims)
    voices: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.rank == rank:
            voices.setdefault(claim.whose, []).append(claim)
    whose = next(iter(voices))
    if len(voices) > 1:
        whose = min(voices, key=lambda name: (*(-part for part in standing_of(voices[name])), name))
    score = max(claim.score for claim in voices[whose])
    best = [claim for claim in voices[whose] if claim.score == score]
    # Hundreds of copies may say the same: the whole order is asked only where their ids do not decide.
    source = min(claim.source_id or "" for claim in best)
    return min((claim for claim in best if (claim.source_id or "") == source), key=_order)


def standing_of(claims: Sequence[Claim]) -> tuple[int, int, bool, float]:
    """How well one name is vouched for: stories, articles, whether by the article's own word, and the best score."""
    return (
        len({claim.family for claim in claims}),
        len({claim.source_id for claim in claims}),
        any(claim.source_id is None for claim in claims),
        max(claim.score for claim in claims),
    )


def joined(spans: Iterable[Span], gap: int = 0) -> list[Span]:
    """The spans in order, those that touch or lie no farther than ``gap`` apart made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1] + gap:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def length_of(spans: Iterable[Span]) -> int:
    """Code points that the spans cover."""
    return sum(end - start for start, end in joined(spans))


def length_outside(spans: Sequence[Span], others: Sequence[Span]) -> int:
    """Code points that ``spans`` cover and ``others`` do not."""
    return length_of([*spans, *others]) - length_of(others) if others else length_of(spans)
