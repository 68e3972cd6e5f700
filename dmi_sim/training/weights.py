"""Weights of networks, from a model of stable-baselines3 to a policy of ours and back."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dmi_sim.errors import InputError
from dmi_sim.training.policy import Activation, NumpyPolicy, linear_layers, policy_from_torch

if TYPE_CHECKING:
    from stable_baselines3.common.base_class import BaseAlgorithm


def load_weights(target: Any, policy: NumpyPolicy) -> tuple[str, ...]:
    """Set the networks of a policy of stable-baselines3 to those of one of ours.

    Args:
        target: An ``MlpPolicy`` with layers of the same shapes.
        policy: Policy whose weights are taken.

    Returns:
        What the policy does not hold, and what ``target`` therefore begins with, in words.

    Raises:
        InputError: If the layers have other shapes, or the policy squashes its actions.
    """
    import torch

    if policy.output != "clip":
        raise InputError("this policy was trained by SAC or TD3; PPO cannot go on from it")
    net = target.mlp_extractor
    _set_layers(linear_layers(net.policy_net, target.action_net), policy.weights, policy.biases)
    missing: list[str] = []
    if policy.log_std is None:
        std = math.exp(float(target.log_std.detach().mean()))
        missing.append(f"its exploration, which begins at a standard deviation of {std:.2g}")
    else:
        target.log_std.data.copy_(torch.from_numpy(policy.log_std))
    if policy.value_weights:
        layers = linear_layers(net.value_net, target.value_net)
        _set_layers(layers, policy.value_weights, policy.value_biases)
    else:
        missing.append("its estimate of values, which is learnt anew")
    return tuple(missing)


def policy_from_sb3(model: "BaseAlgorithm") -> NumpyPolicy:
    """The policy of a model of stable-baselines3, as plain arrays.

    Args:
        model: PPO, A2C, SAC, TD3 or DDPG with an ``MlpPolicy`` of tanh or ReLU layers.

    Raises:
        InputError: If the model is of another kind; evaluate it as it is.
    """
    from stable_baselines3.common.torch_layers import FlattenExtractor

    policy: Any = model.policy
    kind = type(policy).__module__.removeprefix("stable_baselines3.")
    is_plain = policy.features_extractor_class is FlattenExtractor
    if getattr(model, "use_sde", False) or not is_plain:
        raise InputError("only plain networks can become a bundle; evaluate the model as it is")
    if kind == "common.policies":
        return policy_from_torch(policy, _activation(policy.mlp_extractor.policy_net))
    if kind in ("sac.policies", "td3.policies"):
        return _squashed(policy.actor, model.action_space)
    raise InputError(f"no policy of ours can stand for one of {kind}; evaluate the model as it is")


def _set_layers(
    layers: Sequence[Any], weights: Sequence[np.ndarray], biases: Sequence[np.ndarray]
) -> None:
    import torch

    ours = [weight.shape for weight in weights]
    theirs = [tuple(layer.weight.shape) for layer in layers]
    if ours != theirs:
        raise InputError(f"layers of shapes {ours} in the policy, of {theirs} in the learner")
    for layer, weight, bias in zip(layers, weights, biases, strict=True):
        layer.weight.data.copy_(torch.from_numpy(weight))
        layer.bias.data.copy_(torch.from_numpy(bias))


def _activation(net: Any) -> Activation:
    from torch import nn

    found = {type(one) for one in net.modules()} - {nn.Sequential, nn.Linear}
    names: dict[type, Activation] = {nn.Tanh: "tanh", nn.ReLU: "relu"}
    if len(found) > 1 or not found <= set(names):
        listed = ", ".join(sorted(kind.__name__ for kind in found))
        raise InputError(f"layers of {listed}: only Tanh or ReLU can become a bundle")
    return names[found.pop()] if found else "tanh"


def _squashed(actor: Any, space: Any) -> NumpyPolicy:
    """The mean action of an actor of SAC, or the action of one of TD3."""
    has_trunk = hasattr(actor, "latent_pi")
    parts = (actor.latent_pi, actor.mu) if has_trunk else (actor.mu,)
    layers = linear_layers(*parts)
    hidden = actor.latent_pi if has_trunk else actor.mu[:-1]
    return NumpyPolicy(
        tuple(np.array(layer.weight.detach().numpy(), np.float32) for layer in layers),
        tuple(np.array(layer.bias.detach().numpy(), np.float32) for layer in layers),
        _activation(hidden),
        low=np.array(space.low, np.float32),
        high=np.array(space.high, np.float32),
        output="tanh",
    )
