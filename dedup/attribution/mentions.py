"""Where an article names agencies: one scan of the text, homonyms and other traps left out."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from dedup.attribution.agencies import Agencies, Agency, Form, spaced

HEAD, TAIL = 200, 100
"""How many names at a text's beginning and at its end are read; what stands between them is not looked at.

An article credits in its head and its tail. Only index pages and bait hold more names than these together.
"""

_WINDOW = 4096
_CHAIN = re.compile(
    r"\s{0,2}[/|,&+]\s{0,2}(?:[tT]he\s)?|\s?-\s?|\s(?:via|through)\s|,?\s(?:and|und|et|y|e|och|og)\s(?:[tT]he\s)?"
)
_NEWS_AGENCY = re.compile(
    r"news (?:agency|service)|nachrichtenagentur|agence(?: de presse)?|agencia|agenzia|agência"
    r"|state media|press agency",
    re.I,
)
_NEXT_WORD = re.compile(r"[\s'’]{0,3}s?\s{0,2}([/\-]?\w[\w.'’\-]*)")
_PROCLITICS = frozenset("وفبلكבלהו")  # Arabic and Hebrew write "and", "to" and "by" together with the name
_LAST_WORD = re.compile(r"([\w.\-]{1,24}[/\-]?)\s{0,3}$")


@dataclass(frozen=True, slots=True)
class Mention:
    """One spelling of an agency at ``[start, end)``.

    ``form`` may name several agencies (a joint tag). ``ambiguous``: the article spells out another thing that
    the tag stands for, or the tag means many things; it counts in unmistakable positions only.
    """

    start: int
    end: int
    form: Form
    ambiguous: bool = False

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """The agencies named."""
        return self.form.agencies


def find_mentions(text: str, agencies: Agencies, starts: Sequence[int] | None = None) -> list[Mention]:
    """The mentions of agencies, the first `HEAD` and the last `TAIL` of them, in order of position.

    Args:
        starts: Where names may begin, in order, by `dedup.attribution.sightings`; anywhere by default.

    Time is linear in the text; a mention that a trap of its agency rules out is left out (and counted).
    """
    found: list[Mention] = []
    spelled_out: dict[str, bool] = {}
    for match in _places(text, agencies, starts):
        start, end = match.span()
        form = agencies.form(match[0])
        if start and not _starts_word(text, start, form):
            continue
        if form.phrase is None and _trapped(text, start, end, form.agencies[0]):
            continue
        ambiguous = form.tag and form.agencies[0].weak
        if form.tag and not ambiguous and form.agencies[0].homonyms:
            name = form.agencies[0].name
            if name not in spelled_out:
                folded = text.casefold()
                spelled_out[name] = any(homonym in folded for homonym in form.agencies[0].homonyms)
            ambiguous = spelled_out[name]
        if not form.tag or not _abbreviates(text, found, start, end, form):
            found.append(Mention(start, end, form, ambiguous))
        else:
            found[-1] = replace(found[-1], end=end + 1)
    return found


def _abbreviates(text: str, found: list[Mention], start: int, end: int, form: Form) -> bool:
    """Is it the abbreviation that an agency's full name has behind it in brackets: "Kuwait News Agency (KUNA)"?"""
    return bool(
        found
        and text[end : end + 1] == ")"
        and text[found[-1].end : start] == " ("
        and not found[-1].form.tag
        and found[-1].agencies == form.agencies
    )


def _places(text: str, agencies: Agencies, starts: Sequence[int] | None) -> Iterable[re.Match[str]]:
    if starts is not None:
        found = list(islice(_matches(text, agencies.pattern, starts), HEAD))
        if len(found) < HEAD:
            return found
    pattern = agencies.pattern_for(text)
    head = list(islice(pattern.finditer(text), HEAD))
    return head if len(head) < HEAD else [*head, *last_matches(text, pattern, head[-1].end())]


def _matches(text: str, pattern: re.Pattern[str], starts: Iterable[int]) -> Iterator[re.Match[str]]:
    """What the pattern finds in a text, where all places are known at which it may match."""
    end = 0
    for start in starts:
        if start >= end and (match := pattern.match(text, start)) is not None:
            end = match.end()
            yield match


def last_matches(text: str, pattern: re.Pattern[str], low: int, most: int = TAIL) -> Iterable[re.Match[str]]:
    """The last ``most`` matches behind ``low``, sought in windows that grow towards the front."""
    width = _WINDOW
    while True:
        start = max(low, len(text) - width)
        found = deque(pattern.finditer(text, start), most + 1)
        if len(found) > most:
            # The window may have cut the first one in two.
            found.popleft()
            return found
        if start == low:
            return found
        width *= 4


def chains(text: str, mentions: list[Mention]) -> Iterator[list[Mention]]:
    """Group mentions that stand side by side, joined by a slash, a comma, a dash or "and"."""
    chain: list[Mention] = []
    for mention in mentions:
        joined = (
            chain
            and mention.start - chain[-1].end <= 10
            and _CHAIN.fullmatch(text, chain[-1].end, mention.start) is not None
        )
        if chain and not joined:
            yield chain
            chain = []
        chain.append(mention)
    if chain:
        yield chain


def beside_news_agency(text: str, mention: Mention) -> bool:
    """Does "news agency", in some language, stand right beside the mention?"""
    around = text[max(0, mention.start - 30) : mention.start] + " " + text[mention.end : mention.end + 20]
    return _NEWS_AGENCY.search(around) is not None


def _starts_word(text: str, start: int, form: Form) -> bool:
    before, first = text[start - 1], text[start]
    if not (before.isalnum() or before == "_") or not spaced(first):
        return True
    if before in _PROCLITICS:
        return start == 1 or not text[start - 2].isalnum()
    # A scrape glues "Jan OlsenAssociated Press" together: a long name still shows by its capital.
    return not form.tag and before.islower() and first.isupper()


def _trapped(text: str, start: int, end: int, agency: Agency) -> bool:
    if agency.not_before:
        following = _NEXT_WORD.match(text, end, end + 40)
        if following is not None and following[1].casefold().rstrip(".") in agency.not_before:
            return True
    if agency.not_after and start:
        preceding = _LAST_WORD.search(text[max(0, start - 24) : start])
        if preceding is not None and preceding[1].casefold() in agency.not_after:
            return True
    return False
