"""The benchmark gives every number, and they agree with each other; speed itself is not tested."""

import json
import runpy
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest

from dmi_sim.benchmark import history, speed, training
from dmi_sim.benchmark.cases import Humanoid, MovingInfant
from dmi_sim.benchmark.exercises import (
    ExerciseSupportPair,
    common_support,
    exercise_support_pairs,
)
from dmi_sim.benchmark.history import read_history
from dmi_sim.benchmark.practice import memory_of_this_process
from dmi_sim.benchmark.speed import (
    SpeedReport,
    build_s,
    case_name,
    measure_speed,
    reset_ms,
    speeds_by_case,
)
from dmi_sim.benchmark.text import speed_table
from dmi_sim.benchmark.timing import run_block
from dmi_sim.benchmark.training import LearningTime
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.names import environment_id, exercises
from dmi_sim.spec.exercise import ExerciseSpec
from tests.physics.bullet_access import plain_bullet

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "speed.py"
LEARNED = LearningTime("posture", 10.0, True, 61_440, 0.57, 48.0, 9.7)


@pytest.fixture(scope="module")
def report() -> SpeedReport:
    pairs = (ExerciseSupportPair("standing", "none"), ExerciseSupportPair("standing", "pelvis"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(speed, "reset_ms", lambda: reset_ms(resets=3))
        patch.setattr(speed, "build_s", lambda: build_s(builds=1))
        return measure_speed(1, pairs, block_s=0.02)


@pytest.mark.parametrize("pair", exercise_support_pairs(), ids=case_name)
def test_an_infant_moves_as_ever_with_a_clock_around_bullets_steps(
    pair: ExerciseSupportPair,
) -> None:
    made = environment_id(pair.exercise), pair.support
    with closing(MovingInfant(*made)) as infant, closing(MovingInfant(*made)) as twin:
        bullet_ns = twin.time_bullet()
        for case in (infant, twin):
            run_block(case, 5)  # compiles
        before_ns = int(bullet_ns[0])
        block, _ = run_block(infant, 30), run_block(twin, 30)
        ours, theirs = infant.world.observe(), twin.world.observe()
        assert np.array_equal(ours.segment_pos_world, theirs.segment_pos_world)
        assert 0.1 < (bullet_ns[0] - before_ns) / 1e9 / block.cpu_s < 1


def test_bullets_steps_are_timed_in_the_plain_loop_too() -> None:
    with plain_bullet(), closing(MovingInfant()) as infant:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("dmi_sim.physics.bullet.timed_loop.library", lambda: None)
            bullet_ns = infant.time_bullet()
        run_block(infant, 5)
        before_ns, cpu_s = int(bullet_ns[0]), run_block(infant, 60).cpu_s
        assert 0.1 < (bullet_ns[0] - before_ns) / 1e9 / cpu_s < 1


def test_only_worlds_in_bullet_can_be_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(MovingInfant()) as infant:
        monkeypatch.setattr(infant.world, "engine", object())
        with pytest.raises(TypeError, match="object is not a world in Bullet"):
            infant.time_bullet()
        monkeypatch.undo()


def test_infants_start_again_when_they_fall() -> None:
    with closing(MovingInfant()) as infant:
        run_block(infant, 120)  # four seconds: down at least twice
        assert infant.contact_points() > 0


def test_a_missing_peer_comes_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> None:
        raise gym.error.DependencyNotInstalled("no mujoco")

    monkeypatch.setattr(gym, "make", absent)
    with pytest.raises(MachineProblem, match="pip install mujoco"):
        Humanoid()


def test_the_report_has_everything(report: SpeedReport) -> None:
    free, held = report.exercises
    assert (free.exercise, free.support, held.support) == ("standing", "none", "pelvis")
    assert [one.support for one in report.practice] == ["none", "pelvis"]
    assert report.training == ()
    assert {"python", "pybullet", "mujoco", "gymnasium"} <= set(report.machine.versions)
    assert json.loads(json.dumps(asdict(report)))["peer"]["environment"] == "HumanoidStandup-v5"


def test_every_number_is_plausible_and_fits_the_others(report: SpeedReport) -> None:
    for one in (report.peer, *(exercise.pace for exercise in report.exercises)):
        assert 0 < one.slowest <= one.steps_per_s <= one.fastest
        assert 0 <= one.contact_points < 100
        per_control_step = one.physics_hz / one.control_hz
        assert one.steps_per_s * one.physics_step_us * per_control_step == pytest.approx(1e6)
    for one in report.exercises:
        assert (one.pace.control_hz, one.pace.physics_hz) == (30, 240)
        assert 0.05 < one.bullet_share < 1
        assert one.limit == pytest.approx(one.ratio_to_peer / one.bullet_share)
        assert 0 < one.bullet_step_us < 2 * one.pace.physics_step_us
        assert 0.01 < one.ratio_to_peer < 100
    for practice in report.practice:
        assert 0 < practice.steps_per_s < max(one.pace.fastest for one in report.exercises) * 5
        assert 0.01 < practice.ratio_to_peer < 100
    assert report.peer.control_hz == pytest.approx(1 / 0.015)
    assert report.peer.physics_hz == pytest.approx(1 / 0.003)


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells memory")
def test_a_worker_has_memory_of_its_own(report: SpeedReport) -> None:
    assert report.worker is not None
    for memory in (report.worker, memory_of_this_process()):
        assert 50 < memory.own_mib <= memory.resident_mib < 5000


def test_all_exercises_are_timed_free_and_held_if_none_is_named() -> None:
    catalog = Catalog.shipped()
    pairs = exercise_support_pairs()
    for name in exercises():
        spec = catalog.load(ExerciseSpec, name)
        supports = [pair.support for pair in pairs if pair.exercise == name]
        held = [support for support in supports if support != "none"]
        assert ("none" in supports) == ("none" in spec.supports)
        assert held == [common_support(spec)]
        assert set(held) <= set(spec.supports)


@pytest.mark.parametrize(
    ("supports", "of_training", "wanted"),
    [
        (["axillae", "pelvis", "none"], "axillae", "axillae"),
        (["axillae", "pelvis", "none"], None, "pelvis"),
        (["axillae", "feet", "none"], None, "feet"),
        (["none"], None, None),
    ],
)
def test_hands_are_those_of_practice_or_the_most_common(
    supports: list[str], of_training: str | None, wanted: str | None
) -> None:
    standing = Catalog.shipped().load(ExerciseSpec, "standing")
    changed = {"supports": tuple(supports), "training_support": of_training}
    assert common_support(standing.model_copy(update=changed)) == wanted


def test_an_unknown_exercise_is_refused() -> None:
    with pytest.raises(InputError, match="standing"):
        exercise_support_pairs(["standin"])


def test_reset_and_build_take_time() -> None:
    assert 0 < reset_ms(resets=3) < 1e3
    assert 0 < build_s(builds=1) < 60


def test_the_table_names_every_case(report: SpeedReport) -> None:
    text = speed_table(report)
    for word in (*map(case_name, report.exercises), "HumanoidStandup", "Practice", "limit"):
        assert word in text
    for word in ("inside", "contact", "worker", "reset", "build", "aim", "pybullet"):
        assert word in text
    assert "unseen seeds" not in text
    assert "worker" not in speed_table(replace(report, worker=None))


def test_the_table_reports_the_time_to_learn(report: SpeedReport) -> None:
    slow = replace(LEARNED, action_mode="muscle", is_learned=False, upright_s=0.8)
    printed = " ".join(speed_table(replace(report, training=(LEARNED, slow))).split())
    what = "10 s of unsupported sitting on 8 of 10 unseen seeds:"
    assert f"posture: {what} after 61440 control steps" in printed
    assert f"muscle: {what} not within 61440 control steps" in printed
    assert "9.7 s at the end" in printed


@pytest.fixture
def measured_at_once(monkeypatch: pytest.MonkeyPatch, report: SpeedReport) -> None:
    """The command finds the report of this module."""

    def at_once(*_: object, **__: object) -> SpeedReport:
        return report

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(speed, "measure_speed", at_once)
    monkeypatch.setattr(training, "learning_time", lambda *_, **__: LEARNED)


@pytest.mark.usefixtures("measured_at_once")
def test_the_script_prints_one_json_object_and_keeps_the_ratios(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    report: SpeedReport,
) -> None:
    path = tmp_path / "history.csv"
    monkeypatch.setattr(history, "commit_to_measure", lambda *_, **__: "abc123")
    words = ["--json", "--rounds", "1", "--history", str(path), "--allow-dirty"]
    monkeypatch.setattr("sys.argv", [str(SCRIPT), *words])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert not ended.value.code
    printed = json.loads(capfd.readouterr().out)
    assert [one["support"] for one in printed["exercises"]] == ["none", "pelvis"]
    assert [one["action_mode"] for one in printed["training"]] == ["posture"]
    (row,) = read_history(path)
    assert row.commit == "abc123"
    assert row.ratios == pytest.approx(dict(speeds_by_case(report)), abs=6e-4)
