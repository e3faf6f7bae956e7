"""`gather` reads inputs to the end and gives what came of them: articles, rejects, notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dedup.model import Article, Reject
from dedup.readers import read

Gather = Callable[..., tuple[list[Article], list[Reject], list[str]]]


@pytest.fixture
def gather() -> Gather:
    def gather(
        *inputs: Path | str, fields: Mapping[str, str] = {}
    ) -> tuple[list[Article], list[Reject], list[str]]:
        rejects: list[Reject] = []
        notices: list[str] = []
        articles = read(
            [str(each) for each in inputs], fields=fields, on_reject=rejects.append, on_notice=notices.append
        )
        return list(articles), rejects, notices

    return gather
