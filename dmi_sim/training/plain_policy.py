"""A plain policy of stable-baselines3, with the library's arithmetic and without its objects.

What it gives is what the library's own policy gives, bit for bit: the same operations of torch on
the same numbers in the same order, and the same random numbers.

This module imports torch; import it where a learner is built.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import torch
from gymnasium.spaces import Box, Space
from stable_baselines3.common.distributions import DiagGaussianDistribution
from stable_baselines3.common.policies import ActorCriticPolicy
from stable_baselines3.common.torch_layers import FlattenExtractor, MlpExtractor
from torch import Tensor, nn
from torch.nn.functional import linear

from dmi_sim.training.policy import Array, NumpyPolicy, linear_layers

_Layer: TypeAlias = tuple[Tensor, Tensor]

_LOG_SQRT_2_PI = math.log(math.sqrt(2 * math.pi))
_ENTROPY_OF_UNIT_SD = 0.5 + 0.5 * math.log(2 * math.pi)
_ACTIVATIONS: dict[type[nn.Module], Callable[[Tensor], Tensor]] = {
    nn.Tanh: torch.tanh_,
    nn.ReLU: torch.relu_,
}

_HOOKS = ("_forward_pre_hooks", "_forward_hooks", "_backward_pre_hooks", "_backward_hooks")


class Evaluation(NamedTuple):
    """What a policy makes of observations and of the actions that were taken there."""

    values: Tensor
    """Shape (n, 1)."""
    log_prob: Tensor
    """Log-probabilities of the actions, shape (n,)."""
    entropies: Tensor
    """Shape (n,)."""
    means: Tensor
    """Mean actions, shape (n, n_actions)."""


@dataclass(frozen=True)
class PlainPolicy:
    """Two fully connected networks and a Gaussian; their tensors are those of a policy."""

    acting: tuple[_Layer, ...]
    """Weight and bias of each layer of the network that gives the mean action."""
    valuing: tuple[_Layer, ...]
    """Those of the network that gives the value."""
    activated: Callable[[Tensor], Tensor]
    log_sd: Tensor
    """Logarithm of the standard deviation of each action, shape (n_actions,)."""

    def without_gradients(self) -> "PlainPolicy":
        """The same tensors, through which no gradient flows."""
        acting, valuing = (
            tuple((weight.detach(), bias.detach()) for weight, bias in layers)
            for layers in (self.acting, self.valuing)
        )
        return PlainPolicy(acting, valuing, self.activated, self.log_sd.detach())

    def act(self, observations: Tensor) -> tuple[Array, Tensor, Tensor]:
        """Actions drawn at random, their values, shape (n, 1), and their log-probabilities, (n,).

        Layers, random numbers and long sums are those of torch. What everybody rounds alike numpy
        does, which takes less time for so few numbers. No gradient can flow.
        """
        output = self.means(observations)
        mean, noise = output.numpy(), torch.empty_like(output).normal_().numpy()
        sd, twice_variance, log_sd = _spread(self.log_sd.numpy().tobytes())
        actions = mean + noise * sd
        terms = -((actions - mean) ** 2) / twice_variance - log_sd - _LOG_SQRT_2_PI
        return actions, self.values(observations), torch.from_numpy(terms).sum(dim=1)

    def evaluate(self, observations: Tensor, actions: Tensor) -> Evaluation:
        """What the policy makes of actions that were taken."""
        mean = self.means(observations)
        sd = torch.ones_like(mean) * self.log_sd.exp()  # in rows: gradients are summed last
        terms = -((actions - mean) ** 2) / (2 * sd**2) - sd.log() - _LOG_SQRT_2_PI
        entropies = (_ENTROPY_OF_UNIT_SD + sd.log()).sum(dim=1)
        return Evaluation(self.values(observations), terms.sum(dim=1), entropies, mean)

    def means(self, observations: Tensor) -> Tensor:
        """Mean actions, shape (n, n_actions)."""
        return self._output(self.acting, observations)

    def values(self, observations: Tensor) -> Tensor:
        """Values of observations, shape (n, 1)."""
        return self._output(self.valuing, observations)

    def _output(self, layers: Sequence[_Layer], signal: Tensor) -> Tensor:
        for weight, bias in layers[:-1]:
            signal = self.activated(linear(signal, weight, bias))
        return linear(signal, *layers[-1])


@lru_cache(maxsize=1)
def _spread(log_sd: bytes) -> tuple[Array, Array, Array]:
    """Standard deviation, twice the variance, logarithm; the same at most steps of a rollout."""
    sd = torch.frombuffer(bytearray(log_sd), dtype=torch.float32).exp()
    return sd.numpy(), (2 * sd**2).numpy(), sd.log().numpy()


def plain_policy(policy: ActorCriticPolicy) -> PlainPolicy | None:
    """The networks of a policy of the library; None if it is, or does, anything more."""
    nets = policy.mlp_extractor
    acting, valuing = (*nets.policy_net, policy.action_net), (*nets.value_net, policy.value_net)
    between = {type(one) for one in (*acting[1::2], *valuing[1::2])}
    is_plain = (
        _is_gaussian_of_rows(policy)
        and all(type(one) is nn.Linear for one in (*acting[::2], *valuing[::2]))
        and len(between) == 1
        and between <= set(_ACTIVATIONS)
        and not _has_hooks(policy)
    )
    if not is_plain:
        return None
    return PlainPolicy(
        tuple((layer.weight, layer.bias) for layer in linear_layers(*acting)),
        tuple((layer.weight, layer.bias) for layer in linear_layers(*valuing)),
        activated=_ACTIVATIONS[between.pop()],
        log_sd=policy.log_std,
    )


def acting_policy(policy: NumpyPolicy) -> PlainPolicy:
    """The network by which a policy acts, as tensors of their own; its values are not there.

    Args:
        policy: A policy whose last layer is the action.
    """
    layers = zip(policy.weights, policy.biases, strict=True)
    return PlainPolicy(
        acting=tuple((torch.tensor(weight), torch.tensor(bias)) for weight, bias in layers),
        valuing=(),
        activated=torch.tanh_ if policy.activation == "tanh" else torch.relu_,
        log_sd=torch.zeros(len(policy.low)),
    )


def _is_gaussian_of_rows(policy: ActorCriticPolicy) -> bool:
    """Whether a policy draws a row of numbers from a Gaussian around what a row of numbers gives.

    Its class must be the library's own: one that was derived from it may act otherwise.
    """
    return (
        type(policy) is ActorCriticPolicy
        and type(policy.action_dist) is DiagGaussianDistribution
        and type(policy.features_extractor) is FlattenExtractor
        and type(policy.mlp_extractor) is MlpExtractor
        and policy.device.type == "cpu"
        and _is_row(policy.observation_space)
        and _is_row(policy.action_space)
    )


def _is_row(space: Space[Any]) -> bool:
    return isinstance(space, Box) and len(space.shape) == 1 and space.dtype == np.float32


def _has_hooks(policy: nn.Module) -> bool:
    """Whether somebody listens to the modules, which are not called here."""
    return any(vars(module)[kind] for module in policy.modules() for kind in _HOOKS)
