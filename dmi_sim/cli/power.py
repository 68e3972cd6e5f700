"""The command ``dmi-sim power``."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult
from dmi_sim.cli.study import chosen_study

if TYPE_CHECKING:
    from dmi_sim.report.context import ReportContext
    from dmi_sim.report.power import ComparisonPower, StudyPower
    from dmi_sim.spec.study import StudySpec

Name = Annotated[str, typer.Argument(help="A study, or a YAML file of your own.")]
Run = Annotated[
    Path | None,
    typer.Option("--run", help="Folder of a run; default: the newest finished one of the study."),
]
Power = Annotated[
    float,
    typer.Option(
        "--power", min=0.05, max=0.999, help="Probability with which a difference is to be shown."
    ),
]


def power(name: Name, run: Run = None, chance: Power = 0.8) -> CommandResult:
    """Say how many infants show a difference of the study's margin.

    The spread between infants is taken from a finished run, so the answer has an interval.
    """
    from dmi_sim.catalog import Catalog
    from dmi_sim.report.context import report_context
    from dmi_sim.report.power import asked_by, study_power
    from dmi_sim.report.tables import read_run
    from dmi_sim.study.find_run import find_run
    from dmi_sim.study.run_manifest import CONTEXT_OF_USE

    stem, study = _study_of(name)
    folder = find_run(Path(name), is_finished=True) if run is None else find_run(run)
    tables = read_run(folder)
    found = study_power(tables, study, chance)
    context = report_context(asked_by(tables, study), Catalog.shipped())
    data = {"study": stem, "run": folder, "outcome": study.primary_outcome.outcome}
    return CommandResult(
        "\n".join(_lines(found, context, folder)),
        data | asdict(found) | {"too_small": found.is_vague, "context_of_use": CONTEXT_OF_USE},
    )


def _study_of(name: str) -> "tuple[str, StudySpec]":
    """The study to plan; one whose file is not looked up here is as its newest run had it."""
    from dmi_sim.catalog import Catalog
    from dmi_sim.errors import InputError
    from dmi_sim.paths import YAML_SUFFIXES
    from dmi_sim.spec.studies import ProgrammeStudySpec, Study
    from dmi_sim.study.find_run import find_run, runs_of
    from dmi_sim.study.store import read_manifest

    path = Path(name)
    is_known = path.suffix in YAML_SUFFIXES or name in Catalog.shipped().names(Study)
    if is_known or not runs_of(path):
        stem, spec = chosen_study(name)
    else:
        manifest = read_manifest(find_run(path, is_finished=True))
        stem, spec = manifest.study, manifest.spec
    if isinstance(spec, ProgrammeStudySpec):
        raise InputError(
            f"{stem}: a study of programmes; power is planned for studies of one exercise only. "
            "Its report tells how much children differ"
        )
    return stem, spec


def _lines(found: "StudyPower", context: "ReportContext", folder: Path) -> Iterator[str]:
    from dmi_sim.report.labels import spread_words
    from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
    from dmi_sim.study.run_manifest import CONTEXT_OF_USE
    from dmi_sim.tables import markdown, p_text, percent, with_unit

    difference = with_unit(f"{found.difference:g}", context.measure.unit)
    yield f"Infants that show a difference of {difference} in {context.measure.title},"
    yield f"each practising in both arms, with {percent(found.power)} power (spread from {folder})"
    yield ""
    head = ("Comparison", "Seen in", "Spread (SD)", "Infants needed [95 %]", _planned_head(found))
    yield from markdown(head, [_row(one, context) for one in found.comparisons])
    yield ""
    yield (
        f"Two-sided paired t test at p = {p_text(found.alpha)}: 0.05 over the number of "
        f"comparisons, as a report corrects them. Fewer than {FEWEST_TO_DECIDE} infants decide "
        "nothing."
    )
    yield from _reservations(found)
    yield spread_words(context.study)
    yield CONTEXT_OF_USE


def _planned_head(found: "StudyPower") -> str:
    return f"Power of the {found.seeds} planned [95 %]"


def _row(one: "ComparisonPower", context: "ReportContext") -> list[str]:
    from dmi_sim.report.labels import lower_first
    from dmi_sim.statistics.intervals import Estimate
    from dmi_sim.tables import UNKNOWN, decimals_for, number, percent, with_unit

    spread = Estimate(one.spread, one.spread, one.spread)
    arms = f"{context.titles[one.first]} minus {lower_first(context.titles[one.second])}"
    planned = one.planned
    share = f"{percent(planned.value)} [{percent(planned.low)}, {percent(planned.high)}]"
    return [
        f"{arms}{context.about(one.group)}",
        f"{one.infants}",
        with_unit(number(one.spread, decimals_for(spread)), context.measure.unit),
        f"{_count(one.needed.value)} [{_count(one.needed.low)}, {_count(one.needed.high)}]",
        share if planned.known else UNKNOWN,
    ]


def _count(infants: float) -> str:
    from math import isinf, isnan

    from dmi_sim.tables import UNKNOWN

    if isnan(infants):
        return UNKNOWN
    return "over a million" if isinf(infants) else f"{infants:.0f}"


def _reservations(found: "StudyPower") -> Iterator[str]:
    from dmi_sim.statistics.sample_size import WIDE_RATIO

    if any(one.spread == 0 for one in found.comparisons):
        yield (
            "Where the spread is 0, all infants differed alike between the arms, as where none "
            "succeeds or all do; such a run cannot tell how many are needed."
        )
    if any(one.needed.is_vague and one.spread != 0 for one in found.comparisons):
        yield (
            f"The run is too small to tell: from {found.fewest_infants} infants the spread is so "
            f"uncertain that an interval reaches over a factor of {WIDE_RATIO:g} or more. Run "
            "more, then ask again."
        )
    if found.differs:
        yield (
            f"The run differs from the study in {', '.join(found.differs)}: the study's spread may "
            "be another."
        )
