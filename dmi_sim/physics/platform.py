"""The motion of a platform under an infant: minimum jerk from keyframe to keyframe."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.errors import InputError
from dmi_sim.physics.scene import PLATFORM_HALF_EXTENTS_M

LARGEST_TILT_RAD = 0.44
"""Largest tilt [rad]: at 25 degrees an edge of the platform is still above the floor below."""
_Share = TypeVar("_Share", float, Vector)


class PlatformKeyframe(NamedTuple):
    """The pose of a platform at a time, at rest for an instant.

    Attributes:
        time_s: Time since the start of the episode [s].
        shift_m: Shift of the centre of its top, forward and left [m].
        tilt_rad: Rotation vector of the platform about the world's x axis (right side down) and y
            axis (front down) [rad].
    """

    time_s: float
    shift_m: tuple[float, float] = (0.0, 0.0)
    tilt_rad: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class PlatformMotion:
    """Path of a platform: level and centred at 0 s, then minimum jerk from key to key.

    Attributes:
        keys: In order of time; after the last the platform rests. Two equal keys are a pause.

    Raises:
        InputError: If times do not rise from 0, a platform does not begin level and centred, a tilt
            is above :data:`LARGEST_TILT_RAD`, or a number is not finite.

    Source:
        Flash and Hogan (1985), J. Neurosci. 5, 1688-1703, minimum jerk between points of rest;
        ``flash1985``.
    """

    keys: tuple[PlatformKeyframe, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a path that no platform can take."""
        times, poses = self._path
        if not (np.isfinite(times).all() and np.isfinite(poses).all()):
            raise InputError("the motion of a platform is not all finite")
        if self.keys and self.keys[0].time_s == 0:
            raise InputError("a platform is level and centred at 0 s; its first key comes later")
        if not (np.diff(times) > 0).all():
            raise InputError(
                f"times of a platform motion must rise from 0 s, not {times[1:].tolist()}"
            )
        if np.hypot(*poses[:, 2:].T).max() > LARGEST_TILT_RAD:
            raise InputError(f"a platform tilts by {LARGEST_TILT_RAD} rad at most")

    @cached_property
    def _path(self) -> tuple[Vector, Vector]:
        """Times [s], shape (n,), and poses (shift x, y, tilt x, y), shape (n, 4)."""
        rows = [(0.0,) * 5, *((key.time_s, *key.shift_m, *key.tilt_rad) for key in self.keys)]
        table = np.array(rows)
        return table[:, 0], table[:, 1:]

    @property
    def end_s(self) -> float:
        """When the platform comes to rest for good [s]."""
        return self.keys[-1].time_s if self.keys else 0.0

    def at(self, time_s: float) -> tuple[Vector, Vector]:
        """Pose (shift x, y [m], tilt about x, y [rad]) and its rates at a time, each shape (4,)."""
        times, poses = self._path
        key = bisect_right(times, time_s)
        if key == len(times):
            return poses[-1].copy(), np.zeros(4)
        span, way = times[key] - times[key - 1], poses[key] - poses[key - 1]
        t = max(0.0, (time_s - times[key - 1]) / span)
        speed = 30 * t**2 * (1 - t) ** 2 / span
        return poses[key - 1] + _covered(t) * way, speed * way

    def steps(self, dt_s: float) -> Vector:
        """The mean velocities that bring a platform exactly along its path; the last step is rest.

        Args:
            dt_s: Physics step [s].

        Returns:
            Velocity [m/s] of the platform's centre and its angular velocity [rad/s], world, shape
            (n, 2, 3).
        """
        if not self.keys:
            return np.zeros((0, 2, 3))
        times, poses = self._path
        now = np.arange(int(np.ceil(self.end_s / dt_s - 1e-9)) + 1) * dt_s
        key = np.searchsorted(times, now, side="right").clip(1, len(times) - 1)
        t = ((now - times[key - 1]) / (times[key] - times[key - 1])).clip(0, 1)
        pose = poses[key - 1] + _covered(t)[:, None] * (poses[key] - poses[key - 1])
        rates = np.zeros((len(now), 2, 3))
        rates[:-1] = np.stack(_rates(pose, dt_s), axis=1)
        return rates


def _covered(t: _Share) -> _Share:
    """The share of the way that minimum jerk covers in a share of the time."""
    return t**3 * (10 - 15 * t + 6 * t**2)


def _rates(pose: Vector, dt_s: float) -> tuple[Vector, Vector]:
    """Mean velocity of the centre and angular velocity from pose to pose, each (n - 1, 3)."""
    x, y, w = _tilt_quaternions(pose[:, 2:])
    # The body's centre lies half a thickness below its top, along the tilted normal.
    below = PLATFORM_HALF_EXTENTS_M[2] * np.stack(
        [-2 * y * w, 2 * x * w, 2 * (x * x + y * y) - 1], 1
    )
    below[:, :2] += pose[:, :2]
    # Vector part of the quaternion product q[k + 1] conj(q[k]): the rotation from pose to pose.
    cross = y[1:] * x[:-1] - x[1:] * y[:-1]
    turn = np.stack([w[:-1] * x[1:] - w[1:] * x[:-1], w[:-1] * y[1:] - w[1:] * y[:-1], cross], 1)
    sine = np.linalg.norm(turn, axis=1, keepdims=True)
    angle = 2 * np.arcsin(sine)
    scale = np.divide(angle, sine, out=np.full_like(sine, 2.0), where=sine > 1e-12)
    angular = scale * turn / dt_s
    return np.diff(below, axis=0) / dt_s, angular


def _tilt_quaternions(tilt: Vector) -> tuple[Vector, Vector, Vector]:
    """Components x, y, w of the quaternions of tilts [rad], each shape (n,); z is zero."""
    angle = np.hypot(*tilt.T)
    scale = np.sinc(angle / (2 * np.pi)) / 2
    return scale * tilt[:, 0], scale * tilt[:, 1], np.cos(angle / 2)


STATIONARY = PlatformMotion()
