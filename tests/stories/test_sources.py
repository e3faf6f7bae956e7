"""How many separately reported texts stand behind a cluster, and whose text it is where members disagree."""

from collections.abc import Mapping

import pytest

from dedup.model import Origin
from dedup.stories.sources import cluster_origin, independent_sources

NOTHING: Mapping[str, float] = {}


@pytest.mark.parametrize(
    ("compositions", "expected"),
    [
        ([{"AP": 1.0}] * 30, 1),
        ([{"unknown": 1.0}, {"unknown": 1.0}], 1),
        ([NOTHING, NOTHING], 1),
        # Two agencies' copy stitched together.
        ([{"AP": 1.0}, {"AP": 0.6, "Reuters": 0.4}], 2),
        ([{"AP": 0.5, "Reuters": 0.3, "AFP": 0.2}, {"AP": 0.6, "AFP": 0.4}], 3),
        # A sentence of background.
        ([{"AP": 0.85, "Reuters": 0.15}], 1),
        # One text, credited to two: a conflict, not two reports.
        ([{"AP": 1.0}, {"Reuters": 1.0}], 1),
        ([{"AFP/AP": 1.0}, {"AP": 1.0}], 1),
        ([{"AFP/AP": 0.5, "AP": 0.5}], 1),
        ([{"AFP/AP": 0.5, "Reuters": 0.5}], 2),
        # A new lead over agency copy, and half a story of the outlet's own.
        ([{"AP": 1.0}, {"AP": 0.8, "own": 0.2}], 1),
        ([{"AP": 1.0}, {"AP": 0.5, "own": 0.5}], 2),
        ([{"AP": 0.5, "own": 0.5}, {"AP": 0.5, "own": 0.5}], 3),
        ([{"own": 1.0}, {"unknown": 1.0}], 1),
        # What nobody can name may be the same agency's.
        ([{"AP": 0.5, "unknown": 0.5}, {"Halden Tidal Inc.": 1.0}], 1),
        ([{"AP": 0.4, "repeated": 0.3, "boilerplate": 0.3}], 1),
    ],
)
def test_reports_are_counted_not_publications(compositions: list[Mapping[str, float]], expected: int) -> None:
    assert independent_sources(compositions) == expected
    assert independent_sources(compositions[::-1]) == expected


AP = Origin("AP", "whole", "confirmed", 9.0)
GUESSED = Origin("Reuters", "whole", "probable", 3.5)
SURE = Origin("Reuters", "whole", "confirmed", 6.0)
HEARD = Origin("AP", "whole", "confirmed", 9.5, inferred_from="x")


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        ([Origin(), AP], AP),
        ([Origin(), Origin("AP", "whole", "possible", 2.0)], Origin()),
        ([SURE, AP], SURE),
        ([GUESSED, Origin(), GUESSED], GUESSED),
        ([GUESSED, AP], AP),
        ([SURE, AP, AP], AP),
        ([SURE, HEARD, HEARD], SURE),  # copies that heard it from one another are no votes
        ([Origin(), HEARD, AP], AP),
    ],
)
def test_the_best_founded_origin_stands_for_the_cluster(origins: list[Origin], expected: Origin) -> None:
    assert cluster_origin(origins) == expected
