"""One attempt at an exercise: how much of it a controller completes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dmi_sim.rollout.recorder import ZeroAction
from dmi_sim.training.interface import Env
from dmi_sim.training.policy import Policy


@dataclass(frozen=True)
class TrialResult:
    """How an attempt ended.

    Attributes:
        completion: Completed share of the exercise, 0 to 1.
        is_success: Whether it was completed, and without a fault of the physics.
    """

    completion: float
    is_success: bool


def attempt(
    env: Env, policy: Policy | None, seed: int, options: Mapping[str, Any] | None = None
) -> TrialResult:
    """Play one episode, until it ends or the exercise is completed.

    Args:
        env: Where, a :class:`dmi_sim.env.posture_env.PostureEnv` or around one; it stays open.
        policy: What acts; None for reflexes only (zero action).
        seed: Of the start and of all noise.
        options: Of the reset, such as ``{"support": "pelvis", "silent_muscles": True}``.
    """
    actor = policy or ZeroAction(np.zeros(env.action_space.shape or (), dtype=np.float32))
    observation, info = env.reset(seed=seed, options=dict(options or {}))
    is_over = False
    while not (is_over or info["is_success"]):
        observation, _, fell, cut, info = env.step(actor.predict(observation))
        is_over = fell or cut
    return TrialResult(float(env.get_wrapper_attr("completion")), bool(info["is_success"]))
