"""Agencies that a printer or a scanner spelt in a way of his own: "(ats)", "( A. F. P. )", "(Reuler)", "Reu-\\nters".

Such spellings are looked for only where credits stand, in brackets and behind the slash that closes an item, and where
a line's end breaks a name in two. What is found there is ambiguous until its place bears it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from dedup.attribution.agencies import Agencies, Form, fold, less_one
from dedup.attribution.lexicon import WITH_ABROAD
from dedup.attribution.mentions import HEAD, TAIL, Mention, last_matches

_CLOSING = re.compile(r"\)")
_BROKEN = re.compile(r"[-\u00ad¬]\n\s?")
_SLASHED = re.compile(r"/\s?([a-z]{2,6}(?:\s?[-/,+]\s?[a-z]{2,6}){0,3})\s{0,3}(?=\n|\Z)")
_WITH = re.compile(rf"\s?(?:[^\W\d_]{{1,12}}\s){{0,2}}?{WITH_ABROAD}\s", re.I)
_STOPPED = re.compile(r"[.!?»”\")]\s{0,2}$")
_REACH = 44  # code points between the brackets of a credit
_PIECE = re.compile(r"[^/,;|+&\-–—]{2,40}")
_WORD = re.compile(r"[^\W_][^\s]*")
_MISREAD = re.compile(r"(?:^|\s)[lIJt1|!]([A-Z][\w. ]{1,12})$")  # "lTAG)", where "(" was read as a letter
_LEADS = re.compile(r"[\s.,]{0,3}[-–—]|[\s.,]{0,4}(?:\n|\Z)|\s?\.\s?[)\]}]?\s[A-ZÄÖÜÉÈÀ]")
_DATED = re.compile(r"\d[\s.,:;\-–—]{0,4}[(\[{]\s{0,2}$")
_BREAK = 28  # code points on either side of a line's end that may belong to one name
_LONG = 5  # letters of a name that is known with one of them wrong
_SHORT = 3  # letters that a tag of many meanings needs without its capitals


def add_noisy(text: str, mentions: list[Mention], agencies: Agencies) -> list[Mention]:
    """``mentions`` with the misspelt ones between them, in order of position; time is linear in the text."""
    found = [*_broken(text, agencies), *_bracketed(text, agencies), *_slashed(text, agencies)]
    if not found:
        return mentions
    taken: list[Mention] = []
    for mention in sorted([*mentions, *found], key=lambda m: (m.start, m.start - m.end)):
        if not taken or mention.start >= taken[-1].end:
            taken.append(mention)
        elif mention.end > taken[-1].end:
            # A name read across a line's end holds the shorter one that its first half spells.
            taken[-1] = mention
    return taken


def _few(text: str, pattern: re.Pattern[str]) -> Iterable[re.Match[str]]:
    head = list(islice(pattern.finditer(text), 2 * HEAD))
    return head if len(head) < 2 * HEAD else [*head, *last_matches(text, pattern, head[-1].end(), 2 * TAIL)]


def _bracketed(text: str, agencies: Agencies) -> Iterator[Mention]:
    for closing in _few(text, _CLOSING):
        end = closing.start()
        chunk = text[max(0, end - _REACH) : end]
        at = max(chunk.rfind("("), chunk.rfind("["), chunk.rfind("{")) + 1
        if not at:
            misread = _MISREAD.search(chunk)
            if misread is None:
                continue
            at = misread.start(1)
        start = end - len(chunk) + at
        yield from _spelt(text, start, end, agencies)


def _spelt(text: str, start: int, end: int, agencies: Agencies) -> Iterator[Mention]:
    inner = text[start:end]
    form = _form(inner, agencies) or _near(text, start, end, agencies)
    if form is not None:
        yield _mention(text, start, end, form)
        return
    shared = _WITH.match(inner)
    if shared is not None:
        start += shared.end()
        inner = inner[shared.end() :]
    pieces = list(_PIECE.finditer(inner))
    if not (1 if shared else 2) <= len(pieces) <= 6:
        return
    forms = [_form(piece[0], agencies) for piece in pieces]
    if any(form is None and piece[0].strip().islower() for piece, form in zip(pieces, forms, strict=True)):
        return  # "(abc/afp)" is signed by an editor
    for piece, form in zip(pieces, forms, strict=True):
        if form is not None:
            yield _mention(text, start + piece.start(), start + piece.end(), form)


def _form(spelling: str, agencies: Agencies) -> Form | None:
    """The form that a folded spelling is; a tag of many meanings is not written small unless the list has it so."""
    key = fold(spelling)
    form = agencies.folded.get(key)
    if form is None or not form.agencies[0].weak or spelling.isupper():
        return form
    if len(key) < _SHORT or (spelling.islower() and key not in form.agencies[0].bracketed):
        return None
    return form


def _near(text: str, start: int, end: int, agencies: Agencies) -> Form | None:
    """The form of a long name with one letter wrong, where a dash, a date or a line's end stands beside it."""
    key = fold(text[start:end])
    if not 5 <= len(key) <= 24 or not text[start:end].strip()[:1].isupper():
        return None
    dated = _DATED.search(text[max(0, start - 10) : start])
    if not dated and not _LEADS.match(text, end + 1, end + 8):
        return None
    known = set(less_one(key)) & agencies.folded.keys()
    known.update(*(agencies.near.get(shorter, ()) for shorter in (key, *less_one(key))))
    for name in sorted(known):
        form = agencies.folded[name]
        if len(name) >= _LONG and _one_apart(key, name) and (dated or not form.agencies[0].weak):
            return form
    return None


def _one_apart(a: str, b: str) -> bool:
    """Does one letter wrong, lost or gained make ``a`` of ``b``?"""
    short, long = sorted((a, b), key=len)
    same = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    return short[same:] == long[same + 1 :] or (len(a) == len(b) and short[same + 1 :] == long[same + 1 :])


def _mention(text: str, start: int, end: int, form: Form) -> Mention:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return Mention(start, end, form, ambiguous=True)


def _slashed(text: str, agencies: Agencies) -> Iterator[Mention]:
    """Tags in small letters behind the slash at an item's end: "... verletzt. / sda-afp"."""
    if "/" not in text:
        return
    for match in _few(text, _SLASHED):
        if not _STOPPED.search(text[max(0, match.start() - 3) : match.start()]):
            continue
        pieces = list(_PIECE.finditer(match[1]))
        forms = [_form(piece[0], agencies) for piece in pieces]
        if all(forms):
            for piece, form in zip(pieces, forms, strict=True):
                if form is not None:
                    low = match.start(1)
                    yield _mention(text, low + piece.start(), low + piece.end(), form)


def _broken(text: str, agencies: Agencies) -> Iterator[Mention]:
    """Names that a line's end breaks, with a hyphen, in two."""
    if "-\n" not in text and "\u00ad" not in text and "¬" not in text:
        return
    for cut in _few(text, _BROKEN):
        low = max(0, cut.start() - _BREAK)
        left, right = text[low : cut.start()], text[cut.end() : cut.end() + _BREAK]
        if not left[-1:].isalpha() or not right[:1].isalpha():
            continue
        for match in agencies.pattern.finditer(left + right):
            if match.start() < len(left) < match.end():
                form = agencies.form(match[0])
                before = left[match.start() - 1 : match.start()]
                if form.phrase is None and not form.tag and not (before.isalnum() or before == "_"):
                    yield Mention(low + match.start(), cut.end() + match.end() - len(left), form)
                break
