"""Lines of JSONL in, the same lines out: each with what an index says of its article, or left out for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, get_args

from dedup.cli import options
from dedup.errors import InputError
from dedup.index.packing import refuse_unkeepable
from dedup.model import Reject, Relation
from dedup.readers import refuse
from dedup.readers.fields import Mapper, Unusable
from dedup.readers.line import record
from dedup.writers import dumps, to_record
from dedup.writers.splice import spliced

if TYPE_CHECKING:
    from dedup.cli.rejected import Rejected
    from dedup.index.index import Index
    from dedup.model import Article, Verdict

AGAIN = "again"
"""What an article is called that the index holds already, with the same id and text."""
DROPPED = "dropped"
_KEY = "dedup"
_IN_THE_LINE = {"outlet", "title", "url", "published"}


class _Taken(NamedTuple):
    """A line with its article; ``annotated`` where it has an answer already, of an earlier pass."""

    line: bytes
    article: Article
    annotated: bool


class Stage:
    """Answers lines.

    Args:
        source: What the lines are called in messages.
        drop: Relations, or `AGAIN`, whose lines are left out.
        plain: Add nothing to the lines.
        strict: Stop at the first line that holds no article.
    """

    def __init__(
        self,
        index: Index,
        mapper: Mapper,
        rejected: Rejected,
        *,
        source: str,
        drop: Collection[str] = (),
        plain: bool = False,
        strict: bool = False,
    ) -> None:
        self._counts: Counter[str] = Counter()
        self._index = index
        self._mapper = mapper
        self._rejected = rejected
        self._source = source
        self._drop = drop
        self._plain = plain
        self._strict = strict
        self._number = 0
        self._articles = 0
        self._awaited = set(mapper.fields) - {"text"}

    def answer(self, lines: Sequence[bytes]) -> Iterator[bytes]:
        """The lines that go out, in order.

        Raises:
            InputError: A line holds no article, and the stage is strict; those before it have been answered.
            StoreError: The index cannot be read or written.
        """
        taken, wrong = self._take(lines)
        again = self._again([each.article for each in taken])
        verdicts = self._index.add_many([each.article for each in taken])
        for each, known, verdict in zip(taken, again, verdicts, strict=True):
            called = {verdict.relation, AGAIN} if known else {verdict.relation}
            self._articles += 1
            self._counts.update(called)
            if called.isdisjoint(self._drop):
                yield each.line if self._plain else self._annotated(each, verdict, known)
            else:
                self._counts[DROPPED] += 1
        if wrong is not None:
            refuse(wrong)

    def summary(self) -> str:
        """How many articles were what."""
        told = [
            f"{self._counts[name]:,} {name}"
            for name in (*get_args(Relation), AGAIN, DROPPED)
            if self._counts[name]
        ]
        return f"{self._articles:,} articles: {', '.join(told)}" if told else "no article"

    def _take(self, lines: Sequence[bytes]) -> tuple[list[_Taken], Reject | None]:
        """The lines that hold articles; and, in a strict stage, the first one that holds none, which ends them."""
        taken = []
        for line in lines:
            self._number += 1
            if not line.strip():
                continue
            try:
                taken.append(self._read(line))
            except InputError as error:
                id = error.id if isinstance(error, Unusable) else None
                reject = Reject(self._source, self._number, str(error), id)
                if self._strict:
                    return taken, reject
                self._rejected.add(reject, line)
        return taken, None

    def _read(self, line: bytes) -> _Taken:
        found = record(line)
        # What was answered to this line before is no part of its article.
        annotated = found.pop(_KEY, self) is not self
        if self._awaited:
            self._look_for_columns(found)
        article = self._mapper.article(found)[0]
        refuse_unkeepable(article)
        return _Taken(line, article, annotated)

    def _look_for_columns(self, found: dict[str, object]) -> None:
        """Tell of the fields that ``--field`` names and the first line has not: answers without them may be wrong."""
        absent = {name for name in self._awaited if self._mapper.absent(name, found)}
        if absent:
            missing = self._mapper.absence(sorted(absent), found)
            options.notice(f"{self._source}:{self._number}: {missing}; check --field")
        self._awaited.clear()

    def _again(self, articles: Sequence[Article]) -> list[bool]:
        """Whether each of them will be there already, with its text, when its turn comes."""
        texts: dict[str, str] = {}
        found = []
        for article in articles:
            if article.id not in texts:
                known = self._index.get(article.id)
                texts |= {} if known is None else {known.id: known.text}
            found.append(texts.get(article.id) == article.text)
            texts[article.id] = article.text
        return found

    def _annotated(self, of: _Taken, verdict: Verdict, again: bool) -> bytes:
        told = {key: value for key, value in to_record(verdict).items() if key not in _IN_THE_LINE}
        if again:
            told[AGAIN] = True
        return spliced(of.line, _KEY, dumps(told), there=of.annotated)
