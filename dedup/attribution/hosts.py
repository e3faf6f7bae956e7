"""Hosts of URLs, which say who printed an article."""

from __future__ import annotations

import re
from functools import lru_cache

from dedup.attribution.agencies import Agencies, Agency
from dedup.model import Article

# A quarter of the time of `urllib.parse.urlsplit`, of which only the host is wanted; never fails.
_HOST = re.compile(r"(?:[^/?#]{0,40}//)?(?:[^/?#@]{0,200}@)?([^/?#:@]*)")
# Desks and editions that an agency's name carries as the name of an outlet.
_EDITION = re.compile(
    r"(?:\s(?:News|Online|UK|US|USA|India|Africa|Asia|Europe|International|Business|World)){1,9}$", re.I
)


@lru_cache(maxsize=1024)  # a run asks for few outlets, many times each
def host_of(url: str | None) -> str:
    """The host of a URL or bare host name, in lower case, without "www."; empty where there is none."""
    match = _HOST.match(url) if url else None
    return match[1].strip().casefold().removeprefix("www.") if match else ""


def is_host(name: str) -> bool:
    """Is the name of an outlet its web host?"""
    return "." in name and " " not in name


def printed_by(article: Article, agencies: Agencies) -> tuple[Agency | None, str]:
    """The agency at whose host, or under whose name, an article is printed, and the field that says so."""
    value = host_of(article.url)
    agency = agencies.of_host(value) if value else None
    if agency is None and article.outlet and (host := host_of(article.outlet)) not in ("", value):
        value = host
        agency = agencies.of_host(host)
    if agency is None:
        value = article.outlet or ""
        agency = agencies.named(value) if value else None
        if agency is None and " " in value and (edition := _EDITION.search(value[:80])) is not None:
            agency = agencies.named(value[: edition.start()])
    return (None, value) if agency is not None and agency.kind == "photo" else (agency, value)
