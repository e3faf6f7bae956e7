"""Every credit of an article: each mention of an agency read once, by its position and its grammar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.attribution.agencies import Agencies, Agency, load_agencies
from dedup.attribution.bylines import UNSIGNED, read_byline
from dedup.attribution.dateline import read_dateline, read_relay
from dedup.attribution.fields import field_credits
from dedup.attribution.grammar import read_sentence
from dedup.attribution.items import find_abbreviated, may_abbreviate, read_item
from dedup.attribution.mentions import Mention, chains, find_mentions
from dedup.attribution.noise import add_noisy
from dedup.attribution.notes import read_note
from dedup.attribution.own import Own, find_own
from dedup.attribution.page import Page, read_page
from dedup.attribution.photos import brackets, read_photo
from dedup.attribution.reading import WEIGHTS, Reading, weighed
from dedup.attribution.signoffs import find_signoffs
from dedup.attribution.style import find_style
from dedup.attribution.tails import phrase_end, read_contribution, read_copyright, read_label, read_with
from dedup.attribution.unnamed import find_unnamed, may_name_nobody
from dedup.model import Article, Credit

if TYPE_CHECKING:  # it holds a kernel
    from dedup.attribution.sightings import Sightings

_DATELINE_PROSE = 900  # a dateline behind more prose than this opens another item of the page
_FRONTS = frozenset({"dateline", "byline", "metadata"})
_HINT = (1.0, 3.0)  # points of a credit that house style may support or shake: a sign-off, a line of initials
_HELD = 1.0  # a copyright beside the same agency's contribution
_BESIDE_OWN = ("told", "witness", "host")  # weigh less beside a signature of the outlet's own
_IN_A_ROW = 3  # code points between two datelines, "Carrier - CITY (AGENCY) -"
_STRONG = 4.0  # from here on a credit is a claim to the text, not a hint


def find_credits(
    article: Article,
    captions: Sequence[tuple[int, int]] = (),
    agencies: Agencies | None = None,
    seen: Sightings | None = None,
) -> tuple[Credit, ...]:
    """All credits of an article, those of its fields first, then by position in the text.

    Args:
        captions: Spans of photo captions that the text stage found; agencies in them are photo credits.
        agencies: The list to look for; the program's own by default.
        seen: What `dedup.attribution.sightings` saw in the text, for the same list; it saves searching it.

    Every credit from the text quotes it: ``credit.text == article.text[credit.start:credit.end]``.
    """
    listed = agencies or load_agencies()
    text = article.text
    read = _read_text(text, article.title, captions, listed, seen)
    found = [_credit(text, agency.name if agency else None, reading) for agency, reading in read]
    found.sort(key=lambda c: (c.start, c.end))
    credits = [*field_credits(article, listed), *found]
    if not credits:
        return ()
    beside = any(c.kind in _BESIDE_OWN or c.role == "contributor" for c in credits)
    settled = list(_settle(credits, find_own(article, listed) if beside else None, listed))
    return tuple(sorted([*settled, *_styled(text, settled)], key=lambda c: (c.start, c.end)))


def _styled(text: str, credits: Sequence[Credit]) -> Iterable[Credit]:
    """The house style of agencies that are hinted at: style alone names nobody, and a claim needs none."""
    best: dict[str, float] = {}
    for c in credits:
        if c.agency and c.role == "origin":
            best[c.agency] = max(best.get(c.agency, 0.0), c.weight)
    hinted = {name for name, weight in best.items() if _HINT[0] <= weight < _HINT[1]}
    for name, reading in find_style(text, hinted) if hinted else ():
        yield _credit(text, name, reading)


def _credit(text: str, agency: str | None, r: Reading) -> Credit:
    return Credit(agency, r.role, r.kind, r.start, r.end, text[r.start : r.end], r.weight, r.rule)


def _read_text(
    text: str,
    title: str | None,
    captions: Sequence[tuple[int, int]],
    listed: Agencies,
    seen: Sightings | None,
) -> list[tuple[Agency | None, Reading]]:
    mentions = add_noisy(text, find_mentions(text, listed, seen.names if seen else None), listed)
    signed: list[tuple[Agency | None, Reading]] = [*find_signoffs(text, listed)]
    abbreviated = (seen is None or seen.abbreviated) and may_abbreviate(text)
    unnamed = abbreviated or ((seen is None or seen.nobody) and may_name_nobody(text))
    if not mentions and not unnamed:
        return signed  # most texts: their lines need no measuring
    page = read_page(text, captions, title)
    groups = list(chains(text, mentions))
    in_order = sorted(captions)
    photos = {id(g): r for g in groups if (r := _photo(page, g, in_order)) is not None}
    if photos:
        page = read_page(text, [*captions, *((r.start, r.end) for r in photos.values())], title)
    read = [reading for group in groups for reading in _read_group(page, group, photos.get(id(group)))]
    read.extend(signed)
    if unnamed:
        read.extend((None, reading) for reading in find_unnamed(page))
    if abbreviated:
        read.extend((None, reading) for reading in find_abbreviated(page))
    return _without_galleries(read)


def _without_galleries(read: list[tuple[Agency | None, Reading]]) -> list[tuple[Agency | None, Reading]]:
    """Several lines "Name, TAG" are a gallery's photo credits, not bylines."""
    lines = {r.start for _, r in read if r.rule == UNSIGNED}
    if len(lines) < 2:
        return read
    return [
        (
            a,
            replace(r, role="photo", kind="photo", weight=0.0, rule="one of a gallery's credits")
            if r.rule == UNSIGNED
            else r,
        )
        for a, r in read
    ]


