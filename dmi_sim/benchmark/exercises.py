"""How fast each exercise is beside the peer: without hands where it can be, and as practised."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import NamedTuple

from dmi_sim.benchmark.cases import BenchmarkCase, MovingInfant
from dmi_sim.benchmark.timing import Throughput, pace, ratio, run_block
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.names import environment_id
from dmi_sim.spec.exercise import ExerciseSpec

BLOCK_S, WARM_UP_S = 0.15, 0.3


class ExerciseSupportPair(NamedTuple):
    """An exercise and the hands in which it is done.

    Attributes:
        exercise: Name of a file in ``envs/``.
        support: Where hands hold the infant, or none.
    """

    exercise: str
    support: str


@dataclass(frozen=True)
class ExercisePace:
    """How fast one exercise is.

    Attributes:
        exercise: Name of a file in ``envs/``.
        support: Where hands hold the infant, or none.
        pace: Of infants who move a little at random.
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
    """Each exercise with its default support, and with that of its practice if it is another.

    Args:
        exercises: Names of files in ``envs/``; none of them means all.
        catalog: Where they are read.

    Raises:
        InputError: If there is no such exercise.
    """
    catalog = catalog or Catalog.shipped()
    known = catalog.names(ExerciseSpec)
    for name in exercises:
        if name not in known:
            raise InputError(f"exercise: no '{name}'; {did_you_mean(name, known)}")
    chosen = [name for name in known if name in exercises or not exercises]
    return tuple(way for name in chosen for way in _ways(name, catalog.load(ExerciseSpec, name)))


def _ways(name: str, spec: ExerciseSpec) -> Iterator[ExerciseSupportPair]:
    usual = spec.supports[-1]
    yield ExerciseSupportPair(name, usual)
    if spec.training_support not in (None, usual):
        yield ExerciseSupportPair(name, str(spec.training_support))


def measure_exercise(
    way: ExerciseSupportPair, peer: BenchmarkCase, rounds: int, block_s: float
) -> ExercisePace:
    """Time an exercise, each block beside one of the peer.

    Args:
        way: The exercise and its hands.
        peer: With what it is compared.
        rounds: Blocks of each.
        block_s: Wall time of a block [s].
    """
    with closing(MovingInfant(environment_id(way.exercise), way.support)) as infant:
        run_block(infant, WARM_UP_S)
        pairs = [(run_block(infant, block_s), run_block(peer, block_s)) for _ in range(rounds)]
        own, theirs = zip(*pairs, strict=True)
        return ExercisePace(
            exercise=way.exercise,
            support=way.support,
            pace=pace(infant, own),
            ratio_to_peer=ratio(own, theirs),
            ratio_to_peer_cpu=ratio(own, theirs, of_cpu_time=True),
        )
