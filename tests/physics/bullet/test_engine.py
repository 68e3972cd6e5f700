"""Our kinematics against Bullet's, and outside forces against Newton's laws."""

from collections.abc import Generator

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX, SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import centre_of_mass, free_inertia
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.coordinates import IS_HINGE
from dmi_sim.physics.pose import UPRIGHT, Pose
from tests.physics.bullet_access import link_states, plain_bullet, set_moving, world_com
from tests.physics.joints import joint_numbers, place_of
from tests.physics.readings import body, joints, segments

DT_S = 1 / 240
HIGH = np.array([0.0, 0.0, 50.0])


@pytest.fixture(scope="module")
def plain() -> Generator[BulletEngine, None, None]:
    """An engine that reaches Bullet through pybullet's own functions."""
    with plain_bullet():
        made = BulletEngine(Infant.from_spec(7), DT_S)
    yield made
    made.close()


@pytest.fixture(scope="module")
def direct() -> Generator[BulletEngine, None, None]:
    """An engine that reaches Bullet as this machine lets it."""
    made = BulletEngine(Infant.from_spec(7), DT_S)
    yield made
    made.close()


@pytest.fixture(params=["plain", "direct"])
def engine(request: pytest.FixtureRequest) -> BulletEngine:
    return request.getfixturevalue(request.param)


def random_pose(seed: int) -> Pose:
    random = np.random.default_rng(seed)
    return Pose(HIGH, quaternion_of(random.normal(size=3)), random.normal(0, 0.5, 34))


