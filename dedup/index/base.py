"""What an index keeps of each article and pair, and what a store must be able to do: one protocol for all of them.

Articles are numbered from 1 in the order in which they came; a number is never given again. In an index that order is
the order of precedence: what came first is what later articles are copies of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from dedup.model import Article, Attribution, Repeat
from dedup.stages import Aligned
from dedup.stories.filing import Sign
from dedup.text.furniture import Furniture

Ints = npt.NDArray[np.int64]


class Head(NamedTuple):
    """What is looked at of an article whenever it is somebody's neighbour.

    Attributes:
        number: Its place in the order of arrival.
        id: As it was given; of an article that was replaced, ``id#1``, ``id#2`` and so on.
        digest: Of its text, as `digest_of` makes it.
        seen: When it was added, in seconds since 1970.
        sign: What is known of it beside its words.
        body: Tokens outside captions.
        near: The canonical of its group of near-duplicates; its own number where it has none.
        folded: So many of that group came before it that it was compared with its canonical only.
        home: The canonical that it has when pairs are judged alone; its own number where it has none.
        settled: Nothing that later articles share with others can give it another canonical than ``home``.
        previous: The number of the article that stood under its id before; None for the first of an id.
    """

    number: int
    id: str
    digest: bytes
    seen: float
    sign: Sign
    body: int
    near: int
    folded: bool
    home: int
    settled: bool
    previous: int | None = None


def digest_of(text: str) -> bytes:
    """16 bytes by which a text is known again."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class Reading(NamedTuple):
    """What an article was found to be, by itself.

    Attributes:
        own: What its own text and fields say of its origin.
        furniture: What in it is not prose.
        repeats: The blocks that it repeats.
    """

    own: Attribution
    furniture: list[Furniture]
    repeats: tuple[Repeat, ...]


class Keys(NamedTuple):
    """What an article is looked up by, each distinct and ascending.

    Attributes:
        bands: uint64 (bands,), keys of its signature's bands; none for a text without shingles.
        fingerprints: uint32 (f,).
    """

    bands: npt.NDArray[np.uint64]
    fingerprints: npt.NDArray[np.uint32]


class Pair(NamedTuple):
    """Two articles that were compared: ``a`` came before ``b``.

    Attributes:
        aligned: What they share: an `Aligned` of this one pair, with ``pairs`` [[a, b]] by number.
        relation: What they are to each other judged alone: `NONE`, `PARTIAL`, `VERSION` or `DUPLICATE`.
        joined: They were compared only because ``a`` is the canonical of an article that ``b`` is a version of.
        countable: How many others carry what they share may change their relation and the reasons.
        reason: uint8 (k,), what each match weighs and why, judged alone: an index into `REASONS`.
    """

    a: int
    b: int
    aligned: Aligned
    relation: int
    joined: bool
    countable: bool
    reason: npt.NDArray[np.uint8]


class Carriers(NamedTuple):
    """Which articles have which of the keys that were asked for, by key and then by number.

    Attributes:
        key: int64 (c,), index into the keys that were asked for.
        number: int64 (c,), of the article.
    """

    key: Ints
    number: Ints


class Decision(NamedTuple):
    """What `add` concluded about an article, as a record (JSON) with the names of a verdict's fields, and when.

    Attributes:
        record: ``relation``, ``canonical``, ``cluster``, ``similarity`` and ``origin``.
        as_of: The articles that the index then held.
    """

    record: Mapping[str, Any]
    as_of: int


By = Literal["published", "seen"]


class Store(Protocol):
    """Where an index keeps things.

    Every call but `reading`, `writing` and `close` stands inside a block of one of the first two. What is not there is
    left out of an answer; no call fails for it. Nothing is changed outside `writing`, whose changes all hold once the
    store says that they are durable (`commit`), or none of them does.

    Raises:
        StoreError: Any call: the store is damaged, locked for too long, full, read-only or closed.
    """

    @property
    def epoch(self) -> int:
        """Another number whenever what was read before may no longer hold, though nothing was changed through this
        object: others changed the store, or a block was undone."""

    def reading(self) -> AbstractContextManager[None]:
        """A block that sees one state of the store, whoever writes beside it. Blocks may be nested."""

    def writing(self) -> AbstractContextManager[None]:
        """A block that may change the store, alone; what an error leaves half done inside it is undone."""

    def commit(self) -> None:
        """Make durable whatever `writing` blocks have changed so far."""

    def close(self) -> None:
        """Commit, and let go of everything; a second call does nothing."""

    def count(self) -> int:
        """Articles that are there."""

    def next_number(self) -> int:
        """A number that was never given to an article."""

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The articles of these ids."""

    def all_numbers(self) -> list[int]:
        """Every article, ascending."""

    def heads(self, numbers: Iterable[int]) -> dict[int, Head]:
        """Heads of articles."""

    def articles(self, numbers: Iterable[int]) -> dict[int, Article]:
        """Articles exactly as they were given, under the ids that they have now."""

    def readings(self, numbers: Iterable[int]) -> dict[int, Reading]:
        """What articles were found to be."""

    def pairs(
        self, numbers: Iterable[int], *, countable: bool = False, most: int | None = None
    ) -> list[Pair]:
        """The pairs that these articles are part of, each once, ascending by ``(a, b)``.

        Args:
            countable: Only those whose ``countable`` is true.
            most: Of each article no more than the pairs with the first so many others, of those that are asked for.
        """

    def put(self, head: Head, article: Article, reading: Reading, keys: Keys) -> None:
        """Add an article under a number of `next_number`."""

    def change(self, heads: Iterable[Head]) -> None:
        """Put new heads in the place of those with the same numbers; an id may change with it."""

    def drop(self, numbers: Iterable[int]) -> None:
        """Forget articles, their keys, pairs and decisions. ``previous`` of others may still name them."""

    def near_size(self, canonical: int, most: int) -> int:
        """How many articles have ``near == canonical``, itself included; counted up to `most`."""

    def band_carriers(self, keys: npt.NDArray[np.uint64], most: int) -> Carriers:
        """Who has these keys of bands: of each key the first `most` articles."""

    def fingerprint_carriers(self, keys: npt.NDArray[np.uint32], most: int) -> Carriers:
        """Who has these fingerprints: of each the first `most` articles."""

    def countable_others(self, number: int, most: int) -> list[int]:
        """The first `most` articles that this one has a pair with whose ``countable`` is true, ascending."""

    def put_pairs(self, pairs: Sequence[Pair]) -> None:
        """Add pairs that are not there, or put them in the place of those that are."""

    def drop_pairs(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Forget pairs."""

    def decide(self, number: int, decision: Decision) -> None:
        """Keep what was concluded about an article."""

    def decision(self, number: int) -> Decision | None:
        """What was concluded about an article when it was added."""

    def before(self, moment: float, by: By) -> list[int]:
        """The articles published, or seen, before a moment (seconds since 1970), ascending.

        By ``published``, an article without a date counts as published when it was seen.
        """

    def problems(self) -> list[str]:
        """What is broken, one line each with its remedy: damaged pages, orphans, keys that lead nowhere."""

    def compact(self) -> None:
        """Give back the space of what was dropped."""

    def stats(self) -> dict[str, Any]:
        """Counts and sizes, by name: ``articles``, ``pairs``, ``bytes`` (0 in memory) and the store's own."""
