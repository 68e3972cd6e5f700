"""Run one cell: train an infant with the support of its arm, and test it on the way.

Tests are without hands, or in the most distal hands where an exercise cannot be done without any.

A cell that was stopped resumes from its last checkpoint and ends with the same files as one that
was never stopped. All but the log and the times in the commit mark follow from the cell alone.
"""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.files import remove_partial_files, write_json
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.spec.changes import with_training
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.study.cell_files import SHAPES, WORK, CellTiming, append_log, commit
from dmi_sim.study.columns import TRAINING, Row, columns_of, end_columns, outcome_columns
from dmi_sim.study.kept_tests import due_at, keep_test, kept_test
from dmi_sim.study.plan import Cell, TestRound
from dmi_sim.study.progress import OnCell, ignore_cell
from dmi_sim.study.sources import data_sha256
from dmi_sim.study.tables import write_table

if TYPE_CHECKING:
    from dmi_sim.recording import Recording
    from dmi_sim.training.trainer import Trainer

_STEPS_PER_EPISODE = 60
"""Weight of a test episode in the progress of a cell [training steps]."""


def run_cell(cell: Cell, folder: Path, on_cell: OnCell = ignore_cell, *, catalog: Catalog) -> Path:
    """Train and test one infant in one arm.

    Args:
        cell: The infant, its arm and its schedule.
        folder: Existing folder for the files; it may hold files of an earlier attempt.
        on_cell: Called as the cell advances.
        catalog: Source of the files of infant, exercise and support.

    Returns:
        The folder, with the commit mark.

    Raises:
        InputError: If files of infant or exercise are no longer those of the plan.
    """
    started_s = time.monotonic()
    _refuse_other_files(cell, catalog)
    with ExitStack() as stack:
        test_envs = {
            exercise: stack.enter_context(closing(_test_env(cell, exercise, catalog)))
            for exercise in dict.fromkeys(test.exercise for test in cell.test_rounds)
        }
        trainer = stack.enter_context(closing(_trainer(cell, folder / WORK, catalog)))
        running = _RunningCell(cell, folder, trainer, test_envs)
        rows = [row for n in _evaluations(running, on_cell) for row in _test_rows(running, n)]
        _write_files(running, rows)
        timing = CellTiming(
            wall_s=time.monotonic() - started_s,
            training_wall_s=sum(row["wall_s"] for row in trainer.training_rows),
            dose_h=trainer.dose_h,
        )
    commit(cell, folder, timing)
    shutil.rmtree(folder / WORK)
    return folder


@dataclass(frozen=True)
class _RunningCell:
    """A cell with the trainer and the environments that are open while it runs."""

    cell: Cell
    folder: Path
    trainer: "Trainer"
    test_envs: dict[str, Env]
    """Environments of the tests by exercise."""

    @property
    def test_env(self) -> Env:
        """The environment of tests in what the infant practises."""
        return self.test_envs[self.cell.exercise]


def _refuse_other_files(cell: Cell, catalog: Catalog) -> None:
    planned = {cell.exercise: cell.data_sha256}
    planned |= {test.exercise: test.data_sha256 for test in cell.schedule.transfer}
    if any(
        data_sha256(exercise, cell.subject.condition, catalog) != digest
        for exercise, digest in planned.items()
    ):
        raise InputError(f"{cell.label}: files in models or envs changed since the study began")


def _make_env(cell: Cell, catalog: Catalog) -> Env:
    """An environment in which the infant practises."""
    return _env_of(cell.exercise, cell.env_arguments, catalog)


def _test_env(cell: Cell, exercise: str, catalog: Catalog) -> Env:
    """An environment for tests in an exercise, in hands that each test says."""
    practised = exercise == cell.exercise
    return _env_of(exercise, cell.env_arguments if practised else cell.infant_arguments, catalog)


def _env_of(exercise: str, arguments: Mapping[str, object], catalog: Catalog) -> Env:
    from dmi_sim.env.registration import register_missing
    from dmi_sim.names import environment_id

    register_missing([exercise])
    return make_environment(environment_id(exercise), {**arguments, "catalog": catalog})


def _trainer(cell: Cell, work: Path, catalog: Catalog) -> "Trainer":
    """The trainer of an earlier attempt, resumed from its checkpoint, or else a new one."""
    from dmi_sim.training.checkpoints import checkpoints
    from dmi_sim.training.trainer import Trainer

    work.mkdir(exist_ok=True)
    remove_partial_files(work)
    resumed = _resumed(cell, work, catalog)
    if resumed is not None:
        return resumed
    for useless in checkpoints(work):
        useless.unlink()
    spec = with_training(catalog.load(ExerciseSpec, cell.exercise), cell.training)
    training = spec.model_copy(update={"total_steps": cell.schedule.evaluation_steps[-1]})
    seed = cell.schedule.training_seed
    return Trainer.start(lambda: _make_env(cell, catalog), training, seed, work)


def _resumed(cell: Cell, work: Path, catalog: Catalog) -> "Trainer | None":
    """The trainer of an earlier attempt; None if there is none, or too much of it is damaged."""
    from dmi_sim.training.checkpoints import checkpoints
    from dmi_sim.training.trainer import Trainer

    if not checkpoints(work):
        return None
    try:
        trainer = Trainer.resume(work, lambda: _make_env(cell, catalog))
    except InputError as error:
        append_log(work.parent, f"begins again: {error}")
        return None
    lost = _lost_tests(cell, work, trainer)
    if not lost:
        return trainer
    trainer.close()
    append_log(work.parent, f"begins again: tests {lost} are missing or damaged")
    return None


