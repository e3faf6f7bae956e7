"""Made-up articles, readings, keys and pairs for the tests of stores."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from dedup.index.base import Decision, Head, Keys, Pair, Reading, Store, digest_of
from dedup.model import Article, Attribution, Credit, Origin, Repeat
from dedup.stages import Aligned
from dedup.stories.filing import Sign
from dedup.text.furniture import Furniture


class Make:
    """Things to put into a store, each told apart by its number."""

    @staticmethod
    def article(number: int, id: str | None = None, text: str | None = None, **fields: Any) -> Article:
        fields.setdefault("metadata", {"pages": [number, None], "section": "Ports"})
        return Article(
            f"a{number}" if id is None else id,
            f"Ferry {number} ran aground off Tarsim." if text is None else text,
            **fields,
        )

    @staticmethod
    def head(number: int, article: Article | None = None, **fields: Any) -> Head:
        article = article or Make.article(number)
        head = Head(
            number=number,
            id=article.id,
            digest=digest_of(article.text),
            seen=1_700_000_000.0 + number,
            sign=Sign("Tarsim Post", "tarsim.example/1?", ("anna kolb", "NWA"), np.nan, 0, len(article.text)),
            body=number % 7,
            near=number,
            folded=False,
            home=number,
            settled=False,
        )
        return head._replace(**fields)

    @staticmethod
    def reading(number: int) -> Reading:
        credits = (
            Credit("NWA", "origin", "dateline", 0, 5, "Ferry", 4.25, "town"),
            Credit(None, "unnamed", "agencies", 0, 0, "with agencies \ud800", -0.1, ""),
        )
        origin = Origin("NWA", "whole", "confirmed", 4.15, None, ("NWA", "TNA"), None, ("QNA",))
        return Reading(
            Attribution(origin, credits[: number % 3]),
            [Furniture(3, 8, "entity", "\u00e9"), Furniture(9, 12, "caption")][: number % 2 + 1],
            (Repeat(20, 30, (0, 10), "pullquote", 0.9375),)[: number % 2],
        )

    @staticmethod
    def keys(bands: Iterable[int] = (), fingerprints: Iterable[int] = ()) -> Keys:
        return Keys(np.array(sorted(set(bands)), np.uint64), np.array(sorted(set(fingerprints)), np.uint32))

    @staticmethod
    def pair(a: int, b: int, *, rows: int = 1, largest: int = 300, **fields: Any) -> Pair:
        dice = np.random.default_rng(a * 1000 + b)
        row = dice.integers(0, largest, (rows, 13), np.int32)
        row[:, 0] = 0
        aligned = Aligned(
            np.array([[a, b]], np.int64),
            np.array([dice.random()]),
            np.array([dice.random()]),
            row,
            dice.integers(0, largest, (rows, 4), np.int32),
            dice.integers(0, largest, (rows, 4), np.int32),
            dice.integers(0, largest, (2 * rows, 7), np.int32),
            np.array([bool(b % 2)]),
        )
        return Pair(
            a,
            b,
            aligned,
            **{
                "relation": 2,
                "joined": False,
                "countable": False,
                "reason": dice.integers(0, 9, rows, np.uint8),
                **fields,
            },
        )

    @staticmethod
    def decision(number: int) -> Decision:
        return Decision({"relation": "unique", "canonical": None, "origin": {"score": 1.5}}, number)

    @staticmethod
    def put(store: Store, number: int, keys: Keys | None = None, **fields: Any) -> None:
        article = Make.article(number)
        store.put(
            Make.head(number, article, **fields), article, Make.reading(number), keys or Make.keys([number])
        )

    @staticmethod
    def same_pairs(found: Iterable[Pair], expected: Iterable[Pair]) -> bool:
        """Whether pairs are the same, to the types of their arrays."""
        return [_comparable(pair) for pair in found] == [_comparable(pair) for pair in expected]


def _comparable(pair: Pair) -> tuple[Any, ...]:
    arrays = [(array.dtype, array.shape, array.tolist()) for array in pair.aligned]
    return pair.a, pair.b, pair.relation, pair.joined, pair.countable, arrays


@pytest.fixture(scope="session")
def make() -> type[Make]:
    return Make
