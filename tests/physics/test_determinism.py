"""The same episode is the same to the last bit, whatever came before it."""

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from dmi_sim.env.config import EnvBuild
from dmi_sim.nervous.motor_command import MotorCommand, equilibrium_command
from dmi_sim.physics.push import horizontal_push
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory
from tests.physics.bullet_access import corrupt
from tests.physics.fingerprint import fingerprint
from tests.processes import ROOT, knowing_tests

AGE_MONTHS = 7.0


@pytest.fixture(scope="module")
def reference(worlds_at: WorldFactory) -> str:
    return fingerprint(*worlds_at(AGE_MONTHS))


def bent(world: World, by_rad: float) -> MotorCommand:
    """Every joint held away from the start pose."""
    return equilibrium_command(world.infant.muscles, world.start.angle_rad + by_rad)


def other_episode(steps: int, site: str) -> Callable[[EnvBuild, World], None]:
    def play(setup: EnvBuild, world: World) -> None:
        push = horizontal_push(4, 0.1, 0.2, 1.0, 2.0)
        world.reset(world.start, setup.support(site, 1.0), (push,))
        for k in range(steps):
            world.begin_control_step(bent(world, 0.3 * np.sin(k)))
            world.advance(8)

    return play


def poison(setup: EnvBuild, world: World) -> None:
    world.reset(world.start, setup.support("axillae", 1.0))
    world.advance(5)
    corrupt(world)
    world.advance(5)
    assert world.has_physics_fault


HISTORIES = {
    "the same episode": lambda setup, world: None,
    "37 steps in hands": other_episode(37, "pelvis"),
    "211 steps without hands": other_episode(211, "none"),
    "one step on both thighs": other_episode(1, "thighs"),
    "a number that was none": poison,
}


@pytest.mark.parametrize("delay_buffer", HISTORIES.values(), ids=HISTORIES.keys())
def test_an_episode_does_not_remember(
    worlds_at: WorldFactory, reference: str, delay_buffer: Callable[[EnvBuild, World], None]
) -> None:
    setup, world = worlds_at(AGE_MONTHS)
    delay_buffer(setup, world)
    assert fingerprint(setup, world) == reference


def test_a_second_world_runs_the_same_episode(worlds_at: WorldFactory, reference: str) -> None:
    setup, _ = worlds_at(AGE_MONTHS)
    world = World(setup.infant, setup.start, 240)
    assert fingerprint(setup, world) == reference
    world.close()


def test_worlds_that_take_turns_do_not_disturb_each_other(worlds_at: WorldFactory) -> None:
    setup, world = worlds_at(AGE_MONTHS)
    other = World(setup.infant, setup.start, 240)
    alone = [hash_of(world) for _ in [world.reset(world.start)] for _ in range(30)]
    world.reset(world.start)
    other.reset(other.start)
    together = [(hash_of(world), hash_of(other))[0] for _ in range(30)]
    other.close()
    assert together == alone


def hash_of(world: World) -> bytes:
    world.begin_control_step(bent(world, 0.1))
    world.advance(8)
    return world.observe().joint_angle_rad.tobytes()


def test_another_process_runs_the_same_episode(reference: str) -> None:
    program = knowing_tests(
        "from dmi_sim.physics.world import World\n"
        "from tests.conftest import sitting\n"
        "from tests.physics.fingerprint import fingerprint\n"
        f"build = sitting({AGE_MONTHS})\n"
        "print(fingerprint(build, World(build.infant, build.start, 240)), end='')\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == reference


def test_another_command_gives_another_episode(worlds_at: WorldFactory, reference: str) -> None:
    setup, world = worlds_at(AGE_MONTHS + 1)
    assert fingerprint(setup, world) != reference
