"""Verdicts: what an index concludes about one article from its neighbourhood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from dedup.attribution.agencies import Agencies
from dedup.attribution.claims import Span
from dedup.attribution.composition import compose
from dedup.attribution.inherit import Attributed
from dedup.attribution.spread import Link, is_mute, is_unsigned, spread
from dedup.index.base import Reading
from dedup.index.lately import View
from dedup.index.neighbourhood import Neighbourhood, around
from dedup.matching.columns import PAIR
from dedup.matching.relations import PARTIAL
from dedup.model import Article, Match, Origin, Verdict
from dedup.settings import Settings
from dedup.stages import boilerplate_spans, links, match_of, selected
from dedup.stories.direction import directed
from dedup.stories.filing import gathered, pages
from dedup.stories.verdicts import Provenance, Standing, best_partners, judged_by, verdict_of
from dedup.text.furniture import captions


def conclude(view: View, number: int, settings: Settings, agencies: Agencies | None) -> Verdict:
    """Judge an article by all that the view has: the verdict of a batch run over these articles.

    The directions of matches are told by what each of the two articles says itself, and not, as in a batch run, by what
    its copies say of the other one as well.

    Args:
        agencies: The list to attribute by; None where origins are not wanted.
    """
    (article,) = view.articles([number]).values()
    (head,) = view.heads([number]).values()
    readings: Mapping[int, Reading] = view.readings([number])
    found, heard = None, list[Link]()
    standing, canonical, cluster = Standing("unique"), None, None
    if len(view.ties(number).aligned.pairs):
        found = around(view, [number], settings)
        found = _with(found, _followers(found, number), view, settings)
        if agencies is not None:
            found, heard = _hearing(found, number, view, settings, agencies)
            ends = {found.numbers[end] for link in heard for end in (link.a, link.b)}
            readings = view.readings({number, *ends})
        standing, cluster = _standing(found, number)
        canonical = None if standing.canonical is None else found.heads[standing.canonical].id
    provenance = _provenance(found, number, article, heard, readings, view, agencies)
    told = verdict_of(
        article,
        standing,
        canonical,
        cluster,
        provenance,
        readings[number].repeats,
        pages(gathered([head.sign]), np.array([head.body], np.int64))[0],
    )
    matches = _matches(found, number, article, provenance, view) if found else ()
    before = None if head.previous is None else view.heads([head.previous]).get(head.previous)
    return replace(told, matches=tuple(matches), previous=before and before.id)


def members(view: View, number: int, settings: Settings) -> list[str]:
    """The ids of the articles that have the canonical of this one, in order; none where it stands alone."""
    canonical = around(view, [number], settings).home(number)
    found = around(view, [canonical], settings)
    pairs = found.aligned.pairs[found.judged.relation >= PARTIAL]
    later = [found.numbers[b] for a, b in pairs.tolist() if a == found.at[canonical]]
    found = _with(found, (each for each in later if not found.known(each)), view, settings)
    inside = [each for each in later if found.home(each) == canonical]
    return [found.heads[found.at[each]].id for each in (canonical, *sorted(inside))] if inside else []


def _with(found: Neighbourhood, more: Iterable[int], view: View, settings: Settings) -> Neighbourhood:
    """The neighbourhood with so many more certain articles in it."""
    missing = set(more) - found.certain
    return around(view, found.asked, settings, found.certain | missing, found.counted) if missing else found


def _followers(found: Neighbourhood, number: int) -> set[int]:
    """The later articles to look at before it is known whether an article without a canonical is one."""
    if found.home(number) != number:
        return set()
    at = found.at[number]
    pairs = found.aligned.pairs
    later = pairs[(pairs[:, 0] == at) & (found.judged.relation >= PARTIAL), 1].tolist()
    heads = [found.heads[i] for i in later]
    if any(head.settled and head.home == number for head in heads):
        return set()
    return {head.number for head in heads if not head.settled}


def _standing(found: Neighbourhood, number: int) -> tuple[Standing, str | None]:
    """What an article is to those before it, and the id of its cluster."""
    at, home = found.at[number], found.home(number)
    mine = (found.aligned.pairs == at).any(axis=1)
    pairs, relation = found.aligned.pairs[mine], found.judged.relation[mine]
    followed = [found.numbers[b] for a, b in pairs.tolist() if a == at]
    if home == number and any(found.known(other) and found.home(other) == number for other in followed):
        return Standing("original", at), found.heads[at].id
    similarity = found.aligned.jaccard[mine], found.aligned.containment[mine]
    cluster = None if home == number else found.heads[found.at[home]].id
    best = int(best_partners(pairs, similarity[1], relation, found.judged.home)[at])
    if best < 0:
        return Standing("unique"), cluster
    return judged_by(best, pairs, similarity, relation, found.judged.home), cluster


def _hearing(
    found: Neighbourhood, number: int, view: View, settings: Settings, agencies: Agencies
) -> tuple[Neighbourhood, list[Link]]:
    """The neighbourhood that an article's origin is told by, and the stretches along which it may spread there."""
    hearers, told = {number}, _links_of(found, [number])
    if not told:
        return found, told
    # An uncredited canonical passes on what it hears; a page at an agency's host keeps silent about what others wrote.
    canonical = found.home(number)
    others = {found.numbers[end] for link in told for end in (link.a, link.b)} - hearers
    if canonical in others and all(_is_mute(each, view, agencies) for each in (number, canonical)):
        hearers.add(canonical)
        found = _with(found, [canonical], view, settings)
        told = _links_of(found, hearers)
        others = {found.numbers[end] for link in told for end in (link.a, link.b)} - hearers
    readings = view.readings(others)
    unsigned = {each for each in others if is_unsigned(readings[each].own)}
    if unsigned:
        hearers |= unsigned
        found = _with(found, unsigned, view, settings)
        told = _links_of(found, hearers)
    # How many stories vouch depends on the canonicals of those that do.
    ends = {found.numbers[end] for link in told for end in (link.a, link.b)}
    unknown = {each for each in ends if not found.known(each)}
    if unknown:
        found = _with(found, unknown, view, settings)
        told = _links_of(found, hearers)
    return found, told


