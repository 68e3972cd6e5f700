"""What takes long to make, made once: worlds for all tests of a process, browsers for a module.

Tests look at the shipped files alone, whatever folder of one's own the shell names.
"""

import os
import signal
from collections.abc import Callable, Generator
from functools import cache
from typing import Any

os.environ.pop("DMI_SIM_FILES", None)  # first, since an import of dmi_sim looks into that folder

import gymnasium as gym
import pytest

from dmi_sim.env.config import EnvBuild, EnvConfig, build_env
from dmi_sim.physics.world import World
from tests.mechanics import WorldFactory
from tests.page.pages import PLAIN, opened_browsers

signal.signal(signal.SIGINT, signal.default_int_handler)  # begun behind a shell, all ignore Ctrl-C


@cache
def sitting(age_months: float) -> EnvBuild:
    """The exercise in which the physics was validated, for a girl of an age: sitting, version 0."""
    return build_env(EnvConfig("sitting_v0", age_months=age_months))


@pytest.fixture(scope="session")
def worlds_at() -> Generator[WorldFactory, None, None]:
    """Gives, for an age and a physics rate, the exercise and a world; the same one each time."""
    worlds: dict[tuple[float, int], World] = {}

    def world_at(age_months: float = 7.0, physics_hz: int = 240) -> tuple[EnvBuild, World]:
        build = sitting(age_months)
        key = (age_months, physics_hz)
        if key not in worlds:
            worlds[key] = World(build.infant, build.start, physics_hz)
        return build, worlds[key]

    yield world_at
    for world in worlds.values():
        world.close()


@pytest.fixture(scope="module")
def browsers() -> Generator[Callable[[list[str]], Any]]:
    """Opens browsers by their arguments."""
    with opened_browsers() as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(browsers: Callable[[list[str]], Any]) -> Any:
    """A browser that does not draw in 3D."""
    return browsers(PLAIN)


@pytest.fixture(autouse=True)
def registered_time_limits() -> Generator[None]:
    """A folder of one's own that a test names for itself leaves no time limit behind."""
    before = {name: (one, one.max_episode_steps) for name, one in gym.registry.items()}
    yield
    for name, (one, limit) in before.items():
        gym.registry[name] = one
        one.max_episode_steps = limit
