"""Whose text an article is, in sentences: made from the records of `articles.jsonl`, which `dedup origin` has too.

A record is read with tolerance, for it may come from a file that an older version wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.cli.english import listed
from dedup.cli.unattributed import unattributed

if TYPE_CHECKING:
    from dedup.model import Article

Record = Mapping[str, Any]

STRONGEST = 3
"""Pieces of evidence that a story tells at most."""
_CLAIM = 1.0  # points from which a credit speaks for its agency
_INSIDE = 3.0  # points below which a dateline is one inside the text

# What a credit says of the agencies that it speaks for: how it is labelled, and as a reason.
_REASONS = {
    "dateline": ("dateline", "{their} dateline opens the text"),
    "byline": ("byline", "the byline names {them}"),
    "tail": ("credit line", "a credit line names {them}"),
    "copyright": ("copyright", "the copyright line names {them}"),
    "contributed": ("contributor", "{their} own writer contributed to it"),
    "contributor": ("contributor", "{they} contributed to the report"),
    "signoff": ("sign-off", "{they} sign{s} off like this"),
    "initials": ("initials", "{their} copy ends with such initials"),
    "witness": ("witness", "{their} own journalist is named as a witness"),
    "told": ("quoted", "somebody told {them} something"),
    "said": ("quoted", "{they} {are} quoted"),
    "named": ("mentioned", "{they} {are} mentioned"),
    "photo": ("picture", "a picture is credited to {them}"),
    "metadata": ("page data", "the page's own data name {them}"),
    "host": ("site", "it is published on {their} own site"),
    "title": ("title", "the title names {them}"),
    "style": ("style", "it is spelled as {they} spell{s}"),
}
_LIKELY = {"confirmed": "", "probable": "probably ", "possible": "possibly "}


class Piece(NamedTuple):
    """One thing that speaks for or against a verdict, and where it is to be read.

    Attributes:
        label: In a word or two.
        says: As a clause.
        text: What is quoted; empty where only the text itself can tell.
        start: Of the quotation in the article's text, in code points.
        end: 0 for what stands in a field.
        article: The id of the article that is quoted; None for the one that is told of.
        note: What the label leaves open, to be told before the quotation.
    """

    label: str
    says: str
    text: str
    start: int
    end: int
    article: str | None = None
    note: str = ""


class Signature(NamedTuple):
    """A byline of the outlet's own people: of `staff`, or of a `writer` without an agency."""

    kind: str
    piece: Piece


class Story(NamedTuple):
    """Whose text an article is: a sentence, what speaks for it and what against it."""

    verdict: str
    evidence: list[Piece]
    against: list[Piece]


def tell(origin: Record, credits: Sequence[Record], own: Signature | None = None) -> Story:
    """The story of an article by its own words.

    Args:
        origin: The field ``origin`` of its record.
        credits: The field ``credits``.
        own: The byline of the outlet's own people, where there is one.
    """
    found, rivals = evidence(origin, credits), against(origin, credits)
    # At an agency's own site the outlet's own people are the agency's.
    at_home = any(credit["kind"] == "host" for credit in strongest(origin, credits))
    if own is not None and origin.get("status", "unknown") == "unknown":
        found = [*([] if _quoted(own.piece, found) else [own.piece]), *found][:STRONGEST]
    elif own is not None and not at_home and (own.kind == "staff" or origin["status"] == "possible"):
        rivals = [own.piece._replace(label="against", note=own.piece.says), *rivals]
    return Story(verdict(origin, credits, own.kind if own else None), found, rivals)


def signature(article: Article, agencies: str = "") -> Signature | None:
    """The byline of the outlet's own people over an article, in its byline field or its text.

    Args:
        agencies: As `dedup.settings.Settings` has them.
    """
    from dedup.attribution.agencies import load_agencies
    from dedup.attribution.own import find_own

    own = find_own(article, load_agencies(agencies))
    if own is None:
        return None
    text = article.text[own.start : own.end] if own.end else article.byline or ""
    says = "the outlet's own byline stands over it"
    return Signature(own.kind, Piece("own byline", says, text, own.start, own.end))


def leaders(origin: Record) -> list[str]:
    """The agencies, or the issuer of a press release, whose text it is."""
    if origin.get("issuer"):
        return [origin["issuer"]]
    agency = origin.get("agency")
    return [] if agency is None else list(origin.get("agencies") or (agency,))


def verdict(origin: Record, credits: Sequence[Record], own: str | None = None) -> str:
    """Whose text an article is by its own words, as one sentence.

    Args:
        own: `staff` or `writer`, where the outlet's own people signed it (`dedup.attribution.own`).
    """
    status = origin.get("status", "unknown")
    if status == "unknown":
        return f"{unattributed(credits, own)}."
    return f"{claim(origin, credits)}: {_reason(origin, credits, own)}."


def claim(origin: Record, credits: Sequence[Record] = ()) -> str:
    """Who wrote how much of it, and how certain that is; without the reason.

    Raises:
        KeyError: The status is none that an origin with an author has.
    """
    status, names = origin["status"], listed(leaders(origin))
    certain = " (confirmed)" if status == "confirmed" else ""
    carriers = sorted({c["agency"] for c in credits if c["role"] == "carrier" and c.get("agency")})
    if origin.get("issuer") or not names:
        through = f", sent through {listed(carriers)}" if carriers else ""
        return f"{names or 'A company'} {_LIKELY[status]}issued this as a press release{certain}{through}"
    found = strongest(origin, credits)
    hint = bool(found) and all(credit["kind"] in ("told", "initials") for credit in found)
    part = "this"
    if origin.get("share") == "partial" and not hint:
        part = "parts of this" if len(leaders(origin)) > 1 else "part of this"
    passed = f", passed on by {listed(carriers)}" if carriers else ""
    return f"{names} {_LIKELY[status]}wrote {part}{certain}{passed}"


