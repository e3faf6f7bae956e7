"""Signatures: identical to datasketch's over the same shingles, and good estimates of exact similarity."""

import random
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.minhash.scheme import EMPTY, permutations
from dedup.minhash.signatures import shingle_hashes, shingle_sets, sign_articles
from dedup.text.tokens import CAPTION, tokenise

laws = settings(deadline=None, derandomize=True, max_examples=60)

LATIN = [
    "port",
    "crane",
    "U.N.",
    "2,069",
    "didn’t",
    "höhe",
    "ﬁne",
    "Ｃ３",
    ".",
    ",",
    "“",
    "\n",
    "\ud800",
    "\x00",
]
WORDS = [*LATIN, "порт", "кран", "ميناء", "رافعة", "港口关闭", "ท่าเรือ", "बंदरगाह", "항구"]
texts = st.one_of(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join), st.text(max_size=60))


def oracle(hashes: npt.NDArray[np.uint32], num_perm: int, seed: int) -> npt.NDArray[np.uint32]:
    minhash = MinHash(num_perm=num_perm, seed=seed, hashfunc=lambda value: value, scheme="affine32")
    for value in hashes.tolist():
        minhash.update(value)
    return np.asarray(minhash.hashvalues, np.uint32)


@laws
@given(texts, st.sampled_from([1, 16, 128, 200]), st.integers(0, 2**32 - 1), st.integers(1, 7))
def test_signatures_are_datasketchs(text: str, num_perm: int, seed: int, width: int) -> None:
    tokens = tokenise([text])
    ours = sign_articles(tokens, width, num_perm, seed)
    assert ours.dtype == np.uint32
    assert ours.shape == (1, num_perm)
    assert np.array_equal(ours[0], oracle(shingle_hashes(tokens, width), num_perm, seed))


@laws
@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_permutations_are_datasketchs(num_perm: int, seed: int) -> None:
    theirs = MinHash(num_perm=num_perm, seed=seed, scheme="affine32").permutations
    ours = permutations(num_perm, seed)
    assert np.array_equal(ours[0], theirs[0])
    assert np.array_equal(ours[1], theirs[1])
    assert np.all(ours[0] % 2 == 1)


@laws
@given(st.lists(texts, max_size=5), st.integers(1, 5))
def test_a_batch_is_signed_as_its_texts_one_by_one(batch: list[str], width: int) -> None:
    together = sign_articles(tokenise(batch), width, 16, 1)
    alone = [sign_articles(tokenise([text]), width, 16, 1)[0] for text in batch]
    assert np.array_equal(together, np.array(alone, np.uint32).reshape(-1, 16))


def sets_of(batch: list[str], width: int) -> list[set[int]]:
    sets, bounds = shingle_sets(tokenise(batch), width)
    return [set(sets[a:b].tolist()) for a, b in pairwise(bounds.tolist())]


@laws
@given(st.lists(texts, max_size=4), st.integers(1, 6))
def test_shingle_sets_are_distinct_and_one_for_each_stretch_of_tokens(batch: list[str], width: int) -> None:
    tokens = tokenise(batch)
    sets, bounds = shingle_sets(tokens, width)
    for i in range(len(batch)):
        own = sets[bounds[i] : bounds[i + 1]]
        assert len(np.unique(own)) == len(own)
        words = [
            h
            for h, f in zip(tokens.one(i).hashes.tolist(), tokens.one(i).flags.tolist(), strict=True)
            if not f & CAPTION
        ]
        stretches = (
            {tuple(words[k : k + width]) for k in range(max(1, len(words) - width + 1))} if words else set()
        )
        assert len(own) == len(stretches)


@pytest.mark.parametrize("again", [3, 40, 400])
def test_what_a_text_says_over_and_over_is_in_its_set_once(again: int) -> None:
    said = ["the port is closed today", "no crane moves at all"]
    (often,) = sets_of([" ".join(f"{one} " * again for one in said)], 5)
    (twice,) = sets_of([" ".join(f"{one} " * 2 for one in said)], 5)
    assert often == twice


def test_texts_shorter_than_a_shingle_are_like_themselves_only() -> None:
    short = ["Breaking news", "Market closed", "Breaking", "news Breaking", "Breaking news tonight here"]
    longer = "Breaking news tonight here today"
    signed = sign_articles(tokenise([*short, longer, "breaking NEWS!"]), 5, 32, 1)
    for i in range(len(short)):
        for j in range(i):
            assert not np.any(signed[i] == signed[j])
    assert not np.any(signed[:5] == signed[5])
    assert np.array_equal(signed[0], signed[6])
    assert all(len(s) == 1 for s in sets_of(short, 5))


@pytest.mark.parametrize("text", ["", " \n", "…", "\x00", "\ud800"])
def test_a_text_without_tokens_has_no_shingles_and_the_empty_signature(text: str) -> None:
    assert np.all(sign_articles(tokenise([text]), 5, 16, 1) == EMPTY)
    assert sets_of([text], 5) == [set()]
    assert np.array_equal(oracle(np.zeros(0, np.uint32), 16, 1), np.full(16, EMPTY))


def test_captions_are_no_part_of_the_text() -> None:
    body, caption = "The port was closed on Monday.\n", "Workers near the crane. (Nadia Fell/Reuters)\n"
    rest = "It opens on Friday, the mayor said."
    signed = sign_articles(tokenise([body + caption + rest, body + rest, caption]), 5, 32, 1)
    assert np.array_equal(signed[0], signed[1])
    assert np.all(signed[2] == EMPTY)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_equal_hashes_estimate_jaccard(share: float) -> None:
    rng = random.Random(11)
    common = [f"c{rng.random()}" for _ in range(int(1000 * share))]
    one, other = ([f"{name}{rng.random()}" for _ in range((1000 - len(common)) // 2)] for name in "ab")
    batch = [" ".join(common + one), " ".join(common + other)]
    a, b = sets_of(batch, 1)
    exact = len(a & b) / len(a | b)
    signed = sign_articles(tokenise(batch), 1, 2048, 1)
    estimate = float(np.mean(signed[0] == signed[1]))
    # Four standard deviations of a mean of 2,048 coins.
    assert abs(estimate - exact) < 4 * (exact * (1 - exact) / 2048) ** 0.5
