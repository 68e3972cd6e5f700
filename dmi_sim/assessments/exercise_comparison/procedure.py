"""Each exercise by four controllers: trained, reflexes only, silent_muscles, random.

All four play the same episodes: the same infant, the same hands as in practice, the same starts.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id
from dmi_sim.rollout.evaluate import evaluation_seeds
from dmi_sim.rollout.random_actions import random_actions
from dmi_sim.rollout.trial import TrialResult, attempt
from dmi_sim.training.bundle import Setting, load_bundle, read_bundle_manifest
from dmi_sim.training.interface import Env, make_environment
from dmi_sim.training.library import training_site
from dmi_sim.training.policy import Policy

Controller: TypeAlias = Literal["trained", "zero_action", "silent_muscles", "random"]
OnController: TypeAlias = Callable[[int, Controller], None]

CONTROLLERS: tuple[Controller, ...] = get_args(Controller)
INFANTS = 3
"""Groups of episodes where nobody was trained: as many as there are policies as a rule."""


@dataclass(frozen=True, eq=False)
class Tried:
    """What one controller did; an infant is a trained policy, or the same starts without one.

    Attributes:
        success: 1 where the exercise was completed, else 0, (infants, episodes).
        completion: Completed share of it, 0 to 1, (infants, episodes).
    """

    success: Vector
    completion: Vector


@dataclass(frozen=True)
class Learning:
    """How long one policy practised until its exercise succeeded, as its bundle says.

    Attributes:
        steps: Control steps of practice; NaN if it never did.
        minutes: The same on the machine that trained it [min].
    """

    steps: float
    minutes: float


@dataclass(frozen=True)
class Compared:
    """One exercise by four controllers.

    Attributes:
        exercise: Name of its file in ``envs/``.
        typical_age_months: From which age it makes sense.
        age_months: Of the infant that practised and was tested.
        site: Where the hands held, in practice and in the test.
        learning: One per trained policy.
        tried: By controller; ``trained`` is missing where no policy was trained.
    """

    exercise: str
    typical_age_months: float
    age_months: float
    site: str
    learning: tuple[Learning, ...]
    tried: Mapping[Controller, Tried]


def compare(
    exercise: str,
    policies: Sequence[Path] = (),
    episodes: int = 10,
    on_controller: OnController | None = None,
) -> Compared:
    """Test four controllers on the same unseen episodes.

    Args:
        exercise: Name of a file in ``envs/``.
        policies: Bundles, one per seed, that practised it in the same environment.
        episodes: Of each infant, that is of each policy.
        on_controller: Told number and name of a controller before it is tried.

    Raises:
        InputError: If a bundle is not whole, does not fit, or practised elsewhere than the others.
    """
    arguments = _practised(policies, exercise)
    infants = len(policies) or INFANTS
    seeds = np.array(evaluation_seeds(infants * episodes)).reshape(infants, episodes)
    with closing(make_environment(environment_id(exercise), arguments)) as env:
        learnt = [load_bundle(folder, env) for folder in policies]
        tried: dict[Controller, Tried] = {}
        for number, controller in enumerate(CONTROLLERS if learnt else CONTROLLERS[1:]):
            if on_controller is not None:
                on_controller(number, controller)
            tried[controller] = _tried(_inner(env), controller, learnt, seeds)
        choices, spec = _inner(env).build.config, _inner(env).build.spec
    return Compared(
        exercise=exercise,
        typical_age_months=spec.typical_age_months,
        age_months=spec.age_months if choices.age_months is None else choices.age_months,
        site=str(arguments["support"]),
        learning=tuple(_learning(folder) for folder in policies),
        tried=tried,
    )


def _practised(policies: Sequence[Path], exercise: str) -> dict[str, Setting]:
    """Arguments of the environment that all policies practised in.

    Raises:
        InputError: If they did not.
    """
    all_of_them = [
        dict(read_bundle_manifest(folder).metadata.environment_kwargs) for folder in policies
    ]
    for folder, one in zip(policies, all_of_them, strict=True):
        if one != all_of_them[0]:
            raise InputError(f"{folder}: practised in {one}, {policies[0]} in {all_of_them[0]}")
    site = training_site(policies[0] if policies else None, exercise)
    return {**(all_of_them[0] if all_of_them else {}), "support": site}


def _tried(
    env: PostureEnv, controller: Controller, learnt: Sequence[Policy], seeds: Vector
) -> Tried:
    rows = [
        [_one(env, controller, learnt[infant] if learnt else None, int(seed)) for seed in row]
        for infant, row in enumerate(seeds)
    ]
    success = [[float(one.is_success) for one in row] for row in rows]
    return Tried(np.array(success), np.array([[one.completion for one in row] for row in rows]))


def _one(env: PostureEnv, controller: Controller, trained: Policy | None, seed: int) -> TrialResult:
    options: dict[str, Any] = {"silent_muscles": controller == "silent_muscles"}
    actor = random_actions(env, seed) if controller == "random" else None
    return attempt(env, trained if controller == "trained" else actor, seed, options)


def _inner(env: Env) -> PostureEnv:
    inner = env.unwrapped
    if not isinstance(inner, PostureEnv):
        raise InputError(f"{type(inner).__name__}: the ladder has no such environment")
    return inner


def _learning(folder: Path) -> Learning:
    scores = read_bundle_manifest(folder).metadata.scores
    steps, minutes = (scores.get(f"{what}_to_success", nan) for what in ("steps", "minutes"))
    return Learning(steps, minutes)
