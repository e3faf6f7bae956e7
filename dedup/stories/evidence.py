"""What tells the direction of a pair: each piece a small function that gives points to the first article as the source.

No single clock decides within a day: wire copy that nobody credits reaches all outlets within hours, and crawlers'
clocks lag as much. House spelling, per cent signs and shared errors are left out: both sides of a pair show them alike
until one knows whose house it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

from dedup.attribution.claims import length_of
from dedup.model import Article, Credit, Origin, PairRelation, Passage
from dedup.stories.dates import Moment, moment
from dedup.stories.mentions import House, Zone, house_of, names, original_hosts, zone_of
from dedup.stories.printed import Printed, printed

SURE, CLEAR, SLIGHT = 3, 2, 1
CLAIMED = ("confirmed", "probable")
"""The statuses of an origin that counts as known."""

_COPYING = timedelta(minutes=30)  # what two outlets print within this of each other came to both from a third
_LAG = timedelta(
    hours=2
)  # by which a crawler may see one outlet's pages in another order than they were put up
_CYCLE = timedelta(days=1)  # how long one wire text goes on appearing, and how far crawlers lag behind
_ONE_FILE = timedelta(
    days=2
)  # from the first write-through to the last; beyond, a page prints another story's time
_ONE_COUNTRY = timedelta(hours=4)  # how far apart a country's clocks run
_SAME = 0.9  # of both, of two prints of one text
_COVERED = 0.6  # of an excerpt, that stands in the longer text
_HELD = 0.8  # of an earlier version, that stands in the later one
_MORE = 0.2  # of the longer text, that the shorter lacks
_MUCH = 400  # code points of it, at least

Span = tuple[int, int, int, int]
Tell = Callable[["Pair"], tuple[int, str]]
"""Points for the first of a pair as the source, and why; 0 where it has nothing to tell."""


class Known(Protocol):
    """What attribution knows of an article: an `Attribution`, or a run's `Provenance`."""

    @property
    def origin(self) -> Origin:
        """Whose text it is."""

    @property
    def credits(self) -> Collection[Credit]:
        """The mentions of agencies in it."""


class Trace(NamedTuple):
    """What bears on the direction, of one article.

    Attributes:
        sources: Agencies, or the company behind a press release, whose text it is by its own word or its copies'.
        whole: The whole of it is theirs.
        parts: Where each part that is somebody's stands, as far as that is known, and whose it is.
        hosted: The agency at whose own host it stands, if it is that one's text.
        house: The outlet, as others would name it.
        zone: Where the text would name another outlet.
        originals: The hosts at which its page declares that the original stands.
    """

    article: Article
    when: Moment | None
    page: Printed
    sources: frozenset[str]
    whole: bool
    parts: Sequence[tuple[int, int, str]]
    hosted: str | None
    house: House
    zone: Zone
    originals: frozenset[str]


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
    def theirs(self) -> bool:
        """Whether half of what they share, or more, is text of those whose text both are."""
        if self.a.whole or self.b.whole or not (self.a.parts and self.b.parts):
            return bool(self.common)
        return any(
            2 * length_of(_inside(spans, parts, self.common)) >= length_of(spans)
            for spans, parts in (
                ([span[:2] for span in self.spans], self.a.parts),
                ([span[2:] for span in self.spans], self.b.parts),
            )
        )

    @property
    def one_outlet(self) -> bool:
        """Whether one outlet printed both."""
        return bool(self.a.house.key) and self.a.house.key == self.b.house.key

    @property
    def shares(self) -> tuple[float, float]:
        """How much of each text stands in the other one's."""
        return (
            length_of((span[0], span[1]) for span in self.spans) / len(self.a.article.text),
            length_of((span[2], span[3]) for span in self.spans) / len(self.b.article.text),
        )

    @property
    def versions(self) -> bool:
        """Whether they are states of one text, so that one was filed or put up before the other."""
        if self.one_outlet:
            # A page seen twice is no version of itself.
            return self.relation in ("version", "duplicate") and min(self.shares) < _SAME
        return self.relation == "version" and bool(self.common)

    def mirrored(self) -> Pair:
        """The same pair with its articles exchanged."""
        return Pair(self.b, self.a, self.relation, [(c, d, a, b) for a, b, c, d in self.spans])


def trace(article: Article, known: Known, passages: Iterable[Passage] = ()) -> Trace:
    """Gather what bears on the direction; ``passages`` tells whose each part is, where a run has found that."""
    origin = known.origin
    claimed = origin.status in CLAIMED
    named = (*origin.agencies, origin.agency, origin.issuer) if claimed else ()
    hosted = any(c.kind == "host" and c.role == "origin" and c.agency == origin.agency for c in known.credits)
    return Trace(
        article,
        moment(article.published),
        printed(article.text, article.title),
        frozenset(name for name in named if name),
        claimed and origin.share == "whole",
        [(passage.start, passage.end, passage.whose) for passage in passages],
        origin.agency if hosted and claimed else None,
        house_of(article),
        zone_of(article.text),
        original_hosts(article) if article.metadata else frozenset(),
    )


