"""Whether a record of results has the shape that the writer gives it, told by the classes of `dedup.model`."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from dedup.model import Cluster, Match, Reject, Verdict

_OF = {"articles.jsonl": Verdict, "clusters.jsonl": Cluster, "matches.jsonl": Match, "rejects.jsonl": Reject}


def misshapen(name: str, record: Mapping[str, Any]) -> str | None:
    """The first field of a record of the file ``name`` whose value is none that a run writes; None if there is none.

    Fields may be lacking, as in what an older version wrote, but not those of a credit, a passage or a repeat.
    """
    hints = _fields(_OF[name]) if name in _OF else {}
    return next(
        (key for key, (hint, _) in hints.items() if key in record and not _fits(record[key], hint)), None
    )


def _fits(value: Any, hint: Any) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, each) for each in inner)
    if origin is Literal:
        return isinstance(value, str) and value in inner
    if origin is tuple:
        if not isinstance(value, list):
            return False
        if inner[-1] is Ellipsis:
            return all(_fits(each, inner[0]) for each in value)
        return len(value) == len(inner) and all(map(_fits, value, inner))
    if origin is not None:
        return isinstance(value, dict) and all(_fits(each, inner[1]) for each in value.values())
    if isinstance(hint, type) and is_dataclass(hint):
        return isinstance(value, dict) and all(
            _fits(value[key], each) if key in value else not needed
            for key, (each, needed) in _fields(hint).items()
        )
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, hint) and (hint is bool or not isinstance(value, bool))


@lru_cache(maxsize=16)
def _fields(kind: type) -> dict[str, tuple[Any, bool]]:
    """Each field of a class of the model: its type, and whether it must be there."""
    hints = get_type_hints(kind)
    return {
        each.name: (hints[each.name], each.default is MISSING and each.default_factory is MISSING)
        for each in fields(kind)
    }
