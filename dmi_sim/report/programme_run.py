"""The report of a run of programmes: from its folder to courses, a question and a page."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.errors import InputError
from dmi_sim.report.background import computed_with
from dmi_sim.report.programme_question import ProgrammeQuestion
from dmi_sim.report.programme_report import write_programme_report
from dmi_sim.spec.programme_arm import ProgrammeArmSpec
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.study.courses import programme_manifest, read_courses
from dmi_sim.study.programme_plan import brain_of
from dmi_sim.study.run_manifest import RunManifest
from dmi_sim.study.store import REPORT
from dmi_sim.tables import percent

_STATES = {
    "done": "",
    "running": "; still running, so not all children are in",
    "failed": "; ended without some of its children",
    "interrupted": "; interrupted before all children were in",
}


def write_run_report(run: Path, catalog: Catalog | None = None) -> Path:
    """Write ``report.html`` into the folder of a run of programmes.

    Args:
        run: Folder of a run, finished or not.
        catalog: Source of the model files that the run used; the shipped ones if None.

    Returns:
        The file of the report.

    Raises:
        InputError: If the folder is none of such a run, or no child of it is finished.
    """
    files = catalog or Catalog.shipped()
    courses, question = courses_and_question(run, files)
    return write_programme_report(courses, run / REPORT, question, files)


def courses_and_question(
    run: Path, catalog: Catalog
) -> tuple[tuple[Course, ...], ProgrammeQuestion]:
    """The courses of a run, arm by arm as planned, and what its study asks.

    Args:
        run: Folder of a run of programmes.
        catalog: Source of the brain that the study names.

    Raises:
        InputError: If the folder is none of such a run, or no child of it is finished.
    """
    manifest, read = programme_manifest(run), read_courses(run)
    if not read.courses:
        raise InputError(f"{run}: nothing to report, no cell is finished", *read.left_out)
    order = list(manifest.spec.arms)
    courses = sorted(read.courses, key=lambda one: (order.index(one.arm), one.child))
    return tuple(courses), _question(manifest, read.left_out, catalog)


def _question(
    manifest: RunManifest[ProgrammeStudySpec], left_out: Sequence[str], catalog: Catalog
) -> ProgrammeQuestion:
    spec = manifest.spec
    primary = spec.primary_outcome
    return ProgrammeQuestion(
        title=spec.title,
        question=spec.question,
        background=spec.background,
        comparisons=primary.comparisons,
        outcome=primary.outcome,
        params=primary.params,
        margin=primary.equivalence_margin,
        about=about_run(manifest),
        brain=brain_of(spec, catalog),
        left_out=(*left_out, *_failed(manifest)),
        assumed=tuple(_assumed(spec)),
        interactions=primary.interactions,
        by_elements=primary.by_elements,
        is_paired=spec.learning_seeds == "paired",
    )


def about_run(manifest: RunManifest[ProgrammeStudySpec]) -> str:
    """Form, date, state and computer of a run, in words.

    Args:
        manifest: Manifest of the run.
    """
    form = (manifest.form or "full form").capitalize()
    name = f"{form} of the study \u201c{manifest.study}\u201d, {manifest.started_utc[:10]}"
    return f"{name}{_STATES[manifest.status]}. {computed_with(manifest.provenance)}"


def _failed(manifest: RunManifest[ProgrammeStudySpec]) -> Iterator[str]:
    for one in manifest.failed_cells:
        yield f"{one.label}: given up after {one.attempts} attempts: {one.reason}"


def _assumed(spec: ProgrammeStudySpec) -> Iterator[str]:
    """What the study assumes for all arms, beside what programmes and brain do."""
    play = spec.practice.free_play_share
    if play < 1:
        yield f"{percent(play)} of the free play of the programmes is simulated"
    begins = spec.begins_with
    yield (
        f"children begin with what the policy {begins} can do"
        if begins
        else "children begin having learnt nothing"
    )
    if spec.practice.plasticity is not None:
        yield f"brains change over months as plasticity {spec.practice.plasticity} says"
    yield (
        f"muscles adapt to therapy as the file {spec.practice.adaptation} says"
        if spec.practice.adaptation
        else "muscles do not adapt to therapy"
    )
    for name, arm in spec.arms.items():
        yield from _arm_words(spec, name, arm)


def _arm_words(spec: ProgrammeStudySpec, name: str, arm: ProgrammeArmSpec) -> Iterator[str]:
    """How an arm differs from the file of its programme."""
    for element, other in arm.elements.items():
        yield f"the arm {name} is {arm.programme} with {element} of {other}"
    if arm.changes:
        yield f"the arm {name} is {arm.programme} with other {', '.join(arm.changes)}"
    if arm.plasticity is not None:
        yield f"brains of the arm {name} change over months as plasticity {arm.plasticity} says"
    if arm.starts_at_months is not None:
        week = spec.first_week(name)
        yield (
            f"in the arm {name} the therapist first comes in week {week}, at "
            f"{arm.starts_at_months:g} months, for {spec.therapy_weeks} weeks as in every arm; "
            "before and after, the child plays"
        )
