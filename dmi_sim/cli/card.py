"""The command ``dmi-sim card``: the changes that a condition makes, with their sources."""

from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import Age, Option, Severity, condition_options

Name = Annotated[str, typer.Argument(help="A file in models/conditions/.")]


def card(
    name: Name, age: Age = 7.0, severity: Severity = 0.5, option: Option = None
) -> CommandResult:
    """Show what a condition changes, from which source.

    Also how much at this age and severity, what is assumed and what is not modelled.
    """
    from dmi_sim.assessments.condition_card.procedure import condition_card
    from dmi_sim.assessments.condition_card.text import card_data, card_lines

    found = condition_card(name, age, severity, condition_options(option))
    return CommandResult("\n".join(card_lines(found)), {"condition": name, **card_data(found)})