def _is_mute(number: int, view: View, agencies: Agencies) -> bool:
    return is_mute(view.articles([number])[number], view.readings([number])[number].own, agencies)


def _links_of(found: Neighbourhood, numbers: Iterable[int]) -> list[Link]:
    at = [found.at[number] for number in numbers]
    return links(found.aligned, found.judged, np.asarray(np.isin(found.aligned.pairs, at).any(axis=1)))


def _provenance(
    found: Neighbourhood | None,
    number: int,
    article: Article,
    heard: list[Link],
    readings: Mapping[int, Reading],
    view: View,
    agencies: Agencies | None,
) -> Provenance:
    if agencies is None:
        return Provenance(Origin(), (), {})
    own = readings[number]
    family, told, boilerplate = -1, Attributed(own.own.origin), list[Span]()
    if found is not None:
        at = found.at[number]
        mine = (found.aligned.pairs == at).any(axis=1)
        reason = found.judged.reason[mine[found.aligned.rows[:, PAIR]]]
        boilerplate = boilerplate_spans(len(found.numbers), selected(found.aligned, mine), reason)[at]
        if heard:
            apart = captions(own.furniture) + boilerplate
            told, family = _told(found, at, heard, apart, readings, view, agencies)
    passages, shares = compose(
        article, told, own.own.credits, own.repeats, boilerplate, family=family, agencies=agencies
    )
    return Provenance(told.origin, own.own.credits, shares, passages)


def _told(
    found: Neighbourhood,
    at: int,
    heard: list[Link],
    apart: list[Span],
    readings: Mapping[int, Reading],
    view: View,
    agencies: Agencies,
) -> tuple[Attributed, int]:
    """An article's origin after its copies were heard, and the number by which its story goes in what they said.

    Args:
        at: Its position.
        apart: What of it is no part of its body.
    """
    used = sorted({at, *(end for link in heard for end in (link.a, link.b))})
    local = {each: i for i, each in enumerate(used)}
    numbers = [found.numbers[each] for each in used]
    articles = view.articles(numbers)
    families = [local.get(home, len(found.numbers) + home) for home in found.judged.home[used].tolist()]
    (told,) = spread(
        [articles[each] for each in numbers],
        [readings[each].own for each in numbers],
        [link._replace(a=local[link.a], b=local[link.b]) for link in heard],
        families=families,
        apart=[apart if each == at else () for each in used],
        agencies=agencies,
        asked=[local[at]],
    )
    return told, families[local[at]]


def _matches(
    found: Neighbourhood, number: int, article: Article, provenance: Provenance, view: View
) -> list[Match]:
    """What the article shares with others, in order."""
    aligned, judged = found.aligned, found.judged
    rows = np.flatnonzero((aligned.pairs == found.at[number]).any(axis=1)[aligned.rows[:, PAIR]])
    pair = aligned.pairs[aligned.rows[rows, PAIR]]
    rows = rows[np.lexsort((*aligned.spans[rows].T[::-1], *pair.T[::-1]))]
    matches = []
    for k in rows.tolist():
        row = aligned.rows[k].tolist()
        a, b = (found.heads[i].id for i in aligned.pairs[row[PAIR]].tolist())
        reason, relation = int(judged.reason[k]), int(judged.relation[row[PAIR]])
        matches.append(match_of(a, b, row, aligned.spans[k].tolist(), reason, relation))
    named = {found.heads[i].id: found.numbers[i] for i in np.unique(pair).tolist()}
    partners = {named[id] for m in matches if m.weight == "substantial" for id in (m.a, m.b)} - {number}
    if not partners:
        return matches
    others, readings = view.articles(partners), view.readings(partners)
    return directed(
        [article, *(others[each] for each in sorted(partners))],
        matches,
        [provenance, *(readings[each].own for each in sorted(partners))],
        [provenance.passages, *(() for _ in partners)],
    )
