"""Every article of a run has an id of its own."""

from __future__ import annotations

from dataclasses import replace

from dedup.model import Article


class Register:
    """The ids of a run with the places where they stand."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, int | None]] = {}
        self._copies: dict[str, int] = {}

    def admit(self, article: Article, given: bool, source: str, line: int | None) -> Article | str:
        """The article, under an id that no other has, or the reason why it cannot be admitted.

        A given id that is taken is refused. A made one gets ``-2``, ``-3`` and so on: identical records
        without ids are publications too, and because they are identical their order decides nothing.
        """
        place = self._places.setdefault(article.id, mine := (source, line))
        if place is mine:
            return article
        if given:
            return f"id {shown(article.id)} already stands at {located(*place)}"
        copy = self._copies.get(article.id, 1) + 1
        while (renamed := f"{article.id}-{copy}") in self._places:
            copy += 1
        self._copies[article.id] = copy
        self._places[renamed] = mine
        return replace(article, id=renamed)


def located(source: str, line: int | None) -> str:
    """A place in words."""
    return source if line is None else f"{source} line {line}"


def shown(id: str, most: int = 80) -> str:
    """An id as it may stand in a message."""
    return repr(id if len(id) <= most else id[:most] + "…")
