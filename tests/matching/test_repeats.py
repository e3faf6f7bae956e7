"""Repeats: what an article says twice, with both places, and what sort of repetition it is."""

import random
import time

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


def told(text: str) -> list[tuple[str, str]]:
    return [(found.kind, text[found.start : found.end]) for found in repeats(text)]


def words(seed: int, count: int) -> str:
    rng = random.Random(seed)
    return " ".join("".join(rng.choices("abcdefghijklmnop", k=rng.randint(3, 9))) for _ in range(count))


def paragraph(seed: int, count: int = 40) -> str:
    return words(seed, count).capitalize() + "."


LEAD, BLOCK, BODY, TAIL = (paragraph(seed, count) for seed, count in enumerate((30, 90, 60, 30)))
MORE = "\n".join(
    paragraph(seed) for seed in range(20, 30)
)  # far enough from the top that no deck stands here
SENTENCE = (
    "The harbour will stay shut until every crane along the eastern quay has been looked at by two engineers"
)
QUOTED = "We will not open a single berth until I have seen the papers for every crane with my own eyes"


def test_a_block_printed_twice_names_both_places() -> None:
    text = "\n\n".join([LEAD, BLOCK, BLOCK, TAIL])
    (found,) = repeats(text)
    assert text[slice(*found.of)] == text[found.start : found.end] == BLOCK
    assert found.of[1] < found.start
    assert (found.kind, found.similarity) == ("repeat", 1.0)


def test_a_block_printed_again_with_small_changes_is_a_repeat_too() -> None:
    changed = BLOCK.split()
    changed[30] = changed[60] = "exchanged"
    again = " ".join(changed)
    text = "\n\n".join([LEAD, BLOCK, BODY, again, TAIL])
    (found,) = repeats(text)
    assert (text[slice(*found.of)], text[found.start : found.end]) == (BLOCK, again)
    assert 0.9 < found.similarity < 1


def test_a_body_doubled_with_an_edit_in_every_sentence_is_one_repeat() -> None:
    sentences = [words(seed, 14).split() for seed in range(40, 60)]
    body = " ".join(" ".join(s).capitalize() + "." for s in sentences)
    edited = " ".join(" ".join([*s[:6], "exchanged", *s[7:]]).capitalize() + "." for s in sentences)
    (found,) = repeats(f"{LEAD}\n{body}\n{TAIL}\n{edited}")
    assert found.kind == "repeat"
    assert found.end - found.start > 0.95 * len(edited)


@pytest.mark.parametrize("copies", [2, 3, 6])
def test_of_n_copies_all_but_the_first_repeat_the_first(copies: int) -> None:
    between = [paragraph(seed) for seed in range(60, 60 + copies)]
    text = "\n".join(part for other in between for part in (BLOCK, other))
    found = repeats(text)
    assert [f.of for f in found] == [(0, len(BLOCK))] * (copies - 1)
    assert [text[f.start : f.end] for f in found] == [BLOCK] * (copies - 1)


def test_words_shared_by_chance_behind_a_sentence_are_left_out() -> None:
    text = f"{LEAD}\n{SENTENCE}.\nBut the {BODY}\n{MORE}\n{SENTENCE}. But the {paragraph(70)}"
    assert told(text) == [("pullquote", f"{SENTENCE}.")]


def test_shortcodes_around_a_block_hide_no_repeat() -> None:
    text = f"{LEAD}\n[su_dropcap]{BLOCK[0]}[/su_dropcap]{BLOCK[1:]}\n[su_box]{BLOCK}[/su_box]\n{TAIL}"
    (found,) = repeats(text)
    assert text[found.start : found.end] == BLOCK


