"""Training that stops and goes on ends exactly where training without a stop ends."""

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.bundle import ancestor, read_policy, save_bundle
from dmi_sim.training.checkpoints import newest_checkpoint
from dmi_sim.training.library import shipped_folder
from dmi_sim.training.trainer import Trainer
from tests.training.pendulum import PENDULUM, parameters, trained


@pytest.mark.parametrize("schedule", ["constant", "linear"])
def test_resumed_and_uninterrupted_training_give_equal_parameters(
    tmp_path: Path, quick: TrainingSpec, schedule: str
) -> None:
    training = quick.model_copy(update={"learning_rate_schedule": schedule, "chunk_rollouts": 2})
    straight = parameters(trained(tmp_path / "straight", training, 768))
    resumed = parameters(trained(tmp_path / "resumed", training, 256, 512, 768))
    assert np.abs(straight - resumed).max() == 0.0


def little(algorithm: str, **changes: object) -> LearnerSpec:
    """A learner with little to do, as shipped otherwise."""
    spec = Catalog.shipped().load(LearnerSpec, algorithm)
    quick = {"batch_size": 16, "learning_starts": 32, "net_arch": (8,), "gradient_steps": 1}
    return spec.model_copy(update={**quick, **changes})


@pytest.mark.parametrize("algorithm", Catalog.shipped().names(LearnerSpec))
@pytest.mark.parametrize("buffer_size", [1000, 100])
def test_learners_with_a_memory_go_on_exactly_too(
    tmp_path: Path, quick: TrainingSpec, algorithm: str, buffer_size: int
) -> None:
    """Also when the memory is full and forgets its oldest steps."""
    learner = little(algorithm, buffer_size=buffer_size)
    straight = parameters(trained(tmp_path / "straight", quick, 384, learner=learner))
    resumed = parameters(trained(tmp_path / "resumed", quick, 128, 256, 384, learner=learner))
    assert straight.size > 2 * buffer_size
    assert np.abs(straight - resumed).max() == 0.0


@pytest.mark.parametrize("algorithm", Catalog.shipped().names(LearnerSpec))
def test_policies_of_other_learners_become_bundles(
    tmp_path: Path, quick: TrainingSpec, algorithm: str
) -> None:
    trainer = Trainer.start(PENDULUM, quick, 3, learner=little(algorithm))
    trainer.train_until(128)
    policy = trainer.policy
    save_bundle(tmp_path, policy, trainer.metadata({}))
    batch = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    expected, _ = trainer.model.predict(batch, deterministic=True)
    assert read_policy(tmp_path).predict(batch)[0] == pytest.approx(expected, abs=1e-5)
    with pytest.raises(InputError, match="mean action only"):
        policy.predict(batch, deterministic=False)
    trainer.close()


@pytest.fixture
def first(tmp_path: Path, quick: TrainingSpec) -> Path:
    """The bundle of a short training."""
    trainer = Trainer.start(PENDULUM, quick, 3)
    trainer.train_until(128)
    save_bundle(tmp_path / "first", trainer.policy, trainer.metadata({}))
    trainer.close()
    return tmp_path / "first"


def test_training_may_begin_with_a_policy(first: Path, quick: TrainingSpec) -> None:
    trainer = Trainer.start(PENDULUM, quick, 7, begin_with=first)
    assert trainer.policy.to_bytes() == read_policy(first).to_bytes()
    trainer.train_until(128)
    metadata = trainer.metadata({})
    assert metadata.began_with is not None
    assert metadata.began_with.training_steps == 128
    assert [one.name for one in metadata.exercises] == ["Pendulum-v1"]
    assert trainer.policy.to_bytes() != read_policy(first).to_bytes()
    trainer.close()


def test_steps_are_counted_back_to_the_first_of_all_policies(
    first: Path, tmp_path: Path, quick: TrainingSpec
) -> None:
    trainer = Trainer.start(PENDULUM, quick, 7, begin_with=first)
    trainer.train_until(128)
    save_bundle(tmp_path / "second", trainer.policy, trainer.metadata({}))
    trainer.close()
    assert ancestor(first).training_steps == 128
    assert ancestor(tmp_path / "second").training_steps == 256
    assert ancestor(tmp_path / "second").dose_h == pytest.approx(2 * ancestor(first).dose_h)


def test_a_training_that_began_with_a_policy_goes_on_exactly(
    first: Path, tmp_path: Path, quick: TrainingSpec
) -> None:
    finals: list[np.ndarray] = []
    for name, stops in (("straight", (256,)), ("resumed", (128, 256))):
        trainer = Trainer.start(PENDULUM, quick, 7, tmp_path / name, begin_with=first)
        for stop in stops:
            trainer.train_until(stop)
            trainer.save()
            trainer.close()
            trainer = Trainer.resume(tmp_path / name, PENDULUM)
        assert trainer.metadata({}).began_with is not None
        trainer.close()
        finals.append(parameters(tmp_path / name))
    assert np.abs(finals[0] - finals[1]).max() == 0.0


