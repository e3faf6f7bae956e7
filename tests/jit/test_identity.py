"""What a kernel's machine code is made from can be told for every kernel that there is."""

from __future__ import annotations

import importlib
import pkgutil
from types import FunctionType
from typing import NamedTuple, cast

import numpy as np
import pytest

import dedup
from dedup.jit.dispatcher import Kernel
from dedup.jit.identity import identity

LIMIT: object = 3
TABLE = np.arange(4)


def above(value: int) -> bool:
    return value > LIMIT  # type: ignore[operator]


def looked_up(value: int) -> int:
    return int(TABLE[value]) if above(value) else 0


def of(function: object) -> bytes:
    return identity(cast(FunctionType, function))


def test_every_kernel_has_one_of_its_own() -> None:
    names = [
        each.name for each in pkgutil.walk_packages(dedup.__path__, "dedup.") if "__main__" not in each.name
    ]
    kernels = {
        id(each): each
        for name in names
        for each in vars(importlib.import_module(name)).values()
        if isinstance(each, Kernel)
    }
    assert len(kernels) > 50
    assert len({each.made_from for each in kernels.values()}) == len(kernels)


@pytest.mark.parametrize("limit", [4, 3.0, True, "3", np.int64(3), np.array(3), (3,), None])
def test_it_follows_constants_through_functions(limit: object, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of(looked_up)
    assert of(looked_up) == before
    monkeypatch.setitem(globals(), "LIMIT", limit)
    assert of(looked_up) != before


def test_it_follows_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    before = of(looked_up)
    for other in TABLE + 1, TABLE.astype(np.uint8), TABLE.reshape(2, 2):
        monkeypatch.setitem(globals(), "TABLE", other)
        assert of(looked_up) != before


def test_it_follows_the_fields_of_named_tuples(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pair(NamedTuple):
        first: int
        second: int

    class Riap(NamedTuple):
        second: int
        first: int

    Riap.__qualname__ = Pair.__qualname__
    known = of(above)
    found = []
    for kind in (Pair, Riap):
        monkeypatch.setattr(f"{__name__}.LIMIT", kind)
        found.append(of(above))
    assert len({known, *found}) == 3


def test_what_cannot_be_told_from_another_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "LIMIT", object())
    with pytest.raises(TypeError, match="a kernel refers to"):
        of(above)
