"""Setting a drafted article in type: house style, sentence spans, and the truth about its sources."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from benchmarks.language import Cast

Paragraphs = list[list["Sentence"]]
Spans = list[list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in an article; ``source`` says which sentence of which agency story it came from."""

    text: str
    source: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publisher with its house style; ``standing`` is the line under its articles, empty for most."""

    name: str
    british: bool
    straight_quotes: bool
    standing: str


@dataclass(frozen=True, slots=True)
class Story:
    """An agency story that others derive from; ``spans`` are its sentences' places in the first print."""

    id: str
    agency: str
    cast: Cast
    paragraphs: tuple[tuple[Sentence, ...], ...]
    spans: tuple[tuple[int, int], ...]
    pull: float
    published: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """An article before it is rendered, and what is known about how it was made."""

    kind: str
    cast: Cast
    paragraphs: Paragraphs
    stories: tuple[Story, ...] = ()
    agency: str | None = None
    credited: bool = False
    repeat: tuple[int, int] | None = None  # the paragraph that is printed again, and where it then stands

    @property
    def is_wire(self) -> bool:
        """An agency story's first printing, from which others derive."""
        return self.kind == "original" and self.agency is not None


def in_style(draft: Draft, outlet: Outlet) -> Paragraphs:
    """The paragraphs as this outlet spells and quotes."""

    def styled(text: str) -> str:
        if outlet.british:
            text = text.replace(" percent", " per cent").replace("U.N.", "UN")
        return text.replace("“", '"').replace("”", '"') if outlet.straight_quotes else text

    return [[replace(s, text=styled(s.text)) for s in paragraph] for paragraph in draft.paragraphs]


def set_type(head: str, paragraphs: Paragraphs, ends: list[str]) -> tuple[str, Spans]:
    """Set the type: the whole text, and the span of every sentence in it."""
    pieces, at = [head], len(head)
    spans: Spans = []
    for paragraph in paragraphs:
        row = []
        for sentence in paragraph:
            row.append((at, at + len(sentence.text)))
            pieces += [sentence.text, " "]
            at += len(sentence.text) + 1
        pieces[-1] = "\n\n"
        at += 1
        spans.append(row)
    pieces.pop()
    pieces += [f"\n\n{end}" for end in ends if end]
    return "".join(pieces), spans


def number(id: str, paragraphs: Paragraphs) -> tuple[tuple[Sentence, ...], ...]:
    """The paragraphs of a story to derive from, each sentence knowing its place."""
    numbers = iter(range(sum(len(paragraph) for paragraph in paragraphs)))
    return tuple(tuple(replace(s, source=(id, next(numbers))) for s in p) for p in paragraphs)


def flat(spans: Spans) -> tuple[tuple[int, int], ...]:
    """The sentences' spans without their paragraphs."""
    return tuple(span for row in spans for span in row)


def truth(id: str, draft: Draft, paragraphs: Paragraphs, spans: Spans) -> dict[str, Any]:
    """What `generate_with_truth` tells of an article."""
    repeats = []
    if draft.repeat:
        (first, _), (_, first_end) = spans[draft.repeat[0]][0], spans[draft.repeat[0]][-1]
        (start, _), (_, end) = spans[draft.repeat[1]][0], spans[draft.repeat[1]][-1]
        repeats.append({"start": start, "end": end, "of": [first, first_end]})
    origin = [story.agency for story in draft.stories] or ([draft.agency] if draft.agency else [])
    return {
        "id": id,
        "kind": draft.kind,
        "sources": [story.id for story in draft.stories],
        "origin": sorted(set(origin)),
        "credited": draft.credited,
        "spans": _shared(draft, paragraphs, spans),
        "repeats": repeats,
    }


def _shared(draft: Draft, paragraphs: Paragraphs, spans: Spans) -> list[dict[str, Any]]:
    """Runs of consecutive sentences of one source, as spans here and there."""
    stories = {story.id: story for story in draft.stories}
    runs: list[dict[str, Any]] = []
    last: tuple[str, int] | None = None
    sentences = (s for paragraph in paragraphs for s in paragraph)
    for sentence, (start, end) in zip(sentences, flat(spans), strict=True):
        if sentence.source:
            source, number = sentence.source
            source_start, source_end = stories[source].spans[number]
            if last == (source, number - 1):
                runs[-1] |= {"end": end, "source_end": source_end}
            else:
                runs.append(
                    {"source": source, "start": start, "end": end,
                     "source_start": source_start, "source_end": source_end}
                )  # fmt: skip
        last = sentence.source
    return runs
