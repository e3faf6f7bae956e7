"""Signs: a text is said to hold all that it does hold, and little else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.text.furniture import SIGNS
from dedup.text.signs import signs_in
from dedup.text.tokens import encode

parts = st.sampled_from([*SIGNS, *(sign[:-1] for sign in SIGNS), "a", "P", "\n", "é", "\x7f", "\ud800"])
texts = st.lists(parts, max_size=12).map("".join)


@settings(deadline=None, derandomize=True)
@given(st.lists(texts, max_size=5))
def test_no_sign_of_any_text_is_overlooked(batch: list[str]) -> None:
    found = signs_in(*encode(batch))
    assert len(found) == len(batch)
    for text, signs in zip(batch, found, strict=True):
        assert {sign for sign in SIGNS if sign in text} <= set(signs)
        assert all(sign[:4] in text for sign in signs)


def test_signs_of_one_text_are_not_those_of_the_next() -> None:
    assert signs_in(*encode(["Pho", "to", "Photo", "", "a / b"])) == [(), (), ("Photo",), (), ("/",)]
