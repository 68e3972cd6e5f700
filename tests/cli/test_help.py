"""Every option of every command says what it is, in words that stand alone."""

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from dmi_sim.cli import app

LEANING = ("Of ", "Its ", "Their ", "The same ")
"""Beginnings of a help that has no subject, or only that of the option before."""


def commands(group: Any) -> Iterator[Any]:
    for command in group.commands.values():
        if hasattr(command, "commands"):
            yield from commands(command)
        else:
            yield command


COMMANDS = {command.name: command for command in commands(typer.main.get_command(app))}


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_is_understood_without_its_neighbours(name: str) -> None:
    helps = {one.name: one.help for one in COMMANDS[name].params if one.name != "help"}
    assert all(helps.values()), helps
    leaning = {option for option, text in helps.items() if text.startswith(LEANING)}
    assert not leaning
