"""Timing in short blocks: what each gives, and what many of them say together."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from dmi_sim.bench.meter import BulletClock
from dmi_sim.bench.subjects import Subject

STEP = "stepSimulation"


@dataclass(frozen=True)
class Block:
    """Some control steps of one subject, one after the other; resets are not timed.

    Attributes:
        sim_s: Simulated time [s].
        physics_steps: How many.
        wall_s: Time that they took [s].
        cpu_s: Time that this process computed meanwhile [s]; less when it had to wait for a core.
        contact_points: Mean over control steps.
        bullet_s: Time inside each function of PyBullet [s]; empty without a clock.
    """

    sim_s: float
    physics_steps: float
    wall_s: float
    cpu_s: float
    contact_points: float
    bullet_s: dict[str, float]


@dataclass(frozen=True)
class BulletShare:
    """Where the time of a control step is spent, everything included.

    Attributes:
        step_simulation_us: Inside ``stepSimulation`` for each physics step [us].
        all_calls_us: Inside all functions of PyBullet for each physics step [us].
        step_simulation: Inside ``stepSimulation``, as a share of the whole [0..1].
        all_calls: Inside all functions of PyBullet, as a share of the whole [0..1].
    """

    step_simulation_us: float
    all_calls_us: float
    step_simulation: float
    all_calls: float


@dataclass(frozen=True)
class Pace:
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


def run_block(subject: Subject, wall_s: float, clock: BulletClock | None = None) -> Block:
    """Time control steps until they have taken so long together.

    Args:
        subject: What moves.
        wall_s: How long [s]; at least one step is made.
        clock: Counts what its worlds spend inside PyBullet during the steps.
    """
    meter = clock or BulletClock(None)
    meter.spent_ns = Counter()
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
    return Block(
        sim_s=sim_s,
        physics_steps=sim_s * subject.physics_hz,
        wall_s=wall_ns / 1e9,
        cpu_s=cpu_ns / 1e9,
        contact_points=points / steps,
        bullet_s={name: spent / 1e9 for name, spent in meter.spent_ns.items()},
    )


def pace(subject: Subject, blocks: Sequence[Block], metered: Sequence[Block] = ()) -> Pace:
    """What the blocks of one subject say.

    Args:
        subject: What moved.
        blocks: At least one, without a clock.
        metered: Blocks of its twin, with a clock.
    """
    rates = [block.sim_s / block.wall_s for block in blocks]
    return Pace(
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


def bullet_share(metered: Sequence[Block]) -> BulletShare:
    """Time inside PyBullet, median over blocks that were run with a clock."""
    stepping = [block.bullet_s.get(STEP, 0.0) for block in metered]
    calling = [sum(block.bullet_s.values()) for block in metered]
    return BulletShare(
        step_simulation_us=_per_physics_step_us(stepping, metered),
        all_calls_us=_per_physics_step_us(calling, metered),
        step_simulation=_share(stepping, metered),
        all_calls=_share(calling, metered),
    )


def _per_physics_step_us(spent_s: Sequence[float], blocks: Sequence[Block]) -> float:
    return median(1e6 * s / b.physics_steps for s, b in zip(spent_s, blocks, strict=True))


def _share(spent_s: Sequence[float], blocks: Sequence[Block]) -> float:
    return median(s / b.wall_s for s, b in zip(spent_s, blocks, strict=True))


def ratio(blocks: Sequence[Block], peer: Sequence[Block], *, of_cpu_time: bool = False) -> float:
    """How many times faster than a peer: the median over pairs of neighbouring blocks.

    Args:
        blocks: Of the subject.
        peer: Of the peer, each measured next to the block in the same place.
        of_cpu_time: Compare time of computing instead of wall time.
    """

    def rate(block: Block) -> float:
        return block.sim_s / (block.cpu_s if of_cpu_time else block.wall_s)

    return median(rate(ours) / rate(theirs) for ours, theirs in zip(blocks, peer, strict=True))
