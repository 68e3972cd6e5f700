"""The whole benchmark: one run, in interleaved blocks, so that noise hits everybody alike."""

import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from dmi_sim.benchmark.cases import MOVING, BenchmarkCase, Humanoid, LyingInfant, MovingInfant
from dmi_sim.benchmark.exercises import BLOCK_S as EXERCISE_BLOCK_S
from dmi_sim.benchmark.exercises import (
    WARM_UP_S,
    ExercisePace,
    ExerciseSupportPair,
    measure_exercise,
)
from dmi_sim.benchmark.profiler import BulletProfiler, metered_worlds
from dmi_sim.benchmark.timing import Throughput, TimingBlock, pace, ratio, run_block
from dmi_sim.benchmark.training import LearningTime
from dmi_sim.provenance import cpu_name, versions

ROUNDS, BLOCK_S = 12, 0.2
RESETS, BUILDS = 200, 3

PACKAGES = ("pybullet", "mujoco", "gymnasium", "numpy", "numba")

OnProgress = Callable[[float, str], None]
"""Told the share done [0..1] and what was timed."""

INFANTS: dict[str, Callable[[], MovingInfant | LyingInfant]] = {
    "sitting": MovingInfant,
    "held at the pelvis": lambda: MovingInfant(support="pelvis"),
    "lying": LyingInfant,
}
SubjectT = TypeVar("SubjectT", bound=BenchmarkCase)

PEERS: dict[str, Callable[[], BenchmarkCase]] = {
    "HumanoidStandup": Humanoid,
    "HumanoidStandup, calm": lambda: Humanoid(MOVING),
}
PEER = "HumanoidStandup"
"""With which infants are compared; actions of full range, as it is timed elsewhere."""


@dataclass(frozen=True)
class Machine:
    """Where it was measured.

    Attributes:
        processor: Its name.
        cores: How many this machine has.
        load: Processes that wanted a core during the last minute, ourselves included.
        versions: Versions of Python and of the packages that decide speed, by name.
    """

    processor: str
    cores: int
    load: float
    versions: dict[str, str]


@dataclass(frozen=True)
class SpeedReport:
    """What the benchmark found, on one core.

    Attributes:
        paces: Speed by what is done, peers last.
        ratio_to_peer: Simulated seconds per wall second over those of the peer.
        ratio_to_peer_cpu: The same per second of computing, which a busy machine hardly changes.
        exercises: Each exercise, as its blocks ran beside those of the peer.
        reset_ms: One reset, median [ms].
        build_s: A second environment in the same process up to its first observation, median [s].
        training: Time to learn to sit in each action mode; empty if it was not asked for.
        machine: Where.
    """

    paces: dict[str, Throughput]
    ratio_to_peer: dict[str, float]
    ratio_to_peer_cpu: dict[str, float]
    exercises: tuple[ExercisePace, ...]
    reset_ms: float
    build_s: float
    training: tuple[LearningTime, ...]
    machine: Machine


@dataclass(frozen=True)
class _Case:
    """A subject, its twin with a clock around PyBullet, and what was timed of both."""

    name: str
    subject: BenchmarkCase
    twin: BenchmarkCase | None
    blocks: list[TimingBlock] = field(default_factory=list[TimingBlock])
    metered: list[TimingBlock] = field(default_factory=list[TimingBlock])


def measure_speed(
    rounds: int = ROUNDS,
    ways: Sequence[ExerciseSupportPair] = (),
    on_progress: OnProgress = lambda share, what: None,
    block_s: float = BLOCK_S,
) -> SpeedReport:
    """Time infants and the peer, a block each in turn; then exercises, one after the other.

    Args:
        rounds: Blocks of each.
        ways: Exercises and their hands.
        on_progress: Told after each block of infants and peers, and after each exercise.
        block_s: Wall time of a block [s], or less for exercises.

    Raises:
        MachineProblem: If the peer is not installed.
    """
    with ExitStack() as stack:
        peers = _open(PEERS, stack)
        infants = _open(INFANTS, stack)
        with metered_worlds() as clock:
            twins = _open(INFANTS, stack)
        for twin in twins.values():
            clock.watch(twin.world)
        subjects: dict[str, BenchmarkCase] = {**infants, **peers}
        cases = [_Case(name, one, twins.get(name)) for name, one in subjects.items()]
        most = rounds * (len(cases) + len(ways))
        for done, what in enumerate(_run(cases, clock, rounds, block_s), start=1):
            on_progress(done / most, what)
        exercises: list[ExercisePace] = []
        for way in ways:
            short_s = min(block_s, EXERCISE_BLOCK_S)
            exercises.append(measure_exercise(way, peers[PEER], rounds, short_s))
            on_progress(rounds * (len(cases) + len(exercises)) / most, way.exercise)
    return _report(cases, exercises)


def _open(makers: Mapping[str, Callable[[], SubjectT]], stack: ExitStack) -> dict[str, SubjectT]:
    return {name: stack.enter_context(closing(make())) for name, make in makers.items()}


def _run(cases: list[_Case], clock: BulletProfiler, rounds: int, block_s: float) -> Iterator[str]:
    """Run all blocks, each case in turn; the first, which also compiles, does not count."""
    for case in cases:
        run_block(case.subject, WARM_UP_S)
    for _ in range(rounds):
        for case in cases:
            case.blocks.append(run_block(case.subject, block_s))
            if case.twin is not None:
                case.metered.append(run_block(case.twin, block_s, clock))
            yield case.name


def _report(cases: list[_Case], exercises: Sequence[ExercisePace]) -> SpeedReport:
    infants = [case for case in cases if case.twin is not None]
    peer = next(case for case in cases if case.name == PEER)
    return SpeedReport(
        paces={c.name: pace(c.subject, c.blocks, c.metered) for c in cases},
        ratio_to_peer={c.name: ratio(c.blocks, peer.blocks) for c in infants},
        ratio_to_peer_cpu={c.name: ratio(c.blocks, peer.blocks, of_cpu_time=True) for c in infants},
        exercises=tuple(exercises),
        reset_ms=reset_ms(),
        build_s=build_s(),
        training=(),
        machine=this_machine(),
    )


def reset_ms(resets: int = RESETS) -> float:
    """Time of one reset, median [ms]."""
    with closing(MovingInfant()) as infant:
        infant.reset()
        return 1e3 * median(_taken_s(infant.reset) for _ in range(resets))


def build_s(builds: int = BUILDS) -> float:
    """Time to build an environment up to its first observation, median [s]; compiled before."""
    MovingInfant().close()
    with ExitStack() as stack:

        def build() -> None:
            stack.enter_context(closing(MovingInfant()))

        return median(_taken_s(build) for _ in range(builds))


def _taken_s(work: Callable[[], None]) -> float:
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
