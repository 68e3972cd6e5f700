"""The speed of practice, and the memory of a process that practises and tests, as in a study."""

import multiprocessing
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import NamedTuple

from dmi_sim.benchmark.cases import ENVIRONMENT, BenchmarkCase
from dmi_sim.benchmark.timing import run_block, steps_in, steps_per_s
from dmi_sim.catalog import Catalog
from dmi_sim.outcome.episode import episode_outcomes
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.rollout.recorder import rollout
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.study.columns import outcome_columns
from dmi_sim.study.tables import write_table
from dmi_sim.training.trainer import Trainer

EXERCISE = "sitting"
_MEMORY_FILE = Path("/proc/self/smaps_rollup")


@dataclass(frozen=True)
class PracticeSpeed:
    """The speed of practice in one kind of hands, all of it: steps, rewards, learning.

    Attributes:
        exercise: Name of a file in ``envs/``.
        support: Support site, or ``none``.
        steps_per_s: Control steps per second of computing, all parallel infants together, median.
        ratio_to_peer: Simulated time per time of computing, over that of the peer's bare steps.
    """

    exercise: str
    support: str
    steps_per_s: float
    ratio_to_peer: float


class Memory(NamedTuple):
    """Memory of a process [MiB].

    Attributes:
        own_mib: Its share: pages that several processes use are divided among them (PSS).
        resident_mib: All pages that it uses (RSS).
    """

    own_mib: float
    resident_mib: float


def measure_practice(
    supports: tuple[str, ...], peer: BenchmarkCase, rounds: int, block_s: float
) -> tuple[PracticeSpeed, ...]:
    """Time practice of sitting, one rollout of each kind of hands in turn with the peer.

    Args:
        supports: Support sites, or ``none``.
        peer: Case that it is compared with.
        rounds: Number of rollouts of each; the first, which warms up, comes before them.
        block_s: Time of computing of a block of the peer [s].
    """
    with ExitStack() as stack:
        trainers = [stack.enter_context(closing(_trainer(support))) for support in supports]
        for trainer in trainers:
            _rollout_steps_per_s(trainer)
        peer_steps, rates = steps_in(peer, block_s), list[list[float]]()
        for _ in range(rounds):
            own = [_rollout_steps_per_s(trainer) for trainer in trainers]
            rates.append([*own, steps_per_s(run_block(peer, peer_steps))])
    control_hz = Catalog.shipped().load(ExerciseSpec, EXERCISE).control_hz
    return tuple(
        PracticeSpeed(
            exercise=EXERCISE,
            support=support,
            steps_per_s=median(row[n] for row in rates),
            ratio_to_peer=median(row[n] / row[-1] for row in rates) * peer.control_hz / control_hz,
        )
        for n, support in enumerate(supports)
    )


def _trainer(support: str) -> Trainer:
    """A training as that of the exercise, in chunks of a single rollout."""
    spec = Catalog.shipped().load(ExerciseSpec, EXERCISE)
    training = spec.training.model_copy(update={"chunk_rollouts": 1})
    return Trainer.start(partial(make_environment, ENVIRONMENT, {"support": support}), training, 0)


def _rollout_steps_per_s(trainer: Trainer) -> float:
    began_steps, began_s = trainer.steps, process_time()
    trainer.train_until(trainer.steps + 1)
    return (trainer.steps - began_steps) / (process_time() - began_s)


def worker_memory() -> Memory | None:
    """The memory of a fresh process with all that a worker of a study holds; None if unknown.

    It practises in as many infants as the exercise says, tests the policy on one more, and writes
    what came out. The machine must tell what a process uses, as Linux does.
    """
    if not _MEMORY_FILE.exists():
        return None
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_practise_and_tell, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        return Memory(*ours.recv())
    except EOFError:  # it was killed, or could not start
        return None
    finally:
        process.join()


def _practise_and_tell(pipe: Connection) -> None:
    with closing(_trainer("none")) as trainer, closing(make_environment(ENVIRONMENT, {})) as env:
        trainer.train_until(1)
        with TemporaryDirectory() as folder:
            play_test_episode(env, trainer.policy, Path(folder) / "test.parquet")
        pipe.send(memory_of_this_process())


def play_test_episode(env: Env, controller: Controller | None, path: Path) -> None:
    """Play a test episode and write its outcomes, for which a worker loads further libraries.

    Args:
        env: Environment of the test.
        controller: Policy that is tested; None does nothing.
        path: Parquet file for the outcomes.
    """
    outcomes, columns = episode_outcomes(rollout(env, controller, 0, {})), outcome_columns()
    write_table(path, columns, [{column.name: outcomes[column.name] for column in columns}])


def memory_of_this_process() -> Memory:
    """The memory of this process, as Linux tells it.

    Raises:
        OSError: On a machine that does not tell.
    """
    rows = (line.split() for line in _MEMORY_FILE.read_text().splitlines()[1:])
    kib = {row[0]: int(row[1]) for row in rows}
    return Memory(own_mib=kib["Pss:"] / 1024, resident_mib=kib["Rss:"] / 1024)
