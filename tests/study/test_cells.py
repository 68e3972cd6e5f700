"""Tiny cells with physics, training and tests, from the plan to the tables."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.recording import Recording
from dmi_sim.report.html import write_report
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.study import store
from dmi_sim.study.cell_files import cell_record
from dmi_sim.study.cells import run_cell
from dmi_sim.study.columns import Row, names, outcome_columns
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.plan import Cell, plan
from dmi_sim.study.run import run_cells, run_study
from dmi_sim.study.run_setup import RunOptions, open_run
from dmi_sim.study.verify import verify
from dmi_sim.training.bundle import read_bundle_manifest
from tests.study.fake_cells import STUDY

pytestmark = pytest.mark.slow

SHIPPED = Catalog.shipped()
run_shipped = partial(run_cell, catalog=SHIPPED)
RESULTS = ("episodes.parquet", "training.parquet", "policy/policy.zip", "shapes.json")
SMALL_ROLLOUTS = [
    f"training.{one}"
    for one in ("n_envs=1", "n_steps=64", "batch_size=64", "n_epochs=1", "chunk_rollouts=5")
]
TINY = override(STUDY, ["seeds=2", "dose.evaluations=2", "test.episodes=1", *SMALL_ROLLOUTS])


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole study of two arms and two infants, run by two processes."""
    folder = tmp_path_factory.mktemp("study") / "run"
    run = open_run("tiny", TINY, SHIPPED, RunOptions(folder=folder))
    assert run_cells(run, ExecutorConfig("process", workers=2), run_shipped).complete
    return folder


def episodes(run: Path, arm: str, evaluation: int) -> list[Row]:
    rows = store.load_table(run, "episodes").rows
    return [row for row in rows if row["arm"] == arm and row["evaluation"] == evaluation]


def outcomes(rows: list[Row]) -> list[list[str]]:
    """The outcomes as text, in which NaN equals NaN."""
    return [
        [str(row[name]) for name in ("seed", "pushed", *names(outcome_columns()))] for row in rows
    ]


def tiny_cells() -> list[Cell]:
    return plan("tiny", TINY, SHIPPED)


def test_the_run_is_complete(finished: Path) -> None:
    assert verify(finished).is_whole
    assert len(store.load_table(finished, "episodes").rows) == 4 * 2 * 2
    assert len(store.read_summary(finished)) == 4 * 2 * 2


def test_tests_are_unsupported_in_every_arm(finished: Path) -> None:
    rows = store.load_table(finished, "episodes").rows
    assert {row["support_impulse_n_s"] for row in rows} == {0.0}


def test_before_training_arms_are_the_same(finished: Path) -> None:
    pelvis, none = (outcomes(episodes(finished, arm, evaluation=0)) for arm in STUDY.arms)
    assert pelvis == none


def test_after_training_arms_differ(finished: Path) -> None:
    pelvis, none = (outcomes(episodes(finished, arm, evaluation=1)) for arm in STUDY.arms)
    assert pelvis != none


def test_only_the_supported_arm_has_support_in_training(finished: Path) -> None:
    impulse = {"pelvis": 0.0, "none": 0.0}
    for row in store.load_table(finished, "training").rows:
        impulse[str(row["arm"])] += float(row["support_impulse_n_s"])
    assert impulse["none"] == 0.0
    assert impulse["pelvis"] > 0.0


def test_the_dose_is_the_same_in_every_arm(finished: Path) -> None:
    doses = {arm: [row["dose_h"] for row in episodes(finished, arm, 1)] for arm in STUDY.arms}
    assert doses["pelvis"] == doses["none"]
    assert float(doses["none"][0]) > 0.0


def test_replays_show_the_same_pushes_in_every_arm(finished: Path) -> None:
    cells = [cell_record(folder).cell for folder in store.committed(finished)]
    pushes = {
        cell.arm: Recording.load(
            store.cell_folder(finished, cell.key) / "replay.npz"
        ).push_force_world
        for cell in cells
        if cell.subject.seed == 0
    }
    shared = min(len(series) for series in pushes.values())
    np.testing.assert_array_equal(pushes["pelvis"][:shared], pushes["none"][:shared])


