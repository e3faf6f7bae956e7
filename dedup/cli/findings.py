"""What a run found about one article: gathered from the files of its folder, and told in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.attribution.claims import length_of
from dedup.cli.english import brief, listed, percent, possessive
from dedup.cli.wording import STRONGEST, Record, leaders

if TYPE_CHECKING:
    from dedup.readers.results import Results

_PARTNERS = 3  # articles to name that share text
_LONGEST_REASON = 160
_LEAST = 0.01  # share of a text to tell of
_ALL = 0.99  # share of a text that is as good as all of it
_NO_AGENCY = {
    "own": "the outlet's own",
    "repeated": "repeated",
    "boilerplate": "boilerplate of the outlet",
    "unknown": "nobody knows whose",
}
_KINDS = {"verbatim": "word for word", "edited": "edited", "rewritten": "rewritten"}
_REPEATS = {"repeat": "a block", "pullquote": "a pull-quote", "caption": "a caption"}
_PAGES = {
    "digest": "the page is a digest of several stories",
    "index": "the page lists teasers of other pages",
    "no body": "the page holds next to nothing beside captions",
}


class Passage(NamedTuple):
    """A substantial match, seen from the article that is told of.

    Attributes:
        start: In this article's text, in code points.
        end: One past its last.
        there: The span in the other article's text.
        kind: As in `matches.jsonl`.
        earlier: `here` or `there`, where it stood first; else `unknown`.
        reason: Why, where the run says so.
    """

    start: int
    end: int
    there: tuple[int, int]
    kind: str
    earlier: str
    reason: str = ""


class Partner(NamedTuple):
    """An article that shares substantial passages with the one told of."""

    id: str
    passages: list[Passage]

    @property
    def shared(self) -> int:
        """Code points of the article told of that the other one has, too."""
        return length_of((passage.start, passage.end) for passage in self.passages)

    @property
    def longest(self) -> Passage:
        """The passage that shows best what is shared."""
        return max(self.passages, key=lambda p: (p.end - p.start, -p.start))

    @property
    def earlier(self) -> str:
        """Where the passages stood first: `here`, `there`, or `unknown`, where they differ or nobody knows."""
        told = {passage.earlier for passage in self.passages}
        return told.pop() if len(told) == 1 else "unknown"


class Findings(NamedTuple):
    """One article of a run and what belongs to it.

    Attributes:
        article: Its record in `articles.jsonl`.
        cluster: That of its cluster.
        partners: Articles with substantial matches, those that share most first.
        others: The records of all other articles that are spoken of, by id.
        settings: Of the run.
    """

    article: Record
    cluster: Record | None
    partners: list[Partner]
    others: Mapping[str, Record]
    settings: Record


def gather(results: Results, id: str) -> Findings:
    """What a run found about the article ``id``, or about the only one whose id begins so.

    Raises:
        InputError: There is no such article, or a file of the run is missing or damaged.
    """
    article = results.article(id)
    cluster = results.cluster(article.get("cluster"))
    found = partners(results.matches(article["id"]), article["id"])
    named = {
        article.get("canonical"), article["origin"].get("inferred_from"),
        *(passage.get("inferred_from") for passage in article.get("passages") or ()),
        *(cluster or {}).get("members", ()), *(partner.id for partner in found),
    }  # fmt: skip
    others = results.articles({each for each in named if each and each != article["id"]})
    settings = results.summary.get("settings")
    return Findings(article, cluster, found, others, settings if isinstance(settings, dict) else {})


def partners(matches: Sequence[Record], id: str) -> list[Partner]:
    """The articles that the article ``id`` shares substantial passages with, those that share most first."""
    found: dict[str, list[Passage]] = {}
    for match in matches:
        if match.get("weight") != "substantial":
            continue
        here, there = ("a", "b") if match["a"] == id else ("b", "a")
        earlier = {f"{here}->{there}": "here", f"{there}->{here}": "there"}
        found.setdefault(match[there], []).append(
            Passage(
                match[f"{here}_start"], match[f"{here}_end"], (match[f"{there}_start"], match[f"{there}_end"]),
                match["kind"], earlier.get(match.get("direction", ""), "unknown"),
                str(match.get("direction_reason") or ""),
            )
        )  # fmt: skip
    ranked = [Partner(other, passages) for other, passages in found.items()]
    return sorted(ranked, key=lambda partner: (-partner.shared, partner.id))


def described(id: str, record: Record | None) -> str:
    """An article by its id, outlet and date."""
    facts = [brief(str(record[key])) for key in ("outlet", "published") if record.get(key)] if record else []
    return f"{brief(id)} ({', '.join(facts)})" if facts else brief(id)


def vouched(found: Findings, name: str) -> Record | None:
    """The longest passage that is ``name``'s by the word of a credited copy, best of the one that the origin names.

    Args:
        name: As in `composition`: an agency, several as "A/B", or an issuer.
    """
    source = found.article["origin"].get("inferred_from")
    heard = [
        passage
        for passage in found.article.get("passages") or ()
        if passage.get("inferred_from") and passage["whose"] == name
    ]
    return max(
        heard, key=lambda p: (p["inferred_from"] == source, p["end"] - p["start"], -p["start"]), default=None
    )


def made_of(found: Findings) -> str:
    """What the text is made of, largest share first; empty where that says no more than the verdict."""
    parts = found.article.get("composition") or {}
    if max(parts.values(), default=1) >= _ALL:
        return ""
    told = [
        f"{percent(share)} {_NO_AGENCY.get(label, label)}"
        for label, share in parts.items()
        if share >= _LEAST
    ]
    return ", ".join(told)


def relation(found: Findings) -> str:
    """What the article is to the others of the run."""
    article, cluster = found.article, found.cluster
    canonical = article.get("canonical")
    other = described(canonical, found.others.get(canonical)) if canonical else ""
    alike = article.get("similarity") or {}
    much = f"; {percent(alike['containment'])} of the shorter text stands in the other" if alike else ""
    told = {
        "unique": "no earlier article of this run shares reporting with it",
        "original": "the article that its copies are compared with",
        "duplicate": f"the same text as {other}{much}",
        "version": f"another version of {other}{much}",
        "partial": f"shares part of its reporting with {other}{much}",
    }
    sentences = [told.get(str(article.get("relation")), str(article.get("relation")))]
    if cluster:
        outlets, sources = len(cluster.get("outlets", ())), cluster.get("independent_sources")
        printed = f" of {outlets} outlets" if outlets > 1 else ""
        sentences.append(f"one of {cluster['size']} publications{printed}, which rest on {_counted(sources)}")
    if article.get("page", "article") in _PAGES:
        sentences.append(_PAGES[article["page"]])
    return "; ".join(sentences)


def _counted(sources: int | None) -> str:
    if sources is None:
        return "sources that nobody counted"
    return "one source" if sources == 1 else f"{sources} separate sources"


def seen_first(found: Findings) -> tuple[str | None, str]:
    """Where the text was seen first: the article's id, None where that cannot be told, and a sentence."""
    cluster = found.cluster
    if cluster:
        first = cluster.get("first")
        if first:
            return first, _there(found, first)
        return None, f"cannot be told: {cluster.get('first_reason') or _why_not(found, cluster['members'])}"
    if not found.partners:
        return None, "nowhere else in this run"
    group = [found.article["id"], *(partner.id for partner in found.partners if partner.earlier != "here")]
    first = _before_all(found, group)
    if first is None:
        return None, f"cannot be told: {_why_not(found, group)}"
    return first, _there(found, first) if first == group[0] else f"part of it in {_there(found, first)}"


