"""Direction: which way a text travelled between two articles, with `unknown` as an honest answer.

Evidence is summed in points, those for one way against those for the other; no single clock decides within a day, for
wire copy that nobody credits reaches all outlets within hours, and crawlers' clocks lag as much.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, Protocol

from dedup.model import Article, Credit, Direction, Match, Origin, PairRelation
from dedup.stories.dates import Moment, moment
from dedup.stories.mentions import House, declares, house_of, names
from dedup.stories.printed import Printed, printed

ENOUGH = 2
"""Points by which one way must lead, the other having fewer."""
SURE, CLEAR, SLIGHT = 3, 2, 1
COPYING = timedelta(minutes=30)
"""What two outlets print within this of each other came to both from a third."""
CYCLE = timedelta(days=1)
"""How long one wire text goes on appearing, and how far crawlers lag behind."""
ONE_COUNTRY = timedelta(hours=4)
"""How far apart the clocks of one country's outlets may run, where none names its zone."""

_CLAIMED = ("confirmed", "probable")
_COVERED = 0.6  # of an excerpt that stands in the longer text
_HELD = 0.8  # of an earlier version that stands in the later one
_MORE = 0.2  # of the longer text, that the shorter lacks
_MUCH = 400  # code points of it, at least

Span = tuple[int, int, int, int]


class Known(Protocol):
    """What attribution knows of an article; see `dedup.stories.verdicts.Provenance`."""

    @property
    def origin(self) -> Origin: ...
    @property
    def credits(self) -> Collection[Credit]: ...


class Trace(NamedTuple):
    """What bears on the direction, of one article.

    Attributes:
        sources: Agencies, or the company behind a press release, whose text it is by its own word or its copies'.
        whole: The whole of it is theirs.
        hosted: The agency at whose own host it stands, if it is that one's text.
        house: The outlet, as others would name it.
    """

    article: Article
    when: Moment | None
    page: Printed
    sources: frozenset[str]
    whole: bool
    hosted: str | None
    house: House


class Pair(NamedTuple):
    """Two articles and what they share: ``a_start a_end b_start b_end`` of each substantial match."""

    a: Trace
    b: Trace
    relation: PairRelation | None
    spans: Sequence[Span]

    @property
    def common(self) -> frozenset[str]:
        """Those whose text both are."""
        return self.a.sources & self.b.sources

    @property
    def one_outlet(self) -> bool:
        """Whether one outlet printed both."""
        return bool(self.a.house.key) and self.a.house.key == self.b.house.key

    def mirrored(self) -> Pair:
        """The same pair with its articles exchanged."""
        return Pair(self.b, self.a, self.relation, [(c, d, a, b) for a, b, c, d in self.spans])


class Evidence(NamedTuple):
    """Points for `a->b`, below zero for `b->a`."""

    points: float
    why: str


class Judgement(NamedTuple):
    """A direction and what tells it; or why nothing does, where something speaks against any."""

    direction: Direction
    reason: str = ""


def trace(article: Article, known: Known) -> Trace:
    """Gather what bears on the direction."""
    origin = known.origin
    claimed = origin.status in _CLAIMED
    named = (*origin.agencies, origin.agency, origin.issuer) if claimed else ()
    hosted = any(c.kind == "host" and c.role == "origin" and c.agency == origin.agency for c in known.credits)
    return Trace(
        article,
        moment(article.published),
        printed(article.text, article.title),
        frozenset(name for name in named if name),
        claimed and origin.share == "whole",
        origin.agency if hosted and claimed else None,
        house_of(article),
    )


def judge(pair: Pair) -> Judgement:
    """Which way the text went.

    Of two copies of one agency's text, or of one press release, neither is the source, unless it stands at the
    agency's own host; but of two versions, one was filed before the other. Where only one of them credits an agency,
    the other may be an uncredited copy of the same, whatever the clocks say.
    """
    if pair.one_outlet and pair.relation == "duplicate":
        return Judgement("unknown", "one outlet printed both")
    found = [piece for tell in _TELLING for piece in _both_ways(tell, pair)]
    versions = pair.relation == "version" and (pair.common or pair.one_outlet)
    foreign = [side.sources for side in (pair.a, pair.b) if side.whole and not side.hosted]
    apart = next(iter(pair.common and [pair.common] or foreign), None)
    if versions:
        found += [piece for tell in _ORDERING for piece in _both_ways(tell, pair)]
    elif apart is None:
        found += [*_both_ways(_clock, pair), *_both_ways(_page_clock, pair), *_both_ways(_cut_short, pair)]
    judged = _summed(found)
    if judged.direction == "unknown" and not judged.reason and apart and not versions:
        return Judgement("unknown", f"the text is of {' and '.join(sorted(apart))}, at neither's own host")
    return judged


