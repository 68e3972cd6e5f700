"""Commands that put a controller through a clinical procedure."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from dmi_sim.cli import ladder
from dmi_sim.cli.console import Answer, command
from dmi_sim.cli.options import Option, condition_options
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.assessments.trunk_control.examiner import ControlFinding
    from dmi_sim.assessments.trunk_control.procedure import SegmentalFinding
    from dmi_sim.training.bundle import Setting

app = typer.Typer(
    help="Assess a policy, or reflexes alone. Simulation, not clinical evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Bundle = Annotated[
    Path | None, typer.Argument(help="Folder of a policy; reflexes only if none is given.")
]
Age = Annotated[float | None, typer.Option(help="In months; default: as the policy practised.")]
Sex = Annotated[Literal["female", "male"] | None, typer.Option(help="Of the infant.")]
Condition = Annotated[str | None, typer.Option(help="A file in models/conditions/.")]
Severity = Annotated[float | None, typer.Option(help="Of the condition, 0 to 1.")]
Figure = Annotated[
    Path | None, typer.Option(help="Draw the finding into this file: .png, .svg or .pdf.")
]
Procedure = Annotated[str, typer.Option(help="A file in models/assessments/segmental/.")]
Exercise = Annotated[str, typer.Option(help="A file in models/assessments/responses/.")]
Motion = Annotated[Literal["slide", "tilt"], typer.Option(help="Of the board, in the figure.")]


def segmental(
    bundle: Bundle = None,
    age: Age = None,
    sex: Sex = None,
    condition: Condition = None,
    severity: Severity = None,
    option: Option = None,
    procedure: Procedure = "trunk",
    figure: Figure = None,
) -> Answer:
    """Tell at which level of the trunk a controller holds head and trunk upright.

    Hands hold the sitting infant at one level after the other, from the head down. Static: at
    rest. Active: while it turns its head. Reactive: after nudges. After the SATCo procedure; not
    the SATCo.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.assessments.trunk_control.procedure import NOTICE, segmental_bundle
    from dmi_sim.assessments.support_demand.figure import require_format
    from dmi_sim.assessments.trunk_control.figure import draw_segmental
    from dmi_sim.spec.assessment import SegmentalSpec

    if figure is not None:
        require_format(figure)
    rules = Catalog.shipped().load(SegmentalSpec, procedure)
    settings = _settings(age, sex, condition, severity, option)
    with progress("segmental assessment") as tell:
        found = segmental_bundle(bundle, settings, rules, lambda done, now: tell(done, now, None))
    who = _who(bundle, settings)
    if figure is not None:
        draw_segmental(found, who, figure)
    data = {
        "policy": bundle,
        "settings": settings,
        "procedure": procedure,
        "notice": NOTICE,
        "figure": figure,
        **_as_data(found),
    }
    return Answer("\n".join([who, _table(found), *_summary(found), NOTICE]), data)


def responses(
    bundle: Bundle = None,
    exercise: Exercise = "sitting",
    age: Age = None,
    sex: Sex = None,
    condition: Condition = None,
    severity: Severity = None,
    option: Option = None,
    motion: Motion = "slide",
    figure: Figure = None,
) -> Answer:
    """Tell which muscles answer when the ground slides or tilts: when, in what order, how much.

    Four directions at two speeds. A response is what differs from the same infant, with the same
    noise, on a board at rest.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.assessments.postural_responses.procedure import NOTICE, responses_bundle
    from dmi_sim.assessments.support_demand.figure import require_format
    from dmi_sim.assessments.postural_responses.figure import draw_responses
    from dmi_sim.assessments.postural_responses.text import responses_data, responses_lines
    from dmi_sim.spec.responses import ResponsesSpec

    if figure is not None:
        require_format(figure)
    rules = Catalog.shipped().load(ResponsesSpec, exercise)
    settings = _settings(age, sex, condition, severity, option)
    with progress("postural responses") as tell:
        found = responses_bundle(bundle, settings, rules, lambda done, now: tell(done, now, None))
    who = _who(bundle, settings)
    if figure is not None:
        draw_responses(found, who, figure, motion)
    named = {"policy": bundle, "settings": settings, "exercise": exercise, "figure": figure}
    data = {**named, "notice": NOTICE, **responses_data(found)}
    return Answer("\n".join([who, *responses_lines(found)]), data)


def _settings(
    age: float | None,
    sex: str | None,
    condition: str | None,
    severity: float | None,
    option: list[str] | None,
) -> "dict[str, Setting]":
    """Arguments of the environment that were given."""
    given: dict[str, Setting] = {
        "age_months": age,
        "sex": sex,
        "condition": condition,
        "severity": severity,
        "condition_options": cast("Setting", condition_options(option)) or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _who(bundle: Path | None, settings: "dict[str, Setting]") -> str:
    infant = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in settings.items())
    return ": ".join(filter(None, [str(bundle or "reflexes only"), infant]))


def _table(found: "SegmentalFinding") -> str:
    """Levels as rows, kinds of control as columns."""
    from io import StringIO

    from rich import box
    from rich.console import Console
    from rich.table import Table

    from dmi_sim.assessments.trunk_control.examiner import CONTROLS

    table = Table(box=box.SIMPLE_HEAD)
    for name in ("level", "tested", "hands", *CONTROLS):
        table.add_column(name)
    for one in found.levels:
        level = one.level
        cells = (_cell(one.found[control]) for control in CONTROLS)
        table.add_row(str(level.index), level.tested, level.hands, *cells)
    page = StringIO()
    Console(file=page, width=100).print(table)
    return page.getvalue().rstrip()


def _cell(found: "ControlFinding") -> str:
    count = len(found.trials)
    return f"{found.verdict} ({found.passed} of {count})" if count else found.verdict


def _summary(found: "SegmentalFinding") -> Iterator[str]:
    """The level at which each kind of control is being learnt."""
    from dmi_sim.assessments.trunk_control.examiner import CONTROLS

    names = {one.level.index: f"{one.level.index}, {one.level.tested}" for one in found.levels}
    for control in CONTROLS:
        level = found.learning_level(control)
        yield f"{control:9} being learnt at level {names.get(level, f'{level}: none absent')}"


def _as_data(found: "SegmentalFinding") -> dict[str, object]:
    from dataclasses import asdict

    from dmi_sim.assessments.trunk_control.examiner import CONTROLS

    levels = [
        {**one.level.model_dump(), **{control: asdict(one.found[control]) for control in CONTROLS}}
        for one in found.levels
    ]
    learning = {control: found.learning_level(control) for control in CONTROLS}
    return {"learning_level": learning, "levels": levels}


app.command()(command(segmental))
app.command()(command(responses))
app.command()(command(ladder.ladder))
app.command()(command(ladder.exercises))
