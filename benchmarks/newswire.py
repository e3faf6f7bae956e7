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
import re
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from benchmarks.language import Cast, Language
from benchmarks.typeset import (
    Draft,
    Outlet,
    Paragraphs,
    Sentence,
    Story,
    flat,
    in_style,
    number,
    set_type,
    truth,
)

DERIVATIONS = {"copy": 0.45, "trim": 0.2, "lead": 0.15, "excerpt": 0.12, "stitch": 0.08}
STORIES_IN_THE_NEWS = 300
OUTLETS = 120
START = datetime(2024, 3, 4, 5, 0)
SHORTEST_ARTICLE = 60  # words
HALF_PARAGRAPH = 20  # words
TAILS = {
    "AP": "Copyright 2024 The Associated Press. All rights reserved.",
    "Reuters": "(Reporting by {0}; Editing by {1})",
    "AFP": "© 2024 AFP",
    "dpa": "",
    "Xinhua": "Enditem",
}
DATELINES = {
    "AP": "{city} (AP) — ",
    "Reuters": "{city}, {date} (Reuters) - ",
    "AFP": "{place} (AFP) – ",
    "dpa": "{place} (dpa) - ",
    "Xinhua": "{city}, {date} (Xinhua) -- ",
}
AGENCIES = tuple(DATELINES)


Pair = tuple[dict[str, str], dict[str, Any]]


