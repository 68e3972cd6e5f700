"""Furniture: how far it is, that it carries an infant, and that it belongs to the ground."""

from collections.abc import Generator
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params
from dmi_sim.env.config import EnvBuild
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.physics.platform import PlatformKeyframe, PlatformMotion
from dmi_sim.physics.pose import UPRIGHT, Pose, contact_spheres, standing_on_floor
from dmi_sim.physics.scene import FLOOR_ONLY, Scene, Solid
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory
from tests.physics.bullet_access import engine_of
from tests.physics.readings import body

BENCH_TOP_M = 0.3
BENCH = Solid(("box", (0.4, 0.4, BENCH_TOP_M / 2)), (0.1, 0.0, BENCH_TOP_M / 2))
RAIL = Solid(("capsule", (0.02, 0.5)), (0.0, 0.0, 1.0), (np.pi / 2, 0.0, 0.0))


@pytest.mark.parametrize(
    ("point", "distance_m"),
    [
        ((0.1, 0.0, 0.5), 0.2),
        ((0.1, 0.0, 0.15), -0.15),
        ((0.6, 0.0, 0.2), 0.1),
        ((0.53, 0.44, 0.3), 0.05),
        ((0.4, 0.0, 0.15), -0.1),
    ],
    ids=["above", "in the middle", "beside", "off an edge", "near a side inside"],
)
def test_distance_to_a_box(point: tuple[float, ...], distance_m: float) -> None:
    assert BENCH.distance_m(np.array([point])) == pytest.approx([distance_m])


def test_away_from_ground_and_furniture_is_up_aside_or_out() -> None:
    scene = Scene((BENCH, RAIL))
    ground, bench, rail = scene.normals(np.array([(0.6, 0.0, 0.2), (0.0, 0.2, 1.1)]))
    assert ground == pytest.approx(np.array([(0, 0, 1), (0, 0, 1)]), abs=1e-6)
    assert bench[0] == pytest.approx((1, 0, 0), abs=1e-6)
    assert rail[1] == pytest.approx((0, 0, 1), abs=1e-4)


@pytest.mark.parametrize(
    ("point", "distance_m"),
    [((0.0, 0.2, 1.1), 0.08), ((0.0, 0.35, 1.0), 0.08), ((0.0, 0.0, 1.0), -0.02)],
    ids=["above", "beyond an end", "on the axis"],
)
def test_distance_to_a_rail_across(point: tuple[float, ...], distance_m: float) -> None:
    assert RAIL.distance_m(np.array([point])) == pytest.approx([distance_m])


