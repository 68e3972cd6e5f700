"""The training that it takes to sit on unseen seeds: control steps and time of computing."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from statistics import mean
from time import process_time

from dmi_sim.benchmark.cases import ENVIRONMENT
from dmi_sim.catalog import Catalog
from dmi_sim.outcome.general import time_upright_s
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.recorder import record_episode, rollout
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.trainer import Trainer

TESTS, WANTED = 10, 8
"""Number of unseen seeds, and of those on which the policy must sit for the whole episode."""

OnProgress = Callable[[int, int], None]
"""Callback that receives the control steps so far and their upper limit."""


@dataclass(frozen=True)
class LearningTime:
    """The cost of learning to sit alone.

    Attributes:
        action_mode: Action mode of the infant.
        episode_s: Duration of a test episode [s].
        is_learned: Whether the policy sat for the whole episode on enough seeds.
        control_steps: Control steps of training, all parallel environments together.
        dose_h: Simulated training time [h].
        cpu_s: Time of computing of training, tests not counted [s].
        upright_s: Mean time upright over the tests at the end [s].
    """

    action_mode: str
    episode_s: float
    is_learned: bool
    control_steps: int
    dose_h: float
    cpu_s: float
    upright_s: float


def sitting_spec() -> ExerciseSpec:
    """The shipped sitting exercise, with its training settings."""
    return Catalog.shipped().load(ExerciseSpec, "sitting")


def learning_time(
    training: TrainingSpec,
    on_progress: OnProgress = lambda steps, total: None,
    seed: int = 0,
    action_mode: str = "posture",
) -> LearningTime:
    """Train without hands until a policy sits, or until the steps are used up.

    Args:
        training: Training settings; the policy is tested after every chunk.
        on_progress: Called after every chunk.
        seed: Seed of the trainer.
        action_mode: Action mode of the infant.
    """
    make_env = partial(make_environment, ENVIRONMENT, {"action_mode": action_mode})
    with (
        closing(Trainer.start(make_env, training, seed)) as trainer,
        closing(make_env()) as test_env,
    ):
        learned, cpu_s = False, 0.0
        while not learned and trainer.steps < training.total_steps:
            began_s = process_time()
            trainer.train_until(trainer.steps + 1)
            cpu_s += process_time() - began_s
            learned = sits(trainer.policy, test_env)
            on_progress(trainer.steps, training.total_steps)
        return LearningTime(
            action_mode=action_mode,
            episode_s=sitting_spec().duration_s,
            is_learned=learned,
            control_steps=trainer.steps,
            dose_h=trainer.dose_h,
            cpu_s=cpu_s,
            upright_s=upright_s(trainer.policy, test_env),
        )


def upright_s(controller: Controller | None, env: Env) -> float:
    """The mean time upright [s] on unseen seeds, alone and not pushed."""
    options = {"support": "none", "pushes": False}
    seeds = evaluation_seeds(TESTS)
    return mean(time_upright_s(rollout(env, controller, seed, options)) for seed in seeds)


def sits(controller: Controller | None, env: Env) -> bool:
    """Whether an infant sits through the episode on enough unseen seeds, alone and not pushed.

    The test stops as soon as too many episodes have failed.
    """
    options = {"support": "none", "pushes": False}
    failures = 0
    for seed in evaluation_seeds(TESTS):
        failures += not record_episode(env, controller, seed, options).is_success
        if failures > TESTS - WANTED:
            return False
    return True
