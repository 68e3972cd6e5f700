"""The benchmark gives every number, and they agree with each other; speed itself is not tested."""

import json
import os
import runpy
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import gymnasium as gym
import numpy as np
import pytest

from dmi_sim.benchmark import speed, training
from dmi_sim.benchmark.cases import Humanoid, LyingInfant, MovingInfant
from dmi_sim.benchmark.exercises import ExerciseSupportPair, exercise_support_pairs
from dmi_sim.benchmark.profiler import BulletProfiler, profiled_worlds
from dmi_sim.benchmark.speed import SpeedReport, build_s, measure_speed, reset_ms
from dmi_sim.benchmark.text import speed_table
from dmi_sim.benchmark.timing import STEP, TimingBlock, bullet_share, ratio, run_block, throughput
from dmi_sim.benchmark.training import learning_time, sits
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.physics.bullet import client
from dmi_sim.report.html import write_report
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.study.store import read_manifest, write_summary
from tests.physics.bullet_access import corrupt
from tests.report.fakes import fake_run

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "speed.py"
KILLS = SCRIPT.with_name("kills.py")
FLIPS = SCRIPT.with_name("bit_flips.py")


@pytest.fixture(scope="module")
def report() -> SpeedReport:
    pairs = (ExerciseSupportPair("standing", "none"), ExerciseSupportPair("standing", "pelvis"))
    return measure_speed(1, pairs, block_s=0.05)


class Counted:
    """A case whose control step lasts a tenth of a simulated second, with three contact points."""

    environment = "counted"
    control_hz, physics_hz = 10.0, 80.0

    def __init__(self) -> None:
        self.log: list[str] = []

    def prepare(self) -> None:
        self.log.append("prepare")

    def step(self) -> None:
        self.log.append("step")

    def contact_points(self) -> int:
        return 3

    def close(self) -> None:
        self.log.append("close")


def block(sim_s: float, wall_s: float, **others: float) -> TimingBlock:
    plain = TimingBlock(sim_s, 8.0, wall_s, cpu_s=wall_s, contact_points=4.0)
    return replace(plain, **others)


def test_a_block_makes_at_least_one_step_after_its_preparation() -> None:
    case = Counted()
    one = run_block(case, wall_s=0.0)
    assert case.log == ["prepare", "step"]
    assert (one.sim_s, one.physics_steps, one.contact_points) == (0.1, 8.0, 3.0)
    assert one.wall_s > 0


def test_a_block_lasts_as_long_as_it_should() -> None:
    assert 0.02 <= run_block(Counted(), wall_s=0.02).wall_s < 0.5


def test_throughput_is_the_median_of_its_blocks() -> None:
    found = throughput(Counted(), [block(1, wall_s) for wall_s in (0.5, 0.1, 0.2)])
    assert found.sim_s_per_wall_s == 5
    assert (found.slowest, found.fastest) == (2, 10)
    assert found.physics_step_us == pytest.approx(1e6 * 0.2 / 8)
    assert found.bullet is None


def test_a_ratio_compares_neighbours_so_that_noise_over_time_cancels() -> None:
    ours = [block(2, wall_s) for wall_s in (1, 10, 3)]
    theirs = [block(1, wall_s) for wall_s in (1, 10, 3)]
    assert ratio(ours, theirs) == 2


def test_a_ratio_of_computing_time_ignores_waiting() -> None:
    waited, peer = block(1, wall_s=9, cpu_s=1), block(1, wall_s=2, cpu_s=2)
    assert ratio([waited], [peer], of_cpu_time=True) == 2
    assert ratio([waited], [peer]) == pytest.approx(2 / 9)


def test_the_share_of_bullet_separates_the_physics_from_the_whole_control_step() -> None:
    calls = {STEP: 0.4, "getBaseVelocity": 0.2}
    profiled = replace(block(1, wall_s=1), bullet_s=calls, physics_s=0.8, bullet_in_physics_s=0.56)
    share = bullet_share([profiled])
    assert share.of_physics == pytest.approx(0.7)
    assert share.of_everything == pytest.approx(0.6)
    assert share.step_simulation == pytest.approx(0.4)
    per_step = (share.physics_us, share.all_calls_us, share.step_simulation_us)
    assert per_step == pytest.approx([1e6 * s / 8 for s in (0.8, 0.6, 0.4)])


