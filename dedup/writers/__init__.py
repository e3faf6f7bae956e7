"""Results into a folder, whole or not at all: `check_out` before the work, `write` after it."""

from dedup.writers.folder import Lines, check_out, write
from dedup.writers.records import dumps, to_record

__all__ = ["Lines", "check_out", "dumps", "to_record", "write"]
