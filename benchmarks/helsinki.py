"""One run over the 680 Helsinki articles, read against exact overlap and one careful reader's gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.data import find, records
from dedup.model import Article, Match, Repeat, Result, Verdict

CONTAINMENT = 0.5
RELATIONS = ("duplicate", "version", "partial", "incidental", "boilerplate", "none")
SHARED = RELATIONS[:3]
SAME = RELATIONS[:2]
CLAIMED = ("confirmed", "probable")
Row = dict[str, Any]
Pair = frozenset[str]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """A run's result, looked up by article and by pair."""

    verdicts: Mapping[str, Verdict]
    matches: Mapping[Pair, list[Match]]

    def same_cluster(self, a: str, b: str) -> bool:
        """Whether both stand in one cluster."""
        cluster = self.verdicts[a].cluster
        return cluster is not None and cluster == self.verdicts[b].cluster

    def weights(self, a: str, b: str) -> set[str]:
        """The weights of the matches between the two."""
        return {match.weight for match in self.matches.get(frozenset((a, b)), ())}

    def canonical(self, id: str) -> str:
        """The article that stands for this one: its cluster's canonical, or itself."""
        verdict = self.verdicts[id]
        return verdict.canonical if verdict.cluster and verdict.canonical else id

    def relation(self, a: str, b: str) -> str:
        """What the run says of the two articles themselves, one of `RELATIONS`."""
        told = next((match.relation for match in self.matches.get(frozenset((a, b)), ())), None)
        return told or self._lesser(a, b)

    def cluster_relation(self, a: str, b: str) -> str:
        """What their clusters say: `duplicate` or `version` for any two of one, each against its canonical."""
        if self.same_cluster(a, b):
            either = {self.verdicts[a].relation, self.verdicts[b].relation}
            return "version" if "version" in either else "duplicate"
        return self._lesser(a, b)

    def _lesser(self, a: str, b: str) -> str:
        weights = self.weights(a, b)
        if "substantial" in weights:
            return "partial"
        return next((weight for weight in ("incidental", "boilerplate") if weight in weights), "none")


@dataclass(frozen=True, slots=True)
class Reuse:
    """Cross-outlet pairs that share half a text: found directly, through their canonicals only, or missed."""

    direct: list[Row]
    through_canonicals: list[Row]
    missed: list[Row]

    @property
    def total(self) -> int:
        """All such pairs."""
        return len(self.direct) + len(self.through_canonicals) + len(self.missed)


@dataclass(frozen=True, slots=True)
class Repeats:
    """The gold's pairs of spans, and what of ours answers them.

    Attributes:
        found: Counts of (gold label, our kind or `none`) over the gold's pairs.
        answering: By kind, our repeats in the gold's articles that answer a pair which is no template.
        strays: Our other repeats in these articles, with the article's id.
    """

    found: Counter[tuple[str, str]]
    answering: Counter[str]
    strays: list[tuple[str, Repeat]]


_ROLES = {
    "photo": ("photo",),
    "index snippet/photo": ("photo", "cited", "origin"),
    "cited": ("cited",),
    "contributor": ("contributor",),
    "copyright line": ("origin", "photo"),
}
_CODES = {"SPU": "SPUTNIK", "IFX": "INTERFAX"}


class Named(NamedTuple):
    """An agency that the gold names in the roles `told`, and those in which we read it."""

    row: Row
    verdict: Verdict
    agency: str
    told: tuple[str, ...]
    ours: list[str]


@dataclass(frozen=True, slots=True)
class Origins:
    """Third-party origins: gold rows and claims, each as (gold row, verdict)."""

    rows: list[tuple[Row, Verdict]]
    codes: Mapping[str, str]

    def ours(self, verdict: Verdict) -> set[str]:
        """The gold codes of the agencies that a verdict names."""
        named = {*verdict.origin.agencies, verdict.origin.agency} - {None}
        return {self.codes.get(name, name) for name in named if name}

    def claims(self, statuses: Iterable[str], *, inferred: bool) -> list[tuple[Row, Verdict]]:
        """Rows for which the run names an agency, read in the text or inferred from another article."""
        wanted = set(statuses)
        return [
            (row, verdict)
            for row, verdict in self.rows
            if verdict.origin.status in wanted
            and self.ours(verdict)
            and (verdict.origin.inferred_from is not None) == inferred
        ]

    def right(self, of: Iterable[tuple[Row, Verdict]]) -> list[tuple[Row, Verdict]]:
        """Those whose agency the gold names too."""
        return [(row, verdict) for row, verdict in of if self.ours(verdict) & set(row["origin"])]

    def roles(self) -> tuple[list[Named], list[Named]]:
        """Agencies that the gold finds in another role than origin: those read so, and those read otherwise.

        An agency of which a text says nothing that bears on an origin (a topic, a link) may have any role but that
        of an origin, or none.
        """
        right: list[Named] = []
        wrong: list[Named] = []
        for row, verdict in self.rows:
            for named in row["roles"]:
                credits = [c for c in verdict.credits if self._code(c.agency) == named["agency"]]
                ours = sorted({str(credit.role) for credit in credits})
                wanted = {role for told in named["as"] for role in _ROLES.get(told, ())}
                read = wanted & set(ours) or (not wanted and "origin" not in ours)
                (right if read else wrong).append(
                    Named(row, verdict, named["agency"], tuple(named["as"]), ours)
                )
        return right, wrong

    def silent(self) -> list[tuple[Row, Verdict]]:
        """Rows that are no agency's."""
        return [(row, verdict) for row, verdict in self.rows if not row["origin"]]

    def _code(self, agency: str | None) -> str | None:
        return _CODES.get(self.codes.get(agency or "", ""), self.codes.get(agency or ""))

    def gold(self, status: str) -> list[tuple[Row, Verdict]]:
        """Rows with an origin of this gold status (`credited`, `inferred`, `unknown`)."""
        return [(row, verdict) for row, verdict in self.rows if row["origin"] and row["status"] == status]