def test_all_exercises_that_were_practised_are_listed() -> None:
    training = TrainingSpec(n_envs=1, n_steps=8, batch_size=8, chunk_rollouts=1)
    tilt = partial(make_environment, "DMI/SittingTilt-v0", {})
    sitter = shipped_folder() / "sitting_0"
    with pytest.raises(InputError, match="--allow-other-exercise"):
        Trainer.start(tilt, training, 0, begin_with=sitter)
    with pytest.warns(UserWarning, match="does not hold its exploration.* and its estimate"):
        trainer = Trainer.start(tilt, training, 0, begin_with=sitter, allow_other_exercise=True)
    assert [one.name for one in trainer.metadata({}).exercises] == ["sitting_v0", "sitting_tilt_v0"]
    trainer.close()


def test_layers_of_other_sizes_cannot_be_taken_over(first: Path, quick: TrainingSpec) -> None:
    other = quick.model_copy(update={"net_arch": (8, 8)})
    with pytest.raises(InputError, match=r"layers of shapes .*\(64, 3\).* of .*\(8, 3\)"):
        Trainer.start(PENDULUM, other, 7, begin_with=first)


def test_callbacks_see_infos_and_what_is_logged(leaning: str, quick: TrainingSpec) -> None:
    from stable_baselines3.common.callbacks import BaseCallback

    class Watching(BaseCallback):
        infos: list[dict[str, object]] = []
        logged: dict[str, float] = {}

        def _on_step(self) -> bool:
            self.infos.extend(self.locals["infos"])
            return True

        def _on_rollout_start(self) -> None:
            self.logged.update(self.logger.name_to_value)

    watching = Watching()
    trainer = Trainer.start(partial(make_environment, leaning, {}), quick, 3)
    trainer.watch(watching)
    trainer.train_until(512)
    assert len(watching.infos) == 512
    assert all("reward/upright" in info for info in watching.infos)
    ended = [info["episode"] for info in watching.infos if "episode" in info]
    assert ended
    assert "rollout/ep_rew_mean" in watching.logged or "train/loss" in watching.logged
    trainer.close()


def test_looking_on_changes_nothing(tmp_path: Path, quick: TrainingSpec) -> None:
    alone, watched = (Trainer.start(PENDULUM, quick, 3) for _ in range(2))
    watched.watch(tensorboard=tmp_path / "events")
    for trainer in (alone, watched):
        trainer.train_until(256)
        trainer.close()
    assert alone.policy.to_bytes() == watched.policy.to_bytes()


def test_tensorboard_gets_what_the_library_logs(
    tmp_path: Path, quick: TrainingSpec, leaning: str
) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    trainer = Trainer.start(partial(make_environment, leaning, {}), quick, 3)
    trainer.watch(tensorboard=tmp_path)
    trainer.train_until(512)
    trainer.close()
    events = accumulator.EventAccumulator(str(tmp_path))
    events.Reload()
    assert {"train/loss", "rollout/ep_rew_mean"} <= set(events.Tags()["scalars"])


def test_tensorboard_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quick: TrainingSpec
) -> None:
    monkeypatch.setattr("dmi_sim.training.tensorboard.find_spec", lambda _: None)
    trainer = Trainer.start(PENDULUM, quick, 3)
    with pytest.raises(InputError, match=r"pip install 'dmi-sim\[tensorboard\]'"):
        trainer.watch(tensorboard=tmp_path)
    trainer.close()


@pytest.mark.slow
def test_an_infant_that_stops_and_goes_on_learns_exactly_the_same(
    tmp_path: Path, quick: TrainingSpec
) -> None:
    sitting = partial(
        make_environment, "DMI/Sitting-v1", {"age_months": 7.0, "support": "pelvis", "pushes": True}
    )
    straight = trained(tmp_path / "straight", quick, 384, make_env=sitting)
    resumed = trained(tmp_path / "resumed", quick, 128, 384, make_env=sitting)
    assert np.abs(parameters(straight) - parameters(resumed)).max() == 0.0
    (*_, row) = newest_checkpoint(straight).state.training_rows
    assert row["support_impulse_n_s"] > 0


SCHEDULES: dict[str, dict[str, Any]] = {
    "need": {"site": "pelvis", "firmness": {"from": 0.0, "by": "need", "forgetting": 0.9}},
    "falls": {"site": "pelvis", "firmness": {"from": 0.02, "by": "falls", "up": 0.01}},
    "dose": {"site": "pelvis", "firmness": {"from": 1, "to": 0, "by": "dose", "over_share": 0.9}},
    "competence": {
        "site": ["axillae", "waist", "pelvis"],
        "move_after": {"success": 0.0, "of_last": 4},  # any episode will do
        "firmness": {"from": 0.05, "to": 0, "by": "competence"},
    },
}
"""Hands that change within some hundred steps of an infant who falls at once."""


