"""The compiled loop is the plain loop, bit for bit, in whatever may happen to an infant."""

import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

import dmi_sim
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.names import exercises
from dmi_sim.physics.bullet import c_api
from dmi_sim.physics.bullet.client import Client
from dmi_sim.physics.bullet.direct_client import DirectClient
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.coordinates import N_Q, N_U
from dmi_sim.physics.engine import Engine
from dmi_sim.physics.episode_arrays import Advance, EpisodeArrays
from dmi_sim.physics.loop import advance_plainly
from dmi_sim.physics.platform import PlatformKeyframe, PlatformMotion
from dmi_sim.physics.settling import settled
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory, in_the_air, tone
from tests.physics.bullet.twins import Twins, all_of, digest, eventful, twins
from tests.physics.bullet_access import arrays_of, client_of, corrupt, engine_of, plain_bullet
from tests.physics.fingerprint import fingerprint
from tests.processes import ROOT, knowing_tests

pytestmark = pytest.mark.skipif(
    c_api.library() is None, reason="this build of pybullet hides Bullet's C interface"
)

EXERCISES = exercises()
SHAKEN = PlatformMotion(
    (PlatformKeyframe(0.05), PlatformKeyframe(0.2, (0.02, -0.01), (0.1, -0.05)))
)


@pytest.fixture(scope="module", params=EXERCISES)
def pair(request: pytest.FixtureRequest) -> Generator[Twins]:
    """An exercise as it is."""
    with twins(EnvConfig(request.param)) as made:
        yield made


def test_the_twins_go_different_ways_into_bullet(pair: Twins) -> None:
    clients = pair.both(lambda env: type(client_of(engine_of(env.world))))
    assert clients == (DirectClient, Client)


def test_hands_pushes_and_pulls_act_alike_at_every_site(pair: Twins) -> None:
    for site in pair.compiled.build.spec.supports:
        compiled, plain = pair.both(lambda env, site=site: eventful(env, support=site))
        assert compiled == plain, site
        assert len(set(compiled)) == len(compiled)


def test_what_is_drawn_for_an_episode_acts_alike(pair: Twins) -> None:
    """Pushes, platform and hands of the exercise itself, three seeds."""
    for seed in range(3):
        compiled, plain = pair.both(lambda env, seed=seed: resting(env, seed))
        assert compiled == plain


def resting(env: PostureEnv, seed: int) -> list[str]:
    """Hashes of an episode of nothing but the exercise."""
    env.reset(seed=seed, options={"steps_after_end": True})
    seen: list[str] = []
    for _ in range(20):
        outcome = env.step(np.zeros(env.action_space.shape or (), np.float32))
        seen.append(digest(*outcome[:2], env.state))
    return seen


def test_start_poses_settle_alike(pair: Twins) -> None:
    """Once more, since a process remembers where an infant came to rest."""
    build = pair.compiled.build
    with plain_bullet():
        engine = BulletEngine(build.infant, 1 / build.spec.physics_hz, build.scene)
    own = settled(engine, build.start)
    engine.close()
    start = pair.compiled.world.start
    assert (own.pelvis_pos_world == start.pelvis_pos_world).all()
    assert (own.pelvis_quat_world == start.pelvis_quat_world).all()
    assert (own.angle_rad == start.angle_rad).all()


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("name", EXERCISES)
def test_a_moving_platform_carries_alike_in_every_action_mode(name: str, mode: str) -> None:
    config = EnvConfig(name, action_mode=mode, on_platform=True)
    with twins(config) as made:
        compiled, plain = made.both(lambda env: eventful(env, platform_motion=SHAKEN))
    assert compiled == plain


@pytest.mark.parametrize("condition", dmi_sim.conditions())
@pytest.mark.parametrize("name", ["sitting", "standing"])
def test_infants_of_every_condition_move_alike(name: str, condition: str) -> None:
    with twins(EnvConfig(name, condition=condition)) as made:
        compiled, plain = made.both(eventful)
    assert compiled == plain


def heard(world: World) -> list[str]:
    """What a listener sees, physics step by physics step, and the end of it."""
    world.reset(world.start)
    world.begin_control_step(tone(world))
    seen: list[str] = []
    with world.listening("ear", lambda: seen.append(all_of(world))):
        world.advance(12)
    return [*seen, all_of(world)]


