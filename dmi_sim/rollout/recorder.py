"""One episode of an environment as a recording."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import nan
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.recording import Recording
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env, control_hz, infant_of, state_of
from dmi_sim.rollout.episode import Step, episode

if TYPE_CHECKING:
    from dmi_sim.env.config import EnvBuild
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
    "support_site",
    "support_strength",
    "push_force_world",
    "joint_angle_rad",
    "joint_velocity_rad_s",
    "com_velocity_m_s",
    "platform",
    "support_work_j",
    "muscle_work_j",
)


@dataclass(frozen=True)
class StepRecord:
    """The record of one control step.

    Attributes:
        state: State of the world.
        cop_m: Centre of pressure, world [m], shape (3,); NaN where nothing presses.
        contact_force: Force of ground and furniture on each segment over body weight, shape (15,).
    """

    state: "State"
    cop_m: Vector
    contact_force: Vector


@dataclass(frozen=True)
class EpisodeEnd:
    """The end of an episode.

    Attributes:
        control_hz: Control steps per second [Hz].
        stride_hz: Cycles a second of the rhythm of the exercise [Hz]; NaN if it has none.
        fell: Whether it ended by a fall.
        is_success: Whether the exercise was completed; where no time without a fall is asked for,
            an infant may succeed and then fall.
        completion: Completed share of the exercise, 0 to 1.
        physics_fault: Whether it ended by a fault of the physics.
    """

    control_hz: int
    stride_hz: float = nan
    fell: bool = False
    is_success: bool = False
    completion: float = 0.0
    physics_fault: bool = False


@dataclass(frozen=True)
class Episode:
    """A recording, and the sum of the rewards, which no recording holds."""

    recording: Recording
    total_reward: float

    @property
    def is_success(self) -> bool:
        """Whether the exercise was completed; whether a later fall counts its file says."""
        return self.recording.is_success


def rollout(
    env: Env, controller: Controller | None, seed: int, options: Mapping[str, Any] | None = None
) -> Recording:
    """The recording alone of :func:`record_episode`, which takes the same arguments."""
    return record_episode(env, controller, seed, options).recording


def record_episode(
    env: Env, controller: Controller | None, seed: int, options: Mapping[str, Any] | None = None
) -> Episode:
    """Play one episode to its end.

    Args:
        env: An environment whose ``unwrapped`` has ``state``, ``world`` and ``infant`` as those of
            :class:`~dmi_sim.env.posture_env.PostureEnv`; the rhythm is that of its ``build``.
        controller: Controller that acts; None for reflexes only (zero action).
        seed: Seed of the reset: start, noise, pushes.
        options: Options of the reset, such as ``{"support": "none", "pushes": True}``.

    Returns:
        The state after the reset and after every control step, and how it ended.

    Raises:
        Exception: Whatever the environment raises, with a note of where it happened.
    """
    played = [(step, step_record(env)) for step in episode(env, controller, seed, options)]
    end = _end(env, played[-1][0])
    recording = to_recording([record for _, record in played], infant_of(env), end)
    return Episode(recording, sum((step.reward for step, _ in played), 0.0))


def _end(env: Env, last: Step) -> EpisodeEnd:
    return EpisodeEnd(
        control_hz(env),
        stride_hz(env),
        fell=last.fell,
        is_success=bool(last.info["is_success"]),
        completion=float(last.info["completion"]),
        physics_fault=bool(last.info["physics_fault"]),
    )


def stride_hz(env: Env) -> float:
    """Cycles a second of the rhythm of the exercise [Hz]; NaN without one, and without exercise."""
    build = cast("EnvBuild | None", getattr(env.unwrapped, "build", None))
    return nan if build is None else build.spec.cpg_frequency_hz or nan


def step_record(env: Env) -> StepRecord:
    """The record of an environment as it is now."""
    world = cast("World", getattr(env.unwrapped, "world"))  # noqa: B009 - not in gymnasium's type
    return StepRecord(state_of(env), world.pressure()[0], world.contact_force())


def to_recording(records: Sequence[StepRecord], infant: "Infant", end: EpisodeEnd) -> Recording:
    """The steps of an episode as one recording.

    Args:
        records: One per control step, at least one.
        infant: Infant that was recorded.
        end: End of the episode.
    """
    states = [record.state for record in records]
    series = {name: np.array([getattr(state, name) for state in states]) for name in _RECORDED}
    activation = np.array([state.activation for state in states])
    return Recording(
        **series,
        support_pos_world=_per_hand([state.support_pos_world for state in states], np.nan),
        support_force_world=_per_hand([state.support_force_world for state in states], 0.0),
        activation_rms=np.sqrt(np.mean(np.square(activation), axis=1)),
        activation=activation.astype(np.float32),
        muscle_names=np.array(infant.muscles.names),
        cop_m=np.array([record.cop_m for record in records]),
        contact_force=np.array([record.contact_force for record in records]),
        contact_spheres=_contact_spheres(infant),
        mass_kg=infant.mass_kg,
        **asdict(end),
    )


def _per_hand(rows: Sequence[Vector], nobody: float) -> Vector:
    """Vectors of all hands, shape (T, h, 3), where other hands may hold at each step.

    Args:
        rows: Vectors of the hands of each step, shape (hands, 3).
        nobody: Value for a hand that does not hold.
    """
    most = max(len(row) for row in rows)
    out = np.full((len(rows), most, 3), nobody)
    for step, row in enumerate(rows):
        out[step, : len(row)] = row
    return out


def _contact_spheres(infant: "Infant") -> Vector:
    rows = [
        (float(index), *sphere.centre_m, sphere.radius_m)
        for index, segment in enumerate(infant.ordered_segments)
        for sphere in segment.spheres
    ]
    return np.array(rows).reshape(-1, 5)
