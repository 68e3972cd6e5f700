"""Try what the cells of a study of programmes will do, before anything is written."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from dmi_sim.catalog import Catalog
from dmi_sim.child.rooms import Rooms
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant, who
from dmi_sim.paths import OWN_FILES
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.study.cell import Subject
from dmi_sim.study.programme_cost import study_cost
from dmi_sim.study.programme_plan import ChildCell, children_of, plan_children
from dmi_sim.study.programme_power import power_words
from dmi_sim.study.sources import child_sources
from dmi_sim.training.bundle import require_fit
from dmi_sim.training.library import policy_folder


def child_preflight(cells: Sequence[ChildCell], catalog: Catalog) -> None:
    """Check that every cell can run: its child, and what that begins with.

    Args:
        cells: Cells of a plan.
        catalog: Source of the files of infants and exercises.

    Raises:
        InputError: With one line for each thing that some cell could not do.
    """
    problems = [*_other_files(cells, catalog), *_bodies(cells)]
    if not problems:
        problems = [*_beginning(cells[0])]
    if problems:
        raise InputError(*dict.fromkeys(problems))


def children_advice(study: ProgrammeStudySpec, catalog: Catalog) -> tuple[str, ...]:
    """What the study costs and what it can show, in the form in which it is going to run.

    Args:
        study: The study with its settings applied.
        catalog: Source of all files that it names.
    """
    cells = plan_children("study", study, catalog)
    costs = study_cost(cells, catalog)
    each = ", ".join(f"{arm} {cost.cpu_minutes:.1f}" for arm, cost in costs.items())
    total = sum(cost.cpu_minutes for cost in costs.values()) * children_of(study)
    practice = max(cost.practice_minutes for cost in costs.values())
    return (
        f"at most {total:.0f} CPU minutes in all; for one child: {each} "
        f"({study.weeks} weeks, up to {practice:.0f} min of simulated practice)",
        power_words(study),
    )


def _other_files(cells: Sequence[ChildCell], catalog: Catalog) -> Iterator[str]:
    """Files of one's own that only those who read the catalog would see, and not the child."""
    shipped = Catalog.shipped()
    if catalog.roots == shipped.roots:
        return
    for condition in dict.fromkeys(cell.subject.condition for cell in cells):
        ours, theirs = (child_sources(condition, one) for one in (catalog, shipped))
        differing = [path for path in {**ours, **theirs} if ours.get(path) != theirs.get(path)]
        if differing:
            yield (
                f"{differing[0]}: of your own, and a child does not look beside its study; set "
                f"{OWN_FILES}={catalog.roots[0]}"
            )


def _bodies(cells: Sequence[ChildCell]) -> Iterator[str]:
    """Children that cannot be built; those of one sex and condition differ in size only."""
    subjects = (cell.subject for cell in cells)
    for subject in {(one.sex, one.kind, one.severity): one for one in subjects}.values():
        try:
            _infant(subject)
        except InputError as error:
            yield from (f"who: {line}" for line in error.problems)


def _infant(subject: Subject) -> Infant:
    return Infant.from_spec(
        subject.age_months,
        "female" if subject.sex == "female" else "male",
        subject.condition,
        subject.severity,
        subject.condition_options,
        length_z=subject.length_z,
        weight_z=subject.weight_z,
    )


def _beginning(cell: ChildCell) -> Iterator[str]:
    """Why the policy that children begin with does not fit; one child stands for all."""
    if cell.begins_with is None:
        return
    bundle, body = policy_folder(cell.begins_with.policy), who(_infant(cell.subject))
    try:
        with closing(Rooms(body)) as rooms:
            require_fit(bundle, rooms.any, allow_other_exercise=True)
    except InputError as error:
        yield from (f"begins_with: {line}" for line in error.problems)
