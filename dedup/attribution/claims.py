"""Claims: who may have written which part of a text, and who it is put down to where claims meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

Span = tuple[int, int]

BOILERPLATE, REPEATED, VOUCHED, HOSTED, SIGNED = range(5)
"""Ranks, the strongest first: the outlet's boilerplate, what the article said before, text that a credit covers (its
own or a copy's), text at an agency's own host, an outlet's own signature."""

_LEFT_OUT = 0.25  # of a passage's length: so much of its source may be left out, and it is one passage still


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
    """Divide ``[0, length)`` among claims: pieces in order, no two of one claim side by side.

    Where claims of the strongest rank differ, that name prevails which most stories vouch for, then most articles,
    then the article's own word, then the higher score. Of those who vouch for that name, each bears the text as far as
    it reaches, so that few are named. The order of the claims does not matter.
    """
    deciding = in_order(_needed(claims))
    if len(deciding) == 1 and deciding[0].start < min(deciding[0].end, length):
        return _alone(deciding[0], length)
    return join(Piece(*piece) for piece in _prevailing(deciding, length))


def _alone(claim: Claim, length: int) -> list[Piece]:
    """What a single claim leaves of ``[0, length)`` to nobody, and itself."""
    low, high = claim.start, min(claim.end, length)
    pieces = Piece(0, low, None), Piece(low, high, claim), Piece(high, length, None)
    return [piece for piece in pieces if piece.start < piece.end]


def _needed(claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims that decide: of a rank at which all name one, those that cover what longer ones leave; of two as long,
    the article's own word.

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
        held.sort(key=_size)
        # Most stand inside of longer ones, so that only few of those as long need be told apart.
        for _, as_long in groupby(held, _size):
            left = [claim for claim in as_long if not _covers(covered, claim)]
            for claim in sorted(left, key=_precedence) if len(left) > 1 else left:
                if not _covers(covered, claim):
                    covered = joined([*covered, (claim.start, claim.end)])
                    yield claim


def _size(claim: Claim) -> int:
    return claim.start - claim.end


def _covers(spans: Iterable[Span], claim: Claim) -> bool:
    return any(low <= claim.start and claim.end <= high for low, high in spans)


def _precedence(claim: Claim) -> tuple[object, ...]:
    return claim.source_id is not None, -claim.score, _order(claim)


def join(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces, which stand in order, those made one that stand side by side here, and about so at their source."""
    found: list[Piece] = []
    for piece in pieces:
        claim = _together(found[-1], piece) if found else None
        if found and (claim is not None or found[-1].claim is piece.claim is None):
            found[-1] = Piece(found[-1].start, piece.end, claim)
        else:
            found.append(piece)
    return found


def _together(one: Piece, other: Piece) -> Claim | None:
    """The claim that bears two pieces side by side, None where no single one does."""
    if one.claim is None or other.claim is None or one.claim == other.claim:
        return one.claim if other.claim is not None else None
    if (one.claim.whose, one.claim.source_id) != (other.claim.whose, other.claim.source_id):
        return None
    here, there = place(one), place(other)
    if here is None or there is None:
        return one.claim._replace(end=other.end) if here is there else None
    if there[0] < here[1] or there[1] - here[0] > (1 + _LEFT_OUT) * (other.end - one.start):
        return None
    return one.claim._replace(start=one.start, end=other.end, of=(here[0], there[1]))


def place(piece: Piece) -> Span | None:
    """Where the words of a piece stand at its source; None where the article itself says whose they are."""
    if piece.claim is None or piece.claim.of is None:
        return None
    inside = piece.claim.start, piece.claim.end
    return answer((max(piece.start, inside[0]), min(piece.end, inside[1])), inside, piece.claim.of)


def answer(span: Span, inside: Span, there: Span) -> Span:
    """What answers the part ``span`` of a stretch ``inside`` that stands at ``there``: in proportion, side by side."""
    if span == inside:
        return there
    scale = (there[1] - there[0]) / (inside[1] - inside[0])
    return there[0] + round((span[0] - inside[0]) * scale), there[1] - round((inside[1] - span[1]) * scale)


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """The claims by position, each once."""
    claims = list(claims)
    return claims if len(claims) < 2 else sorted(set(claims), key=_order)


def _order(claim: Claim) -> tuple[object, ...]:
    return (*claim[:5], claim.source_id or "", claim.of or (), claim.family)


def _prevailing(claims: Sequence[Claim], length: int) -> Iterator[tuple[int, int, Claim | None]]:
    edges = sorted({0, length, *(min(edge, length) for claim in claims for edge in claim[:2])})
    standing: list[Claim] = []
    opened = 0
    bearing: Claim | None = None
    for low, high in pairwise(edges):
        standing = [claim for claim in standing if claim.end > low]
        while opened < len(claims) and claims[opened].start <= low:
            if claims[opened].end > low:
                standing.append(claims[opened])
            opened += 1
        whose = prevailing(standing)
        if bearing is None or bearing.whose != whose or bearing.end <= low:
            bearing = min((claim for claim in standing if claim.whose == whose), key=_reach, default=None)
        yield low, high, bearing


def _reach(claim: Claim) -> tuple[object, ...]:
    """How far a claim goes; where two go as far, the better in rank, the article's own word, the higher score."""
    return -claim.end, claim.rank, claim.source_id is not None, -claim.score, *_order(claim)


def prevailing(claims: Sequence[Claim]) -> str | None:
    """The name that prevails where all these claims meet, None of none."""
    if len(claims) <= 1:
        return claims[0].whose if claims else None
    rank = min(claim.rank for claim in claims)
    voices: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.rank == rank:
            voices.setdefault(claim.whose, []).append(claim)
    if len(voices) == 1:
        return next(iter(voices))
    return min(voices, key=lambda name: (*(-part for part in standing_of(voices[name])), name))


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
    for span in sorted(spans):
        if found and span[0] <= found[-1][1] + gap:
            if span[1] > found[-1][1]:
                found[-1] = found[-1][0], span[1]
        else:
            found.append(span)
    return found


def length_of(spans: Iterable[Span]) -> int:
    """Code points that the spans cover."""
    length, reached = 0, None
    for start, end in sorted(spans):
        if reached is None or start > reached:
            length += end - start
            reached = end
        elif end > reached:
            length += end - reached
            reached = end
    return length


def length_outside(spans: Sequence[Span], others: Sequence[Span]) -> int:
    """Code points that ``spans`` cover and ``others`` do not."""
    return length_of([*spans, *others]) - length_of(others) if others else length_of(spans)
