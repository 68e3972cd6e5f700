"""A clock around every call into PyBullet, for benchmarks only."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from dmi_sim.physics.bullet import client
from dmi_sim.physics.world import World


class BulletProfiler:
    """Stands in for the pybullet module and times its functions.

    Each call costs a quarter of a microsecond more, which counts as time outside Bullet.

    Args:
        bullet: The pybullet module.

    Attributes:
        is_on: Whether calls are counted now.
        spent_ns: Time inside each function so far [ns].
        physics_ns: Time inside ``World.advance`` of the worlds that are watched [ns].
        bullet_in_physics_ns: As much of it as was inside PyBullet [ns].
    """

    def __init__(self, bullet: Any) -> None:
        self._bullet = bullet
        self.is_on = False
        self.clear()

    def clear(self) -> None:
        """Forget what was counted."""
        self.spent_ns: Counter[str] = Counter()
        self.physics_ns = self.bullet_in_physics_ns = 0

    def watch(self, world: World) -> None:
        """Count also the time inside ``advance`` of a world."""
        advance = world.advance

        def timed(physics_steps: int) -> None:
            bullet_ns, began_ns = self.spent_ns.total(), time.perf_counter_ns()
            advance(physics_steps)
            if self.is_on:
                self.physics_ns += time.perf_counter_ns() - began_ns
                self.bullet_in_physics_ns += self.spent_ns.total() - bullet_ns

        world.advance = timed

    def __getattr__(self, name: str) -> Any:
        """A function or a constant of pybullet; from the second time on without this detour."""
        value = getattr(self._bullet, name)
        if callable(value):
            value = self._timed(name, value)
        setattr(self, name, value)
        return value

    def _timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            began_ns = time.perf_counter_ns()
            result = function(*args, **options)
            if self.is_on:
                self.spent_ns[name] += time.perf_counter_ns() - began_ns
            return result

        return call


@contextmanager
def metered_worlds() -> Generator[BulletProfiler]:
    """Let worlds that are built inside go through a clock; those built elsewhere do not.

    Yields:
        The clock, which goes on working for these worlds afterwards.
    """
    load_bullet = client.load_bullet
    clock = BulletProfiler(load_bullet())
    client.load_bullet = lambda: clock
    try:
        yield clock
    finally:
        client.load_bullet = load_bullet
