"""Cells that need no physics: a tiny study, and functions that run, break or kill a cell of it."""

import os
import signal
import time
from pathlib import Path

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.cell_files import CellTiming, commit
from dmi_sim.study.columns import (
    IDENTITY,
    TEST,
    TRAINING,
    Row,
    Value,
    columns_of,
    mean_columns,
    names,
)
from dmi_sim.study.plan import Cell, plan
from dmi_sim.study.progress import OnCell
from dmi_sim.study.run_setup import Run, RunOptions, open_run
from dmi_sim.study.tables import write_table

STUDY = StudySpec.model_validate(
    {
        "title": "t",
        "question": "q",
        "background": "b",
        "exercise": "sitting",
        "arms": {"pelvis": {"support": "pelvis"}, "none": {"support": "none"}},
        "ages_months": [7],
        "seeds": 3,
        "dose": {"training_steps": 100, "evaluations": 3},
        "test": {"episodes": 2},
        "primary_outcome": {
            "outcome": "time_upright_s",
            "comparisons": [["pelvis", "none"]],
            "equivalence_margin": 1.0,
        },
        "minutes": 1,
        "quick": {"seeds": 2, "dose": {"training_steps": 10, "evaluations": 2}},
    }
)


def tiny_catalog(root: Path) -> Catalog:
    """Files that the study names; of these only the exercise is parsed."""
    exercise = root / "envs/sitting.yaml"
    if not exercise.exists():
        exercise.parent.mkdir(parents=True, exist_ok=True)
        exercise.write_text(Catalog.shipped().text(ExerciseSpec, "sitting"))
    for path in (
        "models/references.yaml",
        "models/bodies/infant.yaml",
        "models/conditions/typical.yaml",
        "models/conditions/hypotonia.yaml",
        "models/supports/pelvis.yaml",
        "models/supports/none.yaml",
        "models/supports/waist.yaml",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"file: {path}\n")
    return Catalog(root)


def cells_of(tmp_path: Path, study: StudySpec = STUDY) -> list[Cell]:
    return plan("fake", study, tiny_catalog(tmp_path / "catalog"))


def run_at(tmp_path: Path, name: str = "run", *, resume: bool = False) -> Run:
    options = RunOptions(folder=tmp_path / name, resume=resume)
    return open_run("fake", STUDY, tiny_catalog(tmp_path / "catalog"), options)


def quick_cell(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Finish a cell at once, with numbers that depend on the cell only."""
    on_cell(0.5, "half-way")
    rng = np.random.default_rng(int(cell.key[:8], 16))
    write_table(folder / "episodes.parquet", columns_of("episodes"), list(_episodes(cell, rng)))
    write_table(folder / "training.parquet", TRAINING, [_filled(cell, names(TRAINING), rng)])
    return commit(cell, folder, CellTiming(wall_s=0.0, training_wall_s=0.0, dose_h=1.0))


def dies_once(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Kill the process of the first infant's cells half-way through a file, once."""
    if cell.subject.seed == 0 and not (folder / "attempted").exists():
        (folder / "attempted").touch()
        (folder / ".episodes.1.tmp.parquet").write_bytes(b"half a fi")
        os.kill(os.getpid(), signal.SIGKILL)
    return quick_cell(cell, folder, on_cell)


def second_infant_dies(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Crash in the cells of one infant."""
    if cell.subject.seed == 1:
        os.abort()
    return quick_cell(cell, folder, on_cell)


def second_infant_raises(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Fail in the cells of one infant."""
    if cell.subject.seed == 1:
        raise ArithmeticError("no such infant")
    return quick_cell(cell, folder, on_cell)


def all_but_the_second_raise(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Fail in the cells of all infants but one."""
    if cell.subject.seed != 1:
        raise ArithmeticError("no such infant")
    return quick_cell(cell, folder, on_cell)


def second_infant_hangs(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Hang in the cells of one infant."""
    if cell.subject.seed == 1:
        time.sleep(600)
    return quick_cell(cell, folder, on_cell)


def slow_cell(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Finish the first infant at once, and take minutes for the others, to be interrupted."""
    if cell.subject.seed > 0:
        (folder / "begun").touch()
        time.sleep(600)
    return quick_cell(cell, folder, on_cell)


def waiting_cell(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Say that it has begun, and end once a file ``go`` lies in the folder of the run."""
    (folder / "begun").touch()
    deadline = time.monotonic() + 60
    while not (folder.parents[1] / "go").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return quick_cell(cell, folder, on_cell)


def pausing_cell(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Finish a cell after a short time, and print."""
    os.write(1, b"printed by the cell\n")
    time.sleep(0.05)
    return quick_cell(cell, folder, on_cell)


def _episodes(cell: Cell, rng: np.random.Generator) -> list[Row]:
    return [
        {
            **_filled(cell, names(columns_of("episodes")), rng),
            "evaluation": k,
            "episode": i,
            "tested_in": test.exercise,
            "tested_with": test.support,
            "pushed": test.pushed,
        }
        for k in range(len(cell.schedule.evaluation_steps))
        for test in cell.test_rounds
        for i in range(len(cell.schedule.test_seeds))
    ]


def _filled(cell: Cell, columns: tuple[str, ...], rng: np.random.Generator) -> Row:
    numbers = {*names((*mean_columns(), *TRAINING, *TEST))} - {*names(IDENTITY)}
    row: dict[str, Value] = {name: float(rng.random()) for name in columns if name in numbers}
    row |= {name: 3 for name in columns if name in {"steps", "episodes", "n_steps", "episode_seed"}}
    row |= {name: False for name in columns if name in {"physics_fault"}}
    row |= {name: "pelvis" for name in columns if name in {"support_site"}}
    return row | {name: value for name, value in cell.identity.items() if name in columns}
