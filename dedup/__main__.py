"""The command's entry, and `python -m dedup`."""

import sys

try:
    from dedup.cli import main
except KeyboardInterrupt:
    # Ctrl-C may come before there is anything that could answer it.
    sys.exit("dedup: interrupted")

if __name__ == "__main__":
    main()
