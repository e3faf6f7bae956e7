"""TF-IDF: scikit-learn's numbers for each pair alone, and passages that say the same in other words."""

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from dedup.matching.runs import Runs
from dedup.matching.tfidf import LEAST_COSINE, Seeds, count_words, idf_of, passage_seeds
from dedup.matching.vocabulary import number_words
from dedup.text.passages import Passages
from dedup.text.tokens import Tokens

laws = settings(deadline=None, derandomize=True, max_examples=60)

Passage = list[int]
Pair = tuple[list[Passage], list[Passage]]

passage = st.lists(st.integers(0, 9), min_size=1, max_size=12)
pair = st.tuples(st.lists(passage, min_size=1, max_size=4), st.lists(passage, min_size=1, max_size=4))
LETTERS = np.random.default_rng(5).integers(0, 2**64 - 1, 10, np.uint64)


class Batch:
    """Pairs of texts, each a list of passages, laid out as `passage_seeds` takes them."""

    def __init__(self, pairs: list[Pair]) -> None:
        texts = [text for pair in pairs for text in pair]
        passages = [p for text in texts for p in text]
        hashes = LETTERS[np.array([x for p in passages for x in p], np.int64)]
        sizes: npt.NDArray[np.int64] = np.array([len(p) for p in passages], np.int64)
        ends = np.cumsum(sizes)
        owner = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in texts])
        self.passages = Passages(ends - sizes, ends, owner)
        bounds = np.append(0, ends)[np.append(0, np.cumsum([len(text) for text in texts]))]
        places = np.zeros(len(hashes), np.int32)
        self.tokens = Tokens(hashes, places, places, np.zeros(len(hashes), np.uint8), bounds)
        self.words = number_words(self.tokens, self.passages)
        self.pairs = np.arange(len(texts), dtype=np.int64).reshape(-1, 2)

    def seeds(self, *covered: tuple[int, int, int]) -> Seeds:
        """Of the first pair, but for what these runs (a, b, length) cover."""
        a, b, length = np.array(covered, np.int32).reshape(-1, 3).T
        count = len(self.pairs)
        runs = Runs(a, b, length, np.array([0, *[len(a)] * count], np.int64), np.zeros(count, np.bool_))
        return passage_seeds(
            self.tokens, self.words, self.passages, self.pairs, runs, np.zeros(count, np.bool_)
        )


def dense_tfidf(passages: list[Passage]) -> npt.NDArray[np.float64]:
    counts = CountVectorizer(analyzer=list).fit_transform(passages)
    return np.asarray(TfidfTransformer().fit_transform(counts).todense())


@laws
@given(pair)
def test_words_are_counted_as_scikit_learn_counts_them(one: Pair) -> None:
    batch = Batch([one])
    counts = count_words(batch.tokens, batch.words, batch.passages)
    vectorizer = CountVectorizer(analyzer=list).fit(one[0] + one[1])
    expected = vectorizer.transform(one[0] + one[1]).toarray()
    letters = {int(LETTERS[letter]): column for letter, column in vectorizer.vocabulary_.items()}
    found = np.zeros_like(expected)
    for q, i in enumerate(batch.passages.text.tolist()):
        own = batch.tokens.one(i)
        numbers = batch.words.tokens[batch.tokens.bounds[i] : batch.tokens.bounds[i + 1]]
        column = {number: letters[h] for number, h in zip(numbers.tolist(), own.hashes.tolist(), strict=True)}
        for k in range(counts.bounds[q], counts.bounds[q + 1]):
            found[q, column[int(counts.words[k])]] = counts.counts[k]
    assert np.array_equal(found, expected)
    for word in range(len(batch.words.words)):
        entries = counts.entries[counts.entry_bounds[word] : counts.entry_bounds[word + 1]]
        assert len(entries) == counts.passages_of[word]
        text = int(np.searchsorted(batch.words.bounds, word, side="right")) - 1
        assert np.all(counts.words[entries] == word - batch.words.bounds[text])


@laws
@given(pair)
def test_idf_is_what_fitting_scikit_learn_on_the_pair_alone_gives(one: Pair) -> None:
    passages = one[0] + one[1]
    vectorizer = CountVectorizer(analyzer=list)
    counts = vectorizer.fit_transform(passages)
    frequency = (counts.toarray() > 0).sum(axis=0)
    found = idf_of(len(passages), int(frequency.max()))
    np.testing.assert_allclose(found[frequency], TfidfTransformer().fit(counts).idf_)


@laws
@given(pair)
def test_seeds_have_scikit_learns_cosine(one: Pair) -> None:
    a, b = one
    found = Batch([one]).seeds()
    vectors = dense_tfidf(a + b)
    cosine = vectors[: len(a)] @ vectors[len(a) :].T
    for i, j, value, shared in zip(found.a, found.b - len(a), found.cosine, found.shared, strict=True):
        assert value >= LEAST_COSINE
        np.testing.assert_allclose(value, cosine[i, j])
        assert shared == len(set(a[i]) & set(b[j]))


@laws
@given(st.lists(pair, min_size=1, max_size=4))
def test_seeds_do_not_depend_on_what_else_is_in_the_batch(pairs: list[Pair]) -> None:
    together = Batch(pairs).seeds()
    assert np.all(np.diff(together.pair) >= 0)
    offset = 0
    for k, one in enumerate(pairs):
        alone = Batch([one]).seeds()
        own = together.pair == k
        assert np.array_equal(together.a[own] - offset, alone.a)
        assert np.array_equal(together.b[own] - offset, alone.b)
        assert np.array_equal(together.cosine[own], alone.cosine)
        offset += len(one[0]) + len(one[1])


def test_a_rewritten_sentence_is_a_seed_and_an_unrelated_one_is_none() -> None:
    # Ten words, seven of them kept and reordered; beside each, a sentence of words of its own.
    first = [[0, 1, 2, 3, 4, 5, 6], [7, 7, 7, 7, 7, 7]]
    second = [[8, 8, 8, 8, 8, 8], [6, 4, 5, 1, 0, 9, 9]]
    found = Batch([(first, second)]).seeds()
    assert (found.a.tolist(), found.b.tolist(), found.shared.tolist()) == ([0], [3], [5])


def test_short_and_covered_passages_are_no_seeds() -> None:
    short: Pair = ([[0, 1, 2]], [[0, 1, 2]])
    assert len(Batch([short]).seeds().pair) == 0
    batch = Batch([([[0, 1, 2, 3, 4, 5]], [[0, 1, 2, 3, 4, 5]])])
    assert len(batch.seeds().pair) == 1
    assert len(batch.seeds((0, 0, 4)).pair) == 1, "a run of four says little"
    assert len(batch.seeds((0, 0, 5)).pair) == 0


def test_many_passages_of_the_same_words_stay_cheap() -> None:
    rng = np.random.default_rng(1)
    # Every passage of one text is like every one of the other: 640,000 seeds of equal cosine.
    passages = [rng.permutation(10).tolist() for _ in range(1600)]
    found = Batch([(passages[:800], passages[800:])]).seeds()
    assert len(found.pair) == 800 * 800
