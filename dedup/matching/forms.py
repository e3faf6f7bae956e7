"""Forms: how a stretch of text stands on its page, which tells a pull-quote from body text and a page's furniture.

A scraped page keeps its lines and little else. What fills a line of its own is display; what stands beside a credit or
a gallery's counter is a caption; what stands between buttons to share it is not the article's.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice

from dedup.text import pictures

Span = tuple[int, int]

FILLS, NEARLY = 2, 1

_LOOK = 200  # code points around a block, or of a line beside it, that are read
_FAR = 12  # lines, empty ones among them, that a neighbouring line is sought in
_NEAR = 0.25  # of a block's own length: a teaser or a speaker's name beside it on its lines
_HEAD = 700  # code points at a page's top and bottom: room for a deck, and for a note about the author
_HEAD_LINES = 12
_FLAT_HEAD = 120  # code points before a deck then: a headline and a date
_PROSE = 80  # code points from which a line is prose
_LISTED, _LEAST_TEASERS = 0.25, 4  # lines of prose that are teasers: the page is an index
_WRAPPED = 0.25  # of a text's lines that go on in the next: its paragraphs are what counts as lines
_LONGEST_TURN = 3  # lines of a turn before the one looked at
_LEAST_TURNS = 4  # lines that begin with a speaker's name: the page is a transcript
_LONGEST_CAPTION, _LONGEST_BESIDE = 900, 300  # code points of its line; and of it beside a block
_LONGEST_CREDIT = 80
_LONGEST_BUTTON = 8  # words
_MOST_BUTTONS = 3  # named in prose
_LONGEST_HEADLINE = 150

_LINE_END = re.compile(r"[\n\t\r\v\f\x85\u2028\u2029]")
_PARAGRAPH_END = re.compile(r"\n(?=[ \t\r\n])")
_GOES_ON = re.compile(r"(?<=[a-z,])\r?\n(?=[a-z])")  # a line broken at a column
_WORD = re.compile(r"[^\W_]+")
_QUOTES = frozenset("\"'“”‘’„«»")
_CLOSING = " \n\t\r\"'”’»)]\xa0"
_CUT_SHORT = ("...", "…", ". . .", ".\xa0.\xa0.")
_NAME = r"[^\W\d_a-z][\w.'’\-]{0,30}"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,5}} ?"
_CREDIT = re.compile(
    r"\W{0,2}(?:Photo(?:graph)?s?|Picture|Image|Credit|Pic|Foto)(?: by\b|:| ?/)[^.!?]{1,60}$"
    rf"|[^.!?:]{{0,60}}\b(?:{pictures.FIRST_WORDS}|Pool|(?:File )?[Pp]hoto|Images)\b[^.!?:]{{0,40}}$"
    rf"|\W{{0,2}}{_NAMES}(?:/ ?{_NAMES}){{1,3}}(?:via {_NAMES})?\)?$"
    rf"|\W{{0,2}}{_NAMES}[,|] ?[A-Z]{{2,6}}(?:-[A-Z]{{2,6}})?\)?$"
)
# Behind a full stop, a bracket of its own; without one, capitals in square brackets.
_CREDIT_BEHIND = re.compile(r" ?\[[A-Z]{2,6}\]|[.!?](?: ?\([^()\[\].!?]{2,60}\)| \[[^()\[\].!?]{2,60}\])")
_GALLERY = re.compile(
    r"(?:(?:(?:Image|Photo|Slide|Picture) )?\d{1,3} ?(?:/|of) ?\d{1,3}|(?:hide|toggle) caption"
    r"|(?:Buy|View|Enlarge) (?:this )?(?:photo|image|gallery|picture)s?|Full ?screen|Next Slide|less)$",
    re.IGNORECASE,
)
_FOLDED = re.compile(
    r"(?:\.\.\.|…) ?more$|(?:^|[.!?)\]\"”’]) less$|\bhide caption$"
)  # a gallery's short and long forms
_POINTS = re.compile(
    r"\((?:pictured|above|below|(?:far |second )?(?:left|right)|cent(?:re|er)|inset|top|bottom)\b[^()]{0,60}\)"
)
_BUTTONS = frozenset(
    "share tweet email mail facebook twitter pinterest linkedin google whatsapp tumblr reddit print comment comments "
    "commenting close newsletter subscribe".split()
)
_ADDRESS = re.compile(r"\bhttps? ?:")
_LINK_BEHIND = re.compile(r"\W{0,12}(?:Check out this|Read more|Read the full|See more|https?:|www\.)")
_POST_BEHIND = re.compile(
    r"[\s\"'“”’).…!?]{0,8}(?:(?:pic\.twitter\.com|https?:|t\.co)\S{0,60}\s{0,3})?[-–—]{1,2} ?[^\n@]{1,60}\(@\w{1,20}\)"
    r"|[\s\"'“”’).…!?]{0,8}pic\.twitter\.com/"
)
_HANDLE_BEFORE = re.compile(r"(?:^|\s)@\w{1,20}$")
_SAID_BY = re.compile(r"[.”\"’']{0,3}\s{0,3}[-–—]{1,2} ?[^\W\d_a-z]\w+ [^\W\d_a-z]")
_SPEAKER = re.compile(r"[A-Z][A-Z.'’\-]{1,20}(?: [A-Z][A-Z.'’\-]{1,20}){0,3} ?(?:\([^()]{0,40}\))?:")
_ABOUT = re.compile(
    rf"({_NAME}(?: {_NAME}){{1,4}}),? (?:is|was|are|covers|writes|reports|teaches|serves|works|edits)\b"
)


class Page:
    """A text and its lines.

    Tabs end lines too, as where a scraper has lost the line ends; in text broken at a column, only indents and blank
    lines do.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        ends = [match.end() for match in _LINE_END.finditer(text)]
        if sum(1 for _ in _GOES_ON.finditer(text)) > _WRAPPED * (len(ends) + 1):
            ends = [match.end() for match in _PARAGRAPH_END.finditer(text)]
        self._starts = [0, *ends]

    def beside(self, block: Span) -> tuple[str, str]:
        """What stands before and behind a block on its own lines, as far as `_LOOK` code points."""
        start, end = block
        first = self._starts[self._line(start)]
        last = self._end(self._line(max(start, end - 1)))
        return self.text[max(first, start - _LOOK) : start], self.text[end : min(last, end + _LOOK)]

    def lines_before(self, at: int, count: int) -> list[str]:
        """So many lines that are not empty before that of a code point, the nearest first."""
        return self._nearest(range(self._line(at) - 1, -1, -1), count)

    def lines_behind(self, at: int, count: int) -> list[str]:
        """The same behind it; `at` is one past a block's last code point."""
        return self._nearest(range(self._line(max(at - 1, 0)) + 1, len(self._starts)), count)

    def fills(self, block: Span) -> int:
        """Whether a block fills its lines: `FILLS`, `NEARLY` but for a word or two, or neither (0)."""
        before, behind = self.beside(block)
        beside = sum(map(len, _WORD.findall(before + "\n" + _FOLDED.sub("", behind))))
        if beside == 0:
            return FILLS
        return NEARLY if beside <= _NEAR * (block[1] - block[0]) else 0

    def stops(self, block: Span) -> bool:
        """Whether a block or its line ends in a mark, as sentences do and captions without credit do not."""
        return not (self._last_mark(block[1]).isalnum() and self._line_goes_on(block))

    def begins(self, block: Span) -> bool:
        """Whether a block is the first on its line, or begins a sentence where lines are lost."""
        before = self.beside(block)[0]
        if len(before) == _LOOK:
            return before.rstrip()[-1] in ".!?)]"
        return not _WORD.search(before)

    def quoted(self, block: Span) -> bool:
        """Whether quotation marks stand around a block, or just inside it."""
        start, end = block
        opens, closes = self.text[max(0, start - 2) : start + 1], self.text[end - 1 : end + 3]
        return not _QUOTES.isdisjoint(opens) and not _QUOTES.isdisjoint(closes)

    def in_head(self, block: Span) -> bool:
        """Whether a block begins where decks stand, among the first lines."""
        return block[0] < _HEAD and self._line(block[0]) < _HEAD_LINES

    def first_of_all(self, of: Span, block: Span) -> bool:
        """Whether a block begins a text whose line ends are lost, so that its copy stands on the same line."""
        return of[0] < _FLAT_HEAD and self._line(of[0]) == self._line(block[0])

    def attributed(self, block: Span) -> bool:
        """Whether a dash and a name stand behind a block, as behind a quotation set for display."""
        return bool(_SAID_BY.match(self.text[block[1] : block[1] + _LOOK]))

    def credited(self, block: Span) -> bool:
        """Whether a block has what captions have: a credit in brackets behind it, a line of credit, a counter."""
        if _CREDIT_BEHIND.match(self.text, block[1] - (self.text[block[1] - 1] in ".!?")):
            return True
        before, behind = self.beside(block)
        if _POINTS.search(before) or _POINTS.search(behind) or _FOLDED.search(behind):
            return True
        if not behind.strip() and self.credit_line(block).startswith("("):
            return True
        if not self.fills(block):
            return False
        near = self.lines_before(block[0], 1) + self.lines_behind(block[1], 1)
        return any(map(_GALLERY.match, near)) or (not self.in_head(block) and any(map(is_credit, near)))

    def under_picture(self, block: Span) -> bool:
        """Whether the line that a block ends on may be a caption, by its end or by what stands under it."""
        line = self._line(max(block[0], block[1] - 1))
        beside = sum(map(len, self.beside(block)))
        if beside > _LONGEST_BESIDE or self._end(line) - self._starts[line] > _LONGEST_CAPTION:
            return False
        behind = self.lines_behind(block[1], 2)
        last = self.text[self._starts[line] : block[1]].strip()
        return (
            self._line_goes_on(block)
            or is_credit(last)
            or any(is_credit(line) or _GALLERY.match(line) for line in behind)
        )

    def credit_line(self, block: Span) -> str:
        """The line of credit under a block, or nothing."""
        return next(filter(is_credit, self.lines_behind(block[1], 1)), "")

    def embedded(self, block: Span) -> bool:
        """Whether a block is a post as pages embed it, with its author's handle before or behind it."""
        start, end = block
        before = self.text[max(0, start - _LOOK) : start].rstrip()
        return bool(_POST_BEHIND.match(self.text[end : end + _LOOK]) or _HANDLE_BEFORE.search(before))

    def spoken(self, block: Span) -> bool:
        """Whether a block is a turn, or part of one, in a transcript."""
        if self._turns < _LEAST_TURNS:
            return False
        first = self._starts[self._line(block[0])]
        lines = [self.text[first : first + _LOOK], *self.lines_before(block[0], _LONGEST_TURN)]
        return any(map(_SPEAKER.match, lines))

    def shared(self, block: Span) -> bool:
        """Whether a block stands in a box to share the page: between buttons, before its link, or as part of either."""
        if _ADDRESS.search(self.beside(block)[0]):
            return True
        if len(_buttons(self.text[block[0] : min(block[1], block[0] + _LOOK)])) > _MOST_BUTTONS:
            return True
        linked = _LINK_BEHIND.match(self.beside(block)[1])
        below = linked or any(map(_is_button, self.lines_behind(block[1], 1)))
        above = self.lines_before(block[0], 2)
        return bool(below) and (not above or any(map(_is_button, above)))

    def together(self, of: Span, block: Span) -> bool:
        """Whether a line shortly before a block is the same as one before its copy: more was printed twice."""
        before = self.lines_before(of[0], 2)
        return any(line in before for line in self.lines_before(block[0], 2))

    def after_the_end(self, of: Span, block: Span) -> bool:
        """Whether a block stands behind the buttons at the end of the story that it repeats."""
        if sum(map(_is_button, self.lines_before(block[0], 3))) < 2:
            return False
        between = range(self._line(of[1]) + 1, self._line(block[0]))
        return any(self._end(number) - self._starts[number] >= _PROSE for number in between)

    def about_author(self, of: Span, block: Span) -> bool:
        """Whether the note about the author is given at the top and again at the bottom."""
        note = _ABOUT.match(self.text[of[0] : min(of[1], of[0] + _LOOK)])
        if note is None or block[1] < len(self.text) - _HEAD:
            return False
        above = self.text[max(0, of[0] - _LOOK) : of[0]] + self.text[max(0, block[0] - _LOOK) : block[0]]
        return note[1].casefold() in above.casefold()

    def headline(self, of: Span, block: Span) -> bool:
        """Whether it is the page's first line that comes again as a line."""
        lines = self.text[of[0] : of[1]] + self.text[block[0] : block[1]]
        if "\n" in lines or len(lines) > 2 * _LONGEST_HEADLINE or of[0] > _LONGEST_HEADLINE:
            return False
        if self.text[: of[0]].strip():
            return False
        return self.fills(of) == self.fills(block) == FILLS and not _FOLDED.search(self.beside(of)[1])

    @cached_property
    def lists(self) -> bool:
        """Whether the page is a list of teasers, lines of prose cut short, instead of a text."""
        prose = [line for line in map(str.rstrip, self._lines()) if len(line) >= _PROSE]
        teasers = sum(line.endswith(_CUT_SHORT) for line in prose)
        return teasers >= max(_LEAST_TEASERS, _LISTED * len(prose))

    @cached_property
    def _turns(self) -> int:
        return sum(bool(_SPEAKER.match(line[:_LOOK])) for line in self._lines())

    def _lines(self) -> Iterator[str]:
        for number, start in enumerate(self._starts):
            yield self.text[start : self._end(number)]

    def _line_goes_on(self, block: Span) -> bool:
        """Whether the line that a block ends on ends in a letter or digit."""
        return self._last_mark(self._end(self._line(max(block[0], block[1] - 1)))).isalnum()

    def _last_mark(self, end: int) -> str:
        return self.text[max(0, end - _LOOK) : end].rstrip(_CLOSING)[-1:]

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1

    def _end(self, line: int) -> int:
        return len(self.text) if line + 1 == len(self._starts) else self._starts[line + 1] - 1

    def _nearest(self, numbers: Iterable[int], count: int) -> list[str]:
        found: list[str] = []
        for number in islice(numbers, _FAR):
            start = self._starts[number]
            line = self.text[start : min(self._end(number), start + _LOOK)].strip()
            if line:
                found.append(line)
                if len(found) == count:
                    break
        return found


def is_credit(line: str) -> bool:
    """Whether a line is the credit of a picture and nothing else."""
    return len(line) <= _LONGEST_CREDIT and not line.startswith("By ") and bool(_CREDIT.match(line))


def _is_button(line: str) -> bool:
    return len(_WORD.findall(line)) <= _LONGEST_BUTTON and bool(_buttons(line))


def _buttons(line: str) -> frozenset[str]:
    return _BUTTONS & set(_WORD.findall(line.lower()))
