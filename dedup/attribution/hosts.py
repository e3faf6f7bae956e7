"""Hosts of URLs, which say who printed an article."""

from __future__ import annotations

import re

# A quarter of the time of `urllib.parse.urlsplit`, of which only the host is wanted; never fails.
_HOST = re.compile(r"(?:[^/?#]*//)?(?:[^/?#@]*@)?([^/?#:@]*)")


def host_of(url: str | None) -> str:
    """The host of a URL or bare host name, in lower case, without "www."; empty where there is none."""
    match = _HOST.match(url) if url else None
    return match[1].strip().casefold().removeprefix("www.") if match else ""
