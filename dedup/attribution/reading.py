"""What one mention says: its role, kind, span and weight, before the rest of the article is considered."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.model import Role

EDITED = "edited by the house that prints it"
"""The rule of initials or a tag that a paper's own desk adds to an agency's copy."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One mention read by one rule."""

    role: Role
    kind: str
    start: int
    end: int
    weight: float
    rule: str


def weighed(role: Role, kind: str, start: int, end: int, rule: str, evidence: str = "") -> Reading:
    """A reading that weighs what its kind does; or ``evidence`` of `WEIGHTS`, where it is no better than that."""
    return Reading(role, kind, start, end, WEIGHTS[evidence or kind], rule)


WEIGHTS = {
    "metadata": 6.0,
    "host": 5.0,
    "house": 4.0,
    "dateline": 5.0,
    "tail": 5.0,
    "byline": 4.5,
    "copyright": 4.0,
    "contributed": 4.0,
    "witness": 3.0,
    "address": 3.0,
    "signoff": 2.5,
    "inner": 2.0,
    "teaser": 0.5,
    "contributor": 1.5,
    "told": 1.0,
    "said": -1.0,
    "named": 0.0,
    "photo": 0.0,
    "unnamed": 0.0,
}
"""Log-odds points by kind of evidence, towards "this agency wrote the text".

`inner` is for a dateline, byline or tail that stands deep in the prose, where it speaks for a part of the article only;
`house` for the site of a paper or broadcaster that prints agencies' text, too; `address` for a link to the agency's own
pages or people.
"""
