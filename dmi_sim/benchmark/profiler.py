"""A profiler around every call into PyBullet, for benchmarks only."""

import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from dmi_sim.physics.bullet import client
from dmi_sim.physics.world import World


class BulletProfiler:
    """A stand-in for the pybullet module that times its functions.

    Each call costs a quarter of a microsecond more, which counts as time outside PyBullet.

    Args:
        bullet: The pybullet module.

    Attributes:
        is_on: Whether calls are counted now.
        spent_ns: Time inside each function so far [ns].
        physics_ns: Time inside ``World.advance`` of the worlds that are watched [ns].
        bullet_in_physics_ns: The part of it that was spent inside PyBullet [ns].
    """

    def __init__(self, bullet: Any) -> None:
        self._bullet = bullet
        self.is_on = False
        self.clear()

    def clear(self) -> None:
        """Start counting from zero."""
        self.spent_ns: Counter[str] = Counter()
        self.physics_ns = self.bullet_in_physics_ns = 0

    def watch(self, world: World) -> None:
        """Count the time inside ``World.advance`` of a world as well."""
        advance = world.advance

        def timed(physics_steps: int) -> None:
            bullet_ns, began_ns = self.spent_ns.total(), time.perf_counter_ns()
            advance(physics_steps)
            if self.is_on:
                self.physics_ns += time.perf_counter_ns() - began_ns
                self.bullet_in_physics_ns += self.spent_ns.total() - bullet_ns

        world.advance = timed

    def __getattr__(self, name: str) -> Any:
        """A timed function or a constant of pybullet, kept so that later accesses are direct."""
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
def profiled_worlds() -> Generator[BulletProfiler]:
    """Profile the worlds that are built inside the context, and no others.

    Yields:
        The profiler, which keeps working for these worlds afterwards.
    """
    load_bullet = client.load_bullet
    profiler = BulletProfiler(load_bullet())
    client.load_bullet = lambda: profiler
    try:
        yield profiler
    finally:
        client.load_bullet = load_bullet
