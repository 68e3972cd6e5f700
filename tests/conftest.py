"""Worlds that take a quarter of a second to build, built once for all tests of a process."""

from collections.abc import Generator
from functools import cache

import pytest

from dmi_sim.env.config import Choices, Setup, prepare
from dmi_sim.physics.world import World
from tests.mechanics import Place


@cache
def sitting(age_months: float) -> Setup:
    """The shipped sitting exercise for a girl of an age."""
    return prepare(Choices("sitting", age_months=age_months))


@pytest.fixture(scope="session")
def places() -> Generator[Place, None, None]:
    """Gives, for an age and a physics rate, the exercise and a world; the same one each time."""
    worlds: dict[tuple[float, int], World] = {}

    def place(age_months: float = 7.0, physics_hz: int = 240) -> tuple[Setup, World]:
        setup = sitting(age_months)
        key = (age_months, physics_hz)
        if key not in worlds:
            worlds[key] = World(setup.infant, setup.start, physics_hz)
        return setup, worlds[key]

    yield place
    for world in worlds.values():
        world.close()
