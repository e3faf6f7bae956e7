"""Options that several commands share."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from dedup.errors import AgenciesError
from dedup.model import Reject
from dedup.settings import Settings

STATUSES = "Exit status: 0 done, 1 failed, 2 usage, 3 done with rejects."

# JSON has escapes for the controls below U+0020 only; a terminal obeys those from U+007F to U+009F too.
_ESCAPES = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}

_SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*([kmgt]?)i?b?", re.IGNORECASE)
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}

F = TypeVar("F", bound=Callable[..., Any])


class InOrder(click.Group):
    """Lists its commands as they were added, the main one first."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands."""
        return list(self.commands)


def inputs(command: F) -> F:
    """INPUT...: files, folders, globs or ``-``."""
    return click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)(command)


def fields(command: F) -> F:
    """``--field text=body``."""
    return click.option(
        "--field",
        "fields",
        metavar="NAME=COLUMN",
        multiple=True,
        callback=_parse_fields,
        help="Take NAME from this column or key, as in text=body; may be given again. NAME is one of "
        "id, text, title, outlet, url, published, byline, language.",
    )(command)


def strict(command: F) -> F:
    """``--strict``."""
    return click.option("--strict", is_flag=True, help="Stop at the first input that cannot be read.")(
        command
    )


def agencies(command: F) -> F:
    """``--agencies my.toml``, as the text of the file."""
    return click.option(
        "--agencies",
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        callback=_read_agencies,
        help="Agencies of your own, in TOML: added to the list, or to what it knows of them.",
    )(command)


def parse_bytes(context: click.Context, parameter: click.Parameter, given: str | None) -> int:
    """``4G`` as bytes; 0 where nothing was given."""
    if given is None:
        return 0
    match = _SIZE.fullmatch(given.strip())
    if match is None or not (size := int(float(match[1]) * _UNITS[match[2].upper()])):
        raise click.BadParameter(f"{given!r} is no size; give one such as 4G, 800M or 2.5G")
    return size


def index(command: F) -> F:
    """``--index F``: a file that remembers."""
    return click.option(
        "--index",
        metavar="F",
        type=click.Path(path_type=Path),
        help="Remember in this file, across runs; made where there is none.",
    )(command)


def own_threshold(command: F) -> F:
    """``--threshold J`` of a command that may find one in an index."""
    return click.option(
        "--threshold",
        type=float,
        metavar="J",
        help="Jaccard similarity, above 0 and up to 1, that makes two articles duplicates.  "
        f"[default: {Settings().threshold}, or the index's]",
    )(command)


def given(*, threshold: float | None, no_passages: bool, no_origin: bool, agencies: str) -> Settings | None:
    """The settings that a user asks for; None where there is no wish, so that those of an index hold.

    Raises:
        SettingsError: A value cannot work.
    """
    if threshold is None and not (no_passages or no_origin or agencies):
        return None
    asked = Settings(passages=not no_passages, origin=not no_origin, agencies=agencies)
    return asked if threshold is None else replace(asked, threshold=threshold)


def _read_agencies(context: click.Context, option: click.Parameter, path: Path | None) -> str:
    if path is None:
        return ""
    from dedup.attribution.agencies import load_agencies

    try:
        # A byte order mark is an editor's, not the user's.
        text = path.read_text("utf-8-sig")
        load_agencies(text)
    except UnicodeDecodeError as error:
        raise AgenciesError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except AgenciesError as error:
        raise AgenciesError(f"{path}: {error}") from error
    return text


def _parse_fields(
    context: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for item in given:
        name, separator, column = item.partition("=")
        if not (name and separator and column):
            raise click.BadParameter(f"{item!r} is not of the form NAME=COLUMN", context, option)
        found[name] = column
    return found


class Rejects:
    """Collects what a reader leaves out, or stops at the first one."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self.found: list[Reject] = []

    def __call__(self, reject: Reject) -> None:
        """Collect ``reject``, or raise `InputError` where the user wants it strict."""
        if self._strict:
            from dedup.readers import refuse

            refuse(reject)
        self.found.append(reject)


def clean(message: str) -> str:
    """``message`` on one line, with what a terminal would obey (control characters, for one) as escapes.

    Names of files, of columns and whatever else an input calls its own stand in messages.
    """
    if message.isprintable():
        return message
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in message)


def say(message: str) -> None:
    """Tell something on stderr: every message of ours but a table passes here."""
    # Where bars are drawn stderr is one that writes above them; what click finds for itself is the one below that.
    click.echo(clean(message), file=sys.stderr, err=True)


def notice(message: str) -> None:
    """Tell on stderr what the user should know although nothing is wrong."""
    say(f"dedup: {message}")


def print_json(record: Mapping[str, Any]) -> None:
    """Print ``record`` as one line of JSON; what a terminal would obey, or stdout lacks, as an escape."""
    from dedup.writers import dumps

    line = dumps(record).decode().translate(_ESCAPES)
    try:
        line.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(json.loads(line), separators=(",", ":"))
    click.echo(line)


def tell(rejects: Iterable[Reject]) -> None:
    """Tell on stderr what was left out, where it stands and why."""
    for reject in rejects:
        place = reject.source if reject.line is None else f"{reject.source}:{reject.line}"
        notice(f"{place}: {reject.reason}")


def on_terminal() -> bool:
    """Whether someone is watching stderr."""
    return sys.stderr is not None and sys.stderr.isatty()


class Forgiving:
    """Stderr as a command needs it: a reader who has gone, or a full disk, must not stop what it speaks of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush what can be flushed, at the end of the interpreter too."""
        with suppress(OSError):
            self._stream.flush()
