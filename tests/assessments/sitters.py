"""A sitter without training: feedback from tilt and angular velocity of pelvis, chest, head."""

from dataclasses import dataclass

import numpy as np

from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout.controllers import Action, ControllerState, Observation

TILT, TURN = 0.3, 0.4
"""Action per scaled tilt and per scaled angular velocity, found by trial and error."""
_MOVED = {
    "neck_flexion": (2, 0, -1), "neck_bend": (2, 1, 1),
    "upper_trunk_flexion": (1, 0, -1), "upper_trunk_bend": (1, 1, 1),
    "lower_trunk_flexion": (1, 0, -1), "lower_trunk_bend": (1, 1, 1),
    "hips_flexion": (0, 0, -1), "left_hip_flexion": (0, 0, -1), "right_hip_flexion": (0, 0, -1),
}  # fmt: skip
"""Feedback of each synergy, where there is one: sensor (pelvis, chest, head), direction (forward,
left), sign."""

_HEAD = 2


@dataclass(frozen=True)
class Upright:
    """A controller that moves pelvis, trunk and head against their tilt; strengths from 0 to 1."""

    observation_names: tuple[str, ...]
    actions: tuple[str, ...]
    strength: float
    head_strength: float

    def predict(
        self,
        observation: Observation,
        state: ControllerState = None,
        episode_start: np.ndarray | None = None,
        deterministic: bool = True,
    ) -> tuple[Action, ControllerState]:
        observed = dict(zip(self.observation_names, observation.tolist(), strict=True))
        out = np.zeros(len(self.actions), np.float32)
        for name in _MOVED.keys() & set(self.actions):
            sensor, direction, sign = _MOVED[name]
            tilt = observed[f"gravity_directions[{2 * sensor + direction}]"]
            velocity = observed[f"angular_velocities[{3 * sensor + 1 - direction}]"] * (
                1 - 2 * direction
            )
            strength = self.head_strength if sensor == _HEAD else self.strength
            out[self.actions.index(name)] = sign * strength * (TILT * tilt + TURN * velocity)
        return np.clip(out, -1, 1), state


def upright(env: PostureEnv, strength: float = 1.0, head: float | None = None) -> Upright:
    """Feedback of one strength in trunk and head, unless another is given for the head."""
    head_strength = strength if head is None else head
    return Upright(env.observation_names, env.action_names, strength, head_strength)
