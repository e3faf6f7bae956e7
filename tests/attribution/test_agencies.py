"""The list of agencies: complete, sound, and refused with a reason when it is not."""

from __future__ import annotations

import pytest

from dedup.attribution.agencies import load_agencies, parse_agencies
from dedup.errors import AgenciesError

CODES = """AP RTR AFP PA DPA EFE ANSA XIN TASS KYO JIJI YNA UPI BLM DJ PTI ANI IANS UNI AA WAM KUNA SPA MENA
QNA PETRA NNA AAP CP APA ATS BEL ANP NTB TT RIT STT PAP CTK MTI AGP UKF IFX ANT BER NAN IRNA TASN SPU VOA RFE
CNN NYT WP TNS IPS CONV PROP KFF PRN BW GNW ACC"""


def test_holds_every_agency_that_the_reference_names() -> None:
    assert set(CODES.split()) <= {agency.code for agency in load_agencies().agencies}


def test_every_spelling_is_found_whole() -> None:
    listed = load_agencies()
    for spelling in listed.forms:
        match = listed.pattern.fullmatch(spelling)
        assert match is not None, spelling
        assert listed.form(spelling).agencies


def test_blanks_inside_a_name_may_vary() -> None:
    listed = load_agencies()
    match = listed.pattern.search("By Associated\n Press")
    assert match is not None
    assert listed.form(match[0]).agencies[0].name == "AP"


def test_a_subdomain_belongs_to_its_host() -> None:
    listed = load_agencies()
    agency = listed.of_host("www.uk.reuters.com")
    assert agency is not None
    assert agency.name == "Reuters"
    assert listed.of_host("notreuters.com") is None
    assert listed.of_host("") is None


ONE = '[[agency]]\nname = "Fjord"\ncode = "FJ"\nkind = "agency"\ntags = ["FJ"]\n'


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("[[agency", "not valid TOML"),
        ("x = 1", "holds no"),
        ('[[agency]]\ncode = "X"\nkind = "agency"\ntags = ["X"]', "name is missing"),
        (ONE.replace('"agency"', '"paper"'), "kind is 'paper'"),
        (ONE.replace("tags", "tag"), "unknown field 'tag'"),
        (ONE.replace('["FJ"]', '"FJ"'), "tags must be a list"),
        (ONE.replace('tags = ["FJ"]', ""), "neither names nor tags"),
        (ONE + "weak = 1", "weak must be true or false"),
        (ONE + 'initials = "1"', "initials must be a number"),
        (ONE + ONE, "claimed twice"),
        (
            ONE + ONE.replace("Fjord", "Fell").replace('"FJ"\nkind', '"FE"\nkind').replace("tags", "names"),
            "names both",
        ),
        (ONE + 'phrases = [{ text = "x" }]', "a phrase needs exactly"),
    ],
)
def test_a_damaged_list_is_refused_with_the_reason(source: str, reason: str) -> None:
    with pytest.raises(AgenciesError, match=reason):
        parse_agencies(source, "mine.toml")


def test_a_list_of_ones_own_reads() -> None:
    from dedup.attribution.credits import find_credits
    from dedup.model import Article

    (credit,) = find_credits(Article("a", "OSLO (FJ) — Ferries stopped."), agencies=parse_agencies(ONE))
    assert (credit.agency, credit.kind) == ("Fjord", "dateline")
