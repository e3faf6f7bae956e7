"""One line of JSONL: an object, or the reason why there is none."""

from __future__ import annotations

import pytest

from dedup.errors import InputError
from dedup.readers.line import record


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (b'{"a":1}', {"a": 1}),
        (b' {"a":1.50} \r\n', {"a": 1.5}),
        (b'\xef\xbb\xbf{"a":"\xc3\xa9"}\n', {"a": "é"}),
        (rb'{"a":"\ud800"}', {"a": "\ud800"}),
        (b'{"a":"one\ttwo"}', {"a": "one\ttwo"}),
    ],
)
def test_an_object_is_read(line: bytes, found: object) -> None:
    assert record(line) == found


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"[]", "a line of JSONL is an object, not a list"),
        (b"null", "a line of JSONL is an object, not null"),
        (b'{"a":1', "not JSON: Expecting ',' delimiter at column 7"),
        (b'{"a":1} {"a":2}', "not JSON: Extra data at column 9"),
        (b'{"a":"caf\xe9"}', "not UTF-8 at byte 10; convert the input to UTF-8"),
        ('{"a":1}'.encode("utf-16"), "not UTF-8 but UTF-16; convert the input to UTF-8"),
        (b"[" * 100_000, "not JSON that can be read: maximum recursion depth"),
        (b'{"a":' + b"9" * 5000 + b"}", "not JSON that can be read: Exceeds the limit"),
    ],
    ids=["list", "null", "cut", "two", "latin", "utf-16", "deep", "digits"],
)
def test_a_line_without_an_object_is_told_why(line: bytes, reason: str) -> None:
    with pytest.raises(InputError) as told:
        record(line)
    assert str(told.value).startswith(reason)
