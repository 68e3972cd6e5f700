"""No buzz: a rigid body keeps still, and neither reflexes nor hands make an infant tremble."""

from collections.abc import Generator
from contextlib import closing
from functools import cache

import numpy as np
import pytest

from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import equilibrium_command, excitation_command, silent_command
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.pose import UPRIGHT, Pose, standing_on_floor
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory, floor_force_n, in_the_air, joint_speed, run
from tests.physics.readings import body, scene_force_n

AGES = (0.0, 3.0, 6.0, 12.0, 24.0)
DT_S = 1 / 240


@cache
def frozen(age_months: float) -> BulletEngine:
    """An engine of its own, whose joints can be locked."""
    return BulletEngine(Infant.from_spec(age_months), DT_S)


@pytest.fixture(autouse=True, scope="module")
def closed_engines() -> Generator[None, None, None]:
    yield
    for age in AGES:
        frozen(age).close()
    frozen.cache_clear()  # tests of this module may come back to a worker that was through with it


def standing(engine: BulletEngine) -> Pose:
    """Straight as a soldier, soles on the floor."""
    straight = Pose(np.array([0.0, 0.0, 1.0]), UPRIGHT.copy(), np.zeros(34))
    return standing_on_floor(straight, engine.infant, engine.masses.joint_m)


@pytest.mark.parametrize("posture", ["sitting", "standing"])
@pytest.mark.parametrize("age_months", AGES)
def test_a_rigid_body_keeps_still_on_the_floor(
    worlds_at: WorldFactory, age_months: float, posture: str
) -> None:
    _, world = worlds_at(age_months)
    engine = frozen(age_months)
    pose = world.start if posture == "sitting" else standing(engine)
    engine.rebuild()
    engine.set_pose(pose)
    engine.freeze_joints(pose)
    squares: list[float] = []
    for tick in range(11 * 240):
        engine.step()
        if tick >= 240 and tick % 8 == 0:
            velocity = body(engine)["com_velocity"]
            squares.append(float(velocity @ velocity))
    assert len(squares) == 300
    assert np.sqrt(np.mean(squares)) < 1e-3
    assert scene_force_n(engine.contacts()) == pytest.approx(world.weight_n, rel=1e-3)


@pytest.mark.parametrize("age_months", AGES)
def test_a_rigid_body_falls_through_the_air_as_one_piece(
    worlds_at: WorldFactory, age_months: float
) -> None:
    _, world = worlds_at(age_months)
    engine, pose = frozen(age_months), in_the_air(world.start)
    engine.rebuild()
    engine.set_pose(pose)
    engine.freeze_joints(pose)
    for _ in range(240):
        engine.step()
    seen = body(engine)
    assert np.abs(seen["rate"]).max() < 1e-6
    assert seen["com_velocity"] == pytest.approx([0, 0, -9.81], abs=1e-3)


@pytest.mark.parametrize("age_months", AGES)
def test_tone_does_not_tremble_until_the_infant_topples(
    worlds_at: WorldFactory, age_months: float
) -> None:
    """In the first 0.4 s tissue finds its rest: about 1 rad/s in the mean over all joints."""
    _, world = worlds_at(age_months)
    states = run(world, world.start, 4.0)
    tilts = [np.degrees(state.upright_rad) for state in states]
    toppling = next((k for k, tilt in enumerate(tilts) if tilt > 10), len(states))
    assert toppling > 9  # 0.3 s
    assert max(joint_speed(state) for state in states[:toppling]) < 1.5
    assert max(joint_speed(state) for state in states[min(12, toppling - 1) : toppling]) < 0.25


def swing_deg(states: list[State]) -> float:
    """How far the joint that moves most goes to and fro."""
    angles = np.array([state.joint_angle_rad for state in states])
    return float(np.degrees(np.ptp(angles, axis=0).max()))


