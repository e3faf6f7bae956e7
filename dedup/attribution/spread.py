"""What an article's own text keeps silent, its copies may tell: origins spread along shared passages.

Only credited text spreads, and one hop only, so an inferred origin never vouches for another. Of an article
that is an agency's in part, only the credited part spreads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dedup.attribution.agencies import load_agencies
from dedup.attribution.origin import CONFIRMED, LEAD, POSSIBLE, PROBABLE, scores
from dedup.attribution.own import find_own
from dedup.attribution.page import read_page
from dedup.model import Article, Attribution, Credit, Match, Origin, Share, Status

ALIGNED = 5.0
"""Points for a text that credited copy covers; see `ENOUGH`."""
ENOUGH = 0.9
"""The share of a text's prose that counts as all of it: a new lead or a house's own tail make up the rest."""
PASSAGE = 300
"""Code points of shared credited text from which an article is `probable` to be that agency's in part."""
NOTABLE = 0.15
"""The share of a text's prose below which a passage does not make the article the agency's in part."""
SURE = 0.75
"""How certain a source must be, and how alike the passage, for that."""
TEASERS = 0.5
"""The least share of a text that counts as its prose, however much of it looks like furniture."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Inherited:
    """A passage ``[start, end)`` that is ``agency``'s in the article ``source_id``; score in points."""

    agency: str
    start: int
    end: int
    source_id: str
    score: float


