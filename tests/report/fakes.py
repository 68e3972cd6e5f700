"""A run folder with known numbers, made with the same writers as a real one."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from math import isnan, nan
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.provenance import Provenance
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.cell_files import CellTiming, commit
from dmi_sim.study.columns import TRAINING, Row, columns_of, names, outcome_columns
from dmi_sim.study.plan import Cell, plan
from dmi_sim.study.run_manifest import FailedCell, RunManifest
from dmi_sim.study.sources import sources
from dmi_sim.study.store import (
    cell_folder,
    read_manifest,
    start_run,
    unlisted_marks,
    write_manifest,
)
from dmi_sim.study.tables import write_table
from tests.render.bodies import shapes, toppling

NAME = "site_in_sitting"
DOSES_H = (0.0, 0.5, 1.0)
START_S = 1.0
"""Time upright of every infant before training [s]."""

Gains = Mapping[str, Sequence[float]]
"""Gain of each infant per hour of training, by arm [s/h]."""

GAINS: Gains = {"axillae": (2.0, 3.0, 4.0), "pelvis": (6.0, 8.0, 7.0), "none": (2.5, 2.5, 4.5)}
IMPULSE_N_S = {"axillae": 90_000.0, "pelvis": 45_000.0, "none": 0.0}
"""Impulse of the hands in each half hour of training, by arm [N s]."""
SHARE = {"axillae": 0.4, "pelvis": 0.2, "none": 0.0}


def study(seeds: int = 3) -> StudySpec:
    """The shipped study with three evaluations and two test episodes."""
    spec = Catalog.shipped().load(StudySpec, NAME)
    return spec.model_copy(
        update={
            "seeds": seeds,
            "dose": spec.dose.model_copy(update={"evaluations": len(DOSES_H)}),
            "test": spec.test.model_copy(update={"episodes": 2}),
        }
    )


def fake_run(folder: Path, gains: Gains = GAINS, *, with_replays: bool = True) -> Path:
    """A finished run in which every infant learns along a straight line.

    A gain of NaN makes a cell that was given up. The mean over training of an infant that gains
    ``g`` is ``START_S + g / 2``, and its last test ``START_S + g``.
    """
    spec = study(seeds=len(next(iter(gains.values()))))
    return fake_run_of(folder, spec, lambda cell: _gain(cell, gains), with_replays=with_replays)


def fake_run_of(
    folder: Path, spec: StudySpec, gain: Callable[[Cell], float], *, with_replays: bool = False
) -> Path:
    """A finished run of any study in which every infant learns along a straight line."""
    cells = plan(NAME, spec, Catalog.shipped())
    lost = [cell for cell in cells if isnan(gain(cell))]
    start_run(folder, _manifest(spec, cells, lost))
    for cell in cells:
        if cell not in lost:
            write_cell(cell_folder(folder, cell.key), cell, gain(cell), with_replays=with_replays)
    manifest = read_manifest(folder)
    marks = unlisted_marks(folder, manifest)
    write_manifest(folder, manifest.model_copy(update={"marks": marks}))
    return folder


def write_cell(folder: Path, cell: Cell, gain: float, *, with_replays: bool) -> None:
    folder.mkdir(parents=True)
    write_table(folder / "episodes.parquet", columns_of("episodes"), list(_episodes(cell, gain)))
    write_table(folder / "training.parquet", TRAINING, list(_training(cell)))
    if with_replays:
        toppling(0.4).save(folder / "replay.npz")
        toppling(0.4, supported=cell.arm != "none").save(folder / "replay_supported.npz")
        (folder / "shapes.json").write_text(json.dumps([asdict(shape) for shape in shapes()]))
    commit(cell, folder, CellTiming(wall_s=61.0, training_wall_s=50.0, dose_h=DOSES_H[-1]))


def asking_for(run: RunTables, outcome: str, times: float = 1.0) -> RunTables:
    """The run as if its study had named an outcome that is ``times`` the time upright."""
    study = run.manifest.spec
    primary = study.primary_outcome.model_copy(update={"outcome": outcome})
    spec = study.model_copy(update={"primary_outcome": primary})
    tests = ({**row, outcome: times * float(row["time_upright_s"])} for row in run.tests)
    manifest = run.manifest.model_copy(update={"spec": spec})
    return replace(run, manifest=manifest, tests=tuple(tests))


def _gain(cell: Cell, gains: Gains) -> float:
    return gains[cell.arm][cell.subject.seed]


def _episodes(cell: Cell, gain: float) -> Iterator[Row]:
    """Two episodes around the mean; calm tests last a second longer; one of two ends in a fall."""
    for evaluation, dose in enumerate(DOSES_H):
        for pushed in (True, False):
            for episode in (0, 1):
                upright = START_S + gain * dose + (0.0 if pushed else 1.0) + 0.25 * (episode - 0.5)
                yield {
                    **cell.identity,
                    "evaluation": evaluation,
                    "dose_h": dose,
                    "tested_in": cell.exercise,
                    "tested_with": "none",
                    "pushed": pushed,
                    "episode": episode,
                    "episode_seed": 1,
                    **dict.fromkeys(names(outcome_columns()), nan),
                    "time_upright_s": upright,
                    "sway_path_mm": 100.0,
                    "trunk_tilt_rms_rad": 0.1,
                    "effort": 0.01,
                    "support_impulse_n_s": 0.0,
                    "support_share_mean": 0.0,
                    "n_steps": round(30 * upright),
                    "duration_s": upright,
                    "success": float(episode != 0),
                    "completion": 0.5 if episode == 0 else 1.0,
                    "fell": float(episode == 0),
                    "physics_fault": False,
                }


def _training(cell: Cell) -> Iterator[Row]:
    for dose in DOSES_H[1:]:
        yield {
            **cell.identity,
            "steps": round(108_000 * dose),
            "dose_h": dose,
            "episodes": 10,
            "mean_episode_s": 3.0,
            "mean_reward": 1.0,
            "support_impulse_n_s": IMPULSE_N_S[cell.arm],
            "support_share_mean": SHARE[cell.arm],
            "support_site": str(cell.arm_spec.support),
            "support_strength": cell.arm_spec.support_strength,
        }


def _manifest(spec: StudySpec, cells: Sequence[Cell], lost: Sequence[Cell]) -> RunManifest:
    return RunManifest(
        study=NAME,
        run_hash="5eed" * 16,
        quick=True,
        status="failed" if lost else "done",
        spec=spec,
        cells={cell.key: cell.label for cell in cells},
        done=len(cells) - len(lost),
        failed_cells=tuple(
            FailedCell(cell=cell.key, label=cell.label, attempts=3, reason="worker <killed>")
            for cell in lost
        ),
        provenance=Provenance(
            versions={"python": "3.11.9", "numpy": "2.4.6"},
            code_sha256="c0de" * 16,
            platform="Linux",
            cpu="a processor",
            cores=2,
            command=("dmi-sim", "study", NAME, "--quick"),
            checkout=None,
        ),
        sources=sources(spec.exercise, "typical", Catalog.shipped()),
        started_utc="2026-01-02T03:04:05+00:00",
        ended_utc="2026-01-02T03:14:05+00:00",
        wall_s=600.0,
    )
