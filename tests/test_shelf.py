"""A shelf gives back what was put there, from memory, from a file, and from the file of an earlier process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import packing
from dedup.model import Article
from dedup.shelf import Chosen, Kind, Shelf, some

TEXTS = Kind(packing.to_bytes, packing.to_text)
ARTICLES = Kind(packing.pack_article, packing.unpack_article)
STRINGS = st.text(st.characters(codec=None), max_size=30)  # lone surrogates and NUL among them


def shelf_at(place: Path | None) -> Shelf[str]:
    return Shelf(TEXTS, None if place is None else place.open("w+b"))


@given(things=st.lists(STRINGS), more=st.lists(STRINGS))
def test_things_come_back_however_they_were_put_there(
    things: list[str], more: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    for place in (None, tmp_path_factory.mktemp("shelf") / "shelf"):
        shelf = shelf_at(place)
        for thing in things:
            shelf.append(thing)
            assert shelf[-1] == thing
        shelf.extend(TEXTS.packed(more))
        assert list(shelf) == [*things, *more]
        assert shelf[: len(things)] == things
        assert len(shelf) == len(things) + len(more)
        numbers = [i for i in [*range(len(shelf)), *range(len(shelf) - 1, -1, -2)] if i % 3]
        assert shelf.some(numbers) == [shelf[i] for i in numbers]
        back = Chosen(shelf, range(len(shelf) - 1, -1, -1))
        assert some(back, range(len(back))) == list(shelf)[::-1]
        assert [shelf.raw(i) for i in range(len(shelf))] == [TEXTS.pack(t) for t in [*things, *more]]
        if place is not None:
            shelf.seal()
            shelf.close()
            again = Shelf.opened(TEXTS, place)
            assert list(again) == [*things, *more]
            again.close()


def test_what_is_not_there_is_an_index_error(tmp_path: Path) -> None:
    for place in (None, tmp_path / "shelf"):
        shelf = shelf_at(place)
        with pytest.raises(IndexError):
            shelf[0]
        shelf.append("one")
        with pytest.raises(IndexError):
            shelf[1]
        with pytest.raises(IndexError):
            shelf[-2]


def test_a_forked_process_reads_what_was_handed_on(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path / "shelf")
    for number in range(1000):
        shelf.append(f"thing {number}")
    shelf.flush()
    pid = os.fork()
    if not pid:
        right = [shelf[i] for i in (999, 0, 500)] == ["thing 999", "thing 0", "thing 500"]
        os._exit(0 if right else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert shelf[3] == "thing 3"


def test_a_file_of_another_length_is_told(tmp_path: Path) -> None:
    shelf = shelf_at(tmp_path / "shelf")
    shelf.append("whole")
    shelf.seal()
    shelf.close()
    (tmp_path / "shelf").write_bytes(b"who")
    with pytest.raises(ValueError, match="another length"):
        Shelf.opened(TEXTS, tmp_path / "shelf")


def test_articles_come_back_whole(tmp_path: Path) -> None:
    odd = Article(
        "id \ud800",
        "text\0 \udfff",
        "T",
        None,
        "u",
        "2024",
        "B",
        "en",
        {"n": 2**70, "deep": [{"x": None}], "nan": "x"},
    )
    shelf = Shelf(ARTICLES, (tmp_path / "shelf").open("w+b"))
    shelf.append(odd)
    shelf.append(Article("plain", "text"))
    assert list(shelf) == [odd, Article("plain", "text")]


def test_chosen_things_are_a_sequence() -> None:
    chosen = Chosen("abcdef", [5, 0, 2])
    assert list(chosen) == ["f", "a", "c"]
    assert list(chosen[1:]) == ["a", "c"]
    assert len(chosen) == 3
