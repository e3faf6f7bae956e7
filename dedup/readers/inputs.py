"""What the command line calls INPUT: files, folders, globs and ``-``, as a list of sources."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from dedup.errors import InputError
from dedup.model import Reject

FORMATS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "txt",
}
"""Extension → format; each may be followed by ``.gz``."""

STDIN = "<stdin>"
_RUN_FILES = {"articles.jsonl", "clusters.jsonl", "matches.jsonl", "summary.json"}
_DOCUMENTATION = ("*.md", "readme*", "license*")
_KNOWN = f"{' '.join(FORMATS)} (each also with .gz)"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read.

    Args:
        name: As people are told of it: the path as they gave it.
        path: None for standard input.
        format: One of the values of `FORMATS`, None where the extension does not tell.
        id: Of an article that is the whole source: its path in the folder that was given, or its file name;
            the path as given where two sources would share that.
        found: In a folder, rather than named by the user.
    """

    name: str
    path: Path | None
    format: str | None
    id: str
    found: bool = False


def expand(
    inputs: Sequence[str], *, on_reject: Callable[[Reject], None], on_notice: Callable[[str], None]
) -> list[Source]:
    """The sources that ``inputs`` name, in that order, folders sorted by path; a file named twice is read
    once.

    Raises:
        InputError: An input does not exist, a glob matches nothing, or there is nothing to read in all of
            them together.
    """
    sources: list[Source] = []
    barren: list[str] = []
    seen: set[str] = set()
    for given in inputs:
        for source in _sources(given, on_reject, on_notice, barren.append):
            real = STDIN if source.path is None else os.path.realpath(source.path)
            if real in seen:
                on_notice(f"{source.name}: named twice, read once")
                continue
            seen.add(real)
            sources.append(source)
    if barren and not sources:
        more = len(barren) - 1
        others = f" ({more} more {'folder is' if more == 1 else 'folders are'} like it)" if more else ""
        raise InputError(barren[0] + others)
    for told in barren:
        on_notice(told)
    shared = Counter(source.id for source in sources)
    return [replace(each, id=each.name) if shared[each.id] > 1 else each for each in sources]


def format_of(path: Path) -> str | None:
    """The format that the extension of ``path`` tells, or None."""
    name = path.name.lower().removesuffix(".gz")
    return FORMATS.get(os.path.splitext(name)[1])


def _sources(
    given: str,
    on_reject: Callable[[Reject], None],
    on_notice: Callable[[str], None],
    on_barren: Callable[[str], None],
) -> Iterator[Source]:
    if given == "-":
        yield Source(STDIN, None, None, "stdin")
        return
    # A file may be called a[1].txt: what exists is never a pattern.
    if os.path.lexists(given):
        found = [given]
    elif glob.has_magic(given):
        found = sorted(glob.glob(given, recursive=True))
        if not found:
            raise InputError(
                f"{given}: no file matches; put the pattern in quotes and check the folder it names"
            )
    else:
        raise InputError(f"{given}: no such file or folder; check the path")
    for name in found:
        path = Path(name)
        if path.is_dir():
            yield from _folder(path, on_reject, on_notice, on_barren)
        else:
            yield Source(name, path, format_of(path), path.name)


def _folder(
    folder: Path,
    on_reject: Callable[[Reject], None],
    on_notice: Callable[[str], None],
    on_barren: Callable[[str], None],
) -> list[Source]:
    def unreadable(error: OSError) -> None:
        on_reject(Reject(str(error.filename), None, f"the folder cannot be read: {error.strerror}"))

    found: list[Path] = []
    skipped: Counter[str] = Counter()
    visited: set[str] = set()
    for place, folders, files in os.walk(folder, onerror=unreadable, followlinks=True):
        real = os.path.realpath(place)
        if real in visited:
            folders.clear()
            continue
        visited.add(real)
        if Path(place) != folder and _RUN_FILES.issubset(files):
            on_notice(f"{place}: skipped, it holds the results of a run")
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(place, name) for name in files if not name.startswith(".")):
            if format_of(path) is None:
                if not any(fnmatchcase(path.name.lower(), pattern) for pattern in _DOCUMENTATION):
                    skipped[path.suffix.lower() or "no extension"] += 1
            elif path.exists() and not path.is_file():
                on_reject(Reject(str(path), None, "not a regular file"))
            else:
                found.append(path)
    if not found:
        on_barren(
            f"{folder}: no article in this folder; known are {_KNOWN}. "
            "Name files of another extension one by one"
        )
    elif skipped:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(skipped.items()))
        on_notice(f"{folder}: files of no known format skipped ({kinds})")
    found.sort(key=lambda path: path.relative_to(folder).parts)
    return [
        Source(str(path), path, format_of(path), path.relative_to(folder).as_posix(), found=True)
        for path in found
    ]
