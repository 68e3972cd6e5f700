"""Timing in short blocks, and the throughput that follows from many of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

from dmi_sim.benchmark.cases import BenchmarkCase
from dmi_sim.benchmark.profiler import BulletProfiler

STEP = "stepSimulation"


@dataclass(frozen=True)
class TimingBlock:
    """Consecutive control steps of one case; resets are not timed.

    Attributes:
        sim_s: Simulated time [s].
        physics_steps: Number of physics steps.
        wall_s: Wall time that they took [s].
        cpu_s: Computing time of this process meanwhile [s]; less when it had to wait for a core.
        contact_points: Mean number of contact points over the control steps.
        bullet_s: Time inside each function of PyBullet [s]; empty without a profiler.
        physics_s: Time inside ``World.advance``: muscles, hands, Bullet [s]; 0 without a profiler.
        bullet_in_physics_s: The part of that which was spent inside PyBullet [s].
    """

    sim_s: float
    physics_steps: float
    wall_s: float
    cpu_s: float
    contact_points: float
    bullet_s: dict[str, float] = field(default_factory=dict[str, float])
    physics_s: float = 0.0
    bullet_in_physics_s: float = 0.0


@dataclass(frozen=True)
class BulletShare:
    """Shares of PyBullet in the time; the time of the profiler itself counts as outside PyBullet.

    Attributes:
        physics_us: Time inside ``World.advance`` for each physics step, muscles and hands included
            [us].
        all_calls_us: Time inside all functions of PyBullet for each physics step [us].
        step_simulation_us: Time inside ``stepSimulation`` alone for each physics step [us].
        of_physics: Time inside all functions of PyBullet as a share of ``World.advance`` [0..1].
        of_everything: The same as a share of the whole control step, observations and rewards
            included [0..1].
        step_simulation: Time inside ``stepSimulation`` alone as a share of the same [0..1].
    """

    physics_us: float
    all_calls_us: float
    step_simulation_us: float
    of_physics: float
    of_everything: float
    step_simulation: float


@dataclass(frozen=True)
class Throughput:
    """The speed of one case.

    Attributes:
        environment: Gymnasium id.
        control_hz: Control steps per simulated second [Hz].
        physics_hz: Physics steps per simulated second [Hz].
        sim_s_per_wall_s: Simulated seconds per wall second, median of the blocks.
        slowest: The same of the slowest block.
        fastest: The same of the fastest block.
        sim_s_per_cpu_s: Simulated seconds per second of computing, median of the blocks.
        contact_points: Mean number of contact points.
        physics_step_us: Wall time for each physics step, everything included, median [us].
        bullet: Share of PyBullet; None for another engine.
    """

    environment: str
    control_hz: float
    physics_hz: float
    sim_s_per_wall_s: float
    slowest: float
    fastest: float
    sim_s_per_cpu_s: float
    contact_points: float
    physics_step_us: float
    bullet: BulletShare | None = None


def run_block(
    case: BenchmarkCase, wall_s: float, profiler: BulletProfiler | None = None
) -> TimingBlock:
    """Time control steps until their wall times add up to a limit.

    Args:
        case: Case to time.
        wall_s: Limit of the wall time [s]; at least one step is made.
        profiler: Profiler that counts the time inside PyBullet during the steps.
    """
    counter = profiler or BulletProfiler(None)
    counter.clear()
    steps = wall_ns = cpu_ns = points = 0
    while steps == 0 or wall_ns < wall_s * 1e9:
        case.prepare()
        counter.is_on = True
        cpu_began_ns, began_ns = time.process_time_ns(), time.perf_counter_ns()
        case.step()
        wall_ns += time.perf_counter_ns() - began_ns
        cpu_ns += time.process_time_ns() - cpu_began_ns
        counter.is_on = False
        points += case.contact_points()
        steps += 1
    sim_s = steps / case.control_hz
    return TimingBlock(
        sim_s=sim_s,
        physics_steps=sim_s * case.physics_hz,
        wall_s=wall_ns / 1e9,
        cpu_s=cpu_ns / 1e9,
        contact_points=points / steps,
        bullet_s={name: spent / 1e9 for name, spent in counter.spent_ns.items()},
        physics_s=counter.physics_ns / 1e9,
        bullet_in_physics_s=counter.bullet_in_physics_ns / 1e9,
    )


def throughput(
    case: BenchmarkCase, blocks: Sequence[TimingBlock], profiled: Sequence[TimingBlock] = ()
) -> Throughput:
    """The throughput of one case, from its blocks.

    Args:
        case: Case that was timed.
        blocks: Its blocks without a profiler, at least one.
        profiled: Blocks of its twin under the profiler.
    """
    rates = [block.sim_s / block.wall_s for block in blocks]
    return Throughput(
        environment=case.environment,
        control_hz=case.control_hz,
        physics_hz=case.physics_hz,
        sim_s_per_wall_s=median(rates),
        slowest=min(rates),
        fastest=max(rates),
        sim_s_per_cpu_s=median(block.sim_s / block.cpu_s for block in blocks),
        contact_points=fmean(block.contact_points for block in blocks),
        physics_step_us=median(1e6 * block.wall_s / block.physics_steps for block in blocks),
        bullet=bullet_share(profiled) if profiled else None,
    )


def bullet_share(profiled: Sequence[TimingBlock]) -> BulletShare:
    """The shares of PyBullet, each the median over blocks that were run under the profiler."""

    def per_step_us(spent_s: Callable[[TimingBlock], float]) -> float:
        return median(1e6 * spent_s(block) / block.physics_steps for block in profiled)

    return BulletShare(
        physics_us=per_step_us(lambda block: block.physics_s),
        all_calls_us=per_step_us(_in_bullet_s),
        step_simulation_us=per_step_us(_stepping_s),
        of_physics=median(block.bullet_in_physics_s / block.physics_s for block in profiled),
        of_everything=median(_in_bullet_s(block) / block.wall_s for block in profiled),
        step_simulation=median(_stepping_s(block) / block.wall_s for block in profiled),
    )


def _in_bullet_s(block: TimingBlock) -> float:
    return sum(block.bullet_s.values())


def _stepping_s(block: TimingBlock) -> float:
    return block.bullet_s.get(STEP, 0.0)


def ratio(
    blocks: Sequence[TimingBlock], peer: Sequence[TimingBlock], *, of_cpu_time: bool = False
) -> float:
    """The speed relative to a peer: the median over pairs of neighbouring blocks.

    Args:
        blocks: Blocks of the case.
        peer: Blocks of the peer, each measured next to the block of the same index.
        of_cpu_time: Whether computing time is compared instead of wall time.
    """

    def rate(block: TimingBlock) -> float:
        return block.sim_s / (block.cpu_s if of_cpu_time else block.wall_s)

    return median(rate(ours) / rate(theirs) for ours, theirs in zip(blocks, peer, strict=True))
