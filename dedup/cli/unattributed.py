"""A text whose author it does not tell, in a sentence: what those that it names have to do with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dedup.cli.english import listed

Record = Mapping[str, Any]

_DEEDS = 3  # agencies, or groups of them, to tell of
_NAMES = 4  # in one group
_DEEDS_BY_ROLE = {
    "contributor": "contributed to the report",
    "carrier": "passed it on",
    "unnamed": "agencies are credited without a name",
}


def unattributed(credits: Sequence[Record], own: str | None) -> str:
    """The verdict on a text whose words tell nobody's, without its full stop.

    Args:
        own: `staff` or `writer`, where the outlet's own people signed it.
    """
    told = _roles(credits)
    if own == "staff":
        return "The outlet's own, says its byline" + (f": {told}" if told else "; no agency is credited")
    if told:
        return f"Nobody can tell from the text alone: {told}"
    signed = "its byline names a writer and no agency" if own == "writer" else "it names no agency"
    return f"Nobody can tell from the text alone: {signed}"


def _roles(credits: Sequence[Record]) -> str:
    """What the agencies that a text names have to do with it, none of which makes an author."""
    deeds: dict[str | None, list[str]] = {}
    for credit in credits:
        deed = _deed(credit, credits)
        if deed and deed not in deeds.setdefault(credit.get("agency"), []):
            deeds[credit.get("agency")].append(deed)
    groups: dict[str, list[str | None]] = {}
    for agency, done in sorted(deeds.items(), key=lambda item: (item[0] is None, -len(item[1]))):
        groups.setdefault(listed(done), []).append(agency)
    told = []
    for deed, agencies in list(groups.items())[:_DEEDS]:
        names = [name for name in agencies if name]
        plural = (
            deed.replace("is ", "are ").replace("took a picture", "took pictures") if len(names) > 1 else deed
        )
        told.append(f"{listed(_few(names))} {plural}" if names else deed)
    if not told:
        return ""
    count = sum(map(len, deeds.values()))
    moral = {1: ", which makes nobody its author", 2: "; neither makes an author"}
    others = ", and others" if len(groups) > _DEEDS else ""
    return f"{', '.join(told)}{others}{moral.get(count, '; none of it makes an author')}"


def _few(names: Sequence[str]) -> list[str]:
    return [*names] if len(names) <= _NAMES else [*names[: _NAMES - 1], f"{len(names) - _NAMES + 1} others"]


def _deed(credit: Record, credits: Iterable[Record]) -> str:
    role, kind = credit["role"], credit["kind"]
    if role == "photo":
        many = sum(c["role"] == "photo" and c.get("agency") == credit.get("agency") for c in credits) > 1
        return "took pictures" if many else "took a picture"
    if kind == "style":
        return ""
    if role == "cited":
        return "is mentioned" if kind == "named" else "is quoted"
    if role == "origin":
        return "is hinted at faintly"
    return _DEEDS_BY_ROLE.get(role, f"is named ({kind})")