def articles(root: Path) -> list[Article]:
    """The collection as a run takes it."""
    rows = records(find(root, "helsinki", "articles.jsonl"))
    return [Article(row["id"], row["text"], outlet=row["outlet"], published=row["date"]) for row in rows]


def read(result: Result) -> Reading:
    """Index a result."""
    matches: dict[Pair, list[Match]] = {}
    for match in result.matches:
        matches.setdefault(frozenset((match.a, match.b)), []).append(match)
    return Reading({verdict.id: verdict for verdict in result.articles}, matches)


def reuse(root: Path, reading: Reading) -> Reuse:
    """Look for the cross-outlet pairs with containment of 5-grams of at least one half."""
    direct, through, missed = [], [], []
    for row in records(find(root, "helsinki", "exact_pairs.jsonl")):
        a, b = row["a"], row["b"]
        if row["containment5"] < CONTAINMENT or reading.verdicts[a].outlet == reading.verdicts[b].outlet:
            continue
        if reading.cluster_relation(a, b) in SHARED:
            direct.append(row)
        elif reading.cluster_relation(reading.canonical(a), reading.canonical(b)) in SHARED:
            through.append(row)
        else:
            missed.append(row)
    return Reuse(direct, through, missed)


@dataclass(frozen=True, slots=True)
class Relations:
    """Gold pairs, each with what is said of it."""

    rows: list[tuple[Row, str]]

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """How often each (gold label, our relation) is met."""
        return Counter((row["label"], told) for row, told in self.rows)

    @property
    def same_text(self) -> tuple[int, int, int]:
        """Of duplicates and versions taken together: found, missed, and others taken for them."""
        told = [(row["label"] in SAME, relation in SAME) for row, relation in self.rows]
        return told.count((True, True)), told.count((True, False)), told.count((False, True))

    def share(self, labels: Iterable[str], told: Iterable[str]) -> tuple[int, int]:
        """Of the rows with these gold labels, those of which one of these relations is told; and all of them."""
        wanted, relations = set(labels), set(told)
        of = [relation for row, relation in self.rows if row["label"] in wanted]
        return sum(relation in relations for relation in of), len(of)

    def errors(self) -> list[tuple[Row, str]]:
        """Rows that are told otherwise than the measure allows."""
        return [(row, told) for row, told in self.rows if _sort(row["label"]) != _sort(told)]


def _sort(relation: str) -> str:
    return "same text" if relation in SAME else relation if relation == "partial" else "nothing"


def relations(root: Path, say: Callable[[str, str], str]) -> Relations:
    """What `say` tells of each gold pair, those left out whose bodies were lost."""
    rows = records(find(root, "helsinki", "gold", "pairs.jsonl"))
    return Relations(
        [(row, say(row["a"], row["b"])) for row in rows if not row.get("same_story_text_missing")]
    )


def repeats(root: Path, reading: Reading) -> Repeats:
    """Read the gold's repeated pairs of spans."""
    found: Counter[tuple[str, str]] = Counter()
    answering: Counter[str] = Counter()
    strays: list[tuple[str, Repeat]] = []
    for row in records(find(root, "helsinki", "gold", "repeats.jsonl")):
        ours = reading.verdicts[row["id"]].repeats
        spans = [(int(start), int(end)) for start, end in row["spans"]]
        pairs = list(zip(spans[::2], spans[1::2], strict=True))
        for pair in pairs:
            found[row["label"], next((r.kind for r in ours if _answers(r, pair, ours)), "none")] += 1
        real = [] if row["label"].startswith("template") else pairs
        for repeat in ours:
            if any(_answers(repeat, pair, ours, share=0.0) for pair in real):
                answering[repeat.kind] += 1
            else:
                strays.append((row["id"], repeat))
    return Repeats(found, answering, strays)


def _answers(repeat: Repeat, pair: tuple[Span, Span], ours: Iterable[Repeat], share: float = 0.5) -> bool:
    """Whether a repeat covers more than this share of both spans, whichever comes first.

    Of three copies the gold pairs the second with the third, the program each with the first; so a block answers for
    its `of` and for every other block of that.
    """
    places = [
        repeat.of,
        *((r.start, r.end) for r in ours if r is not repeat and _share(r.of, repeat.of) > 0.5),
    ]
    return any(
        _share(one, (repeat.start, repeat.end)) > share
        and any(_share(other, place) > share for place in places)
        for one, other in (pair, pair[::-1])
    )


def _share(span: Span, by: Span) -> float:
    return max(0, min(span[1], by[1]) - max(span[0], by[0])) / (span[1] - span[0])


def origins(root: Path, reading: Reading) -> Origins:
    """The gold's origins, without own sites and without rows that were added because their text matched."""
    from dedup.attribution.agencies import load_agencies

    rows = [
        (row, reading.verdicts[row["id"]])
        for row in records(find(root, "helsinki", "gold", "origins.jsonl"))
        if not row["own_site"] and row["sampled"] != "supplement_matched_text"
    ]
    return Origins(rows, {agency.name: agency.code for agency in load_agencies().agencies})
