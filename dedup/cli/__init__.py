"""The command line: one file a command. Commands parse, call and print; errors become messages here, once.

`run` draws `bars`. `compare` lays out `side_by_side` the `passages` of two articles and their `differences`. `origin`
tells a story in the `wording` of its evidence, or why the text is `unattributed`; `explain` adds the `findings` of a
run and what is `inherited` from copies. `quotes` and `excerpts` show evidence in its context, in `english`. `filter`
takes lines in (`intake`), answers them (`stage`) or sets them aside (`rejected`) until it is asked to end (`stopping`);
`index` looks after what it remembers. `options` are shared.
"""

from __future__ import annotations

import gc
import io
import signal
import sys
from collections.abc import Sequence

import click

from dedup import __version__, jit
from dedup.cli import options
from dedup.cli.compare import compare
from dedup.cli.explain import explain
from dedup.cli.filter import filter
from dedup.cli.index import index
from dedup.cli.origin import origin
from dedup.cli.run import run
from dedup.errors import DedupError, SettingsError

DONE, FAILED, USAGE, WITH_REJECTS = 0, 1, 2, 3
_COMPILING = "compiling for this machine, which happens once and takes about half a minute"


@click.group(
    cls=options.InOrder,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=options.STATUSES,
)
@click.version_option(__version__, prog_name="dedup")
def cli() -> None:
    """Near-duplicates, shared passages and their origin in news articles.

    \b
    Examples:
      dedup run archive/ --out result
      dedup compare wire.txt reprint.txt
      dedup origin story.txt
      dedup explain result story-17
      dedup filter --index news.db < feed.jsonl
      dedup index info news.db
    """


cli.add_command(run)
cli.add_command(compare)
cli.add_command(origin)
cli.add_command(explain)
cli.add_command(filter)
cli.add_command(index)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the `dedup` command: run it and exit with its status."""
    # Where the terminal cannot show a character, a question mark is better than the end of the command.
    for stream, instead in (sys.stdout, "replace"), (sys.stderr, "backslashreplace"):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=instead)
    if sys.stderr is not None:
        sys.stderr = options.Forgiving(sys.stderr)
    # A command makes millions of objects and no cycles: the collector would only look at them again and again.
    gc.disable()
    # Whoever waits at a terminal should know for what.
    if options.on_terminal():
        jit.observe(lambda: options.notice(_COMPILING))
    # Asked to end, a command cleans up after itself as it does on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(status(arguments))


def status(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status, with every error told on stderr."""
    try:
        answer = cli.main(arguments, prog_name="dedup", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        # An option that is none is told as it was typed.
        told = io.StringIO()
        error.show(told)
        for line in told.getvalue().splitlines():
            options.say(line)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as stop:
        return _fail("; ".join(("interrupted", *map(str, stop.args))))
    except SettingsError as error:
        return _fail(str(error), USAGE)
    except DedupError as error:
        return _fail(str(error))
    except MemoryError:
        return _fail("out of memory; split the input")
    except (BrokenPipeError, SystemExit):
        # The reader of stdout has gone, as `head` does: nothing is wrong, and nothing is left to say. click
        # and rich turn that into an exit of their own; no command of ours has one, and `run`, which prints
        # nothing there, lets none pass.
        _hang_up()
        return DONE
    except OSError as error:
        _hang_up()
        return _fail(f"{error.filename or 'standard output'}: {error.strerror or error}")
    return answer if isinstance(answer, int) else DONE


def _hang_up() -> None:
    """Keep the interpreter from writing, at its end, what could not be written before."""
    sys.stdout = None


def _fail(message: str, code: int = FAILED) -> int:
    options.say(f"dedup: {message}")
    return code
