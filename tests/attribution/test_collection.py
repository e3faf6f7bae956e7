"""The collection of cases is as broad as the list of agencies: whoever adds an agency adds cases for it."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dedup.attribution.agencies import Agency, load_agencies

FOLDER = Path(__file__).parent
CASES: list[dict[str, Any]] = [
    case
    for path in sorted(FOLDER.glob("cases*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
PER_AGENCY, PER_TRAP = 4, 3

TRAPS = """
AP Photo | AP poll | AP style | Aam Aadmi Party | Advanced Placement | Alcoholics Anonymous | American Airlines
Andhra Pradesh | Armed Forces of the Philippines | Australian Federal Police | CP relays AP | Data Processing Agreement
Dow Jones index | EPA-EFE | Getty/AFP | Michael Bloomberg | PTI relays AP and AFP | Pakistan Tehreek-e-Insaf
Palestinian Authority | Pennsylvania | Reuters/Ipsos | Thomson Reuters Foundation | Unified Payments Interface
a Singapore party | a call sign | a caption is no dateline | a photo credit | a picture's copyright
a subject is no source | cited studies | initials that spell the tag | mostly cited | nan in data | no place
partners of Japanese agencies | per annum | services edit agency copy | spa | staff copy at the own host
state-media citation | the MENA region | the house's own footer | the wire is the carrier | told TASS inside TASS
told or reported
"""


def about(case: dict[str, Any], agency: Agency) -> bool:
    """Is the case about the agency: by its key, or since a credit or the origin names it?"""
    return agency.name in (case.get("agency"), case["origin"]) or any(
        credit.startswith(f"{agency.name} ") for credit in case["credits"]
    )


@pytest.mark.parametrize("agency", load_agencies().agencies, ids=lambda agency: agency.name)
def test_every_agency_has_its_cases(agency: Agency) -> None:
    count = sum(about(case, agency) for case in CASES)
    assert count >= PER_AGENCY, f"add cases with agency = {agency.name!r} to cases_agencies.toml"


def test_every_trap_has_its_cases() -> None:
    count = Counter(case["trap"] for case in CASES if "trap" in case)
    expected = {trap.strip() for line in TRAPS.strip().split("\n") for trap in line.split("|")}
    assert set(count) == expected
    assert {trap for trap, cases in count.items() if cases < PER_TRAP} == set()


def test_no_case_stands_twice() -> None:
    names = Counter(case["name"] for case in CASES)
    texts = Counter(
        (case["text"], *(str(case.get(key)) for key in ("title", "url", "byline", "outlet", "metadata")))
        for case in CASES
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert [text[0] for text, count in texts.items() if count > 1] == []


def test_every_key_names_a_listed_agency() -> None:
    named = {agency.name for agency in load_agencies().agencies}
    assert {case["agency"] for case in CASES if "agency" in case} <= named
