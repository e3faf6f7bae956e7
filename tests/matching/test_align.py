"""Alignment: what it says of (a, b) it says of (b, a), and every span quotes its text."""

import random
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Match, compare
from dedup.settings import Settings
from dedup.stages import align_batch
from dedup.text.tokens import tokenise

laws = settings(deadline=None, derandomize=True, max_examples=80)

ALPHABETS = ["abcdefghijklmnoprstu", "абвгдежзиклмнопрст", "ابتثجحخدذرزسشصضط"]


def paragraph(seed: int, sentences: int = 3) -> str:
    """Invented prose: words that no other seed's prose has."""
    rng = random.Random(seed)
    letters = ALPHABETS[seed % 3] if seed % 7 == 0 else ALPHABETS[0]

    def word() -> str:
        return "".join(rng.choices(letters, k=rng.randint(3, 9)))

    return " ".join(
        f"{word().capitalize()} {' '.join(word() for _ in range(rng.randint(8, 16)))}."
        for _ in range(sentences)
    )


SHARED = [paragraph(seed) for seed in range(6)]


def edited(text: str, at: int) -> str:
    words = text.split()
    words[at % len(words)] = "exchanged"
    return " ".join(words)


paragraphs = st.one_of(
    st.sampled_from(SHARED),
    st.tuples(st.sampled_from(SHARED), st.integers(0, 40)).map(lambda drawn: edited(*drawn)),
    st.integers(100, 140).map(paragraph),
    st.sampled_from(["(AP)", "“Yes”", "12,500", "日本の港", "", "\x00\ud800"]),
)
articles = st.lists(paragraphs, max_size=6).map("\n\n".join)


def mirrored(match: Match) -> Match:
    assert match.direction == "unknown", "two bare texts have no dates"
    return replace(match, a_start=match.b_start, a_end=match.b_end, b_start=match.a_start, b_end=match.a_end)


def by_place(matches: list[Match]) -> list[Match]:
    return sorted(matches, key=lambda m: (m.a_start, m.a_end, m.b_start, m.b_end))


def words(text: str) -> list[int]:
    return [int(h) for h in tokenise([text]).hashes]


def spans(matches: list[Match]) -> list[tuple[int, int, int, int]]:
    return [(m.a_start, m.a_end, m.b_start, m.b_end) for m in matches]


@laws
@given(articles, articles)
def test_the_answer_is_mirrored_when_the_texts_change_places(a: str, b: str) -> None:
    assert by_place([mirrored(m) for m in compare(b, a)]) == by_place(compare(a, b))


@laws
@given(articles, articles)
def test_matches_quote_both_texts(a: str, b: str) -> None:
    for match in compare(a, b):
        quote_a, quote_b = a[match.a_start : match.a_end], b[match.b_start : match.b_end]
        assert 0 <= match.a_start < match.a_end <= len(a)
        assert 0 <= match.b_start < match.b_end <= len(b)
        assert 0 < match.similarity <= 1
        shared = set(words(quote_a)) & set(words(quote_b))
        assert len(shared) >= 3
        assert (match.kind == "verbatim") == (words(quote_a) == words(quote_b))
        assert match.kind != "verbatim" or match.similarity == 1.0


@laws
@given(st.lists(st.sampled_from(range(6)), min_size=1, unique=True))
def test_a_text_is_one_verbatim_match_of_itself(order: list[int]) -> None:
    text = "\n\n".join(SHARED[i] for i in order)
    (match,) = compare(text, text)
    assert spans([match]) == [(0, len(text), 0, len(text))]
    assert (match.kind, match.weight) == ("verbatim", "substantial")


@laws
@given(articles, articles, st.integers(200, 240))
def test_an_unrelated_paragraph_more_changes_no_span(a: str, b: str, seed: int) -> None:
    before = by_place(compare(a, b))
    after = by_place(compare(a + "\n\n" + paragraph(seed), b))
    assert spans(after) == spans(before)


@laws
@given(st.lists(articles, min_size=2, max_size=4))
def test_pairs_of_a_batch_do_not_hear_of_each_other(texts: list[str]) -> None:
    pairs = np.array([(i, j) for j in range(len(texts)) for i in range(j)], np.int64)
    together = align_batch(texts, pairs, Settings())
    for k, (i, j) in enumerate(pairs.tolist()):
        alone = align_batch([texts[i], texts[j]], np.array([[0, 1]], np.int64), Settings())
        own = together.rows[:, 0] == k
        assert together.spans[own].tolist() == alone.spans.tolist()
        assert together.rows[own, 1:].tolist() == alone.rows[:, 1:].tolist()
        assert together.jaccard[k] == alone.jaccard[0]


def test_a_moved_block_is_found_where_it_went() -> None:
    one, two, three = SHARED[1:4]
    a, b = f"{one}\n\n{two}\n\n{three}", f"{three}\n\n{one}\n\n{two}"
    assert sorted(a[m.a_start : m.a_end] for m in compare(a, b)) == sorted([f"{one}\n\n{two}", three])
    for match in compare(a, b):
        assert a[match.a_start : match.a_end] == b[match.b_start : match.b_end]


def test_a_passage_used_twice_is_matched_twice() -> None:
    once, twice = f"{paragraph(50)}\n{SHARED[1]}", f"{SHARED[1]}\n{paragraph(51)}\n{SHARED[1]}"
    found = compare(once, twice)
    assert [once[m.a_start : m.a_end] for m in found] == [SHARED[1]] * 2
    assert [m.b_start for m in found] == [0, len(twice) - len(SHARED[1])]


