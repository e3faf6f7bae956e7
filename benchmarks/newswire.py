"""A seeded synthetic newswire with known truth.

    python -m benchmarks.newswire 20000 --out corpus.jsonl --truth truth.jsonl

Agency stories and outlets' own stories come in order of time. A share of the articles derives from agency
stories still in the news, the way outlets really derive them: copied with house edits, trimmed from the tail,
given a new lead, excerpted inside an own story, or stitched from two agencies. Popularity is skewed: a few
stories are printed hundreds of times. Datelines and credit tails survive in some copies; some outlets end
their articles with a standing line of their own; some articles print a block twice.

The same arguments give the same bytes.
"""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from benchmarks.desk import Desk
from benchmarks.typeset import Draft, Story, flat, number, truth

STORIES_IN_THE_NEWS = 300
START = datetime(2024, 3, 4, 5, 0)

Pair = tuple[dict[str, str], dict[str, Any]]


class Newsroom:
    """Draws articles one after another; `publish` is the only entry."""

    def __init__(self, words: int, seed: int, derived: float, repeated: float) -> None:
        self._rng = random.Random(seed)
        self._desk = Desk(self._rng, words)
        self._derived, self._repeated = derived, repeated
        self._news: deque[Story] = deque(maxlen=STORIES_IN_THE_NEWS)
        self._now = START
        self._printed = 0

    def publish(self) -> Pair:
        """The next article, and its truth."""
        rng = self._rng
        self._now += timedelta(seconds=rng.expovariate(1 / 40))
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
    newsroom = Newsroom(words, seed, derived, repeated)
    for _ in range(articles):
        yield newsroom.publish()


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
def main(
    articles: int, out: Path, truth: Path | None, words: int, seed: int, derived: float, repeated: float
) -> None:
    with ExitStack() as files:
        corpus = files.enter_context(out.open("w", encoding="utf-8", newline="\n"))
        known = files.enter_context(truth.open("w", encoding="utf-8", newline="\n")) if truth else None
        for record, about in generate_with_truth(articles, words, seed, derived=derived, repeated=repeated):
            corpus.write(json.dumps(record, ensure_ascii=False) + "\n")
            if known:
                known.write(json.dumps(about, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
