"""Vocabulary: equal numbers are equal words, and a word tells the more the fewer passages have it."""

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.matching.vocabulary import count_passages, forget_words, number_words, tell
from dedup.text.function_words import function_words
from dedup.text.tokens import token_hashes

laws = settings(deadline=None, derandomize=True, max_examples=100)

# Words that want the same slot of any table, and the neighbours that they push out.
CROWDED = np.array([1 << 63, 1 << 62, 0, 1, 2], np.uint64)


@laws
@given(st.lists(st.integers(0, 4), max_size=20), st.lists(st.integers(0, 4), max_size=20))
def test_words_are_numbered_as_they_are_met_and_forgotten(a: list[int], b: list[int]) -> None:
    hashes = CROWDED[np.array(a + b, np.int64)]
    table = np.full(16, -1, np.int32)
    words = np.empty(len(hashes) + 1, np.uint64)
    numbers = np.empty(len(hashes), np.int32)
    count = number_words(hashes, 0, len(a), table, words, 0, numbers)
    count = number_words(hashes, len(a), len(hashes), table, words, count, numbers[len(a) :])
    met = list(dict.fromkeys(a + b))
    assert count == len(met)
    assert numbers.tolist() == [met.index(x) for x in a + b]
    assert words[:count].tolist() == CROWDED[met].tolist()
    forget_words(table, words, count)
    assert np.all(table == -1)


def weights(passages: list[str]) -> dict[str, float]:
    texts = [passage.split() for passage in passages]
    hashes = token_hashes(" ".join(passages))
    starts = np.cumsum([0, *map(len, texts)])[:-1].astype(np.int64)
    words = np.empty(len(hashes), np.uint64)
    numbers = np.empty(len(hashes), np.int32)
    count = number_words(hashes, 0, len(hashes), np.full(256, -1, np.int32), words, 0, numbers)
    frequency: npt.NDArray[np.int32] = np.zeros(count, np.int32)
    told = count_passages(numbers, starts, 0, frequency, np.full(count, -1, np.int32), 0)
    assert told == len(passages)
    found = np.empty(count, np.float64)
    tell(words, frequency, count, told, function_words(), found)
    return dict(zip(" ".join(passages).split(), found[numbers].tolist(), strict=True))


def test_the_rarer_a_word_the_more_it_tells() -> None:
    told = weights(
        ["harbour crane fell", "harbour crane rose rose", "harbour dock after", "harbour pier crane"]
    )
    assert told["fell"] == told["rose"] == told["dock"], "twice in one passage counts once"
    assert 1.0 >= told["fell"] > told["crane"] > told["harbour"] > 0.0
    assert told["after"] == 0.1, "a function word, however rare"


def test_one_passage_of_one_word_is_weighed_too() -> None:
    assert 0.0 < weights(["harbour"])["harbour"] <= 1.0
