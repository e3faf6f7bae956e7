"""What an article's own text keeps silent, its copies may tell: origins spread along shared passages.

Only credited text spreads, and one hop only, so an inferred origin never vouches for another. Of an article
that is an agency's in part, only the credited part spreads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dedup.attribution.agencies import Agencies
from dedup.attribution.inherit import ALIGNED, Attributed, Inherited, Span, conclude, signed_by
from dedup.attribution.origin import PROBABLE
from dedup.model import Article, Attribution, Credit, Match


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a credited article: whose it is, and how certain that is."""

    whose: str
    start: int
    end: int
    certainty: float
    released: bool = False


_COPIED = 0.5  # similarity below which a match is too loose to say whose text it is


def spread(
    articles: Sequence[Article],
    attributions: Sequence[Attribution],
    matches: Sequence[Match],
    apart: Sequence[Sequence[Span]] | None = None,
    agencies: Agencies | None = None,
) -> list[Attributed]:
    """Carry origins along `substantial` matches from credited to uncredited text.

    Args:
        articles: All articles of the run; ids are unique.
        attributions: What each one's own text says, in the same order.
        matches: Passages that they share; a match with an unknown id is left out.
        apart: Of each article the spans that are no part of its body: captions, the outlet's boilerplate.
            What others share of them says nothing about the article's origin.
        agencies: The list that the attributions were read with; the program's own by default.

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
        if match.weight != "substantial" or match.similarity < _COPIED or a is None or b is None or a == b:
            continue
        a_span, b_span = (match.a_start, match.a_end), (match.b_start, match.b_end)
        shared.setdefault(a, []).append((b, a_span, b_span, match.similarity))
        shared.setdefault(b, []).append((a, b_span, a_span, match.similarity))

    def heard(target: int, silent: dict[int, list[Span]], hosts: bool) -> list[Inherited]:
        signed = signed_by(attributions[target].origin)
        pieces: list[Inherited] = []
        for source, own, theirs, similarity in shared.get(target, ()):
            if hosted[source] == hosts:
                news = [part for part in parts[source] if part.whose not in signed]
                pieces += _carry(articles[source].id, news, own, theirs, similarity, silent.get(source, ()))
        return pieces

    told = [heard(i, {}, hosts=False) if i in shared else [] for i in range(len(articles))]
    # What stands at an agency's own host without a credit is its own, save what credited copy shows to be
    # another's.
    silent = {
        i: [(p.start, p.end) for p in told[i] if p.whose != attributions[i].origin.agency]
        for i in range(len(articles))
        if hosted[i]
    }
    return [
        _concluded(
            article,
            found,
            [*told[i], *(heard(i, silent, hosts=True) if silent else ())],
            shared.get(i, ()),
            articles,
            beside,
            agencies,
        )
        for i, (article, found, beside) in enumerate(
            zip(articles, attributions, apart or [()] * len(articles), strict=True)
        )
    ]


def _concluded(
    article: Article,
    found: Attribution,
    pieces: Sequence[Inherited],
    matched: Sequence[tuple[int, Span, Span, float]],
    articles: Sequence[Article],
    apart: Sequence[Span],
    agencies: Agencies | None,
) -> Attributed:
    if not pieces:
        return Attributed(found.origin)
    shared: dict[str, list[Span]] = {}
    for other, own, _, _ in matched:
        shared.setdefault(articles[other].id, []).append(own)
    return conclude(article, found, sorted(set(pieces), key=_order), shared, apart, agencies)


def _order(piece: Inherited) -> tuple[int, int, float, str, str]:
    return piece.start, piece.end, -piece.score, piece.source_id, piece.whose


def _parts(article: Article, found: Attribution) -> list[_Part]:
    """The parts of an article that its own text credits well enough to vouch for copies."""
    origin = found.origin
    if origin.status not in ("confirmed", "probable"):
        return []
    certainty = 1.0 if origin.status == "confirmed" else 0.8
    if origin.issuer is not None:
        return [_Part(origin.issuer, 0, len(article.text), certainty, released=True)]
    if origin.agency is None:
        return []
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
                Inherited(
                    part.whose,
                    start,
                    end,
                    source_id,
                    round(ALIGNED * similarity * part.certainty, 2),
                    part.released,
                )
            )
    return carried
