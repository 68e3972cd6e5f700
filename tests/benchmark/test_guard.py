"""Speed is kept: the compiled loop runs where it can, and a step costs little beside Bullet's own.

Only ratios within this run are judged, the best of short blocks, so that a busy machine does not
fail. What a step costs beside Bullet was 1.8 times Bullet alone when the loop was compiled, and
3.4 times before.
"""

import platform
import sys
from contextlib import closing

import pytest

from dmi_sim.benchmark.cases import MovingInfant
from dmi_sim.benchmark.timing import run_block
from dmi_sim.physics.bullet import c_api, engine

BEST, TOLERATED = 1.8, 1.6
"""Time of a control step over that of Bullet's own steps in it, and how much more may pass."""
BLOCKS, STEPS = 12, 25


def is_wheel_with_functions() -> bool:
    """Whether the wheels of pybullet for this machine export Bullet's functions."""
    return sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.mark.skipif(not is_wheel_with_functions(), reason="pybullet may hide Bullet's functions")
def test_the_compiled_loop_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert c_api.library() is not None

    def plain(*_: object) -> None:
        raise AssertionError("the plain loop ran")

    monkeypatch.setattr(engine, "advance_plainly", plain)
    with closing(MovingInfant()) as infant:
        run_block(infant, 2)


@pytest.mark.skipif(not is_wheel_with_functions(), reason="the plain loop is slower")
def test_a_step_costs_little_beside_bullets_own_steps() -> None:
    with closing(MovingInfant()) as infant, closing(MovingInfant()) as twin:
        bullet_ns = twin.time_bullet()
        for case in (infant, twin):
            run_block(case, STEPS)
        found = list[float]()
        for _ in range(BLOCKS):
            cpu_s, before_ns = run_block(infant, STEPS).cpu_s, int(bullet_ns[0])
            run_block(twin, STEPS)
            found.append(1e9 * cpu_s / (int(bullet_ns[0]) - before_ns))
    assert min(found) < TOLERATED * BEST, found
    assert min(found) > 1, "Bullet's share cannot be more than all"
