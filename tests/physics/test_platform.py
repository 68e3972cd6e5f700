"""A platform moves from key to key as minimum jerk says, and its velocities bring it there."""

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import matrix_of, product, quaternion_of, rotation_vector_of
from dmi_sim.errors import InputError
from dmi_sim.physics.platform import LARGEST_TILT_RAD, STATIONARY, PlatformKeyframe, PlatformMotion
from dmi_sim.physics.scene import PLATFORM_HALF_EXTENTS_M

DT_S = 1 / 240
RIDE = PlatformMotion(
    (
        PlatformKeyframe(0.5),
        PlatformKeyframe(1.5, (0.1, 0.0), (0.1, 0.2)),
        PlatformKeyframe(2.2, (0.0, -0.1)),
    )
)


def test_a_platform_that_has_no_motion_stays() -> None:
    place, velocity = STATIONARY.at(3.0)
    assert not place.any()
    assert not velocity.any()
    assert STATIONARY.steps(DT_S).shape == (0, 2, 3)


@pytest.mark.parametrize("key", RIDE.keys)
def test_a_platform_rests_at_every_key(key: PlatformKeyframe) -> None:
    place, velocity = RIDE.at(key.time_s)
    assert place == pytest.approx([*key.shift_m, *key.tilt_rad])
    assert velocity == pytest.approx(0.0)


def test_a_platform_waits_between_equal_keys_and_after_the_last() -> None:
    assert not RIDE.at(0.3)[0].any()
    assert RIDE.at(99.0)[0] == pytest.approx([0.0, -0.1, 0.0, 0.0])


def test_half_way_in_half_the_time_at_the_speed_of_minimum_jerk() -> None:
    """Flash and Hogan (1985): the peak speed is 1.875 times the mean speed."""
    place, velocity = PlatformMotion((PlatformKeyframe(0.8, (0.2, 0.0)),)).at(0.4)
    assert place[0] == pytest.approx(0.1)
    assert velocity[0] == pytest.approx(1.875 * 0.2 / 0.8)


@pytest.mark.parametrize("time_s", np.linspace(0.1, 2.3, 12))
def test_velocity_is_the_derivative_of_place(time_s: float) -> None:
    ahead, behind = RIDE.at(time_s + 1e-6)[0], RIDE.at(time_s - 1e-6)[0]
    assert RIDE.at(time_s)[1] == pytest.approx((ahead - behind) / 2e-6, abs=1e-6)


def carried(platform_motion: PlatformMotion, dt_s: float) -> tuple[Vector, Vector]:
    """Where the mean velocities of its steps bring a platform's centre and quaternion."""
    pos, quat = np.array([0.0, 0.0, -PLATFORM_HALF_EXTENTS_M[2]]), quaternion_of(np.zeros(3))
    for linear, angular in platform_motion.steps(dt_s):
        pos = pos + dt_s * linear
        quat = product(quaternion_of(dt_s * angular), quat)
    return pos, quat


@pytest.mark.parametrize("physics_hz", [240, 240 * np.pi, 1000])
def test_velocities_of_all_steps_bring_a_platform_to_its_last_key(physics_hz: float) -> None:
    platform_motion = PlatformMotion((PlatformKeyframe(0.7, (0.1, -0.2), (0.2, -0.1)),))
    pos, quat = carried(platform_motion, 1 / physics_hz)
    goal = quaternion_of(np.array([0.2, -0.1, 0.0]))
    below = matrix_of(goal) @ np.array([0.0, 0.0, -PLATFORM_HALF_EXTENTS_M[2]])
    assert rotation_vector_of(quat) == pytest.approx([0.2, -0.1, 0.0], abs=1e-9)
    assert pos == pytest.approx(np.array([0.1, -0.2, 0.0]) + below, abs=1e-12)


def test_the_last_step_is_rest() -> None:
    assert not RIDE.steps(DT_S)[-1].any()
    assert RIDE.steps(DT_S)[-2].any()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ((PlatformKeyframe(0.0, (0.1, 0.0)),), "level and centred at 0 s"),
        ((PlatformKeyframe(1.0), PlatformKeyframe(1.0)), r"must rise from 0 s, not \[1.0, 1.0\]"),
        ((PlatformKeyframe(-1.0),), "must rise from 0 s"),
        ((PlatformKeyframe(1.0, tilt_rad=(0.4, 0.4)),), f"tilts by {LARGEST_TILT_RAD} rad at most"),
        ((PlatformKeyframe(1.0, (np.nan, 0.0)),), "not all finite"),
        ((PlatformKeyframe(np.inf),), "not all finite"),
    ],
)
def test_a_path_that_no_platform_can_take_is_refused(
    keys: tuple[PlatformKeyframe, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        PlatformMotion(keys)
