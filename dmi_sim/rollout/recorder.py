"""One episode of an environment, recorded at every control step."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from dmi_sim.recording import Recording
from dmi_sim.arrays import Vector
from dmi_sim.training.monitor import Whereabouts
from dmi_sim.training.interface import Env, control_hz, environment_id
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
    "hand_pos_world",
    "hand_force_world",
    "nudge_force_world",
    "joint_angle_rad",
    "com_velocity_m_s",
    "board",
    "hand_work_j",
    "muscle_work_j",
)


@dataclass(frozen=True)
class Sight:
    """What is recorded of one control step.

    Attributes:
        state: The world's.
        cop_m: Centre of pressure, world [m], shape (3,); NaN where nothing presses.
        touch: Force of ground and furniture on each segment over body weight, shape (15,).
    """

    state: "State"
    cop_m: Vector
    touch: Vector


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
        env: An environment whose ``unwrapped`` has ``state``, ``world`` and ``infant`` as those of
            :class:`~dmi_sim.env.posture_env.PostureEnv`.
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
        sights, total_reward, terminated, truncated = [sight(env)], 0.0, False, False
        while not (terminated or truncated):
            action = actor.predict(observation)
            observation, reward, terminated, truncated, info = env.step(action)
            sights.append(sight(env))
            total_reward += float(reward)
            place.step += 1
    except Exception as fault:
        fault.add_note(place.told(action))
        raise
    fell = terminated and not info["is_success"]
    course = Course(control_hz(env), fell=fell, physics_fault=bool(info["physics_fault"]))
    return Episode(recorded(sights, _infant(env), course), bool(info["is_success"]), total_reward)


@dataclass(frozen=True)
class Course:
    """How an episode went.

    Attributes:
        control_hz: Control steps per second [Hz].
        fell: Whether it ended by a fall.
        physics_fault: Whether it ended by a fault of the physics.
    """

    control_hz: int
    fell: bool = False
    physics_fault: bool = False


def sight(env: Env) -> Sight:
    """What is to be recorded of an environment now."""
    world = cast("World", getattr(env.unwrapped, "world"))  # noqa: B009 - not in gymnasium's type
    state = cast("State", getattr(env.unwrapped, "state"))  # noqa: B009
    return Sight(state, world.pressure()[0], world.touch())


def recorded(sights: Sequence[Sight], infant: "Infant", course: Course) -> Recording:
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
        touch=np.array([seen.touch for seen in sights]),
        contact_spheres=_spheres(infant),
        **asdict(course),
    )


def _spheres(infant: "Infant") -> Vector:
    rows = [
        (float(index), *sphere.centre_m, sphere.radius_m)
        for index, part in enumerate(infant.parts)
        for sphere in part.spheres
    ]
    return np.array(rows).reshape(-1, 5)


def _infant(env: Env) -> "Infant":
    return cast("Infant", getattr(env.unwrapped, "infant"))  # noqa: B009 - not in gymnasium's type
