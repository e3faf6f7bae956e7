"""`Index`: articles come one after another, and each is judged at once by all that came before."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from heapq import heappop, heappush
from itertools import count, islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self, get_args

from dedup.attribution.agencies import wanted_agencies
from dedup.errors import InputError
from dedup.index.ahead import Ahead
from dedup.index.arrival import Arrival, Signed, arrive, group_of, home_of, sign
from dedup.index.base import By, Decision, Head, Pair, Store
from dedup.index.lately import Lately
from dedup.index.memory import MemoryStore
from dedup.index.overlay import Overlay
from dedup.index.packing import refuse_unkeepable
from dedup.index.verdicts import conclude, members
from dedup.matching.relations import VERSION
from dedup.model import Article, Reject, Verdict
from dedup.readers import article_from, refuse
from dedup.settings import Settings, checked
from dedup.stories.dates import moment
from dedup.writers import to_record

Given = Article | Mapping[str, Any]

_AT_ONCE = 64  # articles that are read together by `add_many`
_LONGEST = 2_000_000  # seconds to wait: SQLite counts milliseconds in 32 bits


class Index:
    """A memory of articles, in one file or in this process alone; see `open` and `in_memory`.

    Threads may share an index; a forked process opens its own.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._view = Lately(store)
        self._settings = settings
        self._agencies = wanted_agencies(settings)

    @classmethod
    def open(
        cls,
        path: str | Path,
        settings: Settings | None = None,
        *,
        durable_every: int = 1,
        timeout: float = 30.0,
        read_only: bool = False,
    ) -> Self:
        """Open the index in this file, or make one where there is none.

        Args:
            settings: How to compare. By default those that the index was made with, or the program's own for a new
                one.
            durable_every: Articles that are added between two commits: 1 makes `add` durable when it returns; with
                more, a crash may lose as many of the last ones, each of them whole, and no other process can write
                until the next commit: call `commit` before a pause.
            timeout: Seconds to wait for another writer.
            read_only: Never write; a file that is not there is an error.

        Raises:
            InputError: `durable_every` or `timeout` cannot be.
            SettingsError: `settings` are no `Settings`.
            StoreError: The file is no index, is damaged, of a newer version or locked, or was made with other settings.
        """
        if type(durable_every) is not int or durable_every < 1:
            raise InputError(f"durable_every={durable_every!r}: it takes 1 article or more to commit")
        if type(timeout) not in (int, float) or not 0 <= timeout <= _LONGEST:
            raise InputError(
                f"timeout={timeout!r}: it is a number of seconds, from 0 (not to wait) to {_LONGEST:,}"
            )
        from dedup.index.sqlite import SqliteStore

        store = SqliteStore.open(
            path, checked(settings), durable_every=durable_every, timeout=timeout, read_only=read_only
        )
        return cls(store, store.settings)

    @classmethod
    def in_memory(cls, settings: Settings | None = None) -> Self:
        """An index that is gone when it is closed."""
        given = checked(settings) or Settings()
        return cls(MemoryStore(given), given)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        with self._reading():
            return self._store.count()

    def __contains__(self, id: object) -> bool:
        with self._reading():
            return isinstance(id, str) and bool(self._store.numbers([id]))

    def close(self) -> None:
        """Commit and close; a second call does nothing."""
        self._store.close()

    def commit(self) -> None:
        """Make durable what was added or removed so far."""
        self._store.commit()

    @property
    def settings(self) -> Settings:
        """How articles are compared."""
        return self._settings

    def add(self, article: Given) -> Verdict:
        """Judge an article by all that the index holds, and remember it.

        The same id with the same text again changes nothing. The same id with another text is a new version: the one
        that was there goes on under another id (`Verdict.previous`).

        Args:
            article: Or a mapping with an article's fields, under any of the names that `dedup` knows for them. An
                article without an id gets one, made of its URL or its content. An empty text is a text.

        Raises:
            InputError: It is no article, or has no field for a text.
            StoreError: It could not be written; the index is as before.
        """
        (signed,) = self._signed([_read(article)])
        return self._add(signed, {})[0]

    def add_many(
        self, articles: Iterable[Given], *, on_reject: Callable[[Reject], None] | None = None
    ) -> Iterator[Verdict]:
        """`add` for each, in order and with the same verdicts, faster.

        An article is added when its verdict is asked for, and not before: a caller who has no use for verdicts must
        still go through them, as in ``for _ in index.add_many(articles): pass``.

        Args:
            on_reject: Told of what is no article; without it that is an `InputError`.

        Raises:
            InputError: This is one article, or there is something that is no article and no `on_reject`.
            StoreError: An article could not be written; those before it have been.
        """
        if isinstance(articles, (str, Mapping, Article)):
            raise InputError("articles: this is one article; put it in a list")
        return self._each(_readable(articles, on_reject or refuse))

    def check(self, article: Given) -> Verdict:
        """What `add` would conclude, remembering nothing.

        Raises:
            InputError: It is no article, or has no field for a text.
        """
        (signed,) = self._signed([_read(article)])
        with self._reading():
            known = self._number(signed.article.id)
            if known is not None and self._view.heads([known])[known].digest == signed.digest:
                return self._verdict(known)
            return self._judged(*self._arrival(signed, known, {}))

    def get(self, id: str) -> Article | None:
        """The article as it was given; None where the id is unknown."""
        with self._reading():
            number = self._number(id)
            return None if number is None else self._view.articles([number])[number]

    def query(self, id: str) -> Verdict | None:
        """What is to be said of an article now, with all that came after it; None where the id is unknown."""
        with self._reading():
            number = self._number(id)
            return None if number is None else self._verdict(number)

    def decided(self, id: str) -> Decision | None:
        """What `add` concluded when the article came; None where the id is unknown."""
        with self._reading():
            number = self._number(id)
            return None if number is None else self._store.decision(number)

    def ids(self) -> list[str]:
        """Of all articles, in the order in which they came."""
        with self._reading():
            return [head.id for _, head in sorted(self._store.heads(self._store.all_numbers()).items())]

    def members(self, id: str) -> list[str]:
        """The ids of the articles in the cluster of this one, in order; none where it is in no cluster."""
        with self._reading():
            number = self._number(id)
            return [] if number is None else members(self._view, number, self._settings)

    def remove(self, id: str) -> bool:
        """Forget an article and its earlier versions; False where the id is unknown.

        What is left is judged as if it had never been there, but for articles that it kept from being compared: of
        those that share a key beyond `Settings.bucket_cap`, and of neighbours beyond `Settings.neighbours`, no pair
        is made up for.

        Raises:
            InputError: The id is no string.
            StoreError: The index cannot be written; it is as before.
        """
        with self._writing():
            number = self._number(id)
            gone: set[int] = set()
            while number is not None and (head := self._store.heads([number]).get(number)):
                gone.add(number)
                number = head.previous
            self._forget(gone)
        return bool(gone)

    def expire(self, before: date | str | float, by: By = "published") -> int:
        """Forget the articles published, or seen, before a moment; return how many.

        Args:
            before: A date, a text that `Article.published` may have, or seconds since 1970. Without a zone it is UTC.
            by: Undated articles count as published when they were seen.

        Raises:
            InputError: ``before`` is no moment, or ``by`` neither of the two.
        """
        until = _seconds(before, by)
        with self._writing():
            gone = self._store.before(until, by)
            self._forget(gone)
        return len(gone)

    def older(self, before: date | str | float, by: By = "published") -> int:
        """How many articles `expire` would forget.

        Raises:
            InputError: ``before`` is no moment, or ``by`` neither of the two.
        """
        until = _seconds(before, by)
        with self._reading():
            return len(self._store.before(until, by))

    def verify(self) -> list[str]:
        """What is broken, one line each with its remedy; empty where all is well."""
        with self._reading():
            return self._store.problems()

    def compact(self) -> None:
        """Give back the space of what was removed.

        Raises:
            StoreError: The index cannot be written.
        """
        with self._store.writing():
            self._store.compact()

    def stats(self) -> dict[str, Any]:
        """Counts and sizes, by name: ``articles``, ``pairs``, ``bytes`` (0 in memory) and the store's own."""
        with self._reading():
            return self._store.stats()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._store.reading():
            self._view.refresh()
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._store.writing():
            self._view.refresh()
            yield

    def _number(self, id: str) -> int | None:
        if not isinstance(id, str):
            raise InputError(f"an id is a string, not {type(id).__name__}; str() makes one of it")
        return self._store.numbers([id]).get(id)

    def _signed(self, articles: list[Article]) -> list[Signed]:
        return sign(articles, self._settings, self._agencies)

    def _each(self, articles: Iterator[Article]) -> Iterator[Verdict]:
        while batch := list(islice(articles, _AT_ONCE)):
            signed = self._signed(batch)
            with self._reading():
                ahead = Ahead(signed, self._store, self._view, self._settings)
            for place, each in enumerate(signed):
                verdict, number = self._add(each, ahead.of(place))
                if number is not None:
                    ahead.arrived(place, number)
                yield verdict

    def _add(self, signed: Signed, ahead: Mapping[int, Pair]) -> tuple[Verdict, int | None]:
        """What is said of an article, and its number where it is new."""
        store, id = self._store, signed.article.id
        with self._writing():
            known = self._number(id)
            if known is not None and self._view.heads([known])[known].digest == signed.digest:
                return self._verdict(known), None
            arrival, changed = self._arrival(signed, known, ahead)
            verdict = self._judged(arrival, changed)
            store.change(changed.values())
            store.put(arrival.head, arrival.article, arrival.reading, arrival.keys)
            store.put_pairs(arrival.pairs)
            self._view.tied(arrival.head, arrival.pairs)
            assert verdict.as_of is not None
            decision = Decision(_decided(verdict), verdict.as_of)
            store.decide(arrival.head.number, decision)
        return verdict, arrival.head.number

    def _arrival(
        self, signed: Signed, known: int | None, ahead: Mapping[int, Pair]
    ) -> tuple[Arrival, dict[int, Head]]:
        """What an article would bring into the store, and which heads would change with it."""
        store, id = self._store, signed.article.id
        changed = {}
        if known is not None:
            changed[known] = self._view.heads([known])[known]._replace(id=self._free(id))
        number = store.next_number()
        head = Head(
            number,
            id,
            signed.digest,
            time.time(),
            signed.sign,
            signed.body,
            number,
            False,
            number,
            True,
            known,
        )
        return arrive(signed, head, changed, store, self._view, self._settings, ahead), changed

    def _judged(self, arrival: Arrival, changed: Mapping[int, Head]) -> Verdict:
        view = Overlay(self._view, arrival.head, arrival.article, arrival.reading, changed, arrival.pairs)
        verdict = conclude(view, arrival.head.number, self._settings, self._agencies)
        return replace(verdict, as_of=self._store.count() + 1)

    def _verdict(self, number: int) -> Verdict:
        verdict = conclude(self._view, number, self._settings, self._agencies)
        return replace(verdict, as_of=self._store.count())

    def _free(self, id: str) -> str:
        """An id for the article that stood under this one."""
        return next(each for i in count(1) if not self._store.numbers([each := f"{id}#{i}"]))

    def _forget(self, gone: Collection[int]) -> None:
        """Drop articles, and settle anew whatever they bore on."""
        store, view = self._store, self._view
        pairs = store.pairs(gone)
        waiting = sorted({pair.b for pair in pairs}.difference(gone))
        store.drop(gone)
        view.untied()
        while waiting:
            number = heappop(waiting)
            while waiting and waiting[0] == number:
                heappop(waiting)
            for follower in self._settle_anew(number):
                heappush(waiting, follower)

    def _settle_anew(self, number: int) -> list[int]:
        """Find the canonical of an article again; return the later articles that it bears on, if it changed."""
        store, view, settings = self._store, self._view, self._settings
        head, pairs = view.heads([number])[number], store.pairs([number])
        earlier = [pair for pair in pairs if pair.b == number]
        found = home_of(view, number, earlier, settings)
        before, kept = {pair.a for pair in earlier}, {pair.a for pair in found.pairs}
        store.drop_pairs([(other, number) for other in before - kept])
        store.put_pairs([pair for pair in found.pairs if pair.a not in before])
        near = group_of(number, earlier, view, settings)
        anew = head._replace(home=found.home, settled=found.settled, near=near)
        view.untied()
        if anew == head:
            return []
        store.change([anew])
        return [pair.b for pair in pairs if pair.a == number and pair.relation >= VERSION]


