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
        parse_agencies(source)


def test_a_list_of_ones_own_reads() -> None:
    from dedup.attribution.credits import find_credits
    from dedup.model import Article

    (credit,) = find_credits(Article("a", "OSLO (FJ) — Ferries stopped."), agencies=parse_agencies(ONE))
    assert (credit.agency, credit.kind) == ("Fjord", "dateline")


FJORD = '[[agency]]\nname = "Fjord"\ncode = "FJ"\nkind = "agency"\nnames = ["Fjord Press"]\ntags = ["FJP"]\n'
STORY = """The harbour board of Port Hesk voted on Monday to close the old grain pier before the winter
storms arrive. Engineers who examined its timbers in August told the board that the outer third may not
survive another season, and that repairs would cost more than a new landing stage on the northern quay.
"""


def test_a_list_of_ones_own_extends_the_programs_by_name() -> None:
    mine = FJORD + '[[agency]]\nname = "Reuters"\nnames = ["Reuters Fjordland"]\ncountry = "NO"\n'
    plain, more = load_agencies(), load_agencies(mine)
    assert [a.name for a in more.agencies] == [*(a.name for a in plain.agencies), "Fjord"]
    before, after = plain.by_name["reuters"], more.by_name["reuters"]
    assert after.names == (*before.names, "Reuters Fjordland")
    assert (after.country, after.hosts, after.signoff) == ("NO", before.hosts, before.signoff)
    assert load_agencies() is plain


def test_a_credit_to_an_agency_of_ones_own_spreads_to_a_copy() -> None:
    from dedup import Article, Settings, run

    articles = [
        Article("wire", f"PORT HESK, Oct 3 (FJP) - {STORY}", published="2024-10-03T08:00:00Z"),
        Article("copy", STORY, published="2024-10-03T12:00:00Z"),
    ]
    settings = Settings(agencies=FJORD)
    wire, copy = run(articles, settings).articles
    assert (wire.origin.agency, wire.origin.status) == ("Fjord", "confirmed")
    assert (copy.origin.agency, copy.origin.inferred_from) == ("Fjord", "wire")
    assert copy.composition == {"Fjord": 1.0}
    assert run(articles).articles[1].origin.agency is None


def test_a_run_tells_a_digest_of_ones_own_agencies_not_their_text() -> None:
    from dedup import Settings, run

    given = Settings(agencies=FJORD)
    summary = run([], given).summary
    assert len(summary["settings"]["agencies"]) == 16
    assert summary["fingerprint"] == given.fingerprint != Settings().fingerprint
    assert run([]).summary["settings"]["agencies"] == ""
