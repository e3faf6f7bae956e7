"""Vocabulary: equal numbers are equal words, and a word tells the more the fewer passages have it."""

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.matching.vocabulary import (
    NOWHERE,
    REMEMBERED,
    add_up,
    by_frequency,
    no_places,
    number_together,
    number_words,
    place_words,
    tell,
    weigh_met,
)
from dedup.text.passages import Passages, split
from dedup.text.tokens import Tokens, tokenise

laws = settings(deadline=None, derandomize=True, max_examples=100)

# Words that want the same slot of any table, and the neighbours that they push out.
CROWDED = np.array([1 << 63, 1 << 62, 0, 1, 2], np.uint64)
text = st.lists(st.integers(0, 4), max_size=20)


def batch_of(hashes: npt.NDArray[np.uint64], sizes: list[int]) -> Tokens:
    bounds: npt.NDArray[np.int64] = np.append(0, np.cumsum(sizes)).astype(np.int64)
    nowhere = np.zeros(len(hashes), np.int32)
    return Tokens(hashes, nowhere, nowhere, np.zeros(len(hashes), np.uint8), bounds)


@laws
@given(st.lists(text, max_size=4))
def test_each_text_numbers_its_words_as_they_are_met(texts: list[list[int]]) -> None:
    tokens = batch_of(CROWDED[np.array([x for one in texts for x in one], np.int64)], [len(t) for t in texts])
    # Passages of two tokens.
    starts = [
        lo + k for lo, one in zip(tokens.bounds.tolist(), texts, strict=False) for k in range(0, len(one), 2)
    ]
    passages = Passages(
        np.array(starts, np.int64), np.array(starts, np.int64), np.zeros(len(starts), np.int32)
    )
    found = number_words(tokens, passages)
    numbers: dict[int, int] = {}
    for i, one in enumerate(texts):
        met = list(dict.fromkeys(one))
        assert found.tokens[tokens.bounds[i] : tokens.bounds[i + 1]].tolist() == [met.index(x) for x in one]
        own = slice(found.bounds[i], found.bounds[i + 1])
        assert found.tokens_of[own].tolist() == [one.count(x) for x in met]
        cut = [one[k : k + 2] for k in range(0, len(one), 2)]
        assert found.passages_of[own].tolist() == [sum(x in piece for piece in cut) for x in met]
        for x, number in zip(met, found.words[own].tolist(), strict=True):
            assert numbers.setdefault(x, number) == number, "one number in all texts"
    assert len(set(numbers.values())) == len(numbers)


def test_a_large_vocabulary_has_room() -> None:
    hashes = np.random.default_rng(1).integers(0, 2**63, 20_000).astype(np.uint64)
    tokens = batch_of(np.append(hashes, hashes[::-1]), [20_000, 20_000])
    found = number_words(tokens, split(tokens))
    assert np.array_equal(found.words[:20_000], found.words[:19_999:-1])
    assert len(np.unique(found.words)) == 20_000


@laws
@given(text.filter(bool), text.filter(bool))
def test_two_texts_number_their_words_together(a: list[int], b: list[int]) -> None:
    tokens = batch_of(CROWDED[np.array(a + b, np.int64)], [len(a), len(b)])
    found = number_words(tokens, split(tokens))
    of_a, of_b = slice(0, found.bounds[1]), slice(found.bounds[1], found.bounds[2])
    place, numbers = no_places(found), np.empty(of_b.stop - of_b.start, np.int32)
    place_words(found.words[of_a], place, True)
    count = number_together(of_a.stop, found.words[of_b], place, numbers)
    place_words(found.words[of_a], place, False)
    assert np.all(place == NOWHERE)
    met = list(dict.fromkeys(a + b))
    assert count == len(met)
    assert numbers[found.tokens[len(a) :]].tolist() == [met.index(x) for x in b]
    total = np.zeros(count, np.int32)
    assert add_up(found.tokens_of[of_a], found.tokens_of[of_b], numbers, total) == total.max()
    assert total.tolist() == [(a + b).count(x) for x in met]
    weights = np.arange(1.0, count + 1)
    signed = np.empty(count)
    expected = tuple(
        float(sum(weights[met.index(x)] for x in one if x in other)) for one, other in ((a, b), (b, a))
    )
    assert weigh_met(found.tokens_of[of_a], found.tokens_of[of_b], numbers, weights, signed) == expected
    assert signed.tolist() == [w if x in a and x in b else -w for x, w in zip(met, weights, strict=True)]


def weights(passages: list[str]) -> dict[str, float]:
    """Of two texts, the second without words of its own."""
    tokens = tokenise([". ".join(passages).title(), ""])
    cut = split(tokens)
    assert len(cut.starts) == len(passages)
    found = number_words(tokens, cut)
    none = slice(0, 0)
    row = by_frequency(
        len(passages),
        int(found.passages_of.max()),
        np.empty((REMEMBERED, REMEMBERED)),
        np.zeros(REMEMBERED, np.int32),
    )
    told = np.empty(len(found.words), np.float64)
    tell(found.function, found.function[none], found.words[none], found.passages_of, row, told)
    return dict(zip(" ".join(passages).split(), told[found.tokens].tolist(), strict=True))


@laws
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 300)), max_size=20))
def test_weights_do_not_depend_on_what_was_weighed_before(asked: list[tuple[int, int]]) -> None:
    table, known = np.empty((REMEMBERED, REMEMBERED)), np.zeros(REMEMBERED, np.int32)
    for passages, most in asked:
        most = min(passages, most)
        found = by_frequency(passages, most, table, known)[: most + 1]
        alone = by_frequency(passages, most, np.empty((0, 0)), np.zeros(0, np.int32))
        assert np.array_equal(found, alone)
        assert np.all((found > 0) & (found <= 1))


def test_the_rarer_a_word_the_more_it_tells() -> None:
    told = weights(
        ["harbour crane fell", "harbour crane rose rose", "harbour dock after", "harbour pier crane"]
    )
    assert told["fell"] == told["rose"] == told["dock"], "twice in one passage counts once"
    assert 1.0 >= told["fell"] > told["crane"] > told["harbour"] > 0.0
    assert told["after"] == 0.1, "a function word, however rare"


def test_one_passage_of_one_word_is_weighed_too() -> None:
    assert 0.0 < weights(["harbour"])["harbour"] <= 1.0
