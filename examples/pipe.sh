#!/bin/sh
# What is new in a feed of JSONL, packed, with each article's origin under "dedup"; what was seen before is left out.
# Run it as often as the feed comes: the index remembers.
#
#   sh examples/pipe.sh news.db fresh.jsonl.gz < feed.jsonl
set -eu
index=$1
fresh=$2

# Lines that hold no article go to a file, and how many were what is told on stderr (-v).
dedup filter --index "$index" --drop duplicate,version,again --rejects "$fresh.rejects" -v |
    gzip >> "$fresh"

# What is older than a month compares no more; its space goes back to the disk.
dedup index expire "$index" --keep 30d --by seen
dedup index compact "$index"
