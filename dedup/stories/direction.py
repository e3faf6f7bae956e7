"""Direction: which way a text travelled, and who published it first, with `unknown` as an honest answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dedup.model import Article, Direction, Match, Passage
from dedup.stories.dates import before_all, moment
from dedup.stories.evidence import (
    CLEAR,
    Known,
    Pair,
    Tell,
    Trace,
    clock,
    credited,
    cut_short,
    grown,
    own_host,
    page_clock,
    page_order,
    slugs,
    trace,
)

ENOUGH = CLEAR
"""Points by which one way must lead; a single piece that weighs as much for the other way is a conflict."""

_ANY_PAIR: tuple[Tell, ...] = (own_host, credited)
_VERSIONS: tuple[Tell, ...] = (clock, page_order, slugs, grown)
_COPIES: tuple[Tell, ...] = (clock, page_clock, cut_short)


MIRRORED: Mapping[Direction, Direction] = {"a->b": "b->a", "b->a": "a->b", "unknown": "unknown"}
"""Each direction with a and b exchanged."""


class Judgement(NamedTuple):
    """A direction and what tells it; or what speaks against telling any."""

    direction: Direction
    reason: str = ""


NOTHING = Judgement("unknown")
"""Nothing tells a direction, and nothing speaks against telling any."""


def judge(pair: Pair) -> Judgement:
    """Which way the text went: the sum of the evidence.

    Of two copies of one agency's text, or of one press release, neither is the source, unless it stands at the
    agency's own host; but of two versions, one was filed before the other. Where only one of them credits an agency,
    the other may be an uncredited copy of the same, whatever the clocks say.
    """
    if pair.versions:
        return _summed(pair, _ANY_PAIR + _VERSIONS)
    if pair.relation == "duplicate" and pair.one_outlet:
        return Judgement("unknown", "one outlet printed both")
    foreign = [side.sources for side in (pair.a, pair.b) if side.whole and not side.hosted]
    # What both have in common is part of what each has.
    theirs = frozenset().union(*foreign) or (pair.common if pair.theirs else frozenset())
    if not theirs:
        return _summed(pair, _ANY_PAIR + _COPIES)
    judged = _summed(pair, _ANY_PAIR)
    if judged is NOTHING:
        return Judgement("unknown", f"the text is of {' and '.join(sorted(theirs))}, at neither's own host")
    return judged


def directed(
    articles: Sequence[Article],
    matches: Sequence[Match],
    known: Sequence[Known],
    passages: Sequence[Sequence[Passage]] | None = None,
) -> list[Match]:
    """The matches, those that are substantial with their direction; all of a pair have the same.

    Args:
        articles: All articles of the run; ids are unique.
        matches: What they share.
        known: What attribution knows of each article, in the same order.
        passages: Of each article, whose its parts are.
    """
    number = {article.id: i for i, article in enumerate(articles)}
    together: dict[tuple[str, str], list[int]] = {}
    for k, match in enumerate(matches):
        if match.weight == "substantial":
            together.setdefault((match.a, match.b), []).append(k)
    traces: dict[str, Trace] = {}
    told = list(matches)
    for (a, b), inside in together.items():
        for id in (a, b):
            if id not in traces:
                traces[id] = trace(
                    articles[number[id]], known[number[id]], passages[number[id]] if passages else ()
                )
        spans = [(m.a_start, m.a_end, m.b_start, m.b_end) for m in (matches[k] for k in inside)]
        judged = judge(Pair(traces[a], traces[b], matches[inside[0]].relation, spans))
        if judged is not NOTHING:
            for k in inside:
                told[k] = _told(matches[k], judged)
    return told


def _told(m: Match, judged: Judgement) -> Match:
    """The match with its direction; `dataclasses.replace` takes three times as long."""
    return Match(
        m.a, m.b, m.a_start, m.a_end, m.b_start, m.b_end, m.similarity, m.kind, m.weight,
        judged.direction, m.reason, m.relation, judged.reason,
    )  # fmt: skip


def arrows(matches: Iterable[Match]) -> set[tuple[str, str]]:
    """Where directed matches went: ids of the source and of the article that took from it."""
    ways = {"a->b": lambda m: (m.a, m.b), "b->a": lambda m: (m.b, m.a)}
    return {ways[match.direction](match) for match in matches if match.direction in ways}


def first(articles: Sequence[Article], taken: Iterable[tuple[str, str]] = ()) -> Article | None:
    """The article published before all others; None where nothing can tell.

    Args:
        articles: Publications of one text.
        taken: Arrows between them. Nothing is first that took its text from another, whatever the clocks say; where
            they are silent or err, that is first from which all others took it.
    """
    inside = {article.id: article for article in articles}
    onward: dict[str, list[str]] = {}
    took: set[str] = set()
    for source, target in taken:
        if source in inside and target in inside:
            onward.setdefault(source, []).append(target)
            took.add(target)
    earliest = before_all((moment(article.published), article.id) for article in articles)
    if earliest is not None and earliest not in took:
        return inside[earliest]
    roots = [id for id in inside if id not in took]
    if len(roots) == 1 and onward and len(_reached(roots[0], onward)) == len(inside):
        return inside[roots[0]]
    return None


def _reached(root: str, onward: dict[str, list[str]]) -> set[str]:
    reached, waiting = {root}, [root]
    while waiting:
        for target in onward.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _summed(pair: Pair, tells: Iterable[Tell]) -> Judgement:
    """Add up what speaks for each way."""
    turned = pair.mirrored()
    forth, back = [], []
    for tell in tells:
        if (piece := tell(pair))[0]:
            forth.append(piece)
        if (piece := tell(turned))[0]:
            back.append(piece)
    if not forth and not back:
        return NOTHING
    lead = sum(points for points, _ in forth) - sum(points for points, _ in back)
    winning, losing = (forth, back) if lead > 0 else (back, forth)
    if abs(lead) >= ENOUGH and all(points < ENOUGH for points, _ in losing):
        return Judgement("a->b" if lead > 0 else "b->a", "; ".join(why for _, why in winning))
    return Judgement("unknown", "the evidence conflicts") if winning and losing else NOTHING
