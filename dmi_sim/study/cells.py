"""Run one cell: an infant practises in the hands of its arm and is tested, alone, on the way.

A cell that was stopped goes on from its last checkpoint and ends with the same files as one that
never stopped. All but the log and the times in the commit mark follow from the cell alone.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.hashed_files import remove_partial_files, write_json
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.study.columns import TRAINING, Row, columns_of, course_columns, outcome_columns
from dmi_sim.study.executors.base import note
from dmi_sim.study.plan import Cell, fingerprint, sources
from dmi_sim.study.progress import OnCell, ignore_cell
from dmi_sim.study.store import WORK, CellTiming, commit
from dmi_sim.study.tables import read_table, write_table

if TYPE_CHECKING:
    from dmi_sim.recording import Recording
    from dmi_sim.training.trainer import Trainer

_STEPS_OF_A_TEST = 60
"""What a test episode weighs in the progress of a cell, in steps of training."""


def preflight(cells: Sequence[Cell]) -> None:
    """Raise before anything is written if some cell could not run.

    Raises:
        InputError: Naming what is wrong with infant, exercise or hands.
    """
    from dmi_sim.env.config import EnvConfig, build_env

    different = {fingerprint([cell.exercise, cell.env_arguments]): cell for cell in cells}
    for cell in different.values():
        arguments: dict[str, Any] = {**cell.env_arguments}
        build_env(EnvConfig(cell.exercise, **arguments))


def run_cell(cell: Cell, folder: Path, on_cell: OnCell = ignore_cell) -> Path:
    """Practise and test one infant in one arm.

    Args:
        cell: What to do.
        folder: Where its files go; it exists, and may hold what an earlier attempt left.
        on_cell: Told how far it is.

    Returns:
        The folder, with the commit mark.

    Raises:
        InputError: If files of infant or exercise are no longer those of the plan.
    """
    began = time.monotonic()
    _refuse_other_files(cell)
    with ExitStack() as stack:
        test_env = stack.enter_context(closing(_make_env(cell)))
        trainer = stack.enter_context(closing(_trainer(cell, folder / WORK)))
        bench = _Bench(cell, folder, trainer, test_env)
        rows = [row for number in _checkpoints(bench, on_cell) for row in _tested(bench, number)]
        _write_files(bench, rows)
        effort = CellTiming(
            wall_s=time.monotonic() - began,
            training_wall_s=sum(row["wall_s"] for row in trainer.training_rows),
            dose_h=trainer.dose_h,
        )
    commit(cell, folder, effort)
    shutil.rmtree(folder / WORK)
    return folder


@dataclass(frozen=True)
class _Bench:
    """A cell in work."""

    cell: Cell
    folder: Path
    trainer: "Trainer"
    test_env: Env


def _refuse_other_files(cell: Cell) -> None:
    now = fingerprint(sources(cell.exercise, cell.subject.condition, Catalog.shipped()))
    if now != cell.data_sha256:
        raise InputError(f"{cell.label}: files in models or envs changed since the study began")


def _make_env(cell: Cell) -> Env:
    from dmi_sim.names import environment_id

    return make_environment(environment_id(cell.exercise), cell.env_arguments)


def _trainer(cell: Cell, work: Path) -> "Trainer":
    """The practice that an earlier attempt left, or a new one."""
    from dmi_sim.training.checkpoints import checkpoints
    from dmi_sim.training.trainer import Trainer

    work.mkdir(exist_ok=True)
    remove_partial_files(work)
    if checkpoints(work):
        return Trainer.resume(work, lambda: _make_env(cell))
    spec = Catalog.shipped().load(ExerciseSpec, cell.exercise).training
    training = spec.model_copy(update={"total_steps": cell.schedule.checkpoint_steps[-1]})
    return Trainer.start(lambda: _make_env(cell), training, cell.schedule.training_seed, work)


def _checkpoints(bench: _Bench, on_cell: OnCell) -> Iterator[int]:
    """Practise from checkpoint to checkpoint; gives the number of each as it is reached."""
    schedule = bench.cell.schedule
    tests = len(schedule.test_seeds) * len(schedule.pushes)
    count, last = len(schedule.checkpoint_steps), schedule.checkpoint_steps[-1]
    whole = last + count * tests * _STEPS_OF_A_TEST
    for number, steps in enumerate(schedule.checkpoint_steps):
        while bench.trainer.steps < steps:
            bench.trainer.train_until(bench.trainer.steps + 1)
            bench.trainer.save()
            done = bench.trainer.steps + number * tests * _STEPS_OF_A_TEST
            on_cell(min(1.0, done / whole), f"practice to test {number + 1} of {count}")
        note(bench.folder, f"test {number + 1} of {count} at {bench.trainer.steps} steps")
        yield number


def _tested(bench: _Bench, number: int) -> list[Row]:
    """The test episodes of a checkpoint, from an earlier attempt if it came so far."""
    path = bench.folder / WORK / f"test_{number:03d}.parquet"
    if not path.exists():
        write_table(path, columns_of("episodes"), list(_test(bench, number)))
    return read_table(path, columns_of("episodes"))


def _test(bench: _Bench, number: int) -> Iterator[Row]:
    from dmi_sim.outcome.episode import episode_outcomes
    from dmi_sim.rollout.recorder import rollout

    cell, policy = bench.cell, bench.trainer.policy
    for pushed in cell.schedule.pushes:
        for episode, seed in enumerate(cell.schedule.test_seeds):
            options = {"support": "none", "pushes": pushed}
            recording = rollout(bench.test_env, policy, seed, options)
            yield {
                **cell.identity,
                "checkpoint": number,
                "dose_h": bench.trainer.dose_h,
                "pushed": pushed,
                "episode": episode,
                "episode_seed": seed,
                **_typed(episode_outcomes(recording)),
            }


def _typed(outcomes: dict[str, float]) -> Row:
    types: dict[str, type[float | int | bool]] = {"float64": float, "int64": int, "bool": bool}
    columns = (*outcome_columns(), *course_columns())
    return {column.name: types[column.kind](outcomes[column.name]) for column in columns}


def _write_files(bench: _Bench, episodes: list[Row]) -> None:
    from dmi_sim.training.bundle import save_bundle

    cell, folder, trainer = bench.cell, bench.folder, bench.trainer
    write_table(folder / "episodes.parquet", columns_of("episodes"), episodes)
    write_table(folder / "training.parquet", TRAINING, list(_training(bench)))
    save_bundle(folder / "policy", trainer.policy, trainer.metadata(cell.env_arguments))
    for name, recording in _replays(bench):
        recording.save(folder / f"{name}.npz")
    write_json(folder / "shapes.json", _shapes(bench.test_env))


def _training(bench: _Bench) -> Iterator[Row]:
    for row in bench.trainer.training_rows:
        kept: dict[str, Any] = {**row}  # typed by its class, not by its keys
        del kept["wall_s"]  # would make the table differ from run to run
        yield {**bench.cell.identity, **kept}


def _replays(bench: _Bench) -> Iterator[tuple[str, "Recording"]]:
    """The last policy on the first test, alone and pushed, and as it practised, in its hands."""
    from dmi_sim.rollout.recorder import rollout

    seed, policy = bench.cell.schedule.test_seeds[0], bench.trainer.policy
    alone = {"support": "none", "pushes": True}
    yield "replay", rollout(bench.test_env, policy, seed, alone)
    yield "replay_supported", rollout(bench.test_env, policy, seed)


def _shapes(env: Env) -> list[dict[str, object]]:
    """The visible body, as plain lists."""
    from dmi_sim.render.shapes import visual_shapes

    shapes = visual_shapes(getattr(env.unwrapped, "infant"))  # noqa: B009 - not in gymnasium's type
    return [{key: _plain(value) for key, value in asdict(shape).items()} for shape in shapes]


def _plain(value: object) -> object:
    return value.tolist() if isinstance(value, np.ndarray) else value
