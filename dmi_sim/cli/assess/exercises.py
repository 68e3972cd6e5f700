"""The command ``dmi-sim assess exercises``."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.assess.options import (
    AllowOtherExercise,
    EveryPolicy,
    Exercises,
    Policies,
    Table,
    exercises_for,
    refuse_both,
    refuse_early,
    timed,
    write_table,
)
from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.assessments.exercise_comparison.procedure import ControllerName, ExerciseComparison
    from dmi_sim.training.library import PolicySource

Episodes = Annotated[
    int,
    typer.Option(min=1, max=1000, help="Episodes of each policy and controller, on unseen seeds."),
]


def exercises(
    policy: EveryPolicy = None,
    policies: Policies = None,
    exercises: Exercises = None,
    episodes: Episodes = 10,
    table: Table = None,
    allow_other_exercise: AllowOtherExercise = False,
) -> CommandResult:
    """Report what was learned of each exercise, beside reflexes, a limp body and chance.

    All four play the same unseen episodes, with the hands that were there in training. Beside them
    the most caudal site at which the first trained policy completes the exercise.
    """
    from dmi_sim.assessments.exercise_comparison.result import exercise_rows
    from dmi_sim.assessments.exercise_comparison.text import exercise_data, exercise_lines
    from dmi_sim.assessments.motor_ladder import procedure
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.ladder import LadderSpec
    from dmi_sim.training.library import load_policy_for, policies_in, shipped_folder

    refuse_early(None, table)
    refuse_both(policy, policies, "--policies")
    folder, rule = policies or shipped_folder(), Catalog.shipped().load(LadderSpec, "exercises")
    chosen = procedure.plan(exercises_for(policy, exercises))
    found_in = {} if policy else policies_in(folder)
    if not policy:
        chosen = procedure.plan(exercises_for(None, exercises, found_in))
    acting: dict[str, list[PolicySource]] = {
        name: [policy] if policy else [*found_in.get(name, {}).values()] for name in chosen.specs
    }
    first = {
        name: load_policy_for({}, sources[0], name, allow_other_exercise=allow_other_exercise)
        for name, sources in acting.items()
        if sources
    }
    with progress("exercises") as update:
        compared = _compared(acting, episodes, timed(update), allow_other_exercise)
    with progress("lowest sites") as update:
        found = procedure.ladder(first, rule, chosen, on_progress=timed(update))
    rows = exercise_rows(compared, found.lowest())
    lines = list(exercise_lines(rows))
    write_table(table, lines)
    return CommandResult(
        "\n".join(lines), {"policies": policy or folder, "table": table, **exercise_data(rows)}
    )


def _compared(
    trained: "Mapping[str, list[PolicySource]]",
    episodes: int,
    update: Callable[[float, str], None],
    allow_other_exercise: bool,
) -> "list[ExerciseComparison]":
    from dmi_sim.assessments.exercise_comparison.procedure import CONTROLLERS, compare

    found: list[ExerciseComparison] = []
    for name, sources in trained.items():

        def on_controller(number: int, controller: "ControllerName", name: str = name) -> None:
            share = (len(found) + number / len(CONTROLLERS)) / len(trained)
            update(share, f"{name}, {controller}")

        allowed = allow_other_exercise
        found.append(compare(name, sources, episodes, on_controller, allow_other_exercise=allowed))
    return found
