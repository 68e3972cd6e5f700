"""Commands about all exercises together: the ladder score, the table of what was learnt."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dmi_sim.cli.console import Answer
from dmi_sim.cli.options import Condition, Option, Severity, Sex, condition_options
from dmi_sim.cli.progress import Tell, progress

if TYPE_CHECKING:
    from dmi_sim.assessments.exercise_comparison.procedure import Compared, Controller
    from dmi_sim.training.policy import NumpyPolicy

Policies = Annotated[
    Path | None,
    typer.Option(help="Holds bundles named <exercise>_<seed>; default: the shipped ones."),
]
Reflexes = Annotated[bool, typer.Option("--reflexes-only", help="Use no policy at all.")]
Seed = Annotated[int, typer.Option(min=0, help="Which of the trained policies of an exercise.")]
Age = Annotated[
    float | None, typer.Option(help="In months; default: the age each exercise is made for.")
]
Exercises = Annotated[
    str | None, typer.Option(help="Some exercises only, such as sitting,standing.")
]
Sites = Annotated[str | None, typer.Option(help="Some sites only, such as none,pelvis.")]
Figure = Annotated[
    Path | None, typer.Option(help="Draw the staircase into this file: .png, .svg or .pdf.")
]
Table = Annotated[Path | None, typer.Option(help="Write the table into this Markdown file.")]
Episodes = Annotated[
    int, typer.Option(min=1, max=1000, help="Of each policy and controller, on unseen seeds.")
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
) -> Answer:
    """Score an infant on every exercise, alone and held at each site.

    0 does not begin, 1 begins, 2 partly, 3 completes; measured against the same infant with silent
    muscles in the same hands. After the GMFM's dimensions; not the GMFM.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.assessments import ladder as rungs
    from dmi_sim.training.library import one_each, shipped_folder
    from dmi_sim.assessments.motor_ladder.text import ladder_data, ladder_lines
    from dmi_sim.assessments.motor_ladder.figure import draw_staircase
    from dmi_sim.spec.ladder import LadderSpec

    _refuse_early(figure, table)
    chosen = rungs.plan(_names(exercises), _names(sites))
    infant = {"sex": sex, "condition": condition, "severity": severity}
    infant |= {"condition_options": condition_options(option), "age_months": age}
    folder = policies or shipped_folder()
    trained = {} if reflexes_only else one_each(folder, seed, infant, chosen.specs)
    rule = Catalog.shipped().load(LadderSpec, "exercises")
    with progress("ladder") as tell:
        found = rungs.ladder(trained, rule, chosen, infant, timed(tell))
    acting = _acting(trained, list(chosen.specs), seed)
    lines = [f"{_who(infant)}; {acting}", "", *ladder_lines(found)]
    if figure is not None:
        draw_staircase(found, f"{_who(infant)}; {acting}", figure)
    _write(table, lines)
    data = {"infant": infant, "acting": acting, "policies": folder, "seed": seed}
    written = {"figure": figure, "table": table}
    return Answer("\n".join(lines), {**data, **written, **ladder_data(found)})


def exercises(
    policies: Policies = None,
    exercises: Exercises = None,
    episodes: Episodes = 10,
    table: Table = None,
) -> Answer:
    """Tell what was learnt of each exercise, beside reflexes, a limp body and chance.

    All four play the same unseen episodes, with the hands that were there in practice. Beside them
    the most caudal site at which the first trained policy completes the exercise.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.assessments import ladder as rungs
    from dmi_sim.training.library import bundles, one_each, shipped_folder
    from dmi_sim.assessments.exercise_comparison.text import exercise_data, exercise_lines, exercise_table
    from dmi_sim.spec.ladder import LadderSpec

    _refuse_early(None, table)
    chosen = rungs.plan(_names(exercises))
    folder = policies or shipped_folder()
    by_seed, rule = bundles(folder), Catalog.shipped().load(LadderSpec, "exercises")
    first = one_each(folder, None, {}, chosen.specs)
    with progress("exercises") as tell:
        learnt = {name: list(by_seed.get(name, {}).values()) for name in chosen.specs}
        compared = _compared(learnt, episodes, timed(tell))
    with progress("lowest sites") as tell:
        found = rungs.ladder(first, rule, chosen, on_progress=timed(tell))
    rows = exercise_table(compared, found.lowest())
    lines = list(exercise_lines(rows))
    _write(table, lines)
    return Answer("\n".join(lines), {"policies": folder, "table": table, **exercise_data(rows)})


def _compared(
    learnt: Mapping[str, list[Path]], episodes: int, tell: Callable[[float, str], None]
) -> "list[Compared]":
    from dmi_sim.assessments.exercise_comparison.procedure import CONTROLLERS, compare

    found: list[Compared] = []
    for name, folders in learnt.items():

        def on_controller(number: int, controller: "Controller", name: str = name) -> None:
            share = (len(found) + number / len(CONTROLLERS)) / len(learnt)
            tell(share, f"{name}, {controller}")

        found.append(compare(name, folders, episodes, on_controller))
    return found


def timed(tell: Tell, clock: Callable[[], float] = time.monotonic) -> Callable[[float, str], None]:
    """What tells of progress with the time to go, as if the rest went on as the work so far.

    Args:
        tell: Where it is told.
        clock: Seconds from any origin.
    """
    started_s = clock()

    def on_progress(share: float, words: str) -> None:
        left_s = (clock() - started_s) * (1 - share) / share if share > 0 else None
        tell(share, words, left_s)

    return on_progress


def _names(listed: str | None) -> list[str]:
    return [name.strip() for name in (listed or "").split(",") if name.strip()]


def _refuse_early(figure: Path | None, table: Path | None) -> None:
    """Refuse files that cannot be written, before any work.

    Raises:
        InputError: Naming the file.
    """
    from dmi_sim.errors import InputError
    from dmi_sim.assessments.support_demand.figure import require_format

    if figure is not None:
        require_format(figure)
    if table is not None and (table.suffix != ".md" or not table.parent.is_dir()):
        raise InputError(f"table: {table} must end in .md, in a folder that exists")


def _write(table: Path | None, lines: list[str]) -> None:
    from dmi_sim.files import write_bytes

    if table is not None:
        write_bytes(table, ("\n".join(lines) + "\n").encode())


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