def test_a_changed_word_splits_no_match_and_a_chance_run_stretches_none() -> None:
    block = " ".join(SHARED[1:4])
    a = f"{paragraph(50)} He said in the end that. {edited(block, 30)}"
    b = f"He said in the end that. {paragraph(51)} {block} {paragraph(52)}"
    (match,) = compare(a, b)
    assert a[match.a_start : match.a_end] == edited(block, 30)
    assert b[match.b_start : match.b_end] == block
    assert match.kind == "edited"
    assert 0.95 < match.similarity < 1


REPORT = (
    "The harbour of Port Ansel was closed on Monday after a crane fell across its only rail line. "
    "Engineers from the capital will examine the foundations before any ship may dock again."
)
REWRITTEN = (
    "After a crane fell across the only rail line of its harbour, Port Ansel was closed on Monday. "
    "Before any ship may dock again, the foundations will be examined by engineers from the capital."
)


def test_sentences_in_other_words_are_found_and_called_so() -> None:
    found = compare(
        f"{paragraph(50)} {REPORT} {paragraph(51)}", f"{paragraph(52)} {REWRITTEN} {paragraph(53)}"
    )
    assert found
    assert {m.kind for m in found} <= {"edited", "rewritten"}


def test_the_same_words_in_another_order_are_not_verbatim() -> None:
    sentence = (
        "Engineers of the national railway board found cracks below both ends of the old harbour bridge."
    )
    shuffled = sentence.replace("cracks", "x").replace("national", "cracks").replace("x", "national")
    assert sorted(words(sentence)) == sorted(words(shuffled))
    (match,) = compare(sentence, shuffled)
    assert match.kind == "edited"


def test_a_match_takes_along_the_quotation_marks_and_stops_that_both_have() -> None:
    quoted = "“" + SHARED[1] + "”"
    a, b = f"{paragraph(50)} {quoted} {paragraph(51)}", f"{paragraph(52)} {quoted}"
    (match,) = compare(a, b)
    assert a[match.a_start : match.a_end] == b[match.b_start : match.b_end] == quoted


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("", ""),
        ("", REPORT),
        ("word", "word"),
        ("\x00", "\ud800"),
        (REPORT, paragraph(7) + paragraph(14)),  # Cyrillic, Arabic
        (REPORT, "港口星期一关闭，因为一台起重机倒在唯一的铁路线上。"),
        ("The talks in the port ended.", "The talks in the port ended."),  # fewer than match_tokens
    ],
)
def test_texts_that_share_nothing_to_speak_of(a: str, b: str) -> None:
    assert compare(a, b) == []


@pytest.mark.parametrize(
    "text",
    [
        "港口星期一关闭，因为一台起重机倒在唯一的铁路线上，市长说周五重新开放。",
        "أغلق ميناء أنسل يوم الاثنين بعد أن سقطت رافعة على خط السكة الحديد الوحيد.",
        "बंदरगाह सोमवार को बंद रहा क्योंकि एक क्रेन रेल लाइन पर गिर गई थी।",
        "월요일 항구는 크레인이 하나뿐인 철로 위로 쓰러진 뒤 하루 종일 닫혀 있었다.",
    ],
)
def test_copies_in_any_script(text: str) -> None:
    a, b = f"{paragraph(50)} {text}", f"{text} {paragraph(51)}"
    (match,) = compare(a, b)
    assert a[match.a_start : match.a_end] == b[match.b_start : match.b_end] == text


HOSTILE = {
    "one word": "word " * 100_000,
    "two words": "one two " * 50_000,
    "no space": "x" * 500_000,
    "no letter": "-" * 500_000,
    "one sentence": "The talks in the port ended on Monday. " * 5_000,
    "shuffled words": " ".join(
        " ".join(
            random.Random(i).sample("alpha beta gamma delta epsilon zeta eta theta iota kappa".split(), 10)
        )
        + "."
        for i in range(1500)
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_texts_that_repeat_themselves_without_end_are_answered(name: str) -> None:
    text = HOSTILE[name]
    pairs = np.array([[0, 1]], np.int64)
    aligned = align_batch([text, text[: len(text) // 2] + " " + REPORT], pairs, Settings())
    size = len(tokenise([text]).hashes)
    assert len(aligned.rows) <= max(size, 1)


def test_more_passages_than_are_compared_are_said_to_be_cut_short() -> None:
    rng = random.Random(7)
    vocabulary = paragraph(50, 40).replace(".", "").lower().split()

    def cut_short(sentences: int) -> list[bool]:
        texts = [
            " ".join(f"{' '.join(rng.choices(vocabulary, k=5)).capitalize()}." for _ in range(sentences))
            for _ in range(2)
        ]
        return list(align_batch(texts, np.array([[0, 1]], np.int64), Settings()).cut_short.tolist())

    assert cut_short(2_100) == [True]
    assert cut_short(100) == [False]


def test_thousands_of_sentences_alike_take_time_in_proportion() -> None:
    def aligned_in(sentences: int) -> float:
        texts = [
            " ".join(f"The talks {side}x{k}x in the port ended on Monday." for k in range(sentences))
            for side in "ab"
        ]
        began = time.process_time()
        align_batch(texts, np.array([[0, 1]], np.int64), Settings())
        return time.process_time() - began

    aligned_in(20)  # compiles
    assert aligned_in(2_000) < 2.0


def test_sentences_in_another_order_are_found_together_though_each_tells_little_in_a_long_text() -> None:
    sentences = [paragraph(seed, 1) for seed in range(500, 600)]
    shuffled = random.Random(3).sample(sentences, len(sentences))
    found = compare(" ".join(sentences), " ".join(shuffled))
    assert sum(match.kind == "verbatim" for match in found) > 80
    other = [*sentences[:2], *(paragraph(seed, 1) for seed in range(700, 798))]
    assert not compare(" ".join(sentences), " ".join(random.Random(4).sample(other, len(other))))
