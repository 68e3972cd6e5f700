"""One episode of an environment, recorded at every control step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from dmi_sim.assess.recording import Recording
from dmi_sim.learn.diary import Whereabouts
from dmi_sim.learn.interface import Env, control_hz, environment_id
from dmi_sim.learn.policy import Array, Policy

if TYPE_CHECKING:
    from dmi_sim.sim.state import State

_RECORDED = (
    "time_s",
    "segment_pos_world",
    "segment_quat_world",
    "com_m",
    "head_height_m",
    "upright_rad",
    "support_force_n",
    "support_share",
    "hand_pos_world",
    "hand_force_world",
    "nudge_force_world",
)


@dataclass(frozen=True)
class Episode:
    """A recording and what only the environment knows about it."""

    recording: Recording
    is_success: bool
    total_reward: float


@dataclass(frozen=True)
class Relaxed:
    """A policy that lets go: the zero action, whatever happens."""

    action: Array

    def predict(self, observation: Array) -> Array:
        """The zero action."""
        return self.action


def rollout(
    env: Env, policy: Policy | None, seed: int, options: Mapping[str, Any] | None = None
) -> Recording:
    """Record one episode; see :func:`run_episode`, which takes the same arguments."""
    return run_episode(env, policy, seed, options).recording


def run_episode(
    env: Env, policy: Policy | None, seed: int, options: Mapping[str, Any] | None = None
) -> Episode:
    """Play one episode to its end.

    Args:
        env: An environment whose ``unwrapped.state`` is a ``State``.
        policy: What acts; None for a relaxed infant (zero action).
        seed: Seed of the reset: start, noise, nudges.
        options: Passed to the reset, such as ``{"support": "none", "nudges": True}``.

    Returns:
        The state after the reset and after every control step, and how it ended.

    Raises:
        Exception: Whatever the environment raises, with a note that tells where.
    """
    actor = policy or Relaxed(np.zeros(env.action_space.shape or (), dtype=np.float32))
    place = Whereabouts(environment_id(env), seed, episode=1)
    action: Array | None = None
    try:
        observation, info = env.reset(seed=seed, options=dict(options or {}))
        states, total_reward, terminated, truncated = [_state(env)], 0.0, False, False
        while not (terminated or truncated):
            action = actor.predict(observation)
            observation, reward, terminated, truncated, info = env.step(action)
            states.append(_state(env))
            total_reward += float(reward)
            place.step += 1
    except Exception as fault:
        fault.add_note(place.told(action))
        raise
    fell = terminated and not info["is_success"]
    recording = recorded(states, control_hz(env), fell=fell, fault=bool(info["physics_fault"]))
    return Episode(recording, bool(info["is_success"]), total_reward)


def recorded(states: Sequence["State"], hz: int, *, fell: bool, fault: bool) -> Recording:
    """Snapshots as one recording.

    Args:
        states: One per control step, at least one.
        hz: Control steps per second [Hz].
        fell: Whether the episode ended by a fall.
        fault: Whether it ended by a fault of the physics.
    """
    series = {name: np.array([getattr(state, name) for state in states]) for name in _RECORDED}
    rms = [np.sqrt(np.mean(np.square(state.activation))) for state in states]
    return Recording(
        **series, activation_rms=np.array(rms), control_hz=hz, fell=fell, physics_fault=fault
    )


def _state(env: Env) -> "State":
    return cast("State", getattr(env.unwrapped, "state"))  # noqa: B009 - not in gymnasium's type
