"""Every condition at half severity: the rigid body stands, and nobody trembles with reflexes on."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

import dmi_sim
from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.pose import UPRIGHT, Pose
from dmi_sim.physics.settling import settled
from dmi_sim.physics.world import World
from tests.mechanics import in_the_air, joint_speed, run
from tests.physics.readings import body

AGES = (0.0, 3.0, 6.0, 12.0, 24.0)
CONDITIONS = dmi_sim.conditions()
DT_S = 1 / 240


def start_of(condition: str, age_months: float, posture: str) -> tuple[Infant, Pose]:
    setup = build_env(EnvConfig("sitting", age_months=age_months, condition=condition))
    standing = Pose(np.array([0.0, 0.0, 1.0]), UPRIGHT.copy(), np.zeros(34))
    return setup.infant, setup.start if posture == "sitting" else standing


@contextmanager
def world_of(condition: str, age_months: float, posture: str) -> Generator[World]:
    world = World(*start_of(condition, age_months, posture), 240)
    yield world
    world.close()


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("posture", ["sitting", "standing"])
def test_a_rigid_body_of_any_infant_keeps_still(condition: str, posture: str) -> None:
    infant, start = start_of(condition, 12.0, posture)
    engine = BulletEngine(infant, DT_S)
    pose = settled(engine, start, seconds=1.0)
    engine.set_pose(pose)
    engine.freeze_joints(pose)
    speeds: list[float] = []
    for tick in range(3 * 240):
        engine.step()
        if tick >= 240 and tick % 8 == 0:
            speeds.append(float(np.linalg.norm(body(engine)["com_velocity"])))
    engine.close()
    assert len(speeds) == 60
    assert np.sqrt(np.mean(np.square(speeds))) < 1e-3


@pytest.mark.parametrize("age_months", AGES)
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("posture", ["sitting", "standing"])
def test_limbs_swing_out_and_no_reflex_keeps_them_going(
    condition: str, age_months: float, posture: str
) -> None:
    with world_of(condition, age_months, posture) as world:
        states = run(world, in_the_air(world.start), 2.5)
    assert np.mean([joint_speed(state) for state in states[-10:]]) < 0.1


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_fallen_infant_lies_still(condition: str) -> None:
    with world_of(condition, 6.0, "sitting") as world:
        states = run(world, replace(world.start), 5.0)
        assert not world.has_physics_fault
    assert joint_speed(states[-1]) < 0.1
