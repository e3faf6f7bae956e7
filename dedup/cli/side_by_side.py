"""A comparison as lines for a terminal: two columns where there is room, else one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, repeat, zip_longest
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from dedup.cli.excerpts import flowing, folded, head_end, short, tail_start
from dedup.cli.passages import Gap, Passage, Piece, passages
from dedup.model import Article, Match
from dedup.pairwise import Comparison

NARROWEST = 20
_TWO_COLUMNS = 100
_WIDEST = 200  # beyond, lines are too long to read
_LONGEST_HUNK = 6_000  # code points: of a longer one head and tail are shown

_COLOURS = {"verbatim": "green", "edited": "yellow", "rewritten": "magenta"}
_RELATIONS = {
    "duplicate": "Duplicate: the same text",
    "version": "Version: another write-through of the same story",
    "partial": "Partial: shared reporting in different articles",
    None: "No shared reporting",
}
_CUT_SHORT = "Not every passage was followed up: the texts are too long, or repeat themselves too much."
_FOLD = 24  # code points: less is not folded, for the mark would be as long
_MOVED = {-1: "  ↑ moved up", 0: "", 1: "  ↓ moved down"}
_CHANGED = "bold underline"
_RULE, _BAR = " │ ", "┃ "
# Where a line holds Hebrew or Arabic, the mark keeps what follows in its place on terminals that reorder.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_LEFT_TO_RIGHT = "\u200e"


class Look(NamedTuple):
    """How to show a comparison.

    Attributes:
        width: Cells of a line, `NARROWEST` or more; None leaves lines unbroken.
        context: Code points of unmatched text to show before and after each match; None shows both texts whole.
        marked: Enclose changed words in braces, for where no style is seen.
    """

    width: int | None
    context: int | None = 40
    marked: bool = True


class _Cell(NamedTuple):
    """Text of one side, wrapped behind a gutter.

    Attributes:
        text: On one line, as long as it may be.
        gutter: Before the first line.
        rest: Before all others.
    """

    text: Text
    gutter: Text = Text()
    rest: Text = Text()


def lines(found: Comparison, look: Look) -> Iterator[Text]:
    """The comparison line by line: who is compared, what they share in all, then each passage in order of A.

    Everything that the texts say is shown as `shown` has it, so nothing that a terminal obeys comes through.
    """
    page = _Page(look.width)
    yield from page.rows([(_header("A", found.a), _header("B", found.b))])
    yield from page.across(Text())
    yield from page.across(_summary(found))
    if found.cut_short:
        yield from page.across(Text(_CUT_SHORT, "bold red"))
    if not found.matches and look.context is None:
        yield from page.across(Text())
        yield from page.rows([([_Cell(Text(flowing(found.a.text)))], [_Cell(Text(flowing(found.b.text)))])])
    shared = passages(found, whole=look.context is None)
    legend = _legend(shared, look)
    if legend:
        yield from page.across(legend)
    for number, passage in enumerate(shared, 1):
        label = f"{number:>{len(str(len(shared)))}} "
        yield from page.across(Text())
        yield from page.across(_title(label, passage))
        yield from page.rows(_rows(found, passage, label, look))


class _Page:
    """Lays rows of two sides out: beside each other, or below."""

    def __init__(self, width: int | None) -> None:
        self.width = None if width is None else min(max(width, NARROWEST), _WIDEST)
        self.two = self.width is not None and self.width >= _TWO_COLUMNS
        # Rich takes a console to wrap a text, though nothing of it.
        self._console = Console(width=self.width or 80)

    def across(self, text: Text) -> Iterator[Text]:
        """A text over the whole width."""
        yield from self._wrapped(_Cell(text), self.width)

    def rows(self, rows: list[tuple[list[_Cell], list[_Cell]]]) -> Iterator[Text]:
        """Rows of cells of A and of B: in two columns each row starts on one line, in one A stands before B."""
        if not self.two:
            for cell in chain(*(row[0] for row in rows), *(row[1] for row in rows)):
                yield from self._wrapped(cell, self.width)
            return
        assert self.width is not None
        column = (self.width - len(_RULE)) // 2
        for left, right in rows:
            halves = (
                chain.from_iterable(self._wrapped(cell, column) for cell in side) for side in (left, right)
            )
            for one, other in zip_longest(*halves, fillvalue=Text()):
                yield _beside(one, other, column)

    def _wrapped(self, cell: _Cell, width: int | None) -> Iterator[Text]:
        if width is None:
            yield cell.gutter + cell.text
            return
        room = width - cell.gutter.cell_len
        for k, line in enumerate(cell.text.wrap(self._console, room, overflow="fold") or [Text()]):
            line.rstrip()
            yield (cell.rest if k else cell.gutter) + line


def _beside(left: Text, right: Text, column: int) -> Text:
    padding = " " * (column - left.cell_len)
    turned = _RIGHT_TO_LEFT.search(left.plain) or _RIGHT_TO_LEFT.search(right.plain)
    mark = _LEFT_TO_RIGHT if turned else ""
    line = Text.assemble(mark, left, mark, padding, (_RULE, "dim"), right)
    line.rstrip()
    return line


def _header(name: str, article: Article) -> list[_Cell]:
    indent = Text("  ")
    said = f"{len(article.text):,} characters"
    facts = [short(fact) for fact in (article.outlet, article.published) if fact]
    cells = [_Cell(Text(short(article.id), "bold"), Text(f"{name} ", "bold"), indent)]
    if article.title:
        cells.append(_Cell(Text(short(article.title)), indent, indent))
    cells.append(_Cell(Text(", ".join((*facts, said)), "dim"), indent, indent))
    return cells


def _summary(found: Comparison) -> Text:
    matches = found.matches
    weights = Counter(match.weight for match in matches)
    told = ", ".join(f"{count} {weight}" for weight, count in sorted(weights.items(), reverse=True))
    passages = (
        f"{len(matches)} shared passage{'' if len(matches) == 1 else 's'}" if matches else "no shared passage"
    )
    similarity = found.similarity
    return Text.assemble(
        (_RELATIONS[found.relation], "bold"),
        f"; {passages}{f' ({told})' if told else ''}; "
        f"{found.coverage[0]:.0%} of A, {found.coverage[1]:.0%} of B; "
        f"Jaccard {similarity.jaccard:.2f}, containment {similarity.containment:.2f}",
    )


def _legend(shown_passages: list[Passage], look: Look) -> Text:
    """What the colours and marks mean, of those that there are."""
    parts: list[Text] = []
    if not look.marked:
        present = {passage.match.kind for passage in shown_passages}
        parts.append(
            Text(", ").join(Text(kind, colour) for kind, colour in _COLOURS.items() if kind in present)
        )
        if any(passage.match.weight != "substantial" for passage in shown_passages):
            parts.append(Text("not substantial", "dim"))
    if any(piece.changed for passage in shown_passages for hunk in passage.hunks for piece in hunk):
        parts.append(
            Text.assemble(
                ("{only here}" if look.marked else "only here", _CHANGED), ": words that the other side lacks"
            )
        )
    return Text("; ").join(parts)


def _title(label: str, passage: Passage) -> Text:
    match = passage.match
    colour = _COLOURS[match.kind]
    weight = f"{match.weight}: {match.reason}" if match.reason else match.weight
    return Text.assemble(
        (f"{label} {match.kind}", f"bold {colour}"),
        (f", similarity {match.similarity:.2f}, {weight}", "" if match.weight == "substantial" else "dim"),
    )


def _rows(
    found: Comparison, passage: Passage, label: str, look: Look
) -> list[tuple[list[_Cell], list[_Cell]]]:
    """Where the match stands, what is before it, its hunks and the folds between them, and what is behind it."""
    match = passage.match
    places = f"A [{match.a_start}, {match.a_end})", f"B [{match.b_start}, {match.b_end})"
    notes = "", _MOVED[passage.moved]
    columns = [
        [
            [_Cell(Text.assemble((places[side], "dim"), (notes[side], "bold")))],
            _context(_before(text, passage.before[side], look.context), label),
            *_matched(text, [hunk[side] for hunk in passage.hunks], _style(match), label, look),
            _context(_after(text, passage.after[side], look.context), label),
        ]
        for side, text in enumerate((found.a.text, found.b.text))
    ]
    return list(zip(*columns, strict=True))


def _style(match: Match) -> str:
    """Of a match's text: by its kind, and dim where it decides nothing."""
    colour = _COLOURS[match.kind]
    return colour if match.weight == "substantial" else f"dim {colour}"


