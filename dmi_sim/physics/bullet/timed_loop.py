"""The physics loop with a clock around Bullet's own step, for benchmarks.

It is the compiled loop itself, whose step alone is another, so that an infant moves as ever, bit
for bit. The time counts in which this process computes; reading the clock is taken off.
"""

import time
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from types import FunctionType
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dmi_sim.physics.bullet.c_api import library
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.engine import Engine
from dmi_sim.physics.episode_arrays import Advance, EpisodeArrays
from dmi_sim.physics.loop import advance_plainly

_READINGS = 1001
"""Number of times that the clock is read to learn what a reading costs."""


class RunSteps(Protocol):
    """A physics loop, see :meth:`.Engine.advance`."""

    def __call__(self, now: EpisodeArrays, first: int, count: int) -> Advance:
        """Run whole physics steps."""
        ...


class TimedWorld(NamedTuple):
    """A world in Bullet for compiled code, see :class:`.BulletWorld`, and the time of its steps.

    Attributes:
        handle: Handle of the connection.
        body: Id of the infant's body.
        platform: Id of the platform's body; without meaning where there is none.
        spent_ns: Time inside Bullet's steps so far [ns], shape (1,).
        clock_ns: Time that the clock itself takes between two readings [ns].
    """

    handle: int
    body: int
    platform: int
    spent_ns: NDArray[np.int64]
    clock_ns: int


def time_steps(engine: Engine) -> NDArray[np.int64]:
    """Let an engine count the computing time of Bullet's own steps from now on.

    Args:
        engine: The engine, one of Bullet.

    Returns:
        The time so far [ns], shape (1,), which grows as the engine advances.

    Raises:
        TypeError: If it is not an engine of Bullet.
    """
    if not isinstance(engine, BulletEngine):
        raise TypeError(f"{type(engine).__name__} is not a world in Bullet, whose steps are timed")
    spent_ns = np.zeros(1, np.int64)
    timed = _plain(engine, spent_ns) if library() is None else _compiled(engine, spent_ns)
    engine.advance = timed
    return spent_ns


def _plain(engine: BulletEngine, spent_ns: NDArray[np.int64]) -> RunSteps:
    step, clock = engine.step, time.process_time_ns
    clock_ns = _cost(np.array([clock() for _ in range(_READINGS)]))

    def timed() -> None:
        began_ns = clock()
        step()
        spent_ns[0] += clock() - began_ns - clock_ns

    engine.step = timed
    return partial(advance_plainly, engine)


def _compiled(engine: BulletEngine, spent_ns: NDArray[np.int64]) -> RunSteps:
    loop, clock_ns = _timed_code()

    def advance(now: EpisodeArrays, first: int, count: int) -> Advance:
        return Advance(*loop(TimedWorld(*engine.ids, spent_ns, clock_ns), now, first, count))

    return advance


def _cost(readings: NDArray[np.int64]) -> int:
    """The time between two readings of a clock [ns]."""
    return int(np.median(np.diff(readings)))


@cache
def _timed_code() -> tuple[Callable[..., tuple[int, bool]], int]:
    """The compiled loop with a clock around its step, and what reading that clock costs [ns]."""
    from dmi_sim.physics.bullet import compiled_loop

    numba: Any = import_module("numba")
    types: Any = import_module("numba.core.types")
    read_clock = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.intp))
    clock, names = time.CLOCK_PROCESS_CPUTIME_ID, vars(compiled_loop)
    step, loop = names["_step"], names["advance_in_bullet"]

    @numba.njit
    def now_ns() -> int:
        found = np.empty(2, np.int64)  # seconds and nanoseconds
        read_clock(clock, found.ctypes.data)
        return found[0] * 1_000_000_000 + found[1]

    @numba.njit
    def read_again(readings: NDArray[np.int64]) -> None:
        for n in range(readings.size):
            readings[n] = now_ns()

    @numba.njit
    def timed_step(world: TimedWorld) -> None:
        began_ns = now_ns()
        step(world)
        world.spent_ns[0] += now_ns() - began_ns - world.clock_ns

    readings = np.zeros(_READINGS, np.int64)
    read_again(readings)
    same_code = FunctionType(loop.py_func.__code__, {**names, "_step": timed_step})
    return numba.njit(same_code), _cost(readings)
