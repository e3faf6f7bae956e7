"""Credits that name nobody: "Agencies", "from wire reports", "Staff and Agencies"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedup.attribution.lexicon import CREDIT_WORDS
from dedup.attribution.page import Page
from dedup.attribution.reading import Reading, weighed

# A set of first letters at the front is looked for many times as fast as a list of words in any case.
_WORDS = re.compile(
    r"[aAcCnNwWو](?=[gGoOeEiIك])(?:(?<!\w.)(?i:(?<=a)(?:gencies|gences|genturmaterial|genturen|gencias|genzie|gências|gensi"
    r"|gency reports?|gency inputs?)|(?<=w)(?:ire services?|ire reports?|ires)"
    r"|(?<=n)ews services|(?<=c)(?:ombined dispatches|orrespondents))\b|(?<=و)كالات)",
    re.S,
)
_PHRASE = re.compile(
    r"(?:(?:compiled |combined |prepared |adapted )?(?:from|with|by)\s(?:[\w'’]{1,30}\s){0,3}?)"
    r"(?:wire (?:service |services )?(?:reports?|services?|dispatches)|agency (?:reports?|inputs?"
    r"|dispatches)|(?:news )?agencies|news services|"
    r"combined dispatches)$",
    re.I,
)
# One of these stands in every form of `_WORDS`: looking for them first spares most texts the slower search.
_SIGNS = ("agen", "agênc", "agÊnc", "wire", "news serv", "combined", "correspondents")
_ARABIC_SIGN = "وكالات"
SIGNS = (*_SIGNS, _ARABIC_SIGN)
"""A text without any of these, in whatever case, credits no agencies without a name."""
_HEAD = 1500
_TAIL = 700
_LONGEST = 90


def may_name_nobody(text: str) -> bool:
    """May `find_unnamed` find something in the text? A quick look, before its lines are measured."""
    zone = text if len(text) <= _HEAD + _TAIL else f"{text[:_HEAD]} {text[-_TAIL:]}"
    # Beyond ASCII, bytes take half the time of `str.lower`, and leave "Ê" as it is.
    small = zone.lower() if zone.isascii() else zone.encode("latin-1", "replace").lower().decode("latin-1")
    for sign in _SIGNS:
        if sign in small:
            return True
    return _ARABIC_SIGN in zone


def find_unnamed(page: Page) -> Iterator[Reading]:
    """Credit lines and phrases that credit agencies without a name, in the head and the tail of a text."""
    text = page.text
    last = -1
    for low, high in ((0, _HEAD), (max(_HEAD, len(text) - _TAIL), len(text))):
        for match in _WORDS.finditer(text, low, high):
            reading = _read(page, *match.span())
            if reading is not None and reading.start >= last:
                last = reading.end
                yield reading


def _read(page: Page, start: int, end: int) -> Reading | None:
    text = page.text
    segment = page.segment(start, end)
    if segment is not None and segment[1] - segment[0] <= _LONGEST:
        line = text[segment[0] : segment[1]]
        words = line.replace("/", " ").replace(",", " ").split()
        if (
            0 < len(words) <= 9
            and all(_fits(w) for w in words)
            and not line.rstrip().endswith((".", "?", "!"))
        ):
            low = segment[0] + len(line) - len(line.lstrip())
            return weighed(
                "unnamed",
                "byline",
                low,
                segment[0] + len(line.rstrip()),
                "a credit line without a name",
                "unnamed",
            )
    low = text.rfind("(", max(0, start - 40), start)
    if (
        low >= 0
        and text[end : end + 1] == ")"
        and all(word.casefold() in CREDIT_WORDS for word in text[low + 1 : start].split())
    ):
        return weighed("unnamed", "byline", low, end + 1, "agencies in brackets", "unnamed")
    before = text[max(0, start - 48) : end].rpartition("\n")[2]
    match = _PHRASE.search(before)
    if match is not None and (not page.is_deep(start, _HEAD - 1) or page.is_tail(end)):
        after = text[end : end + 12].lstrip()
        # "from aid agencies" and "by intelligence agencies" are a subject; a credit stands at the end of its
        # line.
        if not after or after[0] in ").;,|" or text[end : end + 1] == "\n":
            words = match[0].split()
            if len(words) <= 3 or words[-3].casefold() in CREDIT_WORDS:
                return weighed(
                    "unnamed",
                    "tail",
                    end - len(match[0]),
                    end,
                    "drawn from agencies without a name",
                    "unnamed",
                )
    return None


def _fits(word: str) -> bool:
    bare = word.strip("()[].:;|•–—-")
    return (
        not bare
        or bare[0].isupper()
        or bare[0].isdigit()
        or bare.casefold() in CREDIT_WORDS
        or not bare.isascii()
    )
