"""Agencies in running sentences: told, said, seen by a witness.

English here, and the people of an agency as German compounds name them ("TAG-Reporter"); the languages in which an
article or a preposition stands before the agency are in `languages`.
"""

from __future__ import annotations

import re

from dedup.attribution.languages import Spoken, read_after, read_before, speaks
from dedup.attribution.mentions import Mention, beside_news_agency
from dedup.attribution.page import Page
from dedup.attribution.reading import WEIGHTS, Reading, weighed

_THE = r"(?:the|agency|state(?:-run)? news agency|news agency)"
_TOLD = re.compile(
    r"\b(?P<told>(?:told|tells|telling)\s{1,3}"
    rf"(?:(?:\w[\w'’.\-]{{1,14}}\s){{0,4}}news agency\s|(?:{_THE}\s{{0,2}}){{0,3}})"
    rf"|(?:said|confirmed|spoke|speaking|talking|disclosed)\s(?:\w{{1,30}}\s){{0,2}}(?:to"
    rf"|with)\s(?:{_THE}\s{{0,2}}){{0,2}}"
    rf"|(?:interview|interviews|interviewed|statement|statements|email|e-mail|call|comment)\s(?:with|to"
    rf"|by|sent to|for)\s(?:{_THE}\s{{0,2}}){{0,2}}"
    rf"|(?:seen|obtained|reviewed|contacted|interviewed|reached|viewed|verified|asked|compiled|polled"
    rf"|surveyed)\sby\s(?:{_THE}\s{{0,2}}){{0,2}})$",
    re.I,
)
_WITNESS_AFTER = re.compile(
    r"(?:(?:['’]s?)?\s{1,2}(?:\w{1,30}\s){0,2}?|-)(correspondents?|journalists?|reporters?|witness(?:es)?"
    r"|photographers?|team|crew|stringer|video journalist"
    r"|korrespondent(?:in|innen|en)?|reporter(?:in|innen)?|journalist(?:in|innen|en)|fotograf(?:in|en)?"
    r"|mitarbeiter(?:in|n)?)\b",
    re.I,
)
_WITNESS_BEFORE = re.compile(r"\b(?:an?|one|ein|eine|einem|einer|der|des)\s$", re.I)
_REPORTED = re.compile(r"[^.\n]{0,50}?\breport(?:s|ed)?\s(?:that|\w{1,12}ing)\b")
_NAMED = re.compile(r"[^\W\d_a-z][\w.'’\-]{0,40}\s[^\W\d_a-z][\w'’\-]{1,40}\s?,\s$")
_ACCORDING = re.compile(
    r"\b(?:according to|as reported by|laut|volgens|ifølge|enligt)\s(?:\w{1,30}\s){0,2}?$", re.I
)
_SENSES = re.compile(
    r"[^.\n]{0,90}?\b(?:said|says|reports?|saw|seen|heard|reported|counted|witnessed|on the ground|at the (?:scene"
    r"|site)|on the spot|in the (?:city|town|area|"
    r"village|capital)|there|nearby|beobachtete|berichtete|vor ort)\b",
    re.I,
)
_PASSIVE = re.compile(
    r"[^.\n]{0,30}\b(?:was|were|who|jailed|killed|arrested|detained|asked|questioned|convicted|freed"
    r"|tried)\b",
    re.I,
)
_TALLY = re.compile(
    r"\s(?:tally|count|toll|calculations?|data|poll|survey|estimates?|database|analysis|review"
    r"|investigation)\b",
    re.I,
)
_SAID_AFTER = re.compile(
    r"(?:['’]s)?,?\s{1,2}(?:(?:news agency|news service|news|agency|also|has|had|have|first|earlier|later"
    r"|previously|then|itself|correctly|exclusively|"
    r"quotes?|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\s){0,3}"
    r"(?:said|reported|reports?|says|quoted|quotes|cited|cites|added|noted|wrote|writes|published"
    r"|announced|revealed|learned|"
    r"learnt|carried|ran|broke|claimed|reporting|citing|confirmed|disclosed|stated|showed|shows|quoting"
    r"|told)\b",
    re.I,
)
_SAID_BEFORE = re.compile(
    rf"\b(?:reported by|quoted by|cited by|carried by|published by|released by|run by|citing|quoting"
    rf"|according to|as per|per|reports? (?:by|from|in)|reports?|report by"
    rf"|news agency|state news agency|nachrichtenagentur|agence de presse)"
    rf"\s(?:(?:a|an|\w{{2,14}}['’]s|{_THE}|russian|chinese|state|state-run|official|local"
    rf"|'s)\s{{1,2}}){{0,3}}$",
    re.I,
)
_REPORT = re.compile(
    r"(?:['’]s?)?\s(?:report|story|article|interview|dispatch|exclusive|op-ed|editorial)\b", re.I
)
_APOSTROPHES = ("'", "’")
_MISREAD = re.compile(r"\b[I1|]['’]")  # OCR's reading of an article, of the same length
# "(TAG Staff Correspondent.)" between the brackets that a writer's name, or nothing, opens
_SIGNED = re.compile(r"[(\[](?:By [^()\[\]\n]{3,50}, ?)?")
_SIGNED_END = re.compile(r"[.,]?\s?[)\]]")
_SENTENCE = 80  # code points before an agency in which its sentence says what it does
_AROUND = 2000
_WRAPPED_LINE = 30  # a line as long as this holds its own sense
_HEAD_PROSE = 700
_PEOPLE = re.compile(
    r"\s(?:columnist|reporter|correspondent|editor|journalist|anchor|analyst|commentator)s?\b"
)
_ON_AIR = re.compile(r"\b(?:on|from|by|to|in|with|via)\s(?:the\s)?$", re.I)


