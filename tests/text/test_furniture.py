"""Furniture: each kind is found where it stands, what only looks like it stays, and hostile text costs linear time."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.text.furniture import find_furniture

laws = settings(deadline=None, derandomize=True)


def found(text: str) -> list[tuple[str, str]]:
    return [(item.kind, text[item.start : item.end]) for item in find_furniture(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[su_label t="i"]World[/su_label]', [("shortcode", '[su_label t="i"]'), ("shortcode", "[/su_label]")]),
        ("[su_dropcap]L[/su_dropcap]ibyan", [("inline", "[su_dropcap]"), ("inline", "[/su_dropcap]")]),
        ('[gallery ids="1,2"] Text', [("shortcode", '[gallery ids="1,2"]')]),
        ("[quote]Said so.[/quote]", [("shortcode", "[quote]"), ("shortcode", "[/quote]")]),
        ("<p>One <b>two</b></p>", [("tag", "<p>"), ("inline", "<b>"), ("inline", "</b>"), ("tag", "</p>")]),
        ('<a href="http://x.example/?a=1">x</a>', [("inline", '<a href="http://x.example/?a=1">'), ("inline", "</a>")]),
        ("<script>x</script><!-- note -->", [("tag", "<script>"), ("tag", "</script>"), ("tag", "<!-- note -->")]),
        ("a<br/>b", [("tag", "<br/>")]),
        ("R&amp;D caf&eacute; &#8217; &#x2019;", [("entity", e) for e in ("&amp;", "&eacute;", "&#8217;", "&#x2019;")]),
        (" date 2019-04-08 The port", [("date", " date 2019-04-08 ")]),
    ],
)  # fmt: skip
def test_each_kind(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_an_entity_knows_what_it_stands_for() -> None:
    assert [item.stands_for for item in find_furniture("&amp; &rsquo; &#233; &#x41; &nbsp;")] == [
        "&",
        "’",
        "é",
        "A",
        "\xa0",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“We [the council] will not [sic] yield,” she said. [he] [1] [...] [AP] []",
        "Shares of International Makers <IBM> and <T.N> fell; 3 < 4 and 5 > 2.",
        "AT&T; R&D; Q&A; &; &notanentity; &ampersand;",
        "The date 2019-04-08 is set.",
        "On the date 2019-04-08",
        "<not closed, [nor this",
        "a <" + "b" * 700 + "> c",
    ],
)
def test_what_only_looks_like_furniture_stays(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "line",
    [
        "Workers near the fallen crane in Port Ansel on Monday. (Nadia Fell/Reuters)",
        "Workers near the fallen crane (Reuters/Nadia Fell)",
        "Workers near the fallen crane. (Nadia Fell/Harbour News via AP)",
        "Workers near the fallen crane: (Nadia Fell/Pool Photo via AP, File)",
        "Nobody in the port knows, the mayor said. | Nadia Fell/Harbour News",
        "Workers near the crane. (Photo by Nadia Fell/AFP/Getty Images)",
        "Workers near the crane. Photograph: Nadia Fell/AFP",
        "Workers near the crane. AP Photo/Nadia Fell",
        "Workers near the crane. REUTERS/Nadia Fell",
        "Workers near the crane. (AP Photo)",
        "A view of the port. Getty Images",
        "A view of the port. (Shutterstock)",
        "FILE PHOTO: A view of the port, 2018",
        "FILE - In this May 3 photo, a view of the port",
        "Image caption A view of the port",
        "Media caption The mayor speaks",
        "A view of the port. (Nadia Fell/Reuters) Nadia Fell",
        "Blick auf den Hafen. Foto: Zoë Łukasz-O’Neill/dpa",
        "Blick auf den Hafen. (Zoë Weiß/dpa-Zentralbild)",
        "A view of the port. iStock",
    ],
)
def test_caption_lines(line: str) -> None:
    text = f"The port stayed closed on Monday.\n  {line} \nIt opens on Friday."
    assert found(text) == [("caption", line)]


@pytest.mark.parametrize(
    "line",
    [
        "TALKS ON SHR/DLRS EXCHANGE",
        "MARKET SEES YEN/DLR RATE HIGHER",
        "Prices were given as 3.5 dlrs/barrel in Port Ansel and 4 in",
        "the men and/or women who work there",
        "The 9/11 inquiry and the 2019/20 season",
        "He plays for Ansel/Tolland and/or Kessler, and nobody minds.",
        "Read more at example.org/news/port",
        "Die Stadt, so sagte der Sprecher zu dpa/und anderen",
        "Photo editors met in the capital to talk about pictures.",
        "The image of the port suffered, the mayor said.",
        "Getty Images said it would open an office in the port.",
        "He told the BBC/Reuters poll team that he would not vote.",
        "TEHRAN, May 3 (Xinhua/AFP) - The port was closed.",
        "Cranes fall across the rail line | News/Port Ansel",
    ],
)
def test_lines_with_slashes_and_photos_that_are_no_captions(line: str) -> None:
    assert found(f"The port stayed closed on Monday.\n{line}\nIt opens on Friday.") == []


def test_a_paragraph_of_prose_that_ends_in_a_credit_is_too_long_for_a_caption() -> None:
    assert found("The port stayed closed. " * 40 + "(Nadia Fell/Reuters)") == []


def test_a_caption_holds_its_other_furniture_and_comes_first() -> None:
    line = "Workers &amp; crane. (Nadia Fell/Reuters)"
    assert found(line) == [("caption", line), ("entity", "&amp;")]


@laws
@given(st.text(st.sampled_from("[]</>&;#x= aA_1\n-!Photo(REUTERS)date 2019\ud800"), max_size=120))
def test_furniture_lies_in_order_inside_the_text(text: str) -> None:
    items = find_furniture(text)
    assert [(item.start, -item.end) for item in items] == sorted((item.start, -item.end) for item in items)
    assert all(0 <= item.start < item.end <= len(text) for item in items)
    markup = [item for item in items if item.kind != "caption"]
    assert all(one.end <= next_one.start for one, next_one in pairwise(markup))


BAIT = {
    "shortcodes": "[aa " + "x" * 296,
    "brackets": "[",
    "open and closed": "[a_b][/a_b]",
    "tags": "<a " + "x" * 596,
    "comments": "<!--" + "-" * 596,
    "angles": "<",
    "entities": "&" + "a" * 31,
    "long numbers": "&#9999999;",
    "credit names": "(" + "Aa Aa Aa Aa Aa Aa/" * 8 + "\n",
    "credit names without slash": "(" + "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa " * 3 + "/\n",
    "houses": "AAAAAAAAAA/" + "Aaaaaaaaaaaaaaaaaaaa " * 5 + ",\n",
    "photographs": "Photo: " * 20 + "x/\n",
    "agencies": "Getty Images" + " a" * 70 + "/,\n",
    "parentheses": "(A/" * 60 + "\n",
    "dots": "(Aa.Aa.Aa.Aa.Aa.Aa/" + "Aa'Aa-Aa.Aa " * 10 + "\n",
    "one line": "Photo / ",
    "signs, no newline": "/",
}


@pytest.mark.parametrize("name", BAIT)
def test_bait_of_a_megabyte_is_read_quickly(name: str) -> None:
    text = BAIT[name] * (1_000_000 // len(BAIT[name]))
    started = time.process_time()
    find_furniture(" date " + text)
    # Ten times what the slowest takes; anything worse than linear would need hours.
    assert time.process_time() - started < 20
