"""Whose text an article is: the sum of its credits, per agency."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from dedup.attribution.agencies import Agencies, load_agencies
from dedup.attribution.credits import find_credits
from dedup.attribution.hosts import printed_by
from dedup.attribution.own import find_own
from dedup.attribution.reading import WEIGHTS
from dedup.model import Article, Attribution, Credit, Origin, Share, Status
from dedup.settings import Settings

if TYPE_CHECKING:  # it holds a kernel
    from dedup.attribution.sightings import Sightings

CONFIRMED, PROBABLE, POSSIBLE, LEAD = 5.0, 3.0, 1.0, 3.0
"""Score from which an origin has each status, and the lead over the next agency that `confirmed` asks for."""

_EVIDENT = frozenset(
    {
        "dateline",
        "byline",
        "tail",
        "copyright",
        "contributed",
        "metadata",
        "title",
        "host",
        "signoff",
    }
)
SIGNATURES = _EVIDENT - {"copyright", "host"}
"""Kinds of credit that sign this very text."""
_SOURCE_LINE = re.compile(r"(?:^|\n)[ \t]{0,8}SOURCE:?[ \t]{1,4}([^\n]{2,120})")
_DATE_BEHIND = re.compile(r"^(?:[\s\w,.]{3,22}\d\s?(?:[/)]|[-–—]{1,2}(?=[\s\w]))|\s?via [\w ]{2,30}--)")
_ISSUER = re.compile(
    r"[\s\-–—]{0,6}((?:[^\W\d_a-z]|\d)[\w&.'’\-]{0,40}(?:,?\s(?:(?:[^\W\d_a-z]|\d)[\w&.'’\-]{0,40}|of|and|for|the"
    r"|&)){0,7}?)"
    r"(?:,?\s\((?:[A-Za-z]{1,20}:|[“\"])|,?\s(?:today|announce[sd]?|said|has|have|is|will|report(?:s|ed)"
    r"|unveil(?:s|ed)|launch(?:es|ed))\b|,\s(?:an?|the)\b)"
)


def attribute(article: Article, settings: Settings | None = None) -> Attribution:
    """What one article's own text and fields say about its origin.

    Nothing but the article is looked at; `dedup.attribution.spread` adds what other articles know.

    Raises:
        AgenciesError: The settings' own list of agencies is damaged.
    """
    from dedup.text.furniture import captions, find_furniture

    if settings is not None and not settings.origin:
        return Attribution(Origin(), ())
    agencies = load_agencies(settings.agencies if settings else "")
    return attribute_with(article, captions(find_furniture(article.text)), agencies)


def attribute_with(
    article: Article,
    captions: Sequence[tuple[int, int]],
    agencies: Agencies,
    seen: Sightings | None = None,
) -> Attribution:
    """As `attribute`, where the captions are known and the agencies loaded.

    Args:
        seen: What `dedup.attribution.sightings` saw in the text, for the same list; it saves searching it.
    """
    credits = find_credits(article, captions, agencies, seen)
    return Attribution(weigh(article, credits, agencies), credits)


def scores(credits: Iterable[Credit]) -> dict[str, float]:
    """Points per agency: its strongest credit of each kind, summed.

    A report that is cited counts against an agency only where nothing speaks for it.
    """
    best: dict[tuple[str, str], float] = {}
    for credit in credits:
        if credit.agency is not None and credit.role in ("origin", "contributor", "cited"):
            key = (credit.agency, credit.kind)
            best[key] = max(best.get(key, credit.weight), credit.weight)
    claimed = {agency for (agency, kind), weight in best.items() if kind in _EVIDENT and weight >= PROBABLE}
    for agency in claimed:
        # Who claims the text in one line and a contribution in another claims no more for it.
        best.pop((agency, "contributor"), None)
    summed: dict[str, float] = {}
    for (agency, _), weight in best.items():
        if weight > 0:
            summed[agency] = summed.get(agency, 0.0) + weight
    for (agency, _), weight in best.items():
        if weight < 0 and summed.get(agency, 0.0) < PROBABLE:
            summed[agency] = summed.get(agency, 0.0) + weight
    return summed


def weigh(article: Article, credits: Sequence[Credit], agencies: Agencies | None = None) -> Origin:
    """Sum the evidence and judge it.

    ``share`` is `whole` where the credit stands over the whole text, `partial` where it stands inside it,
    beside a staff byline, or names a contributor or a witness only. What the fields declare goes before what
    the text says; where the two disagree, the origin is no more than `probable`, and ``conflicts`` names the other.
    """
    if not credits:
        return Origin()
    listed = agencies or load_agencies()
    carriers = [c for c in credits if c.role == "carrier" and c.agency and c.weight >= POSSIBLE]
    summed = scores(credits)
    declared = {c.agency for c in credits if _declares(c)}
    claims = sorted(
        ((score, agency) for agency, score in summed.items() if score >= POSSIBLE),
        key=lambda item: (item[1] not in declared, -item[0], _first(credits, item[1]), item[1]),
    )
    release = next((c for c in carriers if _kind(listed, c.agency) == "wire"), None)
    if release is not None and (not claims or claims[0][0] < CONFIRMED):
        score = sum({c.kind: c.weight for c in carriers if c.agency == release.agency}.values())
        lost = _lost(claims, ())
        return Origin(
            None, "whole", status_of(score, score), score, issuer=_issuer(article, release), conflicts=lost
        )
    if not claims:
        return Origin()
    score, agency = claims[0]
    joint = _joint(credits, agency, claims)
    rival = max((points for points, name in claims if name not in joint), default=0.0)
    own = find_own(article, listed)
    home = printed_by(article, listed)[0]
    staff = own is not None and own.kind == "staff" and (home is None or home.name != agency)
    share = _share([c for c in credits if c.agency == agency], staff)
    status = status_of(score, score - rival)
    plain = scores(c for c in credits if c.kind != "style")
    conflicts = _lost(claims, joint)
    # However many fields repeat it, one feed may have filled them all.
    contradicted = agency in declared and bool(conflicts)
    if status == "confirmed" and (contradicted or plain.get(agency, 0.0) < CONFIRMED):
        status = "probable"
    return Origin(agency, share, status, round(score, 2), agencies=joint, conflicts=conflicts)


def _declares(credit: Credit) -> bool:
    """Does a field that feeds and editors fill in name the agency as the text's own?"""
    return not credit.end and credit.role == "origin" and credit.weight >= WEIGHTS["metadata"]


