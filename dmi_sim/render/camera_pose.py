"""Poses of a camera that keep all points in the picture, and follow an infant."""

from dataclasses import dataclass
from math import cos, sin, tan

import numpy as np

from dmi_sim.arrays import Vector

FIELD_OF_VIEW_RAD = 0.47
"""Vertical field of view [rad]; narrow, so that near limbs do not look large."""
_ASPECT = 1.3
"""Width over height of the narrowest screen that shows all points."""
_MARGIN = 1.06


@dataclass(frozen=True)
class CameraPose:
    """Position of a perspective camera and the point that it looks at, world [m], each (3,)."""

    eye_m: Vector
    look_at_m: Vector


def camera_axes(azimuth_rad: float, elevation_rad: float) -> Vector:
    """Directions right, up and towards a camera in the world, as rows, shape (3, 3).

    Args:
        azimuth_rad: Direction of the camera [rad], from +x towards +y.
        elevation_rad: Elevation of the camera above the horizon [rad].

    >>> camera_axes(0.0, 0.0)[2]  # a camera in front of the infant
    array([1., 0., 0.])
    """
    a, e = azimuth_rad, elevation_rad
    right = (-sin(a), cos(a), 0.0)
    up = (-sin(e) * cos(a), -sin(e) * sin(a), cos(e))
    towards = (cos(e) * cos(a), cos(e) * sin(a), sin(e))
    return np.array((right, up, towards))


def camera_pose_of(points_world: Vector, azimuth_rad: float, elevation_rad: float) -> CameraPose:
    """The nearest camera pose in a direction that has all points in the picture.

    Args:
        points_world: Points to be seen, world [m], shape (n, 3).
        azimuth_rad: Azimuth of the camera [rad], see :func:`camera_axes`.
        elevation_rad: Elevation of the camera [rad].
    """
    axes = camera_axes(azimuth_rad, elevation_rad)
    seen = points_world @ axes.T
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    right, up, _ = np.abs(seen - middle).T
    needed = np.maximum(up, right / _ASPECT) * _MARGIN / tan(FIELD_OF_VIEW_RAD / 2)
    away_m = float(np.max(seen[:, 2] - middle[2] + needed))
    look_at = middle @ axes
    return CameraPose(look_at + away_m * axes[2], look_at)


def follow_offset_m(com_m: Vector, start_com_m: Vector, dead_zone_m: float) -> Vector:
    """The displacement of a camera that follows an infant along the floor [m], shape (3,).

    Args:
        com_m: Centre of mass now, world [m], shape (3,).
        start_com_m: Centre of mass when the camera was placed, world [m], shape (3,).
        dead_zone_m: Displacement of the infant before the camera follows [m].

    >>> follow_offset_m(np.array([2.0, 0.0, 0.1]), np.zeros(3), dead_zone_m=0.5)
    array([1.5, 0. , 0. ])
    """
    away = (com_m - start_com_m) * np.array((1.0, 1.0, 0.0))
    return away * max(0.0, 1 - dead_zone_m / max(float(np.linalg.norm(away)), 1e-9))