@dataclass(frozen=True, slots=True)
class Attributed:
    """An article's origin, after its copies were heard, and the passages that they vouch for."""

    origin: Origin
    inherited: tuple[Inherited, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a credited article: whose it is, and how certain that is."""

    agency: str
    start: int
    end: int
    certainty: float


def spread(
    articles: Sequence[Article], attributions: Sequence[Attribution], matches: Sequence[Match]
) -> list[Attributed]:
    """Carry origins along `substantial` matches from credited to uncredited text.

    Args:
        articles: All articles of the run; ids are unique.
        attributions: What each one's own text says, in the same order.
        matches: Passages that they share; a match with an unknown id is left out.

    Returns:
        One per article, in the same order. An article that its own text credits keeps its verdict; passages
        that other credited copy claims are listed beside it. The order of articles and matches does not
        matter.
    """
    number = {article.id: i for i, article in enumerate(articles)}
    parts = [_parts(article, found) for article, found in zip(articles, attributions, strict=True)]
    hosted = [_by_host_alone(found) for found in attributions]
    shared: dict[int, list[tuple[int, Span, Span, float]]] = {}
    for match in matches:
        a, b = number.get(match.a), number.get(match.b)
        if match.weight != "substantial" or a is None or b is None or a == b:
            continue
        a_span, b_span = (match.a_start, match.a_end), (match.b_start, match.b_end)
        shared.setdefault(a, []).append((b, a_span, b_span, match.similarity))
        shared.setdefault(b, []).append((a, b_span, a_span, match.similarity))

    def heard(target: int, silent: dict[int, list[Span]], hosts: bool) -> list[Inherited]:
        return [
            piece
            for source, own, theirs, similarity in shared.get(target, ())
            if parts[source] and hosted[source] == hosts
            for piece in _carry(
                articles[source].id, parts[source], own, theirs, similarity, silent.get(source, ())
            )
        ]

    told = [heard(i, {}, hosts=False) for i in range(len(articles))]
    # What stands at an agency's own host without a credit is its own, save what credited copy shows to be
    # another's.
    silent = {
        i: [(p.start, p.end) for p in told[i] if p.agency != attributions[i].origin.agency]
        for i in range(len(articles))
        if hosted[i]
    }
    return [
        _conclude(article, found, sorted({*told[i], *heard(i, silent, hosts=True)}, key=_order))
        for i, (article, found) in enumerate(zip(articles, attributions, strict=True))
    ]


def _order(piece: Inherited) -> tuple[int, int, float, str, str]:
    return piece.start, piece.end, -piece.score, piece.source_id, piece.agency


def _parts(article: Article, found: Attribution) -> list[_Part]:
    """The parts of an article that its own text credits well enough to vouch for copies."""
    origin = found.origin
    if origin.agency is None or origin.status not in ("confirmed", "probable"):
        return []
    certainty = 1.0 if origin.status == "confirmed" else 0.8
    if origin.share == "whole":
        agencies = origin.agencies or (origin.agency,)
        return [_Part(agency, 0, len(article.text), certainty) for agency in agencies]
    return [
        _Part(origin.agency, *span, certainty)
        for span in credited_spans(article, found.credits, origin.agency)
    ]


def credited_spans(article: Article, credits: Iterable[Credit], agency: str) -> list[Span]:
    """The parts of a text that stand under a credit: a witness's paragraph, a signed section."""
    text = article.text
    spans = []
    signed = sorted(
        {c.start for c in credits if c.role == "origin" and c.kind in ("dateline", "byline") and c.end}
    )
    for credit in credits:
        if credit.agency != agency or credit.role != "origin" or not credit.end:
            continue
        if credit.kind == "witness":
            start = text.rfind("\n", 0, credit.start) + 1
            end = text.find("\n", credit.end)
            spans.append((start, len(text) if end < 0 else end))
        elif credit.kind in ("dateline", "byline"):
            following = next((start for start in signed if start > credit.end), len(text))
            spans.append((credit.start, following))
    return spans


def _by_host_alone(found: Attribution) -> bool:
    agency = found.origin.agency
    return agency is not None and not any(
        c.agency == agency and c.role == "origin" and c.kind != "host" and c.weight >= PROBABLE
        for c in found.credits
    )


def _carry(
    source_id: str, parts: Sequence[_Part], own: Span, theirs: Span, similarity: float, silent: Sequence[Span]
) -> list[Inherited]:
    """What of a shared passage the source's credited parts cover, in the target's offsets."""
    if any(low <= theirs[0] and theirs[1] <= high for low, high in silent):
        return []
    carried = []
    for part in parts:
        low, high = max(part.start, theirs[0]), min(part.end, theirs[1])
        if high <= low:
            continue
        # The two spans run side by side; edges that the part cuts are carried over in proportion.
        scale = (own[1] - own[0]) / (theirs[1] - theirs[0])
        start = own[0] + round((low - theirs[0]) * scale)
        end = own[1] - round((theirs[1] - high) * scale)
        if start < end:
            carried.append(
                Inherited(part.agency, start, end, source_id, round(ALIGNED * similarity * part.certainty, 2))
            )
    return carried


def _conclude(article: Article, found: Attribution, inherited: Sequence[Inherited]) -> Attributed:
    own = found.origin
    if own.issuer is not None or own.status in ("confirmed", "probable"):
        return Attributed(own, tuple(p for p in inherited if p.agency not in (own.agencies or (own.agency,))))
    if not inherited:
        return Attributed(own)
    # An index page has little prose and many teasers: they count as text all the same.
    prose = max(read_page(article.text).prose[-1], round(TEASERS * len(article.text)))
    points = scores(found.credits)
    covered: dict[str, float] = {}
    for agency in sorted({p.agency for p in inherited}):
        pieces = [p for p in inherited if p.agency == agency]
        length = _union(pieces)
        # A probable source, or a passage that was edited on the way, vouches for less.
        certainty = max(p.score for p in pieces) / ALIGNED
        covered[agency] = min(1.0, length / max(prose, 1))
        gained = ALIGNED * min(1.0, covered[agency] / ENOUGH) * certainty
        if length >= PASSAGE and covered[agency] >= NOTABLE and certainty >= SURE:
            gained = max(gained, PROBABLE)
        points[agency] = max(0.0, points.get(agency, 0.0)) + gained
    ranked = sorted(
        ((score, agency) for agency, score in points.items()), key=lambda item: (-item[0], item[1])
    )
    score, agency = ranked[0]
    if score < POSSIBLE:
        return Attributed(own, tuple(inherited))
    if agency not in covered:
        return Attributed(own, tuple(inherited))
    # Where two agencies' copy stands side by side, the second is no rival: each has its passages.
    beside = [name for points_, name in ranked[1:] if points_ >= POSSIBLE and name in covered]
    staff = find_own(article, load_agencies())
    whole = covered[agency] >= ENOUGH - 0.1 and (staff is None or staff.kind != "staff")
    rival = next(
        (points_ for points_, name in ranked[1:] if name not in beside or _overlap(inherited, agency, name)),
        0.0,
    )
    return Attributed(
        Origin(
            agency,
            _share(whole),
            _status(score, score - rival),
            round(score, 2),
            inferred_from=_best_source(inherited, agency),
            agencies=(agency, *beside),
        ),
        tuple(inherited),
    )


def _share(whole: bool) -> Share:
    return "whole" if whole else "partial"


def _status(score: float, lead: float) -> Status:
    if score >= CONFIRMED and lead >= LEAD:
        return "confirmed"
    return "probable" if score >= PROBABLE else "possible"


def _union(pieces: Iterable[Inherited]) -> int:
    total = reached = 0
    for piece in sorted(pieces, key=_order):
        total += max(0, piece.end - max(piece.start, reached))
        reached = max(reached, piece.end)
    return total


def _overlap(inherited: Sequence[Inherited], one: str, other: str) -> bool:
    """Do two agencies' passages mostly claim the same text?"""
    first = [p for p in inherited if p.agency == one]
    second = [p for p in inherited if p.agency == other]
    both = _union([replace(p, agency=one) for p in (*first, *second)])
    lengths = _union(first), _union(second)
    return sum(lengths) - both > 0.5 * min(lengths)


def _best_source(inherited: Sequence[Inherited], agency: str) -> str:
    """The id of the source that covers most; on a tie the first by id."""
    sources = sorted({p.source_id for p in inherited if p.agency == agency})
    return max(
        sources, key=lambda s: _union([p for p in inherited if p.agency == agency and p.source_id == s])
    )
