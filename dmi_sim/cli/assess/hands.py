"""The command ``dmi-sim assess hands``."""

from typing import Annotated

import typer

from dmi_sim.cli.assess.options import (
    Age,
    Condition,
    Policy,
    Severity,
    Sex,
    infant_title,
    names_in,
    settings_of,
    timed,
)
from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import Option
from dmi_sim.cli.progress import progress

Exercise = Annotated[str, typer.Option(help="A file in envs/.")]
Like = Annotated[str, typer.Option(help="The site whose help the others are to give.")]
Firmness = Annotated[float, typer.Option(min=0, max=1, help="Firmness of the hands there.")]
Sites = Annotated[
    str | None, typer.Option(help="Sites, such as axillae,pelvis. Default: all of the exercise.")
]
Episodes = Annotated[int, typer.Option(min=1, max=1000, help="Episodes behind each number.")]


def hands(
    policy: Policy = None,
    exercise: Exercise = "standing",
    like: Like = "thighs",
    firmness: Firmness = 0.2,
    sites: Sites = None,
    age: Age = None,
    sex: Sex = None,
    condition: Condition = None,
    severity: Severity = None,
    option: Option = None,
    episodes: Episodes = 40,
) -> CommandResult:
    """Find how firm hands must be at each site to help as much as hands at one of them.

    Help is measured without learning: impulse of the hands, share of load, rate of falls.
    """
    from dmi_sim.assessments.equal_help.procedure import equal_help
    from dmi_sim.assessments.equal_help.text import equal_help_data, equal_help_lines
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.exercise import ExerciseSpec

    offered = Catalog.shipped().load(ExerciseSpec, exercise).supports
    settings = settings_of(age, sex, condition, severity, option)
    with progress("hands") as update:
        found = equal_help(
            exercise,
            like,
            firmness,
            names_in(sites) or offered,
            arguments=settings,
            policy=policy,
            episodes=episodes,
            on_found=timed(update),
        )
    who = f"{exercise}, {infant_title(policy, settings)}"
    data = {"policy": policy, "settings": settings, "exercise": exercise, **equal_help_data(found)}
    return CommandResult("\n".join([who, *equal_help_lines(found)]), data)
