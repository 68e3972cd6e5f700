"""What a study of programmes costs in computing, told before it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dmi_sim.catalog import Catalog
from dmi_sim.child.programme import FREE_PLAY, Programme, SessionLike, programme_of
from dmi_sim.env.registration import exercises_of_the_infant
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.programme_study import AssessmentPart
from dmi_sim.study.programme_plan import ChildCell

STEPS_PER_S = 680.0
"""Control steps of practice that a core does in a second, learning included: 21 600 in 32 s."""
TEST_STEPS_PER_S = 1300.0
"""Control steps of an assessment that a core does in a second; assumed: twice as many, since
nothing is learnt."""
WORLDS_S = 2.5
"""Time in which all worlds of a child are built, once a week and at each assessment [s]."""


PART_S: Mapping[AssessmentPart, float] = {"ranges": 0.02, "segmental": 16.0, "responses": 60.0}
"""Time that each part of an assessment besides the exercises takes a core [s]; that of responses is
assumed."""


@dataclass(frozen=True)
class ChildCost:
    """What one child costs; an upper bound, since trials end early and a therapist rests.

    Attributes:
        practice_minutes: Practice that is simulated [min].
        cpu_minutes: Time of one core [min].
    """

    practice_minutes: float
    cpu_minutes: float


def child_cost(cell: ChildCell, catalog: Catalog) -> ChildCost:
    """What the child of a cell costs.

    Args:
        cell: The cell.
        catalog: Source of the exercises.
    """
    minutes = _practice_minutes(cell, catalog)
    hz, tests_s = _control_hz(catalog), _assessment_s(cell, catalog)
    count = len(cell.assessed_in_weeks) + bool(cell.pause_weeks)
    cpu_s = (
        minutes * 60 * hz / STEPS_PER_S
        + count * tests_s * hz / TEST_STEPS_PER_S
        + (cell.weeks + count) * WORLDS_S
        + count * sum(PART_S[part] for part in cell.parts)
    )
    return ChildCost(practice_minutes=minutes, cpu_minutes=cpu_s / 60)


def study_cost(cells: Sequence[ChildCell], catalog: Catalog) -> dict[str, ChildCost]:
    """What one child costs in each arm.

    Args:
        cells: All cells of a study.
        catalog: Source of the exercises.
    """
    first = {cell.arm: cell for cell in reversed(cells)}
    return {arm: child_cost(cell, catalog) for arm, cell in sorted(first.items())}


def _practice_minutes(cell: ChildCell, catalog: Catalog) -> float:
    programme = programme_of(cell.programme, catalog)
    per_minute = cell.brain.practice_minutes_per_minute.value
    return sum(
        per_minute * _practised_min(programme, one)
        for week in range(cell.weeks)
        for one in programme.sessions(cell.subject.age_months, week)
    )


def _practised_min(programme: Programme, session: SessionLike) -> float:
    if session.kind == FREE_PLAY:
        return session.minutes
    return programme.stretch(session.minutes).practice_min


def _assessment_s(cell: ChildCell, catalog: Catalog) -> float:
    """Longest time that all trials of an assessment may take together [s]."""
    names = exercises_of_the_infant(catalog)
    return cell.trials * sum(catalog.load(ExerciseSpec, name).duration_s for name in names)


def _control_hz(catalog: Catalog) -> float:
    first = exercises_of_the_infant(catalog)[0]
    return float(catalog.load(ExerciseSpec, first).control_hz)
