"""The command line: one file a command. Commands parse, call and print; errors become messages here, once."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from dedup import __version__
from dedup.cli.compare import compare
from dedup.cli.origin import origin
from dedup.cli.run import run
from dedup.errors import DedupError, SettingsError

DONE, FAILED, USAGE, WITH_REJECTS = 0, 1, 2, 3


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 failed, 2 usage, 3 done with rejects.",
)
@click.version_option(__version__, prog_name="dedup")
def cli() -> None:
    """Near-duplicates, shared passages and their origin in news articles."""


cli.add_command(run)
cli.add_command(compare)
cli.add_command(origin)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `dedup` command: run it and exit with its status."""
    sys.exit(status(arguments))


def status(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status, with every error told on stderr."""
    try:
        answer = cli.main(arguments, prog_name="dedup", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted; nothing was written")
    except SettingsError as error:
        return _fail(str(error), USAGE)
    except DedupError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader of our output has gone, as `head` does: nothing is wrong, and nothing is left to say.
        sys.stdout = None  # type: ignore[assignment]
        return DONE
    return answer if isinstance(answer, int) else DONE


def _fail(message: str, code: int = FAILED) -> int:
    click.echo(f"dedup: {message}", err=True)
    return code