def own_host(pair: Pair) -> tuple[int, str]:
    """An agency's own page, and a copy elsewhere; less where nothing says whose text the other one is."""
    a, b = pair.a, pair.b
    if a.hosted is None or b.hosted is not None:
        return 0, ""
    if pair.relation == "partial" and b.whole:
        # Two stories of one agency, of which either may have borrowed from the other.
        return 0, ""
    why = f"{a.article.id} stands at {a.hosted}'s own host"
    if a.hosted in b.sources:
        return SURE, why
    return (CLEAR, why) if not b.sources else (0, "")


def credited(pair: Pair) -> tuple[int, str]:
    """The other names this outlet as its source, or declares its page the original."""
    a, b = pair.a, pair.b
    if a.house.host in b.originals:
        why = f"{b.article.id} declares the page at {a.house.name} the original"
    elif pair.relation != "version" and names(b.zone, a.house):
        why = f"{b.article.id} names {a.house.name} as its source"
    else:
        return 0, ""
    return (0, "") if pair.one_outlet else (SURE, why)


def clock(pair: Pair) -> tuple[int, str]:
    """The record's clocks."""
    a, b = pair.a.when, pair.b.when
    if a is None or b is None or a.latest > b.earliest:
        return 0, ""
    gap = b.earliest - a.latest
    if gap < _COPYING or (pair.one_outlet and pair.relation == "duplicate"):
        return 0, ""
    enough = _LAG if pair.one_outlet and pair.relation == "version" else _CYCLE
    # Which outlet printed an agency's file first says little about which state of it the agency filed first.
    clear = gap >= enough and (pair.one_outlet or not pair.versions)
    return (
        CLEAR if clear else SLIGHT,
        f"{pair.a.article.id} was published {_told(b.written - a.written)} before",
    )


def page_clock(pair: Pair) -> tuple[int, str]:
    """The times that the pages print: a second clock. The source itself may have been updated since."""
    gap = _printed_before(pair)
    if gap is None or gap < _LAG:
        return 0, ""
    return SLIGHT, f"the page of {pair.a.article.id} prints an earlier time"


def page_order(pair: Pair) -> tuple[int, str]:
    """The times that two versions of one file print."""
    why = f"the page of {pair.a.article.id} prints an earlier time"
    gap = _printed_before(pair)
    if gap is not None:
        sure = timedelta(0) < gap < _ONE_FILE if pair.one_outlet else _COPYING <= gap < _ONE_FILE
        return (SURE, why) if sure else (0, "")
    a, b = pair.a.page.moment, pair.b.page.moment
    if a is not None and b is not None and _ONE_COUNTRY <= b.written - a.written < _ONE_FILE:
        return SLIGHT, f"{why}, in a zone that is not named"
    return 0, ""


def _printed_before(pair: Pair) -> timedelta | None:
    """From the time that the first page prints to that of the second; None where zones leave it open."""
    a, b = pair.a.page.moment, pair.b.page.moment
    if a is None or b is None:
        return None
    if pair.one_outlet:
        return b.written - a.written
    return b.earliest - a.latest if a.latest <= b.earliest else None


def slugs(pair: Pair) -> tuple[int, str]:
    """Numbered write-throughs; what has no number may be any of them, its slug cut off, but seldom is a later one."""
    a, b = pair.a.page.version, pair.b.page.version
    if b is None:
        return 0, ""
    if a is None:
        return SLIGHT, f"{pair.b.article.id} is slugged as an update"
    later = a[0] == b[0] and a[1] < b[1]
    return (SURE, f"the slug of {pair.b.article.id} has a higher number") if later else (0, "")


def cut_short(pair: Pair) -> tuple[int, str]:
    """The second holds little else than a piece of the first one, and ends where that goes on."""
    size_a, size_b = len(pair.a.article.text), len(pair.b.article.text)
    last = max(pair.spans, key=lambda span: span[3])
    more, tail = size_a - last[1], size_b - last[3]
    if more >= max(_MUCH, _MORE * size_a) and more > 3 * tail and pair.shares[1] >= _COVERED:
        return SLIGHT, f"{pair.b.article.id} ends where {pair.a.article.id} goes on"
    return 0, ""


def grown(pair: Pair) -> tuple[int, str]:
    """The second version holds all of the first below a new top."""
    top = min(pair.spans, key=lambda span: span[2])
    much = max(_MUCH, _MORE * len(pair.b.article.text))
    if top[2] >= much and top[2] > 3 * top[0] and pair.shares[0] >= _HELD:
        return SLIGHT, f"{pair.b.article.id} holds all of {pair.a.article.id} below a new top"
    return 0, ""


def _inside(
    spans: Iterable[tuple[int, int]], parts: Iterable[tuple[int, int, str]], names: frozenset[str]
) -> list[tuple[int, int]]:
    """What of the spans lies in parts of these names."""
    theirs = [
        (low, high) for low, high, whose in parts if whose in names or not names.isdisjoint(whose.split("/"))
    ]
    return [
        (max(start, low), min(end, high))
        for start, end in spans
        for low, high in theirs
        if start < high and low < end
    ]


def _told(gap: timedelta) -> str:
    """A gap in the unit that suits it."""
    minutes = int(gap.total_seconds() // 60)
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{minutes} minutes"
