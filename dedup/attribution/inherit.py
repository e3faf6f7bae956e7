"""An article's origin once its copies were heard: what they vouch for, weighed beside its own credits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedup.attribution.agencies import Agencies, load_agencies
from dedup.attribution.origin import CONFIRMED, LEAD, POSSIBLE, PROBABLE, scores
from dedup.attribution.own import find_own
from dedup.attribution.page import read_page
from dedup.model import Article, Attribution, Origin, Status

ALIGNED = 5.0
"""Points for a text that credited copy covers; see `ENOUGH`."""
ENOUGH = 0.9
"""The share of a text's body that counts as all of it: a new lead or a house's own tail make up the rest."""
PASSAGE = 300
"""Code points of credited text in one piece from which an article is `probable` to be that agency's in part."""
NOTABLE = 0.15
"""The share of a text's body below which a passage does not make the article the agency's in part."""
SURE = 0.75
"""How certain a source must be, and how alike the passage, for that."""
TEASERS = 0.5
"""The least share of a text that counts as its body, however much of it looks like furniture."""
MANY = 4
"""Stories from which a page that carries a little of each is a digest."""
SNIPPET = 80
"""Code points that a story adds to a digest, at least."""
ITEM = 0.25
"""The share of a digest's body that one story fills, at most."""

_GAP = 80  # code points of edits that do not break a passage in two

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Inherited:
    """A passage ``[start, end)`` that is ``whose`` in the article ``source_id``; score in points.

    ``whose`` is an agency, or the issuer of a press release where ``released``.
    """

    whose: str
    start: int
    end: int
    source_id: str
    score: float
    released: bool = False


@dataclass(frozen=True, slots=True)
class Attributed:
    """An article's origin, after its copies were heard, and the passages that they vouch for."""

    origin: Origin
    inherited: tuple[Inherited, ...] = ()


def signed_by(origin: Origin) -> tuple[str, ...]:
    """The agencies, or the issuer, whose text an article says itself that it is, where that needs no copy's word."""
    if origin.issuer is not None:
        return (origin.issuer,)
    if origin.agency is None or origin.status not in ("confirmed", "probable"):
        return ()
    return origin.agencies or (origin.agency,)


def conclude(
    article: Article,
    found: Attribution,
    inherited: Sequence[Inherited],
    shared: Mapping[str, Sequence[Span]],
    apart: Sequence[Span] = (),
    agencies: Agencies | None = None,
) -> Attributed:
    """Weigh what copies vouch for beside what the article itself says.

    Args:
        inherited: Passages of credited copies, in order of position.
        shared: By the id of every other article, credited or not, the spans that it shares.
        apart: Captions and boilerplate: no part of the body, whoever wrote them.
        agencies: The list that tells an agency's byline from the outlet's own; the program's by default.
    """
    own = found.origin
    if own.issuer is not None or own.status in ("confirmed", "probable"):
        signed = signed_by(own)
        return Attributed(own, tuple(p for p in inherited if p.whose not in signed))
    if not inherited:
        return Attributed(own)
    body, left = _body(article.text, apart)
    points = scores(found.credits)
    length: dict[str, int] = {}
    for whose in sorted({p.whose for p in inherited}):
        pieces = [p for p in inherited if p.whose == whose]
        length[whose] = _length_outside([(p.start, p.end) for p in pieces], apart)
        points[whose] = max(0.0, points.get(whose, 0.0)) + _gained(pieces, length[whose] / body, apart)
    ranked = sorted(((score, whose) for whose, score in points.items()), key=lambda item: (-item[0], item[1]))
    score, whose = ranked[0]
    if score < POSSIBLE or whose not in length:
        return Attributed(own, tuple(inherited))
    # Where two agencies' copy stands side by side, the second is no rival: each has its passages.
    beside = [name for points_, name in ranked[1:] if points_ >= POSSIBLE and name in length]
    rival = next(
        (points_ for points_, name in ranked[1:] if name not in beside or _overlap(inherited, whose, name)),
        0.0,
    )
    staff = find_own(article, agencies or load_agencies())
    whole = length[whose] >= (ENOUGH - 0.1) * left and (staff is None or staff.kind != "staff")
    status = _status(score, score - rival)
    if _is_digest(shared, body):
        whole, status = False, "possible"
    issuers = {p.whose for p in inherited if p.released}
    named = tuple(name for name in (whose, *beside) if name not in issuers)
    return Attributed(
        Origin(
            None if whose in issuers else whose,
            "whole" if whole else "partial",
            status,
            round(score, 2),
            inferred_from=_best_source(inherited, whose),
            agencies=() if whose in issuers else named,
            issuer=whose if whose in issuers else None,
        ),
        tuple(inherited),
    )