def strongest(origin: Record, credits: Sequence[Record]) -> list[Record]:
    """The credits that speak for those whose text it is, the best of each kind, the strongest first."""
    names = set(leaders(origin))
    if origin.get("issuer") or not names:
        names = {c["agency"] for c in credits if c["role"] == "carrier"}
    return _best_of_kind(c for c in credits if c.get("agency") in names and _weight(c) > 0)[:STRONGEST]


def evidence(origin: Record, credits: Sequence[Record], article: str | None = None) -> list[Piece]:
    """What speaks for the verdict; where there is none, what the text names without being anybody's.

    Args:
        article: The id of the article that the credits stand in, where it is another than the one told of.
    """
    found = strongest(origin, credits)
    if origin.get("status", "unknown") == "unknown":
        found = _best_of_kind(c for c in credits if c["kind"] not in ("host", "style"))[:STRONGEST]
    elif leaders(origin) and not origin.get("issuer"):
        found += _best_of_kind(c for c in credits if c["role"] == "carrier")[: STRONGEST - len(found)]
    return [_piece(credit, _number(origin, credit), article) for credit in found]


def against(origin: Record, credits: Sequence[Record]) -> list[Piece]:
    """What speaks against a verdict: rivals' claims, strangers' words, conflicts that the record keeps."""
    if origin.get("status", "unknown") == "unknown":
        return []
    names = set(leaders(origin))
    carried = {c["agency"] for c in credits if c["role"] == "carrier"}
    pieces = []
    rivals = [
        c for c in credits if c.get("agency") and c["agency"] not in names | carried and _weight(c) >= _CLAIM
    ]
    for credit in _best_of_kind(rivals, by_agency=True)[:STRONGEST]:
        weaker = _weight(credit) < float(origin.get("score") or 0)
        says = f"{credit['agency']} has a {'weaker ' if weaker else ''}claim, too: {_clause(credit, 1)}"
        pieces.append(_piece(credit, 1)._replace(label="against", says=says, note=says))
    if origin["status"] != "confirmed":
        for credit in [c for c in credits if c.get("agency") in names and _weight(c) < 0][:1]:
            says = f"{credit['agency']} is quoted as by a stranger"
            if credit["kind"] == "style":
                says = f"{credit['agency']} spells otherwise"
            pieces.append(_piece(credit, 1)._replace(label="against", says=says, note=says))
    told = {credit["agency"] for credit in rivals}
    for name in [str(each) for each in origin.get("conflicts") or () if each not in told][:STRONGEST]:
        says = f"{name} has a claim, too, by what the text shares with others"
        pieces.append(Piece("against", says, "", 0, 0, note=says))
    return pieces


def _reason(origin: Record, credits: Sequence[Record], own: str | None) -> str:
    found = strongest(origin, credits)
    if not found:
        return "the evidence is told below"
    best = found[0]
    clause = _clause(best, _number(origin, best))
    if best["kind"] != "told":
        return clause
    times = sum(c["kind"] == "told" and c.get("agency") == best["agency"] for c in credits)
    counted = "" if times < 2 else f" {'twice' if times == 2 else f'{times} times'} (counted once)"
    return f"{clause}{counted}{', and no byline says otherwise' if own is None else ''}"


def _quoted(piece: Piece, others: Iterable[Piece]) -> bool:
    """Whether one of the others quotes what the piece does."""
    return any(other.start < piece.end and piece.start < other.end for other in others)


def _number(origin: Record, credit: Record) -> int:
    """How many agencies a credit of the leading ones speaks for."""
    return (
        len(leaders(origin)) if credit["kind"] in ("dateline", "byline") and credit["role"] == "origin" else 1
    )


def _clause(credit: Record, number: int = 1) -> str:
    kind = credit["kind"]
    if kind == "dateline" and _weight(credit) < _INSIDE:
        return "a dateline inside the text names it"
    if kind == "dateline" and not credit["end"]:
        return "the dateline field names it"
    if credit["role"] == "carrier" and kind in ("dateline", "byline"):
        return f"a line of {credit['agency']} opens the text"
    if credit["role"] == "photo":
        return "a picture is credited to it"
    if credit["role"] == "unnamed":
        return "agencies are credited without a name"
    if kind not in _REASONS:
        return f"it is named ({kind})"
    if number > 1:
        return _REASONS[kind][1].format(they="they", them="them", their="their", are="are", s="")
    return _REASONS[kind][1].format(they="it", them="it", their="its", are="is", s="s")


def _piece(credit: Record, number: int, article: str | None = None) -> Piece:
    label = "picture" if credit["role"] == "photo" else _REASONS.get(credit["kind"], (credit["kind"], ""))[0]
    label = {"unnamed": "credit line", "carrier": "passed on"}.get(credit["role"], label)
    field = credit.get("rule", "") if credit["kind"] == "metadata" else ""
    note = ": ".join(filter(None, (f"in {article}" if article else "", field)))
    return Piece(
        label, _clause(credit, number), credit["text"], credit["start"], credit["end"], article, note
    )


def _best_of_kind(credits: Iterable[Record], *, by_agency: bool = False) -> list[Record]:
    """The strongest credit of each kind (of the agencies at once, or of each), the strongest first."""
    best: dict[tuple[Any, ...], Record] = {}
    for credit in credits:
        key = (credit["agency"],) if by_agency else (credit["role"] == "photo", credit["kind"])
        if key not in best or _weight(credit) > _weight(best[key]):
            best[key] = credit
    return sorted(best.values(), key=lambda credit: -_weight(credit))


def _weight(credit: Record) -> float:
    return float(credit.get("weight") or 0.0)
