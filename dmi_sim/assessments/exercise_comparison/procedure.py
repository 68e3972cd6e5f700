"""Each exercise under four controllers: trained, zero action, silent muscles, random actions.

All four act in the same episodes: the same infant, the same hands as in training, the same starts.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import nan
from typing import Literal, TypeAlias, get_args

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.catalog import Catalog
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id
from dmi_sim.rollout.controllers import SILENT_MUSCLES, Controller, random_actions
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import TrialResult, run_trial
from dmi_sim.training.bundle import Setting, read_bundle_manifest
from dmi_sim.training.foreign import is_foreign
from dmi_sim.training.library import (
    PolicySource,
    load_policy,
    policy_folder,
    training_arguments,
    training_site,
)

ControllerName: TypeAlias = Literal["trained", "zero_action", "silent_muscles", "random"]
OnController: TypeAlias = Callable[[int, ControllerName], None]

CONTROLLERS: tuple[ControllerName, ...] = get_args(ControllerName)
INFANTS = 3
"""Groups of episodes for an exercise without policies: as many as there usually are policies."""


@dataclass(frozen=True, eq=False)
class ControllerTrials:
    """The trials of one controller; an infant is a trained policy, or the same starts without one.

    Attributes:
        success: Whether the exercise was completed, 1 or 0, shape (infants, episodes).
        completion: Completed share of the exercise, 0 to 1, shape (infants, episodes).
    """

    success: Vector
    completion: Vector


@dataclass(frozen=True)
class TrainingCost:
    """The training that one policy needed until its exercise succeeded, as recorded in its bundle.

    Attributes:
        steps: Control steps until success; NaN if there was none.
        minutes: Wall-clock time until success on the training machine [min]; NaN if there was none.
    """

    steps: float
    minutes: float


@dataclass(frozen=True)
class ExerciseComparison:
    """One exercise under four controllers.

    Attributes:
        exercise: Name of its file in ``envs/``.
        typical_age_months: Age from which the exercise makes sense [months].
        age_months: Age of the infant in training and in the trials [months].
        site: Site of the hands, in training and in the trials.
        training_costs: Training until success, one per policy.
        trials: Trials by controller; ``trained`` is missing where no policy was trained.
        scores: Scores in the bundle of each policy, how calmly it moved among them; none of a
            controller from elsewhere.
    """

    exercise: str
    typical_age_months: float
    age_months: float
    site: str
    training_costs: tuple[TrainingCost, ...]
    trials: Mapping[ControllerName, ControllerTrials]
    scores: tuple[Mapping[str, float], ...] = ()


def compare(
    exercise: str,
    policies: Sequence[PolicySource] = (),
    episodes: int = 10,
    on_controller: OnController | None = None,
    catalog: Catalog | None = None,
    *,
    allow_other_exercise: bool = False,
) -> ExerciseComparison:
    """Test four controllers on the same unseen episodes.

    Args:
        exercise: Name of a file in ``envs/``.
        policies: Policies that were trained in the same environment, one per seed, as
            :func:`dmi_sim.training.library.load_policy` takes them for an environment.
        episodes: Episodes per infant, that is per policy.
        on_controller: Called with the number and name of each controller before its trials.
        catalog: Catalog with the exercises; the shipped one by default.
        allow_other_exercise: Whether policies of ours may act in one that they never practised.

    Raises:
        InputError: If a policy cannot be loaded, does not fit the exercise, or was trained in
            another environment than the others.
    """
    arguments = _training_arguments(policies, exercise, catalog)
    infants = len(policies) or INFANTS
    seeds = np.array(evaluation_seeds(infants * episodes)).reshape(infants, episodes)
    with closing(make_environment(environment_id(exercise), arguments)) as env:
        allowed = allow_other_exercise
        trained = [load_policy(one, env=env, allow_other_exercise=allowed) for one in policies]
        trials: dict[ControllerName, ControllerTrials] = {}
        for number, name in enumerate(CONTROLLERS if trained else CONTROLLERS[1:]):
            if on_controller is not None:
                on_controller(number, name)
            trials[name] = _controller_trials(_posture_env(env), name, trained, seeds)
        config, spec = _posture_env(env).build.config, _posture_env(env).build.spec
    return ExerciseComparison(
        exercise=exercise,
        typical_age_months=spec.typical_age_months,
        age_months=spec.age_months if config.age_months is None else config.age_months,
        site=str(arguments["support"]),
        training_costs=tuple(map(_training_cost, policies)),
        trials=trials,
        scores=tuple(map(_scores, policies)),
    )


def _training_arguments(
    policies: Sequence[PolicySource], exercise: str, catalog: Catalog | None
) -> dict[str, Setting]:
    """The arguments of the environment in which all policies that tell it were trained.

    Raises:
        InputError: If they were trained in different environments.
    """
    told = [(one, training_arguments(one)) for one in policies]
    told = [(one, arguments) for one, arguments in told if arguments is not None]
    first, common = told[0] if told else (None, {})
    for one, arguments in told:
        if arguments != common:
            raise InputError(f"{one}: trained in {arguments}, {first} in {common}")
    return {**common, "support": training_site(first, exercise, catalog)}


def _controller_trials(
    env: PostureEnv, name: ControllerName, trained: Sequence[Controller], seeds: Vector
) -> ControllerTrials:
    rows = [
        [_trial(env, name, trained[infant] if trained else None, int(seed)) for seed in row]
        for infant, row in enumerate(seeds)
    ]
    success = [[float(one.is_success) for one in row] for row in rows]
    return ControllerTrials(
        np.array(success), np.array([[one.completion for one in row] for row in rows])
    )


def _trial(
    env: PostureEnv, name: ControllerName, trained: Controller | None, seed: int
) -> TrialResult:
    controllers = {"trained": trained, "random": random_actions(env, seed)}
    options = SILENT_MUSCLES if name == "silent_muscles" else {}
    return run_trial(env, controllers.get(name), seed, options)


def _posture_env(env: Env) -> PostureEnv:
    inner = env.unwrapped
    if not isinstance(inner, PostureEnv):
        raise InputError(f"{type(inner).__name__}: the ladder has no such environment")
    inner.leaves_time_to_gymnasium = False  # the wrapper that kept the time is left outside
    return inner


def _training_cost(policy: PolicySource) -> TrainingCost:
    """What training took; unknown of a controller from elsewhere."""
    scores = _scores(policy)
    steps, minutes = (scores.get(f"{what}_to_success", nan) for what in ("steps", "minutes"))
    return TrainingCost(steps, minutes)


def _scores(policy: PolicySource) -> Mapping[str, float]:
    if is_foreign(policy):
        return {}
    return read_bundle_manifest(policy_folder(policy)).metadata.scores
