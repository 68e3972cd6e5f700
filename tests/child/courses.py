"""Courses made by hand: what a child could do at each assessment, and in which sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import Assessment
from dmi_sim.child.course import Course
from dmi_sim.child.diary import Occasion, SessionEntry, session_entry
from dmi_sim.child.practice import PractisedTrial
from dmi_sim.spec.programme import WEEKS_PER_MONTH, ProgrammeSpec
from dmi_sim.therapy.trial import Trial, TrialRecord

NOTHING: Mapping[str, bool] = {"sitting_without_support": False, "walking_alone": False}
SITS = {**NOTHING, "sitting_without_support": True}


def assessment(week: int, score: float, milestones: Mapping[str, bool] = NOTHING) -> Assessment:
    """A child of six months at the start, with one score in all exercises."""
    success = {"sitting": score, "walking": score}
    return Assessment(
        age_months=6 + week / WEEKS_PER_MONTH,
        week=week,
        trials=10,
        success=success,
        completion=success,
        fell={"sitting": 0.0, "walking": 1.0},
        milestones=milestones,
    )


def session(
    number: int = 0, week: int = 0, kind: str = "therapy", records: Sequence[TrialRecord] = ()
) -> SessionEntry:
    """A session of half an hour."""
    occasion = Occasion(number, week, kind, 6 + week / WEEKS_PER_MONTH, 30.0, 10.0)
    return session_entry(occasion, [PractisedTrial(one, is_whole=True) for one in records])


def record(
    site: str = "pelvis", *, fell: bool = False, share: float = 0.2, duration_s: float = 6.0
) -> TrialRecord:
    """A trial of sitting."""
    trial = Trial("sitting", site, 0.5)
    return TrialRecord(trial, 6.0, not fell, 1.0, fell, duration_s, share, 12.0)


def course(
    scores: Sequence[float] = (0.0, 0.5),
    weeks: Sequence[int] | None = None,
    arm: str = "dmi",
    child: int = 0,
    sessions: Sequence[SessionEntry] = (),
) -> Course:
    """A course with these scores, an assessment every two weeks unless told otherwise."""
    at = weeks or [2 * place for place in range(len(scores))]
    return Course(
        arm=arm,
        child=child,
        who={"age_months": 6.0, "sex": "female", "condition": "typical"},
        programme=Catalog.shipped().load(ProgrammeSpec, "dmi"),
        sessions=tuple(sessions),
        assessments=tuple(assessment(week, one) for week, one in zip(at, scores, strict=True)),
    )


def with_milestones(one: Course, reached: Sequence[Mapping[str, bool]]) -> Course:
    """The course with these milestones at its assessments."""
    pairs = zip(one.assessments, reached, strict=True)
    return replace(one, assessments=tuple(replace(a, milestones=b) for a, b in pairs))
