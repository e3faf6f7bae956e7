"""A member put into an object: read back it is there, and taken out again the line is what it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.writers.splice import spliced

BLANKS = st.text(" \t\r", max_size=3)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["dedup", '"', "{", "}\\", 'dedup":'])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.just("dedup"), inner, max_size=3)
    ),
)
OBJECTS = st.dictionaries(st.text().filter(lambda key: key != "dedup"), VALUES, max_size=4)


@st.composite
def lines(draw: st.DrawFn, members: list[tuple[str, Any]]) -> bytes:
    """An object as somebody might write it: blanks between all parts, escapes or none."""

    def blank() -> str:
        return draw(BLANKS)

    inner = ",".join(
        f"{blank()}{json.dumps(key, ensure_ascii=draw(st.booleans()))}{blank()}:{blank()}"
        f"{json.dumps(value, ensure_ascii=draw(st.booleans()))}{blank()}"
        for key, value in members
    )
    mark = draw(st.sampled_from(["", "\ufeff"]))
    end = draw(st.sampled_from(["", "\n", "\r\n", " \n"]))
    return f"{mark}{blank()}{{{inner or blank()}}}{end}".encode("utf-8", "surrogatepass")


@given(data=st.data(), record=OBJECTS.filter(lambda o: "\\ud" not in json.dumps(o)))
def test_a_new_member_comes_last_and_nothing_else_changes(
    data: st.DataObject, record: dict[str, Any]
) -> None:
    line = data.draw(lines(list(record.items())))
    told = spliced(line, "dedup", b'{"id":1}', there=False)
    assert json.loads(told.decode().lstrip("\ufeff")) == {**record, "dedup": {"id": 1}}
    member = b'"dedup":{"id":1}'
    at = told.rindex(member)
    assert told[:at].removesuffix(b",") + told[at + len(member) :] == line or not record


@given(
    data=st.data(),
    record=OBJECTS.filter(lambda o: "\\ud" not in json.dumps(o)),
    old=VALUES,
    place=st.integers(0, 4),
)
def test_a_member_that_is_there_gives_way_where_it_stands(
    data: st.DataObject, record: dict[str, Any], old: Any, place: int
) -> None:
    members = list(record.items())
    members.insert(place, ("dedup", "PLACE"))
    line = data.draw(lines(members))
    if line.count(b"PLACE") != 1:
        return
    before = line.replace(b'"PLACE"', json.dumps(old).encode())
    assert spliced(before, "dedup", b"[2]", there=True) == line.replace(b'"PLACE"', b"[2]")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{}", b'{"dedup":1}'),
        (b" { } \r\n", b' {"dedup":1 } \r\n'),
        (b'{"a":"}"}', b'{"a":"}","dedup":1}'),
        (b'\xef\xbb\xbf{"a": 1.50 }\n', b'\xef\xbb\xbf{"a": 1.50,"dedup":1 }\n'),
    ],
)
def test_a_new_member(line: bytes, told: bytes) -> None:
    assert spliced(line, "dedup", b"1", there=False) == told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"dedup":{"dedup":[1,{}]},"a":1}\n', b'{"dedup":1,"a":1}\n'),
        (b'{"a":{"dedup":2}, "dedup" : "x\\"}" }', b'{"a":{"dedup":2}, "dedup" : 1 }'),
        (rb'{"\u0064edup":null}', rb'{"\u0064edup":1}'),
        (b'{"dedup":NaN,"b":"dedup","dedup":3}', b'{"dedup":1,"b":"dedup","dedup":1}'),
    ],
    ids=["first", "last", "escaped", "twice"],
)
def test_a_member_of_that_name_is_replaced(line: bytes, told: bytes) -> None:
    assert spliced(line, "dedup", b"1", there=True) == told