def _decided(verdict: Verdict) -> dict[str, Any]:
    """What is kept of a verdict."""
    return {
        "relation": verdict.relation,
        "canonical": verdict.canonical,
        "cluster": verdict.cluster,
        "similarity": None if verdict.similarity is None else to_record(verdict.similarity),
        "origin": to_record(verdict.origin),
    }


def _read(article: Given) -> Article:
    read = article_from(article)
    refuse_unkeepable(read)
    return read


def _readable(articles: Iterable[Given], reject: Callable[[Reject], None]) -> Iterator[Article]:
    """The articles of an iterable; several may have one id, as versions of one article."""
    for number, given in enumerate(articles, 1):
        try:
            read = _read(given)
        except InputError as error:
            reject(Reject("articles", number, str(error), getattr(error, "id", None)))
        else:
            yield read


def _seconds(before: date | str | float, by: By) -> float:
    """The moment in seconds since 1970, once it is known that it can be compared with."""
    if by not in get_args(By):
        raise InputError(f"{by!r} is no date of an article; it is one of {', '.join(get_args(By))}")
    if isinstance(before, date):
        at = before if isinstance(before, datetime) else datetime(before.year, before.month, before.day)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    if isinstance(before, str):
        told = moment(before)
        if told is None:
            raise InputError(f"{before!r} is no date; write it as 2026-01-31 or 2026-01-31T12:00:00Z")
        return told.written.timestamp()
    if isinstance(before, bool) or not isinstance(before, (int, float)) or before != before:
        raise InputError(f"{before!r} is no moment; give a date, its text, or seconds since 1970")
    # Whole numbers know no bounds, and only their side matters here.
    return float(max(min(before, 1e300), -1e300))