def read_sentence(page: Page, mention: Mention) -> Reading | None:
    """What a sentence does with the mention: tells it, witnesses, cites; None for a mere subject."""
    text, start, end = page.text, mention.start, mention.end
    if not mention.agencies[0].writes:
        return None
    sells = mention.agencies[0].kind == "agency"
    before = _before(text, start)
    if mention.ambiguous and not beside_news_agency(text, mention):
        spoken = None
        if speaks(before) and _only_weak(text, mention):
            spoken = read_before(text, start, end, before) or read_after(text, start, end)
        return _spoken(page, spoken, sells) if spoken is not None else None
    witness = _witness(page, start, end, before) if sells else None
    if witness is not None:
        return witness
    spoken = read_before(text, start, end, before)
    if spoken is not None:
        return _spoken(page, spoken, sells)
    if (match := _TOLD.search(before)) is not None:
        low = start - len(before) + match.start()
        # Who explains that it is a news agency writes for another house.
        evidence = "told" if sells and "news agency " not in match[0] else "named"
        return weighed("cited", "told", low, end, "someone told it something", evidence)
    if (match := _SAID_AFTER.match(text, end, end + 60)) is not None:
        return weighed("cited", "said", start, match.end(), "it is cited")
    if (match := _SAID_BEFORE.search(before)) is not None:
        return weighed("cited", "said", start - len(before) + match.start(), end, "it is cited")
    if (spoken := read_after(text, start, end)) is not None:
        return _spoken(page, spoken, sells)
    if (match := _REPORT.match(text, end, end + 30)) is not None:
        return weighed("cited", "said", start, match.end(), "its report is cited")
    if not sells and (
        _ON_AIR.search(before) or text[end : end + 2] in ("'s", "’s") or _PEOPLE.match(text, end, end + 30)
    ):
        return weighed("cited", "named", start, end, "named as a medium")
    return None


def _before(text: str, start: int) -> str:
    """What stands before the agency in its sentence, no farther back than `_SENTENCE`; a wrapped line runs on."""
    window = text[max(0, start - _SENTENCE) : start]
    if window.endswith(_APOSTROPHES):
        window = _MISREAD.sub("l'", window)
    lead, broken, line = window.rpartition("\n")
    if not broken or len(line) > _WRAPPED_LINE or not lead.rstrip()[-1:].isalpha():
        return line
    return f"{lead.rpartition(chr(10))[2]} {line}"


def _only_weak(text: str, mention: Mention) -> bool:
    """Does the tag mean many things in general, and yet no other one that is spelled out around it?"""
    agency = mention.agencies[0]
    if not (agency.weak and mention.form.tag):
        return False
    around = text[max(0, mention.start - _AROUND) : mention.end + _AROUND].casefold()
    return not any(homonym in around for homonym in agency.homonyms)


def _spoken(page: Page, spoken: Spoken, sells: bool) -> Reading:
    act, start, end = spoken.act, spoken.start, spoken.to
    if act == "said":
        return weighed("cited", "said", start, end, "it is cited")
    if act == "told":
        return weighed("cited", "told", start, end, "someone told it something", "told" if sells else "named")
    if sells and act == "witness":
        return weighed("origin", "witness", start, end, "its own witness")
    if sells and act == "correspondent":
        return _signed(page, start, end, "from its own correspondent")
    return weighed("cited", "named", start, end, "its people are named")


def _signed(page: Page, start: int, end: int, rule: str) -> Reading:
    inner = page.is_deep(start, _HEAD_PROSE)
    return weighed("origin", "byline", start, end, rule, "inner" if inner else "byline")


def _witness(page: Page, start: int, end: int, before: str) -> Reading | None:
    text = page.text
    after = _WITNESS_AFTER.match(text, end, end + 60)
    according = _ACCORDING.search(before)
    if after is None:
        if _TALLY.match(text, end, end + 20) and (according or _WITNESS_BEFORE.search(before)):
            low = start - len(before) + (according.start() if according else 0) if according else start
            return weighed("cited", "told", low, end, "its own tally")
        return None
    if _SIGNED.fullmatch(before) and _SIGNED_END.match(text, after.end(), after.end() + 6):
        return _signed(page, start, after.end(), "signed by its own correspondent")
    if _PASSIVE.match(text, after.end(), after.end() + 50) and not according:
        return weighed("cited", "named", start, after.end(), "its people are a subject")
    single = _WITNESS_BEFORE.search(before)
    weight, rule = WEIGHTS["witness"], "its own witness"
    introduced = single is not None and _NAMED.search(before, 0, single.start())
    crowd = single is None and _plural(after[1])
    if introduced or crowd or _REPORTED.match(text, after.end(), after.end() + 80):
        weight, rule = weight / 2, "a witness named, counted or quoted, as other houses do too"
    if according is not None:
        low = start - len(before) + according.start()
    elif _SENSES.match(text, after.end(), after.end() + 120) and (single or _plural(after[1])):
        low = start - len(before) + single.start() if single else start
    else:
        return weighed("cited", "named", start, after.end(), "its people are named")
    return Reading("origin", "witness", low, after.end(), weight, rule)


def _plural(word: str) -> bool:
    return word.casefold().endswith(("s", "en", "i"))
