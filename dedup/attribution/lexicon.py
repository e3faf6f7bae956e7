"""Words of the languages that credits are written in. Vocabulary only: no agency stands here."""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(listed.split())


def begins_name(word: str) -> bool:
    """May a word stand in a name: by its capital, or in a script that has none?"""
    first = word[0]
    return first.isupper() or (first.isalpha() and first.lower() == first.upper())


WITH = r"(?:with|mit|avec|con|com)"
"""A pattern for the word before those who helped: "with AGENCY"."""
WITH_ABROAD = r"(?:mit|avec|con|com)"
"""The same without English, in which "with" stands before much else."""

SIGNED = r"\s{0,8}(?:By|BY|Von|Par|Por|Di|Door)\s"
"""A pattern for the front of a line that a writer signs."""

MONTHS = words(
    """
    january february march april may june july august september october november december jan feb mar
    apr jun jul aug sep sept oct nov dec januar februar märz maerz mai juni juli oktober dezember jänner
    janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre
    decembre janv févr juil enero febrero marzo abril mayo junio julio agosto septiembre setiembre
    octubre noviembre diciembre ene abr ago dic gennaio febbraio aprile maggio giugno luglio settembre
    ottobre dicembre gen mag giu lug set ott janeiro fevereiro março marco maio junho julho setembro
    outubro novembro dezembro fev out dez okt maj januari februari augusti
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря янв фев мар апр
    июн июл авг сен сент окт ноя дек січня лютого березня квітня травня червня липня серпня вересня жовтня
    листопада грудня
    يناير فبراير مارس أبريل إبريل ابريل مايو يونيو يونيه يوليو يوليه أغسطس اغسطس سبتمبر أكتوبر اكتوبر نوفمبر
    ديسمبر شباط آذار نيسان أيار حزيران تموز آب أيلول
    जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
    ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
    """
)
"""Month names and their abbreviations."""

DAYS = words(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado
    domingo montag dienstag mittwoch donnerstag freitag samstag sonntag
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
    mandag tirsdag onsdag torsdag fredag lørdag søndag måndag tisdag lördag söndag
    الاثنين الإثنين الثلاثاء الأربعاء الاربعاء الخميس الجمعة السبت الأحد الاحد
    """
)
"""Days of the week."""

PLACE_PARTICLES = words(
    """
    de la le du des del der den dem am an of al el and upon sur sous en i y e es und et in on the da do
    di dos das near aboard off
    """
)
"""Small words inside the name of a place."""

NOT_PLACES = words(
    """
    the a an president minister party former senator by photo photograph picture image source via prime
    king queen chairman secretary mr mrs ms dr gov rep sen according with and but or in on at when while
    after this that صورة تصوير المصدر عن фото источник
    """
)
"""Words that no place begins with."""

WITH_ARTICLE = words("hague bronx gambia bahamas hamptons dalles woodlands villages")
"""What follows "The" in the name of a place."""

OFFICES = words(
    """
    writer writers correspondent correspondents reporter reporters staff editor editors news wire wires
    service services bureau chief desk press media newswires newsroom team columnist analyst contributor
    report reports korrespondent redaktion journalist journalists agency contributors
    """
)
"""What follows an agency's name in a byline."""

DATES = words(
    """
    am pm a.m p.m et est edt gmt utc cdt cst mdt mst pdt pst bst ist ago hrs hr hours hour min mins
    minutes minute updated published posted first last modified on at o'clock uhr today yesterday now
    print january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday
    mon tue wed thu fri sat sun in local time pic comments comment share
    publié publiée le la par mis mise à jour veröffentlicht aktualisiert stand um publicado publicada
    actualizado el las del de pubblicato aggiornato il alle atualizado às em h
    """
) | (MONTHS | DAYS)
"""Words that belong to a time of publication."""

NAME_PARTICLES = words(
    """
    and und et y e och og & de la del della di da dos du van von der den ten ter bin ibn al el le of in
    for with to the at special jr sr
    """
)
"""Small words inside and between the names of persons."""

CREDIT_WORDS = words(
    """
    and with & staff from by news wire services service reports report agencies agency desk online team
    web inputs input correspondents correspondent et und y e de la mit the our compiled combined
    dispatches wires writer writers reporter reporters special agences agenturen agencias agenzie
    agências source sources i avec con com par por von le la les las le des der das delle dos di do material
    agenturmaterial informations información informaciones informações informazioni fonti
    """
)
"""Words in lower case that a credit line may hold."""
