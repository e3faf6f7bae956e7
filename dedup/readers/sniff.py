"""What a source holds whose name does not tell, by its first line that is not blank."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator

from dedup.errors import InputError
from dedup.readers.document import LIST_KEYS
from dedup.readers.encoding import Line, decode, utf16_by_mark
from dedup.readers.fields import NAMES
from dedup.readers.jsonl import DECODER

DELIMITERS = ",;\t|"
_MAGIC = {
    "PAR1": "Parquet",
    "(\xb5/\xfd": "zstd-compressed data",
    "PK\x03\x04": "a zip archive",
    "BZh": "bzip2-compressed data",
    "\xfd7zXZ": "xz-compressed data",
    "%PDF": "a PDF",
}

_JSON = re.compile(r"\s*(\{\s*(\"|$)|\[\s*([{\]]|$))")


def peeked(lines: Iterator[Line]) -> tuple[str, Iterator[Line]]:
    """The first line that is not blank, as text (empty when there is none), and all the lines again."""
    taken: list[Line] = []
    for line in lines:
        taken.append(line)
        if line.strip():
            text = line if isinstance(line, str) else decode(line)[0]
            return text, itertools.chain(taken, lines)
    return "", iter(taken)


def json_format(first: str, named: str | None = None) -> str:
    """``json`` or ``jsonl``: whether a source that begins with this line is one document.

    Only one line is looked at, so that a pipe's first article need not wait for its second.

    Args:
        first: The first line that is not blank.
        named: The format that the source's name tells; it decides where the line leaves both open.
    """
    first = first.strip()
    if first.startswith("[") and named != "jsonl":
        return "json"
    try:
        value = DECODER.decode(first)
    except json.JSONDecodeError as error:
        # What is sound as far as it goes may go on in the next line; a line that is broken earlier cannot.
        return named or "json" if error.pos >= len(first) and first[:1] in ("{", "[") else "jsonl"
    except (RecursionError, ValueError):
        return named or "jsonl"
    if isinstance(value, list):
        return "json" if any(isinstance(item, dict) for item in value) else "jsonl"
    if isinstance(value, dict) and not any(key.lower() in NAMES["text"] for key in value):
        return "json" if any(isinstance(value.get(key), list) for key in LIST_KEYS) else "jsonl"
    return "jsonl"


def any_format(first: str) -> str:
    """The format of a file without a known extension.

    Raises:
        InputError: It is of a kind that cannot be read.
    """
    for mark, kind in _MAGIC.items():
        if first.encode("latin-1", "replace").decode("latin-1").startswith(mark):
            raise InputError(f"this is {kind}, which cannot be read; convert or unpack it first")
    if _JSON.match(first):
        return json_format(first)
    if _is_header(first):
        return "tsv" if delimiter(first) == "\t" else "csv"
    return "txt"


def no_text(head: bytes, *, known: bool) -> str | None:
    """Why data that begins with ``head`` is no text that can be read, or None.

    Args:
        head: The first bytes, unpacked once where they were gzipped; some thousand are enough.
        known: The name tells a format of texts; NUL bytes are then taken for what they are in a text.
    """
    if head.startswith(b"\x1f\x8b"):
        return "this is gzipped twice; unpack it once"
    if utf16_by_mark(head) is not None:
        return None
    half = len(head) // 2
    if half >= 4:
        # Most characters of most languages leave one byte of two empty, always the same one.
        even, odd = head[: 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
        if max(even, odd) > 0.7 * half and min(even, odd) < 0.1 * half:
            return "this is UTF-16 without a byte-order mark, which cannot be read; convert it to UTF-8"
    if not known and b"\0" in head:
        return "not text: it holds NUL bytes"
    return None


def delimiter(header: str) -> str:
    """The character that most often parts the columns of a header line."""
    return max(DELIMITERS, key=header.count)


def _is_header(line: str) -> bool:
    cells = [cell.strip().strip('"').lower() for cell in re.split("[,;\t|]", line[:10_000])]
    return (
        len(cells) > 1
        and any(cell in NAMES["text"] for cell in cells)
        and all(re.fullmatch(r"[\w .-]{1,40}", cell) for cell in cells)
    )
