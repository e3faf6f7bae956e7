"""TF-IDF: scikit-learn's numbers for each pair alone, and passages that say the same in other words."""

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from dedup.matching.tfidf import LEAST_COSINE, Seeds, _count_tokens, passage_seeds

laws = settings(deadline=None, derandomize=True, max_examples=60)

Passage = list[int]
Pair = tuple[list[Passage], list[Passage]]

passage = st.lists(st.integers(0, 9), min_size=1, max_size=12)
pair = st.tuples(st.lists(passage, min_size=1, max_size=4), st.lists(passage, min_size=1, max_size=4))
LETTERS = np.random.default_rng(5).integers(0, 2**64 - 1, 10, np.uint64)


class Batch:
    """Pairs of texts, each a list of passages, laid out as `passage_seeds` takes them."""

    def __init__(self, pairs: list[Pair]) -> None:
        passages = [p for first, second in pairs for p in first + second]
        self.hashes = LETTERS[np.array([x for p in passages for x in p], np.int64)]
        sizes: npt.NDArray[np.int64] = np.array([len(p) for p in passages], np.int64)
        self.ends = np.cumsum(sizes)
        self.starts = self.ends - sizes
        self.pair = np.repeat(np.arange(len(pairs)), [len(a) + len(b) for a, b in pairs])
        self.in_second = np.concatenate([[False] * len(a) + [True] * len(b) for a, b in pairs])

    def seeds(self) -> Seeds:
        everything = np.ones(len(self.starts), np.bool_)
        return passage_seeds(self.hashes, self.starts, self.ends, self.pair, self.in_second, everything)


def dense_tfidf(passages: list[Passage]) -> npt.NDArray[np.float64]:
    counts = CountVectorizer(analyzer=list).fit_transform(passages)
    return np.asarray(TfidfTransformer().fit_transform(counts).todense())


@laws
@given(st.lists(pair, min_size=1, max_size=3))
def test_idf_is_what_fitting_scikit_learn_on_the_pair_alone_gives(pairs: list[Pair]) -> None:
    batch = Batch(pairs)
    _, _, counts, idf = _count_tokens(batch.hashes, batch.starts, batch.ends, batch.pair)
    expected: list[float] = []
    for a, b in pairs:
        vectorizer = CountVectorizer(analyzer=list)
        fitted = TfidfTransformer().fit(vectorizer.fit_transform(a + b))
        order = dict.fromkeys(x for p in a + b for x in p)  # ours number words as they are met
        expected.extend(fitted.idf_[vectorizer.vocabulary_[x]] for x in order)
    np.testing.assert_allclose(idf, expected)
    assert counts.sum() == len(batch.hashes)


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


def test_short_and_unwanted_passages_are_no_seeds() -> None:
    short: Pair = ([[0, 1, 2]], [[0, 1, 2]])
    assert len(Batch([short]).seeds().pair) == 0
    batch = Batch([([[0, 1, 2, 3, 4, 5]], [[0, 1, 2, 3, 4, 5]])])
    assert len(batch.seeds().pair) == 1
    unwanted = np.array([True, False])
    assert (
        len(passage_seeds(batch.hashes, batch.starts, batch.ends, batch.pair, batch.in_second, unwanted).pair)
        == 0
    )


def test_many_passages_of_the_same_words_stay_cheap() -> None:
    rng = np.random.default_rng(1)
    # Every passage of one text is like every one of the other: 640,000 seeds of equal cosine.
    passages = [rng.permutation(10).tolist() for _ in range(1600)]
    found = Batch([(passages[:800], passages[800:])]).seeds()
    assert len(found.pair) == 800 * 800
