"""Credit lines below a text: contributors, copyright lines, source labels, tags that close it.

Sign-offs and initials, which spell out no agency, are read in `signoffs`.
"""

from __future__ import annotations

import re

from dedup.attribution.lexicon import SIGNED, WITH, WITH_ABROAD
from dedup.attribution.page import Page
from dedup.attribution.reading import Reading, weighed

_WRITER = (
    r"(?:\w{1,30}\s){0,3}?(?:writers?|reporters?|journalists?|correspondents?|staff|staffers?|editors?"
    r"|researchers?|contributors?|"
    r"producers?|photographers?|columnists?)\b"
)
_IS_WRITER = re.compile(rf"\s{{1,2}}{_WRITER}", re.I)
_CONTRIBUTED = re.compile(
    r"\bcontributed\b(?!\s(?:\$|money|funds|more))|\bhelped (?:write|report) this\b"
    r"|\ba contribué à c|\bha contribuito a quest|\bcontribuyó (?:a|con|en) est|\bha contribuido a est"
    r"|\bcontribuiu para est|\bbeigetragen\b",
    re.I,
)
_CONTRIBUTED_FROM = re.compile(
    r"(?:\b(?:with|based on|includes?|including|additional|some)\s(?:\w{1,30}\s){0,3}(?:files?|reporting|reports?"
    r"|inputs?|information|material|"
    r"contributions?|text|copy)\s(?:from|by|of|via)|\bwith inputs?(?: from)?|\binputs from"
    r"|\badditional reporting by"
    r"|\bmaterial from|\binformation from"
    r"|\breporting from"
    r"|\b(?:information|material|reporting) (?:for|in) this (?:report|story|article)(?: \w{1,30})? (?:from|by))"
    r"\s{0,2}(?:the\s|der\s|la\s|l['’])?$",
    re.I,
)
# Where "with" opens a credit: at the start of its line or brackets, behind a stop or the writers' names.
_WITHS = re.compile(rf"\b{WITH_ABROAD}\b", re.I)
_SHARES = re.compile(
    rf"(?:^|[(.!?–—\-]\s{{0,2}}){WITH_ABROAD}\s"
    r"(?:(?:l['’]\s?|la\s|le\s|les\s|die\s|der\s|el\s|los\s|il\s|i\s|a\s|o\s|as\s|os\s)?[^\W\d_]{4,18}\s"
    r"(?:[^\W\d_]{5,14}\s)?)?"
    r"(?:de\sl['’]\s?|de\sla\s|de\s|d['’]|der\s|des\s|von\s|dell['’]\s?|della\s|di\s|da\s|do\s|l['’]\s?|la\s|a\s)?"
    r"(?:agence\s|agentur\s|nachrichtenagentur\s|agencia\s|agenzia\s|agência\s)?$"
    r"|\b(?:mit|unter\sverwendung\svon)\s(?:agentur)?(?:material|beiträgen|informationen)\s(?:von|der|des)\s"
    r"(?:nachrichtenagentur\s)?$",
    re.I,
)
_BESIDE = re.compile(rf"(?:[^\s.!?]{{1,16}}\s){{1,4}}{WITH_ABROAD}\s", re.I)
_COPYRIGHT = re.compile(
    r"(?:©|\([cC]\)|\bc\.\s?(?=\d{4})|[Cc]opyright"
    r"|COPYRIGHT)[\s©\d,&™®\-–.:;]{0,24}(?:\([cC]\)[\s\d,\-–]{0,12})?(?:[bB][yY]\s)?(?:[tT]he\s|THE\s)?$"
)
_COPYRIGHT_AFTER = re.compile(
    r"[^\n]{0,60}(?:All [Rr]ights? [Rr]eserved|Alle Rechte vorbehalten|[Tt]ous droits réservés|[Tt]odos los derechos"
    r"|[Tt]utti i diritti|[Rr]iproduzione riservata|[Tt]odos os direitos|©|\bTM\b|™)"
)
_RIGHTS = re.compile(
    r"[\s,.]{0,3}(?:L\.P\.|Inc\.?|Ltd\.?)?[\s,.]{0,3}"
    r"(?:All [Rr]ights [Rr]eserved|Alle Rechte vorbehalten|Tous droits réservés|Todos los derechos reservados"
    r"|Tutti i diritti riservati|Todos os direitos reservados)\.?"
)
_SOURCE = re.compile(
    r"(?:^|[\s/(\[|•\-–—])(?:المصدر|مصدر|来源|來源|出典|출처|источник"
    r"|source|sources|quelle|quellen|fuente|fuentes|fonte|fonti|story by"
    r"|news source|provided by|copy from"
    r"|republished from|reprinted from|originally (?:published|appeared) (?:in|on|by"
    r"|at)|\(end\))\s?(?:[:：]\s?[-–]?)?\s{0,2}(?:the\s)?$",
    re.I,
)
_NOT_TEXT = re.compile(
    r"\b(?:quotes?|data|prices?|rates|charts?|figures|scores|statistics|listings|photos?|images?|pictures?|videos?"
    r"|graphics?|weather)\s{1,2}provided by\s",
    re.I,
)
_THIS = re.compile(
    r"\bthis (?:report|story|article|item|dispatch) (?:is |was |comes |(?:first )?appeared )?(?:by|from)\s(?:the\s)?$",
    re.I,
)
_FEED_BEFORE = re.compile(r"\b(?:(?:published|generated) )?(?:from|by|via)\s(?:an?|the)\s$", re.I)
_FEED = re.compile(r"\s(?:news |syndicated |agency )?feed\b", re.I)
_SIGNED = re.compile(SIGNED)
_DISTRIBUTED = re.compile(r"\bdistributed by\s(?:the\s)?$", re.I)
_INPUTS = re.compile(r"\s(?:inputs?|reports?|reporting|files?|material)\b[\s.)\]]{0,3}(?=\n|$)", re.I)
_WITH = re.compile(rf"\b{WITH}\s(?:the\s)?$", re.I)
_END_INITIALS = re.compile(r"[\s.]{0,3}(?:[A-Z]{2,5}(?:[ /]{1,2}[A-Z]{2,5}){0,4})?[\s.]{0,3}$")
_SLUG = re.compile(r"[\w\-]{1,16}(?:[ ]\d{4}[A-Z]{3})?")
_EDITORS = re.compile(
    r"(?:\s[A-Z]{2,5}){1,5}[\s.]{0,3}(?:\n|$)|\s{0,3}\n\s{0,3}[a-z]{2,4}(?:/[a-z]{2,4}){1,4}\s{0,3}$"
)
_STOP_BETWEEN = re.compile(r"(?<!\bJr)(?<!\bSt)(?<!\b[A-Z])\. ")
_CONTRIBUTED_REACH = 260  # code points behind an agency within which it may be said to have contributed
_WRITERS_REACH = 500  # behind one whose writers are listed by name and place
_STOPS = frozenset('.!?"”»)’…。؟۔।')
_WRAPS = {"(": ")", "/": "/", "[": "]"}
_DASH_AFTER = re.compile(r"(?:\s?[-–—]{1,2})?")
_ABOVE_TEXT = 200  # code points of prose: a tag behind less stands above the text


