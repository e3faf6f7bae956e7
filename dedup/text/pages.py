"""Pages that are no article: lists of teasers for other pages, and digests of several stories."""

from __future__ import annotations

import re

from dedup.model import PageKind

ARTICLE, DIGEST, INDEX = range(3)
PAGES: tuple[PageKind, ...] = ("article", "digest", "index")

# A teaser breaks off: its line ends in an ellipsis. In prose an ellipsis stands inside quotations and hardly ever at
# the end of a line; lists of teasers have one for every forty words.
_BROKEN_OFF = re.compile(r"(?:\.\.\.|…)[\"”’)]?(?:[ \t]{1,4}(?:more|less))?[ \t\r]{0,8}$", re.MULTILINE)
_TEASERS = 5
_WORDS_A_TEASER = 100
LETTERS_A_WORD = 6  # code points, with the blank behind it
# "OSLO, Norway (AP) —" at the start of a line: one stands over an article, several over a digest's items.
_DATELINE = re.compile(
    r"^[ \t]{0,8}[^\W\d_a-z]{2}[^\W\d_a-z .,'’\-]{0,38}(?:,? [^\W\d_][\w.]{0,20}){0,2} {0,2}"
    r"\([^\W\d_a-z][\w./ ]{1,24}\) ?[-–—]",
    re.MULTILINE,
)
_DATELINES = 3
_BULLET = re.compile(r"^[ \t]{0,8}[•▪■●] ?\w", re.MULTILINE)
_BULLETS = "•▪■●"
_ITEMS = 8  # under bullets: a newsletter's; an article lists fewer


def page_kind(text: str) -> int:
    """What sort of page a text is, by its form: `ARTICLE`, `DIGEST` or `INDEX`."""
    plain = text.isascii()
    if text.count("...") + (0 if plain else text.count("…")) >= _TEASERS:
        teasers = sum(1 for _ in _BROKEN_OFF.finditer(text))
        if teasers >= _TEASERS and teasers * _WORDS_A_TEASER * LETTERS_A_WORD >= len(text):
            return INDEX
    if text.count(") ") >= _DATELINES and sum(1 for _ in _DATELINE.finditer(text)) >= _DATELINES:
        return DIGEST
    if (
        not plain
        and sum(map(text.count, _BULLETS)) >= _ITEMS
        and sum(1 for _ in _BULLET.finditer(text)) >= _ITEMS
    ):
        return DIGEST
    return ARTICLE
