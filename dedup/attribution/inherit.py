"""An article's origin once its copies were heard: what they vouch for, weighed beside its own credits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dedup.attribution.agencies import Agencies
from dedup.attribution.claims import (
    HOSTED,
    Claim,
    Span,
    joined,
    length_of,
    length_outside,
    settle,
    standing_of,
)
from dedup.attribution.origin import CONFIRMED, POSSIBLE, PROBABLE, scores, status_of
from dedup.attribution.own import find_own
from dedup.attribution.page import read_page
from dedup.model import Article, Attribution, Credit, Origin

ALIGNED = 5.0
"""Points for a text that credited copy covers; see `ENOUGH`."""
ENOUGH = 0.9
"""The share of a text's body that counts as all of it: a new lead or a house's own tail make up the rest."""
PASSAGE = 300
"""Code points of credited text in one piece from which an article is `probable` to be that agency's in part."""
NOTABLE = 0.1
"""The share of a text's body below which a passage does not make the article the agency's in part."""
SURE = 0.75
"""How certain a source must be for that."""
TEASERS = 0.5
"""The least share of a text that counts as its body, however much of it looks like furniture."""
MANY = 4
"""Stories from which a page that carries a little of each is a digest."""
SNIPPET = 80
"""Code points that a story adds to a digest, at least."""
ITEM = 0.25
"""The share of a digest's body that one story fills, at most."""

_GAP = 80  # code points of edits that do not break a passage in two
_CAPTION = 600  # code points: no caption is longer
_CREDIT_GAP = 4  # code points between a caption and its credit
_AT_HOST = 1.0  # points of a host that copies credit to another


@dataclass(frozen=True, slots=True)
class Attributed:
    """An article's origin, after its copies were heard, and the passages that they vouch for."""

    origin: Origin
    heard: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class _Voice:
    """What copies say for one name.

    ``spans`` is all that they claim, ``won`` the code points of it where they prevail over other names; ``disputed``
    and ``gained`` are the points for either. ``stories`` and ``articles`` count who vouches.
    """

    whose: str
    agencies: tuple[str, ...]
    spans: list[Span]
    won: int
    gained: float
    disputed: float
    stories: int
    articles: int
    source_id: str


def conclude(
    article: Article,
    found: Attribution,
    heard: Sequence[Claim],
    shared: Mapping[str, Sequence[Span]],
    apart: Sequence[Span],
    agencies: Agencies,
) -> Attributed:
    """Weigh what copies vouch for beside what the article itself says.

    An article that is `confirmed` by its own text keeps its verdict; otherwise the points of both are summed. Claims of
    another agency to the same words lower the lead and are named as conflicts.

    Args:
        heard: Claims of credited copies, in order.
        shared: By the id of every other article, credited or not, the spans that it shares.
        apart: Captions and boilerplate: no part of the body, whoever wrote them.
    """
    own = found.origin
    if not heard:
        return Attributed(own)
    heard = _without_captions(heard, found.credits)
    host_alone = _host_alone(found)
    if host_alone:
        # One host's word for another page of its own adds nothing.
        heard = [claim for claim in heard if claim.rank != HOSTED or own.agency not in claim.agencies]
    if not heard:
        return Attributed(own)
    body, left = _body(article.text, apart)
    voices = _voices(heard, len(article.text), body, apart)
    rivals = [voice for voice in voices if voice.disputed >= PROBABLE and not _speaks_for(voice, own)]
    if own.issuer is not None or (own.status == "confirmed" and not (host_alone and rivals)):
        told = replace(own, status="probable") if _outvoted(own, rivals, voices) else own
        return Attributed(_beside(told, own, _named(rivals, own)), tuple(heard))
    said = scores(c for c in found.credits if not (host_alone and c.kind == "host"))
    if host_alone and own.agency is not None:
        said[own.agency] = own.score if not rivals else _AT_HOST
    origin = _weighed(own, said, voices, left)
    if origin.inferred_from is not None:
        staff = find_own(article, agencies)
        if staff is not None and staff.kind == "staff":
            origin = replace(origin, share="partial")
        if _is_digest(shared, body):
            origin = replace(origin, share="partial", status="possible")
    return Attributed(origin, tuple(heard))


