"""The owner's five samples, and what a careful reader concludes from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dedup import compare
from dedup.model import Article, Credit, Result, Verdict

Span = tuple[int, int]
Check = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample's verdict with shorthands for its credits."""

    verdict: Verdict

    def credits(
        self, agency: str | None, role: str | None = None, within: Span | None = None
    ) -> list[Credit]:
        """Credits of an agency, in a role, inside a span."""
        return [
            credit
            for credit in self.verdict.credits
            if credit.agency == agency
            and role in (None, credit.role)
            and (within is None or (within[0] <= credit.start and credit.end <= within[1]))
        ]

    def is_from(self, agency: str | None, *statuses: str) -> bool:
        """Whether the origin is this agency with one of the statuses."""
        return self.verdict.origin.agency == agency and self.verdict.origin.status in statuses


def articles(folder: Path) -> list[Article]:
    """The samples in order, their text untouched."""
    return [Article(path.stem, path.read_bytes().decode()) for path in sorted(folder.glob("00*.txt"))]


def checks(read: Sequence[Article], result: Result) -> Iterator[Check]:
    """Each claim about the samples, and whether the result of running them together bears it out.

    The only words of note that two of them share are nine in a row: a run does not look at such a pair, a comparison
    shows it.
    """
    verdicts = sorted(result.articles, key=lambda verdict: verdict.id)
    cairo, tripoli, visit, column, talks = (Sample(verdict) for verdict in verdicts)
    yield "no cluster", not result.clusters
    yield "all five unique", all(verdict.relation == "unique" for verdict in verdicts)
    yield from _repeats(verdicts)
    yield "no substantial match", all(match.weight != "substantial" for match in result.matches)
    first, second = sorted(read, key=lambda article: article.id)[:2]
    yield (
        "compared, 000 and 001 share stock background, [334, 393) ~ [935, 994)",
        [
            (match.a_start, match.a_end, match.b_start, match.b_end, match.weight)
            for match in compare(first, second)
        ]
        == [(334, 393, 935, 994, "incidental")],
    )

    origin = cairo.verdict.origin
    yield (
        "000: unknown, AP at most possible",
        (origin.status == "unknown" or (origin.agency == "AP" and origin.status == "possible")),
    )
    yield "001: AP, confirmed", tripoli.is_from("AP", "confirmed")
    yield "001: whole", tripoli.verdict.origin.share == "whole"
    yield "001: the dateline [0, 12) says so", bool(tripoli.credits("AP", "origin", (0, 12)))
    yield (
        "001: `told` [525, 529) tells nobody",
        not any(_overlaps((credit.start, credit.end), (525, 560)) for credit in tripoli.verdict.credits),
    )
    yield "002: AFP, probable", visit.is_from("AFP", "probable")
    yield "002: the correspondent [1280, 1313) says so", bool(visit.credits("AFP", within=(1280, 1313)))
    yield "003: no agency origin", column.is_from(None, "unknown")
    yield "003: Reuters photo in [202, 232)", bool(column.credits("Reuters", "photo", (202, 232)))
    yield "003: Reuters cited in [1835, 1847)", bool(column.credits("Reuters", "cited", (1835, 1847)))
    yield "004: Reuters, possible", talks.is_from("Reuters", "possible")
    yield "004: unnamed agencies in [116, 135)", bool(talks.credits(None, "unnamed", (116, 135)))
    told = talks.credits("Reuters", within=(1753, 1765)) + talks.credits("Reuters", within=(3094, 3106))
    yield "004: `told Reuters` counts once", sum(credit.weight > 0 for credit in told) == 1


def _repeats(verdicts: list[Verdict]) -> Iterator[Check]:
    found = [
        (verdict.id[:3], repeat.start, repeat.end, repeat.of)
        for verdict in verdicts
        for repeat in verdict.repeats
    ]
    yield (
        "one repeat in all five: 004 [1767, 3107) of [426, 1766)",
        found == [("004", 1767, 3107, (426, 1766))],
    )


def _overlaps(a: Span, b: Span) -> bool:
    return max(a[0], b[0]) < min(a[1], b[1])