def _context(text: str, label: str) -> list[_Cell]:
    indent = Text(" " * (len(label) + len(_BAR)))
    return [_Cell(Text(text, "dim"), indent, indent)] if text else []


def _loose(text: str, start: int, end: int) -> str:
    """Text between matches, without the blanks and empty lines at its ends."""
    return flowing(text[start:end]).strip(" ¶")


def _before(text: str, gap: Gap, context: int | None) -> str:
    size = gap.end - gap.start
    if context is None or size <= context * (1 + gap.between) + _FOLD:
        return _loose(text, gap.start, gap.end)
    start = tail_start(text, gap.start, gap.end, context)
    # The head of what stands between two matches is shown behind the first of them.
    hidden = head_end(text, gap.start, gap.end, context) if gap.between else gap.start
    return f"{folded(start - hidden)} {_loose(text, start, gap.end)}".strip()


def _after(text: str, gap: Gap, context: int | None) -> str:
    size = gap.end - gap.start
    if gap.between and (context is None or size <= 2 * context + _FOLD):
        return ""
    if context is None or (not gap.between and size <= context + _FOLD):
        return _loose(text, gap.start, gap.end)
    end = head_end(text, gap.start, gap.end, context)
    hidden = "" if gap.between else folded(gap.end - end)
    return f"{_loose(text, gap.start, end)} {hidden}".strip()


def _matched(text: str, pieces: list[Piece], style: str, label: str, look: Look) -> list[list[_Cell]]:
    """The hunks of one side, a row each, with a row for what is folded between them."""
    rest = Text.assemble(" " * len(label), (_BAR, style))
    gutters = chain([Text.assemble((label, "bold"), (_BAR, style))], repeat(rest))
    rows = []
    for k, (piece, gutter) in enumerate(zip(pieces, gutters, strict=False)):
        if k and pieces[k - 1].end < piece.start:
            rows.append([_Cell(Text(folded(piece.start - pieces[k - 1].end), "dim"), rest, rest)])
        rows.append([_Cell(_hunk(text, piece, style, look), gutter, rest)])
    return rows


def _hunk(text: str, piece: Piece, style: str, look: Look) -> Text:
    opening, closing = ("{", "}") if look.marked else ("", "")
    hunk = Text()
    at = piece.start
    for start, end in piece.changed:
        hunk.append(flowing(text[at:start]), style)
        hunk.append(f"{opening}{flowing(text[start:end])}{closing}", f"{style} {_CHANGED}")
        at = end
    hunk.append(flowing(text[at : piece.end]).rstrip(" ¶"), style)
    if look.context is None or len(hunk) <= _LONGEST_HUNK:
        return hunk
    half = _LONGEST_HUNK // 2
    return Text.assemble(hunk[:half], (f" {folded(len(hunk) - 2 * half)} ", "dim"), hunk[-half:])