@pytest.mark.parametrize(
    "text",
    [
        # Set on a line of its own, with and without quotation marks, before and behind the sentence.
        f"{LEAD} {SENTENCE}. {BODY}\n\n“{SENTENCE}.”\n\n{TAIL}",
        f"{MORE}\n{SENTENCE}.\n{LEAD} {SENTENCE}. {BODY}",
        f"{MORE}\n{BODY} And {SENTENCE.lower()}, she said.\n{SENTENCE}.\n{TAIL}",
        # A quotation, and the quotation for display with its speaker.
        f"{MORE}\n{BODY} “{QUOTED},” said Mr Kessler.\n{QUOTED}\nOtto Kessler, harbour master\n{TAIL}",
        f"{MORE}\n{BODY} “{QUOTED},” he said.\n{QUOTED} - Otto Kessler harbour master\n{TAIL}",
        # The same where line ends are lost.
        f"{LEAD} {BODY} {QUOTED} Otto Kessler, harbour master. “{QUOTED},” he told the council. {TAIL} {BLOCK}",
    ],
)
def test_a_sentence_set_for_display_is_a_pull_quote(text: str) -> None:
    assert [kind for kind, _ in told(text)] == ["pullquote"]


@pytest.mark.parametrize(
    "text",
    [
        f"Harbour shut\n{SENTENCE}\nBy Nadia Fell\nPORT ANSEL - {SENTENCE}, the council said. {BODY}\n{TAIL}",
        f"Harbour shut\n{SENTENCE}.\nPORT ANSEL - {BODY}\n{LEAD} {SENTENCE}.\n{TAIL}",
        f"Harbour shut\nOfficials say {SENTENCE.lower()}\n{BODY}\nBut {SENTENCE.lower()}, it says. {LEAD}\n{TAIL}",
        f"3 May 2016 {SENTENCE}. Tags harbour cranes {SENTENCE} the council said on Tuesday. {BODY} {TAIL} {BLOCK}",
    ],
)
def test_a_deck_counts_as_a_pull_quote(text: str) -> None:
    assert [kind for kind, _ in told(text)] == ["pullquote"]


@pytest.mark.parametrize(
    "embedded",
    [
        f"{QUOTED}!\n— Otto Kessler (@ottokessler) May 3, 2016",
        f"{QUOTED}... https://t.example/x1\n— Otto Kessler (@ottokessler) May 3, 2016",
        f"{QUOTED} pic.twitter.com/abc\nOtto Kessler",
        f"Otto Kessler\n@ottokessler\n{QUOTED}!",
    ],
)
def test_a_post_quoted_and_embedded_counts_as_a_pull_quote(embedded: str) -> None:
    text = f"{MORE}\n{LEAD}\n“{QUOTED}!”\n{BODY}\n{embedded}\n{TAIL}"
    assert [kind for kind, _ in told(text)] == ["pullquote"]


CAPTION = "Workers stand near the crane that fell across the rail line of the port on Monday"


@pytest.mark.parametrize(
    "text",
    [
        f"{CAPTION}. (Nadia Fell/Reuters)\n{LEAD}\n{CAPTION}. (Nadia Fell/Reuters)\n{BODY}",
        # The credit on a line of its own, under or over the caption.
        f"{MORE}\n{CAPTION}.\nNadia Fell, AP\n{BODY} {CAPTION}, it said. {LEAD}",
        f"{MORE}\n{CAPTION}.\n(Nadia Fell / Harbour News via AP)\n{CAPTION}.\n{BODY}",
        f"{MORE}\nNadia Fell / AFP\n{CAPTION}.\n{BODY} {CAPTION}, it said. {LEAD}",
        # A gallery's counter, and the short form of a caption beside the long one.
        f"{MORE}\nImage 1 of 3\n{CAPTION} when the wind rose. less\n{CAPTION} ... more\n{BODY}",
        f"{LEAD}\n1 / 2\n{CAPTION}\n{BODY} {CAPTION}. {TAIL}",
        f"Enlarge this image\n{CAPTION}. Nadia Fell/AP hide caption\ntoggle caption\nNadia Fell/AP\n{CAPTION}.\n{BODY}",
        # No credit at all: a line in mid-article that ends without the full stop of its copy.
        f"{MORE}\n{CAPTION}.\n{BODY}\n{CAPTION}\n{TAIL}",
        f"{MORE}\n{CAPTION}.\n{BODY}\nBlown over: {CAPTION}\n{TAIL}",
        f"{MORE}\n{BODY} {CAPTION}.\nThe harbour (pictured) is shut. {CAPTION}\n{TAIL}",
        # A bracket behind the full stop, where line ends are lost.
        f"{LEAD} {CAPTION}. (Wire photo) {BODY} {TAIL} {CAPTION}. {BLOCK}",
    ],
)
def test_captions(text: str) -> None:
    assert [kind for kind, _ in told(text)] == ["caption"]