def test_a_profiler_counts_only_while_it_is_on() -> None:
    profiler = BulletProfiler(SimpleNamespace(LIMIT=3, work=lambda x: 2 * x))
    assert profiler.work(2) == 4
    assert profiler.spent_ns["work"] == 0
    profiler.is_on = True
    assert profiler.work(x=3) == 6
    assert profiler.spent_ns["work"] > 0
    assert profiler.LIMIT == 3


def test_only_worlds_built_under_the_profiler_are_profiled() -> None:
    plain, load = MovingInfant(), client.load_bullet
    with profiled_worlds() as profiler:
        profiled = MovingInfant()
    assert client.load_bullet is load
    profiler.watch(profiled.world)
    assert run_block(plain, 0.0, profiler).bullet_s == {}
    one = run_block(profiled, 0.0, profiler)
    assert 0 < one.bullet_s[STEP] < one.bullet_in_physics_s < one.physics_s < one.wall_s
    assert one.bullet_in_physics_s <= sum(one.bullet_s.values())
    plain.close()
    profiled.close()


def test_an_error_under_the_profiler_leaves_pybullet_as_it_was() -> None:
    load = client.load_bullet
    with pytest.raises(ZeroDivisionError), profiled_worlds():
        _ = 1 / 0
    assert client.load_bullet is load


def test_sitting_infants_start_again_when_they_fall() -> None:
    infant = MovingInfant()
    for _ in range(120):  # four seconds: down at least twice
        infant.prepare()
        infant.step()
    assert infant.contact_points() > 0
    infant.close()


def test_the_lying_infant_lies_and_stays_down() -> None:
    infant = LyingInfant()
    for _ in range(5):
        infant.prepare()
        infant.step()
        assert infant.world.observe().upright_rad > np.radians(60)
    assert not infant.world.has_physics_fault
    infant.close()


def test_an_infant_lies_again_after_a_fault_of_the_physics() -> None:
    infant = LyingInfant()
    corrupt(infant.world)
    infant.prepare()
    infant.step()
    assert infant.world.has_physics_fault
    infant.prepare()
    infant.step()
    assert not infant.world.has_physics_fault
    infant.close()


def test_a_missing_peer_comes_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> None:
        raise gym.error.DependencyNotInstalled("no mujoco")

    monkeypatch.setattr(gym, "make", absent)
    with pytest.raises(MachineProblem, match="pip install mujoco"):
        Humanoid()


def test_the_report_has_everything(report: SpeedReport) -> None:
    infants = {"sitting", "held at the pelvis", "lying"}
    assert set(report.paces) == infants | {"HumanoidStandup", "HumanoidStandup, calm"}
    assert set(report.ratio_to_peer) == set(report.ratio_to_peer_cpu) == infants
    assert report.training == ()
    assert {"python", "pybullet", "mujoco", "gymnasium"} <= set(report.machine.versions)
    assert json.loads(json.dumps(asdict(report)))["paces"]["sitting"]["control_hz"] == 30


def test_every_throughput_is_plausible(report: SpeedReport) -> None:
    for one in report.paces.values():
        assert 0 < one.slowest <= one.sim_s_per_wall_s <= one.fastest
        assert one.sim_s_per_cpu_s > 0
        assert 0 <= one.contact_points < 100
        per_s = one.physics_hz * one.physics_step_us / 1e6
        assert per_s * one.sim_s_per_wall_s == pytest.approx(1, rel=0.01)


def test_the_rates_are_those_of_the_environments(report: SpeedReport) -> None:
    sitting, peer = report.paces["sitting"], report.paces["HumanoidStandup"]
    assert (sitting.control_hz, sitting.physics_hz) == (30, 240)
    assert peer.control_hz == pytest.approx(1 / 0.015)
    assert peer.physics_hz == pytest.approx(1 / 0.003)


