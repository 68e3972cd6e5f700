"""Each exercise under four controllers: trained, zero action, silent muscles, random actions.

All four play the same episodes: the same infant, the same hands as in training, the same starts.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from math import nan
from pathlib import Path
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
from dmi_sim.training.bundle import Setting, load_bundle, read_bundle_manifest
from dmi_sim.training.library import training_site

ControllerName: TypeAlias = Literal["trained", "zero_action", "silent_muscles", "random"]
OnController: TypeAlias = Callable[[int, ControllerName], None]

CONTROLLERS: tuple[ControllerName, ...] = get_args(ControllerName)
INFANTS = 3
"""Groups of episodes where nobody was trained: as many as there are policies as a rule."""


@dataclass(frozen=True, eq=False)
class Tried:
    """The trials of one controller; an infant is a trained policy, or the same starts without one.

    Attributes:
        success: 1 where the exercise was completed, else 0, (infants, episodes).
        completion: Completed share of it, 0 to 1, (infants, episodes).
    """

    success: Vector
    completion: Vector


@dataclass(frozen=True)
class Learning:
    """How long one policy was trained until its exercise succeeded, as its bundle says.

    Attributes:
        steps: Control steps of training; NaN if it never did.
        minutes: The same on the machine that trained it [min].
    """

    steps: float
    minutes: float


@dataclass(frozen=True)
class Compared:
    """One exercise under four controllers.

    Attributes:
        exercise: Name of its file in ``envs/``.
        typical_age_months: Age from which it makes sense [months].
        age_months: Age of the infant that was trained and tested [months].
        site: Site of the hands, in training and in the test.
        learning: One per trained policy.
        tried: Trials by controller; ``trained`` is missing where no policy was trained.
    """

    exercise: str
    typical_age_months: float
    age_months: float
    site: str
    learning: tuple[Learning, ...]
    tried: Mapping[ControllerName, Tried]


def compare(
    exercise: str,
    policies: Sequence[Path] = (),
    episodes: int = 10,
    on_controller: OnController | None = None,
    catalog: Catalog | None = None,
) -> Compared:
    """Test four controllers on the same unseen episodes.

    Args:
        exercise: Name of a file in ``envs/``.
        policies: Bundles, one per seed, that were trained in the same environment.
        episodes: Episodes of each infant, that is of each policy.
        on_controller: Told number and name of a controller before it is tried.
        catalog: Catalog with the exercises; that of this installation by default.

    Raises:
        InputError: If a bundle is not whole, does not fit, or was trained elsewhere than the
            others.
    """
    arguments = _training_arguments(policies, exercise, catalog)
    infants = len(policies) or INFANTS
    seeds = np.array(evaluation_seeds(infants * episodes)).reshape(infants, episodes)
    with closing(make_environment(environment_id(exercise), arguments)) as env:
        trained = [load_bundle(folder, env) for folder in policies]
        tried: dict[ControllerName, Tried] = {}
        for number, name in enumerate(CONTROLLERS if trained else CONTROLLERS[1:]):
            if on_controller is not None:
                on_controller(number, name)
            tried[name] = _tried(_inner(env), name, trained, seeds)
        choices, spec = _inner(env).build.config, _inner(env).build.spec
    return Compared(
        exercise=exercise,
        typical_age_months=spec.typical_age_months,
        age_months=spec.age_months if choices.age_months is None else choices.age_months,
        site=str(arguments["support"]),
        learning=tuple(_learning(folder) for folder in policies),
        tried=tried,
    )


def _training_arguments(
    policies: Sequence[Path], exercise: str, catalog: Catalog | None
) -> dict[str, Setting]:
    """Arguments of the environment that all policies were trained in.

    Raises:
        InputError: If they did not.
    """
    all_of_them = [
        dict(read_bundle_manifest(folder).metadata.environment_kwargs) for folder in policies
    ]
    for folder, one in zip(policies, all_of_them, strict=True):
        if one != all_of_them[0]:
            raise InputError(f"{folder}: trained in {one}, {policies[0]} in {all_of_them[0]}")
    site = training_site(policies[0] if policies else None, exercise, catalog)
    return {**(all_of_them[0] if all_of_them else {}), "support": site}


def _tried(
    env: PostureEnv, name: ControllerName, trained: Sequence[Controller], seeds: Vector
) -> Tried:
    rows = [
        [_trial(env, name, trained[infant] if trained else None, int(seed)) for seed in row]
        for infant, row in enumerate(seeds)
    ]
    success = [[float(one.is_success) for one in row] for row in rows]
    return Tried(np.array(success), np.array([[one.completion for one in row] for row in rows]))


def _trial(
    env: PostureEnv, name: ControllerName, trained: Controller | None, seed: int
) -> TrialResult:
    controllers = {"trained": trained, "random": random_actions(env, seed)}
    options = SILENT_MUSCLES if name == "silent_muscles" else {}
    return run_trial(env, controllers.get(name), seed, options)


def _inner(env: Env) -> PostureEnv:
    inner = env.unwrapped
    if not isinstance(inner, PostureEnv):
        raise InputError(f"{type(inner).__name__}: the ladder has no such environment")
    return inner


def _learning(folder: Path) -> Learning:
    scores = read_bundle_manifest(folder).metadata.scores
    steps, minutes = (scores.get(f"{what}_to_success", nan) for what in ("steps", "minutes"))
    return Learning(steps, minutes)
