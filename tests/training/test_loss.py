"""The loss on single actions, against what its equations give by hand."""

from dataclasses import replace
from math import log, pi

import pytest
import torch
from stable_baselines3.common.type_aliases import RolloutBufferSamples
from torch import Tensor

from dmi_sim.training.loss import Losses, Objective, losses
from dmi_sim.training.plain_policy import PlainPolicy

PLAIN = Objective(
    clip_range=0.2, clip_range_vf=None, ent_coef=0.0, vf_coef=0.5, normalize_advantage=False
)


def unit_gaussian() -> PlainPolicy:
    """Acts around 0 with a spread of 1, whatever it sees, and expects nothing."""
    layer = torch.zeros(1, 1), torch.zeros(1, requires_grad=True)
    return PlainPolicy((layer,), (layer,), torch.tanh_, torch.zeros(1))


def on_one_action(
    *, ratio: float, advantage: float = 0.0, result: float = 0.0, objective: Objective = PLAIN
) -> tuple[Losses, Tensor]:
    """Losses where an action at 1 has become so much likelier, and the derivative by its mean."""
    plain, one = unit_gaussian(), torch.ones(1, 1)
    before = -0.5 - 0.5 * log(2 * pi) - log(ratio)
    batch = RolloutBufferSamples(
        observations=one,
        actions=one,
        old_values=torch.zeros(1),
        old_log_prob=torch.tensor([before]),
        advantages=torch.tensor([advantage]),
        returns=torch.tensor([result]),
    )
    found = losses(plain, batch, objective)
    mean = plain.acting[0][1]
    (derivative,) = torch.autograd.grad(found.policy, mean)
    return Losses(*(part.detach() for part in found)), derivative


@pytest.mark.parametrize(("ratio", "advantage", "loss"),
    [(1.1, 1, -1.1), (2.0, 1, -1.2), (0.5, -1, 0.8), (2.0, -1, 2.0), (0.5, 1, -0.5)])  # fmt: skip
def test_the_smaller_gain_counts(ratio: float, advantage: float, loss: float) -> None:
    found, _ = on_one_action(ratio=ratio, advantage=advantage)
    assert float(found.policy) == pytest.approx(loss, abs=1e-6)


def test_beyond_the_range_nothing_draws_further_but_the_way_back_is_open() -> None:
    assert on_one_action(ratio=2.0, advantage=1)[1] == 0
    assert on_one_action(ratio=1.1, advantage=1)[1] < 0
    assert on_one_action(ratio=2.0, advantage=-1)[1] > 0


def test_the_parts_add_up() -> None:
    objective = replace(PLAIN, ent_coef=0.1)
    found, _ = on_one_action(ratio=2.0, advantage=1, result=3, objective=objective)
    entropy = 0.5 + 0.5 * log(2 * pi)
    assert float(found.value) == pytest.approx(9)
    assert float(found.entropy) == pytest.approx(-entropy)
    assert float(found.total) == pytest.approx(-1.2 + 0.5 * 9 - 0.1 * entropy)


def test_what_is_logged_of_it() -> None:
    inside, outside = (on_one_action(ratio=ratio)[0] for ratio in (1.1, 2.0))
    assert (float(inside.clip_fraction), float(outside.clip_fraction)) == (0, 1)
    assert float(outside.approx_kl) == pytest.approx((2 - 1) - log(2), abs=1e-6)


def test_a_value_may_be_held_to_small_changes_too() -> None:
    """The value has not changed yet, so nothing is cut off."""
    held = replace(PLAIN, clip_range_vf=0.1)
    assert float(on_one_action(ratio=1.0, result=3, objective=held)[0].value) == pytest.approx(9)


def test_mirror_images_do_not_count_in_the_divergence() -> None:
    """The second of two actions is the image of the first; nobody did it."""
    plain, two = unit_gaussian(), torch.ones(2, 1)
    at_one = -0.5 - 0.5 * log(2 * pi)
    batch = RolloutBufferSamples(
        observations=two,
        actions=two,
        old_values=torch.zeros(2),
        old_log_prob=torch.tensor([at_one, at_one - log(2)]),
        advantages=torch.zeros(2),
        returns=torch.zeros(2),
    )
    mirrored = losses(plain, batch, replace(PLAIN, is_mirrored=True))
    assert float(mirrored.approx_kl) == pytest.approx(0, abs=1e-6)
    assert float(losses(plain, batch, PLAIN).approx_kl) == pytest.approx((1 - log(2)) / 2, abs=1e-6)


def test_while_values_are_learnt_first_nothing_else_counts() -> None:
    objective = replace(PLAIN, ent_coef=0.1, is_of_values=True)
    found, _ = on_one_action(ratio=2.0, advantage=1, result=3, objective=objective)
    assert float(found.total) == pytest.approx(0.5 * 3**2)