@pytest.mark.slow
@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
def test_hands_that_change_with_practice_go_on_exactly_after_a_stop(
    tmp_path: Path, quick: TrainingSpec, schedule: dict[str, Any]
) -> None:
    newborn = partial(make_environment, "DMI/Sitting-v1", {"age_months": 0, "support": schedule})
    straight = trained(tmp_path / "straight", quick, 512, make_env=newborn)
    resumed = trained(tmp_path / "resumed", quick, 128, 256, 512, make_env=newborn)
    assert np.abs(parameters(straight) - parameters(resumed)).max() == 0.0
    states = [newest_checkpoint(folder).state for folder in (straight, resumed)]
    assert states[0].support == states[1].support
    held = [[(row["support_site"], row["support_strength"]) for row in one.training_rows]
            for one in states]  # fmt: skip
    assert held[0] == held[1]
    assert len(set(held[0])) > 1


@pytest.mark.slow
def test_all_practice_counts_also_that_of_episodes_which_a_chunk_cuts_off(
    quick: TrainingSpec,
) -> None:
    by_dose = {"age_months": 0, "support": SCHEDULES["dose"]}
    trainer = Trainer.start(partial(make_environment, "DMI/Sitting-v1", by_dose), quick, 1)
    trainer.train_until(256)  # of 512, and the hands are gone after 0.9 of them
    assert trainer.support.site == "pelvis"
    assert trainer.support.firmness == pytest.approx(1 - 0.5 / 0.9)
    trainer.close()


@pytest.mark.slow
def test_training_goes_on_exactly_in_another_process(tmp_path: Path, quick: TrainingSpec) -> None:
    folder = trained(tmp_path / "moved", quick, 128)
    code = (
        "import sys; from functools import partial; from pathlib import Path\n"
        "from dmi_sim.rollout.environment import make_environment\n"
        "from dmi_sim.training.trainer import Trainer\n"
        "make_env = partial(make_environment, 'Pendulum-v1', {})\n"
        "trainer = Trainer.resume(Path(sys.argv[1]), make_env)\n"
        "trainer.train_until(384); trainer.save()"
    )
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, timeout=120)
    straight = trained(tmp_path / "straight", quick, 384)
    assert np.abs(parameters(straight) - parameters(folder)).max() == 0.0


def test_two_trainings_in_one_process_do_not_disturb_each_other(
    tmp_path: Path, quick: TrainingSpec
) -> None:
    one, other = (Trainer.start(PENDULUM, quick, seed, tmp_path / str(seed)) for seed in (3, 4))
    for until in (128, 256):
        one.train_until(until)
        other.train_until(until)
    one.save()
    other.save()
    alone = parameters(trained(tmp_path / "alone", quick, 256, seed=3))
    assert np.abs(parameters(tmp_path / "3") - alone).max() == 0.0
    assert np.abs(parameters(tmp_path / "4") - alone).max() > 0.0


def test_rows_give_dose_episodes_and_assistance(leaning: str, quick: TrainingSpec) -> None:
    trainer = Trainer.start(partial(make_environment, leaning, {}), quick, 1)
    trainer.train_until(130)  # a second chunk is begun and finished
    first, second = trainer.training_rows
    assert (first["steps"], second["steps"], trainer.steps) == (128, 256, 256)
    assert second["dose_h"] == pytest.approx(256 / 20 / 3600) == trainer.dose_h
    assert first["support_impulse_n_s"] == pytest.approx(128 * 3.0 / 20)
    assert first["support_share_mean"] == pytest.approx(0.25)
    assert (first["support_site"], first["support_strength"]) == ("none", 0.0)
    assert first["mean_episode_s"] * first["episodes"] == pytest.approx(128 / 20)
    assert 0 < first["mean_reward"] <= 1
    assert first["wall_s"] > 0


def test_the_learning_rate_follows_the_steps_trained(tmp_path: Path, quick: TrainingSpec) -> None:
    linear = quick.model_copy(update={"learning_rate_schedule": "linear"})
    folder = trained(tmp_path, linear, 128, 384)
    (group,) = newest_checkpoint(folder).parameters["policy.optimizer"]["param_groups"]
    assert group["lr"] == pytest.approx(quick.learning_rate * 0.5)  # the rollout from 256 of 512


def test_a_negative_seed_is_refused(quick: TrainingSpec) -> None:
    with pytest.raises(InputError, match="seed = -1 must not be negative"):
        Trainer.start(PENDULUM, quick, -1)