def _photo(page: Page, group: Sequence[Mention], captions: Sequence[tuple[int, int]]) -> Reading | None:
    start, end = group[0].start, group[-1].end
    if any(a.kind == "photo" for m in group for a in m.agencies) and not all(m.ambiguous for m in group):
        reading = read_photo(page, start, end, captions)
        low, high = brackets(page.text, start, end)
        return reading or weighed("photo", "photo", low, high, "a picture agency")
    return read_photo(page, start, end, captions)


def _read_group(
    page: Page, group: list[Mention], photo: Reading | None
) -> Iterable[tuple[Agency | None, Reading]]:
    start, end = group[0].start, group[-1].end
    ambiguous = all(m.ambiguous for m in group)
    phrases = [(m, m.form.phrase) for m in group if m.form.phrase is not None]
    for m, phrase in phrases:
        stop = phrase_end(page.text, m.end)
        said = Reading(phrase.role, phrase.kind, m.start, stop, phrase.weight, "wording of its own")
        yield m.agencies[0], said
    if phrases:
        return
    reading = photo or _claim(page, group, start, end, ambiguous)
    if reading is not None:
        yield from _shared(page, group, reading)
        return
    told: Reading | None = None
    for mention in group:
        sentence = read_sentence(page, mention)
        if sentence is None and told is not None and not mention.ambiguous:
            sentence = replace(told, end=mention.end)  # "told AFP and Reuters"
        if sentence is not None:
            told = sentence if sentence.kind == "told" else None
            for agency in mention.agencies:
                yield agency, sentence


def _claim(page: Page, group: Sequence[Mention], start: int, end: int, ambiguous: bool) -> Reading | None:
    """The reading of a whole chain by its position: contributor, copyright, dateline, byline, tail."""
    agency = group[0].agencies[0]
    if agency.kind == "photo":
        return None
    reading = read_copyright(page, start, end)
    if reading is None:
        reading = read_with(page, start, end)
    if reading is None and not ambiguous:
        reading = read_contribution(page, start, end) or read_note(page, start, end, agency.hosts)
    if reading is None and agency.kind == "carrier":
        relay = read_relay(page, start, group[0].end)
        if relay is not None:
            return weighed("origin", "dateline", relay.start, relay.end, "passed on by a carrier")
    if reading is None and agency.datelines:
        dateline = read_dateline(page, start, end, ambiguous)
        if dateline is not None and dateline.shape in agency.datelines:
            inner = page.is_deep(dateline.start, _DATELINE_PROSE)
            evidence, rule = "dateline", "a dateline with its tag"
            if inner:
                evidence, rule = "inner", "a dateline inside the text"
            if page.teases(dateline.end):
                evidence, rule = "teaser", "the dateline of a teaser"
            reading = weighed("origin", "dateline", dateline.start, dateline.end, rule, evidence)
    full_name = any(not m.form.tag for m in group)
    return (
        reading
        or read_label(page, start, end)
        or read_byline(page, start, end, full_name, ambiguous)
        or read_item(page, start, end, agency.datelines)
    )


def _shared(page: Page, group: Sequence[Mention], reading: Reading) -> Iterable[tuple[Agency, Reading]]:
    seen: set[str] = set()
    relays = _relays(page.text, group) if reading.role == "origin" else frozenset()
    for mention in group:
        for agency in mention.agencies:
            if agency.name in seen or (agency.kind == "photo" and reading.role != "photo"):
                continue
            seen.add(agency.name)
            carried = reading.role == "origin" and (agency.carries or agency.name in relays)
            yield agency, replace(reading, role="carrier") if carried else reading