def _body(text: str, apart: Sequence[Span]) -> tuple[int, int]:
    """Code points of the body, at least half the text; and of the body as far as it does not stand apart.

    An index page has little prose and many teasers: they count as text all the same.
    """
    prose = read_page(text, apart).prose[-1]
    left = len(text) - _length(apart)
    return max(prose, round(TEASERS * len(text)), 1), max(prose, round(TEASERS * left), 1)


def _gained(pieces: Sequence[Inherited], covered: float, apart: Sequence[Span]) -> float:
    """Points for one agency's passages, which make up ``covered`` of the body."""
    # A probable source, or a passage that was edited on the way, vouches for less.
    certainty = max(p.score for p in pieces) / ALIGNED
    gained = ALIGNED * min(1.0, covered / ENOUGH) * certainty
    sure = [(p.start, p.end) for p in pieces if p.score >= SURE * ALIGNED]
    if covered >= NOTABLE and any(
        _length_outside([span], apart) >= PASSAGE
        for span in _joined(sure, _GAP)
        if span[1] - span[0] >= PASSAGE
    ):
        gained = max(gained, PROBABLE)
    return gained


def _is_digest(shared: Mapping[str, Sequence[Span]], body: int) -> bool:
    """Does the text carry a little of many stories, as an index page or a news in brief does?

    It is told by what it shares with any article, whoever wrote that one.
    """
    stories = sorted(
        ((_length(spans), id) for id, spans in shared.items()), key=lambda item: (-item[0], item[1])
    )
    if not stories or stories[0][0] >= ITEM * body:
        return False
    told: list[Span] = []
    many = 0
    for length, id in stories:
        if length < SNIPPET:
            return False
        if _length_outside(shared[id], told) >= SNIPPET:
            many += 1
            if many == MANY:
                return True
            told = _joined([*told, *shared[id]])
    return False


def _status(score: float, lead: float) -> Status:
    if score >= CONFIRMED and lead >= LEAD:
        return "confirmed"
    return "probable" if score >= PROBABLE else "possible"


def _joined(spans: Iterable[Span], gap: int = 0) -> list[Span]:
    """The spans in order, those that touch or lie no farther than ``gap`` apart made one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + gap:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in _joined(spans))


def _length_outside(spans: Sequence[Span], others: Sequence[Span]) -> int:
    return _length([*spans, *others]) - _length(others) if others else _length(spans)


def _overlap(inherited: Sequence[Inherited], one: str, other: str) -> bool:
    """Do two agencies' passages mostly claim the same text?"""
    first = [(p.start, p.end) for p in inherited if p.whose == one]
    second = [(p.start, p.end) for p in inherited if p.whose == other]
    lengths = _length(first), _length(second)
    return sum(lengths) - _length([*first, *second]) > 0.5 * min(lengths)


def _best_source(inherited: Sequence[Inherited], whose: str) -> str:
    """The id of the source that covers most; on a tie the first by id."""
    spans: dict[str, list[Span]] = {}
    for piece in inherited:
        if piece.whose == whose:
            spans.setdefault(piece.source_id, []).append((piece.start, piece.end))
    return max(sorted(spans), key=lambda source: _length(spans[source]))