def _without_captions(heard: Sequence[Claim], credits: Sequence[Credit]) -> Sequence[Claim]:
    """The claims without those to a passage that a photo credit closes: a caption, whoever else prints it."""
    pictured = [credit.start for credit in credits if credit.role == "photo" and credit.end]
    if not pictured:
        return heard
    return [
        claim
        for claim in heard
        if claim.end - claim.start > _CAPTION
        or not any(0 <= start - claim.end <= _CREDIT_GAP for start in pictured)
    ]


def _weighed(own: Origin, said: Mapping[str, float], voices: Sequence[_Voice], left: int) -> Origin:
    """The origin for which the article's own credits (points per agency) and its copies speak together."""
    points = {voice.whose: max(0.0, _said(voice, said)) + voice.gained for voice in voices}
    ranked = sorted(voices, key=lambda voice: (-points[voice.whose], voice.whose))
    first = ranked[0]
    score = points[first.whose]
    alone = max(
        (value for agency, value in said.items() if agency not in first.agencies and agency not in points),
        default=0.0,
    )
    if score < POSSIBLE or alone > score:
        return _beside(own, own, _named([v for v in ranked if v.disputed >= PROBABLE], own))
    # Where two agencies' copy stands side by side, the second is no rival: each has its passages.
    others = [voice for voice in ranked[1:] if not set(voice.agencies) & set(first.agencies)]
    against = [voice for voice in others if _overlap(voice, first)]
    beside = [v for v in others if v not in against and points[v.whose] >= POSSIBLE]
    rival = max([alone, *(max(points[v.whose], v.disputed * _share_of_voice(v, first)) for v in against)])
    its_own = _said(first, said) >= PROBABLE
    whole = first.won >= (ENOUGH - 0.1) * left or (its_own and own.share == "whole")
    together = [a for voice in (first, *beside) for a in voice.agencies]
    told = Origin(
        first.agencies[0] if first.agencies else None,
        "whole" if whole else "partial",
        status_of(score, score - rival) if score > rival else "possible",  # on a tie nobody knows
        round(score, 2),
        inferred_from=None if its_own else first.source_id,
        agencies=tuple(dict.fromkeys(together)) if first.agencies else (),
        issuer=None if first.agencies else first.whose,
    )
    lost = _named([v for v in against if v.disputed >= PROBABLE], told)
    passed_over = own.agency is not None and own.status in ("confirmed", "probable")
    if passed_over and own.agency not in (*told.agencies, *lost):
        lost = (*lost, own.agency or "")
    return _beside(told, own, lost)


def _outvoted(own: Origin, rivals: Sequence[_Voice], voices: Sequence[_Voice]) -> bool:
    """Do as many credit the whole text to another as to whom the article itself does, its own word counted?"""
    for_own = [voice for voice in voices if _speaks_for(voice, own)]
    stories = max([1, *(voice.stories for voice in for_own)])
    articles = 1 + sum(voice.articles for voice in for_own)
    return own.status == "confirmed" and any(
        voice.disputed >= CONFIRMED and (voice.stories, voice.articles) >= (stories, articles)
        for voice in rivals
    )


def _beside(told: Origin, own: Origin, lost: Sequence[str]) -> Origin:
    """An origin with those whom the article itself says beside it, and then those whom its copies say."""
    named = {*told.agencies, told.agency, told.issuer}
    return replace(told, conflicts=tuple(a for a in dict.fromkeys((*own.conflicts, *lost)) if a not in named))


def _share_of_voice(voice: _Voice, first: _Voice) -> float:
    """How much one name's witnesses weigh beside another's: by stories, where they have as many by articles."""
    if voice.stories != first.stories:
        return min(1.0, voice.stories / first.stories)
    return min(1.0, voice.articles / first.articles)


def _said(voice: _Voice, said: Mapping[str, float]) -> float:
    return max((said.get(agency, 0.0) for agency in voice.agencies), default=0.0)


def _speaks_for(voice: _Voice, origin: Origin) -> bool:
    return voice.whose == origin.issuer or bool({*origin.agencies, origin.agency} & set(voice.agencies))