def _relays(text: str, group: Sequence[Mention]) -> frozenset[str]:
    """Those of a hyphened tag that carry: the local agency in "AFP-Jiji", every one beside a wire of releases."""
    joined = text[group[0].start : group[-1].end]
    agencies = [agency for mention in group for agency in mention.agencies]
    if len(agencies) < 2 or "-" not in joined:
        return frozenset()
    if any(agency.kind == "wire" for agency in agencies):
        return frozenset(agency.name for agency in agencies)
    relays = frozenset(agency.name for agency in agencies if agency.relays)
    return relays if len(relays) < len(agencies) else frozenset()


def _settle(credits: list[Credit], own: Own | None, agencies: Agencies) -> Iterable[Credit]:
    """Weigh each credit beside the others: rivals, repetition, relays."""
    hosts = {c.agency for c in credits if c.kind == "host"}
    claims = {
        c.agency
        for c in credits
        if c.role in ("origin", "carrier") and c.weight >= _STRONG and c.kind != "host"
    }
    pictured = {c.agency for c in credits if c.role == "photo"}
    helpers = {c.agency for c in credits if c.role == "contributor"}
    relayed = _relayed(credits, agencies)
    told: set[str | None] = set()
    for credit in credits:
        weight, role, rule = credit.weight, credit.role, credit.rule
        rivals = bool(claims - {credit.agency})
        house = credit.agency not in hosts and (own is not None or bool(hosts))
        if credit.kind == "told" and weight > 0:
            if credit.agency in told:
                weight, rule = 0.0, f"{rule}, again"
            elif house or own is not None or rivals:
                weight, rule = 0.0, f"{rule}, beside another's byline or host"
            elif credit.agency in pictured:
                # The page names the agency where it uses it, and yet not over the text.
                weight, rule = weight / 2, f"{rule}, where a picture is credited to it and the text is not"
            told.add(credit.agency)
        elif credit.kind == "witness" and (house or rivals):
            weight, rule = weight / 2, f"{rule}, beside another's byline or host"
        elif credit.role == "contributor" and house:
            weight, rule = weight / 2, f"{rule}, beside a byline of the outlet's own"
        elif credit.kind == "copyright" and credit.agency in helpers and len(helpers) > 1:
            # Of several that a page credits it may hold the rights of one, and the text be another's.
            weight, rule = min(weight, _HELD), f"{rule}, one of several that contributed"
        elif credit.kind == "host" and rivals:
            weight, rule = 1.0, f"{rule}, which credits another"
        elif credit.kind == "host" and weight == WEIGHTS["house"] and own is not None:
            weight, rule = WEIGHTS["host"], f"{rule}, under a byline of its own people"
        elif credit.agency in relayed and role == "origin":
            role, rule = "carrier", f"{rule}; it relays {', '.join(sorted(relayed[credit.agency]))}"
        yield replace(credit, weight=weight, role=role, rule=rule) if rule != credit.rule else credit


def _relayed(credits: list[Credit], agencies: Agencies) -> dict[str, set[str]]:
    """Which agencies relay which others' text here.

    One that stands in front, with the other's tag at the end or its dateline right behind; one that a field names,
    with the other in the text.
    """
    claims = [c for c in credits if c.role == "origin" and c.agency and c.kind in (*_FRONTS, "tail")]
    fronts = {(c.agency, not c.end) for c in claims if c.kind in _FRONTS}
    within = {c.agency for c in claims if c.end and (c.kind == "tail" or c.kind == "dateline")}
    tails = {c.agency for c in claims if c.kind == "tail"}
    leading = {agency for agency, _ in fronts}
    relayed: dict[str, set[str]] = {}
    for agency, field in fronts:
        others = (
            within - {a for a, f in fronts if f} if field else (tails - leading) | _behind(claims, agency)
        )
        if agency and others and agencies.by_name[agency.casefold()].relays:
            relayed.setdefault(agency, set()).update(name for name in others if name)
    return relayed


def _behind(claims: Sequence[Credit], agency: str | None) -> set[str | None]:
    """Whose dateline stands right behind the agency's: "Carrier - CITY (AGENCY) -"."""
    ends = [c.end for c in claims if c.agency == agency and c.end and c.kind != "tail"]
    others = (c for c in claims if c.agency != agency and c.kind == "dateline")
    return {c.agency for c in others if any(c.end > end >= c.start - _IN_A_ROW for end in ends)}
