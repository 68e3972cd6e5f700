"""A stiff body rests where its mass is lowest: as the simulator finds it, to neither side."""

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params
from dmi_sim.body.rotation import product, quaternion_of
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.infant import Infant
from dmi_sim.names import exercises
from dmi_sim.physics.pose import RESTING_DEPTH_M, Pose, lifted_out
from dmi_sim.physics.resting import RigidBody, at_rest
from dmi_sim.physics.scene import FLOOR_ONLY, Scene, Solid
from tests.mechanics import mirrored

INFANT = Infant.from_spec(12)
PARAMS = inertial_params(INFANT.ordered_segments)
ON_FLOOR = RigidBody(INFANT, PARAMS, FLOOR_ONLY)
UPRIGHT = np.array([0.0, 0.0, 0.0, 1.0])
WEDGE = Scene((Solid(("box", (0.5, 0.5, 0.05)), (0.0, 0.0, 0.0), (0.0, 0.08, 0.0)),))


def tilted(pose: Pose, turn_rad: tuple[float, float, float]) -> Pose:
    turned = product(quaternion_of(np.array(turn_rad)), pose.pelvis_quat_world)
    return replace(pose, pelvis_quat_world=turned)


def lying(random: np.random.Generator) -> Pose:
    """An infant on its back, its limbs anyhow, a little tilted and in the floor."""
    on_its_back = quaternion_of(np.array([0.0, -np.pi / 2, 0.0]))
    pose = Pose(np.array([0.3, 0.1, 0.02]), on_its_back, random.normal(0, 0.05, 34))
    return tilted(pose, (0.04, 0.03, 0.0))


def rested_anyhow(pose: Pose, body: RigidBody = ON_FLOOR) -> Pose:
    return at_rest(pose, body, largest_tilt_rad=1.0)


def height_m(pose: Pose, body: RigidBody = ON_FLOOR) -> float:
    return float(body.com_m(pose)[2])


@pytest.fixture(scope="module", params=exercises())
def env(request: pytest.FixtureRequest) -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig(request.param))
    yield made
    made.close()


def test_what_came_to_rest_in_the_simulator_rests(env: PostureEnv) -> None:
    world = env.world
    rested = at_rest(world.start, RigidBody(env.infant, world.engine.masses, env.build.scene))
    assert rested.pelvis_pos_world == pytest.approx(world.start.pelvis_pos_world, abs=1e-3)
    assert rested.pelvis_quat_world == pytest.approx(world.start.pelvis_quat_world, abs=2e-3)


@pytest.mark.parametrize("seed", range(5))
def test_no_tilt_that_sinks_nowhere_brings_the_mass_lower(seed: int) -> None:
    random = np.random.default_rng(seed)
    rested = rested_anyhow(lying(random), ON_FLOOR)
    for turn in random.normal(0, 0.01, (20, 2)):
        other = tilted(rested, (turn[0], turn[1], 0.0))
        placed = lifted_out(other, INFANT, PARAMS.joint_m)
        assert height_m(placed) > height_m(rested) - 2e-5


@pytest.mark.parametrize("scene", [FLOOR_ONLY, WEDGE], ids=["floor", "wedge"])
@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_left_in_floor_or_furniture(scene: Scene, seed: int) -> None:
    body = RigidBody(INFANT, PARAMS, scene)
    rested = rested_anyhow(lying(np.random.default_rng(seed)), body)
    assert scene.clearance_m(*body.spheres(rested)) == pytest.approx(-RESTING_DEPTH_M, abs=1e-6)


def test_joints_place_and_heading_are_kept() -> None:
    pose = lying(np.random.default_rng(0))
    rested = rested_anyhow(pose, ON_FLOOR)
    assert (rested.angle_rad == pose.angle_rad).all()
    assert ON_FLOOR.com_m(rested)[:2] == pytest.approx(ON_FLOOR.com_m(pose)[:2], abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_left_for_right_it_rests_left_for_right(seed: int) -> None:
    pose = lying(np.random.default_rng(seed))
    rested, image = rested_anyhow(pose, ON_FLOOR), rested_anyhow(mirrored(pose), ON_FLOOR)
    expected = mirrored(rested)
    assert image.pelvis_pos_world == pytest.approx(expected.pelvis_pos_world, abs=1e-6)
    assert image.pelvis_quat_world == pytest.approx(expected.pelvis_quat_world, abs=1e-6)


def test_a_body_that_would_topple_is_only_put_down() -> None:
    bent = np.zeros(34)
    for axis in ("left_hip.flexion", "right_hip.flexion"):
        bent[AXIS_INDEX[axis]] = 1.2
    toppling = Pose(np.array([0.0, 0.0, 0.1]), UPRIGHT, bent)
    leaning = tilted(toppling, (0.0, 1.0, 0.0))
    rested = at_rest(leaning, ON_FLOOR)
    assert (rested.pelvis_quat_world == leaning.pelvis_quat_world).all()
    assert FLOOR_ONLY.clearance_m(*ON_FLOOR.spheres(rested)) == pytest.approx(-RESTING_DEPTH_M)


def test_where_there_is_no_room_it_stays_as_it_is() -> None:
    """A shelf so low that the body is in it or in the floor, however it is tilted."""
    shelf = Scene((Solid(("box", (1.0, 1.0, 0.1)), (0.0, 0.0, 0.13)),))
    pose = lying(np.random.default_rng(0))
    rested = rested_anyhow(pose, RigidBody(INFANT, PARAMS, shelf))
    assert np.isfinite(rested.pelvis_pos_world).all()
    assert (rested.pelvis_quat_world == pose.pelvis_quat_world).all()


def test_mass_over_a_base_is_told_on_the_level() -> None:
    rested = rested_anyhow(lying(np.random.default_rng(1)), ON_FLOOR)
    base = ON_FLOOR.touching(rested)
    moved = replace(rested, pelvis_pos_world=rested.pelvis_pos_world + np.array([1.0, 2.0, 0.0]))
    over: Vector = ON_FLOOR.com_over_base_m(rested, base)
    assert base.size >= 3
    assert ON_FLOOR.com_over_base_m(moved, base) == pytest.approx(over)
