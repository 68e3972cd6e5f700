"""The command ``dmi-sim bench``."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.benchmark.training import LearningTime

Learning = Annotated[
    bool, typer.Option("--learning", help="Also train policies until they sit: some minutes.")
]
Exercise = Annotated[
    list[str] | None,
    typer.Option("--exercise", help="Only this exercise, such as standing; may be repeated."),
]
Rounds = Annotated[
    int, typer.Option(min=1, max=10_000, help="Blocks of each; more for a noisy machine.")
]


def bench(
    training: Learning = False, rounds: Rounds = 12, exercise: Exercise = None
) -> CommandResult:
    """Measure speed on one core, every exercise too, beside Gymnasium's HumanoidStandup.

    Give --learning to time also how long policies train until they sit, in each action mode.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded, below
    from dataclasses import asdict, replace

    from dmi_sim.benchmark.exercises import exercise_support_pairs
    from dmi_sim.benchmark.speed import measure_speed
    from dmi_sim.benchmark.text import speed_table
    from dmi_sim.env.actions import ACTION_MODES

    pairs = exercise_support_pairs(exercise or ())
    with progress("bench") as update:
        report = measure_speed(rounds, pairs, lambda share, name: update(share, name, None))
    if training:
        report = replace(report, training=tuple(map(_learned, ACTION_MODES)))
    return CommandResult(speed_table(report), asdict(report))


def _learned(action_mode: str) -> "LearningTime":
    from dmi_sim.benchmark.training import learning_time, sitting_spec

    with progress(f"training ({action_mode})") as update:
        return learning_time(
            sitting_spec().training,
            lambda steps, total: update(steps / total, f"{steps} of at most {total} steps", None),
            action_mode=action_mode,
        )
