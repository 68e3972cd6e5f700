"""Learning from mirror images: what they are, who may learn from them, and what comes of it."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from stable_baselines3 import PPO

from dmi_sim.body.reflection import Reflection
from dmi_sim.catalog import Catalog
from dmi_sim.env.mirror import Mirror
from dmi_sim.errors import InputError
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.training import LearnerSpec, TrainingSpec
from dmi_sim.training.collector import PracticePPO, PracticeVecEnv
from dmi_sim.training.mirror_images import (
    mirrored_batches,
    practice_mirror,
    with_mirror_images,
)
from dmi_sim.training.monitor import TrainingMonitor, TrainingStatistics
from dmi_sim.training.plain_policy import plain_policy
from dmi_sim.training.sb3 import to_sb3
from dmi_sim.training.trainer import Trainer
from tests.leaning import Leaning, balance
from tests.training.pendulum import parameters, trained

POLE = Mirror(Reflection.in_place((-1, -1)), Reflection.in_place((-1,)))
"""A pole that leans to the right is pushed as one that leans to the left, the other way."""


def pole(mirror: Mirror | None, steps: int = 64, **settings: Any) -> PracticePPO:
    """A learner that has practised with a pole."""
    envs = PracticeVecEnv([lambda: TrainingMonitor(Leaning(), TrainingStatistics())] * 2)
    defaults: dict[str, Any] = {"n_steps": 32, "batch_size": 16, "n_epochs": 2, "seed": 3}
    model = PracticePPO("MlpPolicy", envs, device="cpu", **{**defaults, **settings})
    model.mirror = mirror
    return model.learn(steps)


def rows(model: PracticePPO) -> Any:
    plain = plain_policy(model.policy)
    assert plain is not None
    return with_mirror_images(model.rollout_buffer, POLE, plain.without_gradients())


def test_each_step_stands_beside_its_mirror_image() -> None:
    model = pole(None)
    both = rows(model)
    n = model.n_steps * 2
    assert len(both.returns) == 2 * n
    assert torch.equal(both.observations[n:], -both.observations[:n])
    assert torch.equal(both.actions[n:], -both.actions[:n])
    assert torch.equal(both.advantages[n:], both.advantages[:n])
    assert torch.equal(both.returns[n:], both.returns[:n])


def test_a_mirror_image_counts_as_drawn_like_its_original_and_has_a_value_of_its_own() -> None:
    model = pole(None)
    both = rows(model)
    n = len(both.returns) // 2
    values = model.policy.predict_values(both.observations[n:]).flatten().detach()
    assert both.old_values[n:].numpy() == pytest.approx(values.numpy(), abs=1e-6)
    assert not torch.allclose(both.old_values[n:], both.old_values[:n])
    assert torch.equal(both.old_log_prob[n:], both.old_log_prob[:n])


def test_a_policy_leaning_to_one_side_stays_finite() -> None:
    """Its images are all but impossible to it, and a ratio of two such probabilities overflows."""
    model = pole(POLE, learning_rate=0.01, n_epochs=10)
    bias: Any = model.policy.action_net.bias
    with torch.no_grad():
        bias.fill_(3.0)
        model.policy.log_std.fill_(-3.0)
    model.learn(64)
    assert all(torch.isfinite(one).all() for one in model.policy.parameters())


def leaning(log_std: float) -> PracticePPO:
    """A learner that has practised, without changing, and pushes a little harder to one side."""
    model = pole(POLE, learning_rate=0.0)
    bias: Any = model.policy.action_net.bias
    with torch.no_grad():
        bias.fill_(0.1)
        model.policy.log_std.fill_(log_std)
    return model.learn(64)


def test_an_image_that_is_no_fair_sample_gives_way_to_its_original() -> None:
    """Who explores little hardly ever draws what leans to the other side."""
    for log_std, fair_share in ((1.0, 1.0), (-5.0, 0.0)):
        both = rows(leaning(log_std))
        for column, sign in ((both.observations, -1), (both.actions, -1), (both.returns, 1)):
            original, image = column.chunk(2)
            assert torch.allclose(image, (sign if fair_share else 1) * original)


def test_an_epoch_is_all_steps_once_each_with_its_mirror_image() -> None:
    batches = list(mirrored_batches(rows(pole(None)), 24))
    assert [len(batch.returns) for batch in batches] == [48, 48, 32]
    for batch in batches:
        seen, image = batch.observations.chunk(2)
        assert torch.equal(image, -seen)
    seen = torch.cat([batch.observations.chunk(2)[0] for batch in batches])
    assert len({tuple(row) for row in seen.tolist()}) == len(seen) == 64


@pytest.mark.parametrize("mirror", [POLE, None])
def test_a_symmetric_policy_stays_symmetric_only_by_its_mirror_images(
    mirror: Mirror | None,
) -> None:
    """A network without biases acts on the mirror image as a mirror shows."""
    model = pole(mirror, steps=256, policy_kwargs={"net_arch": {"pi": [8], "vf": [8]}})
    plain = plain_policy(model.policy)
    assert plain is not None
    largest = max(bias.abs().max().item() for _, bias in plain.without_gradients().acting)
    assert (largest < 1e-5) == (mirror is not None)


def test_whoever_prints_learns_from_mirror_images_too(capsys: pytest.CaptureFixture[str]) -> None:
    quiet, loud = (pole(POLE, verbose=verbose) for verbose in (0, 1))
    assert "total_timesteps" in capsys.readouterr().out
    assert all(map(torch.equal, quiet.policy.parameters(), loud.policy.parameters()))


def test_a_file_of_the_library_does_not_hold_the_mirror(tmp_path: Path) -> None:
    pole(POLE).save(tmp_path / "model.zip")
    assert "mirror" not in vars(PPO.load(tmp_path / "model.zip", device="cpu"))


SITTING = partial(make_environment, "DMI/Sitting-v1", {})


def asking(quick: TrainingSpec) -> TrainingSpec:
    return quick.model_copy(update={"mirror_images": True})


def test_an_infant_that_stops_and_goes_on_learns_the_same_from_mirror_images(
    tmp_path: Path, quick: TrainingSpec
) -> None:
    training = asking(quick)
    straight = parameters(trained(tmp_path / "straight", training, 256, make_env=SITTING))
    resumed = parameters(trained(tmp_path / "resumed", training, 128, 256, make_env=SITTING))
    without = parameters(trained(tmp_path / "without", quick, 256, make_env=SITTING))
    assert np.abs(straight - resumed).max() == 0.0
    assert np.abs(straight - without).max() > 0.0


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "aside": ("DMI/Cruising-v0", {}, "training.mirror_images: success: it asks for something else"),
    "one side": (
        "DMI/Sitting-v1",
        {"condition": "spastic_cp", "condition_options": {"topography": "unilateral"}},
        r"training.mirror_images: infant: left and right muscles differ \(spastic_cp\)",
    ),
    "foreign": ("Pendulum-v1", {}, "training.mirror_images: only environments of DMI/"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_another_one_in_a_mirror_is_refused(name: str, quick: TrainingSpec) -> None:
    environment, settings, message = REFUSED[name]
    with pytest.raises(InputError, match=message):
        Trainer.start(partial(make_environment, environment, settings), asking(quick), 3)


def test_a_wrapper_that_changes_what_is_sensed_is_refused() -> None:
    from gymnasium.spaces import Box
    from gymnasium.wrappers import TransformObservation

    env = SITTING()
    space = Box(-5, 5, (2,), np.float32)
    with pytest.raises(InputError, match="a wrapper changes what is sensed or done"):
        practice_mirror(TransformObservation(env, lambda seen: seen[:2], space))
    env.close()


@pytest.mark.parametrize("algorithm", Catalog.shipped().names(LearnerSpec))
def test_learners_with_a_memory_do_not_learn_from_mirror_images(
    algorithm: str, quick: TrainingSpec
) -> None:
    learner = Catalog.shipped().load(LearnerSpec, algorithm)
    with pytest.raises(InputError, match=f"mirror_images: {algorithm} does not learn so"):
        Trainer.start(SITTING, asking(quick), 3, learner=learner)


@pytest.mark.filterwarnings("ignore:the policy does not hold")
def test_the_library_says_that_it_learns_without(quick: TrainingSpec) -> None:
    with pytest.warns(UserWarning, match="mirror_images: stable-baselines3 learns without"):
        to_sb3(balance(), Leaning(), asking(quick))