def read_with(page: Page, start: int, end: int) -> Reading | None:
    """ "avec AFP", "(mit Material der dpa)", "Con información de EFE": what shares a credit line, in five languages."""
    text = page.text
    before = text[max(0, start - 70) : start].rpartition("\n")[2]
    if _WITHS.search(before) is None:
        return None
    beside = _BESIDE.fullmatch(before) is not None and text[end : end + 1] in ("", "\n", "\r", ")", ",", "/")
    if not beside and _SHARES.search(before) is None:
        return None
    return weighed("contributor", "contributor", start, end, "with material from")


def read_contribution(page: Page, start: int, end: int) -> Reading | None:
    """ "AP contributed to this report" and "AP writer X contributed", which mean different things."""
    text = page.text
    before = text[max(0, start - 70) : start].rpartition("\n")[2]
    if _CONTRIBUTED_FROM.search(before):
        return weighed("contributor", "contributor", start, end, "with material from")
    if _INPUTS.match(text, end, end + 20) and _WITH.search(before):
        return weighed("contributor", "contributor", start, end, "with its inputs")
    writer = _IS_WRITER.match(text, end, end + 50) is not None
    reach = end + (_WRITERS_REACH if writer else _CONTRIBUTED_REACH)
    line_end = text.find("\n", end, reach)
    line_end = min(len(text), reach) if line_end < 0 else line_end
    match = _CONTRIBUTED.search(text, end, line_end)
    if match is None or _STOP_BETWEEN.search(text, end, match.start()):
        return None
    stop = text.find(".", match.end(), match.end() + 60)
    finish = match.end() if stop < 0 or "\n" in text[match.end() : stop] else stop + 1
    if writer:
        return weighed("origin", "contributed", start, finish, "its own writer contributed")
    return weighed("contributor", "contributor", start, finish, "contributed to the report")


def read_copyright(page: Page, start: int, end: int) -> Reading | None:
    """A copyright line: the text's if prose stands before it, a picture's otherwise."""
    text = page.text
    before = text[max(0, start - 60) : start]
    match = _COPYRIGHT.search(before)
    if match is None:
        return None
    low = max(0, start - 60) + match.start()
    rights = _RIGHTS.match(text, end, end + 60)
    finish = rights.end() if rights else end
    dated = (
        any(c.isdigit() for c in text[low:start] + text[end : end + 6])
        or rights
        or _COPYRIGHT_AFTER.match(text, end, end + 100)
    )
    if not dated:
        return None
    if page.prose_before(low) == 0:
        return weighed("photo", "copyright", low, finish, "a copyright under a picture", "photo")
    return weighed("origin", "copyright", low, finish, "a copyright line after the text")


