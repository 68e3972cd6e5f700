"""Training that stops and goes on ends exactly where training without a stop ends."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import Env, make_environment
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.checkpoints import checkpoints, newest_checkpoint
from dmi_sim.training.trainer import Trainer

PENDULUM = partial(make_environment, "Pendulum-v1", {})


def parameters(folder: Path) -> np.ndarray:
    """All numbers of the newest checkpoint: policy, value estimate, optimiser."""
    import torch

    saved = newest_checkpoint(folder)
    optimiser = [x for entry in saved.optimizer["state"].values() for x in entry.values()]
    tensors = [*saved.policy.values(), *optimiser]
    return torch.cat([x.flatten().double() for x in tensors]).numpy()


def trained(
    folder: Path,
    training: TrainingSpec,
    *stops: int,
    seed: int = 3,
    make_env: Callable[[], Env] = PENDULUM,
) -> Path:
    """A folder with a checkpoint at the last stop; training was saved and resumed at the others."""
    trainer = Trainer.start(make_env, training, seed, folder)
    for stop in stops:
        trainer.train_until(stop)
        trainer.save()
        trainer.close()
        np.random.seed(stop)  # noqa: NPY002 - whatever else the process draws must not matter
        trainer = Trainer.resume(folder, make_env)
    trainer.close()
    return folder


@pytest.mark.parametrize("schedule", ["constant", "linear"])
def test_resumed_and_uninterrupted_training_give_equal_parameters(
    tmp_path: Path, quick: TrainingSpec, schedule: str
) -> None:
    training = quick.model_copy(update={"learning_rate_schedule": schedule, "chunk_rollouts": 2})
    straight = parameters(trained(tmp_path / "straight", training, 768))
    resumed = parameters(trained(tmp_path / "resumed", training, 256, 512, 768))
    assert np.abs(straight - resumed).max() == 0.0


@pytest.mark.slow
def test_an_infant_that_stops_and_goes_on_learns_exactly_the_same(
    tmp_path: Path, quick: TrainingSpec
) -> None:
    sitting = partial(
        make_environment, "DMI/Sitting-v0", {"age_months": 7.0, "support": "pelvis", "pushes": True}
    )
    straight = trained(tmp_path / "straight", quick, 384, make_env=sitting)
    resumed = trained(tmp_path / "resumed", quick, 128, 384, make_env=sitting)
    assert np.abs(parameters(straight) - parameters(resumed)).max() == 0.0
    (*_, row) = newest_checkpoint(straight).state.training_rows
    assert row["support_impulse_n_s"] > 0


SCHEDULES: dict[str, dict[str, Any]] = {
    "need": {"site": "pelvis", "firmness": {"from": 0.0, "by": "need", "forgetting": 0.9}},
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
    newborn = partial(make_environment, "DMI/Sitting-v0", {"age_months": 0, "support": schedule})
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
    trainer = Trainer.start(partial(make_environment, "DMI/Sitting-v0", by_dose), quick, 1)
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


def test_what_was_trained_after_the_last_save_is_forgotten(
    tmp_path: Path, quick: TrainingSpec
) -> None:
    lost = Trainer.start(PENDULUM, quick, 3, tmp_path / "lost")
    lost.train_until(128)
    lost.save()
    lost.train_until(384)
    again = Trainer.resume(tmp_path / "lost", PENDULUM)
    assert again.steps == 128
    again.train_until(256)
    again.save()
    straight = trained(tmp_path / "straight", quick, 256)
    assert np.abs(parameters(tmp_path / "lost") - parameters(straight)).max() == 0.0


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
    (group,) = newest_checkpoint(folder).optimizer["param_groups"]
    assert group["lr"] == pytest.approx(quick.learning_rate * 0.5)  # the rollout from 256 of 512


def test_the_newest_three_checkpoints_are_kept(tmp_path: Path, quick: TrainingSpec) -> None:
    folder = trained(tmp_path, quick, 128, 256, 384, 512)
    names = [path.name for path in checkpoints(folder)]
    assert names == [f"steps_{steps:012d}.pt" for steps in (256, 384, 512)]


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_a_damaged_checkpoint_falls_back_to_the_one_before(
    tmp_path: Path, quick: TrainingSpec, damage: str
) -> None:
    folder = trained(tmp_path, quick, 128, 256)
    newest = checkpoints(folder)[-1]
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 1
    kept = {"cut": len(data) // 2, "flipped": len(data), "empty": 0}[damage]
    newest.write_bytes(data[:kept])
    with pytest.warns(RuntimeWarning, match=r"steps_0+256\.pt: damaged checkpoint.*going on from"):
        trainer = Trainer.resume(folder, PENDULUM)
    assert trainer.steps == 128


def test_nothing_but_damage_is_refused(tmp_path: Path, quick: TrainingSpec) -> None:
    folder = trained(tmp_path, quick, 128)
    checkpoints(folder)[0].write_bytes(b"PK")
    with pytest.raises(InputError, match=r"damaged checkpoint.*\n.*no checkpoint to resume from"):
        Trainer.resume(folder, PENDULUM)


def test_another_environment_is_refused(tmp_path: Path, quick: TrainingSpec, leaning: str) -> None:
    folder = trained(tmp_path, quick, 128)
    with pytest.raises(InputError, match="number of observations: made for 3"):
        Trainer.resume(folder, partial(make_environment, leaning, {}))


def test_a_folder_is_never_started_twice(tmp_path: Path, quick: TrainingSpec) -> None:
    folder = trained(tmp_path, quick, 128)
    with pytest.raises(InputError, match="holds a training already"):
        Trainer.start(PENDULUM, quick, 3, folder)


def test_a_negative_seed_is_refused(quick: TrainingSpec) -> None:
    with pytest.raises(InputError, match="seed = -1 must not be negative"):
        Trainer.start(PENDULUM, quick, -1)


def test_training_that_broke_inside_a_chunk_cannot_be_saved(
    tmp_path: Path, quick: TrainingSpec, leaning: str
) -> None:
    make_env = partial(make_environment, leaning, {"broken_step": 5})
    trainer = Trainer.start(make_env, quick, 3, tmp_path)
    with pytest.raises(ZeroDivisionError) as caught:
        trainer.train_until(128)
    assert "step 5: action [" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match="interrupted inside a chunk"):
        trainer.save()


def test_saving_needs_a_folder(quick: TrainingSpec) -> None:
    with pytest.raises(RuntimeError, match="without a folder"):
        Trainer.start(PENDULUM, quick, 3).save()
