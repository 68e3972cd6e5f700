"""Timing in short blocks: what each gives, and what many of them say together."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

from dmi_sim.benchmark.cases import BenchmarkCase
from dmi_sim.benchmark.profiler import BulletProfiler

STEP = "stepSimulation"


@dataclass(frozen=True)
class TimingBlock:
    """Some control steps of one subject, one after the other; resets are not timed.

    Attributes:
        sim_s: Simulated time [s].
        physics_steps: How many.
        wall_s: Time that they took [s].
        cpu_s: Time that this process computed meanwhile [s]; less when it had to wait for a core.
        contact_points: Mean over control steps.
        bullet_s: Time inside each function of PyBullet [s]; empty without a clock.
        physics_s: Time inside ``World.advance``: muscles, hands, Bullet [s]; 0 without a clock.
        bullet_in_physics_s: As much of that as was inside PyBullet [s].
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
    """Where the time goes; the clock's own time counts as outside Bullet.

    Attributes:
        physics_us: Inside ``World.advance`` for each physics step: muscles, hands, Bullet [us].
        all_calls_us: Inside all functions of PyBullet for each physics step [us].
        step_simulation_us: Inside ``stepSimulation`` alone for each physics step [us].
        of_physics: Inside all functions of PyBullet as a share of ``World.advance`` [0..1].
        of_everything: The same as a share of the whole control step with senses and rewards [0..1].
        step_simulation: Inside ``stepSimulation`` alone as a share of the same whole [0..1].
    """

    physics_us: float
    all_calls_us: float
    step_simulation_us: float
    of_physics: float
    of_everything: float
    step_simulation: float


@dataclass(frozen=True)
class Throughput:
    """How fast one subject is.

    Attributes:
        environment: Gymnasium id.
        control_hz: Control steps per simulated second [Hz].
        physics_hz: Physics steps per simulated second [Hz].
        sim_s_per_wall_s: Simulated seconds per wall second, median of the blocks.
        slowest: The same of the slowest block.
        fastest: The same of the fastest block.
        sim_s_per_cpu_s: Simulated seconds per second of computing, median of the blocks.
        contact_points: Mean number.
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
    subject: BenchmarkCase, wall_s: float, clock: BulletProfiler | None = None
) -> TimingBlock:
    """Time control steps until they have taken so long together.

    Args:
        subject: What moves.
        wall_s: How long [s]; at least one step is made.
        clock: Counts what its worlds spend inside PyBullet during the steps.
    """
    meter = clock or BulletProfiler(None)
    meter.clear()
    steps = wall_ns = cpu_ns = points = 0
    while steps == 0 or wall_ns < wall_s * 1e9:
        subject.ready()
        meter.is_on = True
        cpu_began_ns, began_ns = time.process_time_ns(), time.perf_counter_ns()
        subject.step()
        wall_ns += time.perf_counter_ns() - began_ns
        cpu_ns += time.process_time_ns() - cpu_began_ns
        meter.is_on = False
        points += subject.contact_points()
        steps += 1
    sim_s = steps / subject.control_hz
    return TimingBlock(
        sim_s=sim_s,
        physics_steps=sim_s * subject.physics_hz,
        wall_s=wall_ns / 1e9,
        cpu_s=cpu_ns / 1e9,
        contact_points=points / steps,
        bullet_s={name: spent / 1e9 for name, spent in meter.spent_ns.items()},
        physics_s=meter.physics_ns / 1e9,
        bullet_in_physics_s=meter.bullet_in_physics_ns / 1e9,
    )


def pace(
    subject: BenchmarkCase, blocks: Sequence[TimingBlock], metered: Sequence[TimingBlock] = ()
) -> Throughput:
    """What the blocks of one subject say.

    Args:
        subject: What moved.
        blocks: At least one, without a clock.
        metered: Blocks of its twin, with a clock.
    """
    rates = [block.sim_s / block.wall_s for block in blocks]
    return Throughput(
        environment=subject.environment,
        control_hz=subject.control_hz,
        physics_hz=subject.physics_hz,
        sim_s_per_wall_s=median(rates),
        slowest=min(rates),
        fastest=max(rates),
        sim_s_per_cpu_s=median(block.sim_s / block.cpu_s for block in blocks),
        contact_points=fmean(block.contact_points for block in blocks),
        physics_step_us=median(1e6 * block.wall_s / block.physics_steps for block in blocks),
        bullet=bullet_share(metered) if metered else None,
    )


def bullet_share(metered: Sequence[TimingBlock]) -> BulletShare:
    """Where the time goes, each number the median over blocks that were run with a clock."""

    def per_step_us(spent_s: Callable[[TimingBlock], float]) -> float:
        return median(1e6 * spent_s(block) / block.physics_steps for block in metered)

    return BulletShare(
        physics_us=per_step_us(lambda block: block.physics_s),
        all_calls_us=per_step_us(_in_bullet_s),
        step_simulation_us=per_step_us(_stepping_s),
        of_physics=median(block.bullet_in_physics_s / block.physics_s for block in metered),
        of_everything=median(_in_bullet_s(block) / block.wall_s for block in metered),
        step_simulation=median(_stepping_s(block) / block.wall_s for block in metered),
    )


def _in_bullet_s(block: TimingBlock) -> float:
    return sum(block.bullet_s.values())


def _stepping_s(block: TimingBlock) -> float:
    return block.bullet_s.get(STEP, 0.0)


def ratio(
    blocks: Sequence[TimingBlock], peer: Sequence[TimingBlock], *, of_cpu_time: bool = False
) -> float:
    """How many times faster than a peer: the median over pairs of neighbouring blocks.

    Args:
        blocks: Of the subject.
        peer: Of the peer, each measured next to the block in the same place.
        of_cpu_time: Compare time of computing instead of wall time.
    """

    def rate(block: TimingBlock) -> float:
        return block.sim_s / (block.cpu_s if of_cpu_time else block.wall_s)

    return median(rate(ours) / rate(theirs) for ours, theirs in zip(blocks, peer, strict=True))
