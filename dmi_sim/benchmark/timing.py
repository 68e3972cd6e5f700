"""Timing in short blocks by time of computing, and the pace that follows from many of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from dmi_sim.benchmark.cases import BenchmarkCase

PROBE_STEPS = 40
"""Steps that tell how many fit into a block; those before them compile and warm up."""


@dataclass(frozen=True)
class TimingBlock:
    """Consecutive control steps of one case; resets are not timed.

    Attributes:
        steps: Number of control steps.
        cpu_s: Time in which this process computed them [s]; waiting for a core does not count.
        contact_points: Mean number of contact points over the steps.
    """

    steps: int
    cpu_s: float
    contact_points: float


@dataclass(frozen=True)
class Pace:
    """The speed of one case.

    Attributes:
        environment: Gymnasium id.
        control_hz: Control steps per simulated second [Hz].
        physics_hz: Physics steps per simulated second [Hz].
        steps_per_s: Control steps per second of computing, median of the blocks.
        slowest: The same of the slowest block.
        fastest: The same of the fastest block.
        physics_step_us: Time for each physics step, everything included, median [us].
        contact_points: Mean number of contact points.
    """

    environment: str
    control_hz: float
    physics_hz: float
    steps_per_s: float
    slowest: float
    fastest: float
    physics_step_us: float
    contact_points: float


def run_block(case: BenchmarkCase, steps: int) -> TimingBlock:
    """Time control steps.

    Args:
        case: Case to time.
        steps: Number of steps, at least one.
    """
    spent_ns = points = 0
    for _ in range(steps):
        case.prepare()
        began_ns = time.process_time_ns()
        case.step()
        spent_ns += time.process_time_ns() - began_ns
        points += case.contact_points()
    return TimingBlock(steps=steps, cpu_s=spent_ns / 1e9, contact_points=points / steps)


def steps_in(case: BenchmarkCase, cpu_s: float) -> int:
    """The number of control steps that take a time of computing; the case is warm afterwards.

    Args:
        case: Case to try; it makes twice :data:`PROBE_STEPS`.
        cpu_s: Time of computing [s].
    """
    run_block(case, PROBE_STEPS)
    return max(1, round(cpu_s * PROBE_STEPS / run_block(case, PROBE_STEPS).cpu_s))


def pace(case: BenchmarkCase, blocks: Sequence[TimingBlock]) -> Pace:
    """The pace of one case, from its blocks.

    Args:
        case: Case that was timed.
        blocks: Its blocks, at least one.
    """
    rates = [block.steps / block.cpu_s for block in blocks]
    return Pace(
        environment=case.environment,
        control_hz=case.control_hz,
        physics_hz=case.physics_hz,
        steps_per_s=median(rates),
        slowest=min(rates),
        fastest=max(rates),
        physics_step_us=1e6 * case.control_hz / case.physics_hz / median(rates),
        contact_points=fmean(block.contact_points for block in blocks),
    )


def quotient(
    value: Callable[[TimingBlock], float],
    ours: Sequence[TimingBlock],
    theirs: Sequence[TimingBlock],
) -> float:
    """The median over pairs of neighbouring blocks of one value over the other.

    Args:
        value: Value of a block.
        ours: Blocks of a case.
        theirs: Blocks of another, each measured next to that of the same index.
    """
    return median(value(one) / value(other) for one, other in zip(ours, theirs, strict=True))


def steps_per_s(block: TimingBlock) -> float:
    """Control steps per second of computing."""
    return block.steps / block.cpu_s
