"""Fingerprints: of every window the least, so that texts with a run in common keep one of it, wherever it stands."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.minhash.fingerprints import Fingerprints, joined, winnow
from dedup.minhash.signatures import shingle_sets
from dedup.settings import Settings
from dedup.text.tokens import tokenise

laws = settings(deadline=None, derandomize=True, max_examples=80)

WORDS = ["port", "crane", "strike", "mayor", "港", "U.N.", "2,069", "closed", "on", "the"]
words = st.lists(st.sampled_from(WORDS), max_size=40)
widths, windows = st.integers(1, 5), st.integers(1, 8)
CAPTION = "Workers near the crane. (Nadia Fell/Reuters)"


def keys_of(text: str, width: int, window: int) -> set[int]:
    return set(winnow(tokenise([text]), width, window).keys.tolist())


def shingles(part: list[str]) -> int:
    sets, _ = shingle_sets(tokenise([" ".join(part)]), len(part))
    return int(sets[0] >> np.uint64(32))


@laws
@given(words, widths, windows)
def test_the_keys_are_the_least_of_every_window(text: list[str], width: int, window: int) -> None:
    hashes = [shingles(text[at : at + width]) for at in range(len(text) - width + 1)]
    spans = [hashes[at : at + window] for at in range(max(1, len(hashes) - window + 1))] if hashes else []
    assert keys_of(" ".join(text), width, window) == {min(span) for span in spans}


@laws
@given(words, words, words, words, st.randoms(use_true_random=False), widths, windows)
def test_texts_with_a_run_in_common_keep_one_of_it(
    one: list[str],
    other: list[str],
    before: list[str],
    after: list[str],
    rng: random.Random,
    width: int,
    window: int,
) -> None:
    run = rng.choices([*WORDS, "dredger", "quay", "tariff"], k=width + window - 1)
    a, b = " ".join([*one, *run, *after]), " ".join([*before, *run, *other])
    assert keys_of(a, width, window) & keys_of(b, width, window) & keys_of(" ".join(run), width, window)


def test_the_defaults_keep_the_promise_of_their_docstring() -> None:
    chosen, rng = Settings(), random.Random(5)
    length = chosen.passage_shingle + chosen.passage_shared * chosen.passage_window - 1
    assert length == 15
    for _ in range(200):
        run, *rest = (rng.choices([f"w{i}" for i in range(500)], k=k) for k in (length, 30, 30, 30, 30))
        texts = [" ".join([*rest[0], *run, *rest[1]]), " ".join([*rest[2], *run, *rest[3]])]
        one, other = (keys_of(text, chosen.passage_shingle, chosen.passage_window) for text in texts)
        assert len(one & other) >= chosen.passage_shared


def test_about_two_in_a_window_and_one_are_kept() -> None:
    text = " ".join(random.Random(2).choices([f"w{i}" for i in range(5000)], k=20_000))
    for window in (1, 4, 6, 18):
        assert len(winnow(tokenise([text]), 4, window).keys) == pytest.approx(40_000 / (window + 1), rel=0.03)


@pytest.mark.parametrize("text", ["news " * 100_000, "port strike " * 50_000], ids=["one word", "two words"])
def test_a_text_that_says_one_thing_for_ever_keeps_one_of_every_window(text: str) -> None:
    assert len(winnow(tokenise([text]), 4, 6).keys) <= 100_000 / 5


def test_each_stands_where_it_says_and_they_are_in_order() -> None:
    text = random.Random(8).choices([f"w{i}" for i in range(90)], k=300)
    found = winnow(tokenise(["", " ".join(text)]), 4, 6)
    assert found.bounds.tolist() == [0, 0, len(found.keys)]
    assert np.all(np.diff(found.starts) > 0)
    for key, start in zip(found.keys.tolist(), found.starts.tolist(), strict=True):
        assert key == shingles(text[start : start + 4])


def test_a_text_of_few_words_keeps_one_and_of_fewer_than_a_shingle_none() -> None:
    found = winnow(
        tokenise(["", "…\x00\ud800", "the port closed", "the port closed early", "a b c d e"]), 4, 6
    )
    assert np.diff(found.bounds).tolist() == [0, 0, 0, 1, 1]


def test_captions_are_not_there() -> None:
    body = [
        "The port of Hesk was closed on Monday by a strike.",
        "It opens on Friday, the mayor said, at noon.",
    ]
    with_one, without = ("\n".join(lines) for lines in ([body[0], CAPTION, body[1]], body))
    found = winnow(tokenise([with_one, without, CAPTION]), 3, 2)
    one, other, caption = (slice(*span) for span in zip(found.bounds, found.bounds[1:], strict=False))
    ours, theirs = found.starts[one], found.starts[other]
    assert found.keys[one].tolist() == found.keys[other].tolist()
    assert len(ours) > 0 == len(found.keys[caption])
    # The tokens of the caption are counted all the same.
    assert set((ours - theirs).tolist()) == {0, 7}


def test_batches_joined_are_one_batch() -> None:
    rng = random.Random(4)
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(0, 30))) for _ in range(9)]
    parts = [winnow(tokenise(texts[at : at + 3]), 3, 4) for at in (0, 3, 6)]
    ours, theirs = joined(parts), winnow(tokenise(texts), 3, 4)
    for name in Fingerprints._fields:
        assert np.array_equal(getattr(ours, name), getattr(theirs, name))
    assert [len(column) for column in joined(())] == [0, 0, 1]
