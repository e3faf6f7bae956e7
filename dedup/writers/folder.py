"""The folder of results: checked before the work, written beside its place, moved there when it is whole."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from dedup.errors import OutputError
from dedup.model import Reject, Result
from dedup.writers import records

_SUMMARY = "summary.json"
_OURS = {"articles.jsonl", "clusters.jsonl", "matches.jsonl", "rejects.jsonl", _SUMMARY, "report.html"}


class Lines(NamedTuple):
    """A result whose parts are written down already: a line each, in order, made as they are asked for."""

    articles: Iterable[bytes]
    clusters: Iterable[bytes]
    matches: Iterable[bytes]
    rejects: Sequence[Reject]
    summary: Mapping[str, Any]


def check_out(out: Path, force: bool = False) -> None:
    """See that results can be written to the folder ``out``, before the work that makes them. Changes
    nothing.

    Raises:
        OutputError: ``out`` is a file; or exists and ``force`` is not given, or it holds anything but results;
            or the folder that it would stand in cannot be written to.
    """
    try:
        _check(out, out.resolve(), force)
    except (OSError, RuntimeError) as error:
        # Until Python 3.13 a link that leads to itself is a RuntimeError.
        reason = error.strerror if isinstance(error, OSError) else error
        raise OutputError(f"{out} cannot be looked at: {reason}; name another folder") from error


def _check(out: Path, place: Path, force: bool) -> None:
    if place.is_symlink():
        raise OutputError(f"{out} is a link that leads nowhere; name another folder with --out")
    if place.exists():
        if not place.is_dir():
            raise OutputError(f"{out} is a file; name a folder with --out")
        if not force:
            raise OutputError(
                f"{out} exists already; name another folder with --out, or replace it with --force"
            )
        names = os.listdir(place)
        strangers = sorted(set(names) - _OURS)
        if strangers:
            more = f" and {len(strangers) - 1} more" if len(strangers) > 1 else ""
            raise OutputError(
                f"{out} holds something else than results ({strangers[0]!r}{more}), so --force leaves it alone; "
                "move that away, or name another folder with --out"
            )
        if names and _SUMMARY not in names:
            raise OutputError(
                f"{out} holds something else than results (there is no {_SUMMARY}), "
                "so --force leaves it alone; name another folder with --out"
            )
    parent = next((folder for folder in place.parents if folder.exists()), place)
    if not parent.is_dir():
        raise OutputError(f"{out} cannot be made: {parent} is a file; name another folder with --out")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(
            f"{out} cannot be made: no permission to write in {parent}; name another folder with --out"
        )
    for name in place.relative_to(parent).parts:
        # The system knows best what it takes for a name; that nothing is called so yet is well.
        with suppress(FileNotFoundError):
            os.lstat(parent / name)


def write(result: Result | Lines, out: Path, *, force: bool = False) -> None:
    """Write ``result`` into the folder ``out``: all five files, or nothing.

    The files are written into a temporary folder beside ``out`` and moved when they are complete. With
    ``force`` an earlier folder of results gives way only then. Missing parents are made.

    Raises:
        OutputError: As `check_out`, before the files are written and after; or they cannot be
            written (no space, for one).
    """
    check_out(out, force)
    place = out.resolve()
    token = secrets.token_hex(4)
    draft, aside = (place.parent / f".dedup-{token}.{what}" for what in ("tmp", "old"))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        try:
            _fill(draft, result)
            # Another run may have come first; what it wrote is not ours to move.
            check_out(out, force)
            _swap(draft, place, aside, force)
        finally:
            # After a swap the draft is gone; after anything else, Ctrl-C among it, it must go.
            shutil.rmtree(draft, ignore_errors=True)
            if place.exists():
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise OutputError(
            f"{out} cannot be written: {error.strerror or error}; nothing was changed"
        ) from error


def _fill(folder: Path, result: Result | Lines) -> None:
    parts = {
        "articles": result.articles,
        "clusters": result.clusters,
        "matches": result.matches,
        "rejects": result.rejects,
    }
    for name, part in parts.items():
        with (folder / f"{name}.jsonl").open("wb", buffering=1 << 20) as file:
            file.writelines(each if isinstance(each, bytes) else records.line(each) for each in part)
    (folder / _SUMMARY).write_bytes(records.dumps(result.summary, indent=True) + b"\n")


def _swap(draft: Path, place: Path, aside: Path, force: bool) -> None:
    """Move ``draft`` to ``place``, with ``force`` what stood there to ``aside``; put that back when it fails."""
    try:
        if force and place.exists():
            place.rename(aside)
        draft.rename(place)
    except BaseException:
        if aside.exists() and not place.exists():
            aside.rename(place)
        raise
