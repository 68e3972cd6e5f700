"""Blocks, paces and quotients are what their numbers say."""

import pytest

from dmi_sim.benchmark.timing import (
    PROBE_STEPS,
    TimingBlock,
    pace,
    quotient,
    run_block,
    steps_in,
    steps_per_s,
)


class Counted:
    """A case whose control step lasts a tenth of a simulated second, with three contact points."""

    environment = "counted"
    control_hz, physics_hz = 10.0, 80.0

    def __init__(self) -> None:
        self.log: list[str] = []

    def prepare(self) -> None:
        self.log.append("prepare")

    def step(self) -> None:
        self.log.append("step")

    def contact_points(self) -> int:
        return 3

    def close(self) -> None:
        self.log.append("close")


def block(steps: int, cpu_s: float) -> TimingBlock:
    return TimingBlock(steps, cpu_s, contact_points=4.0)


def test_a_block_makes_its_steps_each_after_its_preparation() -> None:
    case = Counted()
    one = run_block(case, 2)
    assert case.log == ["prepare", "step"] * 2
    assert (one.steps, one.contact_points) == (2, 3.0)
    assert one.cpu_s > 0


def test_the_steps_of_a_block_take_about_the_time_that_they_should() -> None:
    case = Counted()
    steps = steps_in(case, cpu_s=0.01)
    assert case.log.count("step") == 2 * PROBE_STEPS
    assert 0.001 < run_block(case, steps).cpu_s < 0.1
    assert steps_in(case, cpu_s=0.0) == 1


def test_a_pace_is_the_median_of_its_blocks() -> None:
    found = pace(Counted(), [block(1, cpu_s) for cpu_s in (0.5, 0.1, 0.2)])
    assert found.steps_per_s == 5
    assert (found.slowest, found.fastest) == (2, 10)
    assert found.physics_step_us == pytest.approx(1e6 * 0.2 / 8)
    assert (found.environment, found.contact_points) == ("counted", 4.0)


def test_a_quotient_compares_neighbours_so_that_noise_over_time_cancels() -> None:
    ours = [block(2, cpu_s) for cpu_s in (1, 10, 3)]
    theirs = [block(1, cpu_s) for cpu_s in (1, 10, 3)]
    assert quotient(steps_per_s, ours, theirs) == 2
