"""The same episode is the same to the last bit, whatever came before it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.env.config import Setup
from dmi_sim.nervous.motor_command import Command, hold_angles
from dmi_sim.physics.push import horizontal_push
from dmi_sim.physics.world import World
from tests.mechanics import Place
from tests.physics import fingerprint as module
from tests.physics.fingerprint import fingerprint

AGE_MONTHS = 7.0


@pytest.fixture(scope="module")
def reference(places: Place) -> str:
    return fingerprint(*places(AGE_MONTHS))


def bent(world: World, by_rad: float) -> Command:
    """Every joint held away from the start pose."""
    return hold_angles(world.infant.muscles, world.start.angle_rad + by_rad)


def other_episode(steps: int, site: str) -> Callable[[Setup, World], None]:
    def play(setup: Setup, world: World) -> None:
        push = horizontal_push(4, 0.1, 0.2, 1.0, 2.0)
        world.reset(world.start, setup.hold(site, 1.0), (push,))
        for k in range(steps):
            world.begin_control_step(bent(world, 0.3 * np.sin(k)))
            world.advance(8)

    return play


def poison(setup: Setup, world: World) -> None:
    world.reset(world.start, setup.hold("axillae", 1.0))
    world.advance(5)
    world.corrupt()
    world.advance(5)
    assert world.is_broken


HISTORIES = {
    "the same episode": lambda setup, world: None,
    "37 steps in hands": other_episode(37, "pelvis"),
    "211 steps without hands": other_episode(211, "none"),
    "one step on both thighs": other_episode(1, "thighs"),
    "a number that was none": poison,
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES.keys())
def test_an_episode_does_not_remember(
    places: Place, reference: str, history: Callable[[Setup, World], None]
) -> None:
    setup, world = places(AGE_MONTHS)
    history(setup, world)
    assert fingerprint(setup, world) == reference


def test_a_second_world_runs_the_same_episode(places: Place, reference: str) -> None:
    setup, _ = places(AGE_MONTHS)
    world = World(setup.infant, setup.start, 240)
    assert fingerprint(setup, world) == reference
    world.close()


def test_worlds_that_take_turns_do_not_disturb_each_other(places: Place) -> None:
    setup, world = places(AGE_MONTHS)
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
    return world.state(8).joint_angle_rad.tobytes()


def test_another_process_runs_the_same_episode(reference: str) -> None:
    program = [sys.executable, str(Path(module.__file__)), str(AGE_MONTHS)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    assert done.stdout == reference


def test_another_command_gives_another_episode(places: Place, reference: str) -> None:
    setup, world = places(AGE_MONTHS + 1)
    assert fingerprint(setup, world) != reference
