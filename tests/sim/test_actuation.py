"""Between Bullet's joint states and anatomy: nothing is lost on the way."""

import numpy as np
import pytest

from dmi_sim.body.arrays import Vector
from dmi_sim.body.axes import AXIS_INDEX
from dmi_sim.body.kinematics import joint_quaternions
from dmi_sim.muscle.torque import active_torque, add_passive_torque, advance_activation
from dmi_sim.nervous.reflex import reflex_excitation
from dmi_sim.sim.actuation import (
    FLAT_START,
    IS_HINGE,
    child_torques,
    neuromuscular_step,
    unpack_joints,
)
from dmi_sim.sim.engine import joint_positions

RANDOM = np.random.default_rng(8)
ANGLE = RANDOM.normal(0, 0.6, 34)


def flat_of(angle: Vector, spin_child: Vector) -> Vector:
    """What Bullet reports of joints at angles and child-frame velocities (14, 3)."""
    flat: list[float] = []
    for j, position in enumerate(joint_positions(angle)):
        flat += position
        flat += [spin_child[j, 1]] if IS_HINGE[j] else spin_child[j].tolist()
    return np.array(flat)


def test_angles_survive_the_way_through_the_engine() -> None:
    angle, _, quat, _, _ = unpack_joints(flat_of(ANGLE, np.zeros((14, 3))))
    assert angle == pytest.approx(ANGLE)
    assert quat == pytest.approx(joint_quaternions(ANGLE))


def test_the_flat_list_has_a_place_for_every_joint() -> None:
    flat = flat_of(ANGLE, np.zeros((14, 3)))
    widths = np.diff([*FLAT_START, flat.size])
    assert widths.tolist() == [2 if hinge else 7 for hinge in IS_HINGE]


def test_rates_are_the_derivatives_of_angles() -> None:
    step, rate = 1e-6, RANDOM.normal(size=34)
    before, after = (
        unpack_joints(flat_of(ANGLE + sign * step * rate, np.zeros((14, 3))))[2] for sign in (-1, 1)
    )
    spin = np.empty((14, 3))
    for j, (a, b) in enumerate(zip(before, after, strict=True)):
        conjugate = np.array([-a[0], -a[1], -a[2], a[3]])
        imaginary = conjugate[3] * b[:3] + b[3] * conjugate[:3] + np.cross(conjugate[:3], b[:3])
        spin[j] = 2 * imaginary / (2 * step)
    assert unpack_joints(flat_of(ANGLE, spin))[1] == pytest.approx(rate, abs=1e-4)


def test_torques_do_the_same_work_on_joints_as_on_angles() -> None:
    spin = RANDOM.normal(size=(14, 3))
    spin[IS_HINGE] *= [0, 1, 0]
    torque = RANDOM.normal(size=34)
    _, rate, _, _, jacobian = unpack_joints(flat_of(ANGLE, spin))
    child = child_torques(torque, jacobian)
    on_balls = (child[~IS_HINGE] * spin[~IS_HINGE]).sum()
    on_hinges = (child[IS_HINGE, 0] * spin[IS_HINGE, 1]).sum()
    assert on_balls + on_hinges == pytest.approx(torque @ rate)


def test_a_knee_that_flexes_is_driven_by_its_one_torque() -> None:
    torque = np.zeros(34)
    torque[AXIS_INDEX["left_knee.flexion"]] = 2.0
    jacobian = unpack_joints(flat_of(np.zeros(34), np.zeros((14, 3))))[4]
    child = child_torques(torque, jacobian)
    assert np.abs(child).sum() == 2.0
    assert IS_HINGE[np.flatnonzero(np.abs(child).sum(axis=1))].all()


def test_the_compiled_step_is_made_of_its_parts() -> None:
    """Numba's cache of a caller outlives a change in what it calls; this notices."""
    flat = flat_of(ANGLE, RANDOM.normal(size=(14, 3)))
    equilibrium, dt_s = RANDOM.normal(0, 0.5, 34), 1 / 240
    strength, reflex = RANDOM.uniform(1, 5, (2, 34)), RANDOM.uniform(0.1, 2, (2, 34))
    tissue = np.array([[v] * 34 for v in (2.0, 0.5, -0.4, 0.4, 0.1, 1e-3)])
    before = RANDOM.uniform(0, 0.5, (2, 34))
    whole, pieces = before.copy(), before.copy()
    constants = np.array([0.04, 9.0, dt_s])
    torques, fastest = neuromuscular_step(
        flat, equilibrium, whole, strength, tissue, reflex, constants
    )
    angle, rate, _, _, jacobian = unpack_joints(flat)
    excitation, torque = np.empty(34), np.empty(34)
    reflex_excitation(equilibrium, angle, rate, reflex, excitation)
    advance_activation(pieces, excitation, 0.04, dt_s)
    active_torque(pieces, strength, torque)
    add_passive_torque(angle, rate, tissue, 9.0, dt_s, torque)
    assert whole == pytest.approx(pieces)
    assert torques == pytest.approx(child_torques(torque, jacobian))
    assert fastest == pytest.approx(np.abs(rate).max())
