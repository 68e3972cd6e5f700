"""A platform moves as it is told, whatever lies on it, and carries an infant by friction."""

from collections.abc import Callable, Generator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import matrix_of, product, quaternion_of, rotation_vector_of
from dmi_sim.nervous.motor_command import equilibrium_command
from dmi_sim.physics.engine import Engine
from dmi_sim.physics.platform import STATIONARY, PlatformKeyframe, PlatformMotion
from dmi_sim.physics.pose import UPRIGHT, Pose, standing_on_floor
from dmi_sim.physics.scene import PLATFORM_HALF_EXTENTS_M, Scene
from dmi_sim.physics.world import World
from tests.mechanics import TICKS, WorldFactory
from tests.physics.bullet_access import corrupt, engine_of
from tests.physics.readings import body, read

DT_S = 1 / 240
ON_BOARD = Scene(has_platform=True)
SLOW = PlatformMotion(
    (
        PlatformKeyframe(0.5),
        PlatformKeyframe(3.0, (0.10, 0.05), (0.10, -0.05)),
        PlatformKeyframe(5.5, (-0.05, 0.0), (-0.05, 0.10)),
    )
)
QUICK = PlatformMotion(
    (PlatformKeyframe(0.2), PlatformKeyframe(0.7, (0.05, -0.03), (0.1, 0.1)), PlatformKeyframe(1.2))
)


@pytest.fixture(scope="module")
def world(worlds_at: WorldFactory) -> Generator[World, None, None]:
    """A sitting infant of 7 months on a platform."""
    setup, _ = worlds_at(7)
    made = World(setup.infant, setup.start, 240, ON_BOARD)
    yield made
    made.close()


@pytest.fixture
def frozen(world: World) -> Generator[Engine, None, None]:
    """The engine of that world, its joints locked in sitting; a live one again afterwards."""
    engine = engine_of(world)
    engine.set_pose(world.start)
    engine.freeze_joints(world.start)
    yield engine
    engine.rebuild()


def on_platform(engine: Engine, point: Vector) -> Vector:
    """A point of the world as one who stands on the platform sees it [m], from the middle of it."""
    pose, _ = engine.platform_state()
    return matrix_of(pose[3:]).T @ (point - pose[:3])


def commands(
    engine: Engine, platform_motion: PlatformMotion, dt_s: float = DT_S
) -> list[list[list[float]]]:
    """What moves the platform in each step."""
    return engine.platform_commands(platform_motion.steps(dt_s)).tolist()


def path_of(engine: Engine, platform_motion: PlatformMotion, dt_s: float = DT_S) -> Vector:
    """Pelvis of a rigid body in the world and on the moving platform [m], (n, 2, 3)."""
    seen: list[list[Vector]] = []
    for linear, angular in commands(engine, platform_motion, dt_s):
        engine.set_platform_velocity(linear, angular)
        engine.step()
        pelvis = read(engine)[0][:3]
        seen.append([pelvis, on_platform(engine, pelvis)])
    return np.array(seen)


def test_a_loaded_platform_is_where_its_motion_says(world: World) -> None:
    world.reset(world.start, platform_motion=QUICK)
    engine = engine_of(world)
    for _ in range(300):
        world.advance(1)
        place, rate = QUICK.at(world.time_s)
        turn = quaternion_of(np.array([*place[2:], 0.0]))
        below = matrix_of(turn) @ np.array([0.0, 0.0, -PLATFORM_HALF_EXTENTS_M[2]])
        pose, _ = engine.platform_state()
        error = product(pose[3:], turn * np.array([-1, -1, -1, 1]))
        assert pose[:3] == pytest.approx(np.array([*place[:2], 0.0]) + below, abs=1e-8)
        assert rotation_vector_of(error) == pytest.approx(0.0, abs=1e-8)
        assert world.observe().platform == pytest.approx(place)
        assert rate.shape == (4,)
    assert world.observe().platform == pytest.approx(0.0)


@pytest.mark.parametrize("posture", ["sitting", "standing"])
def test_a_rigid_body_keeps_still_on_a_platform_at_rest(world: World, posture: str) -> None:
    """The rigid body test of the floor, on a platform that has come to rest tilted by 3 degrees."""
    engine = engine_of(world)
    straight = Pose(np.zeros(3), UPRIGHT.copy(), np.zeros(34))
    standing = standing_on_floor(straight, engine.infant, engine.masses.joint_m)
    pose = world.start if posture == "sitting" else standing
    engine.set_pose(pose)
    engine.freeze_joints(pose)
    path_of(engine, PlatformMotion((PlatformKeyframe(2.0, (0.05, 0.0), (0.05, 0.0)),)))
    squares: list[float] = []
    for tick in range(6 * 240):
        engine.step()
        if tick >= 240 and tick % TICKS == 0:
            velocity = body(engine)["com_velocity"]
            squares.append(float(velocity @ velocity))
    engine.rebuild()
    assert np.sqrt(np.mean(squares)) < 1e-3


def test_a_rigid_body_moves_without_sliding(frozen: Engine) -> None:
    path = path_of(frozen, SLOW)
    away = np.linalg.norm(path[:, 1] - path[120, 1], axis=1)[120:]
    speed = np.linalg.norm(np.diff(path[120:, 1], axis=0), axis=1) / DT_S
    assert np.ptp(path[:, 0, 0]) > 0.1
    assert away.max() < 2e-3
    assert np.sqrt(np.mean(speed**2)) < 2e-3


