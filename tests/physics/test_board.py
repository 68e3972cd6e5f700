"""A board moves as it is told, whatever lies on it, and carries an infant by friction."""

from collections.abc import Callable, Generator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import attitude_of, matrix_of, product, quaternion_of
from dmi_sim.nervous.motor_command import hold_angles
from dmi_sim.physics.bullet.engine import Engine
from dmi_sim.physics.pose import UPRIGHT, Pose, standing_on_floor
from dmi_sim.physics.platform import STILL, Ride, RideKey
from dmi_sim.physics.scene import BOARD_HALF_EDGES_M, Scene
from dmi_sim.physics.world import World
from tests.mechanics import TICKS, Place
from tests.physics.bullet_access import engine_of

DT_S = 1 / 240
ON_BOARD = Scene(has_board=True)
SLOW = Ride(
    (
        RideKey(0.5),
        RideKey(3.0, (0.10, 0.05), (0.10, -0.05)),
        RideKey(5.5, (-0.05, 0.0), (-0.05, 0.10)),
    )
)
QUICK = Ride((RideKey(0.2), RideKey(0.7, (0.05, -0.03), (0.1, 0.1)), RideKey(1.2)))


@pytest.fixture(scope="module")
def world(places: Place) -> Generator[World, None, None]:
    """A sitting infant of 7 months on a board."""
    setup, _ = places(7)
    made = World(setup.infant, setup.start, 240, ON_BOARD)
    yield made
    made.close()


@pytest.fixture
def statue(world: World) -> Generator[Engine, None, None]:
    """The engine of that world, its joints locked in sitting; a live one again afterwards."""
    engine = engine_of(world)
    engine.put(world.start)
    engine.lock(world.start)
    yield engine
    engine.rebuild()


def on_board(engine: Engine, point: Vector) -> Vector:
    """A point of the world as one who stands on the board sees it [m], from the middle of it."""
    board = engine.board()
    return matrix_of(board[3:7]).T @ (point - board[:3])


def path_of(engine: Engine, ride: Ride, dt_s: float = DT_S) -> Vector:
    """Pelvis of a statue through a ride, world, then on the board [m], shape (n, 2, 3)."""
    seen: list[list[Vector]] = []
    for linear, angular in ride.steps(dt_s).tolist():
        engine.carry(linear, angular)
        engine.step()
        pelvis = engine.base()[:3]
        seen.append([pelvis, on_board(engine, pelvis)])
    return np.array(seen)


def test_a_loaded_board_is_where_its_ride_says(world: World) -> None:
    world.reset(world.start, ride=QUICK)
    engine = engine_of(world)
    for _ in range(300):
        world.advance(1)
        place, rate = QUICK.at(world.time_s)
        turn = quaternion_of(np.array([*place[2:], 0.0]))
        below = matrix_of(turn) @ np.array([0.0, 0.0, -BOARD_HALF_EDGES_M[2]])
        board = engine.board()
        error = product(board[3:7], turn * np.array([-1, -1, -1, 1]))
        assert board[:3] == pytest.approx(np.array([*place[:2], 0.0]) + below, abs=1e-8)
        assert attitude_of(error) == pytest.approx(0.0, abs=1e-8)
        assert world.state(1).board == pytest.approx(place)
        assert rate.shape == (4,)
    assert world.state(1).board == pytest.approx(0.0)


@pytest.mark.parametrize("posture", ["sitting", "standing"])
def test_a_statue_keeps_still_on_a_board_at_rest(world: World, posture: str) -> None:
    """The statue test of the floor, on a board that has come to rest tilted by 3 degrees."""
    engine = engine_of(world)
    straight = Pose(np.zeros(3), UPRIGHT.copy(), np.zeros(34))
    standing = standing_on_floor(straight, engine.infant, engine.masses.joint_m)
    pose = world.start if posture == "sitting" else standing
    engine.put(pose)
    engine.lock(pose)
    path_of(engine, Ride((RideKey(2.0, (0.05, 0.0), (0.05, 0.0)),)))
    squares: list[float] = []
    for tick in range(6 * 240):
        engine.step()
        if tick >= 240 and tick % TICKS == 0:
            velocity = engine.read_out(engine.joints()).com_velocity
            squares.append(float(velocity @ velocity))
    engine.rebuild()
    assert np.sqrt(np.mean(squares)) < 1e-3


def test_a_statue_rides_without_sliding(statue: Engine) -> None:
    path = path_of(statue, SLOW)
    away = np.linalg.norm(path[:, 1] - path[120, 1], axis=1)[120:]
    speed = np.linalg.norm(np.diff(path[120:, 1], axis=0), axis=1) / DT_S
    assert np.ptp(path[:, 0, 0]) > 0.1
    assert away.max() < 2e-3
    assert np.sqrt(np.mean(speed**2)) < 2e-3


