"""The command ``dmi-sim examine``: the bedside examination of an infant."""

from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import (
    Age,
    Condition,
    LengthM,
    LengthZ,
    MassKg,
    Option,
    Severity,
    Sex,
    WeightZ,
    chosen_infant,
    infant_data,
)

Picture = Annotated[
    Path | None, typer.Option(help="Draw the examination into this file: .png, .svg or .pdf.")
]


def examine(
    age: Age = 6.0,
    condition: Condition = "typical",
    severity: Severity = 0.5,
    sex: Sex = "female",
    option: Option = None,
    length_z: LengthZ = 0.0,
    weight_z: WeightZ = 0.0,
    mass_kg: MassKg = None,
    length_m: LengthM = None,
    picture: Picture = None,
) -> CommandResult:
    """Examine an infant beside the typical infant of its age.

    Pull to sit, ventral suspension, tilted seat, lift at the armpits, scarf sign, popliteal angle,
    dorsiflexion and pendulum test of the leg.
    """
    from dmi_sim.assessments.bedside.procedure import examine_beside_typical
    from dmi_sim.assessments.bedside.text import examination_data, examination_lines
    from dmi_sim.condition.size import ChosenSize
    from dmi_sim.render.plotting import require_format

    if picture is not None:
        require_format(picture, "picture")
    size = ChosenSize(length_z, weight_z, mass_kg, length_m)
    infant = chosen_infant(age, sex, condition, severity, option, size)
    examined = examine_beside_typical(infant)
    if picture is not None:
        from dmi_sim.assessments.bedside.figure import draw_examinations

        draw_examinations(examined, picture)
    data = {**infant_data(infant), "picture": picture, **examination_data(examined)}
    return CommandResult("\n".join(examination_lines(examined)), data)
