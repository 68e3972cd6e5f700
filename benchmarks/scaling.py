"""How cost grows: with processes, contact points, infants in a process, and the size of a study.

``python benchmarks/scaling.py [--quick]`` prints four tables, all by time of computing, so that it
can be read on a busy machine. Every process has one thread; where more of them run than the machine
has cores, they share the cores as they would share caches and memory on a machine with more.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from statistics import fmean, median
from time import perf_counter, process_time
from typing import NamedTuple

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when numpy and torch are loaded, below

import numpy as np

from dmi_sim.benchmark.cases import MovingInfant
from dmi_sim.benchmark.exercises import exercise_support_pairs
from dmi_sim.benchmark.practice import memory_of_this_process
from dmi_sim.benchmark.timing import TimingBlock, run_block
from dmi_sim.catalog import Catalog, override
from dmi_sim.names import environment_id
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.run import run_study
from dmi_sim.study.run_setup import RunOptions
from dmi_sim.tables import columns

WARM_UP_STEPS = 60


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes:
        processes: Numbers of processes side by side.
        infants: Numbers of infants in one process.
        exercises: Exercises whose contact points are counted; all if empty.
        blocks: Blocks of each measurement.
        steps: Control steps of a block.
        study_infants: Numbers of infants of a study.
        study_steps: Control steps of practice of each infant of a study.
        n_envs: Infants that practise side by side in a study.
    """

    processes: tuple[int, ...] = (1, 2, 4, 8)
    infants: tuple[int, ...] = (1, 2, 4, 8, 16)
    exercises: tuple[str, ...] = ()
    blocks: int = 12
    steps: int = 150
    study_infants: tuple[int, ...] = (1, 2, 4)
    study_steps: tuple[int, ...] = (4096, 8192, 16384)
    n_envs: int = 8


QUICK = Extent((1, 2), (1, 4), ("sitting", "rolling"), 4, 60, (1,), (1024, 2048), 2)


class Row(NamedTuple):
    """A line of a table: what grew, the cost, and the cost over that of the first line."""

    what: str
    cost: float
    ratio: float
    beside: str = ""


def _rows(costs: Sequence[tuple[str, float, str]]) -> list[Row]:
    return [Row(what, cost, cost / costs[0][1], beside) for what, cost, beside in costs]


def by_processes(extent: Extent) -> list[Row]:
    """Time of a control step [us] where several processes move infants at once, all counts in turn.

    Beside it stand the steps that all of them make in a second of the wall clock.
    """
    pipes, children = zip(
        *(_child(extent.steps) for _ in range(max(extent.processes))), strict=True
    )
    rounds = [
        [_at_once(pipes[:count], extent.steps) for count in extent.processes]
        for _ in range(extent.blocks)
    ]
    for pipe, child in zip(pipes, children, strict=True):
        pipe.send(False)
        child.join()
    return [
        Row(
            f"{count}",
            median(row[n].step_us for row in rounds),
            median(row[n].step_us / row[0].step_us for row in rounds),
            f"{median(row[n].steps_per_wall_s for row in rounds):.0f} a second of the wall clock",
        )
        for n, count in enumerate(extent.processes)
    ]


class _AtOnce(NamedTuple):
    step_us: float
    steps_per_wall_s: float


def _at_once(pipes: Sequence[Connection], steps: int) -> _AtOnce:
    began_s = perf_counter()
    for pipe in pipes:
        pipe.send(True)
    step_us = fmean(pipe.recv() for pipe in pipes)
    return _AtOnce(step_us, len(pipes) * steps / (perf_counter() - began_s))


def _child(steps: int) -> tuple[Connection, BaseProcess]:
    """A process with an infant that is warm, and the pipe through which it is told to move it."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_move, args=(theirs, steps), daemon=True)
    child.start()
    ours.recv()
    return ours, child


def _move(pipe: Connection, steps: int) -> None:
    """Time a block of steps [us a step] at each word, until told to end."""
    with closing(MovingInfant()) as infant:
        run_block(infant, WARM_UP_STEPS)
        pipe.send(True)
        while pipe.recv():
            pipe.send(_step_us(run_block(infant, steps)))


def _step_us(block: TimingBlock) -> float:
    return 1e6 * block.cpu_s / block.steps


def by_contacts(extent: Extent) -> list[Row]:
    """Time of Bullet's own step [us] by contact points, over short blocks of all exercises."""
    found = np.array(list(_contacts_and_costs(extent)))
    points, cost_us = found.T
    slope, base = np.polyfit(points, cost_us, 1)
    fit = f"all: {base:.1f} us and {slope:.1f} us a point"
    bins = [(low, (points >= low) & (points < low + 2)) for low in range(0, 40, 2)]
    return _rows(
        [
            (f"{low}-{low + 2}", float(np.median(cost_us[inside])), fit)
            for low, inside in bins
            if inside.sum() >= 3
        ]
    )