def test_listeners_hear_the_same_and_change_nothing(pair: Twins) -> None:
    compiled, plain = pair.both(lambda env: heard(env.world))
    assert compiled == plain
    assert len(compiled) == 13
    world = pair.compiled.world
    world.reset(world.start)
    world.begin_control_step(tone(world))
    world.advance(12)
    assert all_of(world) == compiled[-1]


def in_portions(env: PostureEnv, *portions: int) -> str:
    """The end of a control step in the hands of the exercise that ran in several pieces."""
    world, build = env.world, env.build
    world.reset(world.start, build.support(build.spec.supports[0], 1.0))
    world.begin_control_step(tone(world))
    for steps in portions:
        world.advance(steps)
    return all_of(world)


def test_steps_may_come_in_any_portions(pair: Twins) -> None:
    for env in pair:
        whole = in_portions(env, 24)
        assert in_portions(env, 5, 0, 7, 12) == whole
        assert in_portions(env, *[1] * 24) == whole


def torn(world: World) -> list[object]:
    """An episode whose joints are so far beyond their range that tissue tears them back."""
    violent = replace(world.start, angle_rad=np.full_like(world.start.angle_rad, 3.0))
    world.reset(in_the_air(violent))
    world.advance(480)
    return [world.has_physics_fault, world.time_s, all_of(world), *coordinates(world)]


def spoilt(world: World) -> list[object]:
    """An episode in which a number is none after three steps."""
    world.reset(world.start)
    world.advance(3)
    corrupt(world)
    world.advance(4)
    return [world.has_physics_fault, world.time_s, all_of(world), *coordinates(world)]


def coordinates(world: World) -> list[bytes]:
    now = arrays_of(world)
    return [now.q.tobytes(), now.u.tobytes(), np.asarray(now.muscle).tobytes()]


@pytest.mark.parametrize("play", [torn, spoilt])
def test_a_fault_ends_both_in_the_same_step(
    pair: Twins, play: Callable[[World], list[object]]
) -> None:
    compiled, plain = pair.both(lambda env: play(env.world))
    assert compiled == plain
    assert compiled[0] is True
    after = pair.both(lambda env: heard(env.world))
    assert after[0] == after[1]
    assert not pair.plain.world.has_physics_fault


@contextmanager
def watched_loop() -> Generator[list[int]]:
    """Portions that go through the plain loop."""
    seen: list[int] = []

    def advance(engine: Engine, now: EpisodeArrays, first: int, count: int) -> Advance:
        seen.append(count)
        return advance_plainly(engine, now, first, count)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dmi_sim.physics.bullet.engine.advance_plainly", advance)
        yield seen


def test_the_plain_loop_runs_only_where_it_must(pair: Twins) -> None:
    for env, portions in ((pair.plain, [3]), (pair.compiled, [])):
        env.world.reset(env.world.start)
        with watched_loop() as seen:
            env.world.advance(3)
        assert seen == portions


@pytest.mark.parametrize(
    "hide",
    [
        "c_api.bullet_path = lambda: None",
        "c_api.SIGNATURES = {**c_api.SIGNATURES, 'b3OfAnotherBullet': 'p'}",
    ],
    ids=["no library", "a function is missing"],
)
def test_without_the_c_interface_nothing_of_it_is_needed(
    worlds_at: WorldFactory, hide: str
) -> None:
    """Another process, in which it cannot be found, runs the same episode."""
    program = f"""
import sys
from dmi_sim.physics.bullet import c_api
{hide}
assert c_api.library() is None
from tests.physics.fingerprint import fingerprint
from tests.conftest import sitting
from dmi_sim.physics.world import World
build = sitting(7.0)
print(fingerprint(build, World(build.infant, build.start, 240)))
assert "dmi_sim.physics.bullet.compiled_loop" not in sys.modules
"""
    run = [sys.executable, "-c", knowing_tests(program)]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == fingerprint(*worlds_at(7))


def test_a_body_that_bullet_does_not_know_is_a_fault_and_no_wild_address(
    worlds_at: WorldFactory,
) -> None:
    from dmi_sim.physics.bullet.compiled_loop import BulletWorld, read_state

    client = client_of(engine_of(worlds_at(7)[1]))
    q, u = np.zeros(N_Q), np.zeros(N_U)
    read_state(BulletWorld(client.id, 99, -1), q, u)
    assert np.isnan(q).all()
    assert np.isnan(u).all()
    with pytest.raises(RuntimeError, match="does not know the body 99"):
        client.read(99, q, u)
