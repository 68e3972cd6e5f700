"""Commands that put a controller through a clinical procedure."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dmi_sim.cli.console import Answer, command
from dmi_sim.cli.infants import Option, condition_options
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.clinic.segmental import SegmentalFinding
    from dmi_sim.learn.bundle import Setting

app = typer.Typer(
    help="Assess a policy, or reflexes alone. Simulation, not clinical evidence.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Bundle = Annotated[
    Path | None, typer.Argument(help="Folder of a policy; reflexes only if none is given.")
]
Age = Annotated[float | None, typer.Option(help="In months; default: as the policy practised.")]
Sex = Annotated[str | None, typer.Option(help="female or male.")]
Condition = Annotated[str | None, typer.Option(help="A file in models/conditions/.")]
Severity = Annotated[float | None, typer.Option(help="Of the condition, 0 to 1.")]
Figure = Annotated[
    Path | None, typer.Option(help="Draw the finding into this file: .png, .svg or .pdf.")
]
Procedure = Annotated[str, typer.Option(help="A file in models/assessments/segmental/.")]


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
    from dmi_sim.clinic.segmental import NOTICE, segmental_bundle
    from dmi_sim.spec.assessment import SegmentalSpec

    if figure is not None:
        _refuse_early(figure)
    infant: dict[str, Setting | None] = {
        "age_months": age, "sex": sex, "condition": condition, "severity": severity,
    }  # fmt: skip
    settings = {name: value for name, value in infant.items() if value is not None}
    options = condition_options(option)
    if options:
        settings["condition_options"] = options
    rules = Catalog.shipped().load(SegmentalSpec, procedure)
    with progress("segmental assessment") as tell:
        found = segmental_bundle(
            bundle, settings, rules, lambda share, words: tell(share, words, None)
        )
    who = _who(bundle, settings)
    if figure is not None:
        _draw(found, who, figure)
    data = {
        "policy": bundle,
        "settings": settings,
        "procedure": procedure,
        "notice": NOTICE,
        "figure": figure,
        **_as_data(found),
    }
    return Answer("\n".join([who, *_table(found), NOTICE]), data)


app.command()(command(segmental))