def phrase_end(text: str, end: int) -> int:
    """Where a phrase ends that ``end`` closes: one that breaks off at a hyphen runs on to its date and time."""
    slug = _SLUG.match(text, end) if text[end - 1] == "-" else None
    return slug.end() if slug else end


def read_label(page: Page, start: int, end: int) -> Reading | None:
    """ "Source: AP", "… (AP)" and "… - AP" at the text's end, "X is an AP writer."."""
    text = page.text
    before = text[max(0, start - 60) : start].rpartition("\n")[2]
    if (match := _SOURCE.search(before)) is not None and _NOT_TEXT.search(before) is None:
        low = start - len(before) + match.start()
        if match[0][0] != "(" or ")" not in match[0]:
            low += len(text[low:start]) - len(text[low:start].lstrip(" /([|•-–—"))
        if ":" in match[0] or "from" in match[0].casefold() or page.is_tail(end):
            inner = not page.is_tail(end) and page.is_deep(start, 400)
            return weighed("origin", "tail", low, end, "a source label", "inner" if inner else "tail")
    if (match := _THIS.search(before)) is not None and page.is_tail(end):
        low = start - len(before) + match.start()
        return weighed("origin", "tail", low, end, "the text says whose it is")
    if (
        (match := _FEED_BEFORE.search(before)) is not None
        and _FEED.match(text, end, end + 20)
        and page.is_tail(end)
    ):
        low = start - len(before) + match.start()
        return weighed("origin", "tail", low, end, "published from its feed")
    if (match := _DISTRIBUTED.search(before)) is not None and page.is_tail(end):
        low = start - len(before) + match.start()
        return weighed("carrier", "tail", low, end, "who distributes the text", "byline")
    segment = page.segment(start, end)
    if segment is not None and (writer := _IS_WRITER.match(text, end, min(end + 50, segment[1]))) is not None:
        said = text[segment[0] : start].casefold().rstrip()
        if said.endswith(
            (" is an", " is a", " is the", " are", " is a national", " is a former")
        ) and page.is_tail(end):
            return weighed("origin", "tail", segment[0], writer.end(), "its writer wrote it", "byline")
    return _closing(page, start, end)


def _closing(page: Page, start: int, end: int) -> Reading | None:
    """A tag that closes a line: "(TAG)", "/TAG/", "- TAG", with the editors' initials or without."""
    text = page.text
    low, high = start, end
    opener = text[start - 1 : start] or " "
    dashed = bare = False
    if opener in _WRAPS and _WRAPS[opener] in text[end : end + 2]:
        low, high = start - 1, text.index(_WRAPS[opener], end) + 1
    elif opener == "/" and "/" in text[start:end]:
        low = start - 1  # "/TAG/TAG", a chain that only its front closes off
    elif opener == " " and _initialled(text, start, end):
        bare = True
    else:
        lead = text[max(0, start - 3) : start].rstrip()
        if not lead or lead[-1] not in "-–—":
            return None
        low = max(0, start - 3) + len(lead) - 1
        while low and text[low - 1] in "-–—":
            low -= 1
        high += len(_DASH_AFTER.match(text, end)[0])  # type: ignore[index]
        dashed = True
    line_end = text.find("\n", high, high + 60)
    if line_end < 0:
        if high + 60 < len(text):
            return None
        line_end = len(text)
    if not _END_INITIALS.match(text, high, line_end):
        return None
    line = text[page.line_start(low) : low].rstrip()
    if line and line[-1] not in _STOPS:
        if line[-1] == "," or _SIGNED.match(line):
            return None
        # A sentence's full stop stands before the agency's tag; a caption runs straight into it.
        return (
            None
            if dashed or bare or _SIGNED.match(line)
            else weighed("photo", "photo", low, high, "a tag under a picture")
        )
    if page.is_tail(high) and (line or page.prose_after(high) == 0):
        return weighed("origin", "tail", low, high, "a tag at the end of the text")
    if dashed or bare:
        return None
    if min(page.prose_before(low), page.prose_before(page.line_start(low))) < _ABOVE_TEXT:
        return weighed("photo", "photo", low, high, "a tag above the text")
    return weighed("origin", "tail", low, high, "a tag at the end of a paragraph", "inner")


def _initialled(text: str, start: int, end: int) -> bool:
    """Do editors' initials follow a bare tag, which else might be a picture's: "… he said. TAG ABC DEF"?"""
    return (
        text[start - 2 : start - 1] in _STOPS
        and _EDITORS.match(text, end, min(len(text), end + 40)) is not None
    )
