"""The command ``dmi-sim describe``: what each number of an environment is."""

from typing import Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import env_arguments, environment_or_infant, exercise_of

Environment = Annotated[str, typer.Argument(help="A Gymnasium id, such as DMI/Sitting-v1.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="An argument of the environment, as key=value; repeatable."),
]


def describe(environment: Environment, settings: Settings = None) -> CommandResult:
    """Show what each observation and action of an environment is."""
    from dataclasses import asdict

    from dmi_sim.env.config import EnvConfig
    from dmi_sim.env.posture_env import PostureEnv

    exercise = _exercise(environment)
    env = PostureEnv(EnvConfig(exercise, **env_arguments(exercise, settings or ())))  # type: ignore[arg-type]
    rows = [asdict(row) for row in env.describe()]
    lines = [f"{'name':32} {'axis':36} {'unit':6} {'scale':>8} {'delay s':>8} {'noise':>7}  range"]
    for row in rows:
        lines.append(
            f"{row['name']:32} {row['axis'][:36]:36} {row['unit']:6} {row['scale']:8.3g} "
            f"{row['delay_s']:8.3f} {row['noise_sd']:7.3g}  {row['low']:g} to {row['high']:g}"
        )
    lines.append("scale x physical value = number; noise is in the scale of the number")
    return CommandResult("\n".join(lines), {"environment": environment, "rows": rows})


def _exercise(environment: str) -> str:
    """The exercise whose senses and commands are told; of the infant's, which share them, one."""
    from dmi_sim.catalog import Catalog
    from dmi_sim.env.registration import exercises_of_the_infant
    from dmi_sim.names import INFANT_ID

    if environment_or_infant(environment) == INFANT_ID:
        return exercises_of_the_infant(Catalog.shipped())[0]
    return exercise_of(environment)