def _lost(claims: Sequence[tuple[float, str]], joint: Sequence[str]) -> tuple[str, ...]:
    """The agencies whose claims lost, strongest first."""
    others = sorted((-score, agency) for score, agency in claims if agency not in joint)
    return tuple(agency for score, agency in others if -score >= PROBABLE)


def _kind(agencies: Agencies, name: str | None) -> str:
    return agencies.by_name[name.casefold()].kind if name else ""


def _first(credits: Sequence[Credit], agency: str) -> int:
    return min((i for i, c in enumerate(credits) if c.agency == agency and c.weight > 0), default=0)


def status_of(score: float, lead: float) -> Status:
    """What a score, so far ahead of the next agency's, amounts to."""
    if score >= CONFIRMED and lead >= LEAD:
        return "confirmed"
    if score >= PROBABLE:
        return "probable"
    return "possible" if score >= POSSIBLE else "unknown"


def _joint(credits: Sequence[Credit], agency: str, claims: Sequence[tuple[float, str]]) -> tuple[str, ...]:
    """The leading agency and those that share its credit: the same dateline or byline names them."""
    strong = [c for c in credits if c.role == "origin" and c.weight >= PROBABLE]
    places = {(c.start, c.end, c.text) for c in strong if c.agency == agency}
    sharing = {c.agency for c in strong if (c.start, c.end, c.text) in places}
    return (agency, *(name for _, name in claims if name != agency and name in sharing))


def _share(credits: Sequence[Credit], staff: bool) -> Share:
    whole = any(
        c.role == "origin"
        and c.kind in _EVIDENT
        and (c.weight >= PROBABLE or (c.kind == "signoff" and c.weight > WEIGHTS["inner"]))
        for c in credits
    )
    return "whole" if whole and not staff else "partial"


def _issuer(article: Article, release: Credit) -> str | None:
    """The company behind a press release: its SOURCE line, else the first name after the dateline."""
    found: str | None = None
    for source in _SOURCE_LINE.finditer(article.text, max(0, len(article.text) - 4000)):
        found = source[1].strip(" .")
    if found:
        return found
    opening = _DATE_BEHIND.sub("", article.text[release.end : release.end + 200])
    match = _ISSUER.match(opening)
    return match[1].strip(" ,") if match else None
