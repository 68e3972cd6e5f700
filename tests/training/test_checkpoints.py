"""Training goes on from its newest whole checkpoint, and refuses what is not its own."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.checkpoints import checkpoints
from dmi_sim.training.trainer import Trainer
from tests.training.pendulum import PENDULUM, parameters, trained


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