def test_friction_gives_a_statue_the_acceleration_of_the_board(statue: Engine) -> None:
    """Force over mass against the second derivative of the shift, over a level ride."""
    ride, mass = Ride((RideKey(1.0, (0.15, 0.0)),)), statue.infant.mass_kg
    forces: list[Vector] = []
    for linear, angular in ride.steps(DT_S)[:-1].tolist():
        statue.carry(linear, angular)
        statue.step()
        forces.append(statue.pressed()[:, 3:].sum(axis=0))
    speed = np.array([ride.at(k * DT_S)[1][0] for k in range(242)])
    pulled, asked = np.array(forces)[:, 0], mass * np.diff(speed)[:240] / DT_S
    assert np.abs(asked).max() > 0.05 * mass * 9.81
    assert np.sqrt(np.mean((pulled - asked)[10:] ** 2)) < 0.05 * np.abs(asked).max()
    assert DT_S * pulled.sum() == pytest.approx(0.0, abs=0.02 * mass)


def test_a_board_that_is_snatched_away_slides_out_from_under(statue: Engine) -> None:
    """Friction is the coefficient times the pressure, whichever way the board goes (Coulomb)."""
    ride, shares = Ride((RideKey(0.25, (0.35, 0.35)),)), list[float]()
    for linear, angular in ride.steps(DT_S)[:-20].tolist():
        statue.carry(linear, angular)
        statue.step()
        force = statue.pressed()[:, 3:].sum(axis=0)
        shares.append(float(np.hypot(force[0], force[1]) / force[2]))
    friction = statue.infant.plan.spec.contact_friction.value
    assert max(shares) <= friction * (1 + 1e-6)
    assert np.mean(shares[5:]) == pytest.approx(friction, rel=0.01)
    assert on_board(statue, statue.base()[:3])[0] < -0.05


def test_a_level_board_is_like_the_floor(places: Place, world: World) -> None:
    _, floor = places(7)
    seen: list[Vector] = []
    for place in (floor, world):
        place.reset(floor.start)
        for _ in range(10):
            place.begin_control_step(hold_angles(place.infant.muscles, floor.start.angle_rad))
            place.advance(TICKS)
        seen.append(place.state(TICKS).segment_pos_world)
    assert seen[1] == pytest.approx(seen[0], abs=1e-4)


def test_halving_the_step_changes_little(places: Place, world: World) -> None:
    """A relaxed infant through a ride: errors fall with the step as they do on a board at rest."""
    setup, _ = places(7)
    worlds = [world, *(World(setup.infant, setup.start, hz, ON_BOARD) for hz in (480, 960))]
    ride = Ride((RideKey(0.5, (0.03, 0.0), (0.0, 0.1)),))
    rest, moved = (errors_of(worlds, world.start, way) for way in (STILL, ride))
    for made in worlds[1:]:
        made.close()
    assert moved[0] < 1.2 * rest[0]
    assert moved[1] < 0.7 * moved[0] < 3e-3


def errors_of(worlds: list[World], start: Pose, ride: Ride) -> list[float]:
    """How far the centre of mass after half a second differs from world to world [m]."""
    ends: list[Vector] = []
    for world in worlds:
        world.reset(start, ride=ride)
        world.begin_control_step(hold_angles(world.infant.muscles, start.angle_rad))
        world.advance(round(0.5 / world.dt_s))
        ends.append(world.state(1).com_m)
    return [float(np.linalg.norm(b - a)) for a, b in pairwise(ends)]


def ridden(world: World, ride: Ride) -> bytes:
    """All that moves in two thirds of a second of a ride."""
    world.reset(world.start, ride=ride)
    world.begin_control_step(hold_angles(world.infant.muscles, world.start.angle_rad))
    out = b""
    for _ in range(20):
        world.advance(TICKS)
        state = world.state(TICKS)
        out += state.segment_pos_world.tobytes() + engine_of(world).board().tobytes()
    return out


def poisoned(world: World) -> None:
    world.reset(world.start, ride=SLOW)
    world.advance(200)
    world.corrupt()
    world.advance(1)
    assert world.is_broken


@pytest.mark.parametrize(
    "history",
    [
        lambda world: ridden(world, QUICK),
        lambda world: ridden(world, STILL),
        lambda world: ridden(world, replace(SLOW, keys=SLOW.keys[1:])),
        poisoned,
    ],
    ids=["the same ride", "no ride", "another ride", "a number that was none"],
)
def test_a_ride_does_not_remember(world: World, history: Callable[[World], object]) -> None:
    reference = ridden(world, QUICK)
    history(world)
    assert ridden(world, QUICK) == reference


def test_another_world_rides_the_same(places: Place, world: World) -> None:
    setup, _ = places(7)
    other = World(setup.infant, setup.start, 240, ON_BOARD)
    assert ridden(other, QUICK) == ridden(world, QUICK)
    assert ridden(world, QUICK) != ridden(world, STILL)
    other.close()
