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
    """Time of a control step [us] in each process; beside it, steps a wall second of all."""
    return _rows([_side_by_side(count, extent) for count in extent.processes])


def _side_by_side(count: int, extent: Extent) -> tuple[str, float, str]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(count) as pool:
        pool.map(_own_blocks, [extent] * count, chunksize=1)  # each has compiled and is warm
        began_s = perf_counter()
        found = pool.map(_own_blocks, [extent] * count, chunksize=1)
        wall_s = perf_counter() - began_s
    steps = count * extent.blocks * extent.steps
    return (
        f"{count}",
        median(found),
        f"{steps / wall_s:.0f} a second of the wall clock, building included",
    )


def _own_blocks(extent: Extent) -> float:
    with closing(MovingInfant()) as infant:
        run_block(infant, WARM_UP_STEPS)
        return median(_step_us(run_block(infant, extent.steps)) for _ in range(extent.blocks))


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
    with closing(MovingInfant()) as first:  # what is loaded once belongs to nobody
        run_block(first, WARM_UP_STEPS)
        return _rows([_in_turn(count, extent) for count in extent.infants])


def _in_turn(count: int, extent: Extent) -> tuple[str, float, str]:
    before_mib = memory_of_this_process().own_mib
    with ExitStack() as stack:
        infants = [stack.enter_context(closing(MovingInfant())) for _ in range(count)]
        for infant in infants:
            run_block(infant, WARM_UP_STEPS)
        grown_mib = memory_of_this_process().own_mib - before_mib
        costs_us = [_round_us(infants, extent.steps) for _ in range(extent.blocks)]
    return f"{count}", median(costs_us), f"{grown_mib / count:.0f} MiB an infant"


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
    study = override(Catalog.shipped().load(StudySpec, "distal_vs_proximal"), settings)
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
