"""datasketch's MinHashLSH, in memory and over Redis, fed with the same articles by the same shingles.

It answers with the ids of articles that share a band: no exact similarity, no passages, no verdict, no texts kept. What
it is timed for is the least that one pays for with it: signing and inserting, signing and querying.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import click

from benchmarks.index.measure import apart, peak_memory, resident, spread, timed
from benchmarks.index.redis_server import Server, missing, redis_server
from benchmarks.machine import machine
from benchmarks.show import show
from benchmarks.stream import Stream, number_to_id
from dedup.settings import Settings

Insert = Callable[[str, Any], None]
MEMORY, ONE_BY_ONE, BUFFERED = "in memory", "over Redis", "over Redis, insertion session"
BUFFER = 10_000  # commands; the session's own 50,000 let the client grow without being faster


@dataclass(frozen=True, slots=True)
class Fed:
    """What it took to insert and to ask: seconds; MiB of the process beyond its start, and of the server.

    Attributes:
        articles: Inserted within the time.
        signing: Of all inserted.
        inserting: Of all inserted.
        asking: Of each query and kind, without signing.
        signing_one: Of each query's signature.
        found: Copies whose article was among the answers.
        process: The process's peak, less what it held before the first article.
        server: The server's, likewise.
    """

    articles: int
    signing: float
    inserting: float
    asking: dict[str, list[float]]
    signing_one: list[float]
    found: int
    process: float
    server: float


class Signer:
    """Makes datasketch's signatures from the program's own shingles."""

    def __init__(self, settings: Settings) -> None:
        from datasketch import MinHash

        self._minhash, self._settings = MinHash, settings

    def shingles(self, text: str) -> list[int]:
        """The 32-bit hashes of a text's shingles; making them is not the peer's to pay for."""
        from dedup.minhash.signatures import shingle_hashes
        from dedup.text.tokens import tokenise

        hashes: list[int] = shingle_hashes(tokenise([text]), self._settings.shingle).tolist()
        return hashes

    def sign(self, shingles: list[int]) -> Any:
        """A signature, as a user of datasketch makes it."""
        signature = self._minhash(
            self._settings.num_perm, self._settings.seed, hashfunc=int, scheme="affine32"
        )
        signature.update_batch(shingles)
        return signature


def feed(
    store: str,
    server: Server | None,
    articles: int,
    new: int,
    near: int,
    words: int,
    seed: int,
    seconds: float,
) -> Fed:
    """Insert the first articles of the stream, no longer than so many seconds, and ask for others."""
    from datasketch import MinHashLSH

    settings, stream, rng = Settings(), Stream(words, seed), random.Random(seed)
    signer = Signer(settings)
    signer.sign(signer.shingles(stream.article(0).text))
    storage = {"type": "redis", "redis": {"host": "127.0.0.1", "port": server.port}} if server else None
    lsh = MinHashLSH(settings.threshold, settings.num_perm, storage_config=storage)
    before, server_before = resident(), resident(server.process) if server else 0.0
    signing = inserting = 0.0
    inserted = 0
    end = time.monotonic() + seconds
    with ExitStack() as session:
        insert: Insert = lsh.insert
        if store == BUFFERED:
            insert = session.enter_context(lsh.insertion_session(buffer_size=BUFFER)).insert
        for article in stream.articles(0, articles):
            shingles = signer.shingles(article.text)
            signature, taken = timed(signer.sign, shingles)
            signing += taken
            inserting += timed(insert, article.id, signature)[1]
            inserted += 1
            if time.monotonic() > end:
                break
        inserting += timed(session.close)[1]
    held = peak_memory() - before, resident(server.process) - server_before if server else 0.0
    asking: dict[str, list[float]] = {"new": [], "near-duplicate": []}
    signing_one: list[float] = []
    found = 0
    probes = [("new", articles + k) for k in range(new)]
    probes += [("near-duplicate", rng.randrange(inserted)) for _ in range(near)]
    rng.shuffle(probes)
    for kind, number in probes:
        article = stream.article(number) if kind == "new" else stream.reprint(number)
        shingles = signer.shingles(article.text)
        signature, taken = timed(signer.sign, shingles)
        signing_one.append(taken)
        answer, taken = timed(lsh.query, signature)
        asking[kind].append(taken)
        found += kind == "near-duplicate" and number_to_id(number) in answer
    return Fed(inserted, signing, inserting, asking, signing_one, found, *held)


def row(store: str, asked: int, fed: Fed) -> list[str]:
    """A line of the table."""
    near = len(fed.asking["near-duplicate"])
    count = f"{fed.articles:,}" if fed.articles == asked else f"{fed.articles:,} (of {asked:,} in the time)"
    cells = [f"MinHashLSH {store}", count, f"{fed.articles / fed.inserting:,.0f}"]
    cells += [f"{fed.articles / (fed.inserting + fed.signing):,.0f}", *spread(fed.signing_one, (0.5,))]
    cells += [cell for seconds in fed.asking.values() for cell in spread(seconds)]
    return [*cells, f"{fed.process:,.0f}", f"{fed.server:,.0f}", f"{fed.found / near:.1%}" if near else "–"]


HEAD = (
    "store", "articles", "inserts/s", "with signing, articles/s", "signing one, ms p50", "query new, ms p50", "p99",
    "near-duplicate, ms p50", "p99", "process, MiB", "server, MiB", "copies found",
)  # fmt: skip


@click.command(help="The same stream into datasketch's MinHashLSH, in memory and over a Redis of its own.")
@click.option("--sizes", default="10000,100000", show_default=True, help="Articles.")
@click.option("--new", default=2000, show_default=True, help="Queries of articles that were not inserted.")
@click.option("--near", default=500, show_default=True, help="Queries of copies.")
@click.option("--words", default=350, show_default=True, type=click.IntRange(min=1), help="Words an article.")
@click.option("--seed", default=1, show_default=True, help="Of the stream.")
@click.option("--minutes", default=10.0, show_default=True, help="Insert no longer than this into one store.")
@click.option("--markdown", is_flag=True, help="Print tables as RESULTS.md wants them.")
def peers(sizes: str, new: int, near: int, words: int, seed: int, minutes: float, markdown: bool) -> None:
    lacking = missing()
    for name in lacking:
        click.echo(f"over Redis: skipped, {name} is missing")
    click.echo(f"{machine()}; {words} words an article, seed {seed}\n")
    table = [list(HEAD)]
    for articles in (int(size) for size in sizes.split(",")):
        for store in (MEMORY,) if lacking else (MEMORY, ONE_BY_ONE, BUFFERED):
            with ExitStack() as running:
                server = None if store == MEMORY else running.enter_context(redis_server())
                fed = apart(feed, store, server, articles, new, near, words, seed, 60 * minutes)
            table.append(row(store, articles, fed))
            click.echo(f"{store}, {fed.articles:,} articles: done", err=True)
    show(table, markdown=markdown)
