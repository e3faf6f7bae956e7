"""Settings that cannot work are refused at once, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest

from dedup import Settings, SettingsError, attribute, compare, run

TEXT = "The council of Port Hesk voted on Tuesday to close the old grain pier before winter."


@pytest.mark.parametrize("name", [field.name for field in fields(Settings) if field.type != "str"])
@pytest.mark.parametrize("value", ["1", None, float("nan"), [1], 128.5], ids=repr)
def test_a_value_of_another_type_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is "):
        Settings(**{name: value})


@pytest.mark.parametrize(
    "name", [field.name for field in fields(Settings) if type(field.default) is not bool]
)
@pytest.mark.parametrize("value", [True, -1, 10**18])
def test_a_value_out_of_bounds_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is "):
        Settings(**{name: value})


def test_bounds_belong_to_what_they_bound() -> None:
    Settings(seed=0, num_perm=4096, shingle=100, jobs=0, threshold=1)
    Settings(seed=2**32 - 1)
    for name, value in {"seed": 2**32, "num_perm": 4097, "shingle": 101}.items():
        with pytest.raises(SettingsError, match=f"^{name} is {value}; it must be at least . and at most"):
            Settings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "call",
    [
        lambda settings: run([{"text": TEXT}], settings),
        lambda settings: compare(TEXT, TEXT, settings),
        lambda settings: attribute(TEXT, settings),
    ],
    ids=["run", "compare", "attribute"],
)
def test_a_mapping_is_no_settings(call: Callable[[Any], object]) -> None:
    with pytest.raises(SettingsError, match=r"settings are of type dict; pass dedup\.Settings\("):
        call({"threshold": 0.5})
