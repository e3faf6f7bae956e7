"""The host that a URL or an outlet's name holds, whatever was typed."""

from __future__ import annotations

import pytest

from dedup.attribution.hosts import host_of


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Fjord.example/a/b?c#d", "fjord.example"),
        ("//fjord.example:8080/a", "fjord.example"),
        ("fjord.example", "fjord.example"),
        ("fjord.example/a//b", "fjord.example"),
        ("https://name:word@fjord.example/", "fjord.example"),
        ("The Fjord Times", "the fjord times"),
        ("https://[::1", "["),
        ("", ""),
        (None, ""),
    ],
)
def test_reads_the_host_and_never_fails(url: str | None, host: str) -> None:
    assert host_of(url) == host