class Newsroom:
    """Draws articles one after another; `publish` is the only entry."""

    def __init__(self, words: int, seed: int, derived: float, repeated: float) -> None:
        self._rng = random.Random(seed)
        self._language = Language(self._rng)
        self._words, self._derived, self._repeated = words, derived, repeated
        self._news: deque[Story] = deque(maxlen=STORIES_IN_THE_NEWS)
        self._now = START
        self._printed = 0
        self._outlets = [self._outlet() for _ in range(OUTLETS)]

    def publish(self) -> Pair:
        """The next article, and its truth."""
        rng = self._rng
        self._now += timedelta(seconds=rng.expovariate(1 / 40))
        derived = len(self._news) > 10 and rng.random() < self._derived
        draft = self._derive() if derived else self._report()
        # A wire story is left whole: its copies would repeat the block too.
        if rng.random() < self._repeated and len(draft.paragraphs) > 4 and not draft.is_wire:
            draft = self._print_twice(draft)
        self._printed += 1
        return self._print(f"wire-{self._printed:07d}", draft)

    def _outlet(self) -> Outlet:
        rng, language = self._rng, self._language
        masthead = rng.choice(("post", "news", "times", "herald"))
        name = f"{language.person().split()[1].lower()}-{masthead}.example"
        standing = ""
        if rng.random() < 0.3:
            standing = f"Follow {name} for more: {' '.join(language.draw(rng.randint(8, 20)))}."
        return Outlet(name, rng.random() < 0.4, rng.random() < 0.5, standing)

    def _report(self) -> Draft:
        """A story of an outlet's own, or an agency's, first printed here with or without its credit."""
        rng = self._rng
        cast = self._language.cast()
        agency = rng.choice(AGENCIES) if rng.random() < 0.4 else None
        credited = agency is not None and rng.random() < 0.8
        words = round(self._words * rng.lognormvariate(-0.08, 0.4))
        return Draft("original", cast, self._write(cast, words), agency=agency, credited=credited)

    def _write(self, cast: Cast, words: int) -> Paragraphs:
        rng, language = self._rng, self._language
        paragraphs: Paragraphs = []
        left = max(words, SHORTEST_ARTICLE)
        while left > HALF_PARAGRAPH:
            paragraph = [Sentence(language.sentence(cast)) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
            left -= sum(sentence.text.count(" ") + 1 for sentence in paragraph)
            paragraphs.append(paragraph)
        return paragraphs

    def _derive(self) -> Draft:
        rng = self._rng
        kind = rng.choices(list(DERIVATIONS), weights=list(DERIVATIONS.values()))[0]
        story = self._choose()
        body = [list(paragraph) for paragraph in story.paragraphs]
        credited = rng.random() < 0.5
        if kind == "stitch":
            other = self._choose(other_than=story)
            body = body[: 1 + len(body) // 2] + [
                list(p) for p in other.paragraphs[: len(other.paragraphs) // 2]
            ]
            return Draft(kind, story.cast, self._edit(body, 0.03), (story, other))
        if kind == "excerpt":
            start = rng.randrange(max(1, len(body) - 3))
            cast = self._language.cast()
            own = self._write(cast, round(self._words * 0.7))
            at = rng.randrange(1, len(own)) if len(own) > 1 else len(own)
            taken = self._edit(body[start : start + rng.randint(2, 4)], 0.05)
            return Draft(kind, cast, own[:at] + taken + own[at:], (story,))
        if kind == "trim":
            body = body[: max(2, round(len(body) * rng.uniform(0.4, 0.85)))]
        elif kind == "lead":
            lead = self._write(story.cast, SHORTEST_ARTICLE)[: rng.randint(1, 2)]
            body = lead + body[rng.randint(0, 1) :]
        edits = rng.choice((0.0, 0.0, 0.05, 0.1, 0.25))
        return Draft(kind, story.cast, self._edit(body, edits), (story,), story.agency, credited)

    def _choose(self, other_than: Story | None = None) -> Story:
        stories = [story for story in self._news if story is not other_than]
        return self._rng.choices(stories, weights=[story.pull for story in stories])[0]

    def _edit(self, paragraphs: Paragraphs, share: float) -> Paragraphs:
        """Drop, replace or add one word in this share of the sentences."""
        return [[self._edited(s) if self._rng.random() < share else s for s in p] for p in paragraphs]

    def _edited(self, sentence: Sentence) -> Sentence:
        rng = self._rng
        words = sentence.text.split(" ")
        at = rng.randrange(1, len(words) - 1)
        words[at : at + rng.randint(0, 1)] = self._language.draw(rng.randint(0, 1))
        return replace(sentence, text=" ".join(words))

    def _print_twice(self, draft: Draft) -> Draft:
        paragraphs = list(draft.paragraphs)
        longest = max(range(len(paragraphs) - 1), key=lambda i: sum(len(s.text) for s in paragraphs[i]))
        at = self._rng.randint(longest + 1, len(paragraphs))
        paragraphs.insert(at, [replace(s, source=None) for s in paragraphs[longest]])
        return replace(draft, paragraphs=paragraphs, repeat=(longest, at))

    def _print(self, id: str, draft: Draft) -> Pair:
        rng, language = self._rng, self._language
        outlet = rng.choice(self._outlets)
        place = draft.cast.places[0]
        date = f"{self._now:%B} {self._now.day}"
        head = tail = ""
        if draft.agency and draft.credited:
            head = DATELINES[draft.agency].format(city=place.upper(), place=place, date=date)
            if draft.kind == "original" or rng.random() < 0.4:
                tail = TAILS[draft.agency].format(language.person(), language.person())
        # The story stays in the news as the agency wrote it; the outlet's style touches only the print.
        styled = draft.paragraphs if draft.is_wire else in_style(draft, outlet)
        text, spans = set_type(head, styled, [tail, outlet.standing if rng.random() < 0.8 else ""])
        title = language.headline(draft.cast)
        if draft.is_wire and draft.agency:
            sourced = number(id, draft.paragraphs)
            pull = rng.paretovariate(1.1)
            self._news.append(Story(id, draft.agency, draft.cast, sourced, flat(spans), pull, self._now))
        record = {
            "id": id,
            "title": title,
            "outlet": outlet.name,
            "published": f"{self._now:%Y-%m-%dT%H:%M:%S}Z",
            "url": f"https://{outlet.name}/{_slug(title)}-{id[5:]}",
            "text": text,
        }
        return record, truth(id, draft, styled, spans)


def generate(articles: int, words: int = 346, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield `articles` records (`id title outlet published url text`) of about `words` words each."""
    for record, _ in generate_with_truth(articles, words, seed):
        yield record


def generate_with_truth(
    articles: int, words: int = 346, seed: int = 1, *, derived: float = 0.3, repeated: float = 0.02
) -> Iterator[Pair]:
    """Yield records with their truth.

    The truth of an article holds its ``kind`` (`original` or one of `DERIVATIONS`), ``sources`` (ids),
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


def _slug(title: str) -> str:
    return re.sub(r"[^a-z]+", "-", title.lower()).strip("-")


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
