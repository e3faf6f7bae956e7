"""`Index`: articles come one after another, and each is judged at once by all that came before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dedup.index.base import By
from dedup.model import Article, Reject, Verdict
from dedup.settings import Settings

Given = Article | Mapping[str, Any]


class Index:
    """A memory of articles in one file; see `open`."""

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
                more, a crash may lose as many of the last ones, each of them whole.
            timeout: Seconds to wait for another writer.
            read_only: Never write; a file that is not there is an error.

        Raises:
            StoreError: The file is no index, is damaged, of a newer version or locked, or was made with other settings.
        """
        raise NotImplementedError

    @classmethod
    def in_memory(cls, settings: Settings | None = None) -> Self:
        """An index that is gone when it is closed."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        raise NotImplementedError

    def __contains__(self, id: object) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        """Commit and close; a second call does nothing."""
        raise NotImplementedError

    def commit(self) -> None:
        """Make durable what was added or removed so far."""
        raise NotImplementedError

    @property
    def settings(self) -> Settings:
        """How articles are compared."""
        raise NotImplementedError

    def add(self, article: Given) -> Verdict:
        """Judge an article by all that the index holds, and remember it.

        The same id with the same text again changes nothing. The same id with another text is a new version: the one
        that was there goes on under another id (`Verdict.previous`).

        Raises:
            InputError: It is no article, or has no text.
            StoreError: It could not be written; the index is as before.
        """
        raise NotImplementedError

    def add_many(
        self, articles: Iterable[Given], *, on_reject: Callable[[Reject], None] | None = None
    ) -> Iterator[Verdict]:
        """`add` for each, in order and with the same verdicts, faster.

        Args:
            on_reject: Told of what is no article; without it that is an `InputError`.
        """
        raise NotImplementedError

    def check(self, article: Given) -> Verdict:
        """What `add` would conclude, remembering nothing."""
        raise NotImplementedError

    def get(self, id: str) -> Article | None:
        """The article as it was given; None where the id is unknown."""
        raise NotImplementedError

    def query(self, id: str) -> Verdict | None:
        """What is to be said of an article now, with all that came after it; None where the id is unknown."""
        raise NotImplementedError

    def members(self, id: str) -> list[str]:
        """The ids of the articles in the cluster of this one, in order; none where it is in no cluster."""
        raise NotImplementedError

    def remove(self, id: str) -> bool:
        """Forget an article and its earlier versions; False where the id is unknown."""
        raise NotImplementedError

    def expire(self, before: datetime | str | float, by: By = "published") -> int:
        """Forget the articles published, or seen, before a moment; return how many.

        Args:
            before: A date with a time zone, a text that `Article.published` may have, or seconds since 1970.
            by: Undated articles count as published when they were seen.
        """
        raise NotImplementedError

    def verify(self) -> list[str]:
        """What is broken, one line each with its remedy; empty where all is well."""
        raise NotImplementedError

    def compact(self) -> None:
        """Give back the space of what was removed."""
        raise NotImplementedError

    def stats(self) -> dict[str, Any]:
        """Counts and sizes, by name."""
        raise NotImplementedError
