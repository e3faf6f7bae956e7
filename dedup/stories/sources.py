"""Sources: whose text a cluster is, and how many separately reported texts stand behind its publications."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from dedup.model import Origin
from dedup.stories.evidence import CLAIMED

NOTABLE = 0.25
"""The share of a text from which an agency's part beside another's counts as a report of its own, not background."""
OWN_REPORT = 0.4
"""The share of a text from which what the outlet's own people wrote does; less is a new lead over another's copy."""

_NO_SOURCE = frozenset({"unknown", "repeated", "boilerplate"})


def independent_sources(compositions: Sequence[Mapping[str, float]]) -> int:
    """How many separately reported texts stand behind the members of a cluster; one at least.

    Members print one text, or versions of one: however many they are, and whomever they credit it to, that is one
    report; two that credit the same text to two agencies are in conflict, not independent. A further report stands
    where a member is stitched together: each agency (or issuer, or pair of agencies that sign jointly) with at least
    `NOTABLE` of a member's text beside another's counts, and so does the outlet's own people's part of at least
    `OWN_REPORT`. What nobody can name counts for nothing.

    Args:
        compositions: Of each member, as `dedup.attribution.composition` gives it.
    """
    found: set[str] = set()
    for i, composition in enumerate(compositions):
        parts = _reports(composition, i)
        if len(parts) > 1:
            found |= parts
    return max(1, len(found))


def _reports(composition: Mapping[str, float], member: int) -> set[str]:
    reports = {
        whose
        for whose, share in composition.items()
        if share >= NOTABLE and whose not in {"own", *_NO_SOURCE}
    }
    # What two sign jointly may all be the one's whose text stands beside it.
    alone = {whose for whose in reports if "/" not in whose}
    reports = {whose for whose in reports if whose in alone or alone.isdisjoint(whose.split("/"))}
    if composition.get("own", 0.0) >= OWN_REPORT:
        reports.add(f"own of {member}")
    return reports


def cluster_origin(origins: Sequence[Origin]) -> Origin:
    """Whose text a cluster is.

    Members that disagree are weighed by how sure they are, then by how many credit the same agency on their own
    account, not because of a copy; the canonical decides what is left.

    Args:
        origins: Of the members, the canonical's first.
    """
    known = [origin for origin in origins if origin.status in CLAIMED and _whose(origin)]
    if not known:
        return origins[0]
    votes = Counter(_whose(origin) for origin in known if origin.inferred_from is None)
    sure = {_whose(origin) for origin in known if origin.status == "confirmed"}
    best = max(known, key=lambda o: (_whose(o) in sure, votes[_whose(o)], o is origins[0], o.score))
    # The canonical's own words, where it is of that agency; else the best-founded of the others.
    of_best = [origin for origin in known if _whose(origin) == _whose(best)]
    if of_best[0] is origins[0]:
        return origins[0]
    return max(of_best, key=lambda o: (o.status == "confirmed", o.inferred_from is None, o.score))


def _whose(origin: Origin) -> str | None:
    return origin.agency or origin.issuer
