"""An endless stream of synthetic news in which every article is a function of its number alone.

The newswire of `benchmarks.newswire` draws one article after another; this one can be entered anywhere, so that a
writer that was killed goes on where it was, and who reads beside it knows what every article must be.

The mix: 75 % of the articles are stories of their own, of which two in five are an agency's. The rest derive from
an agency story of the same day (10,000 articles): 45 % of them are copies with few or no edits, 20 % are cut from
the tail, 15 % have a new lead (versions), 12 % excerpt it in a story of their own and 8 % are stitched from two
(partial sharing). How often a story is printed follows a Pareto law (exponent 1.1): seven in ten of the agencies'
stories are printed once, two a day more than a hundred times. One article in fifty prints a paragraph twice.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from benchmarks.desk import WIRE, Desk
from benchmarks.typeset import Draft, Story
from dedup.model import Article

DAY = 10_000  # articles
UNIQUE = 0.75
REPEATED = 0.02
START = datetime(2024, 3, 4)
BETWEEN = timedelta(days=1) / DAY


class Plan(NamedTuple):
    """What an article is to be.

    Attributes:
        kind: `own`, `wire`, or one of the desk's `DERIVATIONS`.
        sources: Numbers of the stories that it derives from.
        credited: Whether a derived article says whose text it has.
        repeated: It prints a paragraph twice.
    """

    kind: str
    sources: tuple[int, ...] = ()
    credited: bool = False
    repeated: bool = False


class Stream:
    """Articles numbered from 0; another seed, another stream.

    Args:
        words: In an article, on average.
    """

    def __init__(self, words: int = 350, seed: int = 1) -> None:
        self._words, self._seed = words, seed
        self._rng = random.Random(seed)
        self._desk = Desk(self._rng, words)
        self._day = lru_cache(maxsize=8)(self._planned)
        self._story = lru_cache(maxsize=512)(self._written)

    def __reduce__(self) -> tuple[type[Stream], tuple[int, int]]:
        return Stream, (self._words, self._seed)

    def article(self, number: int) -> Article:
        """The article of this number."""
        return self._printed(number_to_id(number), number, self._drafted(number), "print")

    def articles(self, start: int, stop: int) -> Iterator[Article]:
        """The articles of the numbers from `start` to before `stop`."""
        return map(self.article, range(start, stop))

    def plan(self, number: int) -> Plan:
        """What the article of this number is."""
        day, place = divmod(number, DAY)
        return self._day(day)[place]

    def reprint(self, number: int, kind: str = "copy", *, id: str | None = None) -> Article:
        """Another article, made from the one of this number: by default a copy with few edits or none.

        Args:
            kind: One of the desk's `DERIVATIONS`, but `stitch`.
            id: That of the article itself makes a new version of it.
        """
        story = self._story(number)
        self._reseed(kind, number)
        draft = self._desk.derive(kind, story, credited=False)
        return self._printed(id or f"{kind}-{number:08d}", number + DAY, draft, f"print {kind}")

    def _reseed(self, what: str, number: int) -> None:
        self._rng.seed(f"{self._seed} {what} {number}")

    def _planned(self, day: int) -> list[Plan]:
        rng, desk = self._rng, self._desk
        self._reseed("day", day)
        plans: list[Plan] = []
        stories: list[int] = []
        pulls = [0.0]  # of the stories before each
        for number in range(day * DAY, (day + 1) * DAY):
            sources: tuple[int, ...] = ()
            if len(stories) < 2 or rng.random() < UNIQUE:
                kind = "wire" if rng.random() < WIRE else "own"
            else:
                kind = desk.choose_kind()
                drawn = [stories[bisect(pulls, rng.random() * pulls[-1]) - 1] for _ in range(2)]
                sources = tuple(dict.fromkeys(drawn)) if kind == "stitch" else (drawn[0],)
            plans.append(Plan(kind, sources, rng.random() < 0.5, rng.random() < REPEATED))
            if kind == "wire":
                stories.append(number)
                pulls.append(pulls[-1] + rng.paretovariate(1.1))
        return plans

    def _drafted(self, number: int) -> Draft:
        kind, sources, credited, repeated = self.plan(number)
        stories = [self._story(source) for source in sources]
        self._reseed("draft", number)
        if not stories:
            draft = self._desk.report(is_wire=kind == "wire")
        elif kind == "stitch":
            draft = self._desk.stitch(stories[0], stories[-1])
        else:
            draft = self._desk.derive(kind, stories[0], credited=credited)
        # A wire story is left whole: its copies would repeat the block too.
        if repeated and not draft.is_wire and len(draft.paragraphs) > 4:
            draft = self._desk.print_twice(draft)
        return draft

    def _written(self, number: int) -> Story:
        """The article of this number as others derive from it."""
        draft = self._drafted(number)
        paragraphs = tuple(tuple(paragraph) for paragraph in draft.paragraphs)
        return Story(
            number_to_id(number), draft.agency or "", draft.cast, paragraphs, (), 1.0, moment(number)
        )

    def _printed(self, id: str, number: int, draft: Draft, seed: str) -> Article:
        self._reseed(seed, number)
        record, _, _ = self._desk.publish(id, draft, moment(number))
        return Article(
            record["id"],
            record["text"],
            record["title"],
            record["outlet"],
            record["url"],
            record["published"],
        )


def number_to_id(number: int) -> str:
    """The id of the article of this number."""
    return f"wire-{number:08d}"


def moment(number: int) -> datetime:
    """When the article of this number is published, UTC."""
    return START + number * BETWEEN