@pytest.mark.parametrize("seed", range(5))
def test_segments_move_as_bullet_says(plain: BulletEngine, seed: int) -> None:
    set_moving(plain, random_pose(seed), np.random.default_rng(seed), speed=1.0)
    pos, quat, matrix, velocity, spin = segments(plain)
    for s, theirs in enumerate(link_states(plain), start=1):
        arm = matrix[s] @ plain.masses.com_m[s]
        assert pos[s] + arm == pytest.approx(theirs[0], abs=1e-12)
        assert velocity[s] + np.cross(spin[s], arm) == pytest.approx(theirs[6], abs=1e-12)
        assert spin[s] == pytest.approx(theirs[7], abs=1e-12)
        assert pos[s] == pytest.approx(theirs[4], abs=1e-5)  # Bullet keeps frames in floats
        assert abs(quat[s] @ theirs[5]) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_centre_of_mass_is_bullets(plain: BulletEngine, seed: int) -> None:
    set_moving(plain, random_pose(seed), np.random.default_rng(seed), speed=1.0)
    ours, (place, velocity) = body(plain), world_com(plain)
    assert ours["com"] == pytest.approx(place, abs=1e-12)
    assert ours["com_velocity"] == pytest.approx(velocity, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_both_ways_into_bullet_tell_the_same(
    plain: BulletEngine, direct: BulletEngine, seed: int
) -> None:
    for one in (plain, direct):
        set_moving(one, random_pose(seed), np.random.default_rng(seed), speed=1.0)
        one.step()
    for ours, theirs in zip(segments(direct), segments(plain), strict=True):
        assert (ours == theirs).all()


def test_a_pose_that_is_put_is_the_pose_that_is_read(engine: BulletEngine) -> None:
    pose = random_pose(9)
    engine.set_pose(pose)
    angle, rate, _, _ = joints(engine)
    pos, quat, *_ = segments(engine)
    assert angle == pytest.approx(pose.angle_rad, abs=1e-12)
    assert np.abs(rate).max() == 0
    assert pos[0] == pytest.approx(pose.pelvis_pos_world, abs=1e-12)
    assert abs(quat[0] @ pose.pelvis_quat_world) == pytest.approx(1)


def spin_about_com(engine: BulletEngine) -> Vector:
    """Angular momentum of the whole body about its centre of mass, world."""
    pos, _, matrix, velocity, spin = segments(engine)
    masses = engine.masses
    arms = np.einsum("sij,sj->si", matrix, masses.com_m)
    momenta = masses.mass_kg[:, None] * (velocity + np.cross(spin, arms))
    com, _ = centre_of_mass(pos, matrix, velocity, spin, masses.com_m, masses.mass_kg)
    own = np.einsum("sij,sj,skj,sk->si", matrix, masses.inertia_kgm2, matrix, spin)
    return (np.cross(pos + arms - com, momenta) + own).sum(axis=0)


@pytest.mark.parametrize("segment", [0, 3, 4, 5, 9, 11])
@pytest.mark.parametrize("seed", [0, 1])
def test_an_outside_torque_turns_the_body_in_the_world_frame(
    engine: BulletEngine, segment: int, seed: int
) -> None:
    torque = np.array([0.1, 0.2, -0.3])
    engine.set_pose(random_pose(seed))
    engine.apply_torque(segment, torque.tolist())
    engine.step()
    assert spin_about_com(engine) / DT_S == pytest.approx(torque, abs=0.005)


@pytest.mark.parametrize("segment", [0, 3, 4, 5, 9, 11])
def test_an_outside_force_acts_at_its_point_in_the_world_frame(
    engine: BulletEngine, segment: int
) -> None:
    force, offset = np.array([1.0, 2.0, 3.0]), np.array([0.03, -0.02, 0.05])
    engine.set_pose(random_pose(1))
    pos, _, matrix, velocity, spin = segments(engine)
    masses = engine.masses
    com, _ = centre_of_mass(pos, matrix, velocity, spin, masses.com_m, masses.mass_kg)
    engine.apply_force(segment, force.tolist(), (pos[segment] + offset).tolist())
    engine.step()
    gained = body(engine)["com_velocity"]
    lever = pos[segment] + offset - com
    expected = np.cross(lever, force)
    assert spin_about_com(engine) / DT_S == pytest.approx(expected, abs=0.005)
    without_weight = gained / DT_S + [0, 0, 9.81]
    assert masses.mass_kg.sum() * without_weight == pytest.approx(force, abs=0.02)


def test_platform_commands_are_what_bullets_integrator_turns_into_the_velocities(
    engine: BulletEngine,
) -> None:
    """In a step Bullet moves a base by its velocity and by that velocity turned once more."""
    wanted = np.random.default_rng(2).normal(size=(20, 2, 3))
    given, kept = engine.platform_commands(wanted), wanted.copy()
    turned = given[:, 0] + DT_S * np.cross(given[:, 1], given[:, 0])
    assert turned == pytest.approx(wanted[:, 0], abs=1e-12)
    assert (given[:, 1] == wanted[:, 1]).all()
    assert (wanted == kept).all()
    assert engine.platform_commands(np.zeros((0, 2, 3))).shape == (0, 2, 3)


@pytest.mark.parametrize("joint", np.flatnonzero(IS_HINGE).tolist())
def test_with_motors_off_a_small_torque_swings_a_hinge_freely(
    engine: BulletEngine, joint: int
) -> None:
    pose = Pose(HIGH, UPRIGHT, np.zeros(34))
    engine.set_pose(pose)
    torques = np.zeros(34)
    torques[place_of(joint)] = 0.01
    steps = 12
    for _ in range(steps):
        engine.apply_torques(torques)
        engine.step()
    _, rate, _, _ = joints(engine)
    axis = int(np.abs(rate).argmax())
    inertia = free_inertia(engine.masses, pose.angle_rad)[axis]
    assert abs(rate[axis]) == pytest.approx(0.01 * steps * DT_S / inertia, rel=0.01)


def test_a_ball_joint_is_driven_in_the_frame_of_its_child(engine: BulletEngine) -> None:
    pose = random_pose(4)
    engine.set_pose(pose)
    torque, torques = np.array([0.02, -0.01, 0.03]), np.zeros(34)
    torques[place_of(3)] = torque
    engine.apply_torques(torques)
    engine.step()
    _, _, _, spin_child = joints(engine)
    power = float(torque @ spin_child[3])
    assert power > 0.5 * np.linalg.norm(torque) * np.linalg.norm(spin_child[3])
    assert spin_about_com(engine) == pytest.approx(np.zeros(3), abs=1e-5)


def test_only_the_pairs_of_the_file_touch(engine: BulletEngine) -> None:
    folded = np.zeros(34)
    for joint in ("left_hip", "right_hip", "left_knee", "right_knee", "left_elbow"):
        folded[AXIS_INDEX[f"{joint}.flexion"]] = 2.4
    for joint in ("waist", "thoracolumbar", "thoracic"):
        folded[AXIS_INDEX[f"{joint}.flexion"]] = 0.5
    engine.set_pose(Pose(HIGH, UPRIGHT, folded))
    engine.detect_collisions()
    contacts = engine.contacts()
    assert all(contact.is_own for contact in contacts)
    touching = {
        frozenset((SEGMENTS[contact.segment].kind, SEGMENTS[contact.other].kind))
        for contact in contacts
    }
    assert touching
    assert touching <= {frozenset(pair) for pair in engine.infant.anthropometry.spec.touching_pairs}


def test_a_rigid_body_is_a_rigid_body_only_until_the_world_is_built_anew() -> None:
    own = BulletEngine(Infant.from_spec(7), DT_S)
    pose = Pose(HIGH, UPRIGHT, np.zeros(34))
    pushed = np.zeros((14, 3))
    pushed[:, 1] = 0.5
    own.set_pose(pose)
    own.freeze_joints(pose)
    own.step()
    assert np.abs(joints(own)[1]).max() < 1e-6
    own.rebuild()
    own.set_pose(pose)
    own.apply_torques(joint_numbers(pushed))
    own.step()
    assert np.abs(joints(own)[1]).max() > 0.1
    own.close()
