"""Runs: as long as the plain letters and digits that the table knows, wherever in a text they stand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.text.fold import FOLDED, TOKEN, fold_table
from dedup.text.runs import FNV_BASIS, FNV_PRIME, SORTS, WORD, hash_run, mark, run_length
from dedup.text.tokens import encode, tokenise

laws = settings(deadline=None, derandomize=True)
pieces = st.sampled_from(
    ["a", "Z", "9", "é", "Ж", "x" * 63, "ه" * 64, "k" * 130, " ", "\n", "ß", "日", "’", "\u212a"]
)


@laws
@given(st.lists(st.one_of(pieces, st.characters()), max_size=12).map("".join))
def test_runs_end_where_the_table_says_and_hash_as_fnv_does(text: str) -> None:
    codes, _ = encode([text])
    table = fold_table().entries
    plain, breaks = np.empty((2, len(codes) // WORD + 1), np.uint64)
    mark(codes, table, plain, breaks)
    for start in range(len(codes)):
        end = start
        expected = int(FNV_BASIS)
        while end < len(codes) and table[codes[end]] & np.uint32(SORTS) == TOKEN:
            expected = (expected ^ int(table[codes[end]]) & FOLDED) * int(FNV_PRIME) % (1 << 64)
            end += 1
        assert run_length(plain, start) == end - start
        h, _seen = hash_run(codes, start, end - start, table)
        assert int(h) == expected
        broken = int(breaks[start // WORD]) >> start % WORD & 1
        assert broken == (codes[start] <= 0x0D or codes[start] == 0x2029)


@pytest.mark.parametrize("length", [1, 62, 63, 64, 65, 127, 128, 200])
def test_words_of_any_length_are_found_at_any_place(length: int) -> None:
    for before in range(70):
        tokens = tokenise(["." * before + " " + "w" * length])
        assert tokens.starts.tolist() == [before + 1]
        assert tokens.ends.tolist() == [before + 1 + length]
