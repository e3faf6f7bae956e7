"""A seeded synthetic newswire with known truth.

    python -m benchmarks.newswire 20000 --out corpus.jsonl --truth truth.jsonl

Agency stories and outlets' own stories come in order of time. A share of the articles derives from agency
stories still in the news, the way outlets really derive them: copied with house edits, trimmed from the tail,
given a new lead, excerpted inside an own story, or stitched from two agencies. Popularity is skewed: a few
stories are printed hundreds of times. Datelines and credit tails survive in some copies; some outlets end
their articles with a standing line of their own; some articles print a block twice.

Articles come in editions: each has the outlets and the language of all, and stories of its own, so that a story lasts
as long in a large corpus as in a small one, and processes can write editions side by side. The same arguments give
the same bytes, whatever the number of processes, and more articles begin with the fewer ones.
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from benchmarks.desk import Desk
from benchmarks.typeset import Draft, Story, flat, number, truth

STORIES_IN_THE_NEWS = 300
START = datetime(2024, 3, 4, 5, 0)
SECONDS_APART = 40  # in the mean
EDITION = 50_000  # articles
BETWEEN_EDITIONS = timedelta(days=1)  # ten times what the length of one varies by

Pair = tuple[dict[str, str], dict[str, Any]]


class Newsroom:
    """Draws the articles of one edition one after another; `publish` is the only entry."""

    def __init__(self, words: int, seed: int, derived: float, repeated: float, edition: int = 0) -> None:
        self._rng = random.Random(seed)
        self._desk = Desk(self._rng, words)
        self._derived, self._repeated = derived, repeated
        self._news: deque[Story] = deque(maxlen=STORIES_IN_THE_NEWS)
        self._printed = edition * EDITION
        self._now = START + timedelta(seconds=SECONDS_APART * self._printed) + edition * BETWEEN_EDITIONS
        if edition:
            self._rng.seed(f"{seed}/{edition}")  # the language and the outlets are drawn already

    def publish(self) -> Pair:
        """The next article, and its truth."""
        rng = self._rng
        self._now += timedelta(seconds=rng.expovariate(1 / SECONDS_APART))
        derived = len(self._news) > 10 and rng.random() < self._derived
        draft = self._derive() if derived else self._desk.report()
        # A wire story is left whole: its copies would repeat the block too.
        if rng.random() < self._repeated and len(draft.paragraphs) > 4 and not draft.is_wire:
            draft = self._desk.print_twice(draft)
        self._printed += 1
        return self._print(f"wire-{self._printed:07d}", draft)

    def _derive(self) -> Draft:
        kind = self._desk.choose_kind()
        story = self._choose()
        credited = self._rng.random() < 0.5
        if kind == "stitch":
            return self._desk.stitch(story, self._choose(other_than=story))
        return self._desk.derive(kind, story, credited=credited)

    def _choose(self, other_than: Story | None = None) -> Story:
        stories = [story for story in self._news if story is not other_than]
        return self._rng.choices(stories, weights=[story.pull for story in stories])[0]

    def _print(self, id: str, draft: Draft) -> Pair:
        record, styled, spans = self._desk.publish(id, draft, self._now)
        if draft.is_wire and draft.agency:
            # The story stays in the news as the agency wrote it; the outlet's style touches only the print.
            sourced = number(id, draft.paragraphs)
            pull = self._rng.paretovariate(1.1)
            self._news.append(Story(id, draft.agency, draft.cast, sourced, flat(spans), pull, self._now))
        return record, truth(id, draft, styled, spans)


def generate(articles: int, words: int = 346, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield `articles` records (`id title outlet published url text`) of about `words` words each."""
    for record, _ in generate_with_truth(articles, words, seed):
        yield record


def generate_with_truth(
    articles: int, words: int = 346, seed: int = 1, *, derived: float = 0.3, repeated: float = 0.02
) -> Iterator[Pair]:
    """Yield records with their truth.

    The truth of an article holds its ``kind`` (`original` or one of the desk's `DERIVATIONS`), ``sources`` (ids),
    ``origin`` (agencies whose text it is or holds), ``credited`` (whether the text says so), ``spans``
    (sentences from a source, in code points: ``source start end source_start source_end``) and ``repeats``
    (``start end of``).

    Args:
        derived: Share of the articles that derive from an agency story, in [0, 1].
        repeated: Share of the articles that print one paragraph twice, in [0, 1].
    """
    for edition, count in enumerate(_editions(articles)):
        newsroom = Newsroom(words, seed, derived, repeated, edition)
        for _ in range(count):
            yield newsroom.publish()


def write(
    articles: int,
    out: Path,
    truth: Path | None = None,
    words: int = 346,
    seed: int = 1,
    derived: float = 0.3,
    repeated: float = 0.02,
    *,
    processes: int = 1,
) -> None:
    """Write the articles, and what is true of each, as JSONL, in so many processes."""
    with ExitStack() as opened:
        whole = [opened.enter_context(path.open("wb")) for path in (out, truth) if path]
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(dir=out.parent)))
        pool = opened.enter_context(ProcessPoolExecutor(processes))
        one = partial(_write_edition, folder, words, seed, derived, repeated, known=truth is not None)
        for parts in pool.map(one, *zip(*enumerate(_editions(articles)), strict=True)):
            for file, part in zip(whole, parts, strict=True):
                with part.open("rb") as lines:
                    shutil.copyfileobj(lines, file)
                part.unlink()


def _editions(articles: int) -> list[int]:
    """How many articles each edition has."""
    return [min(EDITION, articles - first) for first in range(0, articles, EDITION)]


def _write_edition(
    folder: Path,
    words: int,
    seed: int,
    derived: float,
    repeated: float,
    edition: int,
    count: int,
    *,
    known: bool,
) -> list[Path]:
    newsroom = Newsroom(words, seed, derived, repeated, edition)
    paths = [folder / f"{edition}.{kind}" for kind in ("articles", "truth")[: 1 + known]]
    with ExitStack() as opened:
        files = [opened.enter_context(path.open("w", encoding="utf-8", newline="\n")) for path in paths]
        for _ in range(count):
            for file, record in zip(files, newsroom.publish(), strict=False):
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
    return paths


@click.command(help=__doc__.split("\n", 1)[0] if __doc__ else None)
@click.argument("articles", type=click.IntRange(min=1))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="JSONL to write.")
@click.option(
    "--truth", type=click.Path(dir_okay=False, path_type=Path), help="JSONL of what is true of each."
)
@click.option("--words", default=346, show_default=True, type=click.IntRange(min=1), help="Words an article.")
@click.option("--seed", default=1, show_default=True, help="Another seed, another newswire.")
@click.option("--derived", default=0.3, show_default=True, type=click.FloatRange(0, 1), help="Share derived.")
@click.option(
    "--repeated", default=0.02, show_default=True, type=click.FloatRange(0, 1), help="Share with a repeat."
)
@click.option("--processes", default=1, show_default=True, type=click.IntRange(min=1))
def main(
    articles: int,
    out: Path,
    truth: Path | None,
    words: int,
    seed: int,
    derived: float,
    repeated: float,
    processes: int,
) -> None:
    write(articles, out, truth, words, seed, derived, repeated, processes=processes)


if __name__ == "__main__":
    main()
