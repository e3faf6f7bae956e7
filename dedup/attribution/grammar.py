"""Agencies in running sentences: told, said, seen by a witness.

English, French, German, Spanish, Italian and Portuguese.
"""

from __future__ import annotations

import re

from dedup.attribution.mentions import Mention, beside_news_agency
from dedup.attribution.page import Page
from dedup.attribution.reading import WEIGHTS, Reading

_THE = (
    r"(?:the|l['’]|la|le|der|die|dem|die agentur|agency|state(?:-run)? news agency"
    r"|news agency|agence|agencia|agenzia|agência|nachrichtenagentur)"
)
_TOLD = re.compile(
    r"\b(?P<told>(?:told|tells|telling)\s{1,3}"
    rf"(?:(?:\w[\w'’.\-]{{1,14}}\s){{0,4}}news agency\s|(?:{_THE}\s{{0,2}}){{0,3}})"
    rf"|(?:said|confirmed|spoke|speaking|talking|disclosed)\s(?:\w{{1,30}}\s){{0,2}}(?:to"
    rf"|with)\s(?:{_THE}\s{{0,2}}){{0,2}}"
    rf"|(?:interview|interviews|interviewed|statement|statements|email|e-mail|call|comment)\s(?:with|to"
    rf"|by|sent to|for)\s(?:{_THE}\s{{0,2}}){{0,2}}"
    rf"|(?:seen|obtained|reviewed|contacted|interviewed|reached|viewed|verified|asked|compiled|polled"
    rf"|surveyed)\sby\s(?:{_THE}\s{{0,2}}){{0,2}}"
    rf"|(?:déclaré|dit|indiqué|affirmé|confié|expliqué|assuré|précisé|raconté)\s(?:\w{{1,30}}\s){{0,2}}(?:à"
    rf"|a)\s(?:{_THE}\s{{0,2}}){{0,2}}"
    rf"|(?:dijo|declaró|aseguró|explicó|afirmó|indicó|señaló)\s(?:\w{{1,30}}\s){{0,2}}a\s(?:{_THE}\s{{0,2}}){{0,2}}"
    rf"|(?:detto|dichiarato|spiegato|disse|afirmou|declarou|explicou)\s(?:\w{{1,30}}\s){{0,2}}(?:all['’]|alla|al"
    rf"|à|ao|a)\s{{0,2}}(?:{_THE}\s{{0,2}}){{0,2}}"
    rf"|(?:sagte|sagten|teilte|erklärte|bestätigte|berichtete)\s(?:\w{{1,30}}\s){{0,4}}(?:der"
    rf"|gegenüber der)\s(?:{_THE}\s{{0,2}}){{0,2}})$",
    re.I,
)
_WITNESS_AFTER = re.compile(
    r"(?:['’]s?)?\s{1,2}(?:\w{1,30}\s){0,2}?(correspondents?|journalists?|reporters?|witness(?:es)?"
    r"|photographers?|team|crew|stringer|video journalist|"
    r"korrespondent(?:in|en)?|reporter(?:in)?|journalistes?|correspondant(?:e|s)?|periodistas?"
    r"|corresponsal(?:es)?|giornalist[aie]|jornalistas?)\b",
    re.I,
)
_WITNESS_BEFORE = re.compile(
    r"(?:\b(?:an?|one|un|une|uno|una|um|uma|ein|eine|einem|einer|der|des)\s|d['’]un\s|\bde l['’])$", re.I
)
_ACCORDING = re.compile(
    r"\b(?:according to|as reported by|selon|d['’]après|laut|según|secondo|segundo|volgens|ifølge"
    r"|enligt)\s(?:\w{1,30}\s){0,2}?(?:l['’])?$",
    re.I,
)
_SENSES = re.compile(
    r"[^.\n]{0,90}?\b(?:said|says|reports?|saw|seen|heard|reported|counted|witnessed|on the ground|at the (?:scene"
    r"|site)|on the spot|in the (?:city|town|area|"
    r"village|capital)|there|nearby|a (?:constaté|vu|entendu|rapporté)|sur place|beobachtete|berichtete"
    r"|vor ort|constató|vio|comprobó|ha visto)\b",
    re.I,
)
_PASSIVE = re.compile(
    r"[^.\n]{0,30}\b(?:was|were|who|jailed|killed|arrested|detained|asked|questioned|convicted|freed"
    r"|tried)\b",
    re.I,
)
_TALLY = re.compile(
    r"\s(?:tally|count|toll|calculations?|data|poll|survey|estimates?|database|analysis|review"
    r"|investigation|zählung|recuento|décompte)\b",
    re.I,
)
_SAID_AFTER = re.compile(
    r"(?:['’]s)?,?\s{1,2}(?:(?:news agency|news service|news|agency|also|has|had|have|first|earlier|later"
    r"|previously|then|itself|correctly|exclusively|"
    r"quotes?|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\s){0,3}"
    r"(?:said|reported|reports?|says|quoted|quotes|cited|cites|added|noted|wrote|writes|published"
    r"|announced|revealed|learned|"
    r"learnt|carried|ran|broke|claimed|reporting|citing|confirmed|disclosed|stated|showed|shows|quoting"
    r"|citing|told|rapporte|a rapporté|indique|annonce|"
    r"berichtet|berichtete|meldet|meldete|informó|informa|reportó|riporta|riferisce|informou|noticiou)\b",
    re.I,
)
_SAID_BEFORE = re.compile(
    rf"\b(?:reported by|quoted by|cited by|carried by|published by|released by|run by|citing|quoting"
    rf"|according to|as per|per|reports? (?:by|from|in)|reports?|report by|"
    rf"selon|d['’]après|laut|meldet|berichtet|según|secondo|segundo|wie|cité par|zitiert|news agency"
    rf"|nachrichtenagentur|agence de presse|state news agency)"
    rf"\s(?:(?:a|an|\w{{2,14}}['’]s|{_THE}|russian|chinese|state|state-run|official|local"
    rf"|'s)\s{{1,2}}|l['’]){{0,3}}$",
    re.I,
)
_REPORT = re.compile(
    r"(?:['’]s?)?\s(?:report|story|article|interview|dispatch|exclusive|op-ed|editorial)\b", re.I
)
_PEOPLE = re.compile(
    r"\s(?:columnist|reporter|correspondent|editor|journalist|anchor|analyst|commentator)s?\b"
)
_ON_AIR = re.compile(r"\b(?:on|from|by|to|in|with|via)\s(?:the\s)?$", re.I)


