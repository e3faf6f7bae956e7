"""Read a feed of JSONL on standard input, remember every article, and print what is new.

python examples/loop.py news.db < feed.jsonl
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from dedup import Index, InputError


def fresh(index: Index, articles: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The articles that nobody has published before; what is said of the others goes to stderr."""
    for article in articles:
        try:
            verdict = index.add(article)
        except InputError as error:  # no text, for one
            print(f"left out: {error}", file=sys.stderr)
            continue
        if verdict.relation in ("duplicate", "version"):
            print(f"{verdict.id}: {verdict.relation} of {verdict.canonical}", file=sys.stderr)
        else:
            agency = verdict.origin.agency if verdict.origin.status != "unknown" else None
            yield {**article, "agency": agency}


def main(path: str) -> None:
    """Filter standard input with the index in this file."""
    # By default an article is on disk when `add` returns; so it is faster, and a crash may lose the last hundred.
    with Index.open(path, durable_every=100) as index:
        for article in fresh(index, map(json.loads, sys.stdin)):
            print(json.dumps(article, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
