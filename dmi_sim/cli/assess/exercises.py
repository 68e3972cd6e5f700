"""The command ``dmi-sim assess exercises``."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.assess.options import (
    Exercises,
    Policies,
    Table,
    names_in,
    refuse_early,
    timed,
    write_table,
)
from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.assessments.exercise_comparison.procedure import ControllerName, ExerciseComparison

Episodes = Annotated[
    int,
    typer.Option(min=1, max=1000, help="Episodes of each policy and controller, on unseen seeds."),
]


def exercises(
    policies: Policies = None,
    exercises: Exercises = None,
    episodes: Episodes = 10,
    table: Table = None,
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
    from dmi_sim.training.library import bundles, load_policies, shipped_folder

    refuse_early(None, table)
    chosen = procedure.plan(names_in(exercises))
    folder = policies or shipped_folder()
    by_seed, rule = bundles(folder), Catalog.shipped().load(LadderSpec, "exercises")
    first = load_policies(folder, None, {}, chosen.specs)
    with progress("exercises") as update:
        trained = {name: list(by_seed.get(name, {}).values()) for name in chosen.specs}
        compared = _compared(trained, episodes, timed(update))
    with progress("lowest sites") as update:
        found = procedure.ladder(first, rule, chosen, on_progress=timed(update))
    rows = exercise_rows(compared, found.lowest())
    lines = list(exercise_lines(rows))
    write_table(table, lines)
    return CommandResult(
        "\n".join(lines), {"policies": folder, "table": table, **exercise_data(rows)}
    )


def _compared(
    trained: Mapping[str, list[Path]], episodes: int, update: Callable[[float, str], None]
) -> "list[ExerciseComparison]":
    from dmi_sim.assessments.exercise_comparison.procedure import CONTROLLERS, compare

    found: list[ExerciseComparison] = []
    for name, folders in trained.items():

        def on_controller(number: int, controller: "ControllerName", name: str = name) -> None:
            share = (len(found) + number / len(CONTROLLERS)) / len(trained)
            update(share, f"{name}, {controller}")

        found.append(compare(name, folders, episodes, on_controller))
    return found
