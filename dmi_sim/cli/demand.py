"""The command ``dmi-sim demand``: the demand of each support site on an infant."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import (
    Age,
    Condition,
    LengthM,
    LengthZ,
    MassKg,
    Option,
    Severity,
    Sex,
    WeightZ,
    chosen_infant,
    infant_data,
)
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.infant import Infant

FIGURE_AGES_MONTHS = (0.0, 3.0, 6.0, 12.0, 24.0)

Posture = Annotated[str, typer.Option(help="An exercise in envs/, whose start is the posture.")]
Lean = Annotated[
    float, typer.Option(min=0, max=45, help="Degrees of the lean that must be held, 0 to 45.")
]
Figure = Annotated[
    Path | None, typer.Option(help="Draw sites at five ages into this file: .png, .svg or .pdf.")
]


def demand(
    age: Age = 6.0,
    sex: Sex = "female",
    condition: Condition = "typical",
    severity: Severity = 0.5,
    option: Option = None,
    length_z: LengthZ = 0.0,
    weight_z: WeightZ = 0.0,
    mass_kg: MassKg = None,
    length_m: LengthM = None,
    posture: Posture = "sitting",
    lean: Lean = 10.0,
    figure: Figure = None,
) -> CommandResult:
    """Compute the demand of each support site on an infant, without training.

    Toppling, time to respond, and the least strength that holds, from mechanics alone.
    """
    from dmi_sim.assessments.support_demand.procedure import demands_by_site
    from dmi_sim.assessments.support_demand.text import demand_data, demand_lines
    from dmi_sim.condition.size import ChosenSize
    from dmi_sim.render.plotting import require_format

    if figure is not None:
        require_format(figure)
    size = ChosenSize(length_z, weight_z, mass_kg, length_m)
    infant = chosen_infant(age, sex, condition, severity, option, size)
    scores = ChosenSize(infant.config.length_z, infant.config.weight_z)

    def infant_of(age_months: float) -> "Infant":
        return chosen_infant(age_months, sex, condition, severity, option, scores)

    answers = demands_by_site(infant, posture, lean_deg=lean)
    if figure is not None:
        _draw(infant_of, posture, lean, figure)
    asked = {"posture": posture, "lean_deg": lean, "figure": figure}
    data = {**infant_data(infant), **asked, **demand_data(answers)}
    return CommandResult("\n".join(demand_lines(answers)), data)


def _draw(
    infant_of: "Callable[[float], Infant]", posture: str, lean_deg: float, figure: Path
) -> None:
    """Draw the demand on the same infant at five ages."""
    from dmi_sim.assessments.support_demand.figure import draw_demands
    from dmi_sim.assessments.support_demand.procedure import demands_by_age
    from dmi_sim.assessments.support_demand.text import infant_title
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.support import SITES, SupportSpec

    infants = [infant_of(months) for months in FIGURE_AGES_MONTHS]
    with progress("demand") as update:
        by_age = demands_by_age(
            infants, posture, lean_deg, lambda share, words: update(share, words, None)
        )
    titles = {site: Catalog.shipped().load(SupportSpec, site).title for site in SITES}
    draw_demands(by_age, titles, infant_title(infants[0].config), figure)
