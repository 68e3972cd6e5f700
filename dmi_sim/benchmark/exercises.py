"""The speed of each exercise beside the peer, free and held, and the part that is Bullet's own."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from dmi_sim.benchmark.cases import BenchmarkCase, MovingInfant
from dmi_sim.benchmark.timing import (
    PROBE_STEPS,
    Pace,
    TimingBlock,
    pace,
    quotient,
    run_block,
    steps_in,
    steps_per_s,
)
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.names import environment_id, without_old
from dmi_sim.spec.exercise import ExerciseSpec

BLOCK_S = 0.15
COMMON_SITE = "pelvis"
"""Site of the hands in an exercise that names none for its practice."""


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
    """The speed of one exercise under random actions of full range.

    Attributes:
        exercise: Name of a file in ``envs/``.
        support: Support site, or ``none``.
        pace: Pace of the environment.
        ratio_to_peer: Simulated time per time of computing, over that of the peer.
        bullet_step_us: Time of Bullet's own step, in the same physics steps, median [us].
        bullet_share: Its share of the time of the environment [0..1].
        limit: The ratio to the peer if nothing but Bullet's own step took time.
    """

    exercise: str
    support: str
    pace: Pace
    ratio_to_peer: float
    bullet_step_us: float
    bullet_share: float
    limit: float


def exercise_support_pairs(
    exercises: Sequence[str] = (), catalog: Catalog | None = None
) -> tuple[ExerciseSupportPair, ...]:
    """Each exercise without hands, where it can be done so, and in those that are most common.

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
    chosen = [name for name in known if name in (exercises or without_old(known))]
    return tuple(pair for name in chosen for pair in _pairs(name, catalog.load(ExerciseSpec, name)))


def _pairs(name: str, spec: ExerciseSpec) -> Iterator[ExerciseSupportPair]:
    if "none" in spec.supports:
        yield ExerciseSupportPair(name, "none")
    held = common_support(spec)
    if held is not None:
        yield ExerciseSupportPair(name, held)


def common_support(spec: ExerciseSpec) -> str | None:
    """Hands as in the practice of an exercise, else at the pelvis, else the most distal; or None.

    >>> common_support(Catalog.shipped().load(ExerciseSpec, "walking"))
    'axillae'
    """
    sites = [str(site) for site in spec.supports if site != "none"]
    wanted = (str(spec.training_support), COMMON_SITE, *sites[-1:])
    return next((site for site in wanted if site in sites), None)


def measure_exercise(
    pair: ExerciseSupportPair, peer: BenchmarkCase, rounds: int, block_s: float = BLOCK_S
) -> tuple[ExerciseSpeed, list[TimingBlock]]:
    """Time an exercise, its twin with a clock around Bullet's steps, and the peer, in turn.

    The twin makes the same movements, so that both spend the same time in Bullet.

    Args:
        pair: Exercise and support.
        peer: Case that it is compared with.
        rounds: Number of blocks of each.
        block_s: Time of computing of a block [s].

    Returns:
        The speed of the exercise, and the blocks of the peer.
    """
    with (
        closing(MovingInfant(environment_id(pair.exercise), pair.support)) as infant,
        closing(MovingInfant(environment_id(pair.exercise), pair.support)) as twin,
    ):
        bullet_ns = twin.time_bullet()
        steps, peer_steps = steps_in(infant, block_s), steps_in(peer, block_s)
        run_block(twin, 2 * PROBE_STEPS)
        own, bullet, theirs = list[TimingBlock](), list[float](), list[TimingBlock]()
        for _ in range(rounds):
            own.append(run_block(infant, steps))
            before_ns = int(bullet_ns[0])
            run_block(twin, steps)
            bullet.append((int(bullet_ns[0]) - before_ns) / 1e9)
            theirs.append(run_block(peer, peer_steps))
        return _speed(pair, infant, peer, _Rounds(own, bullet, theirs)), theirs


class _Rounds(NamedTuple):
    """Blocks of the infant, time inside Bullet in the same steps [s], and blocks of the peer."""

    own: list[TimingBlock]
    bullet_s: list[float]
    theirs: list[TimingBlock]


def _speed(
    pair: ExerciseSupportPair, infant: MovingInfant, peer: BenchmarkCase, rounds: _Rounds
) -> ExerciseSpeed:
    ratio = quotient(steps_per_s, rounds.own, rounds.theirs) * peer.control_hz / infant.control_hz
    of_block = list(zip(rounds.bullet_s, rounds.own, strict=True))
    share = median(spent_s / block.cpu_s for spent_s, block in of_block)
    per_control_step = infant.physics_hz / infant.control_hz
    return ExerciseSpeed(
        exercise=pair.exercise,
        support=pair.support,
        pace=pace(infant, rounds.own),
        ratio_to_peer=ratio,
        bullet_step_us=median(1e6 * s / block.steps for s, block in of_block) / per_control_step,
        bullet_share=share,
        limit=ratio / share,
    )
