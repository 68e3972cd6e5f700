"""The command ``dmi-sim assess ladder``."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
from dmi_sim.cli.options import Condition, Option, Severity, Sex, condition_options
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.training.policy import NumpyPolicy

Reflexes = Annotated[bool, typer.Option("--reflexes-only", help="Use no policy at all.")]
Seed = Annotated[int, typer.Option(min=0, help="Which of the trained policies of an exercise.")]
Age = Annotated[
    float | None, typer.Option(help="In months; default: the age each exercise is made for.")
]
Sites = Annotated[str | None, typer.Option(help="Some sites only, such as none,pelvis.")]
Figure = Annotated[
    Path | None, typer.Option(help="Draw the staircase into this file: .png, .svg or .pdf.")
]


def ladder(
    policies: Policies = None,
    reflexes_only: Reflexes = False,
    seed: Seed = 0,
    age: Age = None,
    sex: Sex = "female",
    condition: Condition = "typical",
    severity: Severity = 0.5,
    option: Option = None,
    exercises: Exercises = None,
    sites: Sites = None,
    figure: Figure = None,
    table: Table = None,
) -> CommandResult:
    """Score an infant on every exercise, alone and held at each site.

    0 does not begin, 1 begins, 2 partly, 3 completes; measured against the same infant with silent
    muscles in the same hands. After the GMFM's dimensions; not the GMFM.
    """
    from dmi_sim.assessments.motor_ladder import procedure
    from dmi_sim.assessments.motor_ladder.figure import draw_staircase
    from dmi_sim.assessments.motor_ladder.text import ladder_data, ladder_lines
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.ladder import LadderSpec
    from dmi_sim.training.library import load_policies, shipped_folder

    refuse_early(figure, table)
    chosen = procedure.plan(names_in(exercises), names_in(sites))
    infant = {"sex": sex, "condition": condition, "severity": severity}
    infant |= {"condition_options": condition_options(option), "age_months": age}
    folder = policies or shipped_folder()
    trained = {} if reflexes_only else load_policies(folder, seed, infant, chosen.specs)
    rule = Catalog.shipped().load(LadderSpec, "exercises")
    with progress("ladder") as tell:
        found = procedure.ladder(trained, rule, chosen, infant, timed(tell))
    acting = _acting(trained, list(chosen.specs), seed)
    lines = [f"{_who(infant)}; {acting}", "", *ladder_lines(found)]
    if figure is not None:
        draw_staircase(found, f"{_who(infant)}; {acting}", figure)
    write_table(table, lines)
    data = {"infant": infant, "acting": acting, "policies": folder, "seed": seed}
    written = {"figure": figure, "table": table}
    return CommandResult("\n".join(lines), {**data, **written, **ladder_data(found)})


def _who(infant: Mapping[str, Any]) -> str:
    age, condition = infant["age_months"], str(infant["condition"]).replace("_", " ")
    old = "at the age of each exercise" if age is None else f"{age:g} months"
    how = "" if condition == "typical" else f" (severity {infant['severity']:g})"
    return f"{infant['sex']}, {condition}{how}, {old}"


def _acting(trained: "Mapping[str, NumpyPolicy]", tried: list[str], seed: int) -> str:
    """Which controller acts where, in words."""
    bare = [name.replace("_", " ") for name in tried if name not in trained]
    if len(bare) == len(tried):
        return "no trained policies, reflexes only"
    rest = f"; reflexes only in {', '.join(bare)}" if bare else ""
    return f"trained policies of seed {seed}{rest}"
