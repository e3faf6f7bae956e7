"""The lie of a scraped page: its lines, its captions, and how much prose stands before and after a place.

Where a name stands decides what it says, so every rule asks here for its surroundings. Windows are bounded:
reading the surroundings of one place costs the same in a brief and in ten megabytes on one line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

REACH = 400  # code points on either side of a name within which its role is decided

_PROSE_LINE = 60  # shorter lines are headlines, bylines, buttons
_COLUMN = 24  # code points that the narrowest of a newspaper's columns holds
_LONG_LINE = 140  # longer lines are prose even without a full stop at the end
_CAPTION_LINE = 700
_RUN_IN = 240  # farther than this into one line is prose, on a page scraped onto a single line
_ABOVE = 120  # code points of a date or a section that may stand above a headline
_SAME = 60  # lines that begin alike for so long are one line printed twice: a caption, a teaser
_TAIL_PROSE = 200  # no more prose than this after a place, and it is the text's end
_TAIL = 20_000  # code points of furniture that may follow there
_CAPTION = re.compile(
    r"\(?(?:FILE\b|File photo|In this\b[^.]{0,60}\bphoto\b|\(L-R\)|\(From left|Photo(?:graph)?\b|Image\b"
    r"|PHOTO|Caption)"
)
_CAPTION_BEGINS = frozenset("(FIPC")
_TEASERS = ("...", "…", " more", " less")
_ENDS = (".", "”", '"', "?", "!", "…", "»", ")", "。", ":")
_BREAKS = "\n\r\u2028\u2029]>"
_TAGGED_RIGHT = re.compile(r"[\n\r\u2028\u2029\[<]")


@dataclass(frozen=True)
class Page:
    """One text, whose lines are measured when first asked for: few credits need it.

    ``captions`` are spans in order; the lines that they touch count as no prose. ``headline`` is where the headline
    ends that the text begins with, 0 for none.
    """

    text: str
    captions: Sequence[tuple[int, int]] = ()
    headline: int = 0

    @cached_property
    def _lines(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return _measured(self.text, self.captions)

    @property
    def starts(self) -> tuple[int, ...]:
        """Where each line begins."""
        return self._lines[0]

    @property
    def prose(self) -> tuple[int, ...]:
        """Code points of prose before each line, and in all lines."""
        return self._lines[1]

    def segment(self, start: int, end: int) -> tuple[int, int] | None:
        """The line around ``[start, end)``, cut at markup; None where it runs on beyond reach."""
        low, high = max(0, start - REACH), min(len(self.text), end + REACH)
        left = self._break_before(low, start)
        if left == 0 and low > 0:
            return None
        match_right = _TAGGED_RIGHT.search(self.text, end, high)
        if match_right is None and high < len(self.text):
            return None
        return left, match_right.start() if match_right else len(self.text)

    def line_start(self, at: int) -> int:
        """Where the line around ``at``, or the markup before it, leaves off; no further back than `REACH`."""
        low = max(0, at - REACH)
        return max(low, self._break_before(low, at))

    def _break_before(self, low: int, at: int) -> int:
        """Behind the last end of a line or tag in ``[low, at)``; 0 where there is none."""
        return max(self.text.rfind(char, low, at) for char in _BREAKS) + 1

    def teases(self, at: int) -> bool:
        """Does the line around ``at`` break off with an ellipsis, as a teaser for another page does?"""
        end = self.text.find("\n", at, at + _CAPTION_LINE)
        return 0 <= end < len(self.text) - _RUN_IN and self.text[at:end].rstrip().endswith(("...", "…"))

    def is_deep(self, at: int, most: int) -> bool:
        """Does more running prose than this stand before ``at``? Near the front of a text no line need be measured."""
        return at > most and self.prose_before(at) > most

    def prose_before(self, at: int) -> int:
        """Code points of running prose before ``at``: headlines, buttons and captions left out."""
        line = bisect_right(self.starts, at) - 1
        within = at - self.starts[line]
        return self.prose[line] + (within if within > _RUN_IN else 0)

    def prose_after(self, at: int) -> int:
        """Code points of running prose after the line around ``at``; in a long line, the rest of it too."""
        line = bisect_right(self.starts, at) - 1
        line_end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        within = line_end - at
        return self.prose[-1] - self.prose[line + 1] + (within if within > _RUN_IN else 0)

    def is_tail(self, at: int) -> bool:
        """Does nothing but furniture follow?"""
        left = len(self.text) - at
        return left <= _TAIL_PROSE or (left <= _TAIL and self.prose_after(at) <= _TAIL_PROSE)

    def is_last(self, at: int) -> bool:
        """Does nothing at all follow?"""
        return len(self.text) - at <= _TAIL_PROSE and not self.text[at:].strip()


def read_page(text: str, captions: Iterable[tuple[int, int]] = (), title: str | None = None) -> Page:
    """A text as a page; lines that ``captions`` (spans in any order) touch count as no prose."""
    return Page(text, sorted(captions), _headline(text, title.strip()) if title else 0)


def _headline(text: str, title: str) -> int:
    at = text.find(title, 0, _ABOVE + len(title)) if title else -1
    return at + len(title) if at >= 0 else 0


def _measured(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    starts: list[int] = []
    prose: list[int] = []
    first: dict[str, int] = {}
    at, following = 0, 0
    continued = False
    lines = text.split("\n")
    lines.append("")
    for index, (line, below) in enumerate(pairwise(lines)):
        starts.append(at)
        if not line:
            prose.append(0)
            continued = False
            at += 1
            continue
        size = len(line)
        # A line that the next one takes up in mid-sentence is prose, however narrow its column.
        runs_on = size >= _COLUMN and below.lstrip(" ")[:1].islower()
        while following < len(spans) and spans[following][1] <= at:
            following += 1
        if following < len(spans) and spans[following][0] < at + size and size <= _CAPTION_LINE:
            length = 0
        elif runs_on or continued:
            length = size
        else:
            length = 0 if size < _PROSE_LINE else _prose(line)
        continued = runs_on
        if length >= _PROSE_LINE:
            twin = first.setdefault(line[:_SAME], index)
            if twin != index:
                prose[twin] = length = 0
        prose.append(length)
        at += size + 1
    return tuple(starts), tuple(accumulate(prose, initial=0))


def _prose(line: str) -> int:
    """How much of a line that is not short is prose: its length, or 0 for a headline, a caption, a teaser."""
    stripped = line.rstrip()
    if len(stripped) < _LONG_LINE and not stripped.endswith(_ENDS):
        return 0
    captioned = stripped[:1] in _CAPTION_BEGINS and _CAPTION.match(stripped) is not None
    return 0 if captioned or stripped.endswith(_TEASERS) else len(stripped)
