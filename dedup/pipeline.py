"""The batch run: articles in; verdicts, clusters and matches out.

`run` and `analyse` keep everything in memory and give objects; `analyse_on_disk` keeps words on disk and gives the
lines of the result's files, so that memory follows signatures, not texts. Both are the stages of `dedup.batch`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from dedup.batch import Batch, in_place
from dedup.conclusions import Concluded
from dedup.intake import in_memory, on_disk
from dedup.model import Article, Cluster, Match, Reject, Result, Verdict
from dedup.progress import Progress, Stages, Tally, summarise, tally
from dedup.readers import from_records
from dedup.settings import Settings
from dedup.shelf import Kind, Packed, Shelf
from dedup.stages import Aligned, Ints
from dedup.workers import Workers
from dedup.working import Working
from dedup.writers import Lines
from dedup.writers.records import line

_LINES_AT_ONCE = 4096
_LINE: Kind[bytes] = Kind(bytes, bytes)


def run(
    articles: Iterable[Article | Mapping[str, Any]],
    settings: Settings | None = None,
    *,
    progress: Progress | None = None,
) -> Result:
    """Analyse a corpus.

    Args:
        articles: Articles, or mappings with their field names. One without text, or with an id that another one
            has, becomes a reject; nothing else stops the run.
        settings: How to compare; the defaults by default.
        progress: Told how far each stage is.

    Returns:
        Verdicts in the order of the input, clusters, matches, rejects and a summary. The same articles and settings
        give the same result, whatever their order and the number of threads (the summary's timings aside).
    """
    rejects: list[Reject] = []
    checked = from_records(articles, on_reject=rejects.append)
    return analyse(checked, settings or Settings(), progress=progress, rejects=rejects)


def analyse(
    articles: Iterable[Article], settings: Settings, *, progress: Progress | None, rejects: Sequence[Reject]
) -> Result:
    """As `run`, of articles as a reader gives them: whole, and each with an id of its own.

    Args:
        rejects: What the reader leaves out, carried into the result; looked at once `articles` is read.
    """
    stages = Stages(progress)
    workers = Workers(settings.jobs)
    batch = Batch(in_memory(articles, settings, stages, workers), settings, stages, workers, Working())
    words, aligned, judged = batch.judged()
    verdicts: dict[int, Verdict] = {}
    clusters: dict[int, Cluster] = {}
    matches: dict[int, Match] = {}
    found = Tally.empty()
    for each in batch.concluded(words, aligned, judged, lambda concluded: concluded):
        verdicts.update(zip(each.members.tolist(), each.verdicts, strict=True))
        clusters.update(zip(each.canonicals.tolist(), each.clusters, strict=True))
        matches.update(zip(each.rows.tolist(), each.matches, strict=True))
        found = found.plus(_counts(each))
    return Result(
        tuple(verdicts[rank] for rank in np.argsort(batch.order).tolist()),
        tuple(clusters[canonical] for canonical in sorted(clusters)),
        tuple(matches[k] for k in in_place(aligned).tolist()),
        tuple(rejects),
        summarise(settings, stages, len(verdicts), found, len(rejects), _pairs(aligned)),
    )


def analyse_on_disk(
    articles: Iterable[Article],
    settings: Settings,
    working: Working,
    *,
    progress: Progress | None,
    rejects: Sequence[Reject],
    on_reject: Callable[[Reject], None],
) -> Lines:
    """As `analyse`, with the words on disk, and on Linux the work in processes that are forked for each stage.

    Args:
        articles: Not read where an earlier run that is resumed has read them.
        working: Where the words are kept, and what an earlier run finished.
        rejects: What the reader leaves out, looked at once `articles` is read.
        on_reject: Told of an article whose metadata cannot be kept; adds to `rejects`.

    Returns:
        The lines of the result's files, to be read before `working` is closed.

    Raises:
        OSError: The folder of `working` cannot be written.
    """
    stages = Stages(progress)
    workers = Workers(settings.jobs, forked=True)
    corpus, refused = on_disk(articles, settings, stages, workers, working, rejects, on_reject)
    batch = Batch(corpus, settings, stages, workers, working)
    del corpus  # its signatures stand in another order now, and would take as much memory again
    words, aligned, judged = batch.judged()
    verdicts, clusters, matches = (
        working.shelf(name, _LINE, of="conclude") for name in ("verdicts", "clusters", "matches")
    )
    members: list[Ints] = []
    canonicals: list[Ints] = []
    rows: list[Ints] = []
    found = Tally.empty()
    for each in batch.concluded(words, aligned, judged, _written):
        members.append(each.members)
        canonicals.append(each.canonicals)
        rows.append(each.rows)
        verdicts.extend(each.verdicts)
        clusters.extend(each.clusters)
        matches.extend(each.matches)
        found = found.plus(each.counts)
    return Lines(
        _in_order(verdicts, _inverse(members)[np.argsort(batch.order)]),
        _in_order(clusters, np.argsort(np.concatenate([*canonicals, _NONE]))),
        _in_order(matches, _inverse(rows)[in_place(aligned)]),
        refused,
        summarise(settings, stages, len(batch.articles), found, len(refused), _pairs(aligned)),
    )


class Compared(NamedTuple):
    """Which of n articles a run compares.

    Attributes:
        pairs: int64 (m, 2), positions in the input.
        speaker: int64 (n,), the article that is compared in each one's stead: itself, but in a large group of
            near-duplicates.
    """

    pairs: Ints
    speaker: Ints


def compared(articles: Iterable[Article], settings: Settings | None = None) -> Compared:
    """The pairs that a run compares, whatever it then finds in them: what its candidates are measured by."""
    settings = settings or Settings()
    stages, workers = Stages(), Workers(settings.jobs)
    batch = Batch(in_memory(articles, settings, stages, workers), settings, stages, workers, Working())
    _, aligned, _ = batch.judged()
    speaker = np.empty_like(batch.order)
    speaker[batch.order] = batch.order[batch.speakers(batch.near_duplicates())]
    return Compared(batch.order[aligned.pairs], speaker)


_NONE = np.zeros(0, np.int64)


class _Written(NamedTuple):
    """A shard's conclusions as lines."""

    members: Ints
    verdicts: Packed
    canonicals: Ints
    clusters: Packed
    rows: Ints
    matches: Packed
    counts: Tally


def _written(found: Concluded) -> _Written:
    return _Written(
        found.members,
        _LINE.packed(map(line, found.verdicts)),
        found.canonicals,
        _LINE.packed(map(line, found.clusters)),
        found.rows,
        _LINE.packed(map(line, found.matches)),
        _counts(found),
    )


def _counts(found: Concluded) -> Tally:
    return tally(found.verdicts, found.clusters, found.matches)


def _pairs(aligned: Aligned) -> tuple[int, int]:
    return len(aligned.pairs), int(aligned.cut_short.sum())


def _inverse(parts: Sequence[Ints]) -> Ints:
    """Where each number stands in the parts, one after another; all numbers from 0 on stand there once."""
    numbers = np.concatenate([*parts, _NONE])
    place = np.empty_like(numbers)
    place[numbers] = np.arange(len(numbers))
    return place


def _in_order(shelf: Shelf[bytes], numbers: Ints) -> Iterator[bytes]:
    for start in range(0, len(numbers), _LINES_AT_ONCE):
        yield from shelf.pieces(numbers[start : start + _LINES_AT_ONCE])
