"""Whose text an article is once its copies were heard: the story that a run tells, beside that of the article alone."""

from __future__ import annotations

from dedup.cli import wording
from dedup.cli.english import brief, listed, percent, possessive
from dedup.cli.findings import Findings, vouched
from dedup.cli.wording import STRONGEST, Piece, Record, Signature, Story

_LEADERS = 2  # agencies whose passages are quoted
_NOTABLE = 0.05  # the least share of a text to tell of that is another's


def story(found: Findings, own: Signature | None) -> Story:
    """Whose text the article is, by its own words and by those of its copies.

    Args:
        own: The byline of the outlet's own people, where the text is at hand and has one.
    """
    origin, credits = found.article["origin"], found.article.get("credits") or []
    if found.settings.get("origin") is False:
        return Story("This run did not ask whose text it is (--no-origin).", [], [])
    alone = wording.tell(origin, credits, own)
    beside = _beside(found)
    if origin.get("status", "unknown") == "unknown":
        return Story(_nobody(alone.verdict, bool(beside)), alone.evidence, [*beside, *alone.against])
    if not origin.get("inferred_from"):
        return Story(alone.verdict, alone.evidence, [*beside, *alone.against])
    passages = _passages(found)
    verdict = f"{wording.claim(origin, credits)}: {_inferred(found, bool(alone.evidence))}."
    return Story(verdict, [*passages, *alone.evidence][: STRONGEST + 1], [*beside, *alone.against])


def _nobody(verdict: str, beside: bool) -> str:
    """The verdict on a text of nobody's, of which this run's copies say nothing either, or not enough."""
    silent = "" if beside else ", and no credited copy of it is in this run"
    return (
        verdict.replace("Nobody can tell from the text alone", "Nobody can tell").removesuffix(".")
        + f"{silent}."
    )


def _inferred(found: Findings, hinted: bool) -> str:
    parts = found.article.get("composition") or {}
    labels = _labels(found)
    told = [f"{percent(parts[label])} of it is {possessive(listed(_names(label)))} copy" for label in labels]
    passages = [vouched(found, label) for label in labels]
    sources = {passage["inferred_from"] for passage in passages if passage}
    seen = listed([brief(id) for id in sorted(sources) or [found.article["origin"]["inferred_from"]]])
    says = "hardly says so" if hinted else "does not say so"
    return f"the text itself {says}, but " + (
        f"{listed(told)}, as in {seen}" if told else f"it shares passages with {seen}"
    )


def _labels(found: Findings) -> list[str]:
    """Of the parts that the text is made of, those of the leading agencies, in their order."""
    leading = wording.leaders(found.article["origin"])
    parts = found.article.get("composition") or {}
    return list(dict.fromkeys(p for name in leading for p in parts if p == name or name in _names(p)))


def _names(label: str) -> list[str]:
    """The agencies that sign a part together."""
    return label.split("/")


def _passages(found: Findings) -> list[Piece]:
    """For each agency that copies vouch for, the longest passage, and what credits the copy."""
    pieces: list[Piece] = []
    for label in _labels(found)[:_LEADERS]:
        passage = vouched(found, label)
        if passage is None:
            continue
        source = passage["inferred_from"]
        pieces.append(_piece(passage, f"the same stands in {brief(source)}"))
        record = found.others.get(source)
        if record:
            pieces += wording.evidence(record["origin"], record["credits"], source)[:1]
    return pieces


def _piece(passage: Record, says: str, label: str = "passage") -> Piece:
    return Piece(label, says, "", passage["start"], passage["end"], note=says)


def _beside(found: Findings) -> list[Piece]:
    """Parts that copies give to others than those whose text it is."""
    leading = wording.leaders(found.article["origin"])
    pieces = []
    for label, share in (found.article.get("composition") or {}).items():
        passage = None if {label, *_names(label)} & set(leading) else vouched(found, label)
        if passage is not None and share >= _NOTABLE:
            source = brief(passage["inferred_from"])
            says = f"{percent(share)} of it is {possessive(label)} copy, as in {source}"
            pieces.append(_piece(passage, says, "against" if leading else "but"))
    return pieces[:_LEADERS]
