"""The things the program speaks of: articles in; spans, matches, credits, origins and verdicts out.

Every offset is a half-open span ``[start, end)`` in code points of the text exactly as it was given. The
classes are frozen and carry, as attributes, the field names of the JSON files (`articles.jsonl`,
`matches.jsonl`, `clusters.jsonl`, `rejects.jsonl`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Relation = Literal["unique", "original", "duplicate", "version", "partial"]
"""`unique`: no earlier article shares reporting with it. `original`: the canonical article of a cluster. `duplicate`:
the same text but for trims, house edits and boilerplate. `version`: another write-through of the same story.
`partial`: two sentences or more of reporting shared with an earlier article, outside a cluster."""

PairRelation = Literal["duplicate", "version", "partial"]
PageKind = Literal["article", "digest", "index", "no body"]
"""`digest`: several stories under datelines of their own. `index`: teasers for other pages. `no body`: next to nothing
beside captions. None of them links articles to each other."""

MatchKind = Literal["verbatim", "edited", "rewritten"]
MatchWeight = Literal["substantial", "incidental", "boilerplate"]
Direction = Literal["a->b", "b->a", "unknown"]
Role = Literal["origin", "carrier", "contributor", "cited", "photo", "unnamed"]
Share = Literal["whole", "partial", "none"]
Status = Literal["confirmed", "probable", "possible", "unknown"]
RepeatKind = Literal["repeat", "pullquote", "caption"]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read.

    Args:
        id: Unique within a run.
        text: The body, untouched; all offsets refer to it.
        published: The moment as the source wrote it (ISO 8601, RFC 2822, or one of the common news forms).
        byline: The author field of the source.
        metadata: Every other field of the source, by its own name.
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: str | None = None
    byline: str | None = None
    language: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Similarity:
    """Exact set similarity of two articles' shingles, both in [0, 1]; containment is over the smaller set."""

    jaccard: float
    containment: float


@dataclass(frozen=True, slots=True)
class Match:
    """One passage that two articles share: ``a.text[a_start:a_end]`` answers ``b.text[b_start:b_end]``.

    ``similarity``, in [0, 1], is twice the tokens that both spans have over the tokens of both (Dice): counted in
    whatever order, as often as both have them, or, where the match is a chain of common runs, in these runs only.
    ``kind`` is `verbatim` where the spans are equal token by token after folding (similarity 1.0), `edited` where they
    have a run of five tokens or more in common and a similarity of 0.5 or more, and `rewritten` otherwise. ``reason``
    says why the match has its weight. ``relation`` is what the two articles are to each other as a whole, all their
    matches and fields considered; None where they share no reporting. ``direction_reason`` says what tells the
    ``direction``, or what speaks against telling any.
    """

    a: str
    b: str
    a_start: int
    a_end: int
    b_start: int
    b_end: int
    similarity: float
    kind: MatchKind
    weight: MatchWeight
    direction: Direction = "unknown"
    reason: str = ""
    relation: PairRelation | None = None
    direction_reason: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """One mention of an agency that bears on where the text comes from.

    ``agency`` is the short name people use (`AP`, `Reuters`), or None where the text credits "Agencies" without
    naming one. ``weight`` is in log-odds points towards *this agency wrote the text*; ``rule`` names the rule that
    read the mention. ``text`` quotes the article at ``[start, end)``; for evidence from a metadata field the span
    is empty (0, 0) and ``text`` quotes the field.
    """

    agency: str | None
    role: Role
    kind: str
    start: int
    end: int
    text: str
    weight: float
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose text an article is: the sum of the evidence.

    ``agency`` is the leading agency or None; ``agencies`` names all that share the lead (a dateline `(AFP/AP)` gives
    two). ``score`` is in log-odds points. ``inferred_from`` is the id of the credited article whose text this one
    shares, where the article's own text does not carry the credit. ``issuer`` names the company behind a press
    release, whose ``agency`` is None. ``conflicts`` names the agencies, strongest first, whose claim would alone make
    the text `probable` theirs, and which lost to another's.
    """

    agency: str | None = None
    share: Share = "none"
    status: Status = "unknown"
    score: float = 0.0
    inferred_from: str | None = None
    agencies: tuple[str, ...] = ()
    issuer: str | None = None
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """What one article's own text and fields say about its origin."""

    origin: Origin
    credits: tuple[Credit, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A block ``[start, end)`` that says again what the article said at ``of``.

    ``similarity`` is twice the tokens of their common runs over the tokens of both (Dice, in [0, 1]).
    """

    start: int
    end: int
    of: tuple[int, int]
    kind: RepeatKind
    similarity: float = 1.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A part ``[start, end)`` of an article and whose it is.

    ``whose`` is an agency, an issuer, `own`, `repeated` or `boilerplate`. ``inferred_from`` is the id of the credited
    article that has the same words at ``of``; None where the article says so itself.
    """

    start: int
    end: int
    whose: str
    inferred_from: str | None = None
    of: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run concludes about one article: one line of `articles.jsonl`; or what an index does.

    ``matches``, ``as_of`` and ``previous`` are an index's: what the article shares with others that it holds, how many
    articles it held when it judged (later ones may change the verdict), and the id that now names the article
    which stood under this one's id before.
    """

    id: str
    outlet: str | None
    title: str | None
    url: str | None
    published: str | None
    cluster: str | None
    relation: Relation
    canonical: str | None
    similarity: Similarity | None
    origin: Origin
    credits: tuple[Credit, ...]
    composition: Mapping[str, float]
    repeats: tuple[Repeat, ...]
    page: PageKind = "article"
    passages: tuple[Passage, ...] = ()
    matches: tuple[Match, ...] = ()
    as_of: int | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Publications of one text, each matching the canonical one directly: one line of `clusters.jsonl`.

    ``first`` is the earliest publication, None where timestamps and directions cannot tell or differ.
    ``independent_sources`` says how many separately reported texts stand behind the members, one at least, as
    `dedup.stories.sources` counts them.
    """

    id: str
    size: int
    members: tuple[str, ...]
    outlets: tuple[str, ...]
    canonical: str
    first: str | None
    origin: Origin
    independent_sources: int


@dataclass(frozen=True, slots=True)
class Reject:
    """Input that was left out, with the place it stands at; ``line`` counts from 1, None for a whole source."""

    source: str
    line: int | None
    reason: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that one run found."""

    articles: tuple[Verdict, ...]
    clusters: tuple[Cluster, ...]
    matches: tuple[Match, ...]
    rejects: tuple[Reject, ...]
    summary: Mapping[str, Any]
