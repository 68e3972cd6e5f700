"""What each kind of study does in its own way; everything else in this package is for all kinds.

To add a kind of study: a spec, a cell, and one :class:`StudyKind` here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.spec.studies import AnyStudy, ProgrammeStudySpec, Study
from dmi_sim.study.any_cell import AnyCell
from dmi_sim.study.cells import run_cell
from dmi_sim.study.child_cells import run_child
from dmi_sim.study.child_preflight import child_preflight, children_advice
from dmi_sim.study.courses import write_child_summary
from dmi_sim.study.plan import plan
from dmi_sim.study.preflight import preflight
from dmi_sim.study.preregistration import preregistration_text
from dmi_sim.study.programme_plan import plan_children
from dmi_sim.study.programme_preregistration import programme_preregistration_text
from dmi_sim.study.resolved import ResolvedDesign, resolved_design
from dmi_sim.study.sources import child_sources, sources
from dmi_sim.study.store import read_manifest, write_summary


@dataclass(frozen=True)
class StudyKind:
    """What a kind of study does in its own way.

    Attributes:
        plan: Gives all cells of a study of a name.
        preflight: Refuses cells that could not run, before anything is written.
        run_cell: Runs one cell; it takes what ``RunCell`` takes, and the catalog by name.
        summary: Writes the tables of a run, and tells what was left out.
        sources: The files that a study rests on, with their hashes.
        preregistration: What is written down before any cell runs, from the manifest.
        design: What the arms come to; None where the cells tell it.
        advice: What somebody should know before it runs, one line each.
    """

    plan: Callable[[str, Any, Catalog], Sequence[AnyCell]]
    preflight: Callable[[Sequence[Any], Catalog], None]
    run_cell: Callable[..., Path]
    summary: Callable[[Path], tuple[str, ...]]
    sources: Callable[[Any, Sequence[AnyCell], Catalog], dict[str, str]]
    preregistration: Callable[[Any], str]
    design: Callable[[Any, Catalog], ResolvedDesign | None]
    advice: Callable[[Any, Catalog], tuple[str, ...]] = lambda _study, _catalog: ()


def kind_of(study: Study) -> StudyKind:
    """What a study does in the way of its kind.

    Args:
        study: The study.
    """
    return _OF_PROGRAMMES if isinstance(study, ProgrammeStudySpec) else _OF_AN_EXERCISE


def write_tables(run: Path) -> tuple[str, ...]:
    """Write the tables of a run from its whole cells.

    Args:
        run: Folder of the run.

    Returns:
        The cells and tables that had to be left out, one line each.
    """
    return kind_of(read_manifest(run).spec).summary(run)


def study_problems(study: AnyStudy, catalog: Catalog) -> tuple[str, ...]:
    """What a study would be refused for, in any of its forms: ``field: reason``.

    Args:
        study: The study as its file has it.
        catalog: Source of all files that it names.
    """
    forms = _forms(study).values()
    return tuple(dict.fromkeys(line for form in forms for line in _refusal(form, catalog)))


def advice_for(study: AnyStudy, catalog: Catalog) -> tuple[str, ...]:
    """What to know before a study runs, in each of its forms: ``form: what``.

    Args:
        study: The study as its file has it; it has no problems.
        catalog: Source of all files that it names.
    """
    return tuple(
        f"{name}: {line}"
        for name, form in _forms(study).items()
        for line in kind_of(form).advice(form, catalog)
    )


def _forms(study: AnyStudy) -> dict[str, AnyStudy]:
    """The study in each form that it may run in, by name."""
    return {"full": study, "quick": study.quick_form(), "standard": study.standard_form()}


def _refusal(study: AnyStudy, catalog: Catalog) -> Iterator[str]:
    name, kind = "study", kind_of(study)
    try:
        kind.preflight(kind.plan(name, study, catalog), catalog)
    except InputError as error:
        file = f"{Study.folder}/{name}.yaml: "
        yield from (line.removeprefix(file) for line in error.problems)


def _exercise_sources(study: Any, cells: Sequence[AnyCell], catalog: Catalog) -> dict[str, str]:
    exercises = (study.exercise, *study.test.transfer)
    conditions = _conditions(cells)
    files = [sources(one, condition, catalog) for one in exercises for condition in conditions]
    return {path: digest for found in files for path, digest in found.items()}


def _child_sources(_study: Any, cells: Sequence[AnyCell], catalog: Catalog) -> dict[str, str]:
    files = [child_sources(condition, catalog) for condition in _conditions(cells)]
    return {path: digest for found in files for path, digest in found.items()}


def _conditions(cells: Sequence[AnyCell]) -> list[str]:
    return sorted({cell.subject.condition for cell in cells})


_OF_AN_EXERCISE = StudyKind(
    plan=plan,
    preflight=preflight,
    run_cell=run_cell,
    summary=write_summary,
    sources=_exercise_sources,
    preregistration=preregistration_text,
    design=resolved_design,
)
_OF_PROGRAMMES = StudyKind(
    plan=plan_children,
    preflight=child_preflight,
    run_cell=run_child,
    summary=write_child_summary,
    sources=_child_sources,
    preregistration=programme_preregistration_text,
    design=lambda _study, _catalog: None,
    advice=children_advice,
)