def test_a_turn_played_twice_in_a_transcript_is_a_repeat_though_it_fills_its_line() -> None:
    names = ["ANNA FELL", "OTTO KESSLER"] * 3
    turns = "\n".join(f"{name}:\n{paragraph(seed)}" for seed, name in enumerate(names, 100))
    text = f"{LEAD}\n{turns}\nMAYOR:\n{QUOTED}.\n{BODY}\nANNA FELL:\nHere he is: {QUOTED}. {TAIL}"
    assert told(text) == [("repeat", f"{QUOTED}.")]


def test_a_quotation_in_the_lead_and_again_in_the_story_is_a_repeat() -> None:
    text = (
        f"{MORE}\nThe master spoke to the council of the port on Monday, and he said “{QUOTED}.”\n{BODY}\n"
        f"Asked about the cranes on the quay, Kessler answered again: “{QUOTED}.”\n{TAIL}"
    )
    assert told(text) == [("repeat", f"“{QUOTED}.”")]


STOCK = (
    "The council of Port Ansel meets for two days to speak of the fallen cranes and of what to do about them"
)
GALLERY = "\n".join(
    f"{subject} walks along the quay in Port Ansel on Monday. {STOCK}.\n{photographer}, Getty Images\nFullscreen"
    for subject, photographer in [
        ("The mayor of the town with three members of her staff", "Nadia Fell"),
        ("Otto Kessler, harbour master since the spring of last year,", "Jan Holm"),
        ("An engineer from the works that had built both cranes", "Nadia Fell"),
    ]
)
ROWS = "\n".join(
    f"{club} have won {n} of their last ten games and stand in place {n + 2} of the second northern league table now"
    for n, club in enumerate(["Ansel", "Tolland", "Kessel", "Varn", "Orde"])
)
FIGURES = "\n".join(
    f"{crop}\n 1986/87 1985/86 04/09/87 03/09/87 1986/87 1985/86\n Start 1,009 1,009 717 717 nil nil nil\n End {n} 4"
    for n, crop in enumerate(["Wheat", "Maize", "Rye"])
)
TEASERS = "\n".join(f"{words(seed, 18).capitalize()} ...\n4 hours ago" for seed in range(80, 90))
SUMMARY = (
    "The harbour stays shut for weeks and nobody in the town can say when the first ship will come in again"
)
BUTTONS = "Click here to comment on this article\nClose\nShare"
NOTE = "Nadia Fell is a fellow of the Institute for Harbours in Tolland and writes about cranes, quays and the sea"
FORMULA = "\n".join(
    f"ANNA FELL: {paragraph(seed)} {said}"
    for seed, said in enumerate(
        [
            "This is Harbour Talk. If you are just joining us, my guest this hour is Otto Kessler, master of the port.",
            "Well, if you are just joining us, my guest this hour knows all about cranes.",
            "We go on. If you are just joining us, my guest this hour has been to Tolland.",
            "This is Harbour Talk. If you are just joining us, my guest this hour is Otto Kessler, who runs it.",
        ]
    )
)
PHRASE = "the largest of the fourteen cranes that the port of Ansel bought from the works in Tolland"


