"""Laws of mechanics that hold for any body: falling, flying, resting, mirrored."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import quaternion_of
from dmi_sim.env.config import EnvBuild
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.pose import UPRIGHT, Pose
from dmi_sim.physics.push import Push
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from tests.mechanics import (
    WorldFactory,
    angular_momentum,
    floor_force_n,
    in_the_air,
    joint_speed,
    mirrored,
    mirrored_angles,
    run,
)
from tests.physics.bullet_access import set_moving
from tests.physics.readings import segments

AGES = (0.0, 7.0, 24.0)


def askew(pose: Pose, seed: int) -> Pose:
    """High up, turned and bent at random."""
    random = np.random.default_rng(seed)
    return replace(
        in_the_air(pose),
        pelvis_quat_world=quaternion_of(random.normal(size=3)),
        angle_rad=pose.angle_rad + random.normal(0, 0.1, 34),
    )


@pytest.mark.parametrize("age_months", AGES)
def test_a_limp_infant_falls_freely(worlds_at: WorldFactory, age_months: float) -> None:
    _, world = worlds_at(age_months)
    states = run(world, askew(world.start, 1), 1.0)
    for earlier, later in zip(states[:15], states[15:], strict=False):
        gained = later.com_velocity_m_s - earlier.com_velocity_m_s
        seconds = later.time_s - earlier.time_s
        assert gained / seconds == pytest.approx([0, 0, -9.81], abs=5e-3)
    assert states[-1].com_velocity_m_s == pytest.approx([0, 0, -9.81], abs=1e-3)


def flight(setup: EnvBuild, world: World) -> list[State]:
    """A second in the air, after it came to rest there and a blow to the head set it turning."""
    pose = replace(askew(world.start, 2), angle_rad=world.start.angle_rad)
    blow = Push(4, 1.0, 0.1, np.array([1.0, 0.5, 0.0]) * setup.infant.mass_kg / 7.5)
    return run(world, pose, 2.2, pushes=(blow,))[34:]


@pytest.mark.parametrize("age_months", AGES)
def test_muscles_and_tissue_cannot_change_the_momentum_of_a_flying_infant(
    worlds_at: WorldFactory, age_months: float
) -> None:
    setup, world = worlds_at(age_months)
    states = flight(setup, world)
    spins = np.array([angular_momentum(setup.infant, state) for state in states])
    level = np.array([state.com_velocity_m_s[:2] for state in states])
    assert max(joint_speed(state) for state in states) > 0.005
    assert np.linalg.norm(spins - spins[0], axis=1).max() < 0.01 * np.linalg.norm(spins[0])
    assert np.abs(level - level[0]).max() < 3e-6


def test_what_is_lost_of_momentum_is_the_steps_and_shrinks_with_it(worlds_at: WorldFactory) -> None:
    losses: list[float] = []
    for physics_hz in (240, 960):
        _, world = worlds_at(7, physics_hz)
        blow = Push(4, 0.0, 0.1, np.array([4.0, 2.0, 0.0]))
        world.reset(askew(world.start, 2), pushes=(blow,))
        world.advance(physics_hz // 8)
        before = world.observe().com_velocity_m_s
        world.advance(physics_hz // 2)
        after = world.observe().com_velocity_m_s
        losses.append(float(np.linalg.norm(after - before + [0, 0, 9.81 / 2])))
    assert losses[1] < 0.5 * losses[0]


class Mechanics(NamedTuple):
    """Sums over the segments of a body.

    Attributes:
        velocity: Of the centre of mass [m/s], world, shape (3,).
        spin_momentum: Angular momentum about it [kg m2/s], world, shape (3,).
        inner_energy: Of the motion about it [J].
        energy: Of all motion and of height [J].
    """

    velocity: Vector
    spin_momentum: Vector
    inner_energy: float
    energy: float


def mechanics(engine: BulletEngine) -> Mechanics:
    """The mechanics of a body now."""
    motion, masses = segments(engine), engine.masses
    kg, arms = masses.mass_kg[:, None], np.einsum("sij,sj->si", motion.matrix, masses.com_m)
    place, velocity = motion.pos + arms, motion.velocity + np.cross(motion.angular_velocity, arms)
    com, drift = (kg * place).sum(axis=0) / kg.sum(), (kg * velocity).sum(axis=0) / kg.sum()
    own_spin = np.einsum("sji,sj->si", motion.matrix, motion.angular_velocity)
    own = np.einsum("sij,sj->si", motion.matrix, masses.inertia_kgm2 * own_spin)
    orbital = np.cross(place - com, kg * (velocity - drift))
    moving = (kg * (velocity - drift) ** 2).sum() + (masses.inertia_kgm2 * own_spin**2).sum()
    whole = float(kg.sum()) * (float(drift @ drift) / 2 + 9.81 * float(com[2]))
    return Mechanics(drift, (own + orbital).sum(axis=0), moving / 2, moving / 2 + whole)


def thrown(age_months: float, physics_hz: int, speed: float) -> tuple[Mechanics, Mechanics]:
    """A body without muscles and tissue, thrown with all joints moving, and a second later."""
    engine, random = (
        BulletEngine(Infant.from_spec(age_months), 1 / physics_hz),
        np.random.default_rng(1),
    )
    pose = Pose(np.array([0.0, 0.0, 50.0]), UPRIGHT, random.normal(0, 0.2, 34))
    set_moving(engine, pose, random, speed)
    before = mechanics(engine)
    for _ in range(physics_hz):
        engine.step()
    after = mechanics(engine)
    engine.close()
    return before, after


def changes(before: Mechanics, after: Mechanics) -> Vector:
    """What should be nought: of velocity [m/s], spin momentum, inner and all energy; shape (4,)."""
    gained = after.velocity - before.velocity + np.array([0.0, 0.0, 9.81])
    turned = after.spin_momentum - before.spin_momentum
    inner, whole = after.inner_energy - before.inner_energy, after.energy - before.energy
    return np.array([np.linalg.norm(gained), np.linalg.norm(turned), abs(inner), abs(whole)])


@pytest.mark.parametrize("age_months", AGES)
def test_a_thrown_body_without_muscles_keeps_its_momenta_and_its_energy(age_months: float) -> None:
    before, after = thrown(age_months, 240, speed=1.0)
    velocity, spin_momentum, inner, whole = changes(before, after)
    assert velocity < 2e-3
    assert spin_momentum < 0.01 * np.linalg.norm(before.spin_momentum)
    assert inner < 0.01 * before.inner_energy
    assert whole < 0.01 * Infant.from_spec(age_months).mass_kg * 9.81**2 / 2  # gained by falling


def test_what_a_fast_body_gains_or_loses_is_the_steps_and_shrinks_with_it() -> None:
    coarse, fine = (changes(*thrown(7, physics_hz, speed=2.0)) for physics_hz in (240, 960))
    assert (fine < 0.35 * coarse).all()


@pytest.mark.parametrize("age_months", AGES)
def test_at_rest_the_floor_carries_the_weight(worlds_at: WorldFactory, age_months: float) -> None:
    _, world = worlds_at(age_months)
    last = run(world, world.start, 8.0)[-1]
    assert np.linalg.norm(last.com_velocity_m_s) < 5e-3
    assert floor_force_n(world) == pytest.approx(world.weight_n, rel=0.01)


@pytest.mark.parametrize("age_months", AGES)
def test_a_falling_infant_never_gains_energy(worlds_at: WorldFactory, age_months: float) -> None:
    setup, world = worlds_at(age_months)
    states = run(world, world.start, 7.0)
    mass = setup.infant.mass_kg

    def energy(state: State) -> float:
        velocity = state.com_velocity_m_s
        return mass * (9.81 * float(state.com_m[2]) + float(velocity @ velocity) / 2)

    start = energy(states[0])
    assert max(energy(state) for state in states) < 1.02 * start
    assert energy(states[-1]) < 0.9 * start


def even(pose: Pose) -> Pose:
    """The start pose, exactly symmetric."""
    x, _, z = pose.pelvis_pos_world
    turn = pose.pelvis_quat_world * np.array([0.0, 1.0, 0.0, 1.0])
    return Pose(np.array([x, 0.0, z]), turn / np.linalg.norm(turn), pose.angle_rad)


def pair(world: World, pose: Pose, seconds: float) -> list[tuple[State, State]]:
    """States of an infant and of its mirror image."""
    return list(zip(run(world, pose, seconds), run(world, mirrored(pose), seconds), strict=True))


def bent(pose: Pose) -> Pose:
    random = np.random.default_rng(3)
    return replace(pose, angle_rad=pose.angle_rad + random.normal(0, 0.05, 34))


@pytest.mark.parametrize("age_months", AGES)
def test_a_mirrored_flight_is_the_mirror_image_of_the_flight(
    worlds_at: WorldFactory, age_months: float
) -> None:
    _, world = worlds_at(age_months)
    for state, image in pair(world, bent(in_the_air(even(world.start))), 50 / 30):
        angles = mirrored_angles(image.joint_angle_rad)
        assert np.abs(state.joint_angle_rad - angles).max() < 1e-6
        assert np.abs(state.com_m - image.com_m * [1, -1, 1]).max() < 1e-6


@pytest.mark.parametrize("age_months", AGES)
def test_a_mirrored_fall_is_the_mirror_image_of_the_fall(
    worlds_at: WorldFactory, age_months: float
) -> None:
    """Roughly: Bullet solves contacts one after the other, in an order that has no mirror."""
    setup, world = worlds_at(age_months)
    for state, image in pair(world, bent(even(world.start)), 50 / 30):
        angles = mirrored_angles(image.joint_angle_rad)
        assert np.abs(state.joint_angle_rad - angles).mean() < 0.03
        gap = np.abs(state.com_m - image.com_m * [1, -1, 1]).max()
        assert gap < 0.03 * setup.infant.length_m


def test_an_even_infant_stays_even(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(7)
    last = run(world, even(world.start), 1.0)[-1]
    assert abs(last.com_m[1]) < 0.005 * setup.infant.length_m
