"""Training settings: chunks, learning rate, and values that are refused."""

import pytest
from pydantic import ValidationError

from dmi_sim.spec.training import TrainingSpec


def test_a_chunk_is_whole_rollouts_of_all_environments() -> None:
    training = TrainingSpec(n_envs=4, n_steps=100, batch_size=200, chunk_rollouts=3)
    assert training.rollout_steps == 400
    assert training.chunk_steps == 1200


def test_a_rollout_that_is_not_whole_batches_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"batch_size = 96 must divide .* 4 \* 100 = 400"):
        TrainingSpec(n_envs=4, n_steps=100, batch_size=96)


def test_a_constant_rate_never_changes() -> None:
    training = TrainingSpec(learning_rate=1e-3, learning_rate_schedule="constant", total_steps=1000)
    assert [training.learning_rate_at(steps) for steps in (0, 500, 5000)] == [1e-3] * 3


def test_a_linear_rate_falls_to_zero_at_the_end_and_stays_there() -> None:
    training = TrainingSpec(learning_rate=1e-3, learning_rate_schedule="linear", total_steps=1000)
    rates = [training.learning_rate_at(steps) for steps in (0, 250, 1000, 5000)]
    assert rates == pytest.approx([1e-3, 0.75e-3, 0, 0])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("gamma", 1.0),
        ("gae_lambda", 1.1),
        ("clip_range", 0.0),
        ("n_envs", 0),
        ("net_arch", ()),
        ("net_arch", (64, 0)),
        ("activation", "sigmoid"),
        ("learnig_rate", 1e-3),
    ],
)
def test_values_out_of_range_and_unknown_keys_are_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError, match=key):
        TrainingSpec.model_validate({key: value})


def test_settings_survive_the_way_through_json() -> None:
    training = TrainingSpec(net_arch=(32,), activation="relu", n_envs=8)
    assert TrainingSpec.model_validate_json(training.model_dump_json()) == training
