"""What the program is measured by; each benchmark prints a table and writes it to benchmarks/results as JSON.

    python -m benchmarks speed      beside text-dedup and datatrove, whole processes
    python -m benchmarks kernel     beside gaoya, rensa and datasketch, raw text to signatures
    python -m benchmarks scale      how time and memory grow; --cliffs for hard corpora
    python -m benchmarks quality    against exact overlap and against gold
    python -m benchmarks results    fill in RESULTS.md

The peers come with the extra `bench`; one that is not there is left out by name.
"""

from __future__ import annotations

import click

from benchmarks.kernel import kernel
from benchmarks.quality import main as quality
from benchmarks.results import results
from benchmarks.scale import scale
from benchmarks.speed import speed


@click.group(help="What the program is measured by; each prints a table and writes it to benchmarks/results.")
def main() -> None: ...


main.add_command(quality, "quality")
for command in (speed, kernel, scale, results):
    main.add_command(command)

if __name__ == "__main__":
    main()
