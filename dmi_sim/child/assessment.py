"""What a child can do alone, at one age."""

from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from math import nan

import numpy as np

from dmi_sim.assessments.bedside.passive_range import Motion, ranges_deg
from dmi_sim.assessments.postural_responses.procedure import responses
from dmi_sim.assessments.trunk_control.procedure import segmental
from dmi_sim.catalog import Catalog
from dmi_sim.child.rooms import Rooms
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import TrialResult, run_trial
from dmi_sim.spec.assessment import SegmentalSpec
from dmi_sim.spec.milestones import MilestonesSpec
from dmi_sim.spec.programme_study import SHIPPED_PARTS, AssessmentPart
from dmi_sim.spec.progress import ProgressSpec
from dmi_sim.spec.responses import ResponsesSpec

MILESTONES = "who"
"""File in ``models/milestones/`` whose milestones exercises come near to."""
PROGRESS = "alone"
"""File in ``models/assessments/progress/`` that says how a child is assessed."""
SEGMENTAL = "trunk"
"""File in ``models/assessments/segmental/`` that says how the level of the trunk is found."""
RESPONSES = "sitting"
"""File in ``models/assessments/responses/`` that says how responses are provoked."""
_LEAST_SUPPORT = {"support": None}


@dataclass(frozen=True)
class Assessment:
    """What a child can do alone, at one age.

    Attributes:
        age_months: Age of the child [months].
        week: Week of the programme, from 0.
        trials: Trials of each exercise.
        success: Share of them with success, by exercise, in as little support as it allows.
        completion: Mean completed share, by exercise.
        fell: Share of them with a fall, by exercise.
        milestones: Whether the child has the skill that comes near to a milestone, by milestone.
        ranges_deg: Ranges of motion, left and right, by name [deg]; empty if not examined.
        segmental_level: Lowest level of the trunk that is controlled at rest, with all above it,
            counted from the head down; 0 for none, None if not assessed.
        direction_specific: Share of the moves of a platform at which muscles that hold the body
            back were the first to respond; None if not assessed.
    """

    age_months: float
    week: int
    trials: int
    success: Mapping[str, float]
    completion: Mapping[str, float]
    fell: Mapping[str, float]
    milestones: Mapping[str, bool]
    ranges_deg: Mapping[Motion, tuple[float, float]] = field(
        default_factory=dict[Motion, tuple[float, float]]
    )
    segmental_level: float | None = None
    direction_specific: float | None = None

    @property
    def score(self) -> float:
        """Mean share of success over all exercises, each counting alike, 0 to 1."""
        return sum(self.success.values()) / len(self.success)

    def range_deg(self, motion: Motion) -> float:
        """A range of motion, mean of both sides [deg]; NaN if not examined.

        Args:
            motion: Name of the range.
        """
        both = self.ranges_deg.get(motion, (nan, nan))
        return sum(both) / len(both)


def assessed(
    controller: Controller,
    rooms: Rooms,
    age_months: float,
    week: int,
    trials: int | None = None,
    catalog: Catalog | None = None,
    parts: Collection[AssessmentPart] = SHIPPED_PARTS,
) -> Assessment:
    """Try all exercises, without learning from any of them.

    Args:
        controller: What the child does.
        rooms: Rooms of its body.
        age_months: Age of the child [months].
        week: Week of the programme, from 0.
        trials: Trials of each exercise; as many as the assessment asks for by default.
        catalog: Catalog with the assessment and the milestones; the shipped one by default.
        parts: What it is assessed in besides the exercises.

    Raises:
        InputError: If there is no trial.
    """
    files = catalog or Catalog.shipped()
    rule = files.load(ProgressSpec, PROGRESS)
    count = rule.trials.value if trials is None else trials
    found = {name: _tried(controller, rooms.of(name), count) for name in rooms.exercises}
    success = {name: _share([one.is_success for one in all_]) for name, all_ in found.items()}
    return Assessment(
        age_months=age_months,
        week=week,
        trials=count,
        success=success,
        completion={n: _share([one.completion for one in all_]) for n, all_ in found.items()},
        fell={name: _share([one.fell for one in all_]) for name, all_ in found.items()},
        milestones=milestones_reached(success, rule.reached.value, files),
        ranges_deg=ranges_deg(rooms.infant) if "ranges" in parts else {},
        segmental_level=_segmental(controller, rooms, files) if "segmental" in parts else None,
        direction_specific=_responses(controller, rooms, files) if "responses" in parts else None,
    )


def milestones_reached(
    success: Mapping[str, float], least: float, catalog: Catalog
) -> dict[str, bool]:
    """Whether a child has the skill of each milestone that an exercise comes near to.

    Args:
        success: Share of trials with success, by exercise.
        least: Least share at which it has a skill.
        catalog: Catalog with the milestones.

    >>> reached = milestones_reached({"sitting": 0.6}, 0.5, Catalog.shipped())
    >>> reached["sitting_without_support"], reached["walking_alone"]
    (True, False)
    """
    milestones = catalog.load(MilestonesSpec, MILESTONES).milestones
    return {
        name: success.get(one.exercise, 0.0) >= least
        for name, one in milestones.items()
        if one.exercise is not None
    }


def _tried(controller: Controller, room: Env, trials: int) -> list[TrialResult]:
    return [run_trial(room, controller, seed, _LEAST_SUPPORT) for seed in evaluation_seeds(trials)]


def _segmental(controller: Controller, rooms: Rooms, catalog: Catalog) -> float:
    """The lowest level of the trunk that is controlled at rest."""
    procedure = catalog.load(SegmentalSpec, SEGMENTAL)
    found = segmental(controller, rooms.of(procedure.exercise), procedure)
    return float(found.controlled_level("static"))


def _responses(controller: Controller, rooms: Rooms, catalog: Catalog) -> float:
    """Share of the moves of a platform with a direction-specific response."""
    procedure = catalog.load(ResponsesSpec, RESPONSES)
    with closing(rooms.on_platform(procedure.exercise)) as room:
        found = responses(controller, room, procedure)
    return float(np.mean([one.agonist_first for one in found.moves]))


def _share(values: list[float] | list[bool]) -> float:
    return sum(values) / len(values)
