"""The whole benchmark in one run of interleaved blocks, so that noise affects every case alike."""

import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from dmi_sim.benchmark.cases import ACTION_SHARE, BenchmarkCase, Humanoid, LyingInfant, MovingInfant
from dmi_sim.benchmark.exercises import BLOCK_S as EXERCISE_BLOCK_S
from dmi_sim.benchmark.exercises import (
    WARM_UP_S,
    ExerciseSpeed,
    ExerciseSupportPair,
    measure_exercise,
)
from dmi_sim.benchmark.profiler import BulletProfiler, profiled_worlds
from dmi_sim.benchmark.timing import Throughput, TimingBlock, ratio, run_block, throughput
from dmi_sim.benchmark.training import LearningTime
from dmi_sim.provenance import cpu_name, versions

ROUNDS, BLOCK_S = 12, 0.2
RESETS, BUILDS = 200, 3

PACKAGES = ("pybullet", "mujoco", "gymnasium", "numpy", "numba")

OnProgress = Callable[[float, str], None]
"""Callback that receives the completed share [0..1] and the name of the case just timed."""

INFANTS: dict[str, Callable[[], MovingInfant | LyingInfant]] = {
    "sitting": MovingInfant,
    "held at the pelvis": lambda: MovingInfant(support="pelvis"),
    "lying": LyingInfant,
}
CaseT = TypeVar("CaseT", bound=BenchmarkCase)

PEERS: dict[str, Callable[[], BenchmarkCase]] = {
    "HumanoidStandup": Humanoid,
    "HumanoidStandup, calm": lambda: Humanoid(ACTION_SHARE),
}
PEER = "HumanoidStandup"
"""The case that infants are compared with; its actions have full range, as in other benchmarks."""


@dataclass(frozen=True)
class Machine:
    """The machine on which speed was measured.

    Attributes:
        processor: Name of the processor.
        cores: Number of cores.
        load: Mean number of processes that wanted a core during the last minute, this one included.
        versions: Versions of Python and of the packages that decide speed, by name.
    """

    processor: str
    cores: int
    load: float
    versions: dict[str, str]


@dataclass(frozen=True)
class SpeedReport:
    """The results of the benchmark, on one core.

    Attributes:
        paces: Throughput of each case by name, peers last.
        ratio_to_peer: Simulated seconds per wall second over those of the peer.
        ratio_to_peer_cpu: The same per second of computing, which a busy machine hardly changes.
        exercises: Speed of each exercise, its blocks in turn with those of the peer.
        reset_ms: Median time of one reset [ms].
        build_s: Median time to build another environment in the same process, up to its first
            observation [s].
        training: Time to learn to sit in each action mode; empty if it was not measured.
        machine: Machine on which it was measured.
    """

    paces: dict[str, Throughput]
    ratio_to_peer: dict[str, float]
    ratio_to_peer_cpu: dict[str, float]
    exercises: tuple[ExerciseSpeed, ...]
    reset_ms: float
    build_s: float
    training: tuple[LearningTime, ...]
    machine: Machine


@dataclass(frozen=True)
class _TimedCase:
    """A case, its twin under the profiler, and the blocks that were timed of both."""

    name: str
    case: BenchmarkCase
    twin: BenchmarkCase | None
    blocks: list[TimingBlock] = field(default_factory=list[TimingBlock])
    profiled: list[TimingBlock] = field(default_factory=list[TimingBlock])


def measure_speed(
    rounds: int = ROUNDS,
    pairs: Sequence[ExerciseSupportPair] = (),
    on_progress: OnProgress = lambda share, name: None,
    block_s: float = BLOCK_S,
) -> SpeedReport:
    """Time infants and peers, a block of each in turn, and then one exercise after the other.

    Args:
        rounds: Number of blocks of each.
        pairs: Exercises and their support.
        on_progress: Called after each block of infants and peers, and after each exercise.
        block_s: Wall time of a block [s], at most; those of exercises are shorter.

    Raises:
        MachineProblem: If the peer is not installed.
    """
    with ExitStack() as stack:
        peers = _open(PEERS, stack)
        infants = _open(INFANTS, stack)
        with profiled_worlds() as profiler:
            twins = _open(INFANTS, stack)
        for twin in twins.values():
            profiler.watch(twin.world)
        cases: dict[str, BenchmarkCase] = {**infants, **peers}
        timed = [_TimedCase(name, case, twins.get(name)) for name, case in cases.items()]
        n_blocks = rounds * (len(timed) + len(pairs))
        for n_run, name in enumerate(_run(timed, profiler, rounds, block_s), start=1):
            on_progress(n_run / n_blocks, name)
        exercises: list[ExerciseSpeed] = []
        for pair in pairs:
            short_s = min(block_s, EXERCISE_BLOCK_S)
            exercises.append(measure_exercise(pair, peers[PEER], rounds, short_s))
            on_progress(rounds * (len(timed) + len(exercises)) / n_blocks, pair.exercise)
    return _report(timed, exercises)


def _open(makers: Mapping[str, Callable[[], CaseT]], stack: ExitStack) -> dict[str, CaseT]:
    return {name: stack.enter_context(closing(make())) for name, make in makers.items()}


def _run(
    timed: list[_TimedCase], profiler: BulletProfiler, rounds: int, block_s: float
) -> Iterator[str]:
    """Run all blocks, each case in turn; a first block, which also compiles, does not count."""
    for one in timed:
        run_block(one.case, WARM_UP_S)
    for _ in range(rounds):
        for one in timed:
            one.blocks.append(run_block(one.case, block_s))
            if one.twin is not None:
                one.profiled.append(run_block(one.twin, block_s, profiler))
            yield one.name


def _report(timed: list[_TimedCase], exercises: Sequence[ExerciseSpeed]) -> SpeedReport:
    infants = [one for one in timed if one.twin is not None]
    peer = next(one for one in timed if one.name == PEER)
    return SpeedReport(
        paces={c.name: throughput(c.case, c.blocks, c.profiled) for c in timed},
        ratio_to_peer={c.name: ratio(c.blocks, peer.blocks) for c in infants},
        ratio_to_peer_cpu={c.name: ratio(c.blocks, peer.blocks, of_cpu_time=True) for c in infants},
        exercises=tuple(exercises),
        reset_ms=reset_ms(),
        build_s=build_s(),
        training=(),
        machine=this_machine(),
    )


def reset_ms(resets: int = RESETS) -> float:
    """The median time of one reset [ms]."""
    with closing(MovingInfant()) as infant:
        infant.reset()
        return 1e3 * median(_duration_s(infant.reset) for _ in range(resets))


def build_s(builds: int = BUILDS) -> float:
    """The median time to build an environment up to its first observation [s], once compiled."""
    MovingInfant().close()
    with ExitStack() as stack:

        def build() -> None:
            stack.enter_context(closing(MovingInfant()))

        return median(_duration_s(build) for _ in range(builds))


def _duration_s(work: Callable[[], None]) -> float:
    began_s = time.perf_counter()
    work()
    return time.perf_counter() - began_s


def this_machine() -> Machine:
    """The machine as it is now."""
    return Machine(
        processor=cpu_name(),
        cores=os.cpu_count() or 1,
        load=os.getloadavg()[0],
        versions={"python": platform.python_version(), **versions(PACKAGES)},
    )
