"""`python -m dedup`: the command without its entry point."""

from dedup.cli import main

if __name__ == "__main__":
    main()