def test_friction_gives_a_rigid_body_the_acceleration_of_the_platform(frozen: Engine) -> None:
    """Force over mass against the second derivative of the shift, over a level platform_motion."""
    platform_motion, mass = (
        PlatformMotion((PlatformKeyframe(1.0, (0.15, 0.0)),)),
        frozen.infant.mass_kg,
    )
    forces: list[Vector] = []
    for linear, angular in commands(frozen, platform_motion)[:-1]:
        frozen.set_platform_velocity(linear, angular)
        frozen.step()
        forces.append(frozen.contact_forces()[:, 3:].sum(axis=0))
    speed = np.array([platform_motion.at(k * DT_S)[1][0] for k in range(242)])
    pulled, asked = np.array(forces)[:, 0], mass * np.diff(speed)[:240] / DT_S
    assert np.abs(asked).max() > 0.05 * mass * 9.81
    assert np.sqrt(np.mean((pulled - asked)[10:] ** 2)) < 0.05 * np.abs(asked).max()
    assert DT_S * pulled.sum() == pytest.approx(0.0, abs=0.02 * mass)


def test_a_platform_that_is_snatched_away_slides_out_from_under(frozen: Engine) -> None:
    """Friction is the coefficient times the pressure, whichever way the platform goes (Coulomb)."""
    platform_motion, shares = PlatformMotion((PlatformKeyframe(0.25, (0.35, 0.35)),)), list[float]()
    for linear, angular in commands(frozen, platform_motion)[:-20]:
        frozen.set_platform_velocity(linear, angular)
        frozen.step()
        force = frozen.contact_forces()[:, 3:].sum(axis=0)
        shares.append(float(np.hypot(force[0], force[1]) / force[2]))
    friction = frozen.infant.anthropometry.spec.contact_friction.value
    assert max(shares) <= friction * (1 + 1e-6)
    assert np.mean(shares[5:]) == pytest.approx(friction, rel=0.01)
    assert on_platform(frozen, read(frozen)[0][:3])[0] < -0.05


def test_a_level_platform_is_like_the_floor(worlds_at: WorldFactory, world: World) -> None:
    _, floor = worlds_at(7)
    seen: list[Vector] = []
    for place in (floor, world):
        place.reset(floor.start)
        for _ in range(10):
            place.begin_control_step(
                equilibrium_command(place.infant.muscles, floor.start.angle_rad)
            )
            place.advance(TICKS)
        seen.append(place.observe().segment_pos_world)
    assert seen[1] == pytest.approx(seen[0], abs=1e-4)


def test_halving_the_step_changes_little(worlds_at: WorldFactory, world: World) -> None:
    """A limp infant on a moving platform: errors fall with the step as on one at rest."""
    setup, _ = worlds_at(7)
    worlds = [world, *(World(setup.infant, setup.start, hz, ON_BOARD) for hz in (480, 960))]
    platform_motion = PlatformMotion((PlatformKeyframe(0.5, (0.03, 0.0), (0.0, 0.1)),))
    rest, moved = (errors_of(worlds, world.start, way) for way in (STATIONARY, platform_motion))
    for made in worlds[1:]:
        made.close()
    assert moved[0] < 1.2 * rest[0]
    assert moved[1] < 0.7 * moved[0] < 3e-3


def errors_of(worlds: list[World], start: Pose, platform_motion: PlatformMotion) -> list[float]:
    """How far the centre of mass after half a second differs from world to world [m]."""
    ends: list[Vector] = []
    for world in worlds:
        world.reset(start, platform_motion=platform_motion)
        world.begin_control_step(equilibrium_command(world.infant.muscles, start.angle_rad))
        world.advance(round(0.5 / world.dt_s))
        ends.append(world.observe().com_m)
    return [float(np.linalg.norm(b - a)) for a, b in pairwise(ends)]


def moved(world: World, platform_motion: PlatformMotion) -> bytes:
    """All that moves in two thirds of a second of a platform_motion."""
    world.reset(world.start, platform_motion=platform_motion)
    world.begin_control_step(equilibrium_command(world.infant.muscles, world.start.angle_rad))
    out = b""
    for _ in range(20):
        world.advance(TICKS)
        pose, velocity = engine_of(world).platform_state()
        out += world.observe().segment_pos_world.tobytes() + pose.tobytes() + velocity.tobytes()
    return out


def poisoned(world: World) -> None:
    world.reset(world.start, platform_motion=SLOW)
    world.advance(200)
    corrupt(world)
    world.advance(1)
    assert world.has_physics_fault


@pytest.mark.parametrize(
    "before",
    [
        lambda world: moved(world, QUICK),
        lambda world: moved(world, STATIONARY),
        lambda world: moved(world, replace(SLOW, keys=SLOW.keys[1:])),
        poisoned,
    ],
    ids=[
        "the same motion",
        "no motion",
        "another motion",
        "a number that was none",
    ],
)
def test_a_platform_motion_does_not_remember(
    world: World, before: Callable[[World], object]
) -> None:
    reference = moved(world, QUICK)
    before(world)
    assert moved(world, QUICK) == reference


def test_another_world_moves_the_same(worlds_at: WorldFactory, world: World) -> None:
    setup, _ = worlds_at(7)
    other = World(setup.infant, setup.start, 240, ON_BOARD)
    assert moved(other, QUICK) == moved(world, QUICK)
    assert moved(world, QUICK) != moved(world, STATIONARY)
    other.close()