def _named(voices: Sequence[_Voice], origin: Origin) -> tuple[str, ...]:
    """Who else claims the text, in order; without those whose text it is said to be."""
    return tuple(sorted({voice.whose for voice in voices if not _speaks_for(voice, origin)}))


def _host_alone(found: Attribution) -> bool:
    """Does nothing but its host claim the text for its agency?"""
    agency = found.origin.agency
    return agency is not None and {
        c.kind for c in found.credits if c.agency == agency and c.weight >= PROBABLE
    } == {"host"}


def _voices(heard: Sequence[Claim], length: int, body: int, apart: Sequence[Span]) -> list[_Voice]:
    """What is claimed for each name, in order of the names."""
    won: dict[str, list[Span]] = {}
    for piece in settle(heard, length):
        if piece.claim is not None:
            won.setdefault(piece.claim.whose, []).append((piece.start, piece.end))
    voices = []
    for whose in sorted({claim.whose for claim in heard}):
        claims = [claim for claim in heard if claim.whose == whose]
        spans = joined((claim.start, claim.end) for claim in claims)
        prevailing = won.get(whose, [])
        prevails = length_outside(prevailing, apart)
        disputed = gained = _gained(claims, spans, length_outside(spans, apart) / body, apart)
        if prevailing != spans:
            gained = _gained(claims, prevailing, prevails / body, apart)
        stories, articles, *_ = standing_of(claims)
        source = _best_source(claims)
        voices.append(
            _Voice(whose, claims[0].agencies, spans, prevails, gained, disputed, stories, articles, source)
        )
    return voices


def _body(text: str, apart: Sequence[Span]) -> tuple[int, int]:
    """Code points of the body, at least half the text; and of the body as far as it does not stand apart.

    An index page has little prose and many teasers: they count as text all the same.
    """
    prose = read_page(text, apart).prose[-1]
    left = len(text) - length_of(apart)
    return max(prose, round(TEASERS * len(text)), 1), max(prose, round(TEASERS * left), 1)


def _gained(claims: Sequence[Claim], spans: Sequence[Span], covered: float, apart: Sequence[Span]) -> float:
    """Points for one name's passages at ``spans``, which make up ``covered`` of the body."""
    # A probable source, or one heard at second hand, vouches for less.
    certainty = max(claim.score for claim in claims) / ALIGNED
    gained = ALIGNED * min(1.0, covered / ENOUGH) * certainty
    if covered >= NOTABLE and certainty >= SURE:
        passages = [span for span in joined(spans, _GAP) if span[1] - span[0] >= PASSAGE]
        if any(length_outside([span], apart) >= PASSAGE for span in passages):
            gained = max(gained, PROBABLE)
    return gained


def _is_digest(shared: Mapping[str, Sequence[Span]], body: int) -> bool:
    """Does the text carry a little of many stories, as an index page or a news in brief does?

    It is told by what it shares with any article, whoever wrote that one.
    """
    stories = sorted(
        ((length_of(spans), id) for id, spans in shared.items()), key=lambda item: (-item[0], item[1])
    )
    if not stories or stories[0][0] >= ITEM * body:
        return False
    told: list[Span] = []
    many = 0
    for length, id in stories:
        if length < SNIPPET:
            return False
        if length_outside(shared[id], told) >= SNIPPET:
            many += 1
            if many == MANY:
                return True
            told = joined([*told, *shared[id]])
    return False


def _overlap(one: _Voice, other: _Voice) -> bool:
    """Do two names mostly claim the same text?"""
    lengths = length_of(one.spans), length_of(other.spans)
    return sum(lengths) - length_of([*one.spans, *other.spans]) > 0.5 * min(lengths)


def _best_source(claims: Sequence[Claim]) -> str:
    """The id of the source that covers most; on a tie the first by id."""
    spans: dict[str, list[Span]] = {}
    for claim in claims:
        spans.setdefault(claim.source_id or "", []).append((claim.start, claim.end))
    if len(spans) == 1:
        return next(iter(spans))
    return max(sorted(spans), key=lambda source: length_of(spans[source]))
