"""What an `Index` says to callers that are mistaken: an error with a remedy, and nothing is changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dedup import Article, Index, InputError, StoreError

PIER = Article("pier", "The council voted to close the old grain pier.", published="2024-05-31T12:00:00Z")


@pytest.fixture(params=["memory", "sqlite"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    with Index.in_memory() if request.param == "memory" else Index.open(tmp_path / "news.db") as index:
        index.add(PIER)
        yield index


@pytest.mark.parametrize("before", [None, [], True, float("nan"), "", "tomorrow", "31/02/2024"])
def test_a_moment_is_a_moment(index: Index, before: Any) -> None:
    for call in (index.older, index.expire):
        with pytest.raises(InputError, match=r"is no (date|moment)"):
            call(before)
    assert len(index) == 1


def test_a_moment_without_a_zone_is_utc(index: Index) -> None:
    noon = datetime(2024, 5, 31, 12)
    later = noon + timedelta(seconds=1)
    assert [index.older(until) for until in (later, later.replace(tzinfo=UTC), 10**400)] == [1, 1, 1]
    assert [index.older(until) for until in (noon, noon.date(), "2024-05-31", -(10**400))] == [0, 0, 0, 0]


@pytest.mark.parametrize("given", [{"durable_every": 0}, {"durable_every": "all"}, {"durable_every": True}])
@pytest.mark.parametrize("beside", [{}, {"timeout": -1}, {"timeout": float("nan")}, {"timeout": "long"}])
def test_an_index_is_opened_with_sensible_numbers(tmp_path: Path, given: Any, beside: Any) -> None:
    for wrong in (given, beside):
        if wrong:
            with pytest.raises(InputError, match=next(iter(wrong))):
                Index.open(tmp_path / "news.db", **wrong)
    assert not list(tmp_path.iterdir())


def test_metadata_that_no_index_can_keep_is_refused_before_it_is_judged(index: Index) -> None:
    endless: dict[str, Any] = {}
    endless["itself"] = endless
    for metadata in (endless, {"digits": 10**5000}):
        for call in (index.add, index.check):
            with pytest.raises(InputError, match="metadata"):
                call(Article("odd", "Divers found it.", metadata=metadata))
    assert index.ids() == ["pier"]


@pytest.mark.parametrize("durable_every", [1, 100])
def test_what_is_added_to_a_file_that_is_gone_is_not_acknowledged(tmp_path: Path, durable_every: int) -> None:
    index = Index.open(tmp_path / "news.db", durable_every=durable_every)
    index.add(PIER)
    index.commit()
    os.rename(tmp_path / "news.db", tmp_path / "moved.db")

    def add() -> None:
        index.add({"id": "chess", "text": "A girl of twelve won the open chess tournament."})
        index.commit()

    with pytest.raises(StoreError, match="deleted, moved or replaced"):
        add()
    index.close()
