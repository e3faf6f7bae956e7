"""What an article's own text keeps silent, its copies may tell: origins spread along copied stretches.

Only credited text spreads, to the texts that copy it, and once more through an uncredited canonical to the other
copies of its story, as far as the same words go: what that passes on is the credit of the first, over the words that
all three have. Of an article that is an agency's in part, only the credited part spreads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dedup.attribution.agencies import Agencies, load_agencies
from dedup.attribution.claims import HOSTED, VOUCHED, Claim, Span, answer, in_order
from dedup.attribution.inherit import ALIGNED, Attributed, conclude
from dedup.attribution.origin import PROBABLE
from dedup.attribution.own import find_own
from dedup.model import Article, Attribution, Credit

_PROBABLY = 0.8  # certainty of a source whose own origin is no more than probable,
_HOSTED = 0.5  # and of unsigned text at a paper's or broadcaster's own host, which prints agencies' text too
_PARAGRAPH = 500  # code points on either side of a witness
_SECOND_HAND = 0.9  # of what a canonical passes on of its sources
_VOICES = 300  # claims that one article hears at each hand; more of them would say the same

PASSED_ON = 100
"""Other articles, the first ones, from which a canonical passes on what they say."""


class Link(NamedTuple):
    """A stretch that two articles, by number, have word for word.

    ``a_span`` of the one answers ``b_span`` of the other. ``same_text``: they are copies or versions of one text.
    """

    a: int
    b: int
    a_span: Span
    b_span: Span
    same_text: bool = False


class _Side(NamedTuple):
    """A link as one of its articles sees it: the other one, the own span, the other's."""

    other: int
    own: Span
    theirs: Span
    same_text: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a credited article: whose it is, and how certain that is."""

    whose: str
    start: int
    end: int
    certainty: float
    agencies: tuple[str, ...] = ()


def spread(
    articles: Sequence[Article],
    attributions: Sequence[Attribution],
    links: Iterable[Link],
    *,
    families: Sequence[int] | None = None,
    apart: Sequence[Sequence[Span]] | None = None,
    agencies: Agencies | None = None,
    asked: Iterable[int] | None = None,
) -> list[Attributed]:
    """Carry origins along copied stretches from credited to uncredited text.

    Args:
        articles: All articles of the run; ids are unique.
        attributions: What each one's own text says, in the same order.
        links: Stretches of shared reporting.
        families: The story of each article, by the number of its canonical: of versions of one text, all say what one
            says. A number beyond the articles stands for a canonical that is not among them. By default each article
            is a story of its own.
        apart: Of each article the spans that are no part of its body: captions, the outlet's boilerplate.
            What others share of them says nothing about the article's origin.
        agencies: The list they were read with; the program's own by default.
        asked: Those to conclude about; by default all.

    Returns:
        One for each that is asked for, in that order. An article that its own text credits keeps its verdict; what
        other credited copy claims of it is listed beside. The order of articles and links does not matter.
    """
    listed = agencies or load_agencies()
    hearing = _Hearing(articles, attributions, links, families or range(len(articles)), listed)
    return [
        hearing.concluded(i, apart[i] if apart else ())
        for i in (range(len(articles)) if asked is None else asked)
    ]


class _Hearing:
    """What articles tell each other; asked for each, and kept where it is asked for again."""

    def __init__(
        self,
        articles: Sequence[Article],
        attributions: Sequence[Attribution],
        links: Iterable[Link],
        stories: Sequence[int],
        agencies: Agencies,
    ) -> None:
        self._articles, self._attributions, self._stories = articles, attributions, stories
        self._agencies = agencies
        self._parts = [_parts(*pair, agencies) for pair in zip(articles, attributions, strict=True)]
        self._unsigned = [is_unsigned(found) for found in attributions]
        self._sides: dict[int, list[_Side]] = {}
        for a, b, a_span, b_span, same_text in sorted(dict.fromkeys(links)):
            if a != b:
                self._sides.setdefault(a, []).append(_Side(b, a_span, b_span, same_text))
                self._sides.setdefault(b, []).append(_Side(a, b_span, a_span, same_text))
        self._signed_to: dict[int, list[Claim]] = {}
        self._passed_on_by: dict[int, list[Claim]] = {}

    def concluded(self, i: int, apart: Sequence[Span]) -> Attributed:
        """The origin of an article, once it was heard what others say."""
        mine = self._sides.get(i)
        if mine is None:  # nobody has anything to say of it
            return Attributed(self._attributions[i].origin)
        told = [*self._signed(i), *self._heard(mine, hosts=True)]
        # An article that says itself whose it is has no need of second-hand word, and passes none on.
        canonical = self._stories[i]
        if (
            canonical != i
            and self._mute(i)
            and 0 <= canonical < len(self._articles)
            and self._mute(canonical)
        ):
            through = [side for side in mine if side.other == canonical and side.same_text]
            told += _second_hand(told, self._passed_on(canonical) if through else (), through)
        if not told:
            return Attributed(self._attributions[i].origin)
        shared = _shared(mine, self._articles)
        return conclude(
            self._articles[i], self._attributions[i], in_order(told), shared, apart, self._agencies
        )

    def _mute(self, i: int) -> bool:
        return not self._parts[i] or self._unsigned[i]

    def _heard(self, along: Iterable[_Side], hosts: bool) -> list[Claim]:
        claims: list[Claim] = []
        for side in along:
            other = side.other
            if self._parts[other] and self._unsigned[other] == hosts:
                rank, told = (HOSTED, self._silent(other)) if hosts else (VOUCHED, ())
                source, story = self._articles[other].id, self._stories[other]
                claims += _carried(self._parts[other], side, source, story, rank, told)
        return _few(claims)

    def _signed(self, target: int) -> list[Claim]:
        """What signed copies say of an article."""
        if target not in self._signed_to:
            self._signed_to[target] = self._heard(self._sides.get(target, ()), hosts=False)
        return self._signed_to[target]

    def _silent(self, source: int) -> list[Span]:
        """What credited copy shows to be another's of a page at an agency's own host; the rest is its own."""
        agency = self._attributions[source].origin.agency
        return [(claim.start, claim.end) for claim in self._signed(source) if agency not in claim.agencies]

    def _passed_on(self, canonical: int) -> list[Claim]:
        """What the first copies of an uncredited canonical tell it, for its other copies."""
        if canonical not in self._passed_on_by:
            sides = self._sides[canonical]
            first = sorted({side.other for side in sides})[:PASSED_ON]
            along = [side for side in sides if side.same_text and side.other <= first[-1]]
            self._passed_on_by[canonical] = [
                *self._heard(along, hosts=False),
                *self._heard(along, hosts=True),
            ]
        return self._passed_on_by[canonical]


def is_unsigned(found: Attribution) -> bool:
    """Does no strong credit sign the text, so that it is its agency's by its host or by hints together?"""
    agency = found.origin.agency
    return agency is not None and not any(
        c.agency == agency and c.role == "origin" and c.kind != "host" and c.weight >= PROBABLE
        for c in found.credits
    )


