"""Trials of an exercise: the share that a controller completes in one episode, or in several."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env
from dmi_sim.rollout.episode import Step, episode, is_over


@dataclass(frozen=True)
class TrialResult:
    """The result of a trial.

    Attributes:
        completion: Completed share of the exercise, 0 to 1.
        is_success: Whether it was completed, and without a fault of the physics.
        fell: Whether the trial ended in a fall; success ends it too, so a later fall is not seen.
    """

    completion: float
    is_success: bool
    fell: bool


def run_trial(
    env: Env, controller: Controller | None, seed: int, options: Mapping[str, Any] | None = None
) -> TrialResult:
    """Play one episode, until it ends or the exercise is completed.

    Args:
        env: A :class:`dmi_sim.env.posture_env.PostureEnv`, or one in wrappers; it stays open.
        controller: Controller that acts; None for reflexes only (zero action).
        seed: Seed of the start and of all noise.
        options: Options of the reset, such as ``{"support": "pelvis", "silent_muscles": True}``.
    """
    *_, last = episode(env, controller, seed, options, until=_is_decided)
    return TrialResult(last.info["completion"], last.info["is_success"], last.fell)


def completions(
    env: Env, controller: Controller | None, seeds: Sequence[int], options: Mapping[str, Any]
) -> tuple[float, ...]:
    """Completed share of the exercise in each trial, until the median over all is certain.

    It is certain once more than half of the trials gave the same share; the others are not played,
    and the median of those that were is the median of all.

    Args:
        env: See :func:`run_trial`.
        controller: Controller that acts; None for reflexes only (zero action).
        seeds: One per trial, an odd number of them.
        options: Options of each reset.
    """
    shares: list[float] = []
    for seed in seeds:
        shares.append(run_trial(env, controller, seed, options).completion)
        if max(Counter(shares).values()) > len(seeds) / 2:
            break
    return tuple(shares)


def _is_decided(step: Step) -> bool:
    """The end rule of a trial: success decides it, even if the infant may still fall."""
    return is_over(step) or step.info["is_success"]
