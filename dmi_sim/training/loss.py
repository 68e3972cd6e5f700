"""The loss of proximal policy optimisation, with the arithmetic of stable-baselines3.

This module imports torch; import it where a learner is built.

Source:
    Schulman et al. (2017), arXiv:1707.06347, equations 7 and 9; ``schulman2017``. The estimate of
    the divergence is the third of http://joschu.net/blog/kl-approx.html, as in stable-baselines3.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from stable_baselines3.common.type_aliases import RolloutBufferSamples
from torch import Tensor
from torch.nn.functional import mse_loss

from dmi_sim.training.plain_policy import PlainPolicy
from dmi_sim.training.teaching import Teaching


@dataclass(frozen=True)
class Objective:
    """What is to become small; the names are those of stable-baselines3."""

    clip_range: float
    """Largest change of the probability of an action, as a ratio around 1."""
    clip_range_vf: float | None
    """Largest change of a value; None for any."""
    ent_coef: float
    vf_coef: float
    normalize_advantage: bool
    is_mirrored: bool = False
    """Whether the second half of a batch is the mirror image of the first."""
    teaching: Teaching | None = None
    """Policies whose actions are to be come near to."""
    teaching_coef: float = 0.0
    """Weight of the divergence from them."""
    is_of_values: bool = False
    """Whether only the estimate of values is learnt, and the policy stays as it is."""


class Losses(NamedTuple):
    """The loss of a batch, its parts, and what is logged of it; numbers in tensors."""

    total: Tensor
    policy: Tensor
    value: Tensor
    entropy: Tensor
    """Mean entropy, negative."""
    clip_fraction: Tensor
    """Share of actions whose probability has changed by more than the range."""
    approx_kl: Tensor
    """Estimate of the divergence from the policy that collected the batch; of mirror images, which
    nobody collected, nothing counts."""


def losses(plain: PlainPolicy, batch: RolloutBufferSamples, objective: Objective) -> Losses:
    """The losses of a policy on a batch of a rollout."""
    values, log_prob, entropies, means = plain.evaluate(batch.observations, batch.actions)
    log_ratio = log_prob - batch.old_log_prob
    ratio = torch.exp(log_ratio)
    policy = _policy_loss(_advantages(batch, objective), ratio, objective.clip_range)
    value = mse_loss(batch.returns, _clipped(values.flatten(), batch, objective.clip_range_vf))
    entropy = -torch.mean(entropies)
    total = policy + objective.vf_coef * value
    if objective.ent_coef:  # else its gradient, which is zero, would be computed all the same
        total = policy + objective.ent_coef * entropy + objective.vf_coef * value
    if objective.teaching and objective.teaching_coef:
        away = objective.teaching.divergence(batch.observations, means, plain.log_sd)
        total = total + objective.teaching_coef * away
    if objective.is_of_values:
        total = objective.vf_coef * value
    with torch.no_grad():
        is_clipped = torch.abs(ratio - 1) > objective.clip_range
        seen = len(ratio) // 2 if objective.is_mirrored else len(ratio)
        approx_kl = torch.mean((ratio[:seen] - 1) - log_ratio[:seen])
        return Losses(total, policy, value, entropy, torch.mean(is_clipped.float()), approx_kl)


def _policy_loss(advantages: Tensor, ratio: Tensor, clip_range: float) -> Tensor:
    """The smaller of two gains, so that nothing is gained by leaving the range."""
    clipped = torch.clamp(ratio, 1 - clip_range, 1 + clip_range)
    return -torch.min(advantages * ratio, advantages * clipped).mean()


def _advantages(batch: RolloutBufferSamples, objective: Objective) -> Tensor:
    advantages = batch.advantages
    if not objective.normalize_advantage or len(advantages) == 1:
        return advantages
    return (advantages - advantages.mean()) / (advantages.std() + 1e-8)


def _clipped(values: Tensor, batch: RolloutBufferSamples, clip_range: float | None) -> Tensor:
    if clip_range is None:
        return values
    change = torch.clamp(values - batch.old_values, -clip_range, clip_range)
    return batch.old_values + change
