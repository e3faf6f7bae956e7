"""Folding: what counts as the same letter, for every code point there is."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.text.fold import EXPANDS, FOLDED, IGNORED, SOLO, TOKEN, build_table, fold, fold_table

laws = settings(deadline=None, derandomize=True)


def test_the_shipped_table_is_what_unicodedata_says() -> None:
    shipped, fresh = fold_table(), build_table()
    # A later Unicode assigns more code points and now and then corrects one; the bulk must agree.
    either_unassigned = np.array([unicodedata.category(chr(c)) == "Cn" for c in range(0x110000)])
    either_unassigned |= shipped.entries == 0
    expands = (shipped.entries & EXPANDS != 0) & (fresh.entries & EXPANDS != 0)
    # Rows of the expansions are numbered as they are met, so compare what stands in them.
    shipped_rows = shipped.expansions[shipped.entries[expands] & FOLDED]
    fresh_rows = fresh.expansions[fresh.entries[expands] & FOLDED]
    compared = ~either_unassigned & ~expands
    differing = np.count_nonzero(shipped.entries[compared] != fresh.entries[compared])
    if unicodedata.unidata_version == "14.0.0":
        assert differing == 0
        assert np.array_equal(shipped_rows, fresh_rows)
    assert differing < 50
    assert np.count_nonzero((shipped_rows != fresh_rows).any(axis=1)) < 10


def test_folding_twice_changes_nothing_for_any_code_point() -> None:
    everything = "".join(map(chr, range(0x110000)))
    once = fold(everything)
    assert fold(once) == once


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ÉCOLE École école", "ecole ecole ecole"),
        ("Straße Æsop œuvre Łódź Øre ﬁne", "strasse aesop oeuvre lodz ore fine"),
        ("ＡＢＣ１２３", "abc123"),
        ("ab\u200bc d\u00ade\ufefff", "abc def"),
        ("كِتَابٌ", "كتاب"),
        ("٣ ३", "3 3"),
        ("İstanbul ISTANBUL", "istanbul istanbul"),
        ("ΣΊΣΥΦΟΣ Σίσυφος", "σισυφοσ σισυφοσ"),
    ],
)
def test_case_accents_and_forms_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


def decomposes_by_letter(char: str) -> bool:
    # Hangul and Kana are compared as composed: there, composing takes away more than marks.
    return (
        not fold_table().entries[ord(char)] & SOLO
        and not "\u1100" <= char <= "\u11ff"
        and not "가" <= char <= "힣"
    )


@laws
@given(st.text(st.characters().filter(decomposes_by_letter)))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_one_code_point_has_one_entry_and_ignored_ones_are_no_tokens() -> None:
    entries, expansions = fold_table()
    assert entries.shape == (0x110000,)
    assert not np.any((entries & IGNORED != 0) & (entries & TOKEN != 0))
    assert (entries[entries & EXPANDS != 0] & FOLDED).max() < len(expansions)


def test_the_table_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(ValueError, match="read-only"):
        fold_table().entries[65] = 0