@pytest.mark.parametrize("age_months", AGES)
def test_tone_is_calm_in_the_air(worlds_at: WorldFactory, age_months: float) -> None:
    """Limbs are lightly damped, and swing as pendulums for about a second."""
    _, world = worlds_at(age_months)
    states = run(world, in_the_air(world.start), 4.0)
    assert max(joint_speed(state) for state in states[30:]) < 0.1
    assert max(joint_speed(state) for state in states[60:]) < 0.06
    assert swing_deg(states[75:]) < 1.0


@pytest.mark.parametrize("age_months", AGES)
def test_letting_go_is_calm_in_the_air(worlds_at: WorldFactory, age_months: float) -> None:
    _, world = worlds_at(age_months)
    limp = silent_command(world.infant.muscles)
    states = run(world, in_the_air(world.start), 3.0, command=limp)
    assert max(joint_speed(state) for state in states[60:]) < 0.03
    assert states[-1].activation.max() == 0


@pytest.mark.parametrize("age_months", AGES)
def test_all_muscles_at_once_end_in_stiffness_and_not_in_tremor(
    worlds_at: WorldFactory, age_months: float
) -> None:
    _, world = worlds_at(age_months)
    everything = excitation_command(np.ones(len(world.infant.muscles.names)))
    stiff = equilibrium_command(world.infant.muscles, world.start.angle_rad, cocontraction=0.3)
    for command in (everything, stiff):
        states = run(world, in_the_air(world.start), 4.2, command=command)
        assert max(joint_speed(state) for state in states[110:]) < 0.02
        assert not world.has_physics_fault


@pytest.mark.parametrize("age_months", AGES)
def test_a_fallen_infant_comes_to_rest(worlds_at: WorldFactory, age_months: float) -> None:
    _, world = worlds_at(age_months)
    states = run(world, world.start, 10.0)
    assert joint_speed(states[-1]) < 0.02
    assert max(np.abs(state.joint_velocity_rad_s).max() for state in states) < 30
    assert not world.has_physics_fault


@pytest.mark.parametrize("age_months", AGES)
def test_the_full_command_of_any_synergy_ends_in_calm(
    worlds_at: WorldFactory, age_months: float
) -> None:
    setup, world = worlds_at(age_months)
    for column in setup.angle_matrix.T:
        command = equilibrium_command(setup.infant.muscles, world.start.angle_rad + column)
        states = run(world, in_the_air(world.start), 4.0, command=command)
        assert max(joint_speed(state) for state in states[75:]) < 0.1
        assert swing_deg(states[75:]) < 1.0


@pytest.mark.parametrize("age_months", [7.0, 24.0])
def test_the_full_command_of_the_repertoire_ends_in_calm(age_months: float) -> None:
    """Legs that are lifted far swing out a little longer than those of version 0: hips flexed."""
    build = build_env(EnvConfig("sitting", age_months=age_months))
    with closing(World(build.infant, build.start, 240)) as world:
        for column in build.angle_matrix.T:
            angle_rad = world.start.angle_rad + column
            command = equilibrium_command(build.infant.muscles, angle_rad)
            states = run(world, in_the_air(world.start), 4.0, command=command)
            assert max(joint_speed(state) for state in states[75:]) < 0.15
            assert swing_deg(states[75:]) < 1.0


@pytest.mark.parametrize("age_months", [0.0, 7.0, 24.0])
@pytest.mark.parametrize("site", ["axillae", "pelvis", "feet"])
def test_hands_bring_no_buzz(worlds_at: WorldFactory, age_months: float, site: str) -> None:
    setup, world = worlds_at(age_months)
    states = run(world, world.start, 15.0, setup.support(site, 1.0))[-30:]
    assert max(joint_speed(state) for state in states) < 0.02
    assert max(np.linalg.norm(state.com_velocity_m_s) for state in states) < 0.01


def test_at_rest_the_floor_force_is_steady(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    run(world, world.start, 10.0)
    forces: list[float] = []
    for _ in range(24):
        world.advance(1)
        forces.append(floor_force_n(world))
    assert np.ptp(forces) < 0.05 * world.weight_n
