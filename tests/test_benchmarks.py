"""The benchmark gives every number, and they hang together; how fast it is, is not tested."""

import json
import runpy
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
from dmi_sim.benchmark.profiler import BulletProfiler, metered_worlds
from dmi_sim.benchmark.speed import SpeedReport, build_s, measure_speed, reset_ms
from dmi_sim.benchmark.text import speed_table
from dmi_sim.benchmark.timing import STEP, TimingBlock, bullet_share, pace, ratio, run_block
from dmi_sim.benchmark.training import learning_time, sits
from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError, MachineProblem
from dmi_sim.physics.bullet import client
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.training import TrainingSpec

SCRIPT = Path(__file__).parents[1] / "benchmarks" / "speed.py"


@pytest.fixture(scope="module")
def report() -> SpeedReport:
    ways = (ExerciseSupportPair("standing", "none"), ExerciseSupportPair("standing", "pelvis"))
    return measure_speed(1, ways, block_s=0.05)


class Counted:
    """A subject whose control step lasts a tenth of a simulated second and touches thrice."""

    environment = "counted"
    control_hz, physics_hz = 10.0, 80.0

    def __init__(self) -> None:
        self.log: list[str] = []

    def ready(self) -> None:
        self.log.append("ready")

    def step(self) -> None:
        self.log.append("step")

    def contact_points(self) -> int:
        return 3

    def close(self) -> None:
        self.log.append("close")


def block(sim_s: float, wall_s: float, **others: float) -> TimingBlock:
    plain = TimingBlock(sim_s, 8.0, wall_s, cpu_s=wall_s, contact_points=4.0)
    return replace(plain, **others)


def test_a_block_makes_at_least_one_step_after_getting_ready() -> None:
    subject = Counted()
    one = run_block(subject, wall_s=0.0)
    assert subject.log == ["ready", "step"]
    assert (one.sim_s, one.physics_steps, one.contact_points) == (0.1, 8.0, 3.0)
    assert one.wall_s > 0


def test_a_block_lasts_as_long_as_it_should() -> None:
    assert 0.02 <= run_block(Counted(), wall_s=0.02).wall_s < 0.5


def test_a_pace_is_the_median_of_its_blocks() -> None:
    found = pace(Counted(), [block(1, wall_s) for wall_s in (0.5, 0.1, 0.2)])
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


def test_the_share_of_bullet_tells_physics_from_everything() -> None:
    calls = {STEP: 0.4, "getBaseVelocity": 0.2}
    metered = replace(block(1, wall_s=1), bullet_s=calls, physics_s=0.8, bullet_in_physics_s=0.56)
    share = bullet_share([metered])
    assert share.of_physics == pytest.approx(0.7)
    assert share.of_everything == pytest.approx(0.6)
    assert share.step_simulation == pytest.approx(0.4)
    per_step = (share.physics_us, share.all_calls_us, share.step_simulation_us)
    assert per_step == pytest.approx([1e6 * s / 8 for s in (0.8, 0.6, 0.4)])


def test_a_clock_counts_only_while_it_is_on() -> None:
    clock = BulletProfiler(SimpleNamespace(LIMIT=3, work=lambda x: 2 * x))
    assert clock.work(2) == 4
    assert clock.spent_ns["work"] == 0
    clock.is_on = True
    assert clock.work(x=3) == 6
    assert clock.spent_ns["work"] > 0
    assert clock.LIMIT == 3


def test_only_worlds_built_under_the_meter_are_metered() -> None:
    plain, load = MovingInfant(), client.load_bullet
    with metered_worlds() as clock:
        metered = MovingInfant()
    assert client.load_bullet is load
    clock.watch(metered.world)
    assert run_block(plain, 0.0, clock).bullet_s == {}
    one = run_block(metered, 0.0, clock)
    assert 0 < one.bullet_s[STEP] < one.bullet_in_physics_s < one.physics_s < one.wall_s
    assert one.bullet_in_physics_s <= sum(one.bullet_s.values())
    plain.close()
    metered.close()


def test_a_meter_that_fails_leaves_pybullet_as_it_was() -> None:
    load = client.load_bullet
    with pytest.raises(ZeroDivisionError), metered_worlds():
        _ = 1 / 0
    assert client.load_bullet is load


