"""A camera sees all points from the direction asked for, no farther away than needed."""

import numpy as np
import pytest

from dmi_sim.render.camera_pose import (
    FIELD_OF_VIEW_RAD,
    camera_axes,
    camera_pose_of,
    follow_offset_m,
)

LYING = np.array([(x, y, z) for x in (-0.4, 0.4) for y in (-0.2, 0.2) for z in (0.0, 0.15)])
STANDING = np.array([(x, y, z) for x in (-0.1, 0.1) for y in (-0.2, 0.2) for z in (0.0, 0.8)])
AWAY = np.concatenate((STANDING, STANDING + np.array((2.0, 0.0, 0.0))))


def picture(points: np.ndarray, azimuth: float, elevation: float) -> np.ndarray:
    """Right and up of points in half heights of the picture, (n, 2)."""
    pose = camera_pose_of(points, azimuth, elevation)
    right, up, near = ((points - pose.eye_m) @ camera_axes(azimuth, elevation).T).T
    assert (near < 0).all()
    return np.stack((right, up), axis=1) / (-near * np.tan(FIELD_OF_VIEW_RAD / 2))[:, None]


@pytest.mark.parametrize("azimuth", [-0.8, -0.3])
@pytest.mark.parametrize("points", [LYING, STANDING, AWAY, STANDING + np.array((0.0, 5.0, 0.0))])
def test_every_posture_fills_the_picture_and_stays_in_it(
    points: np.ndarray, azimuth: float
) -> None:
    right, up = np.abs(picture(points, azimuth, 0.3)).max(axis=0)
    assert max(right / 1.3, up) == pytest.approx(1 / 1.06, abs=0.02)


def test_the_camera_stands_in_the_direction_asked_for() -> None:
    pose = camera_pose_of(STANDING, np.radians(-90), np.radians(30))
    forward, left, up = (pose.eye_m - pose.look_at_m) / np.linalg.norm(pose.eye_m - pose.look_at_m)
    assert (forward, left, up) == pytest.approx((0.0, -np.cos(np.pi / 6), 0.5))


def test_axes_of_a_camera_are_right_handed_and_upright() -> None:
    axes = camera_axes(0.7, 0.4)
    assert np.cross(axes[0], axes[1]) == pytest.approx(axes[2])
    assert axes[0, 2] == 0
    assert axes[1, 2] > 0


def test_a_camera_follows_an_infant_along_the_floor_beyond_the_dead_zone() -> None:
    near, far = np.array((0.1, 0.0, 0.4)), np.array((0.0, -2.0, 0.4))
    assert follow_offset_m(near, np.zeros(3), 0.2) == pytest.approx([0.0, 0.0, 0.0])
    assert follow_offset_m(far, np.zeros(3), 0.2) == pytest.approx([0.0, -1.8, 0.0])
