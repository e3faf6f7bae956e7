"""Corpora that a careless algorithm falls off: what is common in archives, taken to its end.

    python -m benchmarks.cliffs copies 50000 --out copies.jsonl

The same arguments give the same bytes.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks import newswire
from benchmarks.desk import Desk
from benchmarks.machine import cores
from benchmarks.typeset import Paragraphs

START = datetime(2024, 3, 4, 5, 0)
SECONDS_APART = 30
USUAL = 346  # words
BOILERPLATE = 120  # words
EDITS = 0.2  # share of a copy's sentences in which a word is changed
BESIDE = 1_000  # usual articles beside the long one
PIECE = 100_000  # words of the long one that are written at a time
SIGNS = "…", "!", "?!", "— —", "...", "***", "“ ”", "(/)"

Print = tuple[str, str | None]  # a text, and its outlet unless it may be any


class Cliff(NamedTuple):
    """A corpus that can be made at any size.

    Attributes:
        told: What it is.
        size: What it is measured at: articles, or the megabytes of the long one.
        write: Writes it at another size, as JSONL.
    """

    told: str
    size: int
    write: Callable[[int, Path], None]


def copies(size: int, desk: Desk) -> Iterator[Print]:
    story = _set(desk.report(is_wire=True).paragraphs)
    yield from ((story, None) for _ in range(size))


def edited(size: int, desk: Desk) -> Iterator[Print]:
    paragraphs = desk.report(is_wire=True).paragraphs
    printed: set[str] = set()
    while len(printed) < size:
        text = _set(desk.edit(paragraphs, EDITS))
        if text not in printed:
            printed.add(text)
            yield text, None


def boilerplate(size: int, desk: Desk) -> Iterator[Print]:
    foot = _set(desk.write(desk.language.cast(), BOILERPLATE))
    for _ in range(size):
        yield f"{_set(desk.report().paragraphs)}\n\n{foot}", desk.outlets[0].name


def short(size: int, desk: Desk) -> Iterator[Print]:
    for number in range(size):
        yield (SIGNS[number // 2 % len(SIGNS)] if number % 2 else desk.language.draw(1)[0]), None


def same(size: int, desk: Desk) -> Iterator[Print]:
    text, outlet = _set(desk.report().paragraphs), desk.outlets[0].name
    yield from ((text, outlet) for _ in range(size))


def long(size: int, desk: Desk) -> Iterator[Print]:
    pieces: list[str] = []
    left = size * 1_000_000
    while left > 0:
        pieces.append(_set(desk.write(desk.language.cast(), min(PIECE, left // 5 + 1))))
        left -= len(pieces[-1])
    yield "\n\n".join(pieces), None
    for _ in range(BESIDE):
        yield _set(desk.report().paragraphs), None


def _printed(prints: Callable[[int, Desk], Iterator[Print]]) -> Callable[[int, Path], None]:
    """Writes texts as articles, half a minute apart, of the outlet that is named or whichever comes next."""

    def write(size: int, out: Path) -> None:
        desk = Desk(random.Random(1), USUAL)
        with out.open("w", encoding="utf-8", newline="\n") as file:
            for number, (text, outlet) in enumerate(prints(size, desk)):
                published = START + timedelta(seconds=SECONDS_APART * number)
                record = {
                    "id": f"cliff-{number:07d}",
                    "outlet": outlet or desk.outlets[number % len(desk.outlets)].name,
                    "published": f"{published:%Y-%m-%dT%H:%M:%S}Z",
                    "text": text,
                }
                file.write(json.dumps(record, ensure_ascii=False) + "\n")

    return write


def _distinct(size: int, out: Path) -> None:
    newswire.write(size, out, derived=0.0, repeated=0.0, processes=cores())


def _set(paragraphs: Paragraphs) -> str:
    return "\n\n".join(" ".join(sentence.text for sentence in paragraph) for paragraph in paragraphs)


CLIFFS = {
    "copies": Cliff("one story in identical copies", 50_000, _printed(copies)),
    "edited": Cliff("one story, each copy with edits of its own", 50_000, _printed(edited)),
    "boilerplate": Cliff("one outlet's boilerplate under all", 200_000, _printed(boilerplate)),
    "short": Cliff("one word, or nothing but punctuation", 100_000, _printed(short)),
    "same": Cliff("all the same, of one outlet", 100_000, _printed(same)),
    "long": Cliff("one long one (MB) beside 1,000 usual ones", 200, _printed(long)),
    "distinct": Cliff("distinct ones", 1_000_000, _distinct),
}


@click.command(help="Write a corpus that a careless algorithm falls off.")
@click.argument("name", type=click.Choice(list(CLIFFS)))
@click.argument("size", type=click.IntRange(min=1))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSONL to write.")
def main(name: str, size: int, out: Path) -> None:
    CLIFFS[name].write(size, out)


if __name__ == "__main__":
    main()