def test_sitting_infants_are_set_up_again_when_they_fall() -> None:
    infant = MovingInfant()
    for _ in range(120):  # four seconds: down at least twice
        infant.ready()
        infant.step()
    assert infant.contact_points() > 0
    infant.close()


def test_the_lying_infant_lies_and_stays_down() -> None:
    infant = LyingInfant()
    for _ in range(5):
        infant.ready()
        infant.step()
        assert infant.world.state(physics_steps=1).upright_rad > np.radians(60)
    assert not infant.world.has_physics_fault
    infant.close()


def test_a_broken_world_is_made_to_lie_again() -> None:
    infant = LyingInfant()
    infant.world.corrupt()
    infant.ready()
    infant.step()
    assert infant.world.has_physics_fault
    infant.ready()
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


def test_every_pace_is_sane(report: SpeedReport) -> None:
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


def test_bullet_is_a_part_of_the_whole_in_infants_only(report: SpeedReport) -> None:
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


def test_all_exercises_are_meant_where_none_is_named() -> None:
    catalog = Catalog.shipped()
    names = catalog.names(ExerciseSpec)
    ways = exercise_support_pairs(())
    assert {way.exercise for way in ways} == set(names)
    for name in names:
        spec = catalog.load(ExerciseSpec, name)
        first, *others = [way.support for way in ways if way.exercise == name]
        assert first == spec.supports[-1]
        assert others == [spec.training_support] * (spec.training_support not in (None, first))


def test_an_exercise_is_timed_also_in_the_hands_of_its_practice(tmp_path: Path) -> None:
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


def test_an_exercise_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="standing"):
        exercise_support_pairs(["standin"])


def test_reset_and_build_take_time() -> None:
    assert 0 < reset_ms(resets=3) < 1e3
    assert 0 < build_s(builds=1) < 60


def test_the_table_names_every_pace_and_every_aim(report: SpeedReport) -> None:
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
    told = " ".join(speed_table(replace(report, exercises=(fast, slow))).split())
    assert f"{aim} standing, pelvis 0.83 reset" in told
    assert f"{aim} none" in speed_table(replace(report, exercises=(fast,)))
    assert aim not in speed_table(replace(report, exercises=()))


def test_the_table_tells_what_was_learned(report: SpeedReport) -> None:
    fast = training.LearningTime("posture", 10.0, True, 61_440, 0.57, 48.0, 9.7)
    slow = replace(fast, action_mode="muscle", is_learned=False, upright_s=0.8)
    told = " ".join(speed_table(replace(report, training=(fast, slow))).split())
    what = "10 s of unsupported sitting on 8 of 10 unseen seeds:"
    assert f"posture: {what} after 61440 control steps" in told
    assert f"muscle: {what} not within 61440 control steps" in told
    assert "9.7 s at the end" in told


def test_a_relaxed_infant_does_not_sit() -> None:
    env = make_environment("DMI/Sitting-v0", {})
    assert not sits(None, env)
    env.close()


def test_sitting_is_asked_for_on_eight_of_ten_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcomes(failures: int) -> Iterator[SimpleNamespace]:
        yield from (SimpleNamespace(is_success=seed >= failures) for seed in range(10))

    for failures, verdict in ((0, True), (2, True), (3, False)):
        told = outcomes(failures)
        monkeypatch.setattr(training, "record_episode", lambda *_, told=told: next(told))
        assert sits(None, gym.Env()) is verdict


def test_training_ends_when_its_steps_are_over() -> None:
    short = TrainingSpec(
        total_steps=40, n_envs=2, n_steps=16, batch_size=16, n_epochs=1, chunk_rollouts=1
    )
    told: list[tuple[int, int]] = []
    found = learning_time(short, lambda done, most: told.append((done, most)))
    assert not found.is_learned
    assert told == [(32, 40), (64, 40)]
    assert found.control_steps == 64
    assert found.dose_h == pytest.approx(64 / 30 / 3600)
    assert found.wall_s > 0
    assert found.episode_s == 10
    assert found.action_mode == "posture"
    assert 0.3 < found.upright_s < 5


def test_the_script_answers_with_one_json_object(
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