def test_only_the_supported_arm_has_forces_in_its_supported_replay(finished: Path) -> None:
    for folder in store.committed(finished):
        force_n = Recording.load(folder / "replay_supported.npz").support_force_n
        assert bool(force_n.any()) == (cell_record(folder).cell.arm == "pelvis")


def test_the_policy_records_the_arm_of_its_training(finished: Path) -> None:
    for folder in store.committed(finished):
        cell = cell_record(folder).cell
        assert isinstance(cell, Cell)
        assert (
            read_bundle_manifest(folder / "policy").metadata.environment_kwargs
            == cell.env_arguments
        )


def test_a_cell_that_was_stopped_ends_like_one_that_was_not(finished: Path, tmp_path: Path) -> None:
    cell = tiny_cells()[0]

    def stop(share: float, message: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_shipped(cell, tmp_path, stop)
    assert (tmp_path / "work").is_dir()
    run_shipped(cell, tmp_path)
    uninterrupted = store.cell_folder(finished, cell.key)
    for name in RESULTS:
        assert (tmp_path / name).read_bytes() == (uninterrupted / name).read_bytes(), name
    assert not (tmp_path / "work").exists()


def nothing(work: Path) -> None:
    """No harm: what is kept is used."""


def flipped_test(work: Path) -> None:
    path = work / "test_000.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def lost_test(work: Path) -> None:
    (work / "test_000.parquet").unlink()


def lost_seal(work: Path) -> None:
    (work / "test_000.sha256").unlink()


def cut_checkpoints(work: Path) -> None:
    for path in work.glob("checkpoints/*"):
        path.write_bytes(path.read_bytes()[:1000])


@pytest.mark.filterwarnings("ignore:.*damaged checkpoint:RuntimeWarning")
@pytest.mark.parametrize(
    "harm", [nothing, flipped_test, lost_test, lost_seal, cut_checkpoints], ids=lambda f: f.__name__
)
def test_a_stopped_cell_whose_work_is_damaged_ends_like_one_that_was_not(
    finished: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """Tests before a checkpoint cannot be made up for by a policy that has practised since."""
    cell = tiny_cells()[0]

    def stop(share: float, message: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_shipped(cell, tmp_path, stop)
    harm(tmp_path / "work")
    run_shipped(cell, tmp_path)
    uninterrupted = store.cell_folder(finished, cell.key)
    assert {name: (tmp_path / name).read_bytes() for name in RESULTS} == {
        name: (uninterrupted / name).read_bytes() for name in RESULTS
    }


def test_a_cell_of_other_model_files_is_refused(tmp_path: Path) -> None:
    cell = tiny_cells()[0].model_copy(update={"data_sha256": "another"})
    with pytest.raises(InputError, match="changed since the study began"):
        run_shipped(cell, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_study_can_take_its_files_from_another_catalog(tmp_path: Path) -> None:
    """Its worker processes and its report use that catalog too; no other has the exercise."""
    own = tmp_path / "own/envs/short_sitting.yaml"
    own.parent.mkdir(parents=True)
    text = SHIPPED.text(ExerciseSpec, "sitting")
    own.write_text(
        text.replace("\nduration_s: 10", "\nduration_s: 1").replace("hold_s: 10", "hold_s: 1")
    )
    catalog = Catalog(tmp_path / "own", SHIPPED.root)
    study = override(TINY, ["exercise=short_sitting", "seeds=1"])
    config = ExecutorConfig("process", workers=1)
    result = run_study(
        "own", study, RunOptions(config=config, folder=tmp_path / "run"), catalog=catalog
    )
    assert result.complete
    lengths_s = {
        float(row["duration_s"]) for row in store.load_table(result.folder, "episodes").rows
    }
    assert 0.0 < max(lengths_s) <= 1.0
    assert "at most 1 s" in write_report(result.folder, catalog).read_text()
