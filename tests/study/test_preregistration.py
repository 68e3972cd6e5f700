"""A run says what it asks and how it will answer before anything runs, and never says it anew."""

import json
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.names import conditions, exercises
from dmi_sim.provenance import file_sha256
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.preregistration import PREREGISTRATION, preregistration_state
from dmi_sim.study.run import run_cells
from dmi_sim.study.run_setup import Run, RunOptions, open_run
from dmi_sim.study.store import read_manifest
from dmi_sim.study.verify import verify
from tests.study.fake_cells import STUDY, quick_cell, run_at

INLINE = ExecutorConfig("inline")


def text_of(run: Run) -> str:
    return (run.folder / PREREGISTRATION).read_text()


def state_of(run: Run) -> str:
    return preregistration_state(run.folder, read_manifest(run.folder))


def test_it_is_there_with_its_hash_before_any_cell_runs(tmp_path: Path) -> None:
    run = run_at(tmp_path)
    manifest = read_manifest(run.folder)
    assert manifest.preregistration == file_sha256(run.folder / PREREGISTRATION)
    assert not list((run.folder / "cells").iterdir())
    text = text_of(run)
    assert manifest.run_hash in text
    assert "Simulation, not clinical evidence" in text
    for said in (STUDY.question, STUDY.background, "pelvis minus none", "±1", "time_upright_s"):
        assert said in text
    settings = text.partition("```json")[2].partition("```")[0]
    assert StudySpec.model_validate(json.loads(settings)) == STUDY


def test_running_resuming_and_reporting_leave_it_as_it_was(tmp_path: Path) -> None:
    first = run_at(tmp_path)
    before, hash_before = text_of(first), read_manifest(first.folder).preregistration
    run_cells(first, INLINE, quick_cell)
    resumed = run_at(tmp_path, resume=True)
    run_cells(resumed, INLINE, quick_cell)
    assert text_of(resumed) == before
    assert read_manifest(resumed.folder).preregistration == hash_before
    assert state_of(resumed) == "unchanged"
    assert verify(resumed.folder).problems == ()


def test_a_changed_or_missing_one_is_told(tmp_path: Path) -> None:
    run = run_at(tmp_path)
    path = run.folder / PREREGISTRATION
    path.write_text(path.read_text().replace("±1 ", "±2 "))
    assert state_of(run) == "changed"
    path.unlink()
    assert state_of(run) == "missing"
    run_at(tmp_path, resume=True)
    assert state_of(run) == "missing"


@pytest.mark.parametrize("exercise", exercises())
def test_every_exercise_is_registered_with_what_its_file_says(
    tmp_path: Path, exercise: str
) -> None:
    catalog = Catalog.shipped()
    spec = catalog.load(ExerciseSpec, exercise)
    arms = [f"arms.{arm}.support={spec.supports[-1]}" for arm in STUDY.arms]
    study = override(STUDY, [f"exercise={exercise}", *arms, "arms.none.age_months=9"])
    run = open_run("s", study, catalog, RunOptions(folder=tmp_path / "run"))
    text, design = text_of(run), read_manifest(run.folder).design
    assert f"Exercise: `{exercise}`, {spec.title}." in text
    assert f"Hands during tests: {spec.supports[-1]}." in text
    assert f"Physics {spec.physics_hz} Hz, control {spec.control_hz} Hz." in text
    assert "age_months: 9.0" in text
    assert design is not None
    assert design.learners["none"] == spec.training.model_copy(update={"total_steps": 100})


def test_a_criterion_and_how_censored_infants_count_are_registered(tmp_path: Path) -> None:
    settings = ["primary_outcome.outcome=hours_to_success", "primary_outcome.criterion=0.5"]
    study = override(STUDY, settings)
    run = open_run("s", study, Catalog.shipped(), RunOptions(folder=tmp_path / "run"))
    assert "Criterion: 0.5 of the tests" in text_of(run)
    assert "counts with its whole dose" in text_of(run)


SCHEDULES = [
    "{site: [axillae, pelvis], move_after: {success: 0.8, of_last: 20}, firmness: 0.5}",
    "{site: [pelvis], firmness: {by: competence, from: 0.5, to: 0, of_last: 20}}",
    "{site: [pelvis], firmness: {by: dose, from: 1, to: 0, over_share: 0.5}}",
]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_hands_that_change_are_told_as_a_study_file_has_them(tmp_path: Path, schedule: str) -> None:
    study = override(STUDY, [f"arms.pelvis.support={schedule}"])
    run = open_run("s", study, Catalog.shipped(), RunOptions(folder=tmp_path / "run"))
    row = next(line for line in text_of(run).splitlines() if line.startswith("| pelvis"))
    told = row.split("|")[2].strip().removesuffix(", strength 1")
    assert told == schedule
    again = override(STUDY, [f"arms.pelvis.support={told}"])
    assert again == study


@pytest.mark.parametrize("condition", conditions())
def test_only_typical_development_is_without_a_severity(tmp_path: Path, condition: str) -> None:
    study = override(STUDY, [f"conditions=[{{name: {condition}, severity: 0.3}}]"])
    run = open_run("s", study, Catalog.shipped(), RunOptions(folder=tmp_path / "run"))
    said = "" if condition == "typical" else " (severity 0.3)"
    assert f"- Conditions: {condition}{said}.\n" in text_of(run)
