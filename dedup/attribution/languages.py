"""Agencies in sentences of French, German, Spanish, Italian and Portuguese: told, cited, present at the scene.

English verbs stand beside the agency ("told X", "X said", "an X reporter"). In these languages an article or a
preposition comes between, by which a sentence is known before its verbs are looked for: "a déclaré à l'X", "sagte der
X", "un periodista de X", "ha detto all'X", "disse à X".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Act = Literal["told", "said", "witness", "people", "correspondent"]

# "news agency" before the name, with what may say whose it is; it is taken off before the verbs are looked for.
_AGENCY = re.compile(
    r"\b(?:(?:französischen?|amtlichen?|staatlichen?|deutschen?|russischen?|chinesischen?|österreichischen?)\s)?"
    r"(?:agence(?:\sde\spresse)?|dépêche|nachrichtenagentur|presseagentur|agentur|agencia(?:\sde\snoticias)?"
    r"|agenzia(?:\sdi\sstampa)?|agência(?:\sde\snotícias)?)(?:\s[^\W\d_]{4,14})?\s{0,2}$",
    re.I,
)
_END = r"\s?$"
_THE = r"(?:l['’]\s?|la\s|le\s|die\s|der\s|den\s|das\s|a\s|o\s)?"
_TO_FR = r"(?:à|a|auprès\sde|devant|pour|avec)\s(?:l['’]\s?|la\s)?"
_TO_DE = r"(?:der|gegenüber\sder|gegenüber|mit\sder|mit|dem|bei\sder|die)\s"
_TO_ES = r"(?:a|con|para)\s(?:la\s)?"
_TO_IT = r"(?:all['’]\s?|alla\s|al\s|a\s|con\sl['’]\s?|con\sla\s|con\s)"
_TO_PT = r"(?:à|ao|a|com\sa|com)\s"
_BY = (
    r"(?:par\s(?:l['’]\s?|la\s)?|von\s(?:der\s)?|der\s|por\s(?:la\s)?|dall['’]\s?|dalla\s|da\s|pela\s|pelo\s"
    r"|à\s(?:l['’]\s?)?|a\s(?:la\s)?|all['’]\s?|alla\s)"
)
_WORDS = r"\s(?:[^\s.!?]{1,16}\s){0,3}?"

_FAR = r"\s(?:[^\s!?]{1,16}\s){0,6}?"  # German puts the speaker and the day before whom he told

_TOLD_FR = (
    r"(?:déclar|indiqu|affirm|confi|expliqu|assur|précis|racont|annonc|confirm|estim|soulign|ajout|rappel|révél"
    r"|témoign|détaill|réag|commenc|télégraphi|câbl|mand)(?:é|e|ent|ait|aient|ée|i|it)"
    r"|dit|disait|répondu|écrit|fait\ssavoir|parlé|confie|interview|entretien|déclarations?"
)
_TOLD_DE = (
    r"(?:sag|erklär|bestätig|teil|bericht|erzähl|beton|versicher|antwort|äußer|verweiger)(?:te|ten|t|en)"
    r"|sprach|sprachen|gesagt|mitgeteilt|gesprochen|bestätigt|erklärt|verriet|Anfrage|Gespräch|Interview"
)
_TOLD_ES = (
    r"(?:dij|declar|asegur|explic|afirm|indic|señal|coment|confirm|manifest|inform|precis|relat|apunt|cont|revel"
    r"|reconoc|respond|subray|detall|adelant)(?:o|ó|aron|eron|ieron|ió|ado|aba)"
    r"|dicho|declaraciones|entrevista|comunicado"
)
_TOLD_IT = (
    r"(?:dichiar|spieg|raccont|afferm|conferm|comment|precis|rivel|rifer|sottoline|ribad|anticip)"
    r"(?:ato|ito|a|ano|isce|ava|ò|ì)|detto|dice|disse|risposto|parlando|intervista|dichiarazioni"
)
_TOLD_PT = (
    r"(?:afirm|declar|explic|cont|adiant|revel|refer|confirm|indic|inform|garant|sublinh|salient|precis|avanç"
    r"|coment|relat|admit|assegur|esclarec)(?:ou|aram|iu|iram|eu|eram)|disse|disseram|declarações|entrevista"
)
_ASKED = (
    r"(?:interrog|interview|contact|sollicit|consult|questionn|cit|rapport|obten|transm|vu|communiqu|sond)"
    r"(?:é|ée|és|ées|u|ue|us|is|ise)?|joint[es]{0,2}"
    r"|befragt|interviewt|kontaktiert|eingesehen|entrevistad[oa]s?|consultad[oa]s?|contactad[oa]s?|preguntad[oa]s?"
    r"|intervistat[oaie]|interpellat[oaie]|contattat[oaie]|sentit[oaie]|ouvid[oa]s?|questionad[oa]s?|contatad[oa]s?"
)
_TOLD = re.compile(
    rf"\b(?:(?:{_TOLD_FR}){_WORDS}{_TO_FR}|(?:{_TOLD_DE}){_FAR}{_TO_DE}|(?:{_TOLD_ES}){_WORDS}{_TO_ES}"
    rf"|(?:{_TOLD_IT}){_WORDS}{_TO_IT}|(?:{_TOLD_PT}){_WORDS}{_TO_PT}|(?:{_ASKED})\s{_BY}){_END}",
    re.I,
)
_CITED_BY = re.compile(
    r"\b(?:cité|citée|cités|citées|rapporté|rapportée|publié|publiée|diffusé|diffusée|relayé|relayée|repris|reprise"
    r"|révélé|annoncé|zitiert|verbreitet|veröffentlicht|gemeldet|citad[oa]s?|publicad[oa]s?|difundid[oa]s?"
    r"|recogid[oa]s?|citat[oaie]|riportat[oaie]|diffus[oaie]|pubblicat[oaie]|divulgad[oa]s?|noticiad[oa]s?)"
    rf"\s{_BY}{_END}",
    re.I,
)
_SAYS = re.compile(
    r"\b(?:selon|d['’]après|suivant|rapporte|rapportait|rapporté|annonce|annonçait|annoncé|indique|indiqué|écrit"
    r"|affirme|affirmé|dit|mande|télégraphie|signale|signalé|précise|précisé|relève|citant|révèle|révélé|croit\ssavoir"
    r"|dépêches?\s(?:de|à)|bulletins?\s(?:de|d['’])|informations?\s(?:de|d['’])|version\s(?:de|d['’])|communiqué\s(?:de|à)|service\s(?:de|d['’])"
    r"|laut|nach|wie|meldet|meldete|melden|berichtet|berichtete|schreibt|schrieb|zitiert|zitierte|so|auf"
    r"|(?:nach|unter)\s(?:angaben|informationen|meldungen|berufung)(?:\sauf|\svon)?"
    r"|(?:bericht|berichten|meldung|meldungen|informationen|angaben|depesche|depeschen|umfrage)"
    r"|según|constató|confirmó|informa|informó|informado|reporta|reportó|señala|recoge|de\sacuerdo\s(?:con|a)|publica|publicó|citando\sa"
    r"|secondo|riferisce|riferito|riporta|riportato|scrive|stando\sa|come\srende\snoto|apprende|citando"
    r"|segundo|de\sacordo\scom|conforme|noticiou|noticia|avança|avançou|informou|adianta|adiantou|escreve|cita)"
    rf"\s?(?:(?:de|d['’]|da|do|der|des|von|dell['’]|della|all['’]|alla|quanto)\s?)?{_THE}{_END}",
    re.I,
)
_SEGUN = re.compile(r"\bsegún\s(?:[^\s.,]{1,14}\s){0,3}(?:a\s|la\s)?$", re.I)
_SAYS_AFTER = re.compile(
    r"[»“”\"’]?,?\s(?:(?:a|ha|hat|hatte|avait|aveva|había|tem|heute|hier|aujourd['’]hui|hoy|oggi|hoje|am\s\w{6,10}"
    r"|le|jeudi|lundi|mardi|mercredi|vendredi|samedi|dimanche)\s){0,2}"
    r"(?:rapport|indiqu|annonç|annonc|affirm|précis|signal|communiqu|déclar|reç|publi|donn|mand|cit|croi|télégraphi)"
    r"(?:e|é|ait|oit|iait|t)\b"
    r"|[»“”\"’]?,?\s(?:dit|écrit|apprend|a\sappris"
    r"|(?:bericht|meld|zitier|verbreit|erfähr|erfuhr|schreib|schrieb|teil)(?:et|ete|t|te)?|zufolge|unter\sberufung"
    r"|(?:ha\s)?(?:inform|report|señal|indic|public|cit|difund|recog|añad|asegur|dij)(?:ó|a|ado|ió|e|o)"
    r"|(?:ha\s)?(?:riport|rifer|scriv|cit|apprend|inform)(?:a|ato|isce|ito|e)"
    r"|(?:inform|notici|avanç|revel|cit|adiant|escrev|refer|apur)(?:ou|a|eu|e|iu))\b"
    r"|-(?:meldung|bericht|depesche|informationen|angaben|umfrage|korrespondent|reporter|journalist|mitarbeiter"
    r"|fotograf|anfrage|interview|gespräch)",
    re.I,
)
_PEOPLE_FR = (
    r"(?:journaliste|correspondant|correspondante|envoyée?\sspéciale?|reporter|photographe|vidéaste|équipe)s?"
)
_PEOPLE = (
    rf"(?:{_PEOPLE_FR}|(?:sonder|auslands)?(?:korrespondent|reporter|journalist|fotograf|mitarbeiter|berichterstatter)"
    r"(?:in|innen|en|s)?|periodistas?|corresponsal(?:es)?|reporter[oa]s?|enviad[oa]s?(?:\sespecial(?:es)?)?"
    r"|fotógraf[oa]s?|equipo|giornalist[aie]|corrispondent[ei]|cronist[aie]|inviat[oaie]|fotograf[oi]"
    r"|jornalistas?|correspondentes?|repórter(?:es)?|equipa|equipe)"
)
_OF = r"(?:de\sl['’]\s?|de\sla\s|de\s|d['’]\s?|du\s|des\s|der\s|von\s|dell['’]\s?|della\s|di\s|da\s|do\s)"
_HIS = re.compile(
    rf"\b(?:[^\s.!?()]{{1,9}}\s)?(?P<who>{_PEOPLE})\s(?:[^\s.!?]{{2,14}}\s){{0,2}}?{_OF}{_END}", re.I
)
_SENSED = re.compile(
    r"\b(?:constat|observ|assist|compt|entend|aperç|racont|rapport|décri)(?:é|e|er|u|ent|t)\b|\b(?:vu|voit|vus)\b"
    r"|\b(?:selon|d['’]après|sur\splace)\b"
    r"|\b(?:beobacht|zähl|bericht|schilder)(?:et|ete|eten|te|ten)\b|\b(?:sah|sahen|hörte|hörten|laut|vor\sort)\b"
    r"|\b(?:constat|comprob|presenci|observ|escuch)(?:ó|aron)\b|\b(?:vio|vieron|pudo\sver|según|testigo)\b"
    r"|\bha\s(?:visto|constatato|assistito|sentito)\b|\b(?:secondo|sul\sposto)\b"
    r"|\b(?:constat|testemunh|observ|verific)(?:ou|aram)\b|\b(?:viu|viram|segundo|no\slocal)\b",
    re.I,
)
_FROM = re.compile(r"[(\[\n]\s{0,2}((?:vo[mn]|du|de|par|del|dal|do|da|por)\s(?:\w{2,9}\s){0,2})$", re.I)
_ENDS = frozenset(
    """
    à a auprès devant avec der gegenüber mit die dem con all' alla al ao com par von por dall' dalla da pela pelo l' la
    le das den o agence agentur nachrichtenagentur presseagentur agencia agenzia agência presse noticias notícias stampa
    de d' du des di dell' della do selon d'après suivant laut nach wie so auf según secondo segundo conforme
    rapporte annonce indique écrit affirme dit mande signale précise relève citant révèle meldet meldete melden
    berichtet berichtete schreibt schrieb zitiert zitierte informa informó reporta reportó
    señala recoge riferisce riporta scrive
    apprende noticiou noticia avança avançou informou adianta adiantou escreve cita citando publica publicó acuerdo
    rapporté annoncé informado riferito riportato rapportait annonçait indiqué affirmé signalé précisé révélé
    constató confirmó
    """.split()
)
_OPENING = '«„“"‘ '
_QUOTES = ' \t\n\xa0«„“"‘'


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a sentence does with an agency, and where the words that say so begin; ``to`` is where they end."""

    act: Act
    start: int
    to: int


