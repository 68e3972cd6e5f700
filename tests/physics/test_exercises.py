"""All exercises alike: start postures in which an infant can be, and episodes that repeat."""

from collections.abc import Generator
from functools import cache

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.names import exercises
from dmi_sim.nervous.motor_command import equilibrium_command
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.spec.exercise import ExerciseSpec
from tests.env.episodes import last_step, play, zero_action
from tests.mechanics import in_the_air
from tests.physics.bullet_access import corrupt
from tests.physics.readings import body

EXERCISES = exercises()
TOLERANCE_RAD = np.radians(5)
"""Beyond the range of motion soft tissue gives; a start posture may lean on it by no more. Kneeling
presses the insteps flat by 4 degrees."""


@cache
def env_of(name: str) -> PostureEnv:
    return PostureEnv(EnvConfig(name))


@pytest.fixture(autouse=True, scope="module")
def closed() -> Generator[None, None, None]:
    yield
    for name in EXERCISES:
        env_of(name).close()


def test_the_ladder_goes_from_head_control_to_walking() -> None:
    specs = [Catalog.shipped().load(ExerciseSpec, name) for name in EXERCISES]
    assert len(specs) >= 13
    assert {spec.dimension for spec in specs} == {
        "lying_and_rolling",
        "sitting",
        "crawling_and_kneeling",
        "standing",
        "walking",
    }
    assert all(spec.age_months >= spec.typical_age_months for spec in specs)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_start_posture_is_in_nothing_and_in_no_limb_of_its_own(name: str) -> None:
    world = env_of(name).world
    fit = world.check_penetration(world.start)
    assert fit.depth_m < 2e-3
    assert fit.own_pairs == ()


@pytest.mark.parametrize("name", EXERCISES)
def test_joints_of_a_start_posture_are_within_their_range(name: str) -> None:
    env = env_of(name)
    tissue, angle = env.infant.muscles.tissue, env.world.start.angle_rad
    assert (angle >= np.array(tissue.lowest_rad) - TOLERANCE_RAD).all()
    assert (angle <= np.array(tissue.highest_rad) + TOLERANCE_RAD).all()


@pytest.mark.parametrize("name", EXERCISES)
def test_a_rigid_body_keeps_still_in_it(name: str) -> None:
    setup, start = env_of(name).build, env_of(name).world.start
    engine = BulletEngine(setup.infant, 1 / setup.spec.physics_hz, setup.scene)
    engine.set_pose(start)
    engine.freeze_joints(start)
    squares: list[float] = []
    for tick in range(11 * setup.spec.physics_hz):
        engine.step()
        if tick >= setup.spec.physics_hz and tick % 8 == 0:
            velocity = body(engine)["com_velocity"]
            squares.append(float(velocity @ velocity))
    engine.close()
    assert np.sqrt(np.mean(squares)) < 1e-3


@pytest.mark.parametrize("name", EXERCISES)
def test_tone_does_not_tremble_in_the_air(name: str) -> None:
    env = env_of(name)
    world, infant = env.world, env.infant
    world.reset(in_the_air(world.start))
    world.begin_control_step(equilibrium_command(infant.muscles, world.start.angle_rad))
    world.advance(2 * env.build.spec.physics_hz)
    assert np.abs(world.observe().joint_velocity_rad_s).mean() < 0.1


@pytest.mark.parametrize("name", EXERCISES)
def test_an_episode_repeats_after_others_and_after_a_fault(name: str) -> None:
    env = env_of(name)
    first = play(env, 40)
    play(env, 25, seed=8, options={"support": env.build.spec.supports[0]})
    assert play(env, 40) == first
    env.reset(seed=1)
    corrupt(env.world)
    assert env.step(np.zeros(len(env.action_names), np.float32))[4]["physics_fault"]
    assert play(env, 40) == first


@pytest.mark.parametrize("name", EXERCISES)
def test_a_limp_infant_does_nothing_whatever_the_policy_wants(name: str) -> None:
    env = env_of(name)
    env.reset(seed=2, options={"silent_muscles": True})
    env.step(np.ones(len(env.action_names), np.float32))
    assert env.state.activation.max() == 0


@pytest.mark.parametrize("name", EXERCISES)
def test_hands_at_every_site_hold_without_a_fault(name: str) -> None:
    env = env_of(name)
    for site in env.build.spec.supports:
        env.reset(seed=2, options={"support": site})
        _, _, _, _, info = last_step(env, zero_action(env), steps=14)
        assert not info["physics_fault"]
        assert (info["support_force_n"] > 0) == (site != "none")
