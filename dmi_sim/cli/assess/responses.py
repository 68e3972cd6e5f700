"""The command ``dmi-sim assess responses``."""

from typing import Annotated, Literal

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

Exercise = Annotated[str, typer.Option(help="A file in models/assessments/responses/.")]
Motion = Annotated[
    Literal["slide", "tilt"], typer.Option(help="Motion of the platform in the figure.")
]


def responses(
    policy: Policy = None,
    exercise: Exercise = "sitting",
    age: Age = None,
    sex: Sex = None,
    condition: Condition = None,
    severity: Severity = None,
    option: Option = None,
    motion: Motion = "slide",
    figure: Figure = None,
    allow_other_exercise: AllowOtherExercise = False,
) -> CommandResult:
    """Measure which muscles answer when the ground slides or tilts: when, in what order, how much.

    Four directions at two speeds. A response is what differs from the same infant, with the same
    noise, on a platform at rest.
    """
    from dmi_sim.assessments.postural_responses.figure import draw_responses
    from dmi_sim.assessments.postural_responses.procedure import responses_bundle
    from dmi_sim.assessments.postural_responses.text import responses_data, responses_lines
    from dmi_sim.catalog import Catalog
    from dmi_sim.render.plotting import require_format
    from dmi_sim.spec.responses import ResponsesSpec

    if figure is not None:
        require_format(figure)
    rules = Catalog.shipped().load(ResponsesSpec, exercise)
    settings = settings_of(age, sex, condition, severity, option)
    with progress("postural responses") as update:
        found = responses_bundle(
            policy,
            settings,
            rules,
            lambda done, now: update(done, now, None),
            allow_other_exercise=allow_other_exercise,
        )
    who = infant_title(policy, settings)
    if figure is not None:
        draw_responses(found, who, figure, motion)
    named = {"policy": policy, "settings": settings, "exercise": exercise, "figure": figure}
    return CommandResult(
        "\n".join([who, *responses_lines(found)]), {**named, **responses_data(found)}
    )