def read_sentence(page: Page, mention: Mention) -> Reading | None:
    """What a sentence does with the mention: tells it, witnesses, cites; None for a mere subject."""
    text, start, end = page.text, mention.start, mention.end
    if mention.ambiguous and not beside_news_agency(text, mention):
        return None
    kind = mention.agencies[0].kind
    if kind in ("wire", "photo", "carrier"):
        return None
    before = text[max(0, start - 64) : start].rpartition("\n")[2]
    sells = kind == "agency"
    witness = _witness(text, start, end, before) if sells else None
    if witness is not None:
        return witness
    if (match := _TOLD.search(before)) is not None:
        low = start - len(before) + match.start()
        # Who explains that it is a news agency writes for another house.
        weight = WEIGHTS["told"] if sells and "news agency " not in match[0] else 0.0
        return Reading("cited", "told", low, end, weight, "someone told it something")
    if (match := _SAID_AFTER.match(text, end, end + 60)) is not None:
        return Reading("cited", "said", start, match.end(), WEIGHTS["said"], "it is cited")
    if (match := _SAID_BEFORE.search(before)) is not None:
        return Reading(
            "cited", "said", start - len(before) + match.start(), end, WEIGHTS["said"], "it is cited"
        )
    if (match := _REPORT.match(text, end, end + 30)) is not None:
        return Reading("cited", "said", start, match.end(), WEIGHTS["said"], "its report is cited")
    if not sells and (
        _ON_AIR.search(before) or text[end : end + 2] in ("'s", "’s") or _PEOPLE.match(text, end, end + 30)
    ):
        return Reading("cited", "named", start, end, 0.0, "named as a medium")
    return None


def _witness(text: str, start: int, end: int, before: str) -> Reading | None:
    after = _WITNESS_AFTER.match(text, end, end + 60)
    according = _ACCORDING.search(before)
    if after is None:
        if _TALLY.match(text, end, end + 20) and (according or _WITNESS_BEFORE.search(before)):
            low = start - len(before) + (according.start() if according else 0) if according else start
            return Reading("cited", "told", low, end, WEIGHTS["told"], "its own tally")
        return None
    if _PASSIVE.match(text, after.end(), after.end() + 50) and not according:
        return Reading("cited", "named", start, after.end(), 0.0, "its people are a subject")
    single = _WITNESS_BEFORE.search(before)
    if according is not None:
        low = start - len(before) + according.start()
    elif _SENSES.match(text, after.end(), after.end() + 120) and (single or _plural(after[1])):
        low = start - len(before) + single.start() if single else start
    else:
        return Reading("cited", "named", start, after.end(), 0.0, "its people are named")
    return Reading("origin", "witness", low, after.end(), WEIGHTS["witness"], "its own witness")


def _plural(word: str) -> bool:
    return word.casefold().endswith(("s", "en", "i"))
