"""Seeds of training, and exploration that is set instead of learnt."""

from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.rollout.environment import make_environment
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.ppo import chunk_seed
from dmi_sim.training.trainer import Trainer
from tests.training.pendulum import parameters, trained

SITTING = partial(make_environment, "DMI/Sitting-v1", {})


def test_seeds_of_training_differ_and_stay_below_those_of_evaluation() -> None:
    seeds = [chunk_seed(seed, steps) for seed in range(20) for steps in range(0, 20_000, 1000)]
    assert len(set(seeds)) == len(seeds)
    assert max(seeds) + 63 < FIRST_EVALUATION_SEED


def gentler(quick: TrainingSpec) -> TrainingSpec:
    return quick.model_copy(update={"log_std_init": -1.0, "log_std_final": -2.0})


def test_exploration_goes_evenly_to_its_end_and_stays_there(quick: TrainingSpec) -> None:
    training = gentler(quick)
    trainer = Trainer.start(SITTING, training, 3)
    trainer.train_until(training.total_steps + 2 * training.chunk_steps)
    log_std = trainer.policy.log_std
    trainer.close()
    assert log_std == pytest.approx(np.full(33, -2.0), abs=0.01)  # one update after it was set
    half = training.total_steps // 2
    assert training.log_std_at(0) == -1.0
    assert training.log_std_at(half) == pytest.approx(-1 - half / training.total_steps)
    assert training.log_std_at(10 * training.total_steps) == -2.0


def test_an_infant_that_stops_explores_on_as_one_that_never_did(
    tmp_path: Path, quick: TrainingSpec
) -> None:
    training = gentler(quick)
    straight = parameters(trained(tmp_path / "straight", training, 256, make_env=SITTING))
    resumed = parameters(trained(tmp_path / "resumed", training, 128, 256, make_env=SITTING))
    learnt = parameters(trained(tmp_path / "learnt", quick, 256, make_env=SITTING))
    assert np.array_equal(straight, resumed)
    assert not np.array_equal(straight, learnt)


def test_values_are_learnt_first_while_the_policy_stays_as_it_is(quick: TrainingSpec) -> None:
    patient = quick.model_copy(update={"value_first_steps": quick.chunk_steps})
    with closing(Trainer.start(SITTING, patient, 3)) as trainer:
        begun = trainer.policy
        trainer.train_until(quick.chunk_steps)
        waited = trainer.policy
        trainer.train_until(2 * quick.chunk_steps)
        practised = trainer.policy
    assert np.array_equal(begun.weights[0], waited.weights[0])
    assert not np.array_equal(begun.value_weights[0], waited.value_weights[0])
    assert not np.array_equal(waited.weights[0], practised.weights[0])
