"""Picture houses, as captions name them: read from `pictures.toml`, so that no code names one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files


def _any(names: Iterable[str]) -> str:
    """A regular expression for any of the names, longest first."""
    return "|".join(map(re.escape, sorted(set(names), key=lambda name: (-len(name), name))))


_listed = tomllib.loads(files("dedup.text").joinpath("pictures.toml").read_text("utf-8"))
_marks: list[str] = _listed["marks"]

MARKS = _any(_marks)
"""Finds names that by themselves mark the line that ends with them as a caption."""
FIRST_WORDS = _any(name.split()[0] for name in _marks)
"""Finds the first words of these."""
SMALL = _any(_listed["small"])
"""Finds houses that write themselves in small letters."""
SIGNS = tuple(name.lstrip("abcdefghijklmnopqrstuvwxyz") for name in _marks)
"""The marks from their first capital on: what all spellings of them have in common."""
