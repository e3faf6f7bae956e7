"""Passages: the same in both copies of a text, however its lines and paragraphs are broken."""

import random
import textwrap

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.text.passages import split
from dedup.text.tokens import tokenise

laws = settings(deadline=None, derandomize=True, max_examples=50)

SENTENCES = [
    "The harbour of Port Ansel was closed on Monday after a crane fell across its only rail line.",
    "“Nobody was hurt, but the line is twisted like wire,” said Gen. Mara Oduya, who leads the port police.",
    "Dr. Ilse Brandt of the U.N. shipping office said that 2,069 containers were waiting.",
    "Prices rose by 3.5 percent on Feb. 12 in St. Ansel, the governor's office said.",
    "Mr. Tolland told the assembly at 5 p.m. that the U.S. firm Kessler Inc. would pay for the repair.",
    "Workers have asked for a second crane since the spring, when storms bent the first one.",
    "Was the inspection late? The ministry did not answer.",
    "A ferry brought 40 of them back to the mainland before dark.",
    "Officials in the capital promised an inquiry by J. K. Varga, a retired judge.",
]


def passages(text: str) -> list[tuple[int, ...]]:
    tokens = tokenise([text])
    cut = split(tokens)
    return [tuple(tokens.hashes[a:b].tolist()) for a, b in zip(cut.starts, cut.ends, strict=True)]


STORY = " ".join(SENTENCES)


def test_sentences_are_passages() -> None:
    # "Was the inspection late?" is one more.
    assert len(passages(STORY)) == len(SENTENCES) + 1


@pytest.mark.parametrize("width", range(55, 91, 5))
def test_hard_wrapped(width: int) -> None:
    assert passages(textwrap.fill(STORY, width)) == passages(STORY)
    assert passages(textwrap.fill(STORY, width).replace("\n", "\r\n")) == passages(STORY)


@pytest.mark.parametrize("width", [60, 72])
def test_hard_wrapped_in_paragraphs(width: int) -> None:
    paragraphs = [" ".join(SENTENCES[:3]), " ".join(SENTENCES[3:6]), " ".join(SENTENCES[6:])]
    wrapped = [textwrap.fill(p, width, break_long_words=False, break_on_hyphens=False) for p in paragraphs]
    assert passages("\n\n".join(wrapped)) == passages(STORY)
    indented = ["   " + textwrap.fill(p, width) for p in paragraphs]
    assert passages("\n".join(indented)) == passages(STORY)


@pytest.mark.parametrize("width", [60, 72])
def test_a_hard_wrapped_insert_between_paragraphs_of_one_line(width: int) -> None:
    insert = textwrap.fill(" ".join(SENTENCES[3:8]), width)
    assert passages("\n\n".join([*SENTENCES[:3], insert, *SENTENCES[8:]])) == passages(STORY)


@pytest.mark.parametrize("separator", ["\n", "\n\n", "\r\n\r\n", " \n \n", "</p><p>", "\u2029", "<br />\n"])
def test_one_sentence_a_paragraph(separator: str) -> None:
    assert passages(separator.join(SENTENCES)) == passages(STORY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.N.", "UN"),
        ("U.S.", "US"),
        ("Gen. Mara", "Gen Mara"),
        ("5 p.m.", "5pm".replace("5", "5 ")),
        ("“Nobody", '"Nobody'),
        ("2,069", "2069"),
        ("J. K. Varga", "J.\u00a0K. Varga"),
        ("Mr. Tolland", "<b>Mr. Tolland</b>"),
    ],
)
def test_house_spellings(one: str, other: str) -> None:
    assert one in STORY
    assert passages(STORY.replace(one, other)) == passages(STORY)


def test_initials_and_ranks_end_no_passage() -> None:
    assert (
        len(
            passages(
                "The U.N. General Assembly heard Gov. Ruth Amsel and J. K. Varga on Jan. 5 in Washington."
            )
        )
        == 1
    )


def test_a_sentence_behind_an_initialism_is_one() -> None:
    assert len(passages("The envoy spoke at the U.N. The council voted later.")) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("港口星期一关闭。没有人受伤。", 2),
        ("أغلق الميناء يوم الاثنين. هل تأخر التفتيش؟ لم ترد الوزارة.", 3),
        ("बंदरगाह सोमवार को बंद रहा। कोई घायल नहीं हुआ।", 2),
        ("Der Hafen blieb am Dienstag bzw. Mittwoch geschlossen. Verletzt wurde niemand.", 2),
    ],
)
def test_other_scripts_and_languages(text: str, count: int) -> None:
    assert len(passages(text)) == count


def test_a_caption_is_a_passage_of_its_own() -> None:
    text = "The crane fell at noon\nWorkers near the crane (Nadia Fell/Reuters)\nthe port said"
    assert len(passages(text)) == 3


@laws
@given(st.lists(st.text(st.sampled_from("ab A.1\n?,日\u0301\x00\ud800"), max_size=60), max_size=4))
def test_every_token_is_in_exactly_one_passage_of_its_text(texts: list[str]) -> None:
    tokens = tokenise(texts)
    cut = split(tokens)
    assert np.all(cut.starts < cut.ends)
    covered = [k for a, b in zip(cut.starts.tolist(), cut.ends.tolist(), strict=True) for k in range(a, b)]
    assert covered == list(range(len(tokens.hashes)))
    assert np.array_equal(cut.text, np.searchsorted(tokens.bounds, cut.starts, side="right") - 1)


def endless(rng: random.Random, count: int) -> list[str]:
    return ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 9))) for _ in range(count)]


def test_a_text_without_marks_is_cut_where_its_words_say() -> None:
    rng = random.Random(7)
    words = endless(rng, 4000)
    plain = passages(" ".join(words))
    assert all(len(p) <= 160 for p in plain)
    assert all(len(p) >= 60 for p in plain[:-1])
    for ahead in (1, 17, 90, 500):
        longer = passages(" ".join(endless(rng, ahead) + words))
        # Once a cut of the two agrees, all later ones do.
        same = sum(p in longer for p in plain)
        assert longer[-same:] == plain[-same:]
        assert same >= 0.7 * len(plain)


def test_a_word_repeated_without_end_is_cut_too() -> None:
    assert max(map(len, passages("word " * 100_000))) <= 160