def is_mute(article: Article, found: Attribution, agencies: Agencies) -> bool:
    """Does an article not say itself whose it is? Then it takes second-hand word, and passes it on."""
    return is_unsigned(found) or not _parts(article, found, agencies)


def _shared(sides: Iterable[_Side], articles: Sequence[Article]) -> dict[str, list[Span]]:
    shared: dict[str, list[Span]] = {}
    for side in sides:
        shared.setdefault(articles[side.other].id, []).append(side.own)
    return shared


def _second_hand(told: Sequence[Claim], passed_on: Sequence[Claim], through: Sequence[_Side]) -> list[Claim]:
    """What the canonical of a story passes on to a copy; each source at first hand is heard there only.

    Of a story that hundreds print, an article is compared with the canonical one, not with every credited copy.
    """
    known = {claim.source_id for claim in told}
    claims = []
    for side in through:
        for claim in passed_on:
            if claim.source_id not in known:
                claims += _along(claim, side, claim.score * _SECOND_HAND)
    return _few(claims)


def _few(claims: list[Claim]) -> list[Claim]:
    """About `_VOICES` claims that stand for all: of each name as large a part, the longest before all.

    Of a story that thousands print, each would else be told what hundreds say, and each of these by each other.
    """
    if len(claims) <= _VOICES:
        return claims
    step = -(-len(claims) // _VOICES)
    by_name: dict[str, list[Claim]] = {}
    for claim in sorted(in_order(claims), key=lambda claim: claim.start - claim.end):
        by_name.setdefault(claim.whose, []).append(claim)
    return [claim for name in by_name for claim in by_name[name][::step]]


def _along(claim: Claim, side: _Side, score: float) -> list[Claim]:
    """The claim on the other article, carried over to this one as far as the link goes."""
    low, high = max(claim.start, side.theirs[0]), min(claim.end, side.theirs[1])
    if high <= low:
        return []
    start, end = answer((low, high), side.theirs, side.own)
    of = answer((low, high), (claim.start, claim.end), claim.of) if claim.of else None
    if start >= end or (of is not None and of[0] >= of[1]):
        return []
    _, _, whose, rank, _, source_id, _, family, agencies = claim
    return [Claim(start, end, whose, rank, round(score, 2), source_id, of, family, agencies)]


def _carried(
    parts: Sequence[_Part], side: _Side, source_id: str, family: int, rank: int, silent: Sequence[Span]
) -> list[Claim]:
    """What of a stretch the source's credited parts cover, in the target's offsets."""
    first, last = side.theirs
    if silent and any(low <= first and last <= high for low, high in silent):
        return []
    carried = []
    for part in parts:
        low, high = max(part.start, first), min(part.end, last)
        if low < high:
            start, end = answer((low, high), side.theirs, side.own)
            if start < end:
                score = round(ALIGNED * part.certainty, 2)
                carried.append(
                    Claim(start, end, part.whose, rank, score, source_id, (low, high), family, part.agencies)
                )
    return carried


def _parts(article: Article, found: Attribution, agencies: Agencies) -> list[_Part]:
    """The parts of an article that its own text credits well enough to vouch for copies."""
    origin = found.origin
    if origin.status not in ("confirmed", "probable"):
        return []
    certainty = 1.0 if origin.status == "confirmed" else _PROBABLY
    if origin.issuer is not None:
        return [_Part(origin.issuer, 0, len(article.text), certainty)]
    if origin.agency is None:
        return []
    if is_unsigned(found) and _is_service(agencies, origin.agency) and find_own(article, agencies) is None:
        certainty = _HOSTED
    if origin.share == "whole":
        together = origin.agencies or (origin.agency,)
        return [_Part("/".join(together), 0, len(article.text), certainty, together)]
    return [
        _Part(origin.agency, *span, certainty, (origin.agency,))
        for span in credited_spans(article, found.credits, origin.agency)
    ]


def _is_service(agencies: Agencies, name: str) -> bool:
    return agencies.by_name[name.casefold()].kind != "agency"


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
            spans.append(_paragraph(text, credit.start, credit.end))
        elif credit.kind in ("dateline", "byline"):
            following = next((start for start in signed if start > credit.end), len(text))
            spans.append((credit.start, following))
    return spans


def _paragraph(text: str, start: int, end: int) -> Span:
    """The line around ``[start, end)``; on a page scraped onto one line, so much of it as a paragraph holds."""
    low, high = max(0, start - _PARAGRAPH), min(len(text), end + _PARAGRAPH)
    before = text.rfind("\n", low, start)
    after = text.find("\n", end, high)
    if before < 0 and low:
        before = text.find(". ", low, start)
    if after < 0 and high < len(text):
        after = text.rfind(". ", end, high)
    return (before + 1 if before >= 0 else low), (after + 1 if after >= 0 else high)
