"""What a text is made of: how much is each agency's, own, repeated, boilerplate, unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from itertools import pairwise

from dedup.attribution.agencies import Agencies, load_agencies
from dedup.attribution.inherit import Inherited, Span
from dedup.attribution.own import find_own
from dedup.attribution.spread import credited_spans
from dedup.model import Article, Credit, Origin, Repeat

OWN, REPEATED, BOILERPLATE, UNKNOWN = "own", "repeated", "boilerplate", "unknown"

_PARTS = 1000  # shares are told to the thousandth


def compose(
    article: Article,
    origin: Origin,
    credits: Sequence[Credit],
    inherited: Sequence[Inherited],
    repeats: Sequence[Repeat],
    boilerplate: Sequence[Span],
    agencies: Agencies | None = None,
) -> dict[str, float]:
    """Divide a text's characters (blanks left out) among those who wrote them.

    A character that several could claim goes to the first of: boilerplate, a repeat, a passage that copies
    vouch for, a credit of the article's own. (Where copies give most of a text to another agency than the
    article itself does, the two credits conflict, and the article's own stands.) What is left is `own` only
    where someone of the outlet's own signed; the absence of a credit means `unknown`. A text that two
    agencies sign together is theirs under both names, "A/B".

    Args:
        agencies: The list that tells an agency's byline from the outlet's own; the program's by default.

    Returns:
        Shares in (0, 1] that sum to 1, largest first, then by name; empty for a text without characters.
    """
    claims = list(
        _claims(article, origin, credits, inherited, repeats, boilerplate, agencies or load_agencies())
    )
    pieces = list(_painted(claims, len(article.text)))
    labels = {label for _, _, label in pieces}
    if len(labels) <= 1:  # most texts: nothing to count
        return dict.fromkeys(labels, 1.0) if article.text.strip() else {}
    printed: dict[str, int] = {}
    for start, end, label in pieces:
        printed[label] = printed.get(label, 0) + sum(map(len, article.text[start:end].split()))
    return _shares({label: count for label, count in printed.items() if count})


def _painted(claims: Sequence[tuple[Span, str]], length: int) -> Iterable[tuple[int, int, str]]:
    """Divide ``[0, length)`` among claims, strongest first: in order, each piece and whose it is."""
    opening = sorted((start, rank, end, label) for rank, ((start, end), label) in enumerate(claims))
    edges = sorted({0, length, *(edge for span, _ in claims for edge in span)})
    standing: list[tuple[int, int, str]] = []
    opened = 0
    for low, high in pairwise(edges):
        while opened < len(opening) and opening[opened][0] <= low:
            _, rank, end, label = opening[opened]
            heappush(standing, (rank, end, label))
            opened += 1
        while standing and standing[0][1] <= low:
            heappop(standing)
        yield low, high, standing[0][2] if standing else UNKNOWN


def _claims(
    article: Article,
    origin: Origin,
    credits: Sequence[Credit],
    inherited: Sequence[Inherited],
    repeats: Sequence[Repeat],
    boilerplate: Sequence[Span],
    agencies: Agencies,
) -> Iterable[tuple[Span, str]]:
    """Every claim to a span of the text, strongest first."""
    whole = (0, len(article.text))
    yield from ((span, BOILERPLATE) for span in boilerplate)
    yield from (((r.start, r.end), REPEATED) for r in repeats if r.kind == "repeat")
    own_credit = origin.inferred_from is None and origin.status in ("confirmed", "probable")
    if own_credit and origin.share == "whole":
        inherited = _without_rivals(article, origin, inherited)
    for piece in sorted(inherited, key=lambda p: (-p.score, p.source_id, p.start, p.whose)):
        yield (piece.start, piece.end), piece.whose
    if own_credit:
        if origin.issuer:
            yield whole, origin.issuer
        elif origin.agency and origin.share == "whole":
            yield whole, "/".join(origin.agencies or (origin.agency,))
        elif origin.agency:
            yield from ((span, origin.agency) for span in credited_spans(article, credits, origin.agency))
    signed = find_own(article, agencies)
    if signed is not None and signed.kind == "staff":
        yield whole, OWN


def _without_rivals(article: Article, origin: Origin, inherited: Sequence[Inherited]) -> Sequence[Inherited]:
    """What copies vouch for, unless they give most of a credited text to somebody else."""
    own = {*origin.agencies, origin.agency, origin.issuer}
    rivals = [piece for piece in inherited if piece.whose not in own]
    covered = sum(piece.end - piece.start for piece in rivals)
    if 2 * covered <= len(article.text):
        return inherited
    return [piece for piece in inherited if piece.whose in own]


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Counts as shares that sum to exactly 1: thousandths go to the largest remainders."""
    total = sum(counts.values())
    parts = {label: count * _PARTS // total for label, count in counts.items()}
    order = sorted(counts, key=lambda label: (-(counts[label] * _PARTS % total), label))
    for label in order[: _PARTS - sum(parts.values())]:
        parts[label] += 1
    found = sorted(((part, label) for label, part in parts.items() if part), key=lambda x: (-x[0], x[1]))
    return {label: part / _PARTS for part, label in found}
