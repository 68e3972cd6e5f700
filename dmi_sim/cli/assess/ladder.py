"""The command ``dmi-sim assess ladder``."""

from pathlib import Path
from typing import Annotated

import typer

from dmi_sim.cli.assess.options import (
    AllowOtherExercise,
    EveryPolicy,
    Exercises,
    Policies,
    Table,
    exercises_for,
    names_in,
    refuse_both,
    refuse_early,
    timed,
    write_table,
)
from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import (
    LARGEST_SEED,
    Condition,
    Option,
    Severity,
    Sex,
    age_option,
    condition_options,
)
from dmi_sim.cli.progress import progress

Reflexes = Annotated[bool, typer.Option("--reflexes-only", help="Use no policy at all.")]
Seed = Annotated[
    int, typer.Option(min=0, max=LARGEST_SEED, help="Seed of the trained policy of an exercise.")
]
Age = Annotated[float | None, age_option("Default: the age each exercise is made for.")]
Sites = Annotated[str | None, typer.Option(help="Some sites only, such as none,pelvis.")]
Figure = Annotated[
    Path | None, typer.Option(help="Draw the staircase into this file: .png, .svg or .pdf.")
]


def ladder(
    policy: EveryPolicy = None,
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
    allow_other_exercise: AllowOtherExercise = False,
) -> CommandResult:
    """Score an infant on every exercise, alone and held at each site.

    0 does not begin, 1 begins, 2 partly, 3 completes; measured against the same infant with silent
    muscles in the same hands. After the GMFM's dimensions; not the GMFM.
    """
    from dmi_sim.assessments.motor_ladder import procedure
    from dmi_sim.assessments.motor_ladder.figure import draw_staircase
    from dmi_sim.assessments.motor_ladder.text import (
        controller_title,
        infant_title,
        ladder_data,
        ladder_lines,
    )
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.ladder import LadderSpec
    from dmi_sim.training.library import (
        load_policies,
        load_policy_for,
        policies_in,
        shipped_folder,
    )

    refuse_early(figure, table)
    refuse_both(policy, policies, "--policies")
    refuse_both(policy, reflexes_only, "--reflexes-only")
    folder = policies or shipped_folder()
    chosen = procedure.plan(exercises_for(policy, exercises), names_in(sites))
    if not (policy or reflexes_only):
        tried = exercises_for(None, exercises, policies_in(folder))
        chosen = procedure.plan(tried, names_in(sites))
    infant = {"sex": sex, "condition": condition, "severity": severity}
    infant |= {"condition_options": condition_options(option), "age_months": age}
    if policy:
        allowed = allow_other_exercise
        trained = {
            name: load_policy_for(infant, policy, name, allow_other_exercise=allowed)
            for name in chosen.specs
        }
    else:
        trained = {} if reflexes_only else load_policies(folder, seed, infant, chosen.specs)
    rule = Catalog.shipped().load(LadderSpec, "exercises")
    with progress("ladder") as update:
        found = procedure.ladder(trained, rule, chosen, infant, timed(update))
    acting = policy or controller_title(trained, chosen.specs, seed)
    who = f"{infant_title(infant)}; {acting}"
    lines = [who, "", *ladder_lines(found)]
    if figure is not None:
        draw_staircase(found, who, figure)
    write_table(table, lines)
    data = {"infant": infant, "acting": acting, "policies": policy or folder, "seed": seed}
    written = {"figure": figure, "table": table}
    return CommandResult("\n".join(lines), {**data, **written, **ladder_data(found)})