@pytest.mark.parametrize(
    ("form", "message"),
    [
        (("capsul", (0.1, 0.2)), "did you mean 'capsule'"),
        (("box", (0.1, 0.2)), "needs 3 sizes above 0 m"),
        (("capsule", (0.1, 0.0)), "needs 2 sizes above 0 m"),
    ],
)
def test_furniture_of_no_form_is_refused(form: tuple[str, tuple[float, ...]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Solid(form, (0.0, 0.0, 0.0))


def world_on(setup: EnvBuild, scene: Scene) -> World:
    return World(setup.infant, setup.start, 240, scene)


@pytest.fixture(scope="module")
def on_bench(worlds_at: WorldFactory) -> Generator[World, None, None]:
    world = world_on(worlds_at(7)[0], Scene((BENCH,)))
    yield world
    world.close()


def test_an_infant_sits_on_a_bench_as_on_the_floor(
    worlds_at: WorldFactory, on_bench: World
) -> None:
    _, world = worlds_at(7)
    higher = on_bench.start.pelvis_pos_world - world.start.pelvis_pos_world
    assert higher == pytest.approx([0.0, 0.0, BENCH_TOP_M], abs=5e-4)
    assert np.abs(on_bench.start.pelvis_quat_world @ world.start.pelvis_quat_world) > 1 - 1e-6


def test_a_bench_is_felt(on_bench: World) -> None:
    on_bench.reset(on_bench.start)
    on_bench.advance(48)
    assert on_bench.contact_force().sum() == pytest.approx(1.0, abs=0.2)


def test_weight_is_shared_between_bench_and_floor() -> None:
    """Hips and knees bent by a right angle, soles on the floor, pelvis on the bench."""
    infant = Infant.from_spec(12)
    angle = np.zeros(34)
    for joint in ("hip.flexion", "knee.flexion"):
        for side in ("left", "right"):
            angle[AXIS_INDEX[f"{side}_{joint}"]] = np.pi / 2
    joint_m = inertial_params(infant.ordered_segments).joint_m
    start = standing_on_floor(Pose(np.zeros(3), UPRIGHT, angle), infant, joint_m)
    centres, radii = contact_spheres(start, infant, joint_m)
    seat_m = float(min((centres[:, 2] - radii)[: len(infant.ordered_segments[0].spheres)]))
    bench = Solid(("box", (0.3, 0.3, seat_m / 2)), (-0.2, 0.0, seat_m / 2))
    world = World(infant, start, 240, Scene((bench,)))
    fit = world.check_penetration(world.start)
    centre, load_n = settled_pressure(world)
    world.close()
    assert fit.depth_m < 2e-4
    assert fit.own_pairs == ()
    assert load_n == pytest.approx(world.weight_n, rel=0.005)
    assert 0.1 * seat_m < centre[2] < 0.95 * seat_m


def settled_pressure(world: World) -> tuple[Vector, float]:
    """Centre of pressure and load under a rigid body of the start pose."""
    engine = engine_of(world)
    engine.set_pose(world.start)
    engine.freeze_joints(world.start)
    for _ in range(480):
        engine.step()
    return world.pressure()


def test_the_pressure_under_a_rigid_body_is_below_its_centre_of_mass(on_bench: World) -> None:
    centre, load_n = settled_pressure(on_bench)
    engine = engine_of(on_bench)
    com = body(engine)["com"]
    engine.rebuild()
    assert load_n == pytest.approx(on_bench.weight_n, rel=2e-3)
    assert centre[:2] == pytest.approx(com[:2], abs=2e-3)
    assert centre[2] == pytest.approx(BENCH_TOP_M, abs=1e-3)


def test_nothing_presses_on_an_infant_in_the_air(on_bench: World) -> None:
    high = replace(on_bench.start, pelvis_pos_world=np.array([0.0, 0.0, 9.0]))
    on_bench.reset(high)
    on_bench.advance(1)
    centre, load_n = on_bench.pressure()
    assert np.isnan(centre).all()
    assert load_n == 0.0


def test_a_pose_pushed_into_the_bench_does_not_fit(on_bench: World) -> None:
    low = replace(on_bench.start, pelvis_pos_world=on_bench.start.pelvis_pos_world - [0, 0, 0.01])
    assert on_bench.check_penetration(on_bench.start).depth_m < 1.1e-4
    assert on_bench.check_penetration(low).depth_m == pytest.approx(0.01, abs=1e-3)


def test_a_chest_in_the_thighs_does_not_fit(on_bench: World) -> None:
    angle = on_bench.start.angle_rad.copy()
    for label in ("left_hip", "right_hip", "waist", "thoracolumbar", "thoracic", "neck"):
        angle[AXIS_INDEX[f"{label}.flexion"]] = np.radians(90 if "hip" in label else 60)
    folded = replace(on_bench.start, angle_rad=angle)
    pairs = (("upper_thorax", "left_thigh"), ("upper_thorax", "right_thigh"))
    assert on_bench.check_penetration(on_bench.start).own_pairs == ()
    assert on_bench.check_penetration(folded).own_pairs == pairs


def test_a_platform_motion_needs_a_platform(worlds_at: WorldFactory) -> None:
    _, world = worlds_at(7)
    with pytest.raises(InputError, match="this scene has no platform"):
        world.reset(world.start, platform_motion=PlatformMotion((PlatformKeyframe(1.0),)))


def test_a_scene_is_a_floor_alone_unless_told_otherwise() -> None:
    assert Scene((), has_platform=False) == FLOOR_ONLY
