"""What a text is made of: how much is each agency's, own, repeated, boilerplate, unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from dedup.attribution.agencies import load_agencies
from dedup.attribution.inherit import Inherited
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
    boilerplate: Sequence[tuple[int, int]],
) -> dict[str, float]:
    """Divide a text's characters (blanks left out) among those who wrote them.

    A character that several could claim goes to the first of: boilerplate, a repeat, a passage that copies
    vouch for, a credit of the article's own. What is left is `own` only where someone of the outlet's own
    signed; the absence of a credit means `unknown`. A text that two agencies sign together is theirs under
    both names, "A/B".

    Returns:
        Shares in (0, 1] that sum to 1, largest first, then by name; empty for a text without characters.
    """
    codes = np.frombuffer(article.text.encode("utf-32-le", "surrogatepass"), np.uint32)
    printed = (codes > 32) & (codes != 0xA0) & (codes != 0x3000)
    if not printed.any():
        return {}
    labels: list[str] = [UNKNOWN]
    whose = np.zeros(len(codes), np.int32)
    for span, label in reversed(list(_claims(article, origin, credits, inherited, repeats, boilerplate))):
        if label not in labels:
            labels.append(label)
        whose[span[0] : span[1]] = labels.index(label)
    return _shares(labels, np.bincount(whose[printed], minlength=len(labels)))


def _claims(
    article: Article,
    origin: Origin,
    credits: Sequence[Credit],
    inherited: Sequence[Inherited],
    repeats: Sequence[Repeat],
    boilerplate: Sequence[tuple[int, int]],
) -> Iterable[tuple[tuple[int, int], str]]:
    """Every claim to a span of the text, strongest first."""
    whole = (0, len(article.text))
    yield from ((span, BOILERPLATE) for span in boilerplate)
    yield from (((r.start, r.end), REPEATED) for r in repeats if r.kind == "repeat")
    for piece in sorted(inherited, key=lambda p: (-p.score, p.source_id, p.start, p.whose)):
        yield (piece.start, piece.end), piece.whose
    known = origin.status in ("confirmed", "probable")
    if origin.inferred_from is None and known:
        if origin.issuer:
            yield whole, origin.issuer
        elif origin.agency and origin.share == "whole":
            yield whole, "/".join(origin.agencies or (origin.agency,))
        elif origin.agency:
            yield from ((span, origin.agency) for span in credited_spans(article, credits, origin.agency))
    signed = find_own(article, load_agencies())
    if signed is not None and signed.kind == "staff":
        yield whole, OWN


def _shares(labels: Sequence[str], counts: npt.NDArray[np.int64]) -> dict[str, float]:
    """Counts as shares that sum to exactly 1: thousandths go to the largest remainders."""
    total = int(counts.sum())
    exact = [int(count) * _PARTS for count in counts]
    parts = [value // total for value in exact]
    order = sorted(range(len(labels)), key=lambda i: (-(exact[i] % total), labels[i]))
    for i in order[: _PARTS - sum(parts)]:
        parts[i] += 1
    found = sorted(
        ((part, label) for part, label in zip(parts, labels, strict=True) if part),
        key=lambda x: (-x[0], x[1]),
    )
    return {label: part / _PARTS for part, label in found}
