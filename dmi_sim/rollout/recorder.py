"""One episode of an environment, to_recording at every control step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.recording import Recording
from dmi_sim.training.interface import Env, control_hz, environment_id
from dmi_sim.training.monitor import EpisodePosition
from dmi_sim.training.policy import Array, Policy

if TYPE_CHECKING:
    from dmi_sim.infant import Infant
    from dmi_sim.physics.state import State
    from dmi_sim.physics.world import World

_RECORDED = (
    "time_s",
    "segment_pos_world",
    "segment_quat_world",
    "com_m",
    "head_height_m",
    "upright_rad",
    "support_force_n",
    "support_share",
    "support_pos_world",
    "support_force_world",
    "push_force_world",
    "joint_angle_rad",
    "com_velocity_m_s",
    "platform",
    "support_work_j",
    "muscle_work_j",
)


@dataclass(frozen=True)
class StepRecord:
    """What is to_recording of one control step.

    Attributes:
        state: The world's.
        cop_m: Centre of pressure, world [m], shape (3,); NaN where nothing presses.
        contact_force: Force of ground and furniture on each segment over body weight, shape (15,).
    """

    state: "State"
    cop_m: Vector
    contact_force: Vector


@dataclass(frozen=True)
class Episode:
    """A recording and what only the environment knows about it."""

    recording: Recording
    is_success: bool
    total_reward: float


@dataclass(frozen=True)
class ZeroAction:
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
        env: An environment whose ``unwrapped`` has ``state``, ``world`` and ``infant`` as those of
            :class:`~dmi_sim.env.posture_env.PostureEnv`.
        policy: What acts; None for a relaxed infant (zero action).
        seed: Seed of the reset: start, noise, pushes.
        options: Passed to the reset, such as ``{"support": "none", "pushes": True}``.

    Returns:
        The state after the reset and after every control step, and how it ended.

    Raises:
        Exception: Whatever the environment raises, with a note that tells where.
    """
    actor = policy or ZeroAction(np.zeros(env.action_space.shape or (), dtype=np.float32))
    place = EpisodePosition(environment_id(env), seed, episode=1)
    action: Array | None = None
    try:
        observation, info = env.reset(seed=seed, options=dict(options or {}))
        sights, total_reward, terminated, truncated = [step_record(env)], 0.0, False, False
        while not (terminated or truncated):
            action = actor.predict(observation)
            observation, reward, terminated, truncated, info = env.step(action)
            sights.append(step_record(env))
            total_reward += float(reward)
            place.step += 1
    except Exception as fault:
        fault.add_note(place.description(action))
        raise
    fell = terminated and not info["is_success"]
    course = EpisodeEnd(control_hz(env), fell=fell, physics_fault=bool(info["physics_fault"]))
    return Episode(
        to_recording(sights, _infant(env), course), bool(info["is_success"]), total_reward
    )


@dataclass(frozen=True)
class EpisodeEnd:
    """How an episode went.

    Attributes:
        control_hz: Control steps per second [Hz].
        fell: Whether it ended by a fall.
        physics_fault: Whether it ended by a fault of the physics.
    """

    control_hz: int
    fell: bool = False
    physics_fault: bool = False


def step_record(env: Env) -> StepRecord:
    """What is to be to_recording of an environment now."""
    world = cast("World", getattr(env.unwrapped, "world"))  # noqa: B009 - not in gymnasium's type
    state = cast("State", getattr(env.unwrapped, "state"))  # noqa: B009
    return StepRecord(state, world.pressure()[0], world.contact_force())


def to_recording(sights: Sequence[StepRecord], infant: "Infant", course: EpisodeEnd) -> Recording:
    """What was seen of an infant as one recording.

    Args:
        sights: One per control step, at least one.
        infant: Who.
        course: How it went.
    """
    states = [seen.state for seen in sights]
    series = {name: np.array([getattr(state, name) for state in states]) for name in _RECORDED}
    activation = np.array([state.activation for state in states])
    return Recording(
        **series,
        activation_rms=np.sqrt(np.mean(np.square(activation), axis=1)),
        activation=activation.astype(np.float32),
        muscle_names=np.array(infant.muscles.names),
        cop_m=np.array([seen.cop_m for seen in sights]),
        contact_force=np.array([seen.contact_force for seen in sights]),
        contact_spheres=_spheres(infant),
        **asdict(course),
    )


def _spheres(infant: "Infant") -> Vector:
    rows = [
        (float(index), *sphere.centre_m, sphere.radius_m)
        for index, part in enumerate(infant.ordered_segments)
        for sphere in part.spheres
    ]
    return np.array(rows).reshape(-1, 5)


def _infant(env: Env) -> "Infant":
    return cast("Infant", getattr(env.unwrapped, "infant"))  # noqa: B009 - not in gymnasium's type
