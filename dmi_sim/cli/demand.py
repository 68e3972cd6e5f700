"""The command that answers without training: what each support site asks of an infant."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.options import Age, Condition, Option, Severity, Sex, condition_options
from dmi_sim.cli.progress import progress

if TYPE_CHECKING:
    from dmi_sim.assessments.support_demand.procedure import Demand
    from dmi_sim.assessments.support_demand.static_optimisation import Effort
    from dmi_sim.infant import Infant

FIGURE_AGES_MONTHS = (0.0, 3.0, 6.0, 12.0, 24.0)

Posture = Annotated[str, typer.Option(help="An exercise in envs/, whose start is the posture.")]
Lean = Annotated[float, typer.Option(help="Degrees of the lean that must be held, 0 to 45.")]
Figure = Annotated[
    Path | None, typer.Option(help="Draw sites at five ages into this file: .png, .svg or .pdf.")
]


def demand(
    age: Age = 6.0,
    sex: Sex = "female",
    condition: Condition = "typical",
    severity: Severity = 0.5,
    option: Option = None,
    posture: Posture = "sitting",
    lean: Lean = 10.0,
    figure: Figure = None,
) -> CommandResult:
    """Tell what each support site asks of an infant, without training.

    Toppling, time to respond, and the least strength that holds, from mechanics alone.
    """
    from dmi_sim.assessments.support_demand.procedure import NOTICE

    options = condition_options(option)

    def infant_of(age_months: float) -> "Infant":
        from dmi_sim.infant import Infant

        return Infant.from_spec(age_months, sex, condition, severity, options)

    if figure is not None:
        _refuse_early(figure)
    answers = _at_all_sites(infant_of(age), posture, lean)
    if figure is not None:
        _draw([infant_of(months) for months in FIGURE_AGES_MONTHS], posture, lean, figure)
    data = {
        "age_months": age,
        "sex": sex,
        "condition": condition,
        "severity": severity,
        "condition_options": options,
        "posture": posture,
        "lean_deg": lean,
        "notice": NOTICE,
        "figure": figure,
        "sites": [_as_data(one) for one in answers],
    }
    return CommandResult("\n".join([*_table(answers), NOTICE]), data)


def _refuse_early(figure: Path) -> None:
    from dmi_sim.assessments.support_demand.figure import require_format

    require_format(figure)


def _at_all_sites(infant: "Infant", posture: str, lean_deg: float) -> "list[Demand]":
    from dmi_sim.assessments.support_demand.procedure import demand as demand_of
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.exercise import ExerciseSpec
    from dmi_sim.spec.support import SITES

    known = Catalog.shipped().load(ExerciseSpec, posture).supports
    sites = [site for site in SITES if site in known]
    return [demand_of(infant, site, posture, lean_deg=lean_deg) for site in sites]


def _draw(infants: "Sequence[Infant]", posture: str, lean_deg: float, figure: Path) -> None:
    from dmi_sim.assessments.support_demand.figure import draw_demands
    from dmi_sim.catalog import Catalog
    from dmi_sim.spec.support import SITES, SupportSpec

    by_age: dict[float, list[Demand]] = {}
    with progress("demand") as tell:
        for done, infant in enumerate(infants):
            age = infant.config.age_months
            tell(done / len(infants), f"age {age:g} months", None)
            by_age[age] = _at_all_sites(infant, posture, lean_deg)
    titles = {site: Catalog.shipped().load(SupportSpec, site).title for site in SITES}
    config = infants[0].config
    how = "" if config.condition == "typical" else f", severity {config.severity:g}"
    draw_demands(by_age, titles, f"{config.sex}, {config.condition}{how}", figure)


_HEADER = """\
                 toppling    respond  unstable  fastest  strength needed     limited
support           N m/rad  within ms      ways      1/s  upright  leaning   by"""


def _table(answers: "Sequence[Demand]") -> Iterator[str]:
    yield _HEADER
    for one in answers:
        rates = one.unstable_per_s
        yield (
            f"{one.support:16} {one.toppling_nm_per_rad:8.2f} {1000 * one.delay_limit_s:10.0f} "
            f"{len(rates):9} {max(rates, default=0.0):8.1f} "
            f"{_percent(one.upright):>8} {_percent(one.leaning):>8}   "
            f"{one.leaning.weakest}"
        )
    yield f"\nleaning: the hardest of {answers[0].lean_deg:g} degrees forward, back, left or right."
    yield "strength needed: of every muscle at least; above 100% the infant cannot hold."


def _percent(effort: "Effort") -> str:
    from math import isfinite

    share = effort.share_of_strength
    return f"{share:.0%}" if isfinite(share) else "never"


def _as_data(answer: "Demand") -> dict[str, Any]:
    """An answer with its derived facts, activations by name of muscle."""
    from dataclasses import asdict

    data = asdict(answer)
    muscles = data.pop("muscles")
    for when, effort in (("upright", answer.upright), ("leaning", answer.leaning)):
        data[when] |= {"is_possible": effort.is_possible, "mean_square": effort.mean_square}
        data[when]["activation"] = dict(zip(muscles, effort.activation, strict=False))
    return data
