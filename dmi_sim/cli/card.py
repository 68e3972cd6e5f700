"""The command ``dmi-sim card``: the changes that a condition makes, with their sources."""

from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import (
    Age,
    LengthM,
    LengthZ,
    MassKg,
    Option,
    Severity,
    WeightZ,
    condition_options,
)

Name = Annotated[str, typer.Argument(help="A file in models/conditions/.")]


def card(
    name: Name,
    age: Age = 7.0,
    severity: Severity = 0.5,
    option: Option = None,
    length_z: LengthZ = 0.0,
    weight_z: WeightZ = 0.0,
    mass_kg: MassKg = None,
    length_m: LengthM = None,
) -> CommandResult:
    """Show what a condition changes, from which source.

    Also how much at this age and severity, what is assumed and what is not modelled.
    """
    from dmi_sim.assessments.condition_card.procedure import condition_card
    from dmi_sim.assessments.condition_card.text import card_data, card_lines
    from dmi_sim.condition.size import ChosenSize

    size = ChosenSize(length_z, weight_z, mass_kg, length_m)
    found = condition_card(name, age, severity, condition_options(option), size=size)
    return CommandResult(
        "\n".join(card_lines(found)), {"condition": found.config.condition, **card_data(found)}
    )
