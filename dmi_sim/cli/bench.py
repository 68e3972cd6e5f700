"""The command ``dmi-sim bench``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.benchmark.training import LearningTime

Learning = Annotated[
    bool,
    typer.Option("--learning", help="Train until infants sit in each action mode: some minutes."),
]
History = Annotated[
    Path | None, typer.Option("--history", help="Add the ratios of this commit to a CSV file.")
]
AllowDirty = Annotated[
    bool, typer.Option("--allow-dirty", help="Do so though files differ from the commit.")
]
Exercise = Annotated[
    list[str] | None,
    typer.Option("--exercise", help="Only this exercise, such as standing; may be repeated."),
]
Rounds = Annotated[
    int, typer.Option(min=1, max=10_000, help="Blocks of each; more for a noisy machine.")
]


def bench(
    training: Learning = False,
    rounds: Rounds = 12,
    exercise: Exercise = None,
    history: History = None,
    allow_dirty: AllowDirty = False,
) -> CommandResult:
    """Measure the speed of every exercise, free and held, beside Gymnasium's HumanoidStandup.

    All is measured in one thread by time of computing: exercises, the part that is Bullet's own,
    practice, the memory of a worker, and how long a policy trains until it sits.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded, below
    from dataclasses import asdict, replace

    import dmi_sim
    from dmi_sim.benchmark.exercises import exercise_support_pairs
    from dmi_sim.benchmark.history import (
        append_row,
        commit_to_measure,
        measured_checkout,
        refuse_unwritable,
    )
    from dmi_sim.benchmark.speed import measure_speed, speeds_by_case
    from dmi_sim.benchmark.text import speed_table
    from dmi_sim.env.actions import ACTION_MODES
    from dmi_sim.errors import InputError

    pairs = exercise_support_pairs(exercise or ())
    commit = ""
    if history is not None:  # before minutes of work
        commit = commit_to_measure(
            measured_checkout(Path(dmi_sim.__file__).parent, Path.cwd()), allow_dirty=allow_dirty
        )
        refuse_unwritable(history)
    elif allow_dirty:
        raise InputError("--allow-dirty belongs to --history, which is missing")
    with progress("bench") as update:
        report = measure_speed(rounds, pairs, lambda share, name: update(share, name, None))
    modes = ACTION_MODES if training else ("posture",)
    report = replace(report, training=tuple(map(_learned, modes)))
    if history is not None:
        append_row(history, commit, dict(speeds_by_case(report)))
    return CommandResult(speed_table(report), asdict(report))


def _learned(action_mode: str) -> "LearningTime":
    from dmi_sim.benchmark.training import learning_time, sitting_spec

    with progress(f"training ({action_mode})") as update:
        return learning_time(
            sitting_spec().training,
            lambda steps, total: update(steps / total, f"{steps} of at most {total} steps", None),
            action_mode=action_mode,
        )
