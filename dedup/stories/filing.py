"""Filing: what speaks for it, beside their words, that two articles come from one file.

Write-throughs of one agency file share as little as a fifth of their text, and one page rewritten less than a tenth:
then the same URL, or the same desk in the same days, tells a version from an article that borrows a part.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dedup.attribution.lexicon import OFFICES
from dedup.matching.relations import LITTLE_BODY, Filing
from dedup.model import Article, Origin, PageKind
from dedup.stories.dates import moment
from dedup.text.fold import fold
from dedup.text.pages import LETTERS_A_WORD, PAGES, page_kind

_ONE_FILE = 48 * 3600  # seconds from the first write-through of a file to the last
_SIGNATURES = 4  # agencies and writers kept of each article
_NOBODY = ("",) * _SIGNATURES
# Headline, date and credits of a page of captions; an article has more, or nearly no captions.
_CAPTION_PAGE = 100  # tokens
_LITTLE_LEFT = 0.3  # of the text
_LONGEST_BYLINE = 400
_BETWEEN_NAMES = re.compile(r"[,;|/&•]|\b(?:and|und|et|y|e|with)\b")
_BEFORE_NAMES = re.compile(r"^\W*(?:by|von|par|por|di)\b", re.IGNORECASE)
_URL = re.compile(r"(?:[a-z][a-z0-9+.\-]*:)?//(?:[^/?#@]*@)?(?:www\.|m\.|amp\.)?([^#]*)", re.IGNORECASE)
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|cmpid|ref|src|output)=")


class Sign(NamedTuple):
    """What is known of one article beside its words.

    Attributes:
        outlet: Empty where it is not known.
        address: Of its page, below a site's front page, as `page_address` gives it; empty where it is not known.
        signatures: The agencies and writers that sign the whole of it, four at most.
        published: Seconds since 1970, NaN where it is not known.
        page: What sort of page it is, as `dedup.text.pages.page_kind` tells it.
        length: Of the text in code points.
    """

    outlet: str
    address: str
    signatures: tuple[str, ...]
    published: float
    page: int
    length: int


class Signs(NamedTuple):
    """What is known of n articles beside their words; `number_of` stands for a name, -1 for none.

    Attributes:
        outlet: int64 (n,).
        url: int64 (n,), of pages below a site's front page.
        signatures: int64 (n, 4), the agencies and writers that sign the whole of it.
        published: float64 (n,), seconds since 1970, NaN where it is not known.
        pages: uint8 (n,), what sort of page it is, as `dedup.text.pages.page_kind` tells it.
        length: int64 (n,), of the text in code points.
    """

    outlet: npt.NDArray[np.int64]
    url: npt.NDArray[np.int64]
    signatures: npt.NDArray[np.int64]
    published: npt.NDArray[np.float64]
    pages: npt.NDArray[np.uint8]
    length: npt.NDArray[np.int64]


def sign_of(article: Article, origin: Origin | None = None) -> Sign:
    """Read the signs of one article.

    Args:
        origin: What its own credits say; without it only the byline tells who signed it.
    """
    names = [*(signing(origin) if origin is not None else ()), *writers(article.byline)]
    when = moment(article.published)
    return Sign(
        article.outlet or "",
        page_address(article.url),
        tuple(names[:_SIGNATURES]),
        when.written.timestamp() if when else np.nan,
        page_kind(article.text),
        len(article.text),
    )


def signing(origin: Origin) -> list[str]:
    """The agencies that sign the whole of an article of this origin, in order."""
    if origin.share != "whole" or origin.status not in ("confirmed", "probable"):
        return []
    return sorted({*origin.agencies, *([origin.agency] if origin.agency else [])})


def gathered(signs: Sequence[Sign]) -> Signs:
    """The signs of several articles, for `filing`."""
    signatures = [name for sign in signs for name in (*sign.signatures, *_NOBODY[len(sign.signatures) :])]
    return Signs(
        _numbered([sign.outlet for sign in signs]),
        _numbered([sign.address for sign in signs]),
        _numbered(signatures).reshape(-1, _SIGNATURES),
        np.array([sign.published for sign in signs], np.float64),
        np.array([sign.page for sign in signs], np.uint8),
        np.array([sign.length for sign in signs], np.int64),
    )


def signs_of(articles: Sequence[Article], origins: Sequence[Origin] | None = None) -> Signs:
    """Read the signs of several articles.

    Args:
        origins: What each article's own credits say; without them only bylines tell who signed it.
    """
    known: Sequence[Origin | None] = origins or [None] * len(articles)
    return gathered([sign_of(article, origin) for article, origin in zip(articles, known, strict=True)])


def signed_by(signatures: npt.NDArray[np.int64], origins: Sequence[Origin]) -> npt.NDArray[np.int64]:
    """The signatures of articles of which only bylines were read, with what their own credits say: int64 (n, 4)."""
    signed = signatures.copy()
    for i, origin in enumerate(origins):
        if names := signing(origin):
            signed[i] = [*map(number_of, names), *signatures[i].tolist()][:_SIGNATURES]
    return signed


def joined(parts: Sequence[Signs]) -> Signs:
    """Several batches as one."""
    columns: list[npt.NDArray[Any]] = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Signs(*columns)


def reordered(signs: Signs, order: npt.NDArray[np.int64]) -> Signs:
    """The signs of the same articles in another order."""
    columns: list[npt.NDArray[Any]] = [column[order] for column in signs]
    return Signs(*columns)


def filing(signs: Signs, pairs: npt.NDArray[np.int64]) -> Filing:
    """What the signs say of pairs of articles.

    Args:
        pairs: int64 (m, 2), counted as in `signs`.
    """
    a, b = pairs.T
    one_desk = np.zeros(len(pairs), np.bool_)
    signing = [names for names in signs.signatures.T if (names >= 0).any()]
    for mine in signing:
        for theirs in signing:
            one_desk |= (mine[a] >= 0) & (mine[a] == theirs[b])
    # An unknown moment speaks for nothing and against nothing.
    days_apart = np.abs(signs.published[a] - signs.published[b]) > _ONE_FILE
    return Filing(
        one_page=(signs.url[a] >= 0) & (signs.url[a] == signs.url[b]),
        one_desk=one_desk & ~days_apart,
        one_outlet=(signs.outlet[a] >= 0) & (signs.outlet[a] == signs.outlet[b]),
        pages=signs.pages[pairs],
    )


def body_left(signs: Signs, body: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The body of each article, none where next to nothing is left of it beside captions: int64 (n,).

    Args:
        body: int64 (n,), tokens of each outside captions.
    """
    little = (body < _CAPTION_PAGE) & (body * LETTERS_A_WORD < _LITTLE_LEFT * signs.length)
    return np.where(little, 0, body)


