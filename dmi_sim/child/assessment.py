"""What a child can do alone, at one age."""

from collections.abc import Mapping
from dataclasses import dataclass

from dmi_sim.catalog import Catalog
from dmi_sim.child.rooms import Rooms
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import TrialResult, run_trial
from dmi_sim.spec.milestones import MilestonesSpec
from dmi_sim.spec.progress import ProgressSpec

MILESTONES = "who"
"""File in ``models/milestones/`` whose milestones exercises come near to."""
PROGRESS = "alone"
"""File in ``models/assessments/progress/`` that says how a child is assessed."""
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
    """

    age_months: float
    week: int
    trials: int
    success: Mapping[str, float]
    completion: Mapping[str, float]
    fell: Mapping[str, float]
    milestones: Mapping[str, bool]

    @property
    def score(self) -> float:
        """Mean share of success over all exercises, each counting alike, 0 to 1."""
        return sum(self.success.values()) / len(self.success)


def assessed(
    controller: Controller,
    rooms: Rooms,
    age_months: float,
    week: int,
    trials: int | None = None,
    catalog: Catalog | None = None,
) -> Assessment:
    """Try all exercises, without learning from any of them.

    Args:
        controller: What the child does.
        rooms: Rooms of its body.
        age_months: Age of the child [months].
        week: Week of the programme, from 0.
        trials: Trials of each exercise; as many as the assessment asks for by default.
        catalog: Catalog with the assessment and the milestones; the shipped one by default.

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


def _share(values: list[float] | list[bool]) -> float:
    return sum(values) / len(values)