def _lost_tests(cell: Cell, work: Path, trainer: "Trainer") -> list[int]:
    """Evaluations that fell due before the present policy, and whose tests are not there."""
    chunk_ends = [row["steps"] for row in trainer.training_rows]
    due = [due_at(steps, chunk_ends) for steps in cell.schedule.evaluation_steps]
    past = [number for number, at in enumerate(due) if at is not None and at < trainer.steps]
    return [n for n in past if kept_test(work, n, columns_of("episodes")) is None]


def _evaluations(running: _RunningCell, on_cell: OnCell) -> Iterator[int]:
    """Train from one evaluation to the next, and yield the number of each when it is due."""
    schedule, trainer = running.cell.schedule, running.trainer
    test_steps = schedule.test_count * _STEPS_PER_EPISODE
    count, last = len(schedule.evaluation_steps), schedule.evaluation_steps[-1]
    total = last + count * test_steps
    for number, steps in enumerate(schedule.evaluation_steps):
        while trainer.steps < steps:
            trainer.train_until(trainer.steps + 1)
            trainer.save()
            share = min(1.0, (trainer.steps + number * test_steps) / total)
            on_cell(share, f"practice to test {number + 1} of {count}")
        append_log(running.folder, f"test {number + 1} of {count} at {trainer.steps} steps")
        yield number


def _test_rows(running: _RunningCell, evaluation: int) -> list[Row]:
    """Rows of the test episodes of an evaluation, read from an earlier attempt if it has them."""
    work, columns = running.folder / WORK, columns_of("episodes")
    kept = kept_test(work, evaluation, columns)
    if kept is None:
        keep_test(work, evaluation, columns, list(_test(running, evaluation)))
        kept = kept_test(work, evaluation, columns)
    if kept is None:
        raise MachineProblem(f"{work}: what was just written there reads as something else")
    return kept


def _test(running: _RunningCell, evaluation: int) -> Iterator[Row]:
    from dmi_sim.outcome.episode import episode_outcomes
    from dmi_sim.rollout.recorder import rollout

    cell, policy = running.cell, running.trainer.policy
    for test in cell.test_rounds:
        options = _test_options(test, cell.schedule.test_strength)
        for episode, seed in enumerate(cell.schedule.test_seeds):
            recording = rollout(running.test_envs[test.exercise], policy, seed, options)
            yield {
                **cell.identity,
                "evaluation": evaluation,
                "dose_h": running.trainer.dose_h,
                "tested_in": test.exercise,
                "tested_with": test.support,
                "pushed": test.pushed,
                "episode": episode,
                "episode_seed": seed,
                **_typed(episode_outcomes(recording)),
            }


def _test_options(test: TestRound, strength: float) -> dict[str, str | float | bool]:
    return {"support": test.support, "support_strength": strength, "pushes": test.pushed}


def _typed(outcomes: dict[str, float]) -> Row:
    types: dict[str, type[float | int | bool]] = {"float64": float, "int64": int, "bool": bool}
    columns = (*outcome_columns(), *end_columns())
    return {column.name: types[column.kind](outcomes[column.name]) for column in columns}


def _write_files(running: _RunningCell, episodes: list[Row]) -> None:
    from dmi_sim.training.bundle import save_bundle

    cell, folder, trainer = running.cell, running.folder, running.trainer
    write_table(folder / "episodes.parquet", columns_of("episodes"), episodes)
    write_table(folder / "training.parquet", TRAINING, list(_training_rows(running)))
    save_bundle(folder / "policy", trainer.policy, trainer.metadata(cell.env_arguments))
    for name, recording in _replays(running):
        recording.save(folder / f"{name}.npz")
    write_json(folder / SHAPES, _shapes(running.test_env))


def _training_rows(running: _RunningCell) -> Iterator[Row]:
    for row in running.trainer.training_rows:
        columns: dict[str, Any] = {**row}  # a TypedDict would not let a key go
        del columns["wall_s"]  # would make the table differ from run to run
        yield {**running.cell.identity, **columns}


def _replays(running: _RunningCell) -> Iterator[tuple[str, "Recording"]]:
    """The last policy in the first test, and then with the support of its practice.

    The test is the one with pushes, if the study has any.
    """
    from dmi_sim.rollout.recorder import rollout

    schedule, policy = running.cell.schedule, running.trainer.policy
    seed, pushed = schedule.test_seeds[0], True in schedule.test_pushes
    test = TestRound(running.cell.exercise, schedule.test_supports[0], pushed)
    options = _test_options(test, schedule.test_strength)
    yield "replay", rollout(running.test_env, policy, seed, options)
    held = running.trainer.support_options
    yield "replay_supported", rollout(running.test_env, policy, seed, held)


def _shapes(env: Env) -> list[dict[str, object]]:
    """The visible body, as values that JSON can hold."""
    from dmi_sim.render.shapes import visual_shapes

    shapes = visual_shapes(getattr(env.unwrapped, "infant"))  # noqa: B009 - not in gymnasium's type
    return [{key: _plain(value) for key, value in asdict(shape).items()} for shape in shapes]


def _plain(value: object) -> object:
    return value.tolist() if isinstance(value, np.ndarray) else value
