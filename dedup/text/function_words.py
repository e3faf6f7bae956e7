"""Function words: the commonest words of the languages that news is read in here, which tell nothing by themselves.

Two short articles are too few to tell that "after" is common. Only words without a subject of their own are listed:
articles, pronouns, prepositions, conjunctions, auxiliaries.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dedup.jit import kernel
from dedup.text.tokens import token_hashes

_ENGLISH = (
    "a about above after again against all also although always am among an and another any anyone "
    "anything are around as at away back be because been before behind being below between both but by "
    "came can cannot come could did didnt do does doing done dont down during each either else ever every "
    "for from further get go going got had has hasnt have having he her here hers him himself his how "
    "however i if im in into is isnt it its itself ive just least less let like made make many may me "
    "might mine more most much must my near neither never no nor not now of off often on once one only "
    "onto or other others our ours out over own per perhaps quite rather same see she should since so "
    "some still such than that thats the their theirs them themselves then there these they this those "
    "though through to together too toward towards under until up upon us very was wasnt we well went "
    "were what when where whether which while who whom whose why will with within without would yet you "
    "your yours yourself"
)
_FRENCH = (
    "ai ainsi alors apres au aucun aussi autre autres aux avant avec avait avaient avoir bien car ce ceci "
    "cela celle celui ces cet cette ceux chez comme comment contre dans de depuis des deux dont donc du "
    "elle elles en encore entre est et etait etaient etant etc ete etre eux fait faire fut ici il ils je "
    "la le les leur leurs lors lorsque lui mais meme memes moins ne ni non nos notre nous on ont ou par "
    "parce pas pendant peu peut plus pour pourquoi quand que quel quelle quelles quels qui sa sans se "
    "selon sera ses si soit son sont sous sur ta tandis tant te tous tout toute toutes tres tu un une "
    "vers vos votre vous y"
)
_GERMAN = (
    "aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bereits bin "
    "bis bist da dabei dadurch daher damit dann darauf darf das dass dem den denn der deren des dessen "
    "die dies diese diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines er es "
    "etwa etwas fuer für gegen gewesen gibt hat hatte hatten haben ihm ihn ihnen ihr ihre ihrem ihren "
    "ihrer im immer in ins ist ja jede jedem jeden jeder jedes jedoch jetzt kann kein keine keinen können "
    "könnte man mehr mit muss müssen nach nicht noch nun nur ob oder ohne sehr seien sein seine seinem "
    "seinen seiner seit sich sie sind so soll sollen sollte sowie um und uns unter vom von vor war waren "
    "was wegen weil weiter weitere weiteren welche wenn wer werde werden wie wieder will wir wird wo "
    "worden wurde wurden würde zu zum zur zwar zwischen über"
)
_SPANISH = (
    "a al algo ante antes aquel aquella asi aun aunque cada como con contra cual cuando de del desde "
    "donde durante e el ella ellas ellos en entre era eran eres es esa esas ese eso esos esta estaba "
    "estado están estas este esto estos fue fueron ha haber había habían han has hasta hay la las le les "
    "lo los mas me mi mientras muy más nada ni no nos nosotros o os otra otras otro otros para pero poco "
    "por porque pues que quien quienes se sea según ser si sido sin sobre solo son su sus también tanto "
    "te tiene tienen todo todos tras tu un una unas uno unos y ya yo"
)
_ITALIAN = (
    "a ad agli ai al alla alle allo anche ancora avere aveva avevano c che chi ci come con contro cosi "
    "cui da dagli dai dal dalla dalle dallo degli dei del dell della delle dello di dopo dove due e ed "
    "era erano essere fra gia gli ha hanno ho i il in io l la le lei li lo loro lui ma mentre mi molto ne "
    "negli nei nel nella nelle nello no noi non nostro o ogni oltre per perche piu poi prima pure quale "
    "quando quanto quella quelle quello questa queste questi questo qui sara se secondo sei senza si sia "
    "siamo sono sotto stata state stati stato su sua sue sugli sui sul sulla sulle suo suoi tra tutti "
    "tutto un una uno verso vi"
)
_PORTUGUESE = (
    "a ainda ao aos apenas após aquela aquele as assim até cada com como contra cujo da das de dela dele "
    "deles depois desde do dos durante e ela elas ele eles em entre era eram essa esse esta estava este "
    "estão eu foi foram há isso isto já la lhe mais mas me mesmo muito na nas nem no nos não nós o onde "
    "os ou outra outras outro outros para pela pelas pelo pelos por porque qual quando que quem se "
    "segundo sem ser será seu seus sido sob sobre sua suas são também te tem tinha toda todas todo todos "
    "três um uma umas uns é à às"
)


@lru_cache(maxsize=1)
def function_words() -> npt.NDArray[np.uint64]:
    """Token hashes of all the words, uint64, as a table for `is_function_word`: 0 where free."""
    words = np.unique(token_hashes(" ".join((_ENGLISH, _FRENCH, _GERMAN, _SPANISH, _ITALIAN, _PORTUGUESE))))
    table = np.zeros(1 << (4 * len(words)).bit_length(), np.uint64)
    _fill(words, table)
    return table


@kernel
def _fill(words: npt.NDArray[np.uint64], table: npt.NDArray[np.uint64]) -> None:
    mask = np.uint64(len(table) - 1)
    for k in range(len(words)):
        slot = words[k] & mask
        while table[slot]:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = words[k]


@kernel
def is_function_word(table: npt.NDArray[np.uint64], word: np.uint64) -> bool:
    """Whether a token hash stands in the table of `function_words`."""
    mask = np.uint64(len(table) - 1)
    slot = word & mask
    while table[slot]:
        if table[slot] == word:
            return True
        slot = (slot + np.uint64(1)) & mask
    return False