def directed(articles: Sequence[Article], matches: Sequence[Match], known: Sequence[Known]) -> list[Match]:
    """The matches, those that are substantial with their direction.

    Args:
        articles: All articles of the run; ids are unique.
        matches: What they share; all matches of a pair get one direction.
        known: Of each article.
    """
    number = {article.id: i for i, article in enumerate(articles)}
    together: dict[tuple[str, str], list[int]] = {}
    for k, match in enumerate(matches):
        if match.weight == "substantial":
            together.setdefault((match.a, match.b), []).append(k)
    traces: dict[str, Trace] = {}
    told = list(matches)
    for names_, inside in together.items():
        for name in names_:
            if name not in traces:
                traces[name] = trace(articles[number[name]], known[number[name]])
        spans = [(m.a_start, m.a_end, m.b_start, m.b_end) for m in (matches[k] for k in inside)]
        a, b = names_
        judged = judge(Pair(traces[a], traces[b], matches[inside[0]].relation, spans))
        if judged != Judgement("unknown"):
            for k in inside:
                told[k] = replace(matches[k], direction=judged.direction, direction_reason=judged.reason)
    return told


def first(articles: Sequence[Article], arrows: Iterable[tuple[str, str]] = ()) -> Article | None:
    """The article published before all others; None where nothing can tell, or clocks and arrows differ.

    Args:
        articles: Publications of one text.
        arrows: Ids of articles, from where a text went and whereto. Nothing is first that took its text from
            another; where the clocks are silent, that is first from which all others took it.
    """
    inside = {article.id: article for article in articles}
    onward: dict[str, list[str]] = {}
    took: set[str] = set()
    for source, target in arrows:
        if source in inside and target in inside:
            onward.setdefault(source, []).append(target)
            took.add(target)
    earliest = _earliest(articles)
    if earliest is not None:
        return None if earliest.id in took else earliest
    roots = inside.keys() - took
    if len(roots) != 1 or (len(inside) > 1 and not onward):
        return None
    (root,) = roots
    return inside[root] if len(_reached(root, onward)) == len(inside) else None


def _earliest(articles: Sequence[Article]) -> Article | None:
    moments: list[tuple[Moment, Article]] = []
    for article in articles:
        when = moment(article.published)
        if when is None:
            return None
        moments.append((when, article))
    moments.sort(key=lambda pair: (pair[0], pair[1].id))
    if not moments or (len(moments) > 1 and moments[0][0].latest > moments[1][0].earliest):
        return None
    return moments[0][1]


def _reached(root: str, onward: dict[str, list[str]]) -> set[str]:
    reached, waiting = {root}, [root]
    while waiting:
        for target in onward.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def _summed(found: Sequence[Evidence]) -> Judgement:
    forth = [piece for piece in found if piece.points > 0]
    back = [piece for piece in found if piece.points < 0]
    lead = sum(piece.points for piece in found)
    winning, losing = (forth, back) if lead > 0 else (back, forth)
    if abs(lead) >= ENOUGH and all(abs(piece.points) < ENOUGH for piece in losing):
        return Judgement("a->b" if lead > 0 else "b->a", "; ".join(piece.why for piece in winning))
    if forth and back:
        return Judgement("unknown", "the evidence conflicts")
    return Judgement("unknown")


Tell = Callable[[Pair], tuple[int, str]]
"""Points for the first of a pair as the source, 0 for nothing to tell."""


def _both_ways(tell: Tell, pair: Pair) -> Iterable[Evidence]:
    for sign, side in ((1, pair), (-1, pair.mirrored())):
        points, why = tell(side)
        if points:
            yield Evidence(sign * points, why)


def _own_host(pair: Pair) -> tuple[int, str]:
    """An agency's own page and a copy elsewhere; less where nothing says whose text the other one is."""
    a, b = pair.a, pair.b
    if a.hosted is None or b.hosted is not None:
        return 0, ""
    why = f"{a.article.id} stands at {a.hosted}'s own host"
    if a.hosted in b.sources:
        return SURE, why
    return (CLEAR, why) if not b.sources else (0, "")


