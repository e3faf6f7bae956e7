"""Objects of the model as plain dicts with the contract's names and order, and those as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from dedup.model import (
    Attribution,
    Cluster,
    Credit,
    Match,
    Origin,
    Passage,
    Reject,
    Repeat,
    Similarity,
    Verdict,
)

Record = dict[str, Any]


def to_record(thing: object) -> Record:
    """The dict that stands for ``thing``, an object of `dedup.model`, in JSON.

    Similarities and shares of a text are rounded to 4 and 3 decimals, scores and weights to 2; a number that
    is not finite becomes None. Extensions of the contract (``agencies``, ``issuer``, ``conflicts``, ``rule``,
    ``reason``, ``matches``, ``as_of``, ``previous``) stand only where they say something.

    Raises:
        TypeError: ``thing`` is nothing that is written: neither a part of a result nor an attribution.
    """
    make = _RECORDS.get(type(thing))
    if make is None:
        raise TypeError(f"{type(thing).__name__} has no record")
    return make(thing)


def dumps(record: Mapping[str, Any], *, indent: bool = False) -> bytes:
    """``record`` as UTF-8 JSON without a line end; a lone surrogate, which UTF-8 lacks, as its escape."""
    try:
        return orjson.dumps(record, option=orjson.OPT_INDENT_2 if indent else None)
    except TypeError:
        text = json.dumps(
            _finite(record),
            ensure_ascii=False,
            allow_nan=False,
            indent=2 if indent else None,
            separators=(",", ": " if indent else ":"),
        )
        return text.encode("utf-8", "backslashreplace")


def line(thing: object) -> bytes:
    """``thing`` as a line of JSONL, its end included."""
    return dumps(to_record(thing)) + b"\n"


def verdict(of: Verdict) -> Record:
    """One line of `articles.jsonl`; with what only an index tells, where it does."""
    record: Record = {
        "id": of.id,
        "outlet": of.outlet,
        "title": of.title,
        "url": of.url,
        "published": of.published,
        "cluster": of.cluster,
        "relation": of.relation,
        "canonical": of.canonical,
        "similarity": None if of.similarity is None else similarity(of.similarity),
        "origin": origin(of.origin),
        "credits": [credit(each) for each in of.credits],
        "composition": {name: _rounded(share, 3) for name, share in of.composition.items()},
        "repeats": [repeat(each) for each in of.repeats],
        "page": of.page,
        "passages": [passage(each) for each in of.passages],
    }
    if of.matches:
        record["matches"] = [match(each) for each in of.matches]
    if of.as_of is not None:
        record["as_of"] = of.as_of
    if of.previous is not None:
        record["previous"] = of.previous
    return record


def cluster(of: Cluster) -> Record:
    """One line of `clusters.jsonl`."""
    return {
        "id": of.id,
        "size": of.size,
        "members": list(of.members),
        "outlets": list(of.outlets),
        "canonical": of.canonical,
        "first": of.first,
        "origin": origin(of.origin),
        "independent_sources": of.independent_sources,
    }


def match(of: Match) -> Record:
    """One line of `matches.jsonl`."""
    record = {
        "a": of.a,
        "b": of.b,
        "a_start": of.a_start,
        "a_end": of.a_end,
        "b_start": of.b_start,
        "b_end": of.b_end,
        "similarity": _rounded(of.similarity, 4),
        "kind": of.kind,
        "weight": of.weight,
        "direction": of.direction,
    }
    if of.reason:
        record["reason"] = of.reason
    record["relation"] = of.relation
    if of.direction_reason:
        record["direction_reason"] = of.direction_reason
    return record


def reject(of: Reject) -> Record:
    """One line of `rejects.jsonl`."""
    record: Record = {"source": of.source, "line": of.line, "reason": of.reason}
    if of.id is not None:
        record["id"] = of.id
    return record


def similarity(of: Similarity) -> Record:
    """The field ``similarity`` of an article."""
    return {"jaccard": _rounded(of.jaccard, 4), "containment": _rounded(of.containment, 4)}


def origin(of: Origin) -> Record:
    """The field ``origin`` of an article or cluster."""
    record: Record = {
        "agency": of.agency,
        "share": of.share,
        "status": of.status,
        "score": _rounded(of.score, 2),
        "inferred_from": of.inferred_from,
    }
    if of.agencies:
        record["agencies"] = list(of.agencies)
    if of.issuer is not None:
        record["issuer"] = of.issuer
    if of.conflicts:
        record["conflicts"] = list(of.conflicts)
    return record


def credit(of: Credit) -> Record:
    """One entry of the field ``credits`` of an article."""
    record = {
        "agency": of.agency,
        "role": of.role,
        "kind": of.kind,
        "start": of.start,
        "end": of.end,
        "text": of.text,
        "weight": _rounded(of.weight, 2),
    }
    if of.rule:
        record["rule"] = of.rule
    return record


def repeat(of: Repeat) -> Record:
    """One entry of the field ``repeats`` of an article."""
    return {
        "start": of.start,
        "end": of.end,
        "of": list(of.of),
        "kind": of.kind,
        "similarity": _rounded(of.similarity, 4),
    }


def passage(of: Passage) -> Record:
    """One entry of the field ``passages`` of an article."""
    record: Record = {"start": of.start, "end": of.end, "whose": of.whose}
    if of.inferred_from is not None:
        record["inferred_from"] = of.inferred_from
        record["of"] = None if of.of is None else list(of.of)
    return record


def attribution(of: Attribution) -> Record:
    """What `dedup origin` says about an article, beside its id."""
    return {"origin": origin(of.origin), "credits": [credit(each) for each in of.credits]}


_RECORDS: Mapping[type, Callable[[Any], Record]] = {
    Attribution: attribution,
    Cluster: cluster,
    Credit: credit,
    Match: match,
    Origin: origin,
    Passage: passage,
    Reject: reject,
    Repeat: repeat,
    Similarity: similarity,
    Verdict: verdict,
}


def _rounded(number: float, digits: int) -> float | None:
    # Adding zero turns -0.0 into 0.0.
    return round(float(number), digits) + 0.0 if math.isfinite(number) else None


def _finite(value: object) -> object:
    """``value`` as orjson would write it: numbers that are not finite as None, tuples as lists."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    if value is None or isinstance(value, (str, int)):
        return value
    return str(value)
