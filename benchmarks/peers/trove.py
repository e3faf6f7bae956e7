"""datatrove's MinHash pipeline as its example runs it, with its local executor: FOLDER OUT WORKERS.

Signatures, buckets, clusters, filter; 16 buckets of 8 hashes (128 permutations; its example has 14 of 8) over shingles
of five words. Where a step has fewer tasks than workers it uses fewer. Its English words come from spaCy's tokeniser,
which needs no model. The example's count of subword tokens is left out: it needs a vocabulary from a hub, and nobody
else counts them.
"""

from __future__ import annotations

import sys

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter
from datatrove.utils.typeshelper import Languages


def main(folder: str, out: str, workers: int) -> None:
    config = MinhashConfig(n_grams=5, num_buckets=16, hashes_per_bucket=8)
    steps = [
        (
            workers,
            [
                JsonlReader(folder),
                MinhashDedupSignature(f"{out}/signatures", config=config, language=Languages.english),
            ],
        ),
        (config.num_buckets, [MinhashDedupBuckets(f"{out}/signatures", f"{out}/buckets", config=config)]),
        (1, [MinhashDedupCluster(f"{out}/buckets", f"{out}/removed", config=config)]),
        (
            workers,
            [
                JsonlReader(folder),
                MinhashDedupFilter(
                    f"{out}/removed", exclusion_writer=JsonlWriter(f"{out}/duplicates", compression=None)
                ),
                JsonlWriter(f"{out}/kept", compression=None),
            ],
        ),
    ]
    for number, (tasks, pipeline) in enumerate(steps):
        LocalPipelineExecutor(
            pipeline, tasks=tasks, workers=min(tasks, workers), logging_dir=f"{out}/logs/{number}"
        ).run()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
