"""A study of programmes in miniature: small brains, short sessions, one week."""

from pathlib import Path
from typing import Any

from dmi_sim.catalog import Catalog
from dmi_sim.child.assessment import Assessment
from dmi_sim.child.child import Child
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.study.programme_plan import ChildCell, plan_children
from dmi_sim.study.run_setup import Run, RunOptions, open_run
from tests.child.courses import assessment

LEARNER: dict[str, Any] = {"n_steps": 60, "batch_size": 30, "n_epochs": 1, "net_arch": [8]}
SHORT: dict[str, Any] = {
    "rest_s": 0,
    "timetable": {"sessions_a_week": 2, "minutes_a_session": 1, "free_play": []},
    "stretch": {"rule": "none"},
}
"""What makes any programme one of two sessions a week, four seconds of practice each."""
SMALL: dict[str, Any] = {
    "title": "Two programmes in miniature",
    "question": "q",
    "background": "b",
    "arms": {
        "dmi": {"programme": "dmi", "changes": SHORT},
        "hands_off": {"programme": "hands_off", "changes": SHORT},
    },
    "who": {"age_months": 6},
    "children": 2,
    "weeks": 2,
    "practice": {"minutes_per_minute": 4 / 60, "training": LEARNER},
    "assessments": {"every_weeks": 1, "trials": 1, "pause_weeks": 1},
    "primary_outcome": {
        "outcome": "score_gain",
        "comparisons": [["dmi", "hands_off"]],
        "equivalence_margin": 0.1,
    },
    "minutes": 1,
    "quick": {"children": 1, "weeks": 1},
}


def study(**changes: object) -> ProgrammeStudySpec:
    """The study with other values."""
    return ProgrammeStudySpec.model_validate({**SMALL, **changes})


def cells_of(spec: ProgrammeStudySpec | None = None) -> list[ChildCell]:
    """The cells of the study."""
    return plan_children("small", spec or study(), Catalog.shipped())


def cell(**changes: object) -> ChildCell:
    """The first cell of the study with other values."""
    return cells_of(study(**changes))[0]


def run_at(folder: Path, spec: ProgrammeStudySpec, *, resume: bool = False) -> Run:
    """A run of the study that is ready to start or to go on."""
    options = RunOptions(folder=folder, resume=resume)
    return open_run("small", spec, Catalog.shipped(), options)


def assessed(
    child: Child, trials: int | None = None, pause_weeks: int = 0, parts: object = ()
) -> Assessment:
    """An assessment that takes no time, and tells how much was practised before it."""
    return assessment(child.week + pause_weeks, min(1.0, child.brain.steps / 10_000))