def _credited(pair: Pair) -> tuple[int, str]:
    """The other names this outlet as its source, or declares its page the original."""
    a, b = pair.a, pair.b
    if pair.one_outlet:
        return 0, ""
    if declares(b.article, a.house):
        return SURE, f"{b.article.id} declares the page at {a.house.name} the original"
    if pair.relation != "version" and names(b.article.text, a.house):
        return SURE, f"{b.article.id} names {a.house.name} as its source"
    return 0, ""


def _clock(pair: Pair) -> tuple[int, str]:
    """The record's clocks."""
    a, b = pair.a.when, pair.b.when
    if a is None or b is None or a.latest > b.earliest:
        return 0, ""
    gap = b.earliest - a.latest
    why = f"published {_told(gap)} before"
    if pair.relation == "version" and pair.one_outlet:
        return CLEAR, why
    if gap < COPYING:
        return 0, ""
    return (CLEAR if gap >= CYCLE and not pair.common else SLIGHT), why


def _page_clock(pair: Pair) -> tuple[int, str]:
    """The times that the pages print: a second clock. The source itself may have been updated since."""
    gap = _printed_before(pair)
    return (SLIGHT, "its page prints an earlier time") if gap is not None and gap >= COPYING else (0, "")


def _page_order(pair: Pair) -> tuple[int, str]:
    """The times that two versions of one file print."""
    gap = _printed_before(pair)
    if gap is not None and gap > timedelta(0):
        return SURE, "its page prints an earlier time"
    a, b = pair.a.page.moment, pair.b.page.moment
    if gap is None and a is not None and b is not None and b.written - a.written >= ONE_COUNTRY:
        return SLIGHT, "its page prints an earlier time, in a zone that it does not name"
    return 0, ""


def _printed_before(pair: Pair) -> timedelta | None:
    """From the time that the first page prints to that of the second; None where zones leave it open."""
    a, b = pair.a.page.moment, pair.b.page.moment
    if a is None or b is None:
        return None
    if pair.one_outlet:
        return b.written - a.written
    return b.earliest - a.latest if a.latest <= b.earliest else None


def _slugs(pair: Pair) -> tuple[int, str]:
    """Numbered write-throughs; what has no number may be any of them, its slug cut off, but seldom is a later one."""
    a, b = pair.a.page.version, pair.b.page.version
    if b is None:
        return 0, ""
    if a is None:
        return SLIGHT, "the other is slugged as an update"
    return (SURE, "the other's slug has a higher number") if a[0] == b[0] and a[1] < b[1] else (0, "")


def _cut_short(pair: Pair) -> tuple[int, str]:
    """The second holds little else than the first one's beginning, and ends where that goes on."""
    size_a, size_b = len(pair.a.article.text), len(pair.b.article.text)
    last = max(pair.spans, key=lambda span: span[3])
    more, tail = size_a - last[1], size_b - last[3]
    covered = _length((span[2], span[3]) for span in pair.spans) / size_b
    if covered >= _COVERED and more >= max(_MUCH, _MORE * size_a) and more > 3 * tail:
        return SLIGHT, "the other ends where it goes on"
    return 0, ""


def _grown(pair: Pair) -> tuple[int, str]:
    """The second version holds all of the first below a new top."""
    size_a, size_b = len(pair.a.article.text), len(pair.b.article.text)
    top = min(pair.spans, key=lambda span: span[2])
    covered = _length((span[0], span[1]) for span in pair.spans) / size_a
    if covered >= _HELD and top[2] >= max(_MUCH, _MORE * size_b) and top[2] > 3 * top[0]:
        return SLIGHT, "the other holds all of it below a new top"
    return 0, ""


_TELLING: tuple[Tell, ...] = (_own_host, _credited)
_ORDERING: tuple[Tell, ...] = (_clock, _page_order, _slugs, _grown)


def _length(spans: Iterable[tuple[int, int]]) -> int:
    covered = reach = 0
    for start, end in sorted(spans):
        covered += max(0, end - max(start, reach))
        reach = max(reach, end)
    return covered


def _told(gap: timedelta) -> str:
    """A gap in the unit that suits it."""
    minutes = int(gap.total_seconds() // 60)
    for unit, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"