def read_before(text: str, start: int, end: int, before: str) -> Spoken | None:
    """How the words ``before`` the agency ``[start, end)``, in its sentence, name it; None where none of these do."""
    if not speaks(before):
        return None
    at = start - len(before)
    lead = before.rstrip(_OPENING)
    lead += " " * (len(lead) < len(before))
    if (named := _AGENCY.search(lead)) is not None:
        lead = lead[: named.start()]
    his = _HIS.search(lead)
    if his is not None:
        return _people(text, before, at, his, end)
    for act, pattern in _ACTS:
        match = pattern.search(lead)
        if match is not None:
            return Spoken(act, at + match.start(), end)
    return None


def read_after(text: str, start: int, end: int) -> Spoken | None:
    """How the words behind the agency ``[start, end)`` name it: as one that says something."""
    after = _SAYS_AFTER.match(text, end, end + 50)
    return Spoken("said", start, after.end()) if after is not None else None


_ACTS: tuple[tuple[Act, re.Pattern[str]], ...] = (
    ("said", _CITED_BY),
    ("told", _TOLD),
    ("said", _SAYS),
    ("said", _SEGUN),
)


def speaks(before: str) -> bool:
    """Does a word of these languages stand right before the agency? English has few of them."""
    words = before[-24:].rstrip(_QUOTES).replace("’", "'").casefold().split()
    if not words:
        return False
    word, apostrophe, _ = words[-1].rpartition("'")
    return f"{word}'" in _ENDS if apostrophe else words[-1] in _ENDS


def _people(text: str, before: str, at: int, his: re.Match[str], end: int) -> Spoken:
    """Its people: witnesses where they sense something, authors behind "from our", else only named."""
    low = at + his.start()
    signed = _FROM.search((text[at - 1 : at] or "\n") + before[: his.start("who")])
    if signed is not None:
        return Spoken("correspondent", at - 1 + signed.start(1), end)
    around = before[: his.start()][-60:] + " " + text[end : end + 60].partition(".")[0]
    return Spoken("witness" if _SENSED.search(around) else "people", low, end)
