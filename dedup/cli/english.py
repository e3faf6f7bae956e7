"""Small parts of sentences."""

from __future__ import annotations

from collections.abc import Sequence

_LONGEST_NAME = 80


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def possessive(name: str) -> str:
    """Whose."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def brief(name: str) -> str:
    """An id, or another name, as a sentence can hold it."""
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def percent(share: float) -> str:
    """A share of 0 to 1 in per cent, never none or all where it is not."""
    told = f"{share:.0%}"
    return {"0%": "less than 1%", "100%": "all" if share == 1 else "nearly all"}.get(told, told)
