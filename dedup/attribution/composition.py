"""What a text is made of: which passages are each agency's, own, repeated, boilerplate, unknown, and how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dedup.attribution.agencies import Agencies, load_agencies
from dedup.attribution.claims import (
    BOILERPLATE,
    HOSTED,
    REPEATED,
    SIGNED,
    VOUCHED,
    Claim,
    Piece,
    Span,
    join,
    place,
    settle,
)
from dedup.attribution.inherit import Attributed
from dedup.attribution.origin import SIGNATURES
from dedup.attribution.own import find_own
from dedup.attribution.spread import credited_spans
from dedup.model import Article, Credit, Origin, Passage, Repeat

_OWN, _REPEATED, _BOILERPLATE, _UNKNOWN = "own", "repeated", "boilerplate", "unknown"
_CLOSING = frozenset(".,;:!?…)]}\"'”’»。！？」』।؟۔")
_BLANKS = bytes(code for code in range(128) if chr(code).isspace())
_PARTS = 1000  # shares are told to the thousandth


def compose(
    article: Article,
    attributed: Attributed,
    credits: Sequence[Credit],
    repeats: Sequence[Repeat],
    boilerplate: Sequence[Span],
    *,
    family: int = -1,
    agencies: Agencies | None = None,
) -> tuple[tuple[Passage, ...], dict[str, float]]:
    """Divide a text among those who wrote it.

    Boilerplate and repeats come first. Elsewhere a passage is put down to whoever a credit names: the article's own or
    that of a copy, whichever more stories carry, and on a tie the article's own. What is left is `own` only where
    someone of the outlet's own signed; the absence of a credit means `unknown`. A text that two agencies sign together
    is theirs under both names, "A/B".

    Args:
        family: The story that the article belongs to, as `dedup.attribution.spread` was told.

    Returns:
        Passages in order, unknown ones left out; and shares of the text's characters (blanks left out) in (0, 1] that
        sum to 1, largest first, then by name, none for a text without characters.
    """
    text = article.text
    claims = list(
        _claims(article, attributed, credits, repeats, boilerplate, family, agencies or load_agencies())
    )
    if not claims:  # most texts
        return (), {_UNKNOWN: 1.0} if text and not text.isspace() else {}
    pieces = _closed_up(settle(claims, len(text)), text)
    passages = tuple(
        Passage(piece.start, piece.end, piece.claim.whose, piece.claim.source_id, place(piece))
        for piece in pieces
        if piece.claim is not None
    )
    labels = [piece.claim.whose if piece.claim else _UNKNOWN for piece in pieces]
    if len(set(labels)) <= 1:  # nothing to count
        return passages, dict.fromkeys(labels, 1.0) if text.strip() else {}
    printed: dict[str, int] = {}
    for piece, label in zip(pieces, labels, strict=True):
        printed[label] = printed.get(label, 0) + _letters(text[piece.start : piece.end])
    return passages, _shares({label: count for label, count in printed.items() if count})


def _closed_up(pieces: Sequence[Piece], text: str) -> list[Piece]:
    """The pieces without those that hold no word: a full stop belongs to the sentence before it."""
    closed: list[Piece] = []
    for given in pieces:
        piece = _opened(given, closed[-1], text) if closed else given
        if closed and _wordless(piece, text):
            closed[-1] = closed[-1]._replace(end=piece.end)
        elif closed and _wordless(closed[-1], text):
            closed[-1] = piece._replace(start=closed[-1].start)
        else:
            if closed:
                closed[-1] = closed[-1]._replace(end=piece.start)
            closed.append(piece)
    return join(closed)


def _wordless(piece: Piece, text: str) -> bool:
    return not any(map(str.isalnum, text[piece.start : piece.end]))


def _opened(piece: Piece, before: Piece, text: str) -> Piece:
    """The piece without the marks that close what stands before it."""
    if not _unclaimed(piece) or _unclaimed(before):
        return piece
    start = piece.start
    while start < piece.end and text[start] in _CLOSING:
        start += 1
    return piece._replace(start=start)


def _unclaimed(piece: Piece) -> bool:
    """Is it nobody's, or the outlet's own as all that is left?"""
    return piece.claim is None or piece.claim.rank == SIGNED


def _claims(
    article: Article,
    attributed: Attributed,
    credits: Sequence[Credit],
    repeats: Sequence[Repeat],
    boilerplate: Sequence[Span],
    family: int,
    agencies: Agencies,
) -> Iterable[Claim]:
    """Every claim to a part of the text."""
    end, origin = len(article.text), attributed.origin
    yield from (Claim(*span, _BOILERPLATE, BOILERPLATE) for span in boilerplate)
    yield from (Claim(r.start, r.end, _REPEATED, REPEATED) for r in repeats if r.kind == "repeat")
    yield from attributed.heard
    if origin.inferred_from is None and origin.status in ("confirmed", "probable"):
        yield from (
            Claim(*span, whose, rank, origin.score, family=family)
            for span, whose, rank in _said(article, origin, credits)
        )
    signed = find_own(article, agencies)
    if signed is not None and signed.kind == "staff":
        yield Claim(0, end, _OWN, SIGNED)


def _said(article: Article, origin: Origin, credits: Sequence[Credit]) -> Iterable[tuple[Span, str, int]]:
    """What an article says itself: the spans, whose they are, and the rank of that word."""
    whole = (0, len(article.text))
    if origin.issuer:
        yield whole, origin.issuer, VOUCHED
    elif origin.agency and origin.share == "whole":
        kinds = {c.kind for c in credits if c.agency == origin.agency and c.role == "origin" and c.weight > 0}
        # Matched text outranks an address and a copyright line, which stand under whatever a site prints.
        yield whole, "/".join(origin.agencies or (origin.agency,)), VOUCHED if kinds & SIGNATURES else HOSTED
    elif origin.agency:
        for span in credited_spans(article, credits, origin.agency):
            yield span, origin.agency, VOUCHED


def _letters(text: str) -> int:
    """Code points that are no blanks."""
    if (
        text.isascii()
    ):  # then its bytes are its letters, and those of blanks few enough to be left out at once
        return len(text.encode().translate(None, _BLANKS))
    return len("".join(text.split()))


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Counts as shares that sum to exactly 1: thousandths go to the largest remainders."""
    total = sum(counts.values())
    parts = {label: count * _PARTS // total for label, count in counts.items()}
    order = sorted(counts, key=lambda label: (-(counts[label] * _PARTS % total), label))
    for label in order[: _PARTS - sum(parts.values())]:
        parts[label] += 1
    found = sorted(((part, label) for label, part in parts.items() if part), key=lambda x: (-x[0], x[1]))
    return {label: part / _PARTS for part, label in found}
