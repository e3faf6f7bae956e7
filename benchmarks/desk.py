"""A news desk: writes stories, derives articles from an agency's the way outlets do, and prints them.

Everything is drawn from the ``random.Random`` handed in, in a fixed order: the same draws give the same words.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import datetime

from benchmarks.language import Cast, Language
from benchmarks.typeset import Draft, Outlet, Paragraphs, Sentence, Spans, Story, in_style, set_type

DERIVATIONS = {"copy": 0.45, "trim": 0.2, "lead": 0.15, "excerpt": 0.12, "stitch": 0.08}
OUTLETS = 120
WIRE = 0.4  # of the stories that derive from no other
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


class Desk:
    """Its outlets are drawn at once; everything else when it is asked for.

    Args:
        rng: Of all draws, also of the vocabulary.
        words: In an article, on average.
    """

    def __init__(self, rng: random.Random, words: int) -> None:
        self._rng, self._words = rng, words
        self.language = Language(rng)
        self.outlets = [self._outlet() for _ in range(OUTLETS)]

    def _outlet(self) -> Outlet:
        rng, language = self._rng, self.language
        masthead = rng.choice(("post", "news", "times", "herald"))
        name = f"{language.person().split()[1].lower()}-{masthead}.example"
        standing = ""
        if rng.random() < 0.3:
            standing = f"Follow {name} for more: {' '.join(language.draw(rng.randint(8, 20)))}."
        return Outlet(name, rng.random() < 0.4, rng.random() < 0.5, standing)

    def report(self, *, is_wire: bool | None = None) -> Draft:
        """A story of an outlet's own, or an agency's, first printed here with or without its credit.

        Args:
            is_wire: Whether it is an agency's; by default that is drawn.
        """
        rng = self._rng
        cast = self.language.cast()
        if is_wire is None:
            is_wire = rng.random() < WIRE
        agency = rng.choice(AGENCIES) if is_wire else None
        credited = agency is not None and rng.random() < 0.8
        words = round(self._words * rng.lognormvariate(-0.08, 0.4))
        return Draft("original", cast, self.write(cast, words), agency=agency, credited=credited)

    def write(self, cast: Cast, words: int) -> Paragraphs:
        """Paragraphs of about so many words."""
        rng, language = self._rng, self.language
        paragraphs: Paragraphs = []
        left = max(words, SHORTEST_ARTICLE)
        while left > HALF_PARAGRAPH:
            paragraph = [Sentence(language.sentence(cast)) for _ in range(rng.choice((1, 1, 2, 2, 3)))]
            left -= sum(sentence.text.count(" ") + 1 for sentence in paragraph)
            paragraphs.append(paragraph)
        return paragraphs

    def choose_kind(self) -> str:
        """One of `DERIVATIONS`."""
        return self._rng.choices(list(DERIVATIONS), weights=list(DERIVATIONS.values()))[0]

    def stitch(self, story: Story, other: Story) -> Draft:
        """The first half of each of two stories."""
        first, second = _copied(story), _copied(other)
        body = first[: 1 + len(first) // 2] + second[: len(second) // 2]
        return Draft("stitch", story.cast, self.edit(body, 0.03), (story, other))

    def derive(self, kind: str, story: Story, *, credited: bool) -> Draft:
        """An article made from a story: a copy, a trim, one with a new lead, or an excerpt in a story of one's own."""
        rng = self._rng
        body = _copied(story)
        if kind == "excerpt":
            start = rng.randrange(max(1, len(body) - 3))
            cast = self.language.cast()
            own = self.write(cast, round(self._words * 0.7))
            at = rng.randrange(1, len(own)) if len(own) > 1 else len(own)
            taken = self.edit(body[start : start + rng.randint(2, 4)], 0.05)
            return Draft(kind, cast, own[:at] + taken + own[at:], (story,))
        if kind == "trim":
            body = body[: max(2, round(len(body) * rng.uniform(0.4, 0.85)))]
        elif kind == "lead":
            lead = self.write(story.cast, SHORTEST_ARTICLE)[: rng.randint(1, 2)]
            body = lead + body[rng.randint(0, 1) :]
        edits = rng.choice((0.0, 0.0, 0.05, 0.1, 0.25))
        return Draft(kind, story.cast, self.edit(body, edits), (story,), story.agency, credited)

    def edit(self, paragraphs: Paragraphs, share: float) -> Paragraphs:
        """Drop, replace or add one word in this share of the sentences."""
        return [[self._edited(s) if self._rng.random() < share else s for s in p] for p in paragraphs]

    def _edited(self, sentence: Sentence) -> Sentence:
        rng = self._rng
        words = sentence.text.split(" ")
        at = rng.randrange(1, len(words) - 1)
        words[at : at + rng.randint(0, 1)] = self.language.draw(rng.randint(0, 1))
        return replace(sentence, text=" ".join(words))

    def print_twice(self, draft: Draft) -> Draft:
        """The draft with its longest paragraph printed once more further on."""
        paragraphs = list(draft.paragraphs)
        longest = max(range(len(paragraphs) - 1), key=lambda i: sum(len(s.text) for s in paragraphs[i]))
        at = self._rng.randint(longest + 1, len(paragraphs))
        paragraphs.insert(at, [replace(s, source=None) for s in paragraphs[longest]])
        return replace(draft, paragraphs=paragraphs, repeat=(longest, at))

    def publish(self, id: str, draft: Draft, now: datetime) -> tuple[dict[str, str], Paragraphs, Spans]:
        """The article in the style of some outlet.

        Returns:
            The record, the paragraphs as they are printed, and the spans of their sentences.
        """
        rng, language = self._rng, self.language
        outlet = rng.choice(self.outlets)
        place = draft.cast.places[0]
        date = f"{now:%B} {now.day}"
        head = tail = ""
        if draft.agency and draft.credited:
            head = DATELINES[draft.agency].format(city=place.upper(), place=place, date=date)
            if draft.kind == "original" or rng.random() < 0.4:
                tail = TAILS[draft.agency].format(language.person(), language.person())
        styled = draft.paragraphs if draft.is_wire else in_style(draft, outlet)
        text, spans = set_type(head, styled, [tail, outlet.standing if rng.random() < 0.8 else ""])
        title = language.headline(draft.cast)
        record = {
            "id": id,
            "title": title,
            "outlet": outlet.name,
            "published": f"{now:%Y-%m-%dT%H:%M:%S}Z",
            "url": f"https://{outlet.name}/{_slug(title)}-{id[5:]}",
            "text": text,
        }
        return record, styled, spans


def _copied(story: Story) -> Paragraphs:
    return [list(paragraph) for paragraph in story.paragraphs]


def _slug(title: str) -> str:
    return re.sub(r"[^a-z]+", "-", title.lower()).strip("-")
