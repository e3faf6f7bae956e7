"""What an index costs, and what it survives.

    python -m benchmarks.index growth --work FOLDER
    python -m benchmarks.index adds --work FOLDER
    python -m benchmarks.index peers
    python -m benchmarks.index crash
    python -m benchmarks.index readers

The articles are those of `benchmarks.stream`. Each measurement runs in a process of its own.
"""

from __future__ import annotations

import click

from benchmarks.index.adds import adds
from benchmarks.index.crash import crash
from benchmarks.index.growth import growth
from benchmarks.index.peers import peers
from benchmarks.index.readers import readers


@click.group(help="What an index costs, and what it survives.")
def main() -> None:
    pass


for command in (growth, adds, peers, crash, readers):
    main.add_command(command)

if __name__ == "__main__":
    main()