def test_infants_only_have_a_share_of_bullet_between_0_and_1(report: SpeedReport) -> None:
    for name in report.ratio_to_peer:
        bullet = report.paces[name].bullet
        assert bullet is not None
        assert 0 < bullet.step_simulation < bullet.of_everything < bullet.of_physics < 1
        assert 0 < bullet.step_simulation_us < bullet.all_calls_us
    assert report.paces["HumanoidStandup"].bullet is None


def test_every_exercise_is_timed_beside_the_peer(report: SpeedReport) -> None:
    alone, held = report.exercises
    assert (alone.exercise, alone.support, held.support) == ("standing", "none", "pelvis")
    for one in report.exercises:
        assert one.pace.environment == "DMI/Standing-v0"
        assert one.pace.bullet is None
        assert one.pace.slowest == one.pace.fastest  # of one round
        assert 0.01 < one.ratio_to_peer < 100
        assert 0.01 < one.ratio_to_peer_cpu < 100


def test_all_exercises_are_timed_if_none_is_named() -> None:
    catalog = Catalog.shipped()
    names = catalog.names(ExerciseSpec)
    pairs = exercise_support_pairs(())
    assert {pair.exercise for pair in pairs} == set(names)
    for name in names:
        spec = catalog.load(ExerciseSpec, name)
        first, *others = [pair.support for pair in pairs if pair.exercise == name]
        assert first == spec.supports[-1]
        assert others == [spec.training_support] * (spec.training_support not in (None, first))


def test_an_exercise_is_also_timed_with_the_support_of_its_training(tmp_path: Path) -> None:
    (tmp_path / "envs").mkdir()
    own = Catalog.shipped().load(ExerciseSpec, "standing")
    held = own.model_copy(update={"training_support": "pelvis"})
    for name, spec in (("alone", own), ("held", held)):
        (tmp_path / f"envs/{name}.yaml").write_text(spec.model_dump_json(exclude_none=True))
    assert exercise_support_pairs(["held"], Catalog(tmp_path)) == (
        ("held", "none"),
        ("held", "pelvis"),
    )
    assert exercise_support_pairs(["alone"], Catalog(tmp_path)) == (("alone", "none"),)


def test_an_unknown_exercise_is_refused() -> None:
    with pytest.raises(InputError, match="standing"):
        exercise_support_pairs(["standin"])


def test_reset_and_build_take_time() -> None:
    assert 0 < reset_ms(resets=3) < 1e3
    assert 0 < build_s(builds=1) < 60


def test_the_table_names_every_case_and_every_aim(report: SpeedReport) -> None:
    text = speed_table(report)
    for word in (
        *report.paces,
        "simulated s",
        "contact",
        "stepSimulation",
        "reset",
        "build",
        "aim",
    ):
        assert word in text
    assert "unseen seeds" not in text


def test_the_table_names_the_exercises_that_are_slow(report: SpeedReport) -> None:
    alone, held = report.exercises
    fast, slow = replace(alone, ratio_to_peer_cpu=1.0), replace(held, ratio_to_peer_cpu=0.834)
    aim = "exercises below 1.0 times HumanoidStandup by time of computing:"
    printed = " ".join(speed_table(replace(report, exercises=(fast, slow))).split())
    assert f"{aim} standing, pelvis 0.83 reset" in printed
    assert f"{aim} none" in speed_table(replace(report, exercises=(fast,)))
    assert aim not in speed_table(replace(report, exercises=()))


def test_the_table_reports_the_time_to_learn(report: SpeedReport) -> None:
    fast = training.LearningTime("posture", 10.0, True, 61_440, 0.57, 48.0, 9.7)
    slow = replace(fast, action_mode="muscle", is_learned=False, upright_s=0.8)
    printed = " ".join(speed_table(replace(report, training=(fast, slow))).split())
    what = "10 s of unsupported sitting on 8 of 10 unseen seeds:"
    assert f"posture: {what} after 61440 control steps" in printed
    assert f"muscle: {what} not within 61440 control steps" in printed
    assert "9.7 s at the end" in printed


