"""Articles as they come in: those that are read are signed meanwhile; at last all are put in order of precedence.

What is known of an article by itself does not depend on the others, so it can be had before they are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from dedup import packing
from dedup.errors import InputError
from dedup.minhash.fingerprints import joined as joined_fingerprints
from dedup.minhash.fingerprints import reordered as reordered_fingerprints
from dedup.model import Article, Reject, Repeat
from dedup.progress import Stages
from dedup.settings import Settings
from dedup.shelf import Chosen, Kind, Packed, Shelf, Window
from dedup.stages import Ints, Signed, sign_batch
from dedup.stories.clusters import precedence_of
from dedup.stories.filing import Signs, signs_of
from dedup.stories.filing import joined as joined_signs
from dedup.stories.filing import reordered as reordered_signs
from dedup.text.furniture import Furniture
from dedup.workers import Workers
from dedup.working import Working

ARTICLES_A_BATCH = 512
CODE_POINTS_A_BATCH = 1 << 26

ARTICLE = Kind(packing.pack_article, packing.unpack_article)
_ID = Kind(packing.to_bytes, packing.to_text)
_REJECT = Kind(packing.pack_reject, packing.unpack_reject)
_REPEATS: Kind[tuple[Repeat, ...]] = Kind(packing.pack_repeats, packing.unpack_repeats)
_FURNITURE: Kind[list[Furniture]] = Kind(packing.pack_furniture, packing.unpack_furniture)

T = TypeVar("T")


class Known(NamedTuple):
    """What is known of n articles by themselves: of their words, and beside these."""

    signed: Signed
    signs: Signs


class Corpus(NamedTuple):
    """The articles of a run, and what is known of each by itself."""

    articles: Sequence[Article]
    ids: Sequence[str]
    known: Known


def in_memory(articles: Iterable[Article], settings: Settings, stages: Stages, workers: Workers) -> Corpus:
    """Articles in the order of the input, signed."""
    given: list[Article] = []

    def read() -> Iterator[list[Article]]:
        for batch in _batched(articles, stages):
            given.extend(batch)
            yield batch

    with stages.stage("read and sign"):
        known = _signed(read(), list, settings, workers, Shelf(_REPEATS), Shelf(_FURNITURE))
    return Corpus(given, [article.id for article in given], known)


def on_disk(
    articles: Iterable[Article],
    settings: Settings,
    stages: Stages,
    workers: Workers,
    working: Working,
    rejects: Sequence[Reject],
    on_reject: Callable[[Reject], None],
) -> tuple[Corpus, list[Reject]]:
    """As `in_memory`, of articles that go to a shelf; and the rejects of whichever run put them there.

    Args:
        rejects: What the reader leaves out, looked at once `articles` is read.
        on_reject: Told of an article whose metadata cannot be kept; adds to `rejects`.

    Raises:
        OSError: The folder of `working` cannot be written.
    """
    shelf, names = working.shelf("articles", ARTICLE, of="read"), working.shelf("ids", _ID, of="read")
    repeats = working.shelf("repeats", _REPEATS, of="read")
    furniture = working.shelf("furniture", _FURNITURE, of="read")
    refused = working.shelf("rejects", _REJECT, of="read")
    ids: list[str] = []

    def read() -> Iterator[Window]:
        for batch in _batched(articles, stages):
            kept, packed = _packed(batch, on_reject)
            if kept:
                ids.extend(article.id for article in kept)
                window = shelf.extend(packed)
                shelf.flush()
                yield window

    def sign() -> Known:
        with stages.stage("read and sign"):
            known = _signed(read(), shelf.window, settings, workers, repeats, furniture)
        names.extend(_ID.packed(ids))
        refused.extend(_REJECT.packed(rejects))
        return known

    known = working.step(
        "read", Known, sign, stages,
        articles=shelf, ids=names, rejects=refused, repeats=repeats, furniture=furniture,
    )  # fmt: skip
    return Corpus(shelf, ids or list(names), known), list(refused)


def in_precedence(corpus: Corpus) -> tuple[Ints, Corpus]:
    """The order of precedence, int64 (n,), and the corpus in that order."""
    signed, signs = corpus.known
    when = np.where(np.isnan(signs.published), np.inf, signs.published)
    order = precedence_of(when, signs.length, corpus.ids)
    if (order[1:] > order[:-1]).all():
        return order, corpus
    known = Known(
        Signed(
            signed.keys[order],
            signed.body[order],
            reordered_fingerprints(signed.fingerprints, order),
            Chosen(signed.repeats, order),
            Chosen(signed.furniture, order),
        ),
        reordered_signs(signs, order),
    )
    return order, Corpus(Chosen(corpus.articles, order), Chosen(corpus.ids, order), known)


def _signed(
    batches: Iterator[T],
    opened: Callable[[T], Sequence[Article]],
    settings: Settings,
    workers: Workers,
    repeats: Shelf[tuple[Repeat, ...]],
    furniture: Shelf[list[Furniture]],
) -> Known:
    def one(batch: T) -> tuple[Known, Packed, Packed]:
        articles = opened(batch)
        found = sign_batch([article.text for article in articles], settings)
        packed = _REPEATS.packed(found.repeats), _FURNITURE.packed(found.furniture)
        return Known(found._replace(repeats=(), furniture=()), signs_of(articles)), *packed

    parts = [Known(sign_batch([], settings), signs_of([]))]
    for part, repeated, found in workers.stream(one, batches):
        parts.append(part)
        repeats.extend(repeated)
        furniture.extend(found)
    signed = Signed(
        np.concatenate([part.signed.keys for part in parts]),
        np.concatenate([part.signed.body for part in parts]),
        joined_fingerprints([part.signed.fingerprints for part in parts]),
        repeats,
        furniture,
    )
    return Known(signed, joined_signs([part.signs for part in parts]))


def _packed(
    batch: Sequence[Article], on_reject: Callable[[Reject], None]
) -> tuple[Sequence[Article], Packed]:
    """The articles that can be kept."""
    try:
        return batch, ARTICLE.packed(batch)
    except InputError as error:
        if len(batch) == 1:
            on_reject(Reject("articles", None, str(error), batch[0].id))
            return (), Packed(b"", [])
    half = len(batch) // 2
    parts = [_packed(part, on_reject) for part in (batch[:half], batch[half:])]
    return (
        [article for kept, _ in parts for article in kept],
        Packed(b"".join(each.data for _, each in parts), [size for _, each in parts for size in each.sizes]),
    )


def _batched(articles: Iterable[Article], stages: Stages) -> Iterator[list[Article]]:
    """The articles in batches of a number, smaller where texts are long: of what a worker can hold as tokens."""
    batch: list[Article] = []
    room = CODE_POINTS_A_BATCH
    for article in articles:
        if len(batch) == ARTICLES_A_BATCH or (batch and len(article.text) > room):
            yield batch
            stages.advance(len(batch))
            batch, room = [], CODE_POINTS_A_BATCH
        batch.append(article)
        room -= len(article.text)
    if batch:
        yield batch
        stages.advance(len(batch))