@pytest.mark.parametrize(
    "text",
    [
        GALLERY,
        f"{LEAD}\n{ROWS}\n{BODY}",
        FIGURES,
        f"{TEASERS}\n{SUMMARY} ...\nToday\n{TEASERS[:200]}\n{SUMMARY} ...",
        # A dialogue to share the page, and the page's description behind its last button.
        f"Facebook Twitter E-mail\nCranes\n{SUMMARY}\nPost to Facebook\nCranes {SUMMARY} Check out this story\n{BODY}",
        f"Cranes fall\n{SUMMARY}.\n{BODY}\n{TAIL}\n{BUTTONS}\n{SUMMARY}.\ncranes, port",
        # The note about the author at the top and at the bottom; the headline again; an address made of it.
        f"Cranes\nby Nadia Fell May 3\n{NOTE}.\n{MORE}\n{BODY}\nNadia Fell {NOTE}. Follow\n",
        f"{SUMMARY}\nUpdated 3 May\n{BODY}\n{SUMMARY}\nBack to the top\n{TAIL}",
        f"https://news.example/{SUMMARY.lower().replace(' ', '-')}\n{SUMMARY}\n{BODY}",
        # A broadcaster's formula, in other words each time; a phrase inside two longer sentences.
        FORMULA,
        f"{MORE}\n{words(1, 9)} {PHRASE} {words(2, 9)}.\n{words(3, 9)} {PHRASE} {words(4, 9)}.",
    ],
)
def test_what_a_page_says_twice_by_its_making_is_no_repeat(text: str) -> None:
    assert told(text) == []


def test_paragraphs_of_text_broken_at_a_column_are_no_display_lines() -> None:
    wrapped = "    " + "\n".join(BLOCK[at : at + 64].strip() for at in range(0, len(BLOCK), 64))
    text = f"    {LEAD}\n{wrapped}\n{wrapped}\n Wire"
    assert [kind for kind, _ in told(text)] == ["repeat"]


@pytest.mark.parametrize("text", ["", "word", "\x00\ud800", LEAD, "\n".join([LEAD, BLOCK, BODY, TAIL])])
def test_a_text_that_repeats_nothing(text: str) -> None:
    assert repeats(text) == ()


@laws
@given(
    st.lists(st.sampled_from([LEAD, BLOCK, BODY, TAIL, "Short."]), max_size=7),
    st.sampled_from(["\n", " ", "\t"]),
)
def test_blocks_overlap_neither_one_another_nor_the_place_they_repeat(
    blocks: list[str], between: str
) -> None:
    text = between.join(blocks)
    end = 0
    for found in repeats(text):
        assert 0 <= found.of[0] < found.of[1] <= found.start < found.end <= len(text)
        assert end <= found.start
        assert 0.8 <= found.similarity <= 1
        end = found.end
    twice = any(blocks.count(block) > 1 for block in (LEAD, BLOCK, BODY, TAIL))
    assert bool(repeats(text)) == twice


HOSTILE = {
    "one word": "word " * 100_000,
    "two words": "some word " * 50_000,
    "one line again and again": (LEAD + "\n") * 2_000,
    "rows": "\n".join(f"Row {n}: the quick fox has jumped over the lazy dog again, {n} times" for n in range(9_000)),
    "names": ("A" * 80 + " Aaaa Aaaa Aaaa Aaaa " + LEAD + "\n") * 500,
    "capitals": ("AAAA " * 16 + LEAD + "\n") * 500,
    "surrogates": "\ud800\x00 (AP/Photo) " * 50_000,
    "one line, doubled": " ".join(words(seed, 1_000) for seed in range(100)) * 2,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_reasonable_time(name: str) -> None:
    text = HOSTILE[name]
    tokens = tokenise([text])
    started = time.process_time()
    find_repeats([text], tokens, 15)
    assert time.process_time() - started < 20
