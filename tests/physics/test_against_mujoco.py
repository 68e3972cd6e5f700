"""The infant of Bullet and of our formulas beside the same infant in MuJoCo.

MuJoCo reads the text that :meth:`Infant.mjcf` gives. Bullet's steps are of first order, MuJoCo's
here of fourth order and far smaller; what differs is the step, and shrinks with it.
"""

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params, mass_matrix
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.body.statics import gravity_torque
from dmi_sim.infant import Infant
from tests.body import peer
from tests.mechanics import WorldFactory
from tests.physics.scenes import Trace, collapse, in_bullet, in_mujoco, swinging_leg

AGES = (0, 6, 24)
N_POSES = 100
LEG = [AXIS_INDEX["left_hip.flexion"], AXIS_INDEX["left_knee.flexion"]]


def poses() -> list[tuple[Vector, Vector]]:
    """Pelvis quaternions and anatomical angles [rad], far apart."""
    random = np.random.default_rng(6)
    turns, angles = random.normal(size=(N_POSES, 3)), random.normal(0, 0.6, (N_POSES, 34))
    return [(quaternion_of(turn), angle) for turn, angle in zip(turns, angles, strict=True)]


@pytest.mark.parametrize("age_months", AGES)
def test_the_mass_matrix_is_that_of_mujoco_in_any_pose(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    model, masses = peer.model_of(infant), inertial_params(infant.ordered_segments)
    for _, angle in poses():
        ours, theirs = mass_matrix(masses, angle), peer.mass_matrix(model, angle)
        scale = np.sqrt(np.outer(np.diag(theirs), np.diag(theirs)))
        assert np.abs((ours - theirs) / scale).max() < 1e-6


@pytest.mark.parametrize("age_months", AGES)
def test_weight_asks_of_every_joint_what_it_asks_in_mujoco(age_months: float) -> None:
    infant = Infant.from_spec(age_months)
    model, masses = peer.model_of(infant), inertial_params(infant.ordered_segments)
    for quat, angle in poses():
        ours = gravity_torque(masses, angle, peer.up_in(quat))
        theirs = peer.gravity_torque(model, quat, angle)
        assert np.abs(ours - theirs)[:3].max() < 1e-6 * np.linalg.norm(theirs[:3])
        assert np.abs(ours - theirs)[3:].max() < 1e-6 * np.abs(theirs[6:]).max()


def leg_error(trace: Trace, reference: Trace) -> float:
    """Largest difference of hip or knee over the range that the reference sweeps."""
    ours, theirs = trace.angle_rad[:, LEG], reference.angle_rad[:, LEG]
    return float((np.abs(ours - theirs).max(axis=0) / np.ptp(theirs, axis=0)).max())


@pytest.mark.parametrize("age_months", AGES)
def test_a_leg_swings_for_a_second_as_in_mujoco(age_months: float) -> None:
    scene = swinging_leg(Infant.from_spec(age_months))
    reference = in_mujoco(scene, 3840)
    assert np.ptp(reference.angle_rad[:, LEG], axis=0).min() > np.radians(40)
    assert leg_error(in_bullet(scene, 240), reference) < 0.02
    assert leg_error(in_bullet(scene, 960), reference) < 0.005


def path_error(trace: Trace, reference: Trace, frames: int) -> float:
    """Largest distance [m] between the heads, or the centres of mass, of two falls."""
    gaps = (trace.head_m - reference.head_m)[:frames], (trace.com_m - reference.com_m)[:frames]
    return float(np.linalg.norm(gaps, axis=2).max())


@pytest.mark.parametrize("age_months", AGES)
def test_an_infant_let_go_in_sitting_collapses_as_in_mujoco(
    worlds_at: WorldFactory, age_months: float
) -> None:
    """Until trunk or head land: how they roll over the thighs multiplies every difference."""
    setup, world = worlds_at(age_months)
    scene = collapse(setup.infant, world.start)
    coarse, fine, reference = in_bullet(scene, 240), in_bullet(scene, 960), in_mujoco(scene, 1920)
    landing = int(np.argmax(reference.has_landed))
    fallen_m = reference.head_m[0, 2] - reference.head_m[landing, 2]
    assert fallen_m > 0.25 * setup.infant.length_m
    assert int(np.argmax(coarse.has_landed)) == pytest.approx(landing, abs=1)
    assert path_error(coarse, reference, landing) < 0.02 * setup.infant.length_m
    assert path_error(fine, reference, landing) < 0.005 * setup.infant.length_m
    assert path_error(fine, reference, landing) < 0.02 * fallen_m
