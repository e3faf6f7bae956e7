"""Raw text to signatures, timed: SIGNER CORPUS WORKERS threads|processes.

Every signer gets texts and makes signatures of 128 permutations over shingles of five words. Where workers are
processes each has its share of the texts in memory before all start at once, and the slowest one's end counts. Prints
JSON: ``seconds articles megabytes``. Runs in whatever interpreter has the signer; of this project it imports `dedup`
alone.

Peers that take ready shingles are fed in two ways: as strings, which is what their users do, and by the fastest way
found to get the same shingles in Python (`_hashed`).
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

WIDTH, PERMUTATIONS, SEED = 5, 128, 1
BATCH = 1000

Sign = Callable[[list[str]], object]


class _Spaces(dict[int, str]):
    """What is no letter or digit becomes a space; each character is asked about once."""

    def __missing__(self, code: int) -> str:
        self[code] = kept = chr(code) if chr(code).isalnum() else " "
        return kept


_SPACES = _Spaces()


def _words(text: str) -> list[str]:
    """Lower-cased words; as ``re.findall(r"[^\\W_]+", text.lower())`` gives them, a tenth faster."""
    return text.lower().translate(_SPACES).split()


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = _words(text)
    return zip(*(words[at:] for at in range(WIDTH)), strict=False)


def _strings(text: str) -> list[str]:
    return list(map(" ".join, _shingles(text)))


def _hashed(text: str) -> Any:
    """uint64: Python's own hash of each tuple, twice as fast as joining strings to hash these."""
    import numpy as np

    return np.fromiter(map(hash, _shingles(text)), np.int64).view(np.uint64)


def dedup() -> Sign:
    """This project's kernel."""
    from dedup.minhash.signatures import sign_articles
    from dedup.text.tokens import tokenise

    return lambda texts: sign_articles(tokenise(texts), WIDTH, PERMUTATIONS, SEED)


def gaoya() -> Sign:
    """gaoya's own tokenising, which splits at spaces, and signatures; in Rust."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(
        32, 0.7, 16, PERMUTATIONS // 16, None, "word", lowercase=True, ngram_range=(WIDTH, WIDTH)
    )
    hashed: Sign = index.minhash_index.bulk_hash_docs
    return hashed


def rensa_strings() -> Sign:
    """rensa, which hashes the shingles itself."""
    from rensa import RMinHash

    return lambda texts: RMinHash.digest_matrix_from_token_sets(map(_strings, texts), PERMUTATIONS, SEED)


def rensa_hashed() -> Sign:
    """rensa, fed hashes in one buffer."""
    import numpy as np
    from rensa import RMinHash

    def sign(texts: list[str]) -> object:
        hashes = [_hashed(text) for text in texts]
        bounds = np.cumsum([0, *map(len, hashes)]).astype(np.uint64)
        return RMinHash.digest_matrix_from_flat_token_hashes(
            np.concatenate(hashes), bounds, PERMUTATIONS, SEED
        )

    return sign


def datasketch_strings() -> Sign:
    """datasketch with xxHash."""
    from datasketch import MinHash
    from xxhash import xxh32_intdigest

    def sign(texts: list[str]) -> object:
        shingles = ([shingle.encode() for shingle in _strings(text)] for text in texts)
        options = {"num_perm": PERMUTATIONS, "seed": SEED, "scheme": "affine32"}
        return MinHash.bulk(shingles, hashfunc=xxh32_intdigest, **options)

    return sign


def datasketch_hashed() -> Sign:
    """datasketch, fed hashes of the width that its scheme takes."""
    import numpy as np
    from datasketch import MinHash

    low = np.uint64(0xFFFFFFFF)

    def sign(texts: list[str]) -> object:
        hashes = ((_hashed(text) & low).tolist() for text in texts)
        return MinHash.bulk(hashes, num_perm=PERMUTATIONS, seed=SEED, hashfunc=int, scheme="affine32")

    return sign


SIGNERS: dict[str, Callable[[], Sign]] = {
    "dedup": dedup,
    "gaoya": gaoya,
    "rensa-strings": rensa_strings,
    "rensa-hashed": rensa_hashed,
    "datasketch-strings": datasketch_strings,
    "datasketch-hashed": datasketch_hashed,
}


def in_threads(make: Callable[[], Sign], texts: Sequence[str], workers: int) -> float:
    """Seconds with threads of this process."""
    sign = make()
    batches = list(_batches(texts))
    sign(batches[0])
    with ThreadPoolExecutor(workers) as pool:
        start = time.perf_counter()
        list(pool.map(sign, batches))
        return time.perf_counter() - start


def in_processes(make: Callable[[], Sign], texts: Sequence[str], workers: int) -> float:
    """Seconds from when all processes are ready to when the last one is done."""
    context = multiprocessing.get_context("fork")
    ready, done = context.Barrier(workers), context.SimpleQueue()
    processes = [
        context.Process(target=_share, args=(make, texts[each::workers], ready, done))
        for each in range(workers)
    ]
    for process in processes:
        process.start()
    times = [done.get() for _ in processes]
    for process in processes:
        process.join()
    return float(max(end for _, end in times) - min(start for start, _ in times))


def _share(make: Callable[[], Sign], texts: Sequence[str], ready: Any, done: Any) -> None:
    sign = make()
    batches = list(_batches(texts))
    sign(batches[0])
    ready.wait()
    start = time.perf_counter()
    for batch in batches:
        sign(batch)
    done.put((start, time.perf_counter()))


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while batch := list(islice(rest, BATCH)):
        yield batch


def main(signer: str, corpus: str, workers: int, kind: str) -> None:
    with open(corpus, encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    measure = {"threads": in_threads, "processes": in_processes}[kind]
    seconds = measure(SIGNERS[signer], texts, workers)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    print(json.dumps({"seconds": seconds, "articles": len(texts), "megabytes": megabytes}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
