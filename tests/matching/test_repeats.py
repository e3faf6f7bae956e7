"""Repeats: what an article says twice, with both places, and what sort of repetition it is."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.matching.repeats import find_repeats
from dedup.model import Repeat
from dedup.text.tokens import tokenise

laws = settings(deadline=None, derandomize=True, max_examples=60)


def repeats(text: str) -> tuple[Repeat, ...]:
    (found,) = find_repeats([text], tokenise([text]), 15)
    return found


def paragraph(seed: int, words: int = 40) -> str:
    rng = random.Random(seed)
    return (
        " ".join(
            "".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 9))) for _ in range(words)
        ).capitalize()
        + "."
    )


LEAD, BLOCK, BODY, TAIL = (paragraph(seed, words) for seed, words in enumerate((30, 90, 60, 30)))


def test_a_block_printed_twice_names_both_places() -> None:
    text = "\n\n".join([LEAD, BLOCK, BLOCK, TAIL])
    (found,) = repeats(text)
    assert text[slice(*found.of)] == text[found.start : found.end] == BLOCK
    assert found.of[1] < found.start
    assert (found.kind, found.similarity) == ("repeat", 1.0)


def test_a_block_printed_again_with_small_changes_is_a_repeat_too() -> None:
    words = BLOCK.split()
    words[30] = words[60] = "exchanged"
    again = " ".join(words)
    text = "\n\n".join([LEAD, BLOCK, BODY, again, TAIL])
    (found,) = repeats(text)
    assert (text[slice(*found.of)], text[found.start : found.end]) == (BLOCK, again)
    assert 0.9 < found.similarity < 1


def test_shortcodes_around_a_block_hide_no_repeat() -> None:
    text = f"{LEAD}\n[su_dropcap]{BLOCK[0]}[/su_dropcap]{BLOCK[1:]}\n[su_box]{BLOCK}[/su_box]\n{TAIL}"
    (found,) = repeats(text)
    assert text[found.start : found.end] == BLOCK


def test_a_sentence_set_on_a_line_of_its_own_is_a_pull_quote() -> None:
    sentence = paragraph(9, 20)
    text = f"{LEAD} {sentence} {BODY}\n\n“{sentence}”\n\n{TAIL}"
    assert [found.kind for found in repeats(text)] == ["pullquote"]


def test_a_caption_printed_twice_is_a_caption() -> None:
    caption = "Workers stand near the crane that fell across the rail line of the port on Monday. (Nadia Fell/Reuters)"
    text = f"{caption}\n{LEAD}\n{caption}\n{BODY}"
    assert [found.kind for found in repeats(text)] == ["caption"]


@pytest.mark.parametrize("text", ["", "word", "\x00\ud800", LEAD, "\n".join([LEAD, BLOCK, BODY, TAIL])])
def test_a_text_that_repeats_nothing(text: str) -> None:
    assert repeats(text) == ()


@laws
@given(st.lists(st.sampled_from([LEAD, BLOCK, BODY, TAIL, "Short."]), max_size=7))
def test_a_block_never_overlaps_the_place_it_repeats(blocks: list[str]) -> None:
    text = "\n".join(blocks)
    for found in repeats(text):
        assert 0 <= found.of[0] < found.of[1] <= found.start < found.end <= len(text)
        assert 0.6 <= found.similarity <= 1
    twice = any(blocks.count(block) > 1 for block in (LEAD, BLOCK, BODY, TAIL))
    assert bool(repeats(text)) == twice
