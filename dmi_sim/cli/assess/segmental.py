"""The command ``dmi-sim assess segmental``."""

from typing import Annotated

import typer

from dmi_sim.cli.assess.options import (
    Age,
    AllowOtherExercise,
    Condition,
    Figure,
    Policy,
    Severity,
    Sex,
    infant_title,
    settings_of,
)
from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import Option
from dmi_sim.cli.progress import progress

Procedure = Annotated[str, typer.Option(help="A file in models/assessments/segmental/.")]


def segmental(
    policy: Policy = None,
    age: Age = None,
    sex: Sex = None,
    condition: Condition = None,
    severity: Severity = None,
    option: Option = None,
    procedure: Procedure = "trunk",
    figure: Figure = None,
    allow_other_exercise: AllowOtherExercise = False,
) -> CommandResult:
    """Find at which level of the trunk a controller holds head and trunk upright.

    Hands hold the sitting infant at one level after the other, from the head down. Static: at
    rest. Active: while it turns its head. Reactive: after pushes. After the SATCo procedure; not
    the SATCo.
    """
    from dmi_sim.assessments.trunk_control.figure import draw_segmental
    from dmi_sim.assessments.trunk_control.procedure import segmental_bundle
    from dmi_sim.assessments.trunk_control.text import segmental_data, segmental_lines
    from dmi_sim.catalog import Catalog
    from dmi_sim.render.plotting import require_format
    from dmi_sim.spec.assessment import SegmentalSpec

    if figure is not None:
        require_format(figure)
    rules = Catalog.shipped().load(SegmentalSpec, procedure)
    settings = settings_of(age, sex, condition, severity, option)
    with progress("segmental assessment") as update:
        found = segmental_bundle(
            policy,
            settings,
            rules,
            lambda done, now: update(done, now, None),
            allow_other_exercise=allow_other_exercise,
        )
    who = infant_title(policy, settings)
    if figure is not None:
        draw_segmental(found, who, figure)
    named = {"policy": policy, "settings": settings, "procedure": procedure, "figure": figure}
    return CommandResult(
        "\n".join([who, *segmental_lines(found)]), {**named, **segmental_data(found)}
    )
