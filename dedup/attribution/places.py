"""The place and date of a dateline, read word by word from the agency's tag back to the start of the line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dedup.attribution.lexicon import DAYS, MONTHS, NOT_PLACES, PLACE_PARTICLES, WITH_ARTICLE, begins_name

_DATE_WORDS = (
    MONTHS | DAYS | frozenset({"de", "del", "of", "le", "il", "the", "er", "edt", "est", "gmt", "utc"})
)
_NUMBER = re.compile(r"\d{1,4}(?:st|nd|rd|th|er|º|\.)?")
_WORD = re.compile(r"[^\s,،、/()|.*_\[\]\u200b\u200e\u200f\ufeff]+\.?|[,،、/()|.]")
IGNORED = " \t\xa0*_•·-–—\"“‘'\u200b\u200e\u200f\ufeff"
_CLOSED = re.compile(r"[A-Z]{3,40}\.")
_WIDE = "   "
_PLACE_WORDS = 8
_PLAIN_WORDS = 3  # without capitals to tell a place from prose, it may not be longer
_PREFIX = 110


@dataclass(frozen=True, slots=True)
class Place:
    """A place or date that begins at ``start``: how many words it has, and how it stands there.

    ``shouted``: all in capitals. ``anchored``: nothing stands before it, on its line or on a page without lines.
    """

    start: int
    words: int
    date: bool
    shouted: bool = False
    anchored: bool = False


def read_place(text: str, line: int, left: int, tag: str) -> Place | None:
    """The place and date that end at ``left``; None where the words before the tag are no place."""
    low = max(line, left - _PREFIX)
    tokens = [(m.start(), m[0]) for m in _WORD.finditer(text, low, left)]
    while tokens and not any(c.isalnum() for c in tokens[-1][1]) and tokens[-1][1] not in ("(", ")"):
        tokens.pop()
    index = len(tokens)
    date = False
    while index:
        word = tokens[index - 1][1]
        bare = word.rstrip(".,:").casefold()
        if _NUMBER.fullmatch(word) or bare in MONTHS or bare in DAYS:
            date = True
        elif not (bare in _DATE_WORDS and date) and word not in (
            ",",
            "،",
            "、",
            ".",
            "/",
            "-",
            "–",
            "--",
            "—",
        ):
            break
        index -= 1
    words: list[tuple[int, str]] = []
    apart = False
    while index and len(words) < _PLACE_WORDS:
        at, word = tokens[index - 1]
        if words and (_WIDE in text[at + len(word) : words[-1][0]] or _CLOSED.fullmatch(word)):
            apart = True  # a byline's writer, or a headline, in a page scraped onto one line
            break
        if not any(c.isalpha() for c in word):
            if word in (",", "،", "、", "/", "(", ")", "-", "–"):
                index -= 1
                continue
            break
        if not begins_name(word) and (word.casefold() not in PLACE_PARTICLES or not words):
            break
        if word[-1] == "." and len(word) > 6 and (words or not date):
            break
        words.append((at, word))
        index -= 1
    if sum(not word[0].isupper() and begins_name(word) for _, word in words) > _PLAIN_WORDS:
        return None
    while words and words[-1][1].casefold() in PLACE_PARTICLES and not words[-1][1][0].isupper():
        words.pop()
    if not words:
        anchored = index == 0 and low == line
        if not anchored and not date:
            return None if tokens else Place(left, 0, date=False)
        first = tokens[index][0] if index < len(tokens) else left
        return Place(first, 0, date) if anchored else None
    start = words[-1][0]
    names = [word for _, word in reversed(words)]
    reached = apart or (not text[low:start].strip(IGNORED) and low == line)
    if not reached:
        shouted = _shouted(names)
        if shouted:
            start = words[shouted - 1][0]
            names = names[-shouted:]
        elif not _after_stop(text, low, start):
            return None
    article = names[0].casefold() == "the" and len(names) > 1 and names[1].casefold() in WITH_ARTICLE
    if (names[0].casefold().rstrip(".") in NOT_PLACES and not article) or _spells(names, tag):
        return None
    return Place(start, len(names), date, _shouted(names) == len(names), reached)


def _shouted(names: list[str]) -> int:
    """How many of the last words form a place in capitals ("… Twitter WASHINGTON", "AUSTIN, Texas")."""
    count = 0
    for name in reversed(names):
        if (name.isupper() and len(name.strip(".")) > 2) or (
            count == 0 and len(names) > 1 and names[-2].isupper() and len(names[-2]) > 2
        ):
            count += 1
        else:
            break
    return count


def _after_stop(text: str, low: int, start: int) -> bool:
    before = text[low:start].rstrip()
    return bool(before) and before[-1] in ".!?:…|"


def _spells(names: list[str], tag: str) -> bool:
    """Do the words or their initials spell the tag ("Advanced Placement (AP)")? A place in capitals is a place."""
    if names[-1].casefold() == tag.casefold():
        return True  # "Michael Bloomberg (Bloomberg) —"
    if names[0].isupper() and len(names[0]) > 2:
        return False
    letters = "".join(c for c in tag.casefold() if c.isalpha())
    initials = "".join(part[0] for name in names for part in name.split("-") if part).casefold()
    capitals = "".join(name[0] for name in names if name[0].isupper()).casefold()
    return len(letters) > 1 and (initials.endswith(letters) or capitals.endswith(letters))