def pages(signs: Signs, body: npt.NDArray[np.int64]) -> list[PageKind]:
    """What sort of page each article is.

    Args:
        body: int64 (n,), tokens of each outside captions.
    """
    return [
        PAGES[kind] if size >= LITTLE_BODY else "no body"
        for kind, size in zip(signs.pages.tolist(), body_left(signs, body).tolist(), strict=True)
    ]


def writers(byline: str | None) -> list[str]:
    """The persons that a byline names, folded; agencies, desks and offices are none."""
    if not byline:
        return []
    names = []
    for piece in _BETWEEN_NAMES.split(_BEFORE_NAMES.sub("", byline[:_LONGEST_BYLINE])):
        words = fold(piece).split()
        if 2 <= len(words) <= 4 and not OFFICES.intersection(words) and all(w[0].isalpha() for w in words):
            names.append(" ".join(words))
    return names


def page_address(url: str | None) -> str:
    """Host and path of a page, without what varies from one visit to the next; empty for a front page."""
    match = _URL.match(url.strip()) if url else None
    if match is None:
        return ""
    address, _, query = match[1].partition("?")
    host, _, path = address.removesuffix("/").removesuffix("/amp").partition("/")
    told = "&".join(part for part in query.split("&") if part and not _TRACKING.match(part))
    return f"{host.casefold()}/{path}?{told}" if path or told else ""


@lru_cache(1 << 14)
def number_of(name: str) -> int:
    """A number for a name, the same in every process: two names have the same once in 2⁶³; -1 for an empty one."""
    if not name:
        return -1
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1


def _numbered(names: Sequence[str]) -> npt.NDArray[np.int64]:
    return np.array([*map(number_of, names)], np.int64)
