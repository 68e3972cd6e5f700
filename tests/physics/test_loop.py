"""The plain loop asks an engine for nothing but what the protocol has, in a fixed order."""

from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.anatomy import PELVIS
from dmi_sim.env.config import EnvConfig, build_env
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.engine import Engine
from dmi_sim.physics.platform import PlatformKeyframe, PlatformMotion
from dmi_sim.physics.push import horizontal_push
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.physics.world import EngineMaker, World
from tests.mechanics import tone
from tests.physics.bullet_access import engine_of
from tests.physics.statue import Statue

BUILD = build_env(EnvConfig("sitting", age_months=11.3))
"""Of an age that no other test settles."""
STEP = ["apply_torques", "step"]


@pytest.fixture(scope="module")
def world() -> Generator[World]:
    """An infant of stone on a platform."""
    made = World(BUILD.infant, BUILD.start, 240, Scene(has_platform=True), make_engine=Statue)
    yield made
    made.close()


def statue_of(world: World) -> Statue:
    engine = engine_of(world)
    assert isinstance(engine, Statue)
    return engine


@pytest.mark.parametrize("make", [BulletEngine, Statue])
def test_an_engine_is_whatever_fulfils_the_protocol(make: EngineMaker) -> None:
    """Which pyright checks: a method that is missing or takes something else is an error here."""
    makers: list[Callable[[Infant, float, Scene], Engine]] = [BulletEngine, Statue]
    assert make in makers
    engine = make(BUILD.infant, 1 / 240, FLOOR_ONLY)
    asked = {name for name in vars(Engine) if not name.startswith("_")}
    assert asked | {"infant", "scene", "dt_s", "masses"} <= set(dir(engine))
    engine.close()


def test_a_step_is_torques_and_a_step(world: World) -> None:
    world.reset(world.start)
    world.advance(3)
    assert statue_of(world).deeds == 3 * STEP
    assert world.time_s == pytest.approx(3 / 240)
    assert not world.has_physics_fault


def test_who_does_not_move_keeps_the_angles_of_the_pose(world: World) -> None:
    world.reset(world.start)
    world.begin_control_step(tone(world))
    world.advance(8)
    state = world.observe()
    assert state.joint_angle_rad == pytest.approx(world.start.angle_rad)
    assert state.segment_pos_world[PELVIS] == pytest.approx(world.start.pelvis_pos_world)
    assert np.abs(state.joint_velocity_rad_s).max() == 0


def test_muscles_of_a_stiff_body_pull_whether_it_moves_or_not(world: World) -> None:
    world.reset(world.start)
    command = tone(world)
    world.begin_control_step(replace(command, excitation=np.full_like(command.excitation, 0.5)))
    world.advance(48)
    torques = statue_of(world).torques
    assert len(torques) == 48
    assert np.abs(torques[-1] - torques[0]).max() > 0.1
    assert world.activation.max() > 0.3


def test_hands_push_and_platform_come_before_the_step_they_act_in(world: World) -> None:
    push = horizontal_push(3, 1 / 240, 1 / 240, 0.1, 0.0)
    motion = PlatformMotion((PlatformKeyframe(2 / 240, (0.001, 0.0)),))
    world.reset(world.start, BUILD.support("pelvis", 1.0), (push,), motion)
    world.advance(4)
    held = ["apply_torques", "apply_force", "apply_torque"]
    moved = ["set_platform_velocity", "step"]
    assert statue_of(world).deeds == [
        *(*held, *moved),
        *(*held, *moved),
        *(*held, *moved),  # the last velocity is rest
        *(*held, "step"),
    ]


def test_a_push_on_a_segment_is_a_push_on_the_pelvis_and_torques_between_them(
    world: World,
) -> None:
    world.reset(world.start)
    world.advance(1)
    without = statue_of(world).torques[0]
    world.reset(world.start)
    world.push(3, np.array([0.0, 2.0, 0.0]), 0.5)
    world.advance(1)
    segment, force, pos = statue_of(world).forces[0]
    assert segment == PELVIS
    assert force == pytest.approx([0.0, 4.0, 0.0])
    assert pos == pytest.approx(world._now.arrays.q[:3])  # type: ignore[reportPrivateUsage]
    turned = np.flatnonzero(np.abs(statue_of(world).torques[0] - without) > 1e-9)
    assert set(turned) <= set(range(9))  # the three joints of the trunk, each a ball
    assert turned.size


def test_an_engine_whose_numbers_are_none_is_a_fault_and_is_built_anew(world: World) -> None:
    world.reset(world.start)
    world.advance(2)
    statue_of(world).is_broken = True
    world.advance(5)
    assert world.has_physics_fault
    assert world.time_s == pytest.approx(3 / 240)  # the step was made; what came of it is no state
    world.reset(world.start)
    world.advance(2)
    assert not world.has_physics_fault


def test_a_world_tells_of_contacts_what_its_engine_tells(world: World) -> None:
    world.reset(world.start)
    assert world.contact_force()[PELVIS] == pytest.approx(9.0 / world.weight_n)
    assert world.contact_force().sum() == world.contact_force()[PELVIS]
    centre, load_n = world.pressure()
    assert (centre.tolist(), load_n) == ([0.1, 0.2, 0.0], 9.0)
    assert world.check_penetration(world.start).depth_m == 0.001
    assert world.contacts() == engine_of(world).contacts()


def test_every_simulator_settles_starts_of_its_own(world: World) -> None:
    """A process remembers starts; what came to rest in stone has not come to rest in Bullet."""
    scene = Scene(has_platform=True)
    other = World(BUILD.infant, BUILD.start, 240, scene)
    stone, lives = world.start.pelvis_pos_world, other.start.pelvis_pos_world
    other.close()
    assert (stone != lives).any()
