"""The list of agencies: complete, sound, and refused with a reason when it is not."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

import dedup
from dedup.attribution.agencies import load_agencies, parse_agencies
from dedup.attribution.dateline import SHAPES
from dedup.attribution.listing import Agency, AgencyKind, Phrase
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


FJORD = '[[agency]]\nname = "Fjord"\ncode = "FJ"\nkind = "agency"\nnames = ["Fjord Press"]\ntags = ["FJP"]\n'
STORY = """The harbour board of Port Hesk voted on Monday to close the old grain pier before the winter
storms arrive. Engineers who examined its timbers in August told the board that the outer third may not
survive another season, and that repairs would cost more than a new landing stage on the northern quay.
"""
ONE = '[[agency]]\nname = "Fjord"\ncode = "FJ"\nkind = "agency"\ntags = ["FJ"]\n'
TWO = '[[agency]]\nname = "Fell"\ncode = "FE"\nkind = "agency"\ntags = ["FEL"]\n'
WHO = r"agency 1 \(Fjord\): "


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("[[agency", "not valid TOML: Expected"),
        ("agency = []", r"holds no \[\[agency\]\] table; begin each agency with that line"),
        ("agency = [1]", r"agency 1: is no table; begin it with a line \[\[agency\]\]"),
        ("x = 1\n" + ONE, "'x' stands outside of the .* tables; move it into one"),
        ('[[agency]]\ncode = "X"', "agency 1: name is missing; it must be a text"),
        (
            ONE.replace('code = "FJ"\n', ""),
            WHO + "code is missing; an agency that is not listed yet must have one",
        ),
        (ONE.replace("tags", "tag"), WHO + "unknown field 'tag'; did you mean 'tags'?"),
        (
            ONE + "zzz = 1",
            WHO + "unknown field 'zzz'; there are name, code, kind, country, names, .*not_after",
        ),
        (ONE.replace('"agency"', '"agencies"'), WHO + "kind 'agencies' is unknown; did you mean 'agency'?"),
        (ONE.replace('"agency"', '"x"'), WHO + "kind 'x' is unknown; there are agency, service, wire,"),
        (ONE + "country = 47", WHO + "country must be a text"),
        (ONE + 'country = "nor"', WHO + "country is 'nor'; write two capitals"),
        (ONE.replace('["FJ"]', '"FJ"'), WHO + "tags must be a list of texts that are not empty"),
        (ONE.replace('["FJ"]', '["FJ", " "]'), WHO + "tags must be a list of texts that are not empty"),
        (ONE.replace('tags = ["FJ"]', ""), WHO + "has neither names nor tags, .*; give it one"),
        (ONE.replace('["FJ"]', '["F"]'), WHO + "tags has 'F'; write two letters or more"),
        (ONE.replace('["FJ"]', '["FJ "]'), WHO + "tags has 'FJ '; .* no blank around them"),
        (ONE.replace('["FJ"]', '["Fjord  Press"]'), WHO + "tags has 'Fjord  Press'; .* single spaces"),
        (ONE + 'bracketed = ["*"]', WHO + r"bracketed has '\*'; write two letters or more"),
        (ONE.replace('"FJ"]', f'"{"Fj" * 200}"]'), WHO + r"tags has 'Fj.*'\.\.\., which is longer than 200"),
        (ONE.replace('"Fjord"', '"Own"'), r"agency 1 \(Own\): name is 'Own', by which results call another"),
        ("x = " + "[" * 9999, "not valid TOML: lists and tables lie too deep in one another"),
        (ONE + 'phrases = [{ text = " on ", kind = "tail" }]', WHO + "phrases has ' on '; .* single spaces"),
        (ONE.replace('["FJ"]', '["With"]'), WHO + "tags has 'With', which is a common word; add weak = true"),
        (ONE + 'names = ["News"]', WHO + "names has 'News', .*; make it one of the tags, with weak = true"),
        (ONE + "weak = 1", WHO + "weak must be true or false"),
        (ONE.replace("tags", "names") + "weak = true", WHO + "weak speaks of tags, and there are none"),
        (ONE.replace("tags", "names") + 'homonyms = ["x y"]', WHO + "homonyms speaks of tags"),
        (ONE + 'hosts = ["https://fjord.example/"]', WHO + "hosts has 'https://.*'; write the bare host"),
        (ONE + 'hosts = ["www.fjord.example"]', WHO + "hosts has 'www"),
        (ONE + 'hosts = ["fjord"]', WHO + "hosts has 'fjord'; write the bare host"),
        (ONE + 'datelines = ["slash"]', WHO + "datelines 'slash' is unknown; did you mean 'slashes'?"),
        (ONE + 'not_before = ["old town"]', WHO + "not_before has 'old town'; it compares single words"),
        (ONE + 'initials = "1"', WHO + "initials is '1'; it must be a number from -6 to 6"),
        (
            ONE.replace('"agency"', '"photo"') + "signoff = true",
            WHO + "signoff cannot be where kind is 'photo'",
        ),
        (ONE + "phrases = [1]", WHO + "phrases must be a list of { text, kind, role, weight }"),
        (ONE + "phrases = 1", WHO + "phrases must be a list of"),
        (ONE + 'phrases = [{ text = "x" }]', WHO + "phrases has one without a kind; it must be a text"),
        (ONE + 'phrases = [{ text = "x", kid = "tail" }]', WHO + "unknown field 'kid' of a phrase; .*'kind'"),
        (
            ONE + 'phrases = [{ text = "x", kind = "tale" }]',
            WHO + "a phrase's kind 'tale' is unknown; .*'tail'",
        ),
        (
            ONE + 'phrases = [{ text = "x", kind = "tail", role = "source" }]',
            WHO + "a phrase's role 'source' is unknown; there are origin, carrier,",
        ),
        (
            ONE + 'phrases = [{ text = "x", kind = "tail", weight = 7 }]',
            WHO + "a phrase's weight is 7; it must be a number from -6 to 6",
        ),
        (ONE + ONE, r"agency 2 \(Fjord\): name 'Fjord' is claimed twice; make one table of both"),
        (
            ONE + TWO.replace('"FE"', '"FJ"'),
            r"agency 2 \(Fell\): code has 'FJ', which belongs to Fjord; choose another",
        ),
        (
            ONE + 'hosts = ["fjord.example"]\n' + TWO + 'hosts = ["fjord.example"]',
            r"agency 2 \(Fell\): hosts has 'fjord.example', which belongs to Fjord; .* name = \"Fjord\" to extend",
        ),
        (ONE + TWO + 'names = ["fjord"]', r"agency 2 \(Fell\): names has 'fjord', which belongs to Fjord"),
        (
            ONE + TWO.replace('"FEL"', '"Fjord"'),
            r"agency 2 \(Fell\): tags has 'Fjord', which is a name of Fjord",
        ),
    ],
)
def test_a_damaged_list_is_refused_with_agency_field_and_remedy(source: str, reason: str) -> None:
    with pytest.raises(AgenciesError, match=f"^{reason}"):
        parse_agencies(source)


def test_what_is_wrong_with_ones_own_list_is_told_of_ones_own_table() -> None:
    mine = ONE + '[[agency]]\nname = "Reuters"\nhosts = ["afp.com"]\n'
    with pytest.raises(
        AgenciesError, match=r"^agency 2 \(Reuters\): hosts has 'afp.com', which belongs to AFP"
    ):
        load_agencies(mine)


def test_a_phrase_is_worth_what_its_kind_is_worth_unless_it_says_so() -> None:
    (agency,) = parse_agencies(ONE + 'phrases = [{ text = "Fjordend", kind = "signoff" }]').agencies
    assert agency.phrases == (Phrase("Fjordend", "signoff", "origin", 2.5),)


def test_an_agency_signs_datelines_of_its_own_shapes_only() -> None:
    from dedup.attribution.credits import find_credits
    from dedup.model import Article

    texts = {
        "brackets": "OSLO (FJ) - Ferries stopped.",
        "slashes": "OSLO, May 3 /FJ/ - Ferries stopped.",
        "bars": "Oslo, Norway | FJ | Ferries stopped.",
        "bare": "OSLO, May 3 FJ - Ferries stopped.",
        "first": "(FJ) - Ferries stopped.",
    }
    for shape in texts:
        listed = parse_agencies(f'{ONE}datelines = ["{shape}"]')
        found = {
            other
            for other, text in texts.items()
            if any(c.kind == "dateline" for c in find_credits(Article("a", text), agencies=listed))
        }
        assert found == {shape}
    assert parse_agencies(ONE + "datelines = []").agencies[0].datelines == ()


def test_a_list_of_ones_own_reads() -> None:
    from dedup.attribution.credits import find_credits
    from dedup.model import Article

    (credit,) = find_credits(Article("a", "OSLO (FJ) — Ferries stopped."), agencies=parse_agencies(ONE))
    assert (credit.agency, credit.kind) == ("Fjord", "dateline")


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
    assert copy.composition["Fjord"] >= 0.99
    assert run(articles).articles[1].origin.agency is None


def test_a_run_tells_a_digest_of_ones_own_agencies_not_their_text() -> None:
    from dedup import Settings, run

    given = Settings(agencies=FJORD)
    summary = run([], given).summary
    assert len(summary["settings"]["agencies"]) == 16
    assert summary["fingerprint"] == given.fingerprint != Settings().fingerprint
    assert run([]).summary["settings"]["agencies"] == ""


def the_documented_example() -> str:
    """The worked example that stands, as a comment, in the head of the list."""
    head = (
        files("dedup.attribution").joinpath("agencies.toml").read_text("utf-8").partition("\n[[agency]]")[0]
    )
    lines = [line.removeprefix("#     ") for line in head.split("\n")]
    first = lines.index("[[agency]]")
    return "\n".join(lines[first : lines.index("# What it is called")]).removesuffix("#\n")


def test_the_head_of_the_list_explains_every_field() -> None:
    head = (
        files("dedup.attribution").joinpath("agencies.toml").read_text("utf-8").partition("\n[[agency]]")[0]
    )
    for field in fields(Agency):
        assert re.search(rf"^#   {field.name} ", head, re.MULTILINE), field.name
    for value in (*get_args(AgencyKind), *SHAPES):
        assert f'"{value}"  ' in head, value


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("OSLO, May 3 (FJP) - Ferries stopped.", "dateline"),
        ("OSLO /fjp/ - Ferries stopped.", "dateline"),
        ("By Nora Lund, Fjord Press\n\nFerries stopped on Monday.", "byline"),
        (STORY + "\n© 2024 Fjord Pressetjeneste", "copyright"),
        ("Ferries stopped on Monday.\n\nFjordslutt", "signoff"),
    ],
)
def test_the_documented_example_works_on_the_command_line(
    text: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from dedup.cli import status

    mine, story = tmp_path / "mine.toml", tmp_path / "story.txt"
    mine.write_text(the_documented_example(), "utf-8")
    story.write_text(text, "utf-8")
    assert status(["origin", str(story), "--agencies", str(mine), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["origin"]["agency"] == "Fjord"
    assert [credit["kind"] for credit in told["credits"]] == [kind]


def test_the_documented_example_keeps_its_traps_apart() -> None:
    from dedup import Settings, attribute

    settings = Settings(agencies=the_documented_example())
    for text in (
        "OSLO, May 3 FJP - Ferries stopped.",
        "The Fiscal Justice Party met on Monday. The minister told FJP members to wait.",
        "Most of the FJP voters stayed at home, the FJP leader said.",
    ):
        assert attribute(text, settings).origin.agency is None
    (credit,) = attribute("A spokesman told Reuters Fjordland on Monday.", settings).credits
    assert (credit.agency, credit.text) == ("Reuters", "told Reuters Fjordland")


def test_no_code_names_an_agency() -> None:
    """Comments and docstrings may, as examples; expressions take the names from the list."""
    package = Path(dedup.__file__).parent
    listed = load_agencies()
    for path in sorted(package.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
                text = node.value
                # A name inside a longer word names nobody.
                found = [m[0] for m in listed.pattern.finditer(text) if not text[: m.start()][-1:].isalnum()]
                assert not found, f"{path.name}:{node.lineno}: {found}"