def test_an_infant_with_reflexes_only_does_not_sit() -> None:
    env = make_environment("DMI/Sitting-v0", {})
    assert not sits(None, env)
    env.close()


def test_an_infant_must_sit_on_eight_of_ten_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcomes(failures: int) -> Iterator[SimpleNamespace]:
        yield from (SimpleNamespace(is_success=seed >= failures) for seed in range(10))

    for failures, verdict in ((0, True), (2, True), (3, False)):
        played = outcomes(failures)
        monkeypatch.setattr(training, "record_episode", lambda *_, played=played: next(played))
        assert sits(None, gym.Env()) is verdict


def test_training_ends_when_its_steps_are_over() -> None:
    short = TrainingSpec(
        total_steps=40, n_envs=2, n_steps=16, batch_size=16, n_epochs=1, chunk_rollouts=1
    )
    progress: list[tuple[int, int]] = []
    found = learning_time(short, lambda steps, total: progress.append((steps, total)))
    assert not found.is_learned
    assert progress == [(32, 40), (64, 40)]
    assert found.control_steps == 64
    assert found.dose_h == pytest.approx(64 / 30 / 3600)
    assert found.wall_s > 0
    assert found.episode_s == 10
    assert found.action_mode == "posture"
    assert 0.3 < found.upright_s < 5


def test_the_script_prints_one_json_object(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], report: SpeedReport
) -> None:
    def at_once(*_: object, **__: object) -> SpeedReport:
        return report

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(speed, "measure_speed", at_once)
    monkeypatch.setattr("sys.argv", [str(SCRIPT), "--json", "--rounds", "1"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert not ended.value.code
    assert json.loads(capfd.readouterr().out)["paces"].keys() == report.paces.keys()


@pytest.mark.slow
def test_a_study_that_is_killed_and_resumed_has_the_bytes_of_one_that_was_not(
    tmp_path: Path,
) -> None:
    """The short form: one tiny study, its workers or itself killed twice."""
    words = (str(KILLS), "--kills", "2", "--steps", "1", "--infants", "1", "--no-disk")
    done = subprocess.run(
        (sys.executable, *words),
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kills" in done.stdout
    assert "equal: True" in done.stdout


def test_a_flipped_bit_in_any_kind_of_file_of_a_run_and_a_bundle_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The short form: one bit in each kind of file of a run with known numbers and of a bundle."""
    run = fake_run(tmp_path / "run")
    (run / "cells" / next(iter(read_manifest(run).cells)) / "log.txt").write_text("practised")
    write_summary(run)
    write_report(run)
    monkeypatch.setattr(sys, "argv", [str(FLIPS), "--flips", "1", "--run", str(run)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(FLIPS), run_name="__main__")
    told = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in told.splitlines()}
    assert ended.value.code == 0, told
    assert rows["cells/*/log.txt"] == ["0", "1", "0"]
    for kind in ("manifest.json", "cells/*/replay.npz", "summary.parquet", "policy.zip"):
        assert rows[kind] == ["1", "0", "0"]
    assert "numbers that changed in silence: 0" in told


@pytest.mark.parametrize(
    ("numbers", "problems", "wanted"),
    [
        ({"a": "1", "b": "2"}, (), "harmless"),
        ({"a": "1"}, ("b.txt: changed",), "caught"),
        ({"a": "1", "b": "3"}, (), "silent"),
        ({"a": "1", "b": "3"}, ("b.txt: changed",), "silent"),
        ({"a": "1"}, (), "silent"),
        ({"a": "1"}, ("another.txt: changed",), "silent"),
    ],
)
def test_a_number_that_differs_or_goes_unsaid_is_silent(
    tmp_path: Path, numbers: dict[str, str], problems: tuple[str, ...], wanted: str
) -> None:
    script = runpy.run_path(str(FLIPS))
    whole, now = script["Told"]({"a": "1", "b": "2"}), script["Told"](numbers, problems)
    assert script["finding"](lambda _: now, tmp_path, tmp_path / "b.txt", whole) == wanted
