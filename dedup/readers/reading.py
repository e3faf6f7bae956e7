"""From INPUT to articles, source by source, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from dedup.errors import InputError
from dedup.model import Article, Reject
from dedup.readers import delimited, document, jsonl, plain
from dedup.readers.encoding import Line, decode
from dedup.readers.fields import Mapper, NoText, Record, Unusable, identified, listed
from dedup.readers.identity import Register
from dedup.readers.inputs import Source, expand
from dedup.readers.log import SourceLog
from dedup.readers.sniff import any_format, json_format, no_text, peeked
from dedup.readers.stream import Stream

_PATIENCE = 1000


def read(
    inputs: Sequence[str],
    *,
    fields: Mapping[str, str] = {},
    on_reject: Callable[[Reject], None],
    on_notice: Callable[[str], None],
) -> Iterator[Article]:
    """The articles of ``inputs``, in their order, each with an id of its own.

    JSON documents, plain texts and UTF-16 are held in memory one file at a time; JSONL, CSV and TSV are
    streamed.

    Args:
        inputs: Files, folders (recursive, sorted by path), globs, ``-`` for standard input. Folders give
        their files of a
            known extension (`dedup.readers.inputs.FORMATS`); a file of another is read as what it looks like.
        fields: Field of an article → the column or key that holds it (dotted where nested). Plain texts have
        none. on_reject: Told of everything that is left out; `refuse` makes that an error. on_notice: Told
        what the reader should know although nothing is left out.

    Raises:
        InputError: An input does not exist, or nothing in it can be read (at once, before any article).
        SettingsError: ``fields`` names something that an article does not have (at once).
    """
    mapper = Mapper(fields)
    sources = expand(inputs, on_reject=on_reject, on_notice=on_notice)
    return _articles(sources, mapper, on_reject, on_notice)


def from_records(
    records: Iterable[Record | Article | str],
    *,
    fields: Mapping[str, str] = {},
    on_reject: Callable[[Reject], None] | None = None,
    source: str = "articles",
) -> Iterator[Article]:
    """The articles of an iterable, each with an id of its own; places in messages count its items from 1.

    Args:
        records: Articles, mappings with the field names of `NAMES`, or bare texts.
        fields: Field of an article → the key that holds it.
        on_reject: Told of what is left out; without it that is an error.
        source: What the iterable is called in messages.

    Raises:
        InputError: A record is no article (`article_from`) or has an id that another has, and there is no
            ``on_reject``; or ``records`` is itself one article.
        SettingsError: ``fields`` names something that an article does not have.
    """
    if isinstance(records, (str, Mapping, Article)):
        raise InputError(f"{source}: this is one article; put it in a list")
    mapper, register = Mapper(fields), Register()
    reject = on_reject or refuse
    for number, record in enumerate(records, 1):
        try:
            article, given = identified(record, mapper)
        except InputError as error:
            reject(Reject(source, number, str(error), error.id if isinstance(error, Unusable) else None))
            continue
        admitted = register.admit(article, given, source, number)
        if isinstance(admitted, str):
            reject(Reject(source, number, admitted, article.id))
        else:
            yield admitted


def refuse(reject: Reject) -> NoReturn:
    """The ``on_reject`` of a strict run.

    Raises:
        InputError: Always, with the place and the reason.
    """
    line = "" if reject.line is None else f":{reject.line}"
    raise InputError(f"{reject.source}{line}: {reject.reason}")


def _articles(
    sources: Sequence[Source],
    mapper: Mapper,
    on_reject: Callable[[Reject], None],
    on_notice: Callable[[str], None],
) -> Iterator[Article]:
    register = Register()
    for source in sources:
        log = SourceLog(source.name, on_reject, on_notice)
        try:
            stream = Stream(source.path)
        except OSError as error:
            log.reject(None, f"cannot be read: {error.strerror or error}")
            continue
        try:
            for line, article, given in _located(source, stream, mapper, log):
                admitted = register.admit(article, given, source.name, line)
                if isinstance(admitted, str):
                    log.reject(line, admitted, article.id)
                else:
                    log.articles += 1
                    yield admitted
            if stream.broken:
                log.reject(stream.read_lines + 1, f"{stream.broken}; nothing from here on was read")
            log.close()
        finally:
            stream.close()


def _located(
    source: Source, stream: Stream, mapper: Mapper, log: SourceLog
) -> Iterator[tuple[int | None, Article, bool]]:
    reason = no_text(stream.head(), known=source.format is not None)
    first, lines = peeked(stream.lines())
    try:
        if reason is not None:
            raise InputError(reason)
        match source.format:
            case None:
                format = json_format(first) if source.path is None else any_format(first)
            case "json" | "jsonl" if first:
                format = json_format(first, source.format)
            case _:
                format = source.format
    except InputError as error:
        log.reject(None, str(error))
        return
    if format == "txt":
        text = _whole(lines, log)
        if stream.broken:
            return
        if text:
            yield None, *plain.article(text, source.id)
        else:
            log.reject(None, "empty file")
        return
    records: Iterable[tuple[int, Mapping[str, Any]]]
    if format == "jsonl":
        records = jsonl.records(lines, log)
    elif format == "json":
        records = document.records(_whole(lines, log), mapper.knows_text, log)
    else:
        records = delimited.records(lines, log, lambda row: _useless(row, mapper), tabs=format == "tsv")
    if source.found and source.format == "json":
        records = list(records)
        if len(records) == 1 and not mapper.knows_text(records[0][1]):
            # Settings, gold, a manifest: lying in the folder does not make it an article. The log will say so.
            return
    if mapper.fields.keys() - {"text"}:
        records = _with_columns(records, mapper, log)
    for line, record in records:
        try:
            article, given = mapper.article(record)
        except NoText as error:
            log.without_text += 1
            log.reject(line, str(error), error.id)
            continue
        yield line, article, given


def _whole(lines: Iterable[Line], log: SourceLog) -> str:
    pieces = list(lines)
    if pieces and isinstance(pieces[0], str):
        return "".join(map(str, pieces))
    data = b"".join(piece for piece in pieces if isinstance(piece, bytes))
    text, sound = decode(data)
    if not sound:
        log.foreign(next(number for number, line in enumerate(data.split(b"\n"), 1) if not decode(line)[1]))
    return text


def _useless(row: Mapping[str, str], mapper: Mapper) -> str | None:
    """Why rows with the columns of ``row`` hold no article, or None."""
    missing = [name for name in mapper.fields if mapper.absent(name, row)]
    if missing:
        return f"{mapper.absence(missing, row)}; no row was read"
    if not mapper.knows_text(row):
        return (
            f"no column is known as the text; there is {listed(row)}. "
            "Name it with --field text=COLUMN; no row was read"
        )
    return None


def _with_columns(
    records: Iterable[tuple[int, Mapping[str, Any]]], mapper: Mapper, log: SourceLog
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Only the records of a source that has the columns which ``--field`` names.

    One record may lack what the next one has; records wait until every column was seen once. After the first
    thousand, and at the end, those that still lack one which nobody had are rejected: the mapping is wrong,
    and an answer that ignores it would be wrong quietly.
    """
    awaited = set(mapper.fields) - {"text"}
    waiting: list[tuple[int, Mapping[str, Any]]] = []
    lacking: Mapping[str, Any] = {}
    for line, record in records:
        awaited = {name for name in awaited if mapper.absent(name, record)}
        lacking = record if awaited else lacking
        waiting.append((line, record))
        if not awaited:
            yield from waiting
            waiting.clear()
        elif len(waiting) >= _PATIENCE:
            _reject_all(waiting, sorted(awaited), mapper, log)
            waiting.clear()
    if awaited and lacking:
        _reject_all(waiting, sorted(awaited), mapper, log)
        log.on_notice(f"{log.source}: {mapper.absence(sorted(awaited), lacking)}; check --field")


def _reject_all(
    waiting: Sequence[tuple[int, Mapping[str, Any]]], names: Sequence[str], mapper: Mapper, log: SourceLog
) -> None:
    for line, record in waiting:
        log.reject(line, mapper.absence(names, record))