def _contacts_and_costs(extent: Extent) -> Iterator[tuple[float, float]]:
    for pair in exercise_support_pairs(extent.exercises):
        with closing(MovingInfant(environment_id(pair.exercise), pair.support)) as infant:
            bullet_ns = infant.time_bullet()
            run_block(infant, WARM_UP_STEPS)
            per_step = infant.physics_hz / infant.control_hz
            for _ in range(extent.blocks):
                before_ns = int(bullet_ns[0])
                block = run_block(infant, 10)
                yield block.contact_points, (bullet_ns[0] - before_ns) / 1e3 / 10 / per_step


def by_infants(extent: Extent) -> list[Row]:
    """Time of a control step [us] of infants that move in turn in one process."""
    costs = list[tuple[str, float, str]]()
    with ExitStack() as stack:
        run_block(stack.enter_context(closing(MovingInfant())), WARM_UP_STEPS)  # loads the rest
        before_mib, infants = memory_of_this_process().own_mib, list[MovingInfant]()
        for count in extent.infants:
            while len(infants) < count:
                infants.append(stack.enter_context(closing(MovingInfant())))
                run_block(infants[-1], WARM_UP_STEPS)
            grown_mib = (memory_of_this_process().own_mib - before_mib) / count
            step_us = median(_round_us(infants, extent.steps) for _ in range(extent.blocks))
            costs.append((f"{count}", step_us, f"{grown_mib:.0f} MiB an infant"))
    return _rows(costs)


def _round_us(infants: Sequence[MovingInfant], steps: int) -> float:
    rounds = range(max(1, steps // len(infants)))
    return fmean(_step_us(run_block(infant, 1)) for _ in rounds for infant in infants)


def by_study(extent: Extent) -> list[Row]:
    """Time of a whole study [ms] for each 1000 control steps of practice, in two arms."""
    fewest, shortest = extent.study_infants[0], extent.study_steps[0]
    _study_ms(fewest, shortest, extent)  # compiles
    sizes = [(infants, shortest) for infants in extent.study_infants]
    sizes += [(fewest, steps) for steps in extent.study_steps[1:]]
    return _rows(
        [
            (
                f"{infants} infants, {steps} steps",
                _study_ms(infants, steps, extent),
                f"{memory_of_this_process().own_mib:.0f} MiB after it",
            )
            for infants, steps in sizes
        ]
    )


def _study_ms(infants: int, steps: int, extent: Extent) -> float:
    settings = (
        f"seeds={infants}",
        "arms={pelvis: {support: pelvis}, none: {support: none}}",
        "primary_outcome.comparisons=[[pelvis, none]]",
        f"dose={{training_steps: {steps}, evaluations: 2}}",
        "test.episodes=1",
        f"training={{n_envs: {extent.n_envs}}}",
    )
    study = override(Catalog.shipped().load(StudySpec, "site_in_sitting"), settings)
    with tempfile.TemporaryDirectory() as folder:
        began_s = process_time()
        run_study(
            "scaling",
            study,
            RunOptions(config=ExecutorConfig("inline"), folder=Path(folder) / "run"),
        )
        return 1e3 * (process_time() - began_s) / (2 * infants * steps / 1000)


TABLES = {
    "Processes: us a control step": by_processes,
    "Contact points: us a step of Bullet": by_contacts,
    "Infants in one process: us a control step": by_infants,
    "A study in one process: ms for 1000 steps of practice": by_study,
}


def table(title: str, rows: Sequence[Row]) -> str:
    """A table of costs."""
    cells = [(row.what, f"{row.cost:.1f}", f"{row.ratio:.2f}", row.beside) for row in rows]
    return "\n".join(columns("<53 >8 >7  <1", [(title, "", "", ""), *cells]))


def main() -> int:
    """Measure all and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="little of each: seconds")
    extent = QUICK if parser.parse_args().quick else Extent()
    for title, measure in TABLES.items():
        print(table(title, measure(extent)), flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
