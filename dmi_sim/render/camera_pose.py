"""Where a camera stands so that everything is in the picture."""

from dataclasses import dataclass
from math import cos, sin, tan

import numpy as np

from dmi_sim.arrays import Vector

FIELD_OF_VIEW_RAD = 0.47
"""Upright; narrow, so that near limbs do not look large."""
_ASPECT = 1.3
"""Width over height of the narrowest screen for which there is room."""
_MARGIN = 1.06


@dataclass(frozen=True)
class CameraPose:
    """From where a perspective camera series_styles, and at what, in the world [m], each (3,)."""

    eye_m: Vector
    look_at_m: Vector


def camera_axes(azimuth_rad: float, elevation_rad: float) -> Vector:
    """Rows: right, up and towards a camera in the world, (3, 3).

    Args:
        azimuth_rad: From +x towards +y, to where the camera stands.
        elevation_rad: Above the horizon.
    """
    a, e = azimuth_rad, elevation_rad
    right = (-sin(a), cos(a), 0.0)
    up = (-sin(e) * cos(a), -sin(e) * sin(a), cos(e))
    towards = (cos(e) * cos(a), cos(e) * sin(a), sin(e))
    return np.array((right, up, towards))


def camera_pose_of(points_world: Vector, azimuth_rad: float, elevation_rad: float) -> CameraPose:
    """The nearest place on a line of step_record from which all points are in the picture.

    Args:
        points_world: What must be seen [m], (n, 3).
        azimuth_rad: See :func:`camera_axes`.
        elevation_rad: See :func:`camera_axes`.
    """
    axes = camera_axes(azimuth_rad, elevation_rad)
    seen = points_world @ axes.T
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    right, up, near = np.abs(seen - middle).T[0], np.abs(seen - middle).T[1], seen[:, 2] - middle[2]
    reach = np.maximum(up, right / _ASPECT) * _MARGIN / tan(FIELD_OF_VIEW_RAD / 2)
    look_at = middle @ axes
    return CameraPose(look_at + float(np.max(near + reach)) * axes[2], look_at)
