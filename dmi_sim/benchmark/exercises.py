"""The speed of each exercise beside the peer: with the least support, and with that of training."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

from dmi_sim.benchmark.cases import BenchmarkCase, MovingInfant
from dmi_sim.benchmark.timing import Throughput, ratio, run_block, throughput
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.names import environment_id
from dmi_sim.spec.exercise import ExerciseSpec

BLOCK_S, WARM_UP_S = 0.15, 0.3


class ExerciseSupportPair(NamedTuple):
    """An exercise and the support with which it is timed.

    Attributes:
        exercise: Name of a file in ``envs/``.
        support: Support site, or ``none``.
    """

    exercise: str
    support: str


@dataclass(frozen=True)
class ExerciseSpeed:
    """The speed of one exercise.

    Attributes:
        exercise: Name of a file in ``envs/``.
        support: Support site, or ``none``.
        pace: Throughput of an infant that moves a little at random.
        ratio_to_peer: Simulated seconds per wall second over those of the peer.
        ratio_to_peer_cpu: The same per second of computing.
    """

    exercise: str
    support: str
    pace: Throughput
    ratio_to_peer: float
    ratio_to_peer_cpu: float


def exercise_support_pairs(
    exercises: Sequence[str], catalog: Catalog | None = None
) -> tuple[ExerciseSupportPair, ...]:
    """Each exercise with its least support, and with that of training if it is another.

    Args:
        exercises: Names of files in ``envs/``; all of them if empty.
        catalog: Catalog with the exercises; the shipped one by default.

    Raises:
        InputError: If there is no such exercise.
    """
    catalog = catalog or Catalog.shipped()
    known = catalog.names(ExerciseSpec)
    for name in exercises:
        if name not in known:
            raise InputError(f"exercise: no '{name}'; {did_you_mean(name, known)}")
    chosen = [name for name in known if name in exercises or not exercises]
    return tuple(pair for name in chosen for pair in _pairs(name, catalog.load(ExerciseSpec, name)))


def _pairs(name: str, spec: ExerciseSpec) -> Iterator[ExerciseSupportPair]:
    least = spec.supports[-1]
    yield ExerciseSupportPair(name, least)
    if spec.training_support not in (None, least):
        yield ExerciseSupportPair(name, str(spec.training_support))


def measure_exercise(
    pair: ExerciseSupportPair, peer: BenchmarkCase, rounds: int, block_s: float
) -> ExerciseSpeed:
    """Time an exercise, each block beside one of the peer.

    Args:
        pair: Exercise and support.
        peer: Case that it is compared with.
        rounds: Number of blocks of each.
        block_s: Wall time of a block [s].
    """
    with closing(MovingInfant(environment_id(pair.exercise), pair.support)) as infant:
        run_block(infant, WARM_UP_S)
        blocks = [(run_block(infant, block_s), run_block(peer, block_s)) for _ in range(rounds)]
        own, theirs = zip(*blocks, strict=True)
        return ExerciseSpeed(
            exercise=pair.exercise,
            support=pair.support,
            pace=throughput(infant, own),
            ratio_to_peer=ratio(own, theirs),
            ratio_to_peer_cpu=ratio(own, theirs, of_cpu_time=True),
        )