def _there(found: Findings, id: str) -> str:
    if id == found.article["id"]:
        return ", ".join(filter(None, ("here", found.article.get("published"))))
    return described(id, found.others.get(id))


def _why_not(found: Findings, ids: Sequence[str]) -> str:
    """Why dates do not tell which of the articles was first."""
    dated = sorted((when.written, id) for id in ids if (when := _moment(found, id)) is not None)
    if not dated:
        return f"none of the {len(ids)} has a date"
    first = "this one" if dated[0][1] == found.article["id"] else _there(found, dated[0][1])
    if _before_all(found, ids) is not None:
        return f"{first} is dated first, but other signs differ"
    earliest = f"the earliest date is that of {first}"
    undated = len(ids) - len(dated)
    if undated:
        return f"{undated} of the {len(ids)} {'has' if undated == 1 else 'have'} no date; {earliest}"
    return f"the dates are too close or too coarse; {earliest}"


def _record(found: Findings, id: str) -> Record:
    return found.article if id == found.article["id"] else found.others.get(id, {})


def _moment(found: Findings, id: str) -> Any:
    from dedup.stories.dates import moment

    return moment(_record(found, id).get("published"))


def _before_all(found: Findings, ids: Sequence[str]) -> str | None:
    from dedup.stories.dates import before_all

    return before_all((_moment(found, id), id) for id in ids)


def shared(found: Findings) -> str:
    """With which articles it shares most, and which way that travelled."""
    told, notes = [], []
    for number, partner in enumerate(found.partners[:_PARTNERS]):
        told.append(f"{partner.shared:,}{'' if number else ' characters'} with {brief(partner.id)}")
        notes.append(f" ({_KINDS.get(partner.longest.kind, partner.longest.kind)}, {_way(found, partner)})")
    if len(set(notes)) == 1:
        notes[:-1] = [""] * (len(notes) - 1)
    told = [f"{one}{note}" for one, note in zip(told, notes, strict=True)]
    more = len(found.partners) - _PARTNERS
    return listed([*told, f"parts with {more:,} more"]) if more > 0 else listed(told)


def _way(found: Findings, partner: Partner) -> str:
    """Which way the passages travelled, or why that is unknown; of several reasons the first."""
    told = (passage.reason for passage in partner.passages if passage.earlier == partner.earlier)
    reason = next(filter(None, told), "").partition("; ")[0][:_LONGEST_REASON]
    mine, theirs = _owners(found.article), _owners(found.others.get(partner.id, {}))
    common = [name for name in mine if name in theirs]
    if partner.earlier == "unknown" and common:
        return f"{possessive(listed(common))} text, too"
    way = "which was first is unknown" if partner.earlier == "unknown" else f"{partner.earlier} first"
    return ": ".join(filter(None, (way, reason)))


def _owners(record: Record) -> list[str]:
    """Those whose text it is, more likely than not."""
    origin = record.get("origin", {})
    return leaders(origin) if origin.get("status") in ("confirmed", "probable") else []


def repeats(found: Findings) -> str:
    """The blocks that the article prints twice."""
    listed_ = found.article.get("repeats") or []
    told = [
        f"{_REPEATS.get(r['kind'], r['kind'])} of {r['end'] - r['start']:,} characters"
        for r in sorted(listed_, key=lambda r: r["start"] - r["end"])[:STRONGEST]
    ]
    more = [f"{len(listed_) - len(told)} more"] if len(listed_) > len(told) else []
    return f"prints {listed([*told, *more])} twice" if told else ""
