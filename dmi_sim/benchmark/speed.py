"""The whole benchmark in one run of interleaved blocks, so that noise affects all sides alike."""

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from statistics import median

from dmi_sim.benchmark.cases import Humanoid, MovingInfant
from dmi_sim.benchmark.exercises import (
    BLOCK_S,
    ExerciseSpeed,
    ExerciseSupportPair,
    exercise_support_pairs,
    measure_exercise,
)
from dmi_sim.benchmark.practice import (
    EXERCISE,
    Memory,
    PracticeSpeed,
    measure_practice,
    worker_memory,
)
from dmi_sim.benchmark.timing import Pace, TimingBlock, pace
from dmi_sim.benchmark.training import LearningTime
from dmi_sim.provenance import cpu_name, versions

ROUNDS = 12
RESETS, BUILDS = 200, 3

PACKAGES = ("pybullet", "mujoco", "gymnasium", "numpy", "numba", "torch", "stable-baselines3")

OnProgress = Callable[[float, str], None]
"""Callback that receives the completed share [0..1] and the name of what was just timed."""


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
    """The results of the benchmark, of one process with one thread.

    Attributes:
        peer: Pace of the peer, HumanoidStandup, over all of its blocks.
        exercises: Speed of each exercise, free and held, its blocks in turn with those of the peer.
        practice: Speed of practice, free and held.
        worker: Memory of a process that does what a worker of a study does; None if unknown.
        reset_ms: Median time of one reset [ms].
        build_s: Median time to build another environment in the same process, up to its first
            observation [s].
        training: Time to learn to sit, by action mode; empty if it was not measured.
        machine: Machine on which it was measured.
    """

    peer: Pace
    exercises: tuple[ExerciseSpeed, ...]
    practice: tuple[PracticeSpeed, ...]
    worker: Memory | None
    reset_ms: float
    build_s: float
    training: tuple[LearningTime, ...]
    machine: Machine


def measure_speed(
    rounds: int = ROUNDS,
    pairs: Sequence[ExerciseSupportPair] = (),
    on_progress: OnProgress = lambda share, name: None,
    block_s: float = BLOCK_S,
) -> SpeedReport:
    """Time exercises and practice, in blocks that take turns with those of the peer.

    Args:
        rounds: Number of blocks of each.
        pairs: Exercises and their support; at least one.
        on_progress: Called after each exercise, and after practice.
        block_s: Time of computing of a block [s].

    Raises:
        MachineProblem: If the peer is not installed.
    """
    practised = [pair.support for pair in exercise_support_pairs([EXERCISE])]
    with closing(Humanoid()) as peer:
        exercises, blocks = list[ExerciseSpeed](), list[TimingBlock]()
        for done, pair in enumerate(pairs, start=1):
            speed, theirs = measure_exercise(pair, peer, rounds, block_s)
            exercises.append(speed)
            blocks.extend(theirs)
            on_progress(done / (len(pairs) + 1), pair.exercise)
        practice = measure_practice(tuple(practised), peer, rounds, block_s)
        on_progress(1.0, "practice")
        return SpeedReport(
            peer=pace(peer, blocks),
            exercises=tuple(exercises),
            practice=practice,
            worker=worker_memory(),
            reset_ms=reset_ms(),
            build_s=build_s(),
            training=(),
            machine=this_machine(),
        )


def speeds_by_case(report: SpeedReport) -> Iterator[tuple[str, float]]:
    """The name of each exercise and practice, and its ratio to the peer."""
    for one in report.exercises:
        yield case_name(one), one.ratio_to_peer
    for one in report.practice:
        yield f"practice of {case_name(one)}", one.ratio_to_peer


def case_name(one: ExerciseSpeed | PracticeSpeed | ExerciseSupportPair) -> str:
    """An exercise and its support in a word or two."""
    return f"{one.exercise}, {'free' if one.support == 'none' else one.support}"


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
    began_s = time.process_time()
    work()
    return time.process_time() - began_s


def this_machine() -> Machine:
    """The machine as it is now."""
    return Machine(
        processor=cpu_name(),
        cores=os.cpu_count() or 1,
        load=os.getloadavg()[0],
        versions={"python": platform.python_version(), **versions(PACKAGES)},
    )
