"""Between generalised coordinates and anatomy nothing is lost, and power is the same in both."""

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX, SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import joint_quaternions
from dmi_sim.physics.coordinates import (
    IS_HINGE,
    JOINT_Q,
    JOINT_U,
    N_Q,
    N_U,
    generalised_torques,
    unpack_joints,
)
from tests.physics.joints import coordinates_of, joint_numbers, moving, place_of, spin_of, still

RANDOM = np.random.default_rng(8)
ANGLE = RANDOM.normal(0, 0.6, 34)
AT_REST = np.zeros((14, 3))


def test_angles_survive_the_way_through_the_engine() -> None:
    angle, _, quat, _, _ = unpack_joints(*coordinates_of(ANGLE, AT_REST))
    assert angle == pytest.approx(ANGLE)
    assert quat == pytest.approx(joint_quaternions(ANGLE))


def test_every_joint_has_its_place_in_positions_and_velocities() -> None:
    assert np.diff([*JOINT_Q, N_Q]).tolist() == [1 if hinge else 4 for hinge in IS_HINGE]
    assert np.diff([*JOINT_U, N_U]).tolist() == [1 if hinge else 3 for hinge in IS_HINGE]
    assert IS_HINGE.tolist() == [node.is_hinge for node in SEGMENTS[1:]]
    assert (JOINT_Q[0], JOINT_U[0]) == (7, 6)  # after position and attitude of the pelvis
    assert (N_Q, N_U) == (51, 40)


def test_the_spin_of_a_child_is_read_as_it_is() -> None:
    spin = RANDOM.normal(size=(14, 3))
    spin[IS_HINGE, 0] = spin[IS_HINGE, 2] = 0.0
    assert (unpack_joints(*coordinates_of(ANGLE, spin))[3] == spin).all()


def test_rates_are_the_derivatives_of_angles() -> None:
    step, rate = 1e-6, RANDOM.normal(size=34)
    before, after = (
        unpack_joints(*coordinates_of(ANGLE + sign * step * rate, AT_REST))[2] for sign in (-1, 1)
    )
    spin = np.empty((14, 3))
    for j, (a, b) in enumerate(zip(before, after, strict=True)):
        conjugate = np.array([-a[0], -a[1], -a[2], a[3]])
        imaginary = conjugate[3] * b[:3] + b[3] * conjugate[:3] + np.cross(conjugate[:3], b[:3])
        spin[j] = 2 * imaginary / (2 * step)
    assert unpack_joints(*coordinates_of(ANGLE, spin))[1] == pytest.approx(rate, abs=1e-4)


def joint_power(torque: Vector, spin: Vector) -> float:
    """Power of torques that are conjugate to the joints' part of ``u`` [W]."""
    return float(torque @ joint_numbers(spin))


@pytest.mark.parametrize("seed", range(5))
def test_torques_do_the_same_work_on_joints_as_on_angles(seed: int) -> None:
    random = np.random.default_rng(seed)
    angle, rate, torque = random.normal(0, 0.6, 34), *random.normal(size=(2, 34))
    jacobian = unpack_joints(*moving(angle, rate))[4]
    power = joint_power(generalised_torques(torque, jacobian), spin_of(angle, rate))
    assert power == pytest.approx(torque @ rate, rel=1e-12)


def test_a_knee_that_flexes_is_driven_by_its_one_torque() -> None:
    torque = np.zeros(34)
    torque[AXIS_INDEX["left_knee.flexion"]] = 2.0
    out = generalised_torques(torque, unpack_joints(*still(np.zeros(34)))[4])
    knee = [place.joint for place in SEGMENTS[1:]].index("left_knee")
    assert np.abs(out).sum() == 2.0
    assert np.abs(out[place_of(knee)]).tolist() == [2.0]
    assert IS_HINGE[knee]
