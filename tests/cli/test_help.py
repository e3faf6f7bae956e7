"""Help texts as they stand on a terminal of 80 columns, read and then kept.

    RENEW_GOLDEN=1 pytest tests/cli/test_help.py

writes them anew; read the difference before you commit it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from dedup.cli import cli

GOLDEN = Path(__file__).parent / "golden"
COMMANDS: dict[tuple[str, ...], click.Command] = {}
for _name, _command in cli.commands.items():
    COMMANDS[(_name,)] = _command
    if isinstance(_command, click.Group):
        COMMANDS |= {(_name, each): command for each, command in _command.commands.items()}
HELPS = {"-".join(("dedup", *words)): words for words in ((), *COMMANDS)}


@pytest.mark.parametrize("name", HELPS)
def test_help_is_the_golden_one(name: str, call: Callable[..., Any], is_golden: Callable[..., Any]) -> None:
    told = call(*HELPS[name], "--help")
    is_golden(told.out, GOLDEN / f"{name}.txt")
    assert (told.status, told.err) == (0, "")
    assert max(map(len, told.out.splitlines())) <= 80


def test_every_golden_help_has_its_command() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(HELPS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_is_explained_and_every_command_has_an_example(words: tuple[str, ...]) -> None:
    command = COMMANDS[words]
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help, option.name
    assert f"dedup {' '.join(words)} " in (command.help or "").partition("Examples:")[2]
    assert re.match("Exit status: 0 done, 1 failed, 2 usage", command.epilog or "")


def test_examples_use_options_that_exist() -> None:
    for command in COMMANDS.values():
        if isinstance(command, click.Group):
            continue  # its examples are of its commands, which have them, too
        known = {flag for option in command.params for flag in option.opts}
        for example in re.findall(r"^ *(?:.*\| )?dedup .*$", command.help or "", re.MULTILINE):
            assert set(re.findall(r"--[\w-]+", example)) <= known, example


def test_the_short_flag_and_no_arguments_tell_the_same_as_help(call: Callable[..., Any]) -> None:
    told = call("--help").out
    assert call("-h").out == told
    bare = call()
    assert (bare.status, bare.out + bare.err) == (2, told)
